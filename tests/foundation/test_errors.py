"""Exit codes (design: 0 done, 1 a check did not hold, 2 wrong input or usage)."""

from __future__ import annotations

import pytest

from supplyrisk.foundation.errors import CheckFailed, ExitCode, InputError, SupplyRiskError


@pytest.mark.parametrize(
    ("code", "number"), [(ExitCode.DONE, 0), (ExitCode.CHECK_FAILED, 1), (ExitCode.WRONG_INPUT, 2)]
)
def test_exit_codes_are_those_of_the_command_line(code: ExitCode, number: int) -> None:
    assert int(code) == number


@pytest.mark.parametrize(("error", "number"), [(SupplyRiskError, 2), (InputError, 2), (CheckFailed, 1)])
def test_each_error_carries_its_exit_code(error: type[SupplyRiskError], number: int) -> None:
    assert int(error("x").exit_code) == number
