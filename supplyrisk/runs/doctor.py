"""`supplyrisk doctor`: is this installation, with its data, fit to make a report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from supplyrisk.foundation.errors import CheckFailed, InputError, SupplyRiskError
from supplyrisk.foundation.problems import Problem
from supplyrisk.foundation.quarters import parse_quarter
from supplyrisk.runs.assumptions import DoctorLimits, read_doctor_limits
from supplyrisk.runs.config import Config, read_config
from supplyrisk.runs.doctor_check import Check, Examined, Verdict, counted, problem_lines
from supplyrisk.runs.doctor_data import (
    check_age_of_output,
    check_age_of_tables,
    check_data,
    check_editions,
    check_licences,
    check_news,
    check_release,
)
from supplyrisk.runs.doctor_folders import check_kept, check_overlay, check_reports
from supplyrisk.runs.doctor_installation import check_compiled, check_fonts, check_libraries, check_versions
from supplyrisk.runs.doctor_models import MODEL_TABLES, check_config, check_fits, check_models
from supplyrisk.runs.hazard_run import TABLES as HAZARD_TABLES
from supplyrisk.runs.opening import Progress, resolve_day
from supplyrisk.runs.project import Project, find_project
from supplyrisk.tables.checks import CheckedData, read_and_check

_OUTPUT = ("production", "edition_choice", "products", "sources")

_CHECKS: tuple[tuple[str, Callable[[Examined], Check], tuple[str, ...]], ...] = (
    ("versions", check_versions, ()),
    ("libraries", check_libraries, ()),
    ("fonts", check_fonts, ()),
    ("compiled", check_compiled, ()),
    ("kept", check_kept, ()),
    ("reports", check_reports, ()),
    ("config", check_config, ()),
    ("overlay", check_overlay, ()),
    ("data", check_data, ()),
    ("release", check_release, ()),
    ("editions", check_editions, _OUTPUT),
    ("age_of_output", check_age_of_output, _OUTPUT),
    ("age_of_tables", check_age_of_tables, ("sources",)),
    ("news", check_news, ("events", "export_restrictions", "sources")),
    ("licences", check_licences, ("sources",)),
    ("models", check_models, MODEL_TABLES),
    ("fits", check_fits, HAZARD_TABLES),
)
"""Every check with its id and the tables it cannot do without."""


@dataclass(frozen=True)
class Examination:
    """A project as known on a day, and what the checks of it found."""

    config_file: Path
    quarter: str
    day: date
    checks: tuple[Check, ...]

    @property
    def faults(self) -> tuple[str, ...]:
        """Ids of the checks that found a fault."""
        return tuple(check.check_id for check in self.checks if check.verdict is Verdict.FAULT)

    def as_text(self) -> str:
        """A line for each check, and where something is to be done another with how."""
        width = max(len(check.check_id) for check in self.checks)
        lines = [f"{self.quarter}, as known on {self.day}"]
        for check in self.checks:
            lines.append(f"{check.verdict:<8} {check.check_id:<{width}}  {check.found}")
            if check.mend:
                lines.append(f"{'':<8} {'':<{width}}  → {check.mend}")
        counts = {verdict: sum(check.verdict is verdict for check in self.checks) for verdict in reversed(Verdict)}
        told = ", ".join(
            counted(number, str(verdict)) for verdict, number in counts.items() if verdict is not Verdict.OK
        )
        fit = "A report cannot be relied on" if self.faults else "Fit to make a report"
        return "\n".join([*lines, f"{fit}: {told}."]) + "\n"

    def as_json(self) -> str:
        """Everything, with the details behind each check."""
        record = {
            "config": str(self.config_file),
            "quarter": self.quarter,
            "as_of": self.day.isoformat(),
            "fit": not self.faults,
            "checks": [asdict(check) for check in self.checks],
        }
        return json.dumps(record, ensure_ascii=False, indent=1, default=str) + "\n"

    def raise_if_faulty(self) -> None:
        """Raise ``CheckFailed`` where a check found a fault."""
        if self.faults:
            faults = counted(len(self.faults), "fault")
            raise CheckFailed(
                f"doctor found {faults} in {counted(len(self.checks), 'check')}: {', '.join(self.faults)}."
            )


def examine(
    folder: Path | None, quarter: str | None, as_of: str | None, today: date, progress: Progress
) -> Examination:
    """Every check of a project. A broken config or table is a fault of its check, and the others go on.

    Raises ``InputError`` for a project, quarter or day on the command line that there is not.
    """
    project = find_project(folder)
    config, problems = _config(project, quarter, today)
    day = today
    try:
        day = resolve_day(config, parse_quarter(quarter or config.quarter), as_of, today)
    except InputError as error:
        if as_of is not None or (quarter is not None and config.as_of is None):
            raise
        problems = (*problems, *problem_lines(error))
    overlay = None if config.overlay is None else project.home / config.overlay
    overlay = overlay if overlay is not None and overlay.is_dir() else None
    progress("reading the data package")
    data, limits = _data(project, overlay), _limits(project)
    examined = Examined(folder, project, quarter or config.quarter, day, config, problems, overlay, data, limits)
    progress("checking")
    checks = tuple(_run(examined, *check) for check in _CHECKS)
    return Examination(project.config_file, examined.quarter, day, checks)


def _config(project: Project, quarter: str | None, today: date) -> tuple[Config, tuple[str, ...]]:
    """The config, or one that stands in for it with why it cannot be read."""
    try:
        return read_config(project.config_file), ()
    except InputError as error:
        this_quarter = f"{today.year}Q{(today.month + 2) // 3}"
        as_of = None if quarter else today.isoformat()
        return Config(quarter=this_quarter, as_of=as_of, focus=("EU27",), seed=0), problem_lines(error)


def _data(project: Project, overlay: Path | None) -> CheckedData:
    try:
        return read_and_check(project.data, overlay)
    except InputError as error:
        return CheckedData({}, {}, tuple(Problem("", "", line, "") for line in problem_lines(error)))


def _limits(project: Project) -> DoctorLimits | InputError:
    try:
        return read_doctor_limits(project.models / "assumptions" / "doctor.yaml")
    except InputError as error:
        return error


def _run(examined: Examined, check_id: str, check: Callable[[Examined], Check], tables: tuple[str, ...]) -> Check:
    """A check, or the fault that it could not be made."""
    missing = [name for name in tables if name not in examined.data.frames]
    if missing:
        found = f"cannot be told: {', '.join(missing)} cannot be read"
        return Check(check_id, found, Verdict.FAULT, "Mend what the check `data` tells.")
    try:
        return check(examined)
    except SupplyRiskError as error:
        lines = problem_lines(error)
        details = tuple({"problem": line} for line in lines)
        return Check(check_id, f"cannot be told: {lines[0]}", Verdict.FAULT, "Mend what is told here.", details)
    except Exception as error:
        found = f"cannot be told ({type(error).__name__}: {error})"
        mend = "Mend the other faults first. If there is none, this is a fault of the program: please report it."
        return Check(check_id, found, Verdict.FAULT, mend)
