"""What the commands that look at data ask for."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.table_queries import check_project, source_rows, table_rows
from tests.conftest import ROOT


def test_table_rows_are_filtered_by_product_and_country() -> None:
    rows = table_rows(ROOT, "production", ["cobalt_refined"], ["China"], "2026-03-31")
    assert rows.height > 1
    assert rows.select("product_id", "iso3").unique().rows() == [("cobalt_refined", "CHN")]


def test_table_rows_are_those_known_on_the_day() -> None:
    rows = table_rows(ROOT, "production", ["cobalt_mine"], [], "2025-12-31")
    assert "usgs_mcs_2025" in set(rows["edition"])
    assert "usgs_mcs_2026" not in set(rows["edition"])


def test_product_without_rows_is_shown_with_the_nearest() -> None:
    with pytest.raises(
        InputError, match=r"--product: 'cobalt_mien' has no rows in 'production'\. Did you mean 'cobalt_mine'\?"
    ):
        table_rows(ROOT, "production", ["cobalt_mien"], [], "2026-03-31")


def test_filter_on_a_column_that_a_table_lacks_is_refused() -> None:
    with pytest.raises(InputError, match=r"--product: the table 'governance' has no column product_id"):
        table_rows(ROOT, "governance", ["cobalt_mine"], [], "2026-03-31")


def test_unknown_table_is_shown_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'prodution' is not a table\. Did you mean 'production'\?"):
        table_rows(ROOT, "prodution", [], [], "2026-03-31")


def test_day_in_the_future_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"The as-of day is 2999-01-01, which has not come yet .*Give an earlier --as-of"
    ):
        table_rows(ROOT, "production", [], [], "2999-01-01")


@pytest.fixture(scope="module")
def unclear() -> pl.DataFrame:
    """Sources used whose terms are unclear, on the last day of 2026Q1."""
    return source_rows(ROOT, "2026-03-31", "unclear")


def test_sources_are_filtered_by_licence_status(unclear: pl.DataFrame) -> None:
    assert set(unclear["licence_status"]) == {"unclear"}


def test_age_of_a_source_counts_from_its_publication(unclear: pl.DataFrame) -> None:
    iea = unclear.row(by_predicate=pl.col("source_id") == "iea_cmde_2025", named=True)
    assert iea["age_days"] == 314  # 21 May 2025 to 31 March 2026


def test_source_names_the_tables_that_use_it_with_the_number_of_rows(unclear: pl.DataFrame) -> None:
    iea = unclear.row(by_predicate=pl.col("source_id") == "iea_cmde_2025", named=True)
    known = table_rows(ROOT, "production", [], [], "2026-03-31")
    resting = known.filter(pl.col("source_ids").str.split(";").list.contains("iea_cmde_2025")).height
    assert f"production ({resting})" in iea["used_by"]


def test_unknown_licence_status_is_shown_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"--status: 'opn' is not a licence status\. Did you mean 'open'\?"):
        source_rows(ROOT, "2026-03-31", "opn")


def test_check_finds_a_broken_cell_of_a_copied_project(copied_project: Path) -> None:
    path = copied_project / "data" / "governance.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1.121296,", ",much,", 1), encoding="utf-8")
    problems, tables, rows = check_project(copied_project)
    assert any("'much' is not a number" in problem.message and problem.file == "governance.csv" for problem in problems)
    assert (tables > 20, rows) == (True, 0)
