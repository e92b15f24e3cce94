"""The back-test and the forecast in the report: measures beside baselines, reliability, hits and misses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.findings.finding import Finding
from supplyrisk.report import charts
from supplyrisk.report.content import ChapterPart, Figure, Sentence, Table
from supplyrisk.report.theme import render_svg
from supplyrisk.report.wording import Wording

_LISTED = 15
_SCORES = ("model", "history", "share")


@dataclass(frozen=True)
class BacktestGiven:
    """What the back-test found.

    ``results``, ``pairs`` and ``reliability`` of hazards.backtest, fitted once on events up to ``trained_to`` (and
    ``rolling``: results refitted every year); ``models``: log scores of rate models (hazards.covariates); ``years``
    held out; ``first`` and ``missed``: pairs with the highest chances, and large events beyond them; ``described``: by
    event number and product hit the start, hazard and words.
    """

    results: pl.DataFrame
    rolling: pl.DataFrame
    reliability: pl.DataFrame
    models: pl.DataFrame
    first: pl.DataFrame
    missed: pl.DataFrame
    trained_to: int
    years: tuple[int, int]
    described: Mapping[tuple[str, str], tuple[str, str, str]]
    findings: Sequence[Finding]


def backtest_parts(given: BacktestGiven, wording: Wording) -> tuple[ChapterPart, ...]:
    """What the hazards foretold and what happened."""
    sums = dict(given.models.group_by("model", maintain_order=True).agg(pl.col("log_score").sum()).iter_rows())
    gain = sums["size_record_and_governance"] - sums["size_and_record"]
    note = wording.page(
        "backtest_note",
        trained=given.trained_to,
        first=given.years[0],
        last=given.years[1],
        gain=wording.number(gain, 1),
        large=_large(given.results),
        events=int(given.models.filter(pl.col("model") == "size")["events"].sum()),
    )
    measures = ChapterPart(
        anchor="backtest",
        title=wording.page("backtest"),
        note=note,
        figures=(_reliability(given.reliability, wording),),
        tables=(
            _measures(given.results, wording, "backtest_table"),
            _measures(given.rolling, wording, "backtest_rolling"),
        ),
    )
    listed = ChapterPart(
        anchor="backtest-pairs",
        title=wording.page("backtest_listed"),
        note=wording.page("backtest_pairs_note"),
        tables=(
            _pairs(given.first.head(_LISTED), "backtest_first", given.described, wording),
            _pairs(given.missed.head(_LISTED), "backtest_missed", given.described, wording),
        ),
    )
    # Keys of the back-test are rows of its own tables and no scores.
    said = tuple(Sentence(wording.sentence(finding), finding.confidence, ()) for finding in given.findings)
    verdict = ChapterPart(anchor="backtest-verdict", title=wording.page("backtest_verdict"), note="", sentences=said)
    return measures, verdict, listed


def forecast_part(forecast: pl.DataFrame, size: Finding, wording: Wording) -> ChapterPart:
    """Pairs with the highest chance of an event within the year to come, and what all chances add up to (``size``)."""
    rows = tuple(
        (
            wording.format_country(row["country"]),
            wording.names.products[row["product_id"]],
            wording.format_percent(row["chance"]),
        )
        for row in forecast.sort("chance", "country", "product_id", descending=[True, False, False])
        .head(_LISTED)
        .iter_rows(named=True)
    )
    header = tuple(wording.page(key) for key in ("backtest_country", "risk_product", "backtest_chance"))
    return ChapterPart(
        anchor="forecast",
        title=wording.page("forecast"),
        note=f"{wording.page('forecast_note')} {wording.sentence(size)}",
        tables=(Table(wording.page("forecast_table"), header, rows, frozenset({2})),),
    )


def _large(results: pl.DataFrame) -> int:
    """Pairs with a large event."""
    own = (pl.col("units") == "pairs") & (pl.col("outcome") == "large") & (pl.col("countries") == "all")
    return int(results.filter(own)["happened"][0])


def _measures(results: pl.DataFrame, wording: Wording, caption: str) -> Table:
    """Average precision and hits among the first twenty, model beside baselines."""
    rows = []
    kept = results.filter(pl.col("measure").is_in(["average_precision", "hit_at_20"]))
    keys = ["units", "outcome", "countries", "measure"]
    for (units, outcome, countries, measure), own in kept.group_by(keys, maintain_order=True):
        by_score = {row["score"]: row for row in own.iter_rows(named=True)}
        head = by_score["model"]
        rows.append(
            (
                wording.page(f"backtest_{units}"),
                wording.page(f"backtest_{outcome}"),
                wording.page(f"backtest_{countries}"),
                wording.page(f"backtest_{measure}"),
                f"{head['happened']}/{wording.integer(head['number'])}",
                *(_with_range(by_score[score], wording) for score in _SCORES),
                wording.format_percent1(head["base_rate"]),
            )
        )
    keys = ["unit", "outcome", "countries", "measure", "happened", *_SCORES, "base"]
    header = tuple(wording.page(f"backtest_head_{key}") for key in keys)
    return Table(wording.page(caption), header, tuple(rows), frozenset({4, 5, 6, 7, 8}))


def _with_range(row: dict[str, float], wording: Wording) -> str:
    if row["high"] == 0.0:  # nothing happened among the first: a bootstrap over events has no width there
        return wording.format_percent(0.0)
    return wording.with_interval(*(wording.format_percent(row[name]) for name in ("value", "low", "high")))


def _pairs(
    pairs: pl.DataFrame, caption: str, described: Mapping[tuple[str, str], tuple[str, str, str]], wording: Wording
) -> Table:
    def told(event: str, product: str) -> str:
        start, hazard, what = described[event, product]
        return f"{event}, {start}, {wording.format_hazard(hazard)}: {what}"

    rows = tuple(
        (
            str(row["year"]),
            wording.format_country(row["country"]),
            wording.names.products[row["product_id"]],
            wording.format_percent(row["chance"]),
            str(row["rank"]),
            "; ".join(told(event, row["product_id"]) for event in row["events"].split(";") if event)
            or wording.page("backtest_nothing"),
        )
        for row in pairs.iter_rows(named=True)
    )
    keys = ("backtest_year", "backtest_country", "risk_product", "backtest_chance", "backtest_rank", "backtest_event")
    return Table(wording.page(caption), tuple(wording.page(key) for key in keys), rows, frozenset({3, 4}))


def _reliability(frame: pl.DataFrame, wording: Wording) -> Figure:
    placed = frame.with_columns(pl.format("n = {}", "number").alias("label"))
    chart = charts.reliability_dots(placed, wording.page("backtest_told"), wording.page("backtest_came"))
    worst = (
        placed.with_columns((pl.col("mean_chance") - pl.col("happened")).abs().alias("off"))
        .sort("off")
        .row(-1, named=True)
    )
    alt = wording.page(
        "backtest_alt",
        count=frame.height,
        told=wording.format_percent(worst["mean_chance"]),
        came=wording.format_percent(worst["happened"]),
    )
    return Figure("reliability", render_svg(chart), wording.page("backtest_reliability"), alt, data=frame.write_csv())
