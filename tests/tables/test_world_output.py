"""World output by material as shipped: one publisher over both ends, and the makers that the study names."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.runs.live_inputs import live_assumptions
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage
from tests.conftest import ROOT

UNLIKE_THE_STUDY = {"tellurium"}


@pytest.fixture(scope="module")
def output() -> pl.DataFrame:
    return pl.read_csv(ROOT / "data" / "world_output.csv", infer_schema_length=None)


def test_every_material_has_every_year_of_both_ends(output: pl.DataFrame) -> None:
    years = output.group_by("material_id").agg(pl.col("year").unique().sort(), pl.col("stage").n_unique().alias("n"))
    assert set(years["n"]) == {1}
    assert {tuple(found) for found in years["year"]} == {tuple(range(2018, 2025))}
    by_edition = output.group_by("edition").agg(pl.col("year").min(), pl.col("year").max().alias("last"))
    assert sorted(by_edition.iter_rows()) == [("wmd_2024", 2018, 2022), ("wmd_2026", 2023, 2024)]


def test_figures_are_those_of_the_same_editions_by_product(output: pl.DataFrame) -> None:
    production = pl.read_csv(ROOT / "data" / "production.csv", infer_schema_length=None)
    same = {"antimony": "antimony_mine", "baryte": "baryte", "copper": "copper_mine", "gallium": "gallium"}
    for material, product in same.items():
        for edition in ("wmd_2024", "wmd_2026"):
            ours = output.filter((pl.col("material_id") == material) & (pl.col("edition") == edition))
            theirs = production.filter(
                (pl.col("product_id") == product) & (pl.col("edition") == edition) & (pl.col("iso3") != "ROW")
            )
            both = theirs.join(ours, on=["iso3", "year"], how="inner", suffix="_here")
            assert both.height == theirs.filter(pl.col("value") > 0).height > 0
            assert both.select((pl.col("value") - pl.col("value_here")).abs().max()).item() < 1e-6


def test_makers_of_the_study_years_are_those_of_the_study(
    output: pl.DataFrame, project: Project, package: DataPackage
) -> None:
    least = live_assumptions(project, package).carried.least_overlap
    sourcing = pl.read_csv(ROOT / "data" / "eu_sourcing.csv", infer_schema_length=None).filter(
        (pl.col("edition") == 2023) & (pl.col("scope") == "global_supply")
    )
    early = (
        output.filter(pl.col("year") <= 2020)
        .with_columns((pl.col("value") / pl.col("value").sum().over("material_id", "year")).alias("part"))
        .group_by("material_id", "stage", "iso3")
        .agg(pl.col("part").sum() / 3.0)
    )
    printed = sourcing.with_columns(
        (pl.col("share") / pl.col("share").sum().over("material_id", "stage")).alias("printed")
    )
    both = early.join(printed, on=["material_id", "stage", "iso3"], how="inner")
    overlap = dict(
        both.group_by("material_id").agg(pl.min_horizontal("part", "printed").sum()).sort("material_id").iter_rows()
    )
    assert set(overlap) == set(output["material_id"])
    assert {name for name, share in overlap.items() if share < least} == UNLIKE_THE_STUDY


def test_guyana_does_not_carry_the_gold_of_french_guiana(output: pl.DataFrame) -> None:
    gold = output.filter((pl.col("material_id") == "gold") & pl.col("iso3").is_in(["GUY", "GUF"]))
    of_year = {(row["iso3"], row["year"]): row["value"] for row in gold.iter_rows(named=True)}
    assert all(of_year["GUY", year] > 10.0 > 2.0 > of_year["GUF", year] for year in (2022, 2023, 2024))


def test_what_is_left_of_the_world_total_is_no_printed_figure(output: pl.DataFrame) -> None:
    left = output.filter(pl.col("derivation").str.starts_with("Printed world total less"))
    assert set(left.select("iso3", "year", "quality", "basis").iter_rows()) == {
        ("GUY", 2023, "C", "derived"), ("GUY", 2024, "C", "derived"),
    }  # fmt: skip
