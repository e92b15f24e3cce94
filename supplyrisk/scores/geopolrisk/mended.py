"""GeoPolRisk with the defects of the original mended: what is not known is missing, and regions import from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.network.trade_content import weighted_median
from supplyrisk.scores.geopolrisk.compatible import COLUMNS
from supplyrisk.scores.geopolrisk.copper import COPPER, COPPER_COLUMNS, CopperReference, with_factors
from supplyrisk.scores.geopolrisk.formulas import import_risk, instability
from supplyrisk.scores.geopolrisk.world_output import LARGEST_MISSING_PART, output_in_tonnes, world_concentration
from supplyrisk.tables.raw.geopolrisk_files import GeoPolRiskFiles

FURTHER_COLUMNS = (
    "import_risk_with_internal_trade",
    "imports_t",
    "mended_share",
    "stability_year",
    "empty_output_cells",
    "missing_reason",
    *COPPER_COLUMNS,
)

LARGEST_UNKNOWN_STABILITY = 0.10
_KEY = ["raw_material", "year"]


def mended_scores(
    files: GeoPolRiskFiles,
    units: Mapping[str, Sequence[str]],
    unit_value_ratio: float,
    yardstick: Mapping[str, Sequence[str]],
    reference: CopperReference,
) -> pl.DataFrame:
    """One row a material, unit and year: ``COLUMNS`` and ``FURTHER_COLUMNS``; a missing score or factor says why.

    ``units``: ISO codes of the members by unit; ``unit_value_ratio``: a weight is mistaken where its tonne is worth
    less than the usual one over this, as in the network; ``yardstick``: the one unit, with its members, whose copper of
    the year is the reference where ``reference`` is ``eu27_and_year``. Against the original: political stability of one
    vintage, by ISO code, the latest year up to the one asked for (``stability_year``); imports of a region from outside
    it, with the figure that counts trade among members beside it; weights mended by the usual unit value of the heading
    and year (``mended_share`` of ``imports_t``); no score without imports, where output of the world or of the unit is
    not given (``empty_output_cells`` of the world), or where domestic production stands in another unit than imports;
    one copper for all units of a year. Domestic output in metal content is set beside imports in gross weight, as in
    the original.
    """
    output, world = output_in_tonnes(files), world_concentration(files)
    flows = _flows(files, unit_value_ratio)
    rows = pl.concat([_of_unit(unit, list(members), flows, output, world) for unit, members in units.items()])
    copper = rows.filter(pl.col("raw_material") == COPPER)
    if reference == "eu27_and_year":
        tables = [table.filter(pl.col("raw_material") == COPPER) for table in (flows, output, world)]
        copper = pl.concat([_of_unit(unit, list(members), *tables) for unit, members in yardstick.items()])
    return (
        with_factors(rows, copper, reference)
        .select(*COLUMNS, *FURTHER_COLUMNS)
        .sort("raw_material", "economic_unit_iso3", "year")
    )


def _flows(files: GeoPolRiskFiles, unit_value_ratio: float) -> pl.DataFrame:
    """Flows by material with mended tonnes, ISO codes, and instability of the exporter (null = not known).

    A weight stands unless its value tells that it is mistaken: a flow without a value keeps its tonnes. ``in_doubt``:
    headings and years in which the median of unit values weighted by worth is further above that weighted by tonnes
    than a mistaken weight is below it, so that nothing tells the usual one.
    """
    codes = files.countries
    stable = _stability(files.estimates, sorted(files.trade["year"].unique()))
    usual = (
        files.trade.filter((pl.col("tonnes") > 0.0) & (pl.col("value_kusd") > 0.0))
        .with_columns((pl.col("value_kusd") / pl.col("tonnes")).alias("unit_value"))
        .group_by("hs", "year")
        .agg(
            weighted_median(pl.col("unit_value"), pl.col("tonnes")).alias("usual"),
            weighted_median(pl.col("unit_value"), pl.col("value_kusd")).alias("usual_by_worth"),
        )
    )
    ratio = pl.col("value_kusd") / pl.col("tonnes") / pl.col("usual")
    # Dear flows are left: concentrates and worked forms share a heading with ores, and are worth far more a tonne.
    mistaken = ((pl.col("value_kusd") > 0.0) & (ratio < 1.0 / unit_value_ratio)).fill_null(False)
    sound = (pl.col("tonnes") > 0.0).fill_null(False) & ~mistaken
    return (
        files.trade.join(usual, on=["hs", "year"], how="left")
        .with_columns(
            sound.alias("sound"),
            in_doubt=(pl.col("usual_by_worth") > unit_value_ratio * pl.col("usual")).fill_null(False),
        )
        .with_columns(pl.when("sound").then("tonnes").otherwise(pl.col("value_kusd") / pl.col("usual")).alias("tonnes"))
        .join(files.materials, on="hs")
        .join(codes.rename({"country_code": "exporter", "iso3": "exporter_iso3"}), on="exporter", how="left")
        .join(codes.rename({"country_code": "importer", "iso3": "importer_iso3"}), on="importer", how="left")
        .join(stable, on=["year", "exporter_iso3"], how="left")
    )


def _stability(estimates: pl.DataFrame, years: Sequence[int]) -> pl.DataFrame:
    """Instability by year asked for and exporter: of the latest year up to it that has an estimate."""
    known = estimates.filter(pl.col("estimate").is_not_null())
    parts = [
        known.filter(pl.col("year") <= year)
        .sort("iso3", "year")
        .group_by("iso3", maintain_order=True)
        .last()
        .select(
            pl.lit(year, dtype=pl.Int64).alias("year"),
            pl.col("iso3").alias("exporter_iso3"),
            instability(pl.col("estimate")).alias("instability"),
            pl.col("year").alias("stability_year"),
        )
        for year in years
    ]
    return pl.concat(parts)


def _of_unit(
    unit: str, members: list[str], flows: pl.DataFrame, output: pl.DataFrame, world: pl.DataFrame
) -> pl.DataFrame:
    inward = flows.filter(pl.col("importer_iso3").is_in(members))
    outside = ~pl.col("exporter_iso3").is_in(members).fill_null(False)
    tonnes, known = pl.col("tonnes"), pl.col("instability").is_not_null()
    imports = inward.group_by(_KEY, maintain_order=True).agg(
        (tonnes * pl.col("instability")).filter(outside).sum().alias("weighted"),
        tonnes.filter(outside & known).sum().alias("known"),
        tonnes.filter(outside).sum().alias("imports_t"),
        tonnes.sum().alias("all_imports"),
        pl.col("value_kusd").filter(outside & tonnes.is_not_null()).sum().alias("value"),
        tonnes.filter(outside & pl.col("value_kusd").is_not_null()).sum().alias("valued"),
        tonnes.filter(outside & ~pl.col("sound")).sum().alias("mended"),
        tonnes.filter(outside & pl.col("in_doubt")).sum().alias("doubtful"),
        pl.col("stability_year").filter(outside).max(),
    )
    own = (
        output.filter(pl.col("iso3").is_in(members))
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.col("quantity").sum().alias("domestic"),
            pl.col("nearest_quantity").sum().alias("domestic_not_given"),
            pl.col("in_cubic_metres").any(),
        )
    )
    rows = world.join(imports, on=_KEY, how="left").join(own, on=_KEY, how="left")
    rows = rows.with_columns(
        pl.col("domestic", "domestic_not_given", "imports_t", "all_imports").fill_null(0.0),
        pl.col("in_cubic_metres").fill_null(False),
    )
    supply = pl.sum_horizontal("imports_t", "domestic", "domestic_not_given")
    reason = (
        pl.when(pl.col("output_reason").is_not_null())
        .then("output_reason")
        .when(pl.col("imports_t") <= 0.0)
        .then(pl.lit("no_imports_recorded"))
        .when(pl.col("in_cubic_metres") & (pl.col("domestic") + pl.col("domestic_not_given") > 0.0))
        .then(pl.lit("units_differ"))
        .when(pl.col("domestic_not_given") >= LARGEST_MISSING_PART * supply)
        .then(pl.lit("own_output_not_given"))
        .when(pl.col("doubtful") >= LARGEST_MISSING_PART * pl.col("imports_t"))
        .then(pl.lit("weights_in_doubt"))
        .when(pl.col("known") < (1.0 - LARGEST_UNKNOWN_STABILITY) * pl.col("imports_t"))
        .then(pl.lit("stability_missing"))
    )
    # Exporters without an estimate take the mean of the rest.
    weighted = pl.col("weighted") * pl.col("imports_t") / pl.col("known")
    scored = pl.col("missing_reason").is_null()
    with_internal = import_risk(weighted, pl.col("all_imports"), pl.col("domestic"))
    return (
        rows.with_columns(pl.lit(unit).alias("economic_unit_iso3"), reason.alias("missing_reason"))
        .with_columns(
            pl.when(scored).then(import_risk(weighted, pl.col("imports_t"), pl.col("domestic"))).alias("import_risk"),
            pl.when(scored).then(with_internal).alias("import_risk_with_internal_trade"),
            pl.when(pl.col("valued") > 0.0).then(pl.col("value") / pl.col("valued")).alias("price_kusd_per_t"),
            pl.when(pl.col("imports_t") > 0.0).then("imports_t").name.keep(),
            pl.when(pl.col("imports_t") > 0.0).then(pl.col("mended") / pl.col("imports_t")).alias("mended_share"),
        )
        .with_columns((pl.col("hhi") * pl.col("import_risk")).alias("score"))
    )
