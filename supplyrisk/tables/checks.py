"""All contracts and the rules between tables: what ``supplyrisk data check`` runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.foundation.problems import Problem, ProblemCollector
from supplyrisk.foundation.units import UNITS
from supplyrisk.tables.contract import TableContract, read_contracts
from supplyrisk.tables.known_from import known_from
from supplyrisk.tables.package import read_tables
from supplyrisk.tables.references import check_references

Frames = Mapping[str, pl.DataFrame]

_SHARES_TOLERANCE = 1.0
"""Shares in per cent of world output are printed rounded: their sum may exceed 100 by one point."""


@dataclass(frozen=True)
class CheckedData:
    """Tables of a data folder that could be read, and every problem of the whole."""

    contracts: dict[str, TableContract]
    frames: dict[str, pl.DataFrame]
    problems: tuple[Problem, ...]


def check_data(folder: Path, overlay: Path | None = None) -> tuple[Problem, ...]:
    """Every problem of a data folder: contracts, references, and rules between tables."""
    return read_and_check(folder, overlay).problems


def read_and_check(folder: Path, overlay: Path | None = None) -> CheckedData:
    """All tables, the broken ones as far as they can be read. Raises ``InputError`` where there are no contracts."""
    collector = ProblemCollector()
    contracts = read_contracts(folder)
    frames = read_tables(folder, contracts, sorted(contracts), collector, overlay)
    check_references(contracts, frames, collector)
    for check in CHECKS:
        check(contracts, frames, collector)
    return CheckedData(contracts, frames, collector.problems)


def check_release_dates(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """``known_from`` of every row follows from the release rules of its sources and its period."""
    if "sources" not in frames:
        return
    for name, contract in contracts.items():
        if not contract.is_fact or name not in frames:
            continue
        rows = frames[name].with_columns(known_from(frames[name], frames["sources"], contract.period).alias("rule"))
        wrong = rows.filter(pl.col("rule").is_not_null() & (pl.col("rule") != pl.col("known_from")))
        _report(
            contract,
            wrong,
            collector,
            "known_from {known_from} differs from {rule}, which follows from its sources",
            "Mend the date or the source.",
        )


def check_ranges(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """Low ≤ value ≤ high, wherever a table has these columns."""
    for name, frame in frames.items():
        for low, centre, high in (
            ("low", "value", "high"),
            ("low", "coefficient", "high"),
            ("content_low", "content", "content_high"),
        ):
            if {low, centre, high} <= set(frame.columns):
                wrong = frame.filter((pl.col(low) > pl.col(centre)) | (pl.col(high) < pl.col(centre)))
                _report(
                    contracts[name],
                    wrong,
                    collector,
                    f"{{{low}}} ≤ {{{centre}}} ≤ {{{high}}} does not hold",
                    "Put the three in rising order.",
                )


def check_days(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """What ends does not end before it starts, as far as both days are told: 2020-05-17 to 2020-05 is in order."""
    for name, frame in frames.items():
        if {"start", "end"} <= set(frame.columns):
            start, end = pl.col("start"), pl.col("end")
            told = pl.min_horizontal(start.str.len_chars(), end.str.len_chars())
            wrong = frame.filter(end.is_not_null() & (end.str.slice(0, told) < start.str.slice(0, told)))
            _report(
                contracts[name], wrong, collector, "the end {end} is before the start {start}", "Swap or correct them."
            )


def check_production_units(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """Output stands in the unit of its product, or in per cent of the world; shares add up to at most 100."""
    if not {"production", "products"} <= frames.keys():
        return
    units = frames["products"].select("product_id", pl.col("unit").alias("product_unit"))
    rows = frames["production"].join(units, on="product_id")
    wrong = rows.filter((pl.col("unit") != pl.col("product_unit")) & (pl.col("unit") != "pct_world"))
    _report(
        contracts["production"],
        wrong,
        collector,
        "the unit is {unit}, the product is in {product_unit}",
        "Convert the value.",
    )
    sums = (
        rows.filter((pl.col("unit") == "pct_world") & (pl.col("iso3") != "WLD"))
        .group_by("product_id", "edition", "year", maintain_order=True)
        .agg(pl.col("value").sum().round(6).alias("sum"), pl.col("row_id").first())
        .filter(pl.col("sum") > 100 + _SHARES_TOLERANCE)
    )
    _report(
        contracts["production"],
        sums,
        collector,
        "the shares of {product_id} {year} ({edition}) add up to {sum} %",
        "They must not exceed 100 %.",
    )
    mixed = (
        rows.group_by("product_id", "edition", "year", maintain_order=True)
        .agg(pl.col("unit").n_unique().alias("units"), pl.col("row_id").first())
        .filter(pl.col("units") > 1)
    )
    _report(
        contracts["production"],
        mixed,
        collector,
        "{product_id} {year} ({edition}) mixes units",
        "One edition of a product and year has one unit.",
    )
    for unit in sorted(set(frames["products"]["unit"]) - UNITS.keys()):
        collector.add(file="products.csv", where="column unit", message=f"'{unit}' is not a known unit")


def check_licences(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """No row rests on a source that must not be passed on."""
    if "sources" not in frames:
        return
    barred = frames["sources"].filter(pl.col("licence_status") == "no_redistribution")["source_id"].to_list()
    for name, frame in frames.items():
        if barred and "source_ids" in frame.columns:
            cited = pl.col("source_ids").str.split(";").list.set_intersection(barred).list.len() > 0
            _report(
                contracts[name],
                frame.filter(cited),
                collector,
                "a source of {source_ids} must not be passed on",
                "Take the row out.",
            )


def check_edition_choice(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """Each ranked edition has rows for its product, and ranks do not repeat."""
    if not {"edition_choice", "production"} <= frames.keys():
        return
    have = frames["production"].select("product_id", "edition").unique()
    empty = frames["edition_choice"].join(have, on=["product_id", "edition"], how="anti")
    _report(
        contracts["edition_choice"],
        empty,
        collector,
        "the edition {edition} has no rows of {product_id} in production.csv",
        "Take the choice out or add the rows.",
    )


def check_source_aliases(contracts: Mapping[str, TableContract], frames: Frames, collector: ProblemCollector) -> None:
    """An alias is not itself a source."""
    if {"source_aliases", "sources"} <= frames.keys():
        both = frames["source_aliases"].join(frames["sources"], left_on="alias_id", right_on="source_id", how="semi")
        _report(
            contracts["source_aliases"],
            both,
            collector,
            "'{alias_id}' is an alias and a source",
            "Keep it in one of the two tables.",
        )


CHECKS: tuple[Callable[[Mapping[str, TableContract], Frames, ProblemCollector], None], ...] = (
    check_release_dates,
    check_ranges,
    check_days,
    check_production_units,
    check_licences,
    check_edition_choice,
    check_source_aliases,
)


def _report(
    contract: TableContract, wrong: pl.DataFrame, collector: ProblemCollector, message: str, mend: str, shown: int = 3
) -> None:
    for row in wrong.head(shown).iter_rows(named=True):
        name = row.get("row_id") or "/".join(str(row[key]) for key in contract.key)
        collector.add(file=contract.file, where=f"row {name}", message=message.format(**row), mend=mend)
    if wrong.height > shown:
        collector.add(file=contract.file, message=f"the same in {wrong.height - shown} more rows", where="")
