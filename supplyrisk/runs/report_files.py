"""Writing a run as the files of a quarterly report, all of them or none."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.network.checks import self_sufficiency_check
from supplyrisk.report.alerts_out import write_alerts
from supplyrisk.report.chosen_outputs import WORKBOOK, ChosenOutputs
from supplyrisk.report.compose import ReportInput, names_in
from supplyrisk.report.folder_tables import write_tables
from supplyrisk.report.issue import Issue
from supplyrisk.report.language_files import write_languages
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.quality_annex import SOURCED
from supplyrisk.report.tables_out import write_scores
from supplyrisk.report.wording import Wording
from supplyrisk.runs.alerts_run import RISK_TABLE, alerts_of_run
from supplyrisk.runs.base_metals_run import melted_tables
from supplyrisk.runs.diff_run import changes_of_run
from supplyrisk.runs.diff_view import change_given
from supplyrisk.runs.import_shifts import import_shifts
from supplyrisk.runs.network_facts import network_row_ids
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.opening import Progress, chain_of, tell_compiling
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.report_tables import report_tables
from supplyrisk.runs.targets_run import TargetsView, targets_view
from supplyrisk.scores.sourcing import moved_far
from supplyrisk.store.alert_log import read_log
from supplyrisk.store.atomic import replace_folder
from supplyrisk.store.history import keep_run, render_manifest

_TABLES = ("countries", "products", "materials", "sources", *SOURCED)


def write_report(project: Project, run: Run, reports: Path, chosen: ChosenOutputs, progress: Progress) -> list[Path]:
    """``reports``/<quarter>/ with the report in each language and format, alerts, tables, figures and manifest.

    The run is kept in the history. Gives the report's documents; with one language they are called report.html and so
    on, with two report_en.html, report_nl.html, and the figures of each have a folder of their own.
    """
    tell_compiling(progress)
    progress("running scenarios and choke points")
    limit = run.thresholds["single_country_share"]
    view = targets_view(run.package, run.scores.table, run.focus, limit, import_shifts(project, run.package))
    network = network_given(run)
    given = report_input(project, run, network, view, reports)
    scores = run.scores.table.drop("is_focus")
    target = reports / str(run.quarter)
    with replace_folder(target) as draft:
        progress("drawing charts and writing documents")
        written = write_languages(given, chosen, draft)
        progress(f"writing {target}")
        write_scores(scores, draft)
        wordings = [Wording(language, names_in(language, given.tables)) for language in chosen.languages]
        write_alerts(given.alerts, str(run.quarter), run.package.as_of, wordings, draft)
        if network.network.products:
            network.network.links.write_parquet(draft / "network_links.parquet")
        issue = Issue(str(run.quarter), run.package.as_of, run.run_id, run.manifest["versions"]["supplyrisk"])
        write_tables(
            report_tables(run, view, network),
            [path for files in written for path in files.figure_data],
            written[0].sources,
            issue,
            draft,
            chosen.appearance.look if WORKBOOK in chosen.formats else None,
        )
        manifest = {**run.manifest, "run_id": run.run_id, "languages": list(chosen.languages)}
        (draft / "manifest.json").write_text(render_manifest(manifest), encoding="utf-8")
    simulated = {} if isinstance(run.risk, NotKnown) else {"forecast": run.risk.forecast, RISK_TABLE: run.risk.products}
    keep_run(reports, run.run_id, scores, run.manifest, simulated)
    return [target / name for files in written for name in files.documents]


def report_input(project: Project, run: Run, network: NetworkGiven, view: TargetsView, reports: Path) -> ReportInput:
    """Everything that a report is made from; what a run has not worked out yet is worked out here."""
    package = run.package
    changed = changes_of_run(run, reports)
    return ReportInput(
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
        network_rows=network_row_ids(package, run.network) | network.told_rows,
        policy={field.name: getattr(view, field.name) for field in fields(view)},
        disruption=run.disruption,
        risk=run.risk,
        measures=run.measures,
        alerts=alerts_of_run(run, view.single_country, read_log(reports)),
        changes=None if changed is None else change_given(changed),
    )


def _outlook_moved(run: NetworkRun) -> tuple[str, ...]:
    """Products of the outlook whose lanes had to move far to fit its year, or the base year they come from."""
    networks = (run.network, run.outlook.centre)
    moved = {product for network in networks for product, flows in network.products.items() if moved_far(flows)}
    return tuple(sorted(moved & set(run.outlook.centre.products)))


def network_given(run: Run) -> NetworkGiven:
    """What the network chapter of a run is made from."""
    return NetworkGiven(
        network=run.network.network,
        bounds=run.network.range.bounds,
        bundles=run.network.bundles,
        values=run.network.values,
        facts=run.facts,
        checks=self_sufficiency_check(run.network.network, run.package.table("parameters")),
        metals=melted_tables(run.project, run.package, run.network, run.focus),
        outlook_moved=_outlook_moved(run.network),
    )
