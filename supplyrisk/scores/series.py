"""Concentration by year, from the editions ranked for trends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from supplyrisk.scores.concentration import herfindahl_hirschman_index, residual_contribution
from supplyrisk.scores.supply import grade_of
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import RESIDUAL_ONLY


def hhi_series(rows: pl.DataFrame, kinds: Mapping[str, str], stages: Mapping[str, str]) -> Iterator[ScoreRow]:
    """HHI of each product and year of ``rows`` (tables.editions, trend); low and high are the ends of the residuals.

    The grade is the one that four fifths of the output reach, as in scores.supply. A change of ``edition`` between two
    years is a break: the statistics count differently, not the world.
    """
    if rows.is_empty():
        return
    ordered = rows.with_columns(is_country=pl.col("iso3").replace_strict(kinds, return_dtype=pl.String) == "country")
    groups = ordered.group_by("product_id", "year", maintain_order=True).agg(
        pl.col("edition").first(), "quality", "row_id", "value", "is_country"
    )
    for product, year, edition, qualities, row_ids, made, are_countries in groups.iter_rows():
        values, named = np.array(made) / sum(made), np.array(are_countries)
        above_zero = values[named & (values > 0.0)]
        smallest = above_zero.min() if above_zero.size else 0.0
        low = float(herfindahl_hirschman_index(values[named]))
        yield ScoreRow(
            "hhi_series",
            product,
            stages[product],
            Basis(year, edition, grade_of(qualities, values), row_ids),
            low + float(residual_contribution(values[~named], smallest)),
            low,
            low + float(herfindahl_hirschman_index(values[~named])),
            RESIDUAL_ONLY,
        )
