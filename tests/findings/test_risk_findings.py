"""Why a product ranks where it does: its causes from the largest on, and the part of its chain that is hit most."""

from __future__ import annotations

import polars as pl

from supplyrisk.findings.risk import why_ranked
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
        ("EU27", "magnet", "magnet;dysprosium", "CHN", "running_measure", 0.5),
        ("EU27", "magnet", "dysprosium", "CHN", "exports", 0.4),
        ("EU27", "magnet", "magnet", "CHN", "exports", 0.1),
    ],
    schema=PLACES,
    orient="row",
)


def test_causes_from_a_twentieth_on_and_the_place_hit_most_are_told() -> None:
    (told,) = why_ranked(ROW, CAUSE_ROWS, PLACE_ROWS)
    assert told.numbers["causes"] == [("export_restriction", "CHN", 0.6), ("policy", "CHN", 0.3)]
    assert (told.numbers["hit_product"], told.numbers["country"], told.numbers["part"]) == ("dysprosium", "CHN", 0.4)
    assert told.numbers["rank"] == 4


def test_the_largest_cause_is_told_however_small() -> None:
    small = CAUSE_ROWS.filter(pl.col("country") == "AUS")
    (told,) = why_ranked(ROW, small, PLACE_ROWS)
    assert told.numbers["causes"] == [("strike", "AUS", 0.04)]


def test_nothing_is_told_where_no_loss_has_a_cause() -> None:
    assert list(why_ranked(ROW, CAUSE_ROWS.clear(), PLACE_ROWS)) == []
    assert list(why_ranked(ROW, CAUSE_ROWS, PLACE_ROWS.clear())) == []
