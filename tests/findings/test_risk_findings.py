"""Why a product ranks where it does: its causes from the largest on, and the part of its chain that is hit most."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.findings.risk import why_ranked
from supplyrisk.report.wording import Names, Wording
from supplyrisk.risk.causes import CAUSES, PLACES

ROW = {"region": "EU27", "product_id": "magnet", "rank": 4}
CAUSE_ROWS = pl.DataFrame(
    [
        ("EU27", "cell", "strike", "CHL", 0.9),
        ("EU27", "magnet", "export_restriction", "CHN", 0.6),
        ("EU27", "magnet", "policy", "CHN", 0.3),
        ("EU27", "magnet", "strike", "AUS", 0.04),
        ("NLD", "magnet", "strike", "USA", 0.9),
    ],
    schema=CAUSES,
    orient="row",
)
PLACE_ROWS = pl.DataFrame(
    [
        ("EU27", "magnet", "magnet;dysprosium", "CHN", "running_measure", 0.3),
        ("EU27", "magnet", "dysprosium", "CHN", "exports", 0.4),
        ("EU27", "magnet", "magnet;dysprosium", "CHN", "exports", 0.2),
        ("EU27", "magnet", "magnet", "CHN", "exports", 0.1),
    ],
    schema=PLACES,
    orient="row",
)


def test_causes_from_a_twentieth_on_and_the_place_hit_most_are_told_with_all_its_products() -> None:
    (told,) = why_ranked(ROW, CAUSE_ROWS, PLACE_ROWS)
    assert told.numbers["causes"] == [("export_restriction", "CHN", 0.6), ("policy", "CHN", 0.3)]
    hit = tuple(told.numbers[name] for name in ("hit_products", "country", "part"))
    assert hit == (["magnet", "dysprosium"], "CHN", 0.5)
    assert told.numbers["rank"] == 4


def test_the_largest_cause_is_told_however_small() -> None:
    small = CAUSE_ROWS.filter(pl.col("country") == "AUS")
    (told,) = why_ranked(ROW, small, PLACE_ROWS)
    assert told.numbers["causes"] == [("strike", "AUS", 0.04)]


def test_nothing_is_told_where_no_loss_has_a_cause() -> None:
    assert list(why_ranked(ROW, CAUSE_ROWS.clear(), PLACE_ROWS)) == []


def test_causes_are_told_where_no_place_is_known() -> None:
    (told,) = why_ranked(ROW, CAUSE_ROWS, PLACE_ROWS.clear())
    assert told.message_id == "risk_why_causes"
    assert len(told.numbers["causes"]) == 2


@pytest.mark.parametrize(
    ("language", "sentence", "alone"),
    [
        (
            "en",
            "Why rank 4 for magnets: the expected loss comes 60 % from export restrictions in China and 30 % from "
            "government orders in China. Hit most on the chain: magnets and dysprosium in China (50 %).",
            "Why rank 4 for magnets: the expected loss comes 60 % from export restrictions in China and 30 % from "
            "government orders in China.",
        ),
        (
            "nl",
            "Waarom plaats 4 voor magnets: van het verwachte verlies komt 60 % door exportbeperkingen in China en "
            "30 % door overheidsbesluiten in China. Het meest geraakt in de keten: magnets en dysprosium in China "
            "(50 %).",
            "Waarom plaats 4 voor magnets: van het verwachte verlies komt 60 % door exportbeperkingen in China en "
            "30 % door overheidsbesluiten in China.",
        ),
    ],
)
def test_causes_and_products_read_as_a_list_with_and(language: str, sentence: str, alone: str) -> None:
    names = Names({"CHN": "China"}, {"magnet": "Magnets", "dysprosium": "Dysprosium"}, {})
    wording = Wording(language, names)
    for places, expected in ((PLACE_ROWS, sentence), (PLACE_ROWS.clear(), alone)):
        (told,) = why_ranked(ROW, CAUSE_ROWS, places)
        assert wording.sentence(told).replace("\u00a0", " ") == expected
