"""A question that no score can answer is told apart from an empty answer, with the nearest one that has rows."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.runs.without_rows import asked_of_materials, without_rows

PRODUCTS = pl.DataFrame(
    [("cobalt_mine", "cobalt"), ("cobalt_refined", "cobalt"), ("gallium", "gallium"), ("cell", None)],
    schema={"product_id": pl.String, "material_id": pl.String},
    orient="row",
)
SCORES = pl.DataFrame(
    [
        ("hhi", "cobalt_mine", None, "extraction", None),
        ("hhi", "gallium", None, "refining", None),
        ("share_of_world_output", "gallium", None, "refining", "CHN"),
        ("supply_risk_published", None, "cobalt", None, None),
    ],
    schema=dict.fromkeys(("metric", "product_id", "material_id", "stage", "country"), pl.String),
    orient="row",
)


def told(metric: str | None = "hhi", **asked: str) -> list[str]:
    columns = {name: [asked[name]] if name in asked else [] for name in SCORES.columns}
    return without_rows(SCORES, PRODUCTS, columns | {"metric": [] if metric is None else [metric]})


@pytest.mark.parametrize("asked", [{}, {"product_id": "gallium"}, {"product_id": "gallium", "stage": "refining"}])
def test_what_has_rows_is_not_told(asked: dict[str, str]) -> None:
    assert told(**asked) == []


@pytest.mark.parametrize(
    ("metric", "asked", "message"),
    [
        ("hhi", {"material_id": "cobalt"}, "hhi is not a score of materials. Ask by product: --product cobalt_mine."),
        ("hhi", {"country": "CHN", "product_id": "gallium"}, "hhi is not a score of countries. Leave out --country."),
        (
            "supply_risk_published",
            {"product_id": "cobalt_refined"},
            "supply_risk_published is not a score of products. Ask by material: --material cobalt.",
        ),
        (
            "supply_risk_published",
            {"product_id": "cell"},
            "supply_risk_published is not a score of products. Leave out --product.",
        ),
        (
            "hhi",
            {"product_id": "cobalt_refined"},
            "hhi has no row with --product cobalt_refined. There are rows with cobalt_mine.",
        ),
        (
            "hhi",
            {"product_id": "gallium", "stage": "extraction"},
            "hhi has no row with --stage extraction for the rest of what was asked. There are rows with refining.",
        ),
        (
            "share_of_world_output",
            {"country": "NLD"},
            "share_of_world_output has no row with --country NLD. There are rows with CHN.",
        ),
        (
            None,
            {"stage": "recycling"},
            "No score has a row with --stage recycling. There are rows with extraction, refining.",
        ),
        (
            None,
            {"material_id": "cobalt", "stage": "refining"},
            "No score has a row with --stage refining for the rest of what was asked. Leave out --stage.",
        ),
        ("reserves_hhi", {}, "No reserves_hhi is known on this day."),
    ],
)
def test_why_there_are_none_and_what_to_ask_instead(metric: str | None, asked: dict[str, str], message: str) -> None:
    assert told(metric, **asked) == [message]


def test_each_score_without_rows_is_told_and_no_other() -> None:
    asked = {"metric": ["hhi", "share_of_world_output"], "product_id": [], "material_id": [], "stage": []}
    found = without_rows(SCORES, PRODUCTS, asked | {"country": ["CHN"]})
    assert found == ["hhi is not a score of countries. Leave out --country."]


def test_a_score_of_products_asked_by_material_is_refused_before_anything_is_worked_out() -> None:
    assert asked_of_materials(["headline_index"], ["cobalt"], PRODUCTS) == [
        "headline_index is not a score of materials. Ask by product: --product cobalt_mine --product cobalt_refined."
    ]
    assert asked_of_materials(["headline_index", "supply_risk_live"], ["cobalt"], PRODUCTS) == []
    assert asked_of_materials([], ["cobalt"], PRODUCTS) == []
