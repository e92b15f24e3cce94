"""What a picture of a chain shows: who makes a tier, and what goes on to the next tier, by country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.network.bands import bands_behind
from supplyrisk.network.look_through import look_through
from supplyrisk.network.model import Network
from supplyrisk.network.places import EU_REGION, EU_UNSPECIFIED, REST_OF_WORLD
from supplyrisk.report.shares import OTHER, RESIDUAL

Array = NDArray[np.float64]

NODES = {"column": pl.Int64, "code": pl.String, "share": pl.Float64}
FLOWS = {"column": pl.Int64, "source": pl.String, "target": pl.String, "amount": pl.Float64}

VALUE_TIERS: Sequence[tuple[str, ...]] = (
    ("extraction",),
    ("refining",),
    ("precursor", "active_material", "component"),
    ("cell", "magnet"),
    ("pack",),
)
"""Tiers of the picture by value: everything that goes into a cell but raw materials is one tier."""

MATERIAL_TIERS: Sequence[tuple[str, ...]] = (
    ("extraction",),
    ("refining",),
    ("precursor",),
    ("active_material", "component"),
    ("cell", "magnet"),
)
"""Tiers of the picture of one material; packs hold what cells hold and are left out."""


@dataclass(frozen=True)
class ChainColumns:
    """A chain as columns from left to right, the last one the use.

    ``tiers``: stages found in each column but the last. ``nodes``: column, code, share (of the column). ``flows``:
    column, source, target, amount, from a column to the next, the unit being that of the picture. ``weights``: part of
    the whole that is added in each tier (None where the picture follows one material, which nothing adds to).
    """

    tiers: tuple[tuple[str, ...], ...]
    nodes: pl.DataFrame
    flows: pl.DataFrame
    weights: tuple[float, ...] | None

    def share(self, column: int, code: str) -> float:
        """Share of a code in a column, 0 where it makes nothing."""
        found = self.nodes.filter((pl.col("column") == column) & (pl.col("code") == code))["share"]
        return float(found[0]) if len(found) else 0.0


def value_columns(
    network: Network, used: Mapping[str, Array], values: Mapping[str, float], stages: Mapping[str, str], region: str
) -> ChainColumns:
    """The chain behind a use by value: each column adds up to the value added in its tier."""
    made = look_through(network, used).made
    added = [
        {"product_id": product, "code": code, "amount": values[product] * float(volume)}
        for product, volumes in made.items()
        if product in values
        for code, volume in zip(network.places.codes, volumes, strict=True)
        if volume > 0.0
    ]
    bands = bands_behind(network, used, values)
    own = pl.DataFrame(added, schema={"product_id": pl.String, "code": pl.String, "amount": pl.Float64})
    return _columns(network, own, bands, VALUE_TIERS, stages, region, weighted=True)


def material_columns(
    network: Network, used: Mapping[str, Array], root: str, stages: Mapping[str, str], region: str
) -> ChainColumns:
    """One raw material on its way to a use: every column holds the same tonnes of it."""
    bands = bands_behind(network, used, {root: 1.0})
    # Within a tier only what leaves it counts, so that metal made into sulphate is not counted twice.
    tier_of = _tier_of(MATERIAL_TIERS, stages)
    leaving = bands.filter(
        pl.col("product_id").replace_strict(tier_of, default=-1, return_dtype=pl.Int64)
        != pl.col("user_product").replace_strict(tier_of, default=-2, return_dtype=pl.Int64)
    )
    own = leaving.select("product_id", pl.col("supplier").alias("code"), "amount")
    return _columns(network, own, bands, MATERIAL_TIERS, stages, region, weighted=False)


def _tier_of(tiers: Sequence[tuple[str, ...]], stages: Mapping[str, str]) -> dict[str, int]:
    place = {stage: position for position, tier in enumerate(tiers) for stage in tier}
    return {product: place[stage] for product, stage in stages.items() if stage in place}


def _columns(
    network: Network,
    own: pl.DataFrame,
    bands: pl.DataFrame,
    tiers: Sequence[tuple[str, ...]],
    stages: Mapping[str, str],
    region: str,
    weighted: bool,
) -> ChainColumns:
    """Columns of the tiers that are there, closed up; what skips a tier is in the nodes, not in the bands."""
    tier_of = _tier_of(tiers, stages)
    made = own.with_columns(
        pl.col("product_id").replace_strict(tier_of, default=None, return_dtype=pl.Int64).alias("tier"),
        _code_of(network, "code"),
    ).filter(pl.col("tier").is_not_null() & (pl.col("amount") > 0.0))
    there = sorted(made["tier"].unique().to_list())
    position = {tier: column for column, tier in enumerate(there)}
    last = len(there)
    sums = made.with_columns(pl.col("tier").replace_strict(position, return_dtype=pl.Int64).alias("column"))
    totals = [float(sums.filter(pl.col("column") == column)["amount"].sum()) for column in range(last)]
    nodes = (
        sums.group_by("column", "code", maintain_order=True)
        .agg(pl.col("amount").sum())
        .with_columns((pl.col("amount") / pl.col("amount").sum().over("column")).alias("share"))
        .select(list(NODES))
    )
    use = pl.DataFrame({"column": [last], "code": [region], "share": [1.0]}, schema=NODES)
    column_of = {product: position[tier] for product, tier in tier_of.items() if tier in position}
    placed = bands.with_columns(
        pl.col("product_id").replace_strict(column_of, default=None, return_dtype=pl.Int64).alias("column"),
        pl.col("user_product").replace_strict(column_of, default=None, return_dtype=pl.Int64).alias("onward"),
        _code_of(network, "supplier").alias("source"),
        _code_of(network, "user").alias("target"),
    )
    into_use = pl.col("onward").is_null() & (pl.col("column") == last - 1)
    flows = (
        placed.with_columns(
            pl.when(into_use).then(last).otherwise(pl.col("onward")).alias("onward"),
            pl.when(into_use).then(pl.lit(region)).otherwise(pl.col("target")).alias("target"),
        )
        .filter(pl.col("onward") == pl.col("column") + 1)
        .group_by("column", "source", "target", maintain_order=True)
        .agg(pl.col("amount").sum())
        .select(list(FLOWS))
        .sort("column", "source", "target")
    )
    whole = sum(totals)
    present = {stages[product] for product in made["product_id"].unique()}
    return ChainColumns(
        tiers=tuple(tuple(stage for stage in tiers[tier] if stage in present) for tier in there),
        nodes=pl.concat([nodes, use]).sort("column", "code"),
        flows=flows,
        weights=tuple(total / whole for total in totals) if weighted and whole > 0.0 else None,
    )


def _code_of(network: Network, column: str) -> pl.Expr:
    """Country code as drawn: members of the EU as one, the rest of the world as not named."""
    drawn = {
        code: EU_REGION if inside else RESIDUAL if code == REST_OF_WORLD else code
        for code, inside in zip(network.places.codes, network.places.in_eu, strict=True)
    }
    drawn[EU_UNSPECIFIED] = EU_REGION
    return pl.col(column).replace_strict(drawn, return_dtype=pl.String)


def leading_countries(columns: ChainColumns, count: int, least: float) -> list[str]:
    """Codes that are drawn apart, the EU first, then by their sum of shares over the tiers.

    The ``count`` largest, and any that makes ``least`` or more of one tier.
    """
    last = len(columns.tiers)
    tiers = columns.nodes.filter((pl.col("column") < last) & (pl.col("code") != RESIDUAL))
    sums = tiers.group_by("code", maintain_order=True).agg(pl.col("share").sum(), pl.col("share").max().alias("most"))
    ordered = sums.sort("share", "code", descending=[True, False])
    codes = ordered.head(count)["code"].to_list()
    codes += [code for code in ordered.filter(pl.col("most") >= least)["code"] if code not in codes]
    return [EU_REGION, *(code for code in codes if code != EU_REGION)]


def draw_together(columns: ChainColumns, codes: Sequence[str]) -> ChainColumns:
    """The columns with every country outside ``codes`` drawn into other countries; the use stays as it is."""
    last = len(columns.tiers)

    def kept(column: str, is_use: pl.Expr) -> pl.Expr:
        named = pl.col(column).is_in([*codes, RESIDUAL]) | is_use
        return pl.when(named).then(pl.col(column)).otherwise(pl.lit(OTHER)).alias(column)

    nodes = columns.nodes.with_columns(kept("code", pl.col("column") == last)).group_by(
        "column", "code", maintain_order=True
    )
    flows = columns.flows.with_columns(
        kept("source", pl.lit(False)), kept("target", pl.col("column") + 1 == last)
    ).group_by("column", "source", "target", maintain_order=True)
    return ChainColumns(
        tiers=columns.tiers,
        nodes=nodes.agg(pl.col("share").sum()).sort("column", "code"),
        flows=flows.agg(pl.col("amount").sum()).sort("column", "source", "target"),
        weights=columns.weights,
    )
