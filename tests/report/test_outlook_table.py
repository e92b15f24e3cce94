"""The outlook beside the base year, and the network beside published self-sufficiency."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.network.checks import self_sufficiency_check, use_check
from supplyrisk.report.check_table import self_sufficiency_table
from supplyrisk.report.compose import names_in
from supplyrisk.report.outlook_table import outlook_table
from supplyrisk.report.wording import LANGUAGES, Wording
from supplyrisk.runs.quarterly import Run


def wording(run: Run, language: str) -> Wording:
    tables = {name: run.package.table(name) for name in ("countries", "products", "sources")}
    return Wording(language, names_in(language, tables))


def of(run: Run, scenario: str) -> RegionScores:
    return RegionScores.of(run.scores.table, run.package.table("countries"), "EU27", scenario)


@pytest.mark.parametrize("language", LANGUAGES)
def test_outlook_stands_beside_the_base_year_with_its_range(run_2026q1: Run, language: str) -> None:
    order = {product: place for place, product in enumerate(reversed(run_2026q1.network.network.chain.products))}
    now, later = of(run_2026q1, "base"), of(run_2026q1, "outlook_2030")
    table = outlook_table(now, later, order, wording(run_2026q1, language))
    assert table is not None
    assert [cell[-4:] for cell in table.header[1::2]] == ["2024", "2030"]
    # European value added leads; each of its two numbers carries its range.
    assert all("(" in cell and "–" in cell for cell in (table.rows[0][2], table.rows[0][4]))
    assert len(table.rows) > 20


def test_no_outlook_no_table(run_2026q1: Run) -> None:
    assert outlook_table(of(run_2026q1, "base"), of(run_2026q1, "nowhere"), {}, wording(run_2026q1, "en")) is None


def test_ranges_of_the_outlook_hold_its_centre_and_reach_over_the_cases(run_2026q1: Run) -> None:
    rows = run_2026q1.scores.table.filter((pl.col("scenario") == "outlook_2030") & pl.col("value").is_not_null())
    assert set(rows["year"]) == {2030}
    assert rows.select((pl.col("low") <= pl.col("value")) & (pl.col("value") <= pl.col("high"))).to_series().all()
    value = rows.filter(
        (pl.col("metric") == "value_added_share") & (pl.col("scope") == "EU27") & pl.col("stage").is_null()
    )
    low, high = value["low"].item(), value["high"].item()
    assert high - low > 0.2  # who supplies whom stays open


@pytest.mark.parametrize("language", LANGUAGES)
def test_published_self_sufficiency_is_compared_or_the_reason_given(run_2026q1: Run, language: str) -> None:
    checks = self_sufficiency_check(run_2026q1.network.network, run_2026q1.package.table("parameters"))
    by_product = {row["product_id"]: row for row in checks.iter_rows(named=True)}
    assert {product: row["published"] for product, row in by_product.items()} == {
        "crude_steel": 0.90,
        "copper_refined": 0.83,
        "aluminium_primary": 0.46,
        "nickel_refined": 0.25,
    }
    assert by_product["crude_steel"]["model"] is None
    assert by_product["copper_refined"]["model"] == pytest.approx(0.83, abs=0.06)
    table = self_sufficiency_table(checks, wording(run_2026q1, language))
    assert table is not None
    assert all(row[4] for row in table.rows)


def test_use_follows_apparent_use_where_only_output_and_trade_decide(run_2026q1: Run) -> None:
    # Feldspar, fluorspar, phosphate rock, copper: no hub, no shortage, trade of the same year.
    checks = use_check(run_2026q1.network.network, run_2026q1.package.frames["demand"], ["EU27"])
    found = {row["product_id"]: row["model"] / row["published"] for row in checks.iter_rows(named=True)}
    for product in ("feldspar", "fluorspar", "phosphate_rock", "copper_refined", "aluminium_primary"):
        assert found[product] == pytest.approx(1.0, abs=0.02), product
