"""Figures of the shipped tables against what their sources print."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage, open_data

COLLECTED = Path(__file__).parents[3] / "shared" / "baseline" / "production.csv"
KEY = ["product_id", "iso3", "year"]
DAY = timedelta(days=1)


def _rows(package: DataPackage, product: str, edition: str, year: int) -> dict[str, float]:
    frame = package.frames["production"].filter(
        (pl.col("product_id") == product) & (pl.col("edition") == edition) & (pl.col("year") == year)
    )
    return dict(frame.select("iso3", "value").rows())


@pytest.mark.skipif(not COLLECTED.is_file(), reason="the collected baseline is not at hand")
def test_every_curated_value_is_that_of_the_collected_baseline(project: Project) -> None:
    collected = pl.read_csv(COLLECTED, infer_schema=False).select(*KEY, pl.col("value").cast(pl.Float64), "unit")
    shipped = (
        pl.read_csv(project.data / "production.csv", infer_schema=False)
        .filter(pl.col("edition") == "curated_2024")
        .select(*KEY, pl.col("value").cast(pl.Float64), "unit")
    )
    assert collected.height > 800
    assert shipped.sort(KEY).equals(collected.sort(KEY))


def test_gallium_of_the_usgs_edition_of_2025_is_as_printed(package: DataPackage) -> None:
    # USGS Mineral Commodity Summaries 2025, gallium, primary production 2024 (estimated), in kilograms:
    # China 750,000, Japan 3,000, Korea 3,000, Russia 6,000; world (rounded) 760,000.
    assert _rows(package, "gallium", "usgs_mcs_2025", 2024) == {"CHN": 750.0, "JPN": 3.0, "KOR": 3.0, "RUS": 6.0}


def test_cobalt_of_the_usgs_edition_of_2025_leads_with_congo(package: DataPackage) -> None:
    # USGS Mineral Commodity Summaries 2025, cobalt, mine production 2024 (estimated): Congo (Kinshasa) 220,000 t,
    # Indonesia 28,000 t, Russia 8,700 t.
    rows = _rows(package, "cobalt_mine", "usgs_mcs_2025", 2024)
    assert (rows["COD"], rows["IDN"], rows["RUS"]) == (220_000.0, 28_000.0, 8_700.0)


@pytest.mark.parametrize(
    ("table", "document"),
    [("strategic_projects", date(2025, 3, 25)), ("eol_rir", date(2023, 3, 16))],
)
def test_what_was_copied_from_a_document_is_known_from_the_day_of_the_document(
    project: Project, table: str, document: date
) -> None:
    # Decision C(2025) 1904 was published on 25 March 2025, the study on critical raw materials on 16 March 2023.
    known = {day: open_data(project.data, (table,), day, ()).table(table) for day in (document - DAY, document)}
    assert known[document - DAY].is_empty()
    assert known[document].height > 30


def test_rates_printed_by_a_third_party_leave_with_the_sources_of_unclear_licence(project: Project) -> None:
    sources = pl.read_csv(project.data / "sources.csv", infer_schema=False)
    unclear = sources.filter(pl.col("licence_status") == "unclear")["source_id"].to_list()
    assert open_data(project.data, ("eol_rir",), date(2026, 3, 31), unclear).table("eol_rir").is_empty()


@pytest.mark.parametrize(
    ("table", "edition_day", "last_year"),
    [("governance", date(2024, 11, 7), 2023), ("world_output", date(2026, 4, 30), 2024)],
)
def test_the_last_year_of_an_edition_is_unknown_the_day_before_it(
    project: Project, table: str, edition_day: date, last_year: int
) -> None:
    # Update 2024 of the governance indicators: 7 November 2024; World Mining Data 2026: April 2026.
    before, then = (open_data(project.data, (table,), day, ()).table(table) for day in (edition_day - DAY, edition_day))
    assert (before["year"].max(), then["year"].max()) == (last_year - 1, last_year)
