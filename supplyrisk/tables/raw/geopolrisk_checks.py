"""What a table of a GeoPolRisk run must not hold, though it has the columns and its numbers are numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.raw.layout import note_rows

TOTAL_ROW = "DELETE"
"""Code of the rows of production that hold the printed world total."""

CUBIC_METRES = "Mio m3"
TONNES_PER_UNIT = {"metr. t": 1.0, "kg": 1e-3, "ct": 2e-7}
"""Tonnes in a unit of production; a metric carat is 0.2 g. ``CUBIC_METRES`` are no weight."""

LARGEST_ESTIMATE = 4.0
"""Governance estimates are in standard deviations: those of 1996 to 2023 lie within −3.4 and 2.5."""

_SIX_DIGITS = r"^\d{6}$"
_MEND_CELL = "Mend the cell, or leave it empty if the figure is missing."
_MEND_DOUBLE = "Leave one of the two out."


def check_production(file: str, table: pl.DataFrame, collector: ProblemCollector) -> None:
    """Units that are not known, two units in one table, output below zero, and a producer twice in one table.

    ``table`` has the columns of the file, and ``producer``, its ISO code.
    """
    units = (*TONNES_PER_UNIT, CUBIC_METRES)
    unknown = ~table["unit"].is_in(units)
    note_rows(
        collector,
        file,
        unknown,
        "column unit",
        lambda row: f"'{table['unit'][row]}' is not a unit of production",
        lambda row: did_you_mean(table["unit"][row], units),
    )
    usual = table.select(pl.col("unit").mode().sort().first().over("Sheet_name"))["unit"]
    note_rows(
        collector,
        file,
        (table["unit"] != usual) & ~unknown,
        "column unit",
        lambda row: f"'{table['unit'][row]}', and other rows of {table['Sheet_name'][row]} are in '{usual[row]}'",
        "A table is in one unit.",
    )
    for year in filter(str.isdigit, table.columns):
        _note_negative(file, table, year, "output", collector)
    _note_doubles(file, table, ("Sheet_name", "producer"), "column Country", collector)


def check_tables(file: str, production: pl.DataFrame, materials: pl.DataFrame, collector: ProblemCollector) -> None:
    """Tables of production that the map of materials names and the file has no producer of.

    ``materials``: raw_material, production_table.
    """
    have = set(production.filter(pl.col("Country_Code") != TOTAL_ROW)["Sheet_name"])
    for material, name in materials.select("raw_material", "production_table").unique(maintain_order=True).iter_rows():
        if name not in have:
            collector.add(
                file=file,
                where="column Sheet_name",
                message=f"the table '{name}' of the raw material '{material}' is missing",
                mend=did_you_mean(name, have),
            )


def check_trade(file: str, table: pl.DataFrame, countries: Collection[str] | None, collector: ProblemCollector) -> None:
    """Years and codes that are none, countries not among ``countries``, flows below zero, and flows given twice."""
    for column, pattern, what in (("t", r"^\d{4}$", "a year"), ("k", r"^\d{5,6}$", "an HS code of six digits")):
        _note_pattern(file, table, column, pattern, what, collector)
    if countries is not None:
        for column in ("i", "j"):
            _note_unknown_country(file, table, column, countries, collector)
    for column, what in (("v", "value"), ("q", "quantity")):
        _note_negative(file, table, column, what, collector)
    # One number a flow is compared far sooner than four texts.
    year, exporter, importer, heading = (pl.col(name).cast(pl.Int64, strict=False) for name in ("t", "i", "j", "k"))
    flow = ((year * 1000 + exporter) * 1000 + importer) * 1_000_000 + heading
    _note_doubles(file, table, ("t", "i", "j", "k"), "columns t, i, j, k", collector, flow)


def check_stability(file: str, table: pl.DataFrame, collector: ProblemCollector) -> None:
    """Normalised stability outside 0 … 1."""
    for year in filter(str.isdigit, table.columns):
        _note_range(file, table, year, 0.0, 1.0, collector)


def check_estimates(file: str, table: pl.DataFrame, collector: ProblemCollector) -> None:
    """Governance estimates beyond any that a standard normal scale gives, and an economy twice in one year."""
    _note_range(file, table, "estimate", -LARGEST_ESTIMATE, LARGEST_ESTIMATE, collector)
    _note_doubles(file, table, ("code", "year", "indicator"), "columns code, year, indicator", collector)


def check_countries(file: str, table: pl.DataFrame, collector: ProblemCollector) -> None:
    """A country code twice."""
    _note_doubles(file, table, ("country_code",), "column country_code", collector)


def check_materials(file: str, table: pl.DataFrame, collector: ProblemCollector) -> None:
    """HS codes that are none or given twice for a raw material, and raw materials with two tables of production.

    ``table``: row, raw_material, production_table, hs.
    """
    wrong = table.filter(~pl.col("hs").str.contains(_SIX_DIGITS))
    for row, material, code in wrong.select("row", "raw_material", "hs").iter_rows():
        message = f"'{code}' of '{material}' is not an HS code of six digits"
        collector.add(file=file, where=f"row {row}", message=message, mend="Give six digits, or 'Not Available'.")
    twice = table.filter(~pl.struct("raw_material", "hs").is_first_distinct())
    for row, material, code in twice.select("row", "raw_material", "hs").iter_rows():
        message = f"'{code}' of '{material}' is there twice, and its trade would count twice"
        collector.add(file=file, where=f"row {row}", message=message, mend=_MEND_DOUBLE)
    tables = table.unique(["raw_material", "production_table"], keep="first", maintain_order=True)
    for row, material in (
        tables.filter(~pl.col("raw_material").is_first_distinct()).select("row", "raw_material").rows()
    ):
        message = f"'{material}' has another table of production in a row before"
        collector.add(file=file, where=f"row {row}", message=message, mend="A raw material has one.")


def _note_unknown_country(
    file: str, table: pl.DataFrame, column: str, countries: Collection[str], collector: ProblemCollector
) -> None:
    note_rows(
        collector,
        file,
        ~table[column].is_in(list(countries)),
        f"column {column}",
        lambda row: f"'{table[column][row]}' is not among the country codes",
        "Mend the cell, or give the country codes of the same release.",
    )


def _note_negative(file: str, table: pl.DataFrame, column: str, what: str, collector: ProblemCollector) -> None:
    note_rows(
        collector,
        file,
        (table[column] < 0.0).fill_null(False),
        f"column {column}",
        lambda row: f"{table[column][row]:g} is {what} below zero",
        _MEND_CELL,
    )


def _note_range(
    file: str, table: pl.DataFrame, column: str, low: float, high: float, collector: ProblemCollector
) -> None:
    note_rows(
        collector,
        file,
        ~table[column].is_between(low, high).fill_null(True),
        f"column {column}",
        lambda row: f"{table[column][row]:g} lies outside {low:g} to {high:g}",
        _MEND_CELL,
    )


def _note_pattern(
    file: str, table: pl.DataFrame, column: str, pattern: str, what: str, collector: ProblemCollector
) -> None:
    words = table[column].unique()
    wrong = words.filter(~words.str.contains(pattern))
    if len(wrong):
        note_rows(
            collector,
            file,
            table[column].is_in(wrong.implode()),
            f"column {column}",
            lambda row: f"'{table[column][row]}' is not {what}",
            "Mend the cell.",
        )


def _note_doubles(
    file: str,
    table: pl.DataFrame,
    key: Sequence[str],
    where: str,
    collector: ProblemCollector,
    same: pl.Expr | None = None,
) -> None:
    """Note rows whose ``key`` was there before; ``same``: what is equal for equal keys, if not the key itself."""
    keys = table.select((pl.struct(key) if same is None else same).alias("key"))
    doubled = keys.select(~pl.col("key").is_first_distinct() & pl.col("key").is_not_null()).to_series()
    if doubled.any():
        first = keys.with_row_index("row").select(pl.col("row").min().over("key")).to_series()
        note_rows(
            collector,
            file,
            doubled,
            where,
            lambda row: f"{', '.join(str(table[name][row]) for name in key)} is there already, in row {first[row] + 2}",
            _MEND_DOUBLE,
        )
