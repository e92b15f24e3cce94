"""The log of alerts that were accepted: ``<reports>/alerts_log.jsonl``, a line each, only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.problems import ProblemCollector

LOG = "alerts_log.jsonl"


class Acceptance(BaseModel):
    """Who took which alert for known, on which day, and the value that it had then."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)

    alert_id: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    day: date
    quarter: str = Field(min_length=1)
    value: float | None = Field(allow_inf_nan=False)
    note: str = ""


def read_log(reports: Path) -> tuple[Acceptance, ...]:
    """All acceptances in the order of the file; none where there is no file yet.

    Raises ``InputError`` with every damaged line.
    """
    collector = ProblemCollector()
    found = []
    for number, line in enumerate(_content(reports).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Acceptance.model_validate_json(line))
        except ValidationError as error:
            for detail in error.errors():
                key = ".".join(str(part) for part in detail["loc"])
                where = f"line {number}, {key}" if key else f"line {number}"
                collector.add(file=str(reports / LOG), where=where, message=detail["msg"], mend=_MEND)
    collector.raise_if_any("The log of accepted alerts cannot be read")
    return tuple(found)


_MEND = "Mend the line, or take it out: its alert is open again then."


def append_log(reports: Path, accepted: Sequence[Acceptance]) -> Path:
    """Add lines to the log, all or none; what stood there stays byte by byte. Gives its path.

    Raises ``InputError`` where the log is damaged or nothing can be written.
    """
    read_log(reports)
    before = _content(reports)
    lines = "".join(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) + "\n" for one in accepted)
    try:
        reports.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {reports} cannot be made ({error.strerror}). Give another one with --reports."
        ) from error
    path = reports / LOG
    text = ("\n" if before and not before.endswith("\n") else "") + lines
    try:
        # One write at the end of the file: two people who accept at once both keep their lines.
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)
    except OSError as error:
        raise InputError(
            f"Nothing can be written to {path} ({error.strerror}). "
            "Give another folder with --reports or mend its rights."
        ) from error
    return path


def _content(reports: Path) -> str:
    path = reports / LOG
    try:
        return path.read_bytes().decode()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the file cannot be read as UTF-8 text ({error}).") from error
