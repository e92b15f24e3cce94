"""Country mixes and printed scores of the Commission's studies, from the data package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.scores.criticality.formulas import governance_trade_hhi
from supplyrisk.scores.governance import DIMENSIONS, LARGEST_MISSING_GOVERNANCE, governance_risk

Array = NDArray[np.float64]
Scope = Literal["global_supply", "eu_sourcing"]

UNUSABLE_BLOCKS = ("repeats_global", "incomplete")
"""EU sourcing that copies world supply, or lists so little that an index of it would be far too low."""


@dataclass(frozen=True)
class Mix:
    """Shares by country with the trade parameter of each, and the rows behind them."""

    countries: tuple[str, ...]
    shares: Array
    trade_parameters: Array
    row_ids: tuple[str, ...]

    def index(self, risks: Mapping[str, float]) -> float | None:
        """Σ s²·g·t with fill_missing_risks; None where too much of Σ s² has no governance."""
        risk = np.array([risks.get(country, np.nan) for country in self.countries])
        filled = fill_missing_risks(self.shares, risk)
        index = float(governance_trade_hhi(self.shares, filled, self.trade_parameters))
        return None if np.isnan(index) else index


def fill_missing_risks(shares: Array, risks: Array) -> Array:
    """Risks with the mean (weighted by s²) in the place of NaN; all NaN where those hold over a tenth of Σ s².

    ``risks``: by country, with or without a second axis of choices of governance, each filled on its own.
    """
    known = ~np.isnan(risks)
    if known.all():
        return risks
    squares = np.square(shares).reshape(-1, *[1] * (risks.ndim - 1))
    base = np.where(known, squares, 0.0).sum(axis=0)
    # Countries without a share weigh nothing: where only these have a risk, its plain mean stands.
    weight = np.where(base > 0.0, squares, 1.0) * known
    with np.errstate(invalid="ignore"):
        mean = (weight * np.where(known, risks, 0.0)).sum(axis=0) / weight.sum(axis=0)
    missing = np.where(known, 0.0, squares).sum(axis=0)
    too_little = ~known.any(axis=0) | (missing > LARGEST_MISSING_GOVERNANCE * squares.sum())
    return np.where(too_little, np.nan, np.where(known, risks, mean))


def study_mixes(eu_sourcing: pl.DataFrame, edition: int) -> dict[tuple[str, str, Scope], Mix]:
    """Shares and t as printed (Annex 7 of the 2023 study) by material, stage and scope.

    Blocks that are not to be used are left out.
    """
    blocks = (
        eu_sourcing.filter(pl.col("edition") == edition)
        .sort("material_id", "stage", "scope", "iso3")
        .group_by("material_id", "stage", "scope", maintain_order=True)
        .agg(
            pl.col("block_mark").is_in(UNUSABLE_BLOCKS).any().alias("is_unusable"),
            pl.col("t").is_null().any().alias("lacks_t"),
            "iso3",
            "share",
            pl.col("t").alias("trade_parameters"),
            "row_id",
        )
        .filter(~pl.col("is_unusable") & ~pl.col("lacks_t"))
        .drop("is_unusable", "lacks_t")
    )
    return {
        (material, stage, scope): Mix(tuple(countries), np.array(shares), np.array(t), tuple(rows))
        for material, stage, scope, countries, shares, t, rows in blocks.iter_rows()
    }


def governance_of_year(governance: pl.DataFrame, year: int) -> dict[str, float]:
    """Governance risk by country in one year, where all six dimensions are given."""
    return dict(
        governance.filter(pl.col("year") == year)
        .group_by("iso3")
        .agg(pl.col("value").mean(), pl.len().alias("count"))
        .filter(pl.col("count") == DIMENSIONS)
        .select("iso3", governance_risk(pl.col("value")))
        .sort("iso3")
        .iter_rows()
    )


def governance_by_dimension(governance: pl.DataFrame, year: int) -> dict[str, dict[str, float]]:
    """Governance risk of one year by indicator: each of the six alone, and ``mean`` as governance_of_year gives it."""
    of_year = governance.filter(pl.col("year") == year).sort("dimension", "iso3")
    alone = {
        str(dimension): dict(rows.select("iso3", governance_risk(pl.col("value"))).iter_rows())
        for (dimension,), rows in of_year.group_by(["dimension"], maintain_order=True)
    }
    return {"mean": governance_of_year(governance, year), **alone}


def members_of(materials: pl.DataFrame, assessment: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """Members of every group that the studies score as a mean, by group."""
    groups = set(assessment.filter(pl.col("score_level") == "group")["material_id"])
    parents = materials.filter(pl.col("parent_id").is_in(list(groups)) & (pl.col("list_level") == "member"))
    found: dict[str, tuple[str, ...]] = {}
    for material, parent in parents.select("material_id", "parent_id").sort("material_id").iter_rows():
        found[parent] = (*found.get(parent, ()), material)
    return found
