"""Scores of the shipped data: the contract, published check values, vintages, and independence of the draws."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from supplyrisk.report.compose import names_in
from supplyrisk.report.wording import Wording
from supplyrisk.runs.config import Config
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import SCORE_TABLES, score_project
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.scoring import Scores, regions_of, score_package
from supplyrisk.scores.dependency_scores import FLAG_METRICS
from supplyrisk.scores.metrics import MATERIAL_METRICS, METRICS
from supplyrisk.scores.supply import Supply, supplies
from supplyrisk.scores.table import KEY, SCHEMA
from supplyrisk.scores.trade_dependency import LIMITS
from supplyrisk.scores.world import WORLD_METRICS, hhi_point
from supplyrisk.tables.package import DataPackage
from tests.conftest import ROOT, run_of

WIDTHS = {"A": 0.03, "B": 0.06, "C": 0.15, "D": 0.30}
SANITY = ROOT.parent / "shared" / "baseline" / "sanity.md"
INPUT_TABLES = (
    "production",
    "production_outlook",
    "reserves",
    "governance",
    "demand",
    "value_added",
    "trade",
    "eu_assessment",
    "eu_imports",
    "eu_sourcing",
    "export_restrictions",
    "by_products",
    "by_products_materials",
    "world_output",
)
QUARTERS = ("run_2026q1", "run_2025q4")


@pytest.fixture(params=QUARTERS)
def run(request: pytest.FixtureRequest) -> Run:
    """Each of the two quarters."""
    found: Run = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def supply(scores: Scores, package: DataPackage) -> dict[str, Supply]:
    """Supply behind the scores of the default quarter, by product."""
    kinds = dict(package.table("countries").select("iso3", "kind").iter_rows())
    return {found.product_id: found for found in supplies(scores.production, kinds, WIDTHS, 1, 10)}


def one(table: pl.DataFrame, metric: str, product: str) -> dict[str, object]:
    (row,) = table.filter((pl.col("metric") == metric) & (pl.col("product_id") == product)).iter_rows(named=True)
    return row


# --- the contract, on both quarters


def test_columns_are_those_of_the_contract(scores: Scores) -> None:
    assert list(scores.table.columns) == list(SCHEMA)


def test_key_names_every_score_once(run: Run) -> None:
    doubled = run.scores.table.group_by(KEY).len().filter(pl.col("len") > 1)
    assert doubled.is_empty()


def test_rows_are_in_the_order_of_the_key(run: Run) -> None:
    keys = run.scores.table.select(pl.col(name).cast(pl.String).fill_null("") for name in KEY).rows()
    assert keys == sorted(keys)


def test_score_has_a_value_or_a_reason(run: Run) -> None:
    both = run.scores.table.select(pl.col("value").is_null() != pl.col("missing_reason").is_null()).to_series()
    assert both.all()


def test_values_and_ends_are_finite_and_in_order(run: Run) -> None:
    table = run.scores.table
    for name in ("value", "low", "high"):
        assert np.isfinite(table[name].drop_nulls().to_numpy()).all()
    valued = table.filter(pl.col("value").is_not_null())
    assert (valued["low"] <= valued["value"]).all()
    assert valued.filter(pl.col("high").is_not_null()).select(pl.col("value") <= pl.col("high")).to_series().all()


def test_only_an_open_ended_score_lacks_its_high_end(run: Run) -> None:
    lacking = run.scores.table.filter(pl.col("value").is_not_null() & pl.col("high").is_null())
    point_only = {
        "self_sufficiency",
        "dispatch_share",
        "n_minus_one_net",
        "by_product_share",
        "stage_capacity_of_material",
        "look_through_secondary",
    }
    point_only |= set(MATERIAL_METRICS) - {"supply_risk_live"}
    assert set(lacking.filter(~pl.col("metric").is_in(point_only))["interval_kind"]) <= {"lower_bound"}
    assert set(lacking.filter(pl.col("metric").is_in(point_only))["interval_kind"]) == {"none"}


def test_values_lie_in_the_range_of_their_unit(run: Run) -> None:
    limits = {"index_10000": 10_000.0, "index_10": 10.0, "fraction": 1.0, "flag": 1.0}
    for unit, largest in limits.items():
        found = run.scores.table.filter(pl.col("unit") == unit)
        for name in ("value", "low", "high"):
            assert found[name].drop_nulls().is_between(0.0, largest * (1 + 1e-12)).all(), (unit, name)


def test_rank_lies_within_its_interval_and_among_the_ranked(run: Run) -> None:
    ranked = run.scores.table.filter(pl.col("rank").is_not_null())
    unranked = {"hhi_series", "share_of_world_output", "self_sufficiency", "sourcing_share", "dispatch_share"}
    unranked |= {"look_through_share", "look_through_hhi", "hidden_dependency", "pass_through", "n_minus_one_net"}
    unranked |= {"look_through_secondary"}
    unranked |= {"hhi_trend", "hhi_forecast", "stage_capacity_by_value", "stage_capacity_unweighted", "headline_index"}
    unranked |= {"stage_capacity_of_material"}
    unranked |= set(MATERIAL_METRICS) - {"supply_risk_live"}
    unranked |= {"value_added_share", "value_added_share_made", "by_product_share", *LIMITS, *FLAG_METRICS.values()}
    assert set(ranked["metric"]) == set(METRICS) - unranked
    ordered = (
        (pl.col("rank_low") >= 1) & (pl.col("rank_low") <= pl.col("rank")) & (pl.col("rank") <= pl.col("rank_high"))
    )
    assert ranked.select(ordered).to_series().all()
    assert ranked.select(pl.col("rank_high") <= pl.len().over("metric", "scope")).to_series().all()


def test_ranks_follow_the_values(run: Run) -> None:
    hhi = run.scores.table.filter((pl.col("metric") == "hhi") & pl.col("value").is_not_null())
    assert hhi.sort("rank")["value"].to_list() == sorted(hhi["value"], reverse=True)


def test_every_product_has_every_world_score(run: Run) -> None:
    products = set(run.package.table("products")["product_id"])
    for metric in WORLD_METRICS:
        assert set(run.scores.table.filter(pl.col("metric") == metric)["product_id"]) == products, metric


def test_every_extraction_product_has_its_reserves_scored_or_says_why(run: Run) -> None:
    mined = set(run.package.table("products").filter(pl.col("stage") == "extraction")["product_id"])
    assert set(run.scores.table.filter(pl.col("metric") == "reserves_hhi")["product_id"]) >= mined


def test_shares_of_countries_add_up_to_at_most_one(run: Run) -> None:
    shares = run.scores.table.filter((pl.col("metric") == "share_of_world_output") & (pl.col("country") != "EU27"))
    assert (shares.group_by("product_id").agg(pl.col("value").sum())["value"] <= 1.0 + 1e-9).all()


def test_every_value_lists_rows_that_exist(run: Run) -> None:
    valued = run.scores.table.filter(pl.col("value").is_not_null())
    assert valued["input_row_ids"].list.len().min() > 0  # type: ignore[operator]
    listed = set(valued["input_row_ids"].explode())
    known = {row for name in INPUT_TABLES for row in run.package.frames[name]["row_id"]}
    assert listed <= known


def test_no_row_from_after_the_day_is_used(run: Run) -> None:
    listed = run.scores.table["input_row_ids"].explode().drop_nulls().unique().implode()
    for name in ("production", "production_outlook", "reserves", "governance", "demand", "world_output"):
        used = run.package.frames[name].filter(pl.col("row_id").is_in(listed))
        # Storage was not public at the end of 2025, and part of a year's use does not pass for all of it.
        is_open = run.package.as_of == date(2025, 12, 31) and name in ("demand", "production_outlook")
        assert (used.height == 0) is is_open
        assert used.filter(pl.col("known_from") > run.package.as_of).is_empty()


def test_rows_of_a_score_are_of_one_edition_and_year(run: Run) -> None:
    # One edition gives all countries of a product; never a mixture.
    chosen = run.scores.production.group_by("product_id").agg(pl.col("edition").n_unique(), pl.col("year").n_unique())
    assert chosen.select("edition", "year").unique().rows() == [(1, 1)]


# --- values that any correct implementation gives


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("cobalt_mine", 5768),
        ("lithium_chemicals", 5385),
        ("nickel_mine", 4055),
        ("battery_cell_nmc", 2767),
        ("ndfeb_magnet", 8868),
    ],
)
def test_index_with_the_rest_as_one_country(product: str, expected: float, supply: dict[str, Supply]) -> None:
    # Check values of the 2024 baseline, worked out apart from this program; ROW is one country, EU members apart.
    assert hhi_point(supply[product])[2] == pytest.approx(expected, rel=1e-3)


def test_index_without_any_rest_is_the_same_at_all_three_readings(supply: dict[str, Supply]) -> None:
    whole = [found for found in supply.values() if not found.residuals]
    assert len(whole) >= 10
    for found in whole:
        assert len(set(hhi_point(found))) == 1


def test_every_index_equals_a_plain_computation_from_the_csv_file(scores: Scores) -> None:
    with (ROOT / "data" / "production.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["row_id"]: (row["iso3"], float(row["value"])) for row in csv.DictReader(stream)}
    table = scores.table.filter(pl.col("metric") == "hhi")
    assert table.height > 70
    for score in table.iter_rows(named=True):
        output = [rows[row_id] for row_id in score["input_row_ids"]]
        total = sum(value for _, value in output)
        named = [value / total for code, value in output if code not in ("ROW", "EU27") and value > 0]
        rest = [value / total for code, value in output if code in ("ROW", "EU27")]
        smallest = min(named)
        expected = 10_000 * (sum(s * s for s in named) + sum(r * min(r, smallest) for r in rest))
        assert score["value"] == pytest.approx(expected, rel=1e-12), score["product_id"]


@pytest.mark.skipif(not SANITY.is_file(), reason="the collected figures are not beside the project")
def test_curated_products_repeat_the_concentration_table_of_the_collected_figures(
    supply: dict[str, Supply], package: DataPackage
) -> None:
    text = SANITY.read_text(encoding="utf-8").partition("## Concentration at a glance")[2]
    members = set(package.table("countries").filter("eu27")["iso3"]) | {"EU27"}
    compared = 0
    for product, year, largest, hhi, union in re.findall(
        r"^\| (\w+) \| (\d{4}) \| (\w{3}) \| \d+ \| (\d+) \| ([\d.]+) \|$", text, re.MULTILINE
    ):
        found = supply[product]
        if (found.edition, found.year) != ("curated_2024", int(year)):
            continue  # another edition stands for it in this run
        compared += 1
        by_code = dict(zip((*found.countries, *found.residuals), (*found.shares, *found.residual_shares), strict=True))
        assert hhi_point(found)[2] == pytest.approx(float(hhi), abs=1.0), product
        assert found.countries[int(np.argmax(found.shares))] == largest, product
        shared = 100.0 * sum(share for code, share in by_code.items() if code in members)
        assert shared == pytest.approx(float(union), abs=0.051), product
    assert compared >= 60


# --- draws: the same whatever else is scored


def world(package: DataPackage, seed: int = 5, focus: tuple[str, ...] = ("EU27", "NLD")) -> pl.DataFrame:
    return score_package(package, focus, WIDTHS, seed, 100).table


def only(package: DataPackage, products: list[str]) -> DataPackage:
    frames = {
        name: frame.filter(pl.col("product_id").is_in(products)) if "product_id" in frame.columns else frame
        for name, frame in package.frames.items()
    }
    return replace(package, frames=frames)


@pytest.fixture(scope="module")
def whole(package: DataPackage) -> pl.DataFrame:
    """All scores on few draws."""
    return world(package)


def test_scores_of_a_few_products_are_those_of_all_products(package: DataPackage, whole: pl.DataFrame) -> None:
    products = ["nickel_mine", "gallium", "cobalt_refined"]
    ranks = ["rank", "rank_low", "rank_high"]  # a rank does depend on the others
    alone = world(only(package, products)).drop(ranks)
    assert alone.height > 60
    assert alone.equals(whole.filter(pl.col("product_id").is_in(products)).drop(ranks))


def test_scores_do_not_depend_on_the_regions_asked_for(package: DataPackage, whole: pl.DataFrame) -> None:
    other = world(package, focus=("NLD", "DEU"))
    of_world = (pl.col("metric") != "share_of_world_output") & (pl.col("scope") == "world")
    assert other.filter(of_world).equals(whole.filter(of_world))
    of_the_netherlands = pl.col("scope") == "NLD"
    assert other.filter(of_the_netherlands).equals(whole.filter(of_the_netherlands))


def test_scoring_again_gives_the_same_table(package: DataPackage, whole: pl.DataFrame) -> None:
    assert world(package).equals(whole)


def test_another_seed_moves_the_intervals_and_no_value(package: DataPackage, whole: pl.DataFrame) -> None:
    other = world(package, seed=6)
    assert other["value"].equals(whole["value"])
    hhi = pl.col("metric") == "hhi"
    assert (other.filter(hhi)["low"] != whole.filter(hhi)["low"]).mean() > 0.9  # type: ignore[operator]


def test_order_of_the_rows_of_a_table_changes_nothing(package: DataPackage, whole: pl.DataFrame) -> None:
    turned = {name: frame.reverse() for name, frame in package.frames.items() if name in ("production", "reserves")}
    other = world(replace(package, frames=package.frames | turned))
    assert other.drop("input_row_ids", "value", "low", "high").equals(
        whole.drop("input_row_ids", "value", "low", "high")
    )
    for name in ("value", "low", "high"):
        assert other[name].drop_nulls().to_list() == pytest.approx(whole[name].drop_nulls().to_list(), rel=1e-12)


# --- vintages, exclusions, gaps


def test_cobalt_mining_of_2026q1_rests_on_figures_that_2025q4_did_not_know(run_2026q1: Run, run_2025q4: Run) -> None:
    # The curated edition of 2024 takes rows from USGS Mineral Commodity Summaries 2026, out in February 2026.
    later, earlier = (one(run.scores.table, "hhi", "cobalt_mine") for run in (run_2026q1, run_2025q4))
    assert (later["edition"], earlier["edition"]) == ("curated_2024", "usgs_mcs_2025")
    assert later["value"] != earlier["value"]


def test_2025q4_uses_nothing_from_the_usgs_edition_of_2026(run_2025q4: Run) -> None:
    used = run_2025q4.scores.production["source_ids"].str.split(";").explode()
    assert "usgs_mcs_2026" not in set(used)
    assert "usgs_mcs_2026" not in set(run_2025q4.scores.table["edition"].drop_nulls())


def test_2026q1_has_the_usgs_edition_of_2026_in_the_series_of_cobalt_mining(run_2026q1: Run, run_2025q4: Run) -> None:
    def editions(run: Run) -> dict[int, str]:
        series = run.scores.table.filter(
            (pl.col("metric") == "hhi_series") & (pl.col("product_id") == "cobalt_mine") & (pl.col("year") > 2022)
        )
        return dict(series.select("year", "edition").rows())

    assert editions(run_2026q1) == {2023: "bgs_wms_2025", 2024: "usgs_mcs_2026", 2025: "usgs_mcs_2026"}
    assert editions(run_2025q4) == {2023: "bgs_wms_2025", 2024: "usgs_mcs_2025"}


@pytest.fixture(scope="module")
def without_iea(project: Project, config: Config) -> Scores:
    """Scores of the default quarter without the minerals data set of the IEA."""
    changed = config.model_copy(update={"exclude_sources": ("iea_cmde_2025",), "draws": 100})
    return score_project(project, changed, open_project_data(project, changed, date(2026, 3, 31), SCORE_TABLES))


def test_lithium_mining_falls_back_on_another_edition_when_the_iea_is_excluded(without_iea: Scores) -> None:
    # Its ranks: the curated edition and the IEA both rest on the excluded source, USGS 2026 is the next.
    row = one(without_iea.table, "hhi", "lithium_mine")
    assert row["edition"] == "usgs_mcs_2026"
    assert row["value"] is not None


def test_no_row_that_rests_on_an_excluded_source_is_used(without_iea: Scores, package: DataPackage) -> None:
    resting = package.frames["production"].filter(pl.col("source_ids").str.split(";").list.contains("iea_cmde_2025"))
    assert resting.height > 0
    used = set(without_iea.table["input_row_ids"].explode().drop_nulls())
    assert used.isdisjoint(resting["row_id"])


def test_product_without_another_edition_becomes_a_gap_when_its_source_is_excluded(without_iea: Scores) -> None:
    for metric in WORLD_METRICS:
        row = one(without_iea.table, metric, "magnet_rare_earths_mine")
        assert (row["value"], row["missing_reason"]) == (None, "no_edition_known"), metric


def test_reserves_are_a_gap_before_their_edition_was_out(project: Project, config: Config) -> None:
    # USGS Mineral Commodity Summaries 2025 appeared on 31 January 2025.
    few = config.model_copy(update={"draws": 100})
    before = score_project(project, few, open_project_data(project, few, date(2025, 1, 30), SCORE_TABLES))
    reasons = before.table.filter(pl.col("product_id") == "cobalt_mine").select("metric", "missing_reason").rows()
    assert ("reserves_hhi", "no_edition_known") in reasons


def test_focus_regions_take_names_and_know_their_members(package: DataPackage) -> None:
    union, netherlands = regions_of(package, ("EU27", "Nederland"))
    assert (netherlands.code, netherlands.members) == ("NLD", frozenset({"NLD"}))
    assert union.code == "EU27"
    assert len(union.members - {"EU27"}) == 27  # rows filed as the union count with its members
    assert "GBR" not in union.members


# --- one number changed by hand


@pytest.fixture(scope="module")
def halved(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The default quarter with half of China's refined cobalt."""
    folder = tmp_path_factory.mktemp("halved")
    shutil.copytree(ROOT / "data", folder / "data")
    production = folder / "data" / "production.csv"
    text = production.read_text(encoding="utf-8")
    row = "production.cobalt_refined.chn.2024.curated_2024,cobalt_refined,CHN,2024,curated_2024,"
    assert text.count(f"{row}196143.4,") == 1
    production.write_text(text.replace(f"{row}196143.4,", f"{row}98071.7,"), encoding="utf-8")
    return run_of(folder, "2026Q1")


def test_half_of_chinas_refined_cobalt_changes_score_rank_and_sentence(halved: Run, run_2026q1: Run) -> None:
    # World 250 150.2 t, China 196 143.4 t: 78.4 %; halved 98 071.7 of 152 078.5 t: 64.5 %. Squares of the shares then,
    # largest first: 4158.7 + 175.0 (FIN) + 14.9 + 13.8 + 13.3 + 12.8 + 3.6 + 3.6 + 1.3 + 1.3 + 1.1 = 4399.4.
    table, before = halved.scores.table, run_2026q1.scores.table
    assert one(before, "top1_share", "cobalt_refined")["value"] == pytest.approx(0.7841, abs=1e-4)
    assert one(table, "top1_share", "cobalt_refined")["value"] == pytest.approx(0.6449, abs=1e-4)
    assert one(table, "hhi", "cobalt_refined")["value"] == pytest.approx(4399.4, abs=0.5)
    assert one(table, "hhi", "cobalt_refined")["rank"] > one(before, "hhi", "cobalt_refined")["rank"]  # type: ignore[operator]
    assert "Of world output, 78\u00a0%" in sentence(run_2026q1)
    assert "Of world output, 64\u00a0%" in sentence(halved)


def test_half_of_chinas_refined_cobalt_changes_no_world_score_of_another_product(halved: Run, run_2026q1: Run) -> None:
    ranks = ["rank", "rank_low", "rank_high"]
    world = (pl.col("scope") == "world") & (pl.col("product_id") != "cobalt_refined")
    after, before = (run.scores.table.filter(world).drop(ranks) for run in (halved, run_2026q1))
    assert after.equals(before)


def test_half_of_chinas_refined_cobalt_changes_who_is_behind_batteries_used_in_the_eu(
    halved: Run, run_2026q1: Run
) -> None:
    behind = (
        (pl.col("metric") == "look_through_share")
        & (pl.col("scenario") == "base")
        & (pl.col("scope") == "EU27")
        & (pl.col("end_product") == "battery")
        & (pl.col("product_id") == "cobalt_refined")
        & (pl.col("country") == "CHN")
    )
    after, before = (run.scores.table.filter(behind)["value"].item() for run in (halved, run_2026q1))
    assert after < before - 0.02


def sentence(run: Run) -> str:
    tables = {name: run.package.table(name) for name in ("countries", "products", "sources")}
    (finding,) = (
        found for found in run.findings if (found.topic, found.message_id) == ("cobalt_refined", "largest_producer")
    )
    return Wording("en", names_in("en", tables)).sentence(finding)
