"""The error family and the exit codes of the command line."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns."""

    DONE = 0
    CHECK_FAILED = 1
    WRONG_INPUT = 2


class SupplyRiskError(Exception):
    """Anything the user can mend; shown without traceback unless ``--debug`` is given."""

    exit_code: ExitCode = ExitCode.WRONG_INPUT


class InputError(SupplyRiskError):
    """Wrong input or usage: a file, a table, an option."""


class NotKnownError(InputError):
    """Something was not known on the as-of day: no mistake, but no answer on that day either."""


class CheckFailed(SupplyRiskError):
    """A check ran and did not hold."""

    exit_code = ExitCode.CHECK_FAILED
