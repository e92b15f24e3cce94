"""Trade dependency: goods judged year by year for a region, and the score rows that come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
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
    TradedGood,
    flows_of,
    latest_years,
    region_trade,
    rows_of,
    rows_used,
    tabled,
    traded_goods,
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


def judge(rows: pl.DataFrame, good: TradedGood, region: Region, eu: Collection[str]) -> JudgedGood:
    """A good of ``tabled`` rows judged for a region in each year of the window. ``eu``: members of the EU."""
    years = []
    for year in latest_years(rows, good, WINDOW_YEARS):
        own, reason = rows_of(rows, good, year)
        if reason is not None:
            years.append(JudgedYear(year, own, None, reason))
            continue
        trusted, whole = (
            indicators(region_trade(flows_of(part), region.members, eu, good.record_kind))
            for part in (own.filter("is_trusted"), own)
        )
        years.append(JudgedYear(year, own, with_doubtful(trusted, whole), None))
    return JudgedGood(good, region, tuple(years))


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
    for good in goods:
        judged = [judge(rows, good, region, eu) for region in regions]
        for year in judged[0].years if judged else ():
            yield _indicator(good, year, WORLD_METRIC, None, eu, stages)
        for one in judged:
            methods = _methods(one.region, eu)
            for year in one.years:
                for metric in (name for method in methods for name in TESTS[method] if name != WORLD_METRIC):
                    yield _indicator(good, year, metric, one.region, eu, stages)
                if CORE in methods:
                    yield _flag(one, (year,), year.flag(CORE), CORE, eu, stages)
            yield _flag(one, one.years, one.dependent(GEODEP), GEODEP, eu, stages)
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


def _basis(years: Sequence[JudgedYear], metric: str, region: Region | None, eu: Collection[str]) -> Basis:
    members: frozenset[str] = frozenset() if region is None else region.members
    used = [rows_used(year.rows, metric, members, eu) for year in years if year.found is not None]
    rows = pl.concat(used) if used else pl.DataFrame(schema={"row_id": pl.String})
    if rows.is_empty():
        return Basis(years[-1].year)
    edition = ";".join(sorted(set(rows["source_ids"])))
    return Basis(years[-1].year, edition, max(rows["quality"]), rows["row_id"].to_list())


def _indicator(
    good: TradedGood,
    year: JudgedYear,
    metric: str,
    region: Region | None,
    eu: Collection[str],
    stages: Mapping[str, str],
) -> ScoreRow:
    found = Indicator(None, missing_reason=year.missing_reason) if year.found is None else year.found[metric]
    return ScoreRow(
        metric,
        good.product_id,
        stages[str(good.product_id)],
        _basis((year,), metric, region, eu),
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
    eu: Collection[str],
    stages: Mapping[str, str],
) -> ScoreRow:
    metric = FLAG_METRICS[method]
    row = ScoreRow(
        metric,
        judged.good.product_id,
        stages[str(judged.good.product_id)],
        _basis(years, metric, judged.region, eu),
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
