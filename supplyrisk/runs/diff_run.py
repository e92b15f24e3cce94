"""Comparing two quarters: what the older report printed, and both days with today's program, models and data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from supplyrisk.findings.change import change_findings
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.quarters import Quarter, parse_quarter
from supplyrisk.runs.assumptions import read_quality_widths, read_trend_rules
from supplyrisk.runs.config import Config
from supplyrisk.runs.criticality_run import live_scores
from supplyrisk.runs.live_inputs import live_inputs
from supplyrisk.runs.network_facts import network_row_ids
from supplyrisk.runs.opening import Progress, open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import QUERY_TABLES, network_of, score_project
from supplyrisk.runs.scoring import Scores, series_of, world_rows
from supplyrisk.scores.change import ChangeClass, Compared, changes
from supplyrisk.scores.change_inputs import InputFacts
from supplyrisk.scores.metrics import METRICS, NETWORK_METRICS
from supplyrisk.scores.table import ScoreRow, score_table
from supplyrisk.scores.trend import TREND, trend_rows
from supplyrisk.store.history import chosen_run, kept_runs, kept_scores
from supplyrisk.tables.package import DataPackage

if TYPE_CHECKING:
    from supplyrisk.runs.network_run import NetworkRun
    from supplyrisk.runs.quarterly import Run

_SETTINGS = ("seed", "draws", "exclude_sources", "overlay", "focus")
"""Settings of a run that change its scores."""


@dataclass(frozen=True)
class DiffRequest:
    """Two quarters and the kept runs that stand for them, checked; ``day_after``: where the newer one's is given."""

    before: Quarter
    after: Quarter
    metrics: tuple[str, ...]
    runs: tuple[dict[str, Any] | None, dict[str, Any] | None]
    kept: tuple[pl.DataFrame | None, pl.DataFrame | None]
    alternatives: tuple[str, ...]
    day_after: date | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The day that each quarter is looked at from: the one given, that of its kept run, else its last."""
        first, second = (
            quarter.last_day if run is None else date.fromisoformat(run["as_of"])
            for quarter, run in zip((self.before, self.after), self.runs, strict=True)
        )
        return first, self.day_after or second


@dataclass(frozen=True)
class QuarterDiff:
    """Changes between two quarters (scores.change) with the findings on them and what they rest on.

    ``other_settings``: settings in which the kept older run differs from today's config; ``printed_otherwise``: number
    of scores that the kept newer report printed otherwise than today's result, None where it was not kept.
    """

    asked: DiffRequest
    changes: pl.DataFrame
    findings: tuple[Finding, ...]
    other_settings: tuple[str, ...]
    printed_otherwise: int | None
    tables: dict[str, pl.DataFrame]


def ask_diff(
    before: str, after: str, metrics: Sequence[str], reports: Path, today: date, run: str | None = None
) -> DiffRequest:
    """The quarters and metrics asked for, and the kept runs.

    ``run``: the kept run that stands for the older quarter. Raises ``InputError`` with everything that is wrong:
    quarters that are none, equal, in the wrong order or not over yet, metrics that are unknown, damaged kept runs.
    """
    collector = ProblemCollector()
    quarters = [_quarter(text, collector) for text in (before, after)]
    collector.note_unknown(metrics, METRICS, "a metric", file="--metric")
    first, second = quarters
    if first is not None and second is not None:
        if first == second:
            collector.add(
                file="quarters", message=f"{first} is given twice", mend="Give the older quarter, then the newer one."
            )
        elif first > second:
            collector.add(
                file="quarters",
                message=f"{first} is later than {second}",
                mend=f"Give the older one first: supplyrisk diff {second} {first}.",
            )
    found = [None if quarter is None else chosen_run(reports, str(quarter)) for quarter in quarters]
    for quarter, kept in zip(quarters, found, strict=True):
        if quarter is not None and kept is None and quarter.last_day > today:
            collector.add(
                file="quarters",
                message=f"{quarter} ends on {quarter.last_day}, which has not come yet (today is {today})",
                mend="Give an earlier quarter, or make its report with --as-of first.",
            )
    collector.raise_if_any("The quarters cannot be compared")
    assert first is not None
    assert second is not None
    older = chosen_run(reports, str(first), run)
    runs = (older, found[1])
    kept_tables = [None if one is None else kept_scores(reports, one["run_id"]) for one in runs]
    others = [one["run_id"] for one in kept_runs(reports, str(first)) if older is None or one != older]
    return DiffRequest(first, second, tuple(metrics), runs, (kept_tables[0], kept_tables[1]), tuple(others))


def _quarter(text: str, collector: ProblemCollector) -> Quarter | None:
    try:
        return parse_quarter(text)
    except InputError as error:
        collector.add(file="quarters", message=str(error))
        return None


def quarter_diff(project: Project, config: Config, asked: DiffRequest, progress: Progress) -> QuarterDiff:
    """The comparison; the network of each day is built only where a metric asked for rests on it."""
    progress("reading the data package")
    package = open_project_data(project, config, asked.days[1], QUERY_TABLES)
    with_network = not asked.metrics or any(metric in NETWORK_METRICS for metric in asked.metrics)
    sides = []
    for quarter, day in zip((asked.before, asked.after), asked.days, strict=True):
        progress(f"scoring {quarter} as known on {day}")
        sides.append(_side(project, config, replace(package, as_of=day), with_network))
    progress("comparing")
    return _compare(project, config, asked, sides[0], sides[1])


def changes_of_run(run: Run, reports: Path) -> QuarterDiff | None:
    """What changed since the report of the quarter before, of which only the scores are worked out anew.

    None where that report is not kept, as then nobody has read it.
    """
    quarter = run.quarter.back(1)
    kept = chosen_run(reports, str(quarter))
    if kept is None:
        return None
    others = tuple(one["run_id"] for one in kept_runs(reports, str(quarter)) if one != kept)
    printed = kept_scores(reports, kept["run_id"])
    asked = DiffRequest(quarter, run.quarter, (), (kept, None), (printed, None), others, run.package.as_of)
    run.progress(f"scoring {quarter} again, to tell what changed since")
    older = _side(run.project, run.config, replace(run.package, as_of=asked.days[0]), with_network=True)
    scores = Scores(run.scores.table.drop("is_focus"), run.scores.production)
    newer = _Side(run.package, scores, run.network, _network_rows(run.package, run.network))
    return _compare(run.project, run.config, asked, older, newer)


def _compare(project: Project, config: Config, asked: DiffRequest, older: _Side, newer: _Side) -> QuarterDiff:
    package = newer.package
    wanted = list(asked.metrics or METRICS)

    def chosen(table: pl.DataFrame) -> pl.DataFrame:
        return table.filter(pl.col("metric").is_in(wanted))

    settings = [None if run is None else run["config"] for run in asked.runs]
    facts = InputFacts(_row_facts(package), older.network_rows, newer.network_rows)
    printed_before, printed_after = (None if table is None else chosen(table) for table in asked.kept)
    before, after = chosen(older.scores.table), chosen(newer.scores.table)
    found = changes(
        Compared(
            printed_before,
            before,
            after,
            chosen(_older_year(project, config, newer, older)),
            chosen(_older_events(project, config, newer, asked.days[0])),
            facts,
            (config.draws if settings[0] is None else int(settings[0]["draws"]), config.draws),
        )
    )
    today = config.model_dump(mode="json")
    return QuarterDiff(
        asked,
        found,
        tuple(change_findings(found, str(asked.before), str(asked.after), printed_before is not None)),
        tuple(name for name in _SETTINGS if settings[0] is not None and settings[0].get(name) != today[name]),
        None if printed_after is None else _printed_otherwise(printed_after, after, facts, config.draws),
        {name: package.table(name) for name in ("countries", "products", "materials", "sources")},
    )


@dataclass(frozen=True)
class _Side:
    """One quarter as today's program gives it."""

    package: DataPackage
    scores: Scores
    network: NetworkRun | None
    network_rows: frozenset[str]


def _side(project: Project, config: Config, package: DataPackage, with_network: bool) -> _Side:
    network = network_of(project, config, package) if with_network else None
    scores = score_project(project, config, package, network)
    return _Side(package, scores, network, frozenset() if network is None else _network_rows(package, network))


def _network_rows(package: DataPackage, network: NetworkRun) -> frozenset[str]:
    """Rows known on the day that the network rested on."""
    found = {row for flows in network.network.products.values() for row in flows.input_row_ids}
    return network_row_ids(package, network) | found | set(network.value_row_ids)


def _row_facts(package: DataPackage) -> pl.DataFrame:
    """Table, product and year of every row of the package that has an id."""
    parts = []
    for name, frame in sorted(package.frames.items()):
        if "row_id" not in frame.columns:
            continue
        nothing = pl.lit(None)
        subject = pl.col("product_id") if "product_id" in frame.columns else nothing
        year = pl.col("year") if "year" in frame.columns else nothing
        parts.append(
            frame.select(
                "row_id",
                pl.lit(name).alias("table"),
                subject.cast(pl.String).alias("subject"),
                year.cast(pl.Int64).alias("year"),
            )
        )
    return pl.concat(parts)


def _older_year(project: Project, config: Config, newer: _Side, older: _Side) -> pl.DataFrame:
    """Scores of the older quarter's year from the newer quarter's edition, where the years differ and it holds it."""
    package, rows = newer.package, list(_world_of_older_year(project, config, newer, older))
    rules = read_trend_rules(project.models / "assumptions" / "trend.yaml")
    trends = older.scores.table.filter(pl.col("metric") == TREND)
    ends = dict(trends.select("product_id", "year").iter_rows())
    series = [row for row in series_of(package) if (row.basis.year or 0) <= ends.get(row.product_id or "", 0)]
    rows += trend_rows(series, rules, package.as_of.year)
    return score_table(rows, package.as_of)


def _older_events(project: Project, config: Config, newer: _Side, day: date) -> pl.DataFrame:
    """Live scores of the newer quarter under the export restrictions in force on the older day."""
    widths = read_quality_widths(project.models / "assumptions" / "quality_width.yaml")
    given = live_inputs(project, newer.package, widths, config.seed, config.draws, restrictions_on=day)
    return score_table(live_scores(given), newer.package.as_of)


def _world_of_older_year(project: Project, config: Config, newer: _Side, older: _Side) -> Iterator[ScoreRow]:
    now, then = (side.scores.production.select("product_id", "edition", "year").unique() for side in (newer, older))
    wanted = now.join(then.select("product_id", pl.col("year").alias("then")), on="product_id").filter(
        pl.col("year") != pl.col("then")
    )
    key = ["product_id", "edition", "year"]
    rows = (
        newer.package.marked_table("production")
        .filter(pl.col("iso3") != "WLD")
        .join(wanted.select("product_id", "edition", pl.col("then").alias("year")), on=key, how="semi")
        .filter(pl.col("is_known").all().over(key) & (pl.col("value").sum().over(key) > 0))
        .drop("is_known")
        .sort("product_id", "year", "iso3")
    )
    widths = read_quality_widths(project.models / "assumptions" / "quality_width.yaml")
    yield from world_rows(newer.package, rows, config.focus, widths, config.seed, config.draws)


def _printed_otherwise(printed: pl.DataFrame, after: pl.DataFrame, facts: InputFacts, draws: int) -> int:
    """Number of scores that a kept report printed otherwise than today's program gives them for the same day."""
    same_day = InputFacts(facts.rows, facts.network_after, facts.network_after)
    found = changes(Compared(printed, after, after, after.clear(), after.clear(), same_day, (draws, draws)))
    return found.filter(pl.col("class") != ChangeClass.no_change.value).height
