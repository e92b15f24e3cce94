"""The price signal in the report: ranges where sources say how markets answer, and else the gap."""

from __future__ import annotations

import polars as pl

from supplyrisk.report.content import ChapterPart, Table
from supplyrisk.report.wording import Wording
from supplyrisk.risk.price_signal import NO_ELASTICITY

_LISTED = 10


def price_part(price: pl.DataFrame, wording: Wording) -> ChapterPart:
    """Indicative rises of prices by product (risk.price_signal), most short first."""
    known = price.filter(pl.col("missing_reason").fill_null("") != NO_ELASTICITY)
    rows = tuple(
        (
            wording.names.products[row["product_id"]],
            wording.format_percent(row["shortage_share"]),
            _rise(row["price_rise_low"], row["price_rise_high"], wording),
            wording.format_sources(row["source_ids"]),
        )
        for row in known.head(_LISTED).iter_rows(named=True)
    )
    header = tuple(
        wording.page(key) for key in ("risk_product", "risk_price_short", "risk_price_rise", "risk_price_source")
    )
    return ChapterPart(
        anchor="risk-price",
        title=wording.page("risk_price"),
        note=_note(price.height, known.height, wording),
        tables=(Table(wording.page("risk_price_table"), header, rows, frozenset({1, 2})),) if rows else (),
    )


def _note(products: int, known: int, wording: Wording) -> str:
    """What the signal is and how many products have none, or, where none has one, that and why."""
    if known == 0:
        return wording.page("risk_price_none_known", count=wording.integer(products))
    note = wording.page("risk_price_note")
    return note if known == products else f"{note} {wording.page('risk_price_gap', count=products - known)}"


def _rise(low: float | None, high: float | None, wording: Wording) -> str:
    """The range in words; open where no price clears the shortage."""
    if low is None:
        return wording.page("risk_price_none")
    if high is None:
        return wording.page("risk_price_open", low=wording.format_percent(low))
    return wording.interval(wording.format_percent(low), wording.format_percent(high))
