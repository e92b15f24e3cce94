"""Trade dependency: goods judged year by year for a region, and the score rows that come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.trade_dependency import (
    CORE,
    GEODEP,
    NOT_DECIDED,
    TESTS,
    WINDOW_YEARS,
    Flag,
    Indicator,
    flag,
    held_in_most_years,
    indicators,
    with_doubtful,
)
from supplyrisk.scores.trade_frames import (
    Flow,
    TradedGood,
    flows_of,
    latest_years,
    region_trade,
    rows_of,
    rows_used,
    tabled,
    traded_goods,
    why_no_indicator,
)
from supplyrisk.scores.world import Region

FLAG_METRICS = {GEODEP: "import_dependent_geodep", CORE: "import_dependent_core"}
WORLD_METRIC = "world_export_hhi"
DOUBTFUL_ENDS = "pooled_and_doubtful_flows"
NO_TABLE = "no_trade_table"


@dataclass(frozen=True)
class JudgedYear:
    """A good in one year: trusted and doubtful rows, its indicators (None: ``missing_reason``) and flags by method."""

    year: int
    rows: pl.DataFrame
    found: Mapping[str, Indicator] | None
    missing_reason: str | None

    def flag(self, method: str) -> Flag | None:
        """The three tests together; None where the year has no trade of the whole good."""
        return None if self.found is None else flag(self.found, method)


@dataclass(frozen=True)
class JudgedGood:
    """A good for a region over the window of years, oldest first."""

    good: TradedGood
    region: Region
    years: tuple[JudgedYear, ...]

    def dependent(self, method: str) -> Flag:
        """Flagged in two of three years."""
        return held_in_most_years([year.flag(method) for year in self.years])


@dataclass(frozen=True)
class GoodYear:
    """Rows of a good in one year with their flows, trusted and all; none where ``missing_reason`` is given."""

    year: int
    rows: pl.DataFrame
    missing_reason: str | None
    trusted: tuple[Flow, ...] = ()
    whole: tuple[Flow, ...] = ()


def good_years(rows: pl.DataFrame, good: TradedGood, years: Iterable[int]) -> list[GoodYear]:
    """Rows of a good in each of ``years``."""
    by_year = rows_of(rows, good).partition_by("year", as_dict=True)
    found = []
    for year in years:
        own = by_year.get((year,), rows.clear())
        reason = why_no_indicator(own, good)
        flows = [] if reason is not None else flows_of(own)
        trusted = zip(flows, own["is_trusted"], strict=True) if flows else ()
        found.append(
            GoodYear(year, own, reason, tuple(flow for flow, is_trusted in trusted if is_trusted), tuple(flows))
        )
    return found


def judge(rows: pl.DataFrame, good: TradedGood, region: Region, eu: Collection[str]) -> JudgedGood:
    """A good of ``tabled`` rows judged for a region in each year of the window. ``eu``: members of the EU."""
    return judge_years(good_years(rows, good, latest_years(rows, good, WINDOW_YEARS)), good, region, eu)


def judge_years(years: Iterable[GoodYear], good: TradedGood, region: Region, eu: Collection[str]) -> JudgedGood:
    """The same of rows that are at hand by year."""
    judged = []
    for one in years:
        found = None
        if one.missing_reason is None:
            trusted, whole = (
                indicators(region_trade(flows, region.members, eu, good.record_kind))
                for flows in (one.trusted, one.whole)
            )
            found = with_doubtful(trusted, whole)
        judged.append(JudgedYear(one.year, one.rows, found, one.missing_reason))
    return JudgedGood(good, region, tuple(judged))


def dependency_scores(
    trade: pl.DataFrame, regions: Sequence[Region], eu: Collection[str], stages: Mapping[str, str]
) -> Iterator[ScoreRow]:
    """Score rows of every product; ``trade``: the table of that name as known; ``stages``: stage of every product.

    The concentration of world exports has the scope ``world``. ``import_dependent_core`` is given for each year,
    ``import_dependent_geodep`` once, for the newest year of its window. Goods without a product are left to the
    command. Regions outside the EU have no ``core`` indicators. A product without a usable trade table has missing
    flags only.
    """
    rows = tabled(trade)
    goods = [good for good in traded_goods(rows) if good.product_id is not None]
    # Rows are split once and asked for what they rest on once: a filter for every good and year would take longest.
    by_good = rows.partition_by("good", as_dict=True)
    windows = {
        good.record_kind: latest_years(rows, good, WINDOW_YEARS)
        for good in {good.record_kind: good for good in goods}.values()
    }
    bases = _Bases(rows, goods, eu)
    for good in goods:
        years = good_years(by_good[good.name,], good, windows[good.record_kind])
        judged = [judge_years(years, good, region, eu) for region in regions]
        for year in judged[0].years if judged else ():
            yield _indicator(good, year, WORLD_METRIC, None, bases, stages)
        for one in judged:
            methods = _methods(one.region, eu)
            for year in one.years:
                for metric in (name for method in methods for name in TESTS[method] if name != WORLD_METRIC):
                    yield _indicator(good, year, metric, one.region, bases, stages)
                if CORE in methods:
                    yield _flag(one, (year,), year.flag(CORE), CORE, bases, stages)
            yield _flag(one, one.years, one.dependent(GEODEP), GEODEP, bases, stages)
    without = sorted(set(stages) - {str(good.product_id) for good in goods})
    for product in without:
        for region in regions:
            for method in _methods(region, eu):
                yield ScoreRow(
                    FLAG_METRICS[method],
                    product,
                    stages[product],
                    Basis(),
                    None,
                    missing_reason=NO_TABLE,
                    scope=region.code,
                )


def _methods(region: Region, eu: Collection[str]) -> tuple[str, ...]:
    return (GEODEP, CORE) if region.members <= frozenset(eu) else (GEODEP,)


class _Bases:
    """What scores rest on: of each metric and region the rows of all goods and years are found in one go."""

    def __init__(self, rows: pl.DataFrame, goods: Sequence[TradedGood], eu: Collection[str]) -> None:
        kinds = pl.DataFrame(
            [(good.name, good.record_kind) for good in goods],
            schema={"good": pl.String, "record_kind": pl.String},
            orient="row",
        )
        self._rows = rows.join(kinds, on=["good", "record_kind"], how="semi", maintain_order="left")
        self._eu = eu
        self._found: dict[tuple[str, frozenset[str]], dict[tuple[str, int], tuple[list[str], list[str], str]]] = {}

    def of(self, good: TradedGood, years: Sequence[JudgedYear], metric: str, region: Region | None) -> Basis:
        """Basis of a score of a good; years that were not judged add nothing."""
        by_year = self._of_metric(metric, frozenset() if region is None else region.members)
        judged = [(good.name, year.year) for year in years if year.found is not None]
        used = [by_year[key] for key in judged if key in by_year]
        if not used:
            return Basis(years[-1].year)
        editions = sorted({edition for _, listed, _ in used for edition in listed})
        row_ids = [row_id for listed, _, _ in used for row_id in listed]
        return Basis(years[-1].year, ";".join(editions), max(quality for _, _, quality in used), row_ids)

    def _of_metric(
        self, metric: str, members: frozenset[str]
    ) -> dict[tuple[str, int], tuple[list[str], list[str], str]]:
        """Row ids, sources and worst grade by good and year."""
        if (metric, members) not in self._found:
            grouped = (
                rows_used(self._rows, metric, members, self._eu)
                .group_by("good", "year")
                .agg("row_id", pl.col("source_ids").unique(), pl.col("quality").max())
            )
            self._found[metric, members] = {
                (name, year): (row_ids, sources, quality)
                for name, year, row_ids, sources, quality in grouped.select(
                    "good", "year", "row_id", "source_ids", "quality"
                ).iter_rows()
            }
        return self._found[metric, members]


def _indicator(
    good: TradedGood,
    year: JudgedYear,
    metric: str,
    region: Region | None,
    bases: _Bases,
    stages: Mapping[str, str],
) -> ScoreRow:
    found = Indicator(None, missing_reason=year.missing_reason) if year.found is None else year.found[metric]
    return ScoreRow(
        metric,
        good.product_id,
        stages[str(good.product_id)],
        bases.of(good, (year,), metric, region),
        found.value,
        found.low,
        found.high,
        "none" if found.value is None else DOUBTFUL_ENDS,
        missing_reason=found.missing_reason,
        scope="world" if region is None else region.code,
    )


def _flag(
    judged: JudgedGood,
    years: Sequence[JudgedYear],
    answer: Flag | None,
    method: str,
    bases: _Bases,
    stages: Mapping[str, str],
) -> ScoreRow:
    metric = FLAG_METRICS[method]
    row = ScoreRow(
        metric,
        judged.good.product_id,
        stages[str(judged.good.product_id)],
        bases.of(judged.good, years, metric, judged.region),
        None,
        missing_reason=NOT_DECIDED,
        scope=judged.region.code,
    )
    if answer is None or answer.value is None:
        return row
    return replace(
        row,
        value=float(answer.value),
        low=float(answer.low),
        high=float(answer.high),
        interval_kind=DOUBTFUL_ENDS,
        missing_reason=None,
    )
