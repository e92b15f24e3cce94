"""Findings on a scenario: what fell short, whose stocks ran out, what limited whom, who stepped in, what came back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from supplyrisk.disruption.final_use import LOSS_HIGH, LOSS_LOW, SHOWN_DAYS, can_tell
from supplyrisk.disruption.outcome import Outcome
from supplyrisk.findings.finding import Confidence, Finding
from supplyrisk.network.places import WORLD

_MOST_LOST, _MOST_STOCKS, _MOST_LIMITS = 3, 3, 3


def whatif_findings(
    scenario_id: str,
    outcome: Outcome,
    sensitivity: pl.DataFrame | None,
    regions: Sequence[str],
    horizon_months: int,
    touched: Sequence[str],
    cut: Sequence[str],
) -> Iterator[Finding]:
    """Findings of each region (their topic), in the order in which a reader asks.

    ``touched``: products shocked; ``cut``: end products about which nothing can be said, because something that goes
    into them has no known maker.
    Every number of a scenario rests on assumptions on stocks, idle capacity and switching: confidence is low where the
    outcome moves by more than half over the range of one of them, or where that was not looked at, else medium.
    """
    for region in regions:
        confidence = _confidence(sensitivity, region)

        def told(
            message: str,
            numbers: dict[str, Any],
            product: str | None = None,
            region: str = region,
            confidence: Confidence = confidence,
        ) -> Finding:
            parts = ["whatif", scenario_id, region, *([product] if product else [])]
            values = {"region": region, **numbers}
            return Finding(region, message, values, ("/".join(parts),), confidence)

        lost = _lost(outcome.final_use, region)
        place_known = dict(outcome.final_use.select("product_id", "place_known").iter_rows())
        unseen = [product for product in touched if not place_known.get(product, True)]
        if lost.is_empty() and len(unseen) < len(touched):
            message = "whatif_nothing" if _nowhere_short(sensitivity, region) else "whatif_nothing_as_is"
            yield told(message, {"months": horizon_months})
        # The world's losses of a product count wherever it is used, once makers themselves lose output.
        untold = [product for product in unseen if region != WORLD or product not in set(lost["product_id"])]
        if untold:
            yield told("whatif_cannot_tell", {"products": untold})
        if cut:
            yield told("whatif_cut", {"products": list(cut)})
        for row in lost.head(_MOST_LOST).iter_rows(named=True):
            message = "whatif_short" if row["recovered_month"] is not None else "whatif_short_open"
            kind = "" if row["use"] == "final" else "_other"
            yield told(message + kind, {key: row[key] for key in _SHORT}, row["product_id"])
        if len(lost) > _MOST_LOST:
            yield told(
                "whatif_more", {"products": lost["product_id"].unique(maintain_order=True)[_MOST_LOST:].to_list()}
            )
        yield from _stocks(outcome, region, told)
        yield from _limited(outcome, region, told)
        yield from _switched(outcome, region, told)
        yield from _recovered(lost, told)
        yield from _hangs_on(sensitivity, region, told)
        unknown = outcome.final_use.filter(
            (pl.col("region") == region) & ~pl.col("place_known") & (pl.col("months_short") > 0)
        )
        also = sorted(set(unknown["product_id"]) - set(unseen))
        if region != WORLD and also:
            yield told("whatif_unknown", {"products": also})
        if region == WORLD:
            yield from _surplus(outcome, touched, told)


_SHORT = (
    "product_id",
    "first_short_month",
    "worst_month",
    "worst_share",
    "lost_days",
    "months_short",
    "recovered_month",
)


def _lost(table: pl.DataFrame, region: str) -> pl.DataFrame:
    return table.filter((pl.col("region") == region) & can_tell() & (pl.col("months_short") > 0)).sort(
        pl.col("use") == "final", "lost_days", "product_id", descending=[True, True, False]
    )


def _confidence(sensitivity: pl.DataFrame | None, region: str) -> Confidence:
    if sensitivity is None:
        return "low"
    rows = sensitivity.filter(pl.col("region") == region)
    if rows.is_empty():
        return "medium"
    spread = rows.select((LOSS_HIGH - LOSS_LOW).max()).item()
    return "low" if float(spread) > 0.5 * float(rows["lost_days"][0]) else "medium"


def _nowhere_short(sensitivity: pl.DataFrame | None, region: str) -> bool:
    """Whether half a day is lost at no end of any assumption; not known where the ends were not looked at."""
    if sensitivity is None:
        return False
    return sensitivity.filter((pl.col("region") == region) & (LOSS_HIGH >= SHOWN_DAYS)).is_empty()


def _stocks(outcome: Outcome, region: str, told: Any) -> Iterator[Finding]:
    rows = outcome.stocks.filter((pl.col("region") == region) & (pl.col("share_of_use") >= 0.05))
    for row in rows.head(_MOST_STOCKS).iter_rows(named=True):
        message = "whatif_stock" if row["user_id"] is not None else "whatif_stock_final"
        yield told(message, {key: row[key] for key in ("product_id", "user_id", "first_month", "share_of_use")},
                   row["product_id"])  # fmt: skip


def _limited(outcome: Outcome, region: str, told: Any) -> Iterator[Finding]:
    rows = outcome.makers.filter(
        (pl.col("region") == region) & (pl.col("reason") == "input") & (pl.col("lost_days") >= SHOWN_DAYS)
    ).sort("first_month", "lost_days", "product_id", descending=[False, True, False])
    for row in rows.head(_MOST_LIMITS).iter_rows(named=True):
        yield told("whatif_limit", {key: row[key] for key in ("product_id", "input_id", "first_month", "lost_days")},
                   row["product_id"])  # fmt: skip


def _switched(outcome: Outcome, region: str, told: Any) -> Iterator[Finding]:
    rows = outcome.switching.filter(pl.col("region") == region)
    for product in rows["product_id"].unique(maintain_order=True)[:2]:
        own = rows.filter(pl.col("product_id") == product)
        gains = own.with_columns((pl.col("share_then") - pl.col("share_before")).alias("gain"))
        best = gains.sort("gain", "country", descending=[True, False]).row(0, named=True)
        worst = gains.sort("gain", "country").row(0, named=True)
        yield told(
            "whatif_switch" if worst["gain"] < 0.0 else "whatif_switch_gain",
            {
                "product_id": product,
                "gained_share": best["gained_share"],
                "month": best["month"],
                "country": best["country"],
                "before": best["share_before"],
                "then": best["share_then"],
                "loser": worst["country"],
                "loser_before": worst["share_before"],
                "loser_then": worst["share_then"],
            },
            product,
        )


def _surplus(outcome: Outcome, touched: Sequence[str], told: Any) -> Iterator[Finding]:
    rows = outcome.surplus.filter(pl.col("product_id").is_in(list(touched)) & (pl.col("worst_share") >= 0.02))
    for row in rows.sort("idle_quantity", "country", descending=[True, False]).head(_MOST_LIMITS).iter_rows(named=True):
        values = {key: row[key] for key in ("product_id", "country", "month", "lost_days")}
        yield told("whatif_surplus", {**values, "share": row["worst_share"]}, row["product_id"])


def _recovered(lost: pl.DataFrame, told: Any) -> Iterator[Finding]:
    back = lost.filter(pl.col("recovered_month").is_not_null()).sort("recovered_month", "product_id")
    if len(back) > 1 and back["recovered_month"][0] < back["recovered_month"][-1]:
        yield told(
            "whatif_recovery",
            {
                "first": back["product_id"][0],
                "first_month": back["recovered_month"][0],
                "last": back["product_id"][-1],
                "last_month": back["recovered_month"][-1],
            },
        )


def _hangs_on(sensitivity: pl.DataFrame | None, region: str, told: Any) -> Iterator[Finding]:
    if sensitivity is None:
        return
    rows = sensitivity.filter(pl.col("region") == region)
    if rows.is_empty():
        return
    first = rows.with_columns(LOSS_LOW.alias("low"), LOSS_HIGH.alias("high")).row(0, named=True)
    low, high = first["low"], first["high"]
    if high - low >= SHOWN_DAYS:
        yield told(
            "whatif_hangs_on",
            {"product_id": first["product_id"], "parameter": first["parameter"], "low": low, "high": high},
            first["product_id"],
        )
