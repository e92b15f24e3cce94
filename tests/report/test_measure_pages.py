"""Pages of measures: which products cross the line for one third country, with the line by which they were judged."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.mitigation import third_countries
from supplyrisk.report.measure_pages import measure_pages
from supplyrisk.report.wording import Wording
from tests.report.test_published_chapters import NAMES


@pytest.mark.parametrize(
    ("language", "told", "days", "row"),
    [
        (
            "en",
            "falls from 71\u00a0% to 40\u00a0%, below the line of 60\u00a0%.",
            "Away (2,000 draws over 40 sets of uncertain numbers)",
            ("2.0", "1.0", "−1.0", "−1.8 … +0.2"),
        ),
        (
            "nl",
            "onder de grens van 60\u00a0%.",
            "Weg (2.000 trekkingen over 40 reeksen onzekere getallen)",
            ("2,0", "1,0", "−1,0", "−1,8 … +0,2"),
        ),
    ],
)
def test_what_crosses_the_line_and_what_is_lost_are_told_with_what_they_rest_on(
    language: str, told: str, days: str, row: tuple[str, ...]
) -> None:
    crossing = ("EU27", "away", "copper_mine", "CHL", 0.71, "CHN", 0.4, "falls_below", 0.6)
    changes = pl.DataFrame([crossing], schema=third_countries.SCHEMA, orient="row")
    products = pl.DataFrame(
        {
            "region": ["EU27"], "measures": ["away"], "product_id": ["copper_mine"], "days_before": [2.0],
            "days_after": [1.0], "change": [-1.0], "change_low": [-1.75], "change_high": [0.25], "confirmed": [True],
        }
    )  # fmt: skip
    titles = {"away": {"en": "Away", "nl": "Weg"}}
    given = ({False: (200, 10), True: (2000, 40)}, ["EU27"], Wording(language, NAMES))
    (page,) = measure_pages(titles, {"away": "Note."}, products, changes, {}, *given)
    assert page.note.endswith(told)
    # Days are told on the draws of the measure's row, the change with its range.
    (table,) = page.tables
    assert table.caption.endswith(days)
    assert table.rows[0][2:] == row
    (page,) = measure_pages(titles, {"away": "Note."}, products, changes.clear(), {}, *given)
    assert page.note == "Note."
