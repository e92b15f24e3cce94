"""Reserves in the ground: how concentrated they are, and how many years of output they cover.

Both come from one file, so that reserve and output are weighed alike. Reserves are what can be mined at today's prices
and are revised every year: years of cover tell about investment, not about exhaustion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from supplyrisk.foundation.keyed_draws import keyed_normal_matrix
from supplyrisk.foundation.units import convert
from supplyrisk.scores.intervals import centre_draws, interval
from supplyrisk.scores.supply import supplies
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import DATA_AND_RESIDUAL, DATA_ONLY, basis_of, hhi_draws, hhi_interval

RESERVE_METRICS = ("reserves_hhi", "reserves_top1_share", "reserves_years")
STAGE = "reserves"
OPEN_ENDED = "lower_bound"

LARGEST_UNPRINTED = 0.10
"""No score when what is not printed weighs more than this part: of output for shares, of reserves for years."""


def reserve_scores(
    reserves: pl.DataFrame, kinds: Mapping[str, str], widths: Mapping[str, float], seed: int, draws: int
) -> Iterator[ScoreRow]:
    """Scores of one product's reserves of one year and edition (rows of the table ``reserves``)."""
    product_id = str(reserves["product_id"][0])
    whole = Basis(int(reserves["year"][0]), reserves["edition"][0], None, reserves["row_id"].to_list())
    reason = _reason_missing(reserves)
    if reason is not None:
        for metric in RESERVE_METRICS:
            yield ScoreRow(metric, product_id, STAGE, whole, None, missing_reason=reason)
        return
    no_range = pl.lit(None, dtype=pl.Float64)
    shaped = reserves.filter(pl.col("value") > 0).with_columns(no_range.alias("low"), no_range.alias("high"))
    supply = next(supplies(shaped, kinds, widths, seed, draws))
    basis = replace(basis_of(supply), input_row_ids=whole.input_row_ids)
    low, value, high = hhi_interval(supply)
    centred = centre_draws(hhi_draws(supply)[1], value)
    yield ScoreRow("reserves_hhi", product_id, STAGE, basis, value, low, high, DATA_AND_RESIDUAL, draws=centred)
    if supply.largest is None:
        reason = "unnamed_larger_than_largest"
        yield ScoreRow("reserves_top1_share", product_id, STAGE, basis, None, missing_reason=reason)
    else:
        share, drawn = float(supply.shares.max()), supply.share_draws.max(axis=0)
        ends = interval(drawn, share, 0.0, 1.0)
        yield ScoreRow(
            "reserves_top1_share",
            product_id,
            STAGE,
            basis,
            share,
            *ends,
            DATA_ONLY,
            supply.largest,
            draws=centre_draws(drawn, share),
        )
    yield _years(reserves, product_id, basis, widths[supply.quality], seed, draws)


def years_of_cover(rows: pl.DataFrame) -> float:
    """Σ reserves / Σ output of the rows, output converted to the unit of the reserves."""
    output = sum(convert(v, unit, to) for v, unit, to in rows.select("output_value", "output_unit", "unit").iter_rows())
    return _total(rows["value"]) / float(output)


def _reason_missing(reserves: pl.DataFrame) -> str | None:
    if reserves.filter(pl.col("value") > 0).is_empty():
        return "reserves_not_printed"
    unprinted, output = (
        _total(reserves.filter(pl.col("value").is_null())["output_value"]),
        _total(reserves["output_value"]),
    )
    if output > 0.0 and unprinted / output > LARGEST_UNPRINTED:
        return "reserves_of_large_producer_not_printed"
    return None


def _years(reserves: pl.DataFrame, product_id: str, basis: Basis, width: float, seed: int, draws: int) -> ScoreRow:
    row = ScoreRow("reserves_years", product_id, STAGE, basis, None)
    if (reserves["reserve_group"] != product_id).any():
        return replace(row, missing_reason="reserves_printed_for_a_group")
    both = reserves.filter(pl.col("value").is_not_null() & (pl.col("output_value") > 0.0))
    if both.is_empty():
        return replace(row, missing_reason="output_not_printed")
    unmatched = _total(reserves.filter(pl.col("output_value").is_null())["value"])
    if unmatched / _total(reserves["value"]) > LARGEST_UNPRINTED:
        return replace(row, missing_reason="output_of_large_holder_not_printed")
    # Without the few rows that lack one of the two, so that reserve and output are of the same places.
    value = years_of_cover(both)
    noise = keyed_normal_matrix(seed, [f"reserves_total:{product_id}", f"output_total:{product_id}"], draws)
    drawn = value * np.exp(width * (noise[0] - noise[1]))
    low, high = interval(drawn, value, minimum=0.0)
    open_ended = bool((both["mark"] == "greater_than").any())
    return replace(
        row,
        value=value,
        low=low,
        high=None if open_ended else high,
        interval_kind=OPEN_ENDED if open_ended else DATA_ONLY,
        draws=centre_draws(drawn, value),
    )


def _total(values: pl.Series) -> float:
    return float(values.cast(pl.Float64).sum())
