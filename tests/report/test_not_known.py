"""Why there is no answer on a day: told at the command line by an error, in reports in their language."""

from __future__ import annotations

import re

import pytest

from supplyrisk.foundation.errors import InputError, NotKnown, NotKnownError
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from tests.conftest import ROOT

NAMES = Names({}, {"battery_cell_nmc": "Battery cell, nickel-based"}, {})


def test_a_report_tells_in_its_language_what_the_command_tells_in_english() -> None:
    error = NotKnownError(
        "The output of battery_cell_nmc in 2024 was not known.", "output", product="battery_cell_nmc", year=2024
    )
    assert str(error) == "The output of battery_cell_nmc in 2024 was not known."
    assert Wording("nl", NAMES).not_known(error.why) == (
        "de productie van nikkelhoudende batterijcellen in 2024 was op die dag niet bekend"
    )


def test_more_words_around_an_error_leave_its_reason() -> None:
    retold = NotKnownError("Not known.", "batteries", year=2030).retold("mine.yaml: Not known.")
    assert (str(retold), retold.why) == ("mine.yaml: Not known.", NotKnown("batteries", {"year": 2030}))
    assert type(InputError("Wrong.").retold("mine.yaml: Wrong.")) is InputError


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_the_program_gives_has_words_and_none_is_left_over(language: str) -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "supplyrisk").rglob("*.py"))
    raised = set(re.findall(r'NotKnownError\(\s*(?:f?"[^"]*"\s*)+,\s*"(\w+)"', code))
    given = set(re.findall(r'NotKnown\("(\w+)"', code))
    assert raised | given == set(Wording(language, NAMES).catalogue["not_known"])
