"""Checks of folders: where reports go, where results are kept, and the rows of one's own."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.doctor_check import Check, Examined, Verdict, counted
from supplyrisk.runs.opening import reports_folder
from supplyrisk.store.alert_log import read_log
from supplyrisk.store.atomic import check_replaceable
from supplyrisk.store.history import kept_runs
from supplyrisk.store.kept import kept_folder

_MEGABYTE = 1_000_000


def check_reports(examined: Examined) -> Check:
    """The folder of reports: can it be written to, and is there space. Nothing is left behind."""
    folder = reports_folder(examined.project, examined.config, None).absolute()
    try:
        check_replaceable(folder / examined.quarter)
        read_log(folder)
        kept_runs(folder)
    except InputError as error:
        mend = "Mend what is told, or give another folder as `reports:` in the config or with --reports."
        return Check("reports", str(error).partition(". ")[0], Verdict.FAULT, mend, ({"folder": str(folder)},))
    free = shutil.disk_usage(_nearest(folder)).free / _MEGABYTE
    found = f"{folder} can be written to, {_size(free)} free"
    details = ({"folder": str(folder), "free_megabytes": round(free)},)
    limit = examined.lines().free_megabytes
    if free >= limit.warning:
        return Check("reports", found, details=details)
    verdict = Verdict.FAULT if free < limit.fault else Verdict.WARNING
    return Check("reports", found, verdict, "Make room on the disk, or send reports elsewhere with --reports.", details)


def check_kept(_: Examined) -> Check:
    """The folder of results kept between commands. It only ever saves time, so nothing about it is a fault."""
    folder = kept_folder()
    try:
        files = [file for file in folder.glob("*.pickle") if file.is_file()]
        size = sum(file.stat().st_size for file in files) / _MEGABYTE
        check_replaceable(folder / "probe")
    except (InputError, OSError):
        mend = "Name another folder in SUPPLYRISK_CACHE; until then every command builds its graphs anew."
        return Check("kept", f"nothing can be kept in {folder}", Verdict.WARNING, mend, ({"folder": str(folder)},))
    found = f"{counted(len(files), 'result')} kept in {folder}, {_size(size)}" if files else f"nothing yet in {folder}"
    return Check("kept", found, details=({"folder": str(folder), "files": len(files), "megabytes": round(size, 1)},))


def check_overlay(examined: Examined) -> Check:
    """The folder with rows of one's own: there, readable, and nothing in it that is passed over without a word."""
    if examined.config.overlay is None:
        return Check("overlay", "none: the data package is used as it is")
    folder = (examined.project.home / examined.config.overlay).absolute()
    details: tuple[dict[str, object], ...] = ({"folder": str(folder)},)
    if not folder.is_dir():
        mend = "Make the folder, mend `overlay:` in the config, or set it to null."
        return Check("overlay", f"{folder} does not exist", Verdict.FAULT, mend, details)
    if not os.access(folder, os.R_OK | os.X_OK):
        return Check("overlay", f"{folder} cannot be read", Verdict.FAULT, "Mend the rights of the folder.", details)
    tables = {contract.file: name for name, contract in examined.data.contracts.items()}
    files = sorted(path.name for path in folder.glob("*.csv"))
    ours, others = [file for file in files if file in tables], [file for file in files if file not in tables]
    details += tuple({"file": file, "rows": _rows(folder / file), "table": tables.get(file)} for file in files)
    found = f"{folder}: " + (
        ", ".join(f"{tables[file]} ({counted(_rows(folder / file), 'row')})" for file in ours) or "no table"
    )
    if others and tables:
        passed = ", ".join(others)
        mend = f"Rename or remove it. {did_you_mean(others[0], tables)}"
        return Check(
            "overlay", f"{found}; not read, since no table has its name: {passed}", Verdict.WARNING, mend, details
        )
    return Check("overlay", found, details=details)


def _rows(path: Path) -> int:
    """Lines of a file below its head."""
    return max(len([line for line in path.read_bytes().splitlines() if line.strip()]) - 1, 0)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _size(megabytes: float) -> str:
    return f"{megabytes / 1000:,.1f} GB" if megabytes >= 1000 else f"{megabytes:,.0f} MB"
