"""Alerts of a run and of the command: from a project's scores, tables, simulated risk and log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from supplyrisk.findings.alerts import AlertInput, find_alerts
from supplyrisk.findings.sign_off import acceptances, sign_offs
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.foundation.quarters import Quarter
from supplyrisk.network.places import EU_REGION
from supplyrisk.report.alerts_chapter import AlertsGiven
from supplyrisk.report.compose import names_in
from supplyrisk.report.wording import Wording
from supplyrisk.runs.assumptions import read_thresholds
from supplyrisk.runs.config import Config
from supplyrisk.runs.opening import Progress, load_config, open_project_data, reports_folder, resolve_day
from supplyrisk.runs.project import find_project
from supplyrisk.runs.project_scores import QUERY_TABLES, network_of, score_project
from supplyrisk.runs.scoring import alert_regions, eu_members, regions_of
from supplyrisk.runs.targets_run import targets_view
from supplyrisk.store.alert_log import Acceptance, append_log, read_log
from supplyrisk.store.history import kept_table
from supplyrisk.tables.package import DataPackage

if TYPE_CHECKING:
    from supplyrisk.runs.quarterly import Run

TABLES = (*dict.fromkeys((*QUERY_TABLES, "prices", "sources")),)
RISK_TABLE = "risk_products"
"""Simulated risk of products among the tables that are kept of a run."""
NO_KEPT_RUN = "no_kept_run"
_NAMED = ("countries", "products", "materials", "sources")


def alerts_of_run(run: Run, single_country: pl.DataFrame, log: Sequence[Acceptance]) -> AlertsGiven:
    """Alerts of a whole run, with its own simulation."""
    risk = run.risk if isinstance(run.risk, NotKnown) else run.risk.products
    return _given(
        run.quarter, run.config, run.package, run.thresholds, run.scores.table, single_country, (risk, None), log
    )


@dataclass(frozen=True)
class AlertsView:
    """Alerts of a quarter as a command shows them, and the folder whose log was read."""

    quarter: Quarter
    as_of: date
    given: AlertsGiven
    wording: Wording
    reports: Path


def alerts_of(
    folder: Path | None, quarter: str | None, as_of: str | None, reports: Path | None, today: date, progress: Progress
) -> AlertsView:
    """Alerts of a project without a whole run: expected shortfall is that of the run of the quarter kept last.

    Raises ``InputError`` for a damaged log before anything is worked out.
    """
    project = find_project(folder)
    config, named = load_config(project, quarter)
    target = reports_folder(project, config, reports)
    log = read_log(target)
    package = open_project_data(project, config, resolve_day(config, named, as_of, today), TABLES)
    focus = [region.code for region in regions_of(package, config.focus)]
    alert_regions(package, config.focus, config.alerts.regions)
    thresholds = read_thresholds(project.models / "assumptions" / "thresholds.yaml")
    progress("scoring")
    scores = score_project(project, config, package, network_of(project, config, package)).table
    single = targets_view(package, scores, focus, thresholds["single_country_share"]).single_country
    kept = kept_table(target, str(named), package.as_of, RISK_TABLE)
    risk = (NO_KEPT_RUN, None) if kept is None else (kept[1], kept[0])
    given = _given(named, config, package, thresholds, scores, single, risk, log)
    wording = Wording(config.language, names_in(config.language, {name: package.table(name) for name in _NAMED}))
    return AlertsView(named, package.as_of, given, wording, target)


def accept_alerts(
    view: AlertsView, alert_ids: Sequence[str], owner: str, note: str, day: date
) -> tuple[tuple[Acceptance, ...], Path]:
    """Write into the log that ``owner`` accepts these alerts; gives the lines and the file.

    Raises ``InputError`` with everything that is wrong; nothing is written then.
    """
    given = view.given
    accepted = acceptances(given.found, given.sign_offs, alert_ids, owner, note, day, str(view.quarter))
    return accepted, append_log(view.reports, accepted)


def log_of(folder: Path | None, reports: Path | None) -> pl.DataFrame:
    """The log of a project as a table, in the order of the file."""
    project = find_project(folder)
    config, _ = load_config(project, None)
    lines = read_log(reports_folder(project, config, reports))
    schema = {
        "alert_id": pl.String,
        "owner": pl.String,
        "day": pl.Date,
        "quarter": pl.String,
        "value": pl.Float64,
        "note": pl.String,
    }
    return pl.DataFrame([line.model_dump() for line in lines], schema=schema)


def _given(
    quarter: Quarter,
    config: Config,
    package: DataPackage,
    lines: Mapping[str, float],
    scores: pl.DataFrame,
    single_country: pl.DataFrame,
    risk: tuple[pl.DataFrame | str | NotKnown, str | None],
    log: Sequence[Acceptance],
) -> AlertsGiven:
    focus = [region.code for region in regions_of(package, config.focus)]
    found = find_alerts(
        AlertInput(
            quarter=quarter,
            as_of=package.as_of,
            regions=alert_regions(package, config.focus, config.alerts.regions),
            buyers={EU_REGION, *eu_members(package), *focus},
            lines=lines,
            scores=scores,
            single_country=single_country,
            known_from=_known_days(package),
            restrictions=package.table("export_restrictions"),
            prices=package.table("prices"),
            products=package.table("products"),
            risk=risk[0],
            risk_run=risk[1],
        ),
        config.alerts,
    )
    signed = sign_offs(found.alerts, log, config.alerts.reopen_change)
    return AlertsGiven(found, signed, config.alerts.shown)


def _known_days(package: DataPackage) -> dict[str, date]:
    """First day on which each row of the fact tables was public, by its id."""
    facts = [name for name in package.frames if package.contracts[name].is_fact]
    return {
        row_id: day for name in facts for row_id, day in package.frames[name].select("row_id", "known_from").iter_rows()
    }
