"""Tables of the chapter on official scores: beside the live ones, and by-products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording
from supplyrisk.scores.criticality.live import WITHIN_STUDY
from supplyrisk.scores.criticality.live_core import CAUSES
from supplyrisk.scores.criticality.rows import CHANGE, ECONOMIC_IMPORTANCE, LIVE, SOURCE_DIFFERENCE, SUPPLY_RISK

Row = Mapping[str, Any]

_STANDING = ("top_ten_share_design", "top_ten_share_data", "critical_share_design")
_RANKS = ("rank_best_design", "rank_worst_design")
_SHOWN_CHANGE = 0.05
_NOT_SHOWN = "–"


def one_decimal(value: float | None, wording: Wording) -> str:
    """A score with one decimal, a dash where there is none."""
    return _NOT_SHOWN if value is None else wording.number(value, 1)


def live_scores(scores: pl.DataFrame) -> pl.DataFrame:
    """Rows of the live score that have a value, the highest first."""
    live = scores.filter((pl.col("metric") == LIVE) & pl.col("value").is_not_null())
    return live.sort("value", "material_id", descending=[True, False])


def published_of(scores: pl.DataFrame) -> dict[tuple[str, int], float]:
    """Supply risk as published, by material and edition."""
    return _editions(scores, SUPPLY_RISK)


def criticality_table(scores: pl.DataFrame, wording: Wording) -> Table | None:
    """Materials with a live score: official scores of each edition, then the live one with its range."""
    live, page = live_scores(scores), wording.page
    if live.is_empty():
        return None
    official, importance = published_of(scores), _editions(scores, ECONOMIC_IMPORTANCE)
    years = sorted({year for _, year in official})
    header = (
        page("material"),
        *(page("official_supply_risk", year=year) for year in years),
        page("official_importance", year=years[-1]),
        page("live_supply_risk"),
        page("live_range"),
    )
    lines = tuple(
        (
            wording.names.materials[row["material_id"]],
            *(one_decimal(official.get((row["material_id"], year)), wording) for year in years),
            one_decimal(importance.get((row["material_id"], years[-1])), wording),
            one_decimal(row["value"], wording),
            wording.interval(one_decimal(row["low"], wording), one_decimal(row["high"], wording)),
        )
        for row in live.iter_rows(named=True)
    )
    return Table(page("criticality_table"), header, lines, frozenset(range(1, len(header))))


def change_table(scores: pl.DataFrame, wording: Wording) -> Table | None:
    """What the change of each live score comes from, the difference of sources, and where EU sourcing stands."""
    live, page = live_scores(scores), wording.page
    if live.is_empty():
        return None
    parts = [*CHANGE.values(), SOURCE_DIFFERENCE]
    header = (
        page("material"),
        *(page(f"live_through_{cause}") for cause in CAUSES),
        page("live_source_difference"),
        page("live_year"),
        page("live_sourcing"),
    )
    lines = tuple(
        (
            wording.names.materials[row["material_id"]],
            *(_change(scores, part, row["material_id"], wording) for part in parts),
            str(row["year"]),
            page(str(row["edition"]).split("+")[-1]),
        )
        for row in live.iter_rows(named=True)
    )
    return Table(page("live_change_table"), header, lines, frozenset(range(1, len(parts) + 1)))


def standing_table(scores: pl.DataFrame, wording: Wording) -> Table | None:
    """How firm the place of each live score is: over methods, over data, and over thresholds."""
    live, page = live_scores(scores), wording.page
    if live.is_empty():
        return None
    standing = {metric: _by_material(scores, metric) for metric in (*_STANDING, *_RANKS)}
    header = (page("material"), *(page(f"live_{name}") for name in ("top_design", "top_data", "critical", "ranks")))
    lines = tuple(
        (
            wording.names.materials[material],
            *(_share(standing[metric].get(material), wording) for metric in _STANDING),
            wording.interval(*(_place(standing[metric].get(material), wording) for metric in _RANKS)),
        )
        for material in live["material_id"]
    )
    return Table(page("live_standing_table"), header, lines, frozenset({1, 2, 3}))


def partial_table(scores: pl.DataFrame, wording: Wording) -> Table | None:
    """Materials without a live score for want of a series: what governance and restrictions change all the same."""
    gaps = scores.filter((pl.col("metric") == LIVE) & pl.col("value").is_null())["material_id"]
    parts = [_by_material(scores, CHANGE[cause]) for cause in CAUSES[1:]]
    official = published_of(scores)
    latest = max((year for _, year in official), default=0)
    told = [name for name in sorted(gaps) if any(abs(part.get(name) or 0.0) >= _SHOWN_CHANGE for part in parts)]
    if not told:
        return None
    page = wording.page
    header = (
        page("material"),
        page("official_supply_risk", year=latest),
        *(page(f"live_through_{cause}") for cause in CAUSES[1:]),
    )
    lines = tuple(
        (
            wording.names.materials[name],
            one_decimal(official.get((name, latest)), wording),
            *(_change(scores, CHANGE[cause], name, wording) for cause in CAUSES[1:]),
        )
        for name in told
    )
    return Table(page("live_partial_table"), header, lines, frozenset({1, 2, 3}))


def not_live_table(scores: pl.DataFrame, wording: Wording) -> Table | None:
    """Materials with an official score of the latest edition and no live one, by the reason."""
    gaps = scores.filter((pl.col("metric") == LIVE) & pl.col("value").is_null())
    if gaps.is_empty():
        return None
    names, page = wording.names.materials, wording.page
    grouped = gaps.group_by("missing_reason").agg(pl.col("material_id").sort()).sort("missing_reason")
    lines = tuple(
        (wording.format_reason(reason), str(len(found)), ", ".join(names[material] for material in found))
        for reason, found in grouped.iter_rows()
    )
    return Table(page("not_live_table"), (page("reason"), page("count"), page("material")), lines, frozenset({1}))


def by_product_table(scores: pl.DataFrame, by_products: pl.DataFrame, wording: Wording) -> Table | None:
    """Share won as a by-product, largest first, with the hosts."""
    rows = scores.filter((pl.col("metric") == "by_product_share") & pl.col("value").is_not_null())
    if rows.is_empty():
        return None
    page = wording.page
    lines = []
    for row in rows.sort("value", "product_id", descending=[True, False]).iter_rows(named=True):
        hosts = by_products.filter(pl.col("product_id") == row["product_id"])["host_product_id"].drop_nulls()
        ends = (
            ""
            if row["low"] is None or row["high"] is None
            else wording.interval(wording.format_percent(row["low"]), wording.format_percent(row["high"]))
        )
        lines.append(
            (
                wording.names.products[row["product_id"]],
                wording.format_percent(row["value"]),
                ends,
                wording.format_products(sorted(set(hosts))) if len(hosts) else _NOT_SHOWN,
                row["quality"],
            )
        )
    header = (page("product"), page("share"), page("live_range"), page("by_product_hosts"), page("grade"))
    return Table(page("by_product_table"), header, tuple(lines), frozenset({1, 2}))


def _place(value: float | None, wording: Wording) -> str:
    return _NOT_SHOWN if value is None else wording.number(value, 0)


def _by_material(scores: pl.DataFrame, metric: str) -> dict[str, float | None]:
    return dict(scores.filter(pl.col("metric") == metric).select("material_id", "value").iter_rows())


def _share(value: float | None, wording: Wording) -> str:
    return _NOT_SHOWN if value is None else wording.format_percent(value)


def _editions(scores: pl.DataFrame, metric: str) -> dict[tuple[str, int], float]:
    rows = scores.filter((pl.col("metric") == metric) & pl.col("value").is_not_null())
    return {
        (material, year): value for material, year, value in rows.select("material_id", "year", "value").iter_rows()
    }


def _change(scores: pl.DataFrame, metric: str, material: str, wording: Wording) -> str:
    """A part of the change with its sign; measures in force that the study's t hides are told in words."""
    rows = scores.filter((pl.col("metric") == metric) & (pl.col("material_id") == material))
    value, reason = rows.select("value", "missing_reason").row(0) if rows.height else (None, None)
    if reason == WITHIN_STUDY:
        return wording.page("live_within_study")
    return _NOT_SHOWN if value is None else wording.signed(value, 1)


def shown_tables(tables: Sequence[Table | None]) -> tuple[Table, ...]:
    """Those that have anything to show."""
    return tuple(table for table in tables if table is not None)
