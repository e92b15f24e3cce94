"""What measures do to scores and targets, in words and tables, in both languages."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.mitigation.compliance import AS_VALUE, COMPLIANCE
from supplyrisk.mitigation.score_changes import BELOW_ROUNDING, ONLY_STOCKS, SCORES
from supplyrisk.report.measure_scores_part import compliance_part, scores_of_measure, scores_part, scores_table
from supplyrisk.report.wording import Wording
from tests.report.test_published_chapters import NAMES

SCORE_ROWS = pl.DataFrame(
    [
        ("EU27", "away", "sourcing_share", "copper_mine", None, "CHL", "CHN", 0.71, 0.4, -0.31, -0.35, -0.3, "fraction",
         1, None),
        ("EU27", "away", "sourcing_share", "nickel_mine", None, "CHN", "CHN", 0.6, 0.5, -0.1, -0.12, -0.08, "fraction",
         1, None),
        ("EU27", "away", "self_sufficiency", "copper_mine", None, None, None, 0.4, 0.3, -0.1, None, None, "ratio", 1,
         "no_draws_of_this_score"),
        ("EU27", "away", "n_minus_one", "copper_mine", None, "CHL", "CHN", 0.4, 0.3, -0.1, -0.2, 0.0, "fraction", 1,
         None),
        ("EU27", "away", "sourcing_hhi", "copper_mine", None, None, None, 5000.0, 4800.0, -200.0, -250.0, -150.0,
         "index_10000", 1, None),
        ("EU27", "away", "pass_through", "copper_mine", "battery", "CHL", "CHN", 0.3, 0.2, -0.1, -0.3, 0.1, "fraction",
         1, None),
        ("EU27", "away", "import_dependence", *[None] * 9, "fraction", 7, BELOW_ROUNDING),
        ("EU27", "away", "import_dependence", *[None] * 9, "fraction", 3, "place_of_use_unknown"),
        ("EU27", "stock", "import_dependence", *[None] * 9, "fraction", 9, ONLY_STOCKS),
        ("EU27", "stock", "import_dependence", *[None] * 9, "fraction", 3, "place_of_use_unknown"),
    ],
    schema=SCORES,
    orient="row",
)  # fmt: skip
TITLES = {"away": "Away", "stock": "Stock"}


def test_scores_are_counted_by_whether_they_get_better() -> None:
    table = scores_table(SCORE_ROWS, TITLES, "EU27", Wording("en", NAMES))
    assert table is not None
    away, stock = table.rows
    # Less from one country and a lower index are better; what can be left out falls, which is worse.
    # What passes through falls at the centre, and may as well rise; self-sufficiency has no range.
    assert away[:7] == ("Away", "3", "1", "1", "1", "7", "3")
    assert away[7].endswith("71\u00a0% → 40\u00a0%")
    assert stock == ("Stock", "0", "0", "0", "0", "9", "3", "a stock moves no share")
    assert table.header[4] == "No range"
    part = scores_part(SCORE_ROWS, TITLES, ["EU27", "NLD"], Wording("en", NAMES))
    assert part is not None
    assert part.tables == (table,)
    assert scores_part(SCORE_ROWS, TITLES, ["NLD"], Wording("en", NAMES)) is None


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", "3 for the better, 1 for the worse, 1 with an open direction and 1 without a range"),
        ("nl", "3 ten goede, 1 ten kwade, 1 met open richting en 1 zonder marge"),
    ],
)
def test_the_page_shows_what_moves_most_and_counts_the_rest(language: str, counts: str) -> None:
    wording = Wording(language, NAMES)
    note, table = scores_of_measure(SCORE_ROWS, "away", "Away", ["EU27"], wording)
    assert counts in note
    assert table is not None
    assert [row[3:] for row in table.rows] == [
        ("40\u00a0%", "30\u00a0%", "−10"),
        ("71\u00a0%", "40\u00a0%", "−31 (−35 … −30)"),
        (wording.integer(5000), wording.integer(4800), "−200 (−250 … −150)"),
        ("40\u00a0%", "30\u00a0%", "−10 (−20 … 0)"),
        ("30\u00a0%", "20\u00a0%", "−10 (−30 … +10)"),
    ]
    assert " → " in table.rows[1][2]
    note, none = scores_of_measure(SCORE_ROWS, "stock", "Stock", ["EU27"], wording)
    assert "9" in note
    assert none is None
    assert scores_of_measure(SCORE_ROWS, "other", "Other", ["EU27"], wording) == ("", None)


@pytest.mark.parametrize(
    ("language", "verdict", "reached"),
    [
        ("en", "not met yet → met", "15 → 16 of 23 with a figure reach it (38 in all)"),
        ("nl", "nog niet gehaald → gehaald", "15 → 16 van 23 met een cijfer halen het (38 in totaal)"),
    ],
)
def test_targets_that_move_stand_with_both_verdicts(language: str, verdict: str, reached: str) -> None:
    common = ("share_from_one_third_country", None, "maximum", "2030", 65.0, "percent", AS_VALUE, None)
    rows = pl.DataFrame(
        [
            ("away", "single", *common, 71.0, 40.0, 35.0, 45.0, 15, 16, 23, 23, 38, "not_met", "met", None),
            ("stock", "single", *common, 71.0, 71.0, 65.0, 75.0, 15, 15, 23, 23, 38, "not_met", "not_met", None),
        ],
        schema=COMPLIANCE,
        orient="row",
    )
    part = compliance_part(rows, TITLES, Wording(language, NAMES))
    assert part is not None
    ((row,),) = (table.rows for table in part.tables)
    assert row[3:6] == ("71,0\u00a0%", "40,0\u00a0%", "35,0–45,0\u00a0%") or language == "en"
    assert row[6] == f"{verdict}; {reached}"
    assert compliance_part(rows.clear(), TITLES, Wording(language, NAMES)) is None
