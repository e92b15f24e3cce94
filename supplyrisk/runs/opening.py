"""Opening a project: config and quarter, the day to look from, its data package and its chain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from supplyrisk.chain import Chain, compose_chains
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.quarters import Quarter, parse_date, parse_quarter
from supplyrisk.runs.config import Config, read_config
from supplyrisk.runs.project import Project, find_project
from supplyrisk.tables.package import DataPackage, open_data

Progress = Callable[[str], None]


def tell_compiling(progress: Progress) -> None:
    """Say that the first run after an installation takes longer, where it will."""
    from supplyrisk.disruption.kernel.draws import compiled_versions  # loads the compiler, which few commands need

    if not compiled_versions():
        progress("compiling the monthly step, once for this installation (half a minute or so)")


def load_config(project: Project, quarter: str | None) -> tuple[Config, Quarter]:
    """Config and quarter, with the option in the place of the config's own."""
    config = read_config(project.config_file)
    return config, parse_quarter(quarter or config.quarter)


def resolve_day(config: Config, quarter: Quarter, as_of: str | None, today: date) -> date:
    """The day to look from: the option, else the config, else the last day of the quarter.

    Raises ``InputError`` for a day that has not come yet.
    """
    text = as_of or config.as_of
    day = quarter.last_day if text is None else parse_date(text, "--as-of")
    if day > today:
        told = f"The quarter {quarter} ends on" if text is None else "The as-of day is"
        raise InputError(
            f"{told} {day}, which has not come yet (today is {today}). Give an earlier quarter or --as-of day."
        )
    return day


def open_project_data(project: Project, config: Config, day: date, names: tuple[str, ...]) -> DataPackage:
    """The data package of a project as known on ``day``."""
    overlay = None if config.overlay is None else project.home / config.overlay
    return open_data(project.data, names, day, config.exclude_sources, overlay)


def open_package(
    folder: Path | None, quarter: str | None, as_of: str | None, names: tuple[str, ...]
) -> tuple[Project, Config, DataPackage]:
    """Project, config and data package of a command, as known on the last day of a quarter or on another day."""
    project = find_project(folder)
    config, named = load_config(project, quarter)
    return project, config, open_project_data(project, config, resolve_day(config, named, as_of, date.today()), names)


def chain_of(project: Project, package: DataPackage) -> Chain:
    """The chain of the project, from models/chains and the recipes known."""
    return compose_chains(
        project.models / "chains", package.frames["recipes"], package.table("products"), package.frames["by_products"]
    )


def check_there(folder: Path | None) -> None:
    """Raise ``InputError`` where a folder that was named does not exist: nothing in it would look like nothing kept."""
    if folder is not None and not folder.is_dir():
        raise InputError(f"--reports: the folder {folder} does not exist.")


def reports_folder(project: Project, config: Config, option: Path | None) -> Path:
    """Where reports go: the option, else the config's folder in the project."""
    return option if option is not None else project.home / config.reports
