"""From words on the command line to the reports of one or more quarters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.chosen_outputs import chosen_outputs
from supplyrisk.runs.opening import Progress, load_config, reports_folder, resolve_day
from supplyrisk.runs.project import find_project
from supplyrisk.runs.quarterly import compute_run
from supplyrisk.runs.report_files import write_report
from supplyrisk.store.alert_log import read_log
from supplyrisk.store.atomic import check_replaceable


def make_reports(
    folder: Path | None,
    quarters: Sequence[str],
    as_of: str | None,
    reports: Path | None,
    lang: str | None,
    formats: Sequence[str],
    theme: str | None,
    template: Path | None,
    progress: Progress,
) -> Iterator[Path]:
    """Make the report of each quarter in turn, and give its documents as they are there.

    What is not said comes from the config. Raises ``InputError`` for words that are wrong, a template of no use, a
    folder that cannot be written to or a damaged log of alerts, before anything is worked out.
    """
    project = find_project(folder)
    if as_of is not None and len(quarters) > 1:
        raise InputError("--as-of is one day, and several quarters are asked for. Make their reports one by one.")
    chosen = [load_config(project, quarter) for quarter in dict.fromkeys(quarters)] or [load_config(project, None)]
    config = chosen[0][0]
    own = None if config.report.template is None else project.home / config.report.template
    outputs = chosen_outputs(
        lang or config.language, formats or config.report.formats, theme or config.report.theme, template or own
    )
    days = [resolve_day(config, named, as_of, date.today()) for config, named in chosen]
    target = reports_folder(project, config, reports)
    for _, named in chosen:
        check_replaceable(target / str(named))
    read_log(target)
    for (config, named), day in zip(chosen, days, strict=True):
        if len(chosen) > 1:
            progress(f"report of {named}")
        run = compute_run(project, config, named, day, progress)
        yield from write_report(project, run, target, outputs, progress)
