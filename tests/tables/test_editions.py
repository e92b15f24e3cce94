"""Which edition stands for a product."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.runs.project import Project
from supplyrisk.tables.editions import choose_score_edition, choose_trend_editions, score_gaps
from supplyrisk.tables.package import DataPackage, open_data
from supplyrisk.tables.vintage import IS_KNOWN

Row = tuple[str, str, int, str, float, bool]

# product, country, year, edition, output, known: two editions of one product, the newer one with two years.
ROWS: list[Row] = [
    ("tin", "CHN", 2024, "new", 60.0, True),
    ("tin", "IDN", 2024, "new", 40.0, True),
    ("tin", "CHN", 2025, "new", 70.0, True),
    ("tin", "IDN", 2025, "new", 30.0, True),
    ("tin", "WLD", 2025, "new", 100.0, True),
    ("tin", "CHN", 2024, "old", 55.0, True),
    ("tin", "PER", 2024, "old", 45.0, True),
    ("tin", "CHN", 2023, "old", 50.0, True),
]
CHOICE = pl.DataFrame(
    [("tin", "new", "score", 1), ("tin", "old", "score", 2), ("tin", "old", "trend", 1), ("tin", "new", "trend", 2)],
    schema=["product_id", "edition", "use", "rank"],
    orient="row",
)


def table(rows: list[Row]) -> pl.DataFrame:
    """Production rows, marked with what is known."""
    return pl.DataFrame(
        rows,
        schema={
            "product_id": pl.String,
            "iso3": pl.String,
            "year": pl.Int64,
            "edition": pl.String,
            "value": pl.Float64,
            IS_KNOWN: pl.Boolean,
        },
        orient="row",
    )


def unknown(*hidden: tuple[str, int, str]) -> list[Row]:
    """ROWS, without those of (country, year, edition) known."""
    return [(p, iso3, year, ed, v, (iso3, year, ed) not in hidden) for p, iso3, year, ed, v, _ in ROWS]


def picked(frame: pl.DataFrame) -> list[Any]:
    """Country, year, edition of the chosen rows."""
    return frame.select("iso3", "year", "edition").rows()


def test_the_first_ranked_edition_stands_with_all_countries_of_its_latest_year() -> None:
    assert picked(choose_score_edition(table(ROWS), CHOICE)) == [("CHN", 2025, "new"), ("IDN", 2025, "new")]


def test_the_world_total_is_no_producer() -> None:
    assert "WLD" not in choose_score_edition(table(ROWS), CHOICE)["iso3"].to_list()


def test_a_world_total_that_is_not_known_keeps_no_edition_back() -> None:
    chosen = choose_score_edition(table(unknown(("WLD", 2025, "new"))), CHOICE)
    assert picked(chosen) == [("CHN", 2025, "new"), ("IDN", 2025, "new")]


def test_one_unknown_row_sends_the_edition_back_to_its_latest_complete_year() -> None:
    chosen = choose_score_edition(table(unknown(("IDN", 2025, "new"))), CHOICE)
    assert picked(chosen) == [("CHN", 2024, "new"), ("IDN", 2024, "new")]


def test_an_edition_without_a_complete_year_gives_way_to_the_next_in_rank() -> None:
    chosen = choose_score_edition(table(unknown(("IDN", 2025, "new"), ("CHN", 2024, "new"))), CHOICE)
    assert picked(chosen) == [("CHN", 2024, "old"), ("PER", 2024, "old")]


def test_rank_goes_before_the_later_year() -> None:
    swapped = CHOICE.with_columns(pl.when(pl.col("rank") == 1).then(2).otherwise(1).alias("rank"))
    assert picked(choose_score_edition(table(ROWS), swapped)) == [("CHN", 2024, "old"), ("PER", 2024, "old")]


def test_an_edition_that_is_not_ranked_never_stands() -> None:
    rows: list[Row] = [*ROWS, ("tin", "CHN", 2030, "unranked", 1.0, True)]
    assert choose_score_edition(table(rows), CHOICE)["edition"].unique().to_list() == ["new"]


def test_a_year_without_any_output_does_not_stand() -> None:
    rows: list[Row] = [*ROWS, ("tin", "CHN", 2026, "new", 0.0, True), ("tin", "IDN", 2026, "new", 0.0, True)]
    assert choose_score_edition(table(rows), CHOICE)["year"].unique().to_list() == [2025]


def test_a_country_without_output_stays_in_its_year() -> None:
    rows: list[Row] = [*ROWS, ("tin", "PER", 2025, "new", 0.0, True)]
    assert choose_score_edition(table(rows), CHOICE)["iso3"].to_list() == ["CHN", "IDN", "PER"]


def test_the_mark_of_what_is_known_is_gone_from_the_chosen_rows() -> None:
    assert choose_score_edition(table(ROWS), CHOICE).columns == ["product_id", "iso3", "year", "edition", "value"]


@given(order=st.permutations(ROWS))
def test_the_order_of_rows_does_not_matter(order: list[Row]) -> None:
    assert choose_score_edition(table(order), CHOICE).equals(choose_score_edition(table(ROWS), CHOICE))
    assert choose_trend_editions(table(order), CHOICE).equals(choose_trend_editions(table(ROWS), CHOICE))


@given(known=st.lists(st.booleans(), min_size=len(ROWS), max_size=len(ROWS)))
def test_chosen_rows_are_always_one_whole_year_of_one_edition_with_every_row_known(known: list[bool]) -> None:
    rows: list[Row] = [(*row[:5], mark) for row, mark in zip(ROWS, known, strict=True)]
    chosen = choose_score_edition(table(rows), CHOICE)
    if chosen.height:
        assert chosen.select("edition", "year").n_unique() == 1
        edition, year = chosen.select("edition", "year").row(0)
        whole = [row for row in rows if (row[3], row[2]) == (edition, year) and row[1] != "WLD"]
        assert all(row[5] for row in whole)
        assert sorted(chosen["iso3"]) == sorted(row[1] for row in whole)
    else:
        groups = {(row[3], row[2]) for row in rows}
        assert all(any(r[1] != "WLD" and (r[3], r[2]) == group and not r[5] for r in rows) for group in groups)


def test_the_trend_takes_for_each_year_the_best_ranked_edition() -> None:
    assert picked(choose_trend_editions(table(ROWS), CHOICE)) == [
        ("CHN", 2023, "old"),
        ("CHN", 2024, "old"),
        ("PER", 2024, "old"),
        ("CHN", 2025, "new"),
        ("IDN", 2025, "new"),
    ]


def test_the_trend_takes_the_next_edition_in_a_year_that_is_not_complete() -> None:
    assert picked(choose_trend_editions(table(unknown(("PER", 2024, "old"))), CHOICE)) == [
        ("CHN", 2023, "old"),
        ("CHN", 2024, "new"),
        ("IDN", 2024, "new"),
        ("CHN", 2025, "new"),
        ("IDN", 2025, "new"),
    ]


def test_gaps_say_whether_no_edition_is_known_or_none_is_ranked() -> None:
    products = pl.DataFrame({"product_id": ["tin", "zinc", "lead"]})
    choice = pl.concat([CHOICE, CHOICE.head(1).with_columns(product_id=pl.lit("zinc"))])
    trend_only = CHOICE.tail(1).with_columns(product_id=pl.lit("lead"))
    chosen = choose_score_edition(table(ROWS), choice)
    assert score_gaps(products, pl.concat([choice, trend_only]), chosen).rows() == [
        ("zinc", "no_edition_known"),
        ("lead", "no_edition_fit"),
    ]


def _gallium(project: Project, day: date, *excluded: str) -> pl.DataFrame:
    package: DataPackage = open_data(project.data, ["production", "edition_choice"], day, excluded)
    marked = package.marked_table("production").filter(pl.col("product_id") == "gallium")
    return choose_score_edition(marked, package.table("edition_choice"))


# USGS Mineral Commodity Summaries 2025 (31 January 2025) and 2026 (6 February 2026), gallium, world production:
# primary low-grade gallium of China 2024: 750 t in the edition of 2025, 839 t in that of 2026.
@pytest.mark.parametrize(("day", "output"), [(date(2026, 2, 5), 750.0), (date(2026, 2, 6), 839.0)])
def test_the_day_of_a_new_edition_moves_gallium_of_china_to_its_figure(
    project: Project, day: date, output: float
) -> None:
    chosen = _gallium(project, day)
    assert chosen.filter(pl.col("iso3") == "CHN").select("year", "value").rows() == [(2024, output)]


def test_before_the_usgs_edition_of_2025_gallium_falls_back_to_an_earlier_one(project: Project) -> None:
    editions = set(_gallium(project, date(2025, 1, 30))["edition"])
    assert len(editions) == 1
    assert editions.isdisjoint({"curated_2024", "usgs_mcs_2025", "usgs_mcs_2026"})


def test_an_excluded_source_gives_way_to_the_next_edition(project: Project) -> None:
    # Without its 2026 edition the USGS gives 750 t for China, Japan 3, Korea 3 and Russia 6 (2025 edition, year 2024).
    chosen = _gallium(project, date(2026, 3, 31), "usgs_mcs_2026")
    assert chosen.select("iso3", "value").rows() == [("CHN", 750.0), ("JPN", 3.0), ("KOR", 3.0), ("RUS", 6.0)]
