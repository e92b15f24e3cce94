"""What the commands that look at data ask for: rows of a table, sources, checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import Problem
from supplyrisk.foundation.quarters import parse_date
from supplyrisk.runs.config import read_config
from supplyrisk.runs.project import find_project
from supplyrisk.tables.checks import check_data
from supplyrisk.tables.contract import read_contracts
from supplyrisk.tables.package import DataPackage, open_data
from supplyrisk.tables.release import contents_of


def check_project(folder: Path | None) -> tuple[tuple[Problem, ...], int, int]:
    """Problems of a project's data folder, and how many tables and rows it has."""
    project = find_project(folder)
    config = read_config(project.config_file)
    overlay = None if config.overlay is None else project.home / config.overlay
    problems = check_data(project.data, overlay)
    contracts = read_contracts(project.data)
    if problems:
        return problems, len(contracts), 0
    rows = sum(contents_of((project.data / contract.file).read_bytes()).rows for contract in contracts.values())
    return problems, len(contracts), rows


def table_rows(
    folder: Path | None, table: str, products: Sequence[str], countries: Sequence[str], as_of: str | None
) -> pl.DataFrame:
    """Rows of one table as known on a day (today without ``as_of``), filtered by product and country."""
    package = _package(folder, (table, "country_names", "countries"), as_of)
    rows = package.table(table)
    for option, column, values in (
        ("--product", "product_id", list(products)),
        ("--country", "iso3", [package.country_names().resolve(text) for text in countries]),
    ):
        if not values:
            continue
        if column not in rows.columns:
            raise InputError(f"{option}: the table '{table}' has no column {column}.")
        for value in values:
            known = package.frames[table][column].drop_nulls()
            if value not in set(known):
                raise InputError(f"{option}: '{value}' has no rows in '{table}'. {did_you_mean(value, known)}")
        rows = rows.filter(pl.col(column).is_in(values))
    return rows


def source_rows(folder: Path | None, as_of: str | None, status: str | None) -> pl.DataFrame:
    """Sources used by any table: licence, edition, age in days, and the tables with their number of rows."""
    project = find_project(folder)
    package = _package(folder, tuple(read_contracts(project.data)), as_of)
    used: dict[str, list[str]] = {}
    for name, contract in package.contracts.items():
        if contract.is_fact:
            counts = package.table(name)["source_ids"].str.split(";").explode().value_counts(sort=False)
            for source_id, count in sorted(counts.iter_rows()):
                used.setdefault(source_id, []).append(f"{name} ({count})")
    sources = package.frames["sources"]
    if status is not None:
        known = sources["licence_status"].unique()
        if status not in set(known):
            raise InputError(f"--status: '{status}' is not a licence status. {did_you_mean(status, known)}")
        sources = sources.filter(pl.col("licence_status") == status)
    age = (pl.lit(package.as_of) - pl.col("published")).dt.total_days().alias("age_days")
    return (
        sources.filter(pl.col("source_id").is_in(list(used)))
        .with_columns(
            age,
            pl.col("source_id")
            .replace_strict({k: ", ".join(v) for k, v in used.items()}, return_dtype=pl.String)
            .alias("used_by"),
        )
        .select(
            "source_id",
            "title",
            "publisher",
            "edition",
            "licence",
            "licence_status",
            "published",
            "age_days",
            "used_by",
        )
    )


def _package(folder: Path | None, names: tuple[str, ...], as_of: str | None) -> DataPackage:
    project = find_project(folder)
    config = read_config(project.config_file)
    today = date.today()
    day = today if as_of is None else parse_date(as_of, "--as-of")
    if day > today:
        raise InputError(f"The as-of day is {day}, which has not come yet (today is {today}). Give an earlier --as-of.")
    overlay = None if config.overlay is None else project.home / config.overlay
    return open_data(project.data, names, day, config.exclude_sources, overlay)
