"""What the commands that look at scores ask for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.score_queries import (
    FoundScores,
    explain_score,
    rows_by_id,
    scores_of,
)
from supplyrisk.runs.scoring import Scores
from supplyrisk.tables.package import DataPackage
from tests.score_builders import score, score_frame


@pytest.fixture(scope="module")
def found(scores: Scores, package: DataPackage) -> FoundScores:
    """Scores of the default quarter to look into."""
    return FoundScores(scores.table, package, 0.65, ())


# --- filters


def test_empty_filters_let_every_score_through(found: FoundScores) -> None:
    assert found.filter([], [], [], []).height == found.table.height


def test_filters_hold_together_and_words_of_one_filter_are_alternatives(found: FoundScores) -> None:
    rows = found.filter(["hhi", "top1_share"], ["cobalt_mine", "gallium"], ["extraction"], [])
    assert rows.select("metric", "product_id").rows() == [("hhi", "cobalt_mine"), ("top1_share", "cobalt_mine")]


def test_country_may_be_given_by_its_name(found: FoundScores) -> None:
    rows = found.filter(["share_of_world_output"], ["cobalt_refined"], [], ["Finland", "nederland"])
    assert rows["country"].to_list() == ["FIN", "NLD"]


@pytest.mark.parametrize(
    ("metrics", "products", "stages", "message"),
    [
        (["hhj"], [], [], r"'hhj' is not a metric\. Did you mean 'hhi'\?"),
        ([], ["cobalt_mien"], [], r"'cobalt_mien' is not a product\. Did you mean 'cobalt_mine'\?"),
        ([], [], ["refinning"], r"'refinning' is not a stage\. Did you mean 'refining'\?"),
    ],
)
def test_unknown_word_is_shown_with_the_nearest(
    found: FoundScores, metrics: list[str], products: list[str], stages: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        found.filter(metrics, products, stages, [])


def test_unknown_country_is_shown_with_the_nearest(found: FoundScores) -> None:
    with pytest.raises(InputError, match=r"'Finlnd' is not a country or region\. Did you mean"):
        found.filter([], [], [], ["Finlnd"])


def test_scores_of_a_folder_are_those_known_on_the_day(copied_project: Path) -> None:
    config = copied_project / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8").replace("draws: 1000", "draws: 100"), encoding="utf-8")
    early = scores_of(copied_project, "2025Q4", None)
    assert early.package.as_of == date(2025, 12, 31)
    assert set(early.table["as_of"]) == {date(2025, 12, 31)}
    editions = early.filter(["hhi"], ["cobalt_mine"], [], [])["edition"].to_list()
    assert editions == ["usgs_mcs_2025"]


# --- one score explained


def test_explained_score_has_its_rows_its_formula_and_the_same_value(found: FoundScores) -> None:
    explained = explain_score(found, "hhi", "cobalt_refined", None, None)
    assert explained.recomputed == pytest.approx(explained.score["value"].item(), rel=1e-12)
    assert explained.rows["production"]["row_id"].to_list() == explained.score["input_row_ids"].item().to_list()
    assert set(explained.rows) == {"production"}


def test_explanation_in_words_gives_value_ends_grade_formula_and_method(found: FoundScores) -> None:
    lines = explain_score(found, "top1_share", "cobalt_refined", None, None).lines()
    assert lines[0].startswith("top1_share of cobalt_refined, CHN (2024, edition curated_2024): 0.784")
    assert "low 0.7" in lines[0]
    assert "grade B" in lines[0]
    assert lines[1] == "formula: largest s of a country"
    assert lines[3].startswith("recomputed from the rows below: 0.784")


def test_governance_weighted_score_is_explained_with_the_indicator_rows(found: FoundScores) -> None:
    explained = explain_score(found, "hhi_governance", "cobalt_refined", None, None)
    assert set(explained.rows) == {"production", "governance"}
    china = explained.rows["governance"].filter(pl.col("iso3") == "CHN")
    assert china["dimension"].n_unique() == 6


def test_missing_score_is_explained_by_its_reason(found: FoundScores) -> None:
    explained = explain_score(found, "share_of_world_output", "lithium_chemicals", "NLD", None)
    assert explained.recomputed is None
    assert explained.lines()[0].startswith(
        "share_of_world_output of lithium_chemicals, NLD (2024, edition curated_2024): no value (region_not_named), "
        "between 0 and 0.0213"
    )
    assert explained.lines()[1] == "why: no producer of the region is named"


def test_measures_that_the_study_hides_are_explained_in_words(package: DataPackage) -> None:
    own = {"product_id": None, "material_id": "antimony", "missing_reason": "restrictions_within_study_t"}
    row = {**score("supply_risk_change_restrictions", "", None), **own, "input_row_ids": []}
    explained = explain_score(
        FoundScores(score_frame([row]), package, 0.65, ()), "supply_risk_change_restrictions", "antimony", None, None
    )
    assert explained.lines()[0].endswith("missing (restrictions_within_study_t)")
    assert "measures are in force" in explained.lines()[1]


def test_several_scores_for_what_was_asked_are_listed_to_choose_from(found: FoundScores) -> None:
    with pytest.raises(
        InputError,
        match=r"share_of_world_output of cobalt_refined has \d+ values; give --country\. "
        r"country: AUS; BEL; ",
    ):
        explain_score(found, "share_of_world_output", "cobalt_refined", None, None)


def test_year_chooses_one_score_of_a_series(found: FoundScores) -> None:
    explained = explain_score(found, "hhi_series", "cobalt_mine", None, 2020)
    assert explained.score["year"].to_list() == [2020]


def test_no_score_for_what_was_asked_says_how_to_list_them(found: FoundScores) -> None:
    with pytest.raises(
        InputError,
        match=r"There is no hhi of cobalt_mine for what was asked\. `supplyrisk score --product cobalt_mine` lists",
    ):
        explain_score(found, "hhi", "cobalt_mine", "CHN", None)


def test_a_score_of_a_material_at_a_stage_is_chosen_by_the_stage(package: DataPackage) -> None:
    row = "production.tungsten_mine.aut.2024.curated_2024"
    own = {"metric": "stage_capacity_of_material", "product_id": None, "material_id": "tungsten", "scope": "EU27"}
    rows = [
        {**score("stage_capacity_of_material", "", 1.0), **own, "stage": "extraction", "input_row_ids": [row]},
        {
            **score("stage_capacity_of_material", "", None),
            **own,
            "stage": "refining",
            "low": 0.0,
            "high": 0.3,
            "missing_reason": "region_not_named",
        },
        {
            **score("stage_capacity_by_value", "", 0.5),
            "product_id": None,
            "scope": "EU27",
            "materials_covered": 9,
            "materials_concerned": 16,
        },
    ]
    own_scores = FoundScores(score_frame(rows), package, 0.65, ())
    with pytest.raises(InputError, match=r"tungsten has 2 values; give --stage\. stage: extraction; refining\."):
        explain_score(own_scores, "stage_capacity_of_material", "tungsten", None, None)
    mined = explain_score(own_scores, "stage_capacity_of_material", "tungsten", None, None, stage="extraction")
    assert mined.rows["production"]["row_id"].to_list() == [row]
    assert "min(output/use, 1)" in mined.formula
    ranged = explain_score(own_scores, "stage_capacity_of_material", "tungsten", None, None, stage="refining")
    assert "at refining in EU27" in ranged.lines()[0]
    assert "no value (region_not_named), between 0 and 0.3" in ranged.lines()[0]
    whole = explain_score(own_scores, "stage_capacity_by_value", "extraction", None, None)
    assert "materials with a figure: 9 of 16" in whole.lines()
    with pytest.raises(InputError, match=r"is of a stage as a whole: extraction and --stage refining are two"):
        explain_score(own_scores, "stage_capacity_by_value", "extraction", None, None, stage="refining")
    with pytest.raises(InputError, match=r"'refinning' is not a stage"):
        explain_score(own_scores, "stage_capacity_of_material", "tungsten", None, None, stage="refinning")


def test_rows_come_in_the_order_of_the_ids(package: DataPackage) -> None:
    ids = [f"production.cobalt_refined.{code}.2024.curated_2024" for code in ("row", "chn", "fin")]
    assert rows_by_id(package, ids)["production"]["row_id"].to_list() == ids


# --- tables, sources, checks
