"""Options that a command would take no notice of are refused before anything is worked out."""

from __future__ import annotations

import pytest

from supplyrisk.foundation.errors import ExitCode
from tests.cli.test_commands import call


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("graph", "--metals", "summary", "--product", "cobalt_mine", "--from", "COD", "--export", "network.json"),
            "--metals summary does not use --product, --from, --export: leave them out.",
        ),
        (
            ("graph", "--metals", "summary", "--country", "NLD"),
            "--metals summary does not use --country: leave it out.",
        ),
        (("graph", "--metals", "origin", "--count", "20"), "--metals origin does not use --count: leave it out."),
        (("graph", "--metals", "scrap", "--focus", "NLD"), "--metals scrap does not use --focus: leave it out."),
        (("graph", "--metals", "summary", "--focus", "EU27", "--to", "NLD"), "name two regions"),
        (("score", "--metric", "hhi", "--weights", "hhi_governance=2"), "add --metric headline_index"),
        (("score", "--material", "lithium", "--weights", "hhi_governance=2"), "add --metric headline_index"),
        (
            ("mitigate", "--value-path", "--leader-draws", "200"),
            "--value-path does not use --leader-draws: leave it out.",
        ),
        (("mitigate", "--value-path", "--draws", "200"), "--value-path --view path does not use --draws"),
        (("mitigate", "--recycling", "--focus", "NLD"), "--recycling does not use --focus: leave it out."),
        (("mitigate", "--demand", "--leader-draws", "200"), "--demand does not use --leader-draws: leave it out."),
        (
            ("mitigate", "--view", "headline-scores", "--draws", "200", "--seed", "2"),
            "--view headline-scores does not use --draws, --seed: leave them out.",
        ),
        (
            ("mitigate", "--view", "compliance", "--focus", "NLD"),
            "--view compliance does not use --focus: leave it out.",
        ),
        (("targets", "--view", "imports", "--region", "NLD"), "--view imports is about the EU as a whole"),
        (("targets", "--view", "projects", "--region", "NLD"), "leave out --region"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(*words) == ExitCode.WRONG_INPUT
    assert told in " ".join(capsys.readouterr().err.split())
