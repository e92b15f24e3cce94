"""Tables of import dependency by trade: each method's answers beside its own indicators, with their ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.findings.dependency import METHODS, POSSIBLE, newest_answers
from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording
from supplyrisk.scores.trade_dependency import GEODEP, TESTS, WINDOW_YEARS, Indicator, flag

Row = Mapping[str, Any]
Found = Mapping[tuple[str, str, int], Indicator]
"""Indicators by metric, product and year."""

_NOT_SHOWN = "–"


def dependency_tables(scores: pl.DataFrame, regions: Sequence[str], wording: Wording) -> list[Table | None]:
    """A table for each region and method."""
    return [dependency_table(scores, region, method, wording) for region in regions for method in METHODS]


def dependency_table(scores: pl.DataFrame, region: str, method: str, wording: Wording) -> Table | None:
    """Products that a method calls import-dependent or does not exclude, with its three indicators of that year.

    Sure answers come first. For the method that asks for most of several years: the years in which all three tests hold
    at the central values, since the indicators shown are of the last one only. None without any such product.
    """
    answers = newest_answers(scores, region, method)
    listed = [row for answer in POSSIBLE for row in answers.filter(pl.col("answer") == answer).iter_rows(named=True)]
    if not listed:
        return None
    page, found = wording.page, _indicators(scores, region, TESTS[method])
    header = (
        page("product"),
        *(wording.capital(str(wording.catalogue["metrics"][metric])) for metric in TESTS[method]),
        page("dependency_holds" if method == GEODEP else "year"),
        page("dependent"),
    )
    lines = tuple(
        (
            wording.names.products[row["product_id"]],
            *(_cell(found.get((metric, row["product_id"], row["year"])), metric, wording) for metric in TESTS[method]),
            _years(row, found, wording) if method == GEODEP else str(row["year"]),
            str(wording.catalogue["dependency_answers"][row["answer"]]),
        )
        for row in listed
    )
    caption = page(f"dependency_table_{method}", region=wording.format_place(region))
    return Table(caption, header, lines, frozenset({1, 2, 3}))


def _indicators(scores: pl.DataFrame, region: str, metrics: Sequence[str]) -> Found:
    rows = scores.filter(
        pl.col("metric").is_in(list(metrics))
        & pl.col("scope").is_in([region, "world"])
        & (pl.col("scenario") == "base")
        & pl.col("year").is_not_null()
    )
    return {
        (metric, product, year): Indicator(value, low, high, reason)
        for metric, product, year, value, low, high, reason in rows.select(
            "metric", "product_id", "year", "value", "low", "high", "missing_reason"
        ).iter_rows()
    }


def _years(row: Row, found: Found, wording: Wording) -> str:
    """Years of the window in which all tests hold at the central values, as a list."""
    held = []
    for year in range(row["year"] - WINDOW_YEARS + 1, row["year"] + 1):
        own = {metric: found.get((metric, row["product_id"], year), Indicator(None)) for metric in TESTS[GEODEP]}
        if flag(own, GEODEP).value:
            held.append(str(year))
    return wording.listed(held) or _NOT_SHOWN


def _cell(found: Indicator | None, metric: str, wording: Wording) -> str:
    """A value with its range, as many digits as its limit asks for."""
    if found is None or found.value is None:
        return _NOT_SHOWN
    if metric.endswith("_hhi"):
        write = wording.integer
    else:
        write = wording.format_percent if metric.endswith("_share") else wording.quantity
    if found.low is None or found.high is None:
        return write(found.value)
    return wording.with_interval(*(write(end) for end in (found.value, found.low, found.high)))
