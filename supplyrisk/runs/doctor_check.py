"""A check of `supplyrisk doctor`: what was found, how bad it is, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.assumptions import DoctorLimits
from supplyrisk.runs.config import Config
from supplyrisk.runs.project import Project
from supplyrisk.tables.checks import CheckedData
from supplyrisk.tables.package import DataPackage


class Verdict(StrEnum):
    """How a check ended, from good to bad; a fault keeps a report from being made, or makes it wrong."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Check:
    """One check. ``mend``: what to do, empty where nothing is to be done; ``details``: everything behind it."""

    check_id: str
    found: str
    verdict: Verdict = Verdict.OK
    mend: str = ""
    details: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True)
class Examined:
    """What is examined: a project as known on a day, as far as it can be read.

    ``folder``: as given with --project; ``config``: a stand-in where ``config_problems`` keep it from being read;
    ``overlay``: None also where the folder is not there; ``limits``: or why they cannot be read.
    """

    folder: Path | None
    project: Project
    quarter: str
    day: date
    config: Config
    config_problems: tuple[str, ...]
    overlay: Path | None
    data: CheckedData
    limits: DoctorLimits | InputError

    @property
    def package(self) -> DataPackage:
        """The tables that could be read, as known on the day."""
        excluded = frozenset(self.config.exclude_sources)
        return DataPackage(self.project.data, self.data.contracts, self.data.frames, self.day, excluded, self.overlay)

    def lines(self) -> DoctorLimits:
        """The limits. Raises the ``InputError`` of reading them."""
        if isinstance(self.limits, InputError):
            raise self.limits
        return self.limits


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; ok of none."""
    return max(verdicts, key=list(Verdict).index, default=Verdict.OK)


def problem_lines(error: Exception) -> tuple[str, ...]:
    """Problems that an error tells, a line each, without the heading that only counts them."""
    head, *rest = str(error).splitlines()
    return tuple(line.strip() for line in rest) or (head,)


def told_problems(check_id: str, sound: str, problems: Iterable[str], mend: str) -> Check:
    """A fault with the first problem in its text and all of them in its details; ``sound`` where there is none."""
    lines = tuple(problems)
    if not lines:
        return Check(check_id, sound)
    found = lines[0] if len(lines) == 1 else f"{len(lines)} problems, the first: {lines[0]}"
    return Check(check_id, found, Verdict.FAULT, mend, tuple({"problem": line} for line in lines))


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 table, 2 tables."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
