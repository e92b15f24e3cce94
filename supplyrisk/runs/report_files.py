"""Writing a run as the files of a quarterly report, all of them or none."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from supplyrisk.network.checks import self_sufficiency_check
from supplyrisk.report.alerts_out import write_alerts
from supplyrisk.report.compose import ReportInput, compose_report, names_in
from supplyrisk.report.folder_tables import write_tables
from supplyrisk.report.html import render_html
from supplyrisk.report.issue import Issue
from supplyrisk.report.look import look_named
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.outline import outline
from supplyrisk.report.quality_annex import SOURCED
from supplyrisk.report.tables_out import write_scores
from supplyrisk.report.wording import Wording
from supplyrisk.runs.alerts_run import RISK_TABLE, alerts_of_run
from supplyrisk.runs.network_facts import network_row_ids
from supplyrisk.runs.opening import Progress, chain_of, tell_compiling
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.report_tables import report_tables
from supplyrisk.runs.targets_run import targets_view
from supplyrisk.store.alert_log import read_log
from supplyrisk.store.atomic import replace_folder
from supplyrisk.store.history import keep_run, render_manifest

_TABLES = ("countries", "products", "materials", "sources", *SOURCED)


def write_report(project: Project, run: Run, reports: Path, language: str, progress: Progress) -> Path:
    """``reports``/<quarter>/ with report.html, alerts, tables, figures and manifest; the run is kept in the history.

    Gives the folder.
    """
    package = run.package
    log = read_log(reports)
    network = network_given(run)
    tell_compiling(progress)
    progress("running scenarios and choke points")
    disruption = run.disruption
    risk, measures = run.risk, run.measures
    view = targets_view(package, run.scores.table, run.focus, run.thresholds["single_country_share"])
    policy = {field.name: getattr(view, field.name) for field in fields(view)}
    alerts = alerts_of_run(run, view.single_country, log)
    given = ReportInput(
        quarter=str(run.quarter),
        as_of=package.as_of,
        run=run.run_id,
        scores=run.scores.table,
        production=run.scores.production,
        tables={name: package.table(name) for name in _TABLES},
        findings=run.findings,
        chain=chain_of(project, package),
        focus=run.focus,
        lines=run.thresholds,
        ranked_products=run.config.report.ranked_products,
        trend_products=run.config.report.trend_products,
        network=network,
        network_rows=network_row_ids(package, run.network),
        policy=policy,
        disruption=disruption,
        risk=risk,
        measures=measures,
        alerts=alerts,
    )
    progress("drawing charts and writing sentences")
    content = compose_report(given, language)
    scores = run.scores.table.drop("is_focus")
    target = reports / str(run.quarter)
    progress(f"writing {target}")
    with replace_folder(target) as draft:
        (draft / "report.html").write_text(render_html(outline(content), look_named("neutral")), encoding="utf-8")
        write_scores(scores, draft)
        wording = Wording(language, names_in(language, given.tables))
        write_alerts(alerts, str(run.quarter), package.as_of, wording, draft)
        if network.network.products:
            network.network.links.write_parquet(draft / "network_links.parquet")
        issue = Issue(str(run.quarter), package.as_of, run.run_id, run.manifest["versions"]["supplyrisk"])
        write_tables(report_tables(run, view, network), content.figures, content.sources, issue, draft)
        (draft / "manifest.json").write_text(
            render_manifest({**run.manifest, "run_id": run.run_id, "language": language}), encoding="utf-8"
        )
    simulated = {} if isinstance(risk, str) else {"forecast": risk.forecast, RISK_TABLE: risk.products}
    keep_run(reports, run.run_id, scores, run.manifest, simulated)
    return target


def network_given(run: Run) -> NetworkGiven:
    """What the network chapter of a run is made from."""
    return NetworkGiven(
        network=run.network.network,
        bounds=run.network.range.bounds,
        bundles=run.network.bundles,
        values=run.network.values,
        facts=run.facts,
        checks=self_sufficiency_check(run.network.network, run.package.table("parameters")),
    )
