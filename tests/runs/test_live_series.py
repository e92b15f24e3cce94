"""Which official scores are carried to today and by what, which stage they are of, and why the others are not."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from supplyrisk.runs.live_inputs import live_assumptions, live_inputs
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.criticality.formulas import core
from supplyrisk.scores.criticality.live_core import LiveInput
from supplyrisk.scores.criticality.study import Scope, governance_of_year, study_mixes
from supplyrisk.tables.package import DataPackage

CARRIED = {
    "aluminium", "antimony", "arsenic", "baryte", "bentonite", "beryllium", "bismuth", "boron", "cadmium", "chromium",
    "cobalt", "coking_coal", "copper", "diatomite", "feldspar", "fluorspar", "gallium", "germanium", "gold", "gypsum",
    "indium", "iron_ore", "lead", "magnesite", "magnesium", "manganese", "molybdenum", "natural_graphite", "nickel",
    "niobium", "pgm", "phosphate_rock", "potash", "rhenium", "silicon_metal", "silver", "sulphur", "talc", "tantalum",
    "vanadium", "zirconium",
}  # fmt: skip
SCOPES: tuple[Scope, ...] = ("global_supply", "eu_sourcing")
WITHOUT_SHARES = {"aggregates", "xenon"}
WITH_IMPORTS = {
    "aluminium", "baryte", "boron", "copper", "feldspar", "fluorspar", "iron_ore", "manganese", "natural_graphite",
}  # fmt: skip


@pytest.fixture
def live(run_2026q1: Run) -> pl.DataFrame:
    """Live scores of every material of the reference edition."""
    return run_2026q1.scores.table.filter(pl.col("metric") == "supply_risk_live")


def test_a_material_without_a_product_is_carried_by_its_own_series(live: pl.DataFrame) -> None:
    silver = live.row(by_predicate=pl.col("material_id") == "silver", named=True)
    assert silver["product_id"] is None
    assert silver["edition"] == "ec_2023+world_mining_data+eu_mix_of_study"
    assert silver["low"] <= silver["value"] <= silver["high"]
    assert any(row.startswith("world_output.silver.mex.") for row in silver["input_row_ids"])


def test_the_whole_table_stands_for_the_top_five_of_the_same_edition(live: pl.DataFrame) -> None:
    baryte = live.row(by_predicate=pl.col("material_id") == "baryte", named=True)
    assert baryte["year"] == 2023  # the output of 2024 came out in April 2026
    rows = baryte["input_row_ids"]
    assert any(row.startswith("world_output.baryte.") for row in rows)
    assert not any(row.startswith("production.baryte.") and "wmd" in row for row in rows)


def test_which_official_scores_are_carried_to_today(live: pl.DataFrame) -> None:
    reasons = dict(live.select("material_id", "missing_reason").iter_rows())
    assert live.height == len(reasons) == 70
    assert {name for name, reason in reasons.items() if reason is None} == CARRIED
    assert set(live.filter(pl.col("value").is_not_null())["material_id"]) == CARRIED
    assert {name for name, reason in reasons.items() if reason == "no_shares_in_the_study"} == WITHOUT_SHARES
    left = {reason for name, reason in reasons.items() if name not in CARRIED | WITHOUT_SHARES}
    assert left == {"no_series_from_study_to_today"}


def test_where_imports_carry_eu_sourcing(live: pl.DataFrame) -> None:
    carried = live.filter(pl.col("value").is_not_null() & pl.col("edition").str.ends_with("+eu_mix_carried"))
    assert set(carried["material_id"]) == WITH_IMPORTS
    for name in ("antimony", "bismuth"):
        one = live.row(by_predicate=pl.col("material_id") == name, named=True)
        assert one["edition"] == "ec_2023+world_mining_data+eu_mix_of_study"
        assert not any(row.startswith(("trade.", "eu_imports.")) for row in one["input_row_ids"])


def test_a_live_score_names_the_governance_of_the_study_and_of_today(live: pl.DataFrame) -> None:
    (rows,) = live.filter(pl.col("material_id") == "cobalt")["input_row_ids"]
    assert {row.split(".")[2] for row in rows if row.startswith("governance.cod.")} == {"2020", "2023"}


def first_choice(project: Project, package: DataPackage, least_overlap: float | None, name: str) -> LiveInput:
    """The central input of a material, under another least overlap than that of the project."""
    given = live_inputs(project, package, dict.fromkeys("ABCD", 0.1), 1, 2)
    if least_overlap is not None:
        carried = given.assumed.carried.model_copy(update={"least_overlap": least_overlap})
        given = replace(given, assumed=given.assumed.model_copy(update={"carried": carried}))
    row = package.table("eu_assessment").row(
        by_predicate=(pl.col("edition") == 2023) & (pl.col("material_id") == name), named=True
    )
    stage, members = given.members(row)
    choices = given.choices(members, str(stage))
    assert not isinstance(choices, str)
    return choices[0][0]


def test_a_series_of_other_makers_than_the_study_carries_nothing(project: Project, package: DataPackage) -> None:
    # 0.65 of the makers of tellurium are those of the study; of perlite and lithium there is no series at all.
    assert first_choice(project, package, None, "tellurium").global_now is None
    assert first_choice(project, package, 0.6, "tellurium").global_now is not None
    assert first_choice(project, package, 0.01, "perlite").global_now is None
    assert first_choice(project, package, 0.01, "lithium").global_now is None


def test_a_product_of_the_same_name_does_not_stand_for_a_material_unasked(
    project: Project, package: DataPackage
) -> None:
    # Gallium is a material and a product: its output by product is the only one that the British survey has.
    given = live_inputs(project, package, dict.fromkeys("ABCD", 0.1), 1, 2)
    for product, publishers in ((None, {"world_mining_data"}), ("gallium", set(given.assumed.carried.publishers))):
        choices = given.choices({"gallium": product}, "processing")
        assert not isinstance(choices, str)
        assert {one.global_now.name for (one,) in choices if one.global_now is not None} == publishers


def test_imports_from_other_sellers_than_the_study_carry_nothing(project: Project, package: DataPackage) -> None:
    # 0.45 of antimony is from the sellers of the study, 0.70 of bismuth from outside the EU (0.61 of all of it).
    for name, least in (("antimony", 0.44), ("bismuth", 0.69)):
        assert first_choice(project, package, None, name).eu_now is None
        carried = first_choice(project, package, least, name).eu_now
        assert carried is not None
        assert carried.name == "imports"


def test_a_stage_that_was_not_seen_is_that_of_the_higher_core(project: Project, package: DataPackage) -> None:
    assumed, assessment = live_assumptions(project, package), package.table("eu_assessment")
    risks = governance_of_year(package.table("governance"), assumed.reference_governance_year)
    mixes = study_mixes(package.table("eu_sourcing"), assumed.reference_edition)
    index = {key: found for key, mix in mixes.items() if (found := mix.index(risks)) is not None}
    chosen = {**assumed.stages, **{name: one.stage for name, one in assumed.products.items()}}
    unseen = assessment.filter(
        (pl.col("edition") == 2023) & (pl.col("score_level") == "own") & (pl.col("stage_basis") == "not_seen")
    )
    ranges: dict[str, tuple[int, int]] = {}
    partial = set()
    for name in unseen["material_id"]:
        both = [(name, stage, scope) for stage in ("extraction", "processing") for scope in SCOPES]
        if any(key not in index for key in both):
            partial.add(name)
            continue
        mine, refined = ([index[key] for key in both if key[1] == stage] for stage in ("extraction", "processing"))
        taken, left = (mine, refined) if chosen[name] == "extraction" else (refined, mine)
        percents = [
            percent
            for percent in range(101)
            if core(taken[0], taken[1], percent / 100, "both") >= core(left[0], left[1], percent / 100, "both")
        ]
        ranges[name] = (min(percents), max(percents))
    assert ranges == {
        "hydrogen": (13, 100), "iron_ore": (0, 68), "kaolin": (0, 100), "lead": (0, 100), "tin": (2, 100),
        "titanium": (0, 100), "zinc": (0, 100),
    }  # fmt: skip
    assert partial == {"chromium", "molybdenum"}
