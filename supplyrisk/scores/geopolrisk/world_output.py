"""World output of a raw material for GeoPolRisk: its concentration, and why there is none where cells are empty."""

from __future__ import annotations

import polars as pl

from supplyrisk.scores.geopolrisk.formulas import concentration
from supplyrisk.tables.raw.geopolrisk_checks import CUBIC_METRES, TONNES_PER_UNIT, TOTAL_ROW
from supplyrisk.tables.raw.geopolrisk_files import GeoPolRiskFiles

LARGEST_MISSING_PART = 0.10
"""Output may lack less than a tenth, as figures of other years tell it, or the printed total of the world."""

_CELL = ["production_table", "year"]


def output_in_tonnes(files: GeoPolRiskFiles) -> pl.DataFrame:
    """Output by raw_material, year and iso3, null where the cell is empty, with the figure of the nearest year then.

    ``quantity`` and ``nearest_quantity`` in tonnes; in millions of cubic metres where ``in_cubic_metres``.
    """
    empty = files.empty_cells.select(*_CELL, "iso3", "nearest_quantity")
    factor = pl.col("unit").replace_strict({**TONNES_PER_UNIT, CUBIC_METRES: 1.0})
    return (
        files.production.filter(pl.col("country_code") != TOTAL_ROW)
        .join(empty, on=[*_CELL, "iso3"], how="left")
        .join(_tables(files), on="production_table")
        .select(
            "raw_material",
            "year",
            "iso3",
            pl.col("quantity", "nearest_quantity") * factor,
            (pl.col("unit") == CUBIC_METRES).alias("in_cubic_metres"),
        )
    )


def world_concentration(files: GeoPolRiskFiles) -> pl.DataFrame:
    """``hhi`` by raw_material and year, the empty cells of its table, and ``output_reason`` where it is missing.

    Missing where producers with empty cells made a tenth or more of the world in the nearest year that has their
    figure, where nothing is produced, and where the sum of producers is a tenth or more off the printed total.
    """
    is_total = pl.col("country_code") == TOTAL_ROW
    cells = files.production.group_by(_CELL, maintain_order=True).agg(
        concentration(pl.col("quantity").filter(~is_total)).alias("hhi"),
        pl.col("quantity").filter(~is_total).sum().alias("summed"),
        pl.col("quantity").filter(is_total).sum().alias("printed"),
    )
    empty = files.empty_cells.group_by(_CELL).agg(
        pl.len().alias("empty_output_cells"), pl.col("nearest_share").sum().alias("empty_share")
    )
    off = (pl.col("summed") / pl.col("printed") - 1.0).abs()
    reason = (
        pl.when(pl.col("empty_share") >= LARGEST_MISSING_PART)
        .then(pl.lit("world_output_incomplete"))
        .when(pl.col("hhi").is_null())
        .then(pl.lit("no_world_production"))
        .when((pl.col("printed") > 0.0) & (off >= LARGEST_MISSING_PART))
        .then(pl.lit("world_output_not_as_printed"))
    )
    return (
        cells.join(empty, on=_CELL, how="left")
        .with_columns(pl.col("empty_output_cells").fill_null(0).cast(pl.Int64), reason.alias("output_reason"))
        .with_columns(pl.when(pl.col("output_reason").is_null()).then("hhi").alias("hhi"))
        .join(_tables(files), on="production_table")
        .select("raw_material", "year", "hhi", "empty_output_cells", "output_reason")
    )


def notes_on_output(files: GeoPolRiskFiles, as_in_package: bool) -> tuple[str, ...]:
    """How many cells of production are empty and what was made of them, and which world output is not to be trusted.

    ``as_in_package``: empty cells count as zero and output that is not to be trusted is used.
    """
    world = world_concentration(files)
    count = int(world["empty_output_cells"].sum())
    made = "taken for zero, as in the package" if as_in_package else "told in the column empty_output_cells"
    effect = "figures as in the package, wrong by it" if as_in_package else "no score"
    notes = [f"empty cells of production: {count}, {made}."] if count else []
    for reason, what in (
        ("world_output_incomplete", "a tenth or more of world production is in empty cells"),
        ("world_output_not_as_printed", "producers add up to a tenth or more off the printed total"),
    ):
        rows = world.filter(pl.col("output_reason") == reason).select("raw_material", "year").sort(pl.all()).rows()
        if rows:
            notes.append(f"{what}, {effect}: {', '.join(f'{name} {year}' for name, year in rows)}.")
    return tuple(notes)


def _tables(files: GeoPolRiskFiles) -> pl.DataFrame:
    return files.materials.select("raw_material", "production_table").unique(maintain_order=True)
