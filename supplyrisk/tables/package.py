"""The data package of a run: tables read once, with overlay, references checked, as known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import polars as pl

from supplyrisk.foundation.countries import CountryNames
from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.tables.contract import COLUMNS_FILE, TABLES_FILE, TableContract, read_contracts
from supplyrisk.tables.overlay import apply_overlay
from supplyrisk.tables.reader import read_table
from supplyrisk.tables.references import check_references
from supplyrisk.tables.vintage import known_rows, mark_known


@dataclass(frozen=True)
class DataPackage:
    """Validated tables and the day they are looked at from."""

    folder: Path
    contracts: dict[str, TableContract]
    frames: dict[str, pl.DataFrame]
    as_of: date
    exclude_sources: frozenset[str]
    overlay: Path | None

    def table(self, name: str) -> pl.DataFrame:
        """A table as known on the as-of day, without excluded sources; reference tables whole."""
        frame = self.frames[name]
        return known_rows(frame, self.as_of, self.exclude_sources) if self.contracts[name].is_fact else frame

    def marked_table(self, name: str) -> pl.DataFrame:
        """A fact table whole, with the column ``is_known``: tells an incomplete edition from a complete one."""
        return mark_known(self.frames[name], self.as_of, self.exclude_sources)

    def country_names(self) -> CountryNames:
        """Resolver of country names; needs the tables countries and country_names."""
        names = self.frames["country_names"]
        aliases = {alias.casefold(): iso3 for alias, iso3 in names.select("alias", "iso3").iter_rows()}
        return CountryNames(frozenset(self.frames["countries"]["iso3"]), aliases)

    def file_hashes(self) -> dict[str, str]:
        """SHA-256 of every file the loaded tables came from; overlay files are named ``overlay/…``."""
        files = {COLUMNS_FILE, TABLES_FILE, *(self.contracts[name].file for name in self.frames)}
        hashes = {f"data/{file}": _hash(self.folder / file) for file in sorted(files)}
        if self.overlay is not None:
            hashes |= {f"overlay/{f}": _hash(self.overlay / f) for f in sorted(files) if (self.overlay / f).is_file()}
        return hashes


def open_data(
    folder: Path,
    names: Iterable[str],
    as_of: date,
    exclude_sources: Iterable[str] = (),
    overlay: Path | None = None,
) -> DataPackage:
    """Read the tables ``names`` (and those they refer to).

    Raises ``InputError`` with all problems at once: violated contracts, broken references, unknown sources to exclude.
    """
    collector = ProblemCollector()
    contracts = read_contracts(folder)
    excluded = frozenset(exclude_sources)
    wanted = with_referenced(contracts, [*names, "sources"] if excluded else names)
    own_rows: dict[str, int] = {}
    frames = read_tables(folder, contracts, wanted, collector, overlay, own_rows)
    check_references(contracts, frames, collector, own_rows)
    if excluded and "sources" in frames:
        known = set(frames["sources"]["source_id"])
        for source_id in sorted(excluded - known):
            collector.add(
                file="config.yaml",
                where="exclude_sources",
                message=f"'{source_id}' is not a source",
                mend=did_you_mean(source_id, known),
            )
    collector.raise_if_any("The data package cannot be used")
    return DataPackage(folder, contracts, frames, as_of, excluded, overlay)


def read_tables(
    folder: Path,
    contracts: dict[str, TableContract],
    names: Iterable[str],
    collector: ProblemCollector,
    overlay: Path | None = None,
    own_rows: dict[str, int] | None = None,
) -> dict[str, pl.DataFrame]:
    """Tables by name, overlay applied; those that cannot be read are left out and reported to ``collector``.

    ``own_rows`` is filled with the number of overlay rows (the last ones) of each table that has some.
    """
    if overlay is not None and not overlay.is_dir():
        raise InputError(
            f"The overlay folder {overlay} does not exist. Mend `overlay:` in the config or make the folder."
        )
    frames: dict[str, pl.DataFrame] = {}
    for name in names:
        contract = contracts[name]
        frame = read_table(folder, contract, collector)
        if frame is not None and overlay is not None and (overlay / contract.file).is_file():
            found = ProblemCollector()
            own = read_table(overlay, contract, found)
            collector.extend([replace(problem, file=f"overlay/{problem.file}") for problem in found.problems])
            if own is not None:
                frame = apply_overlay(frame, own, contract)
                if own_rows is not None:
                    own_rows[name] = own.height
                _check_own_row_ids(frame.head(-own.height), own, contract, collector)
        if frame is not None:
            frames[name] = frame
    return frames


def _check_own_row_ids(
    kept: pl.DataFrame, own: pl.DataFrame, contract: TableContract, collector: ProblemCollector
) -> None:
    if "row_id" in contract.column_names:
        for row_id in own.join(kept, on="row_id", how="semi", maintain_order="left")["row_id"]:
            collector.add(
                file=f"overlay/{contract.file}",
                where=f"row {row_id}",
                message=f"the row_id is that of a row of the data package with another {', '.join(contract.key)}",
                mend="Give the row an id of its own.",
            )


def with_referenced(contracts: dict[str, TableContract], names: Iterable[str]) -> list[str]:
    """``names`` and every table they refer to, in alphabetical order. Raises ``InputError`` for an unknown table."""
    wanted: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in contracts:
            raise InputError(f"'{name}' is not a table. {did_you_mean(name, contracts)}")
        if name not in wanted:
            wanted.add(name)
            waiting += [column.reference.table for column in contracts[name].columns if column.reference is not None]
    return sorted(wanted)


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
