"""Concentration by year, from the editions ranked for trends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from supplyrisk.scores.concentration import herfindahl_hirschman_index, residual_contribution
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import RESIDUAL_ONLY


def hhi_series(rows: pl.DataFrame, kinds: Mapping[str, str], stages: Mapping[str, str]) -> Iterator[ScoreRow]:
    """HHI of each product and year of ``rows`` (tables.editions, trend); low and high are the ends of the residuals.

    A change of ``edition`` between two years is a break: the statistics count differently, not the world.
    """
    country = pl.col("iso3").replace_strict(kinds, return_dtype=pl.String) == "country"
    for (product, year), group in rows.with_columns(country.alias("is_country")).group_by(
        ["product_id", "year"], maintain_order=True
    ):
        values = group["value"].to_numpy() / group["value"].sum()
        named = group["is_country"].to_numpy()
        smallest = values[named & (values > 0.0)].min() if (named & (values > 0.0)).any() else 0.0
        low = float(herfindahl_hirschman_index(values[named]))
        basis = Basis(int(str(year)), group["edition"][0], max(group["quality"]), group["row_id"].to_list())
        yield ScoreRow(
            "hhi_series",
            str(product),
            stages[str(product)],
            basis,
            low + float(residual_contribution(values[~named], smallest)),
            low,
            low + float(herfindahl_hirschman_index(values[~named])),
            RESIDUAL_ONLY,
        )
