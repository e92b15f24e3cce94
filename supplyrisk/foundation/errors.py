"""The error family and the exit codes of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


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

    def retold(self, text: str) -> InputError:
        """The same with more words around it."""
        return InputError(text)


@dataclass(frozen=True)
class NotKnown:
    """Why there is no answer on a day, without language: a word of the catalogues' ``not_known`` and its numbers."""

    reason: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


class NotKnownError(InputError):
    """Something was not known on the as-of day: no mistake, but no answer on that day either.

    ``text`` tells it at the command line; ``why`` is the same for reports in any language.
    """

    def __init__(self, text: str, reason: str, **numbers: Any) -> None:
        super().__init__(text)
        self.why = NotKnown(reason, numbers)

    def retold(self, text: str) -> NotKnownError:
        """The same with more words around it."""
        return NotKnownError(text, self.why.reason, **self.why.numbers)


class CheckFailed(SupplyRiskError):
    """A check ran and did not hold."""

    exit_code = ExitCode.CHECK_FAILED
