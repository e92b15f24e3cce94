"""What recyclers can take in a year, and where they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.words import RowId, Words
from supplyrisk.mitigation.recycling import between_years

PLACES = {
    "place": pl.String, "site": pl.String, "year": pl.Int64, "status": pl.String, "quantity": pl.Float64,
    "bound": pl.String, "unit": pl.String, "counted_as": pl.String, "row_id": pl.String, "source_ids": pl.String,
}  # fmt: skip
NOT_COUNTED, REST = "not_counted", "rest"


class RecyclerCapacity(BaseModel):
    """Rows of the table capacity: of a continent what ran by year and what is announced, and its plants in the EU."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    operating: Annotated[dict[int, RowId], Field(min_length=1)]
    announced: Annotated[dict[int, RowId], Field(min_length=1, max_length=1)]
    plants: Words[RowId]

    @property
    def rows(self) -> tuple[str, ...]:
        """Rows that the limit is worked out from."""
        return (*self.operating.values(), *self.announced.values())


def capacity_by_year(
    operating: Mapping[int, float],
    announced: Mapping[int, float],
    years: tuple[int, ...],
    built_share: float,
    growth_after: float,
) -> Floats:
    """Tonnes a year: what ran, straight on to announced·built share, then growing by ``growth_after`` a year.

    Before the first known year it is that year's: capacity of a year limits that year alone, and none is shown.
    """
    due, tonnes = next(iter(announced.items()))
    known = {**operating, due: tonnes * built_share}
    steady = between_years({**known, max(years[-1], due): known[due]}, years, 0.0)
    grown = [(1.0 + growth_after) ** max(0, year - due) for year in years]
    found: Floats = steady * grown
    return found


def recycler_places(
    capacity: pl.DataFrame, projects: pl.DataFrame, materials: Collection[str], taken: RecyclerCapacity, built: float
) -> pl.DataFrame:
    """A row a figure of ``capacity``, one for what no plant of the EU accounts for, and one a strategic project.

    ``capacity``: rows of recyclers of the goods; ``projects``: the table of strategic projects, of which those
    that recycle some of ``materials`` are told, without a quantity; ``built``: the part of what is announced that is
    built. ``counted_as``: operating or announced (totals), plant (inside these), rest, or not_counted.
    """
    as_what = dict.fromkeys(taken.operating.values(), "operating")
    as_what |= dict.fromkeys(taken.announced.values(), "announced") | dict.fromkeys(taken.plants, "plant")
    place = pl.coalesce("iso3", pl.col("area").str.to_uppercase()).alias("place")
    counted = pl.col("row_id").replace_strict(as_what, default=NOT_COUNTED, return_dtype=pl.String)
    told = capacity.sort("row_id").with_columns(place, counted.alias("counted_as")).rename({"value": "quantity"})
    ((due, total),) = taken.announced.items()
    named = told.filter(pl.col("counted_as") == "plant")["quantity"].sum()
    rest = told.filter(pl.col("row_id") == total).select(
        "place",
        pl.lit(None, pl.String).alias("site"),
        pl.lit(due, pl.Int64).alias("year"),
        "status",
        (pl.col("quantity") * built - named).clip(lower_bound=0.0),
        pl.lit(None, pl.String).alias("bound"),
        "unit",
        pl.lit(REST).alias("counted_as"),
        pl.lit(None, pl.String).alias("row_id"),
        "source_ids",
    )
    return pl.concat([_places(told), _places(rest), project_places(projects, materials)])


def project_places(projects: pl.DataFrame, materials: Collection[str]) -> pl.DataFrame:
    """Strategic projects that recycle some of ``materials``: capacities are not in the table, so none is counted."""
    recycles = pl.col("stages").str.split(";").list.contains("recycling")
    of_these = pl.col("material_ids").str.split(";").list.set_intersection(sorted(materials)).list.len() > 0
    return _places(
        projects.filter(recycles & of_these)
        .sort("row_id")
        .select(
            pl.col("iso3").alias("place"),
            pl.col("name").alias("site"),
            pl.lit(None, pl.Int64).alias("year"),
            pl.lit("strategic_project").alias("status"),
            pl.lit(None, pl.Float64).alias("quantity"),
            pl.lit(None, pl.String).alias("bound"),
            pl.lit(None, pl.String).alias("unit"),
            pl.lit(NOT_COUNTED).alias("counted_as"),
            "row_id",
            "source_ids",
        )
    )


def other_figures(rows: pl.DataFrame, site: pl.Expr) -> pl.DataFrame:
    """Single figures that are no limit (shares of world capacity, output elsewhere), told for comparison.

    ``rows``: of the tables recycling or parameters; ``site``: what stands for the plant.
    """
    area = pl.col("area").str.to_uppercase() if "area" in rows.columns else pl.lit(None, pl.String)
    return _places(
        rows.sort("row_id").select(
            pl.coalesce("iso3", area).alias("place"),
            site.alias("site"),
            pl.col("period").cast(pl.Int64).alias("year"),
            pl.col("nature").alias("status"),
            pl.col("value").alias("quantity"),
            "bound",
            "unit",
            pl.lit(NOT_COUNTED).alias("counted_as"),
            "row_id",
            "source_ids",
        )
    )


def _places(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in PLACES.items())
