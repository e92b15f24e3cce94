"""Results of geopolrisk-py 2.0.1 beside ours, from the same raw files."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.runs.geopolrisk_run import geopolrisk
from supplyrisk.scores.geopolrisk.compatible import NAME
from supplyrisk.scores.reproduction import Reproduction
from supplyrisk.tables.raw.layout import Layout, read_layout

METHOD, CHECK = "geopolrisk", "geopolrisk_py_2_0_1"
COMPARED_COLUMNS = ("hhi", "import_risk", "score", "cf", "price_kusd_per_t")
RELATIVE_TOLERANCE = 1e-9
_KEY = ("raw_material", "economic_unit_iso3")
_SOURCE = "geopolrisk-py 2.0.1, Journal of Open Source Software, 10.21105/joss.09600"
_FLOOR = 1e-300


def peer_not_given() -> Iterator[Reproduction]:
    """The comparison that was not made, with what it needs."""
    note = "needs raw files and results of the package: --from-raw DIR --geopolrisk-reference FILE"
    yield Reproduction(METHOD, CHECK, "all", None, None, 0.0, _SOURCE, note)


def peer_reproductions(folder: Path | None, raw: Path, reference: Path) -> Iterator[Reproduction]:
    """Every figure of every row of ``reference`` (CSV) beside ours, to 1e-9 of the figure; one we lack fails.

    Raises ``InputError`` for a file without the columns, and for raw files that cannot be used.
    """
    collector = ProblemCollector()
    layout = Layout(reference.name, _KEY, ("year", *COMPARED_COLUMNS))
    published = read_layout(reference.parent, layout, collector)
    collector.raise_if_any("The reference cannot be used")
    assert published is not None
    published = published.with_columns(pl.col("year").cast(pl.Int64))
    units, years = published["economic_unit_iso3"].unique().sort(), published["year"].unique().sort()
    ours = geopolrisk(folder, raw, units.to_list(), years.to_list(), NAME, None).rows
    for row in published.join(ours, on=[*_KEY, "year"], how="left", suffix="_ours").iter_rows(named=True):
        for name in COMPARED_COLUMNS:
            yield Reproduction(
                METHOD,
                CHECK,
                f"{name} {row['raw_material']} {row['economic_unit_iso3']} {row['year']}",
                row[name],
                math.nan if row[f"{name}_ours"] is None else row[f"{name}_ours"],
                RELATIVE_TOLERANCE * max(abs(row[name] or 0.0), _FLOOR),
                _SOURCE,
            )
