"""Supply of one product by country, with draws of its uncertain shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.keyed_draws import keyed_normal_matrix

Array = NDArray[np.float64]

_RANGE_IN_DEVIATIONS = 2 * 1.6448536269514722
"""A published range is read as the 5 to 95 % range of a lognormal."""


@dataclass(frozen=True)
class Supply:
    """Who makes a product: countries, and residuals (ROW, or a region filed as one) which are no country.

    ``shares`` and ``residual_shares`` are fractions of all of it and add up to one; ``*_draws`` have a second axis of
    draws. ``row_ids`` lists the rows behind them, countries first; ``quality`` is the grade (A … D) that at least four
    fifths of the output reach.
    """

    product_id: str
    year: int
    edition: str
    countries: tuple[str, ...]
    shares: Array
    share_draws: Array
    residuals: tuple[str, ...]
    residual_shares: Array
    residual_draws: Array
    row_ids: tuple[str, ...]
    quality: str

    @property
    def smallest_named(self) -> float:
        """Share of the smallest country that is named; 0 if none is."""
        positive = self.shares[self.shares > 0.0]
        return float(positive.min()) if positive.size else 0.0

    @property
    def largest(self) -> str | None:
        """The country with the largest share; None where none is named or the residual is larger than any of them."""
        if not self.countries or self.residual_shares.sum() > self.shares.max():
            return None
        return self.countries[int(np.argmax(self.shares))]


@dataclass(frozen=True)
class Output:
    """Rows of the output of one product and year: who made it, how much, σ of its logarithm, row and grade of each."""

    places: Sequence[str]
    values: Sequence[float]
    log_widths: Sequence[float]
    row_ids: Sequence[str]
    qualities: Sequence[str]


def supplies(
    rows: pl.DataFrame, kinds: Mapping[str, str], widths: Mapping[str, float], seed: int, draws: int
) -> Iterator[Supply]:
    """One ``Supply`` for each product and year of ``rows`` (as chosen by tables.editions).

    ``kinds``: country | region | rest by iso3; ``widths``: log standard deviation by quality grade, used where a row
    has no range of its own. Each row's tonnage is drawn as value·exp(σ·z) with z keyed by its ``row_id``.
    """
    groups = rows.group_by("product_id", "year", maintain_order=True).agg(
        pl.col("edition").first(), *output_columns(widths)
    )
    for product_id, year, edition, *listed in groups.iter_rows():
        yield supply_of(product_id, year, edition, Output(*listed), kinds, seed, draws)


def output_columns(widths: Mapping[str, float]) -> list[pl.Expr]:
    """What an ``Output`` lists, of the rows of a table; ``widths`` as for ``supplies``."""
    return [pl.col("iso3"), pl.col("value"), _log_width(widths), pl.col("row_id"), pl.col("quality")]


def supply_of(
    product_id: str, year: int, edition: str, output: Output, kinds: Mapping[str, str], seed: int, draws: int
) -> Supply:
    """Shares of the output of one product and year, with draws; see ``supplies``."""
    is_country = [kinds[place] == "country" for place in output.places]
    order = sorted(
        range(len(is_country)), key=lambda row: (not is_country[row], -output.values[row], output.places[row])
    )
    named = sum(is_country)
    places, row_ids = ([listed[row] for row in order] for listed in (output.places, output.row_ids))
    values, log_widths = (np.array(listed)[order] for listed in (output.values, output.log_widths))
    drawn = values[:, None] * np.exp(log_widths[:, None] * keyed_normal_matrix(seed, row_ids, draws))
    drawn /= drawn.sum(axis=0)
    shares = values / values.sum()
    return Supply(
        product_id=product_id,
        year=year,
        edition=edition,
        countries=tuple(places[:named]),
        shares=shares[:named],
        share_draws=drawn[:named],
        residuals=tuple(places[named:]),
        residual_shares=shares[named:],
        residual_draws=drawn[named:],
        row_ids=tuple(row_ids),
        quality=grade_of([output.qualities[row] for row in order], shares),
    )


def log_widths(rows: pl.DataFrame, widths: Mapping[str, float]) -> Array:
    """σ of each row: from its own range where it has a positive one, else from its quality grade."""
    return rows.select(_log_width(widths)).to_series().to_numpy()


def _log_width(widths: Mapping[str, float]) -> pl.Expr:
    by_grade = pl.col("quality").replace_strict(widths, return_dtype=pl.Float64)
    ranged = (pl.col("low") > 0.0) & (pl.col("high") > pl.col("low"))
    from_range = (pl.col("high") / pl.col("low")).log() / _RANGE_IN_DEVIATIONS
    return pl.when(ranged).then(from_range).otherwise(by_grade)


def grade_of(qualities: Sequence[str], shares: Sequence[float] | Array) -> str:
    """The grade, A best and D worst, that at least four fifths of ``shares`` (adding up to one) reach."""
    covered = 0.0
    for grade in "ABCD":
        covered += float(sum(share for quality, share in zip(qualities, shares, strict=True) if quality == grade))
        if covered >= 0.8 - 1e-12:
            return grade
    return "D"
