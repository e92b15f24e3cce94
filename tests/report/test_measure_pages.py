"""Pages of measures: which products cross the line for one third country, with the line by which they were judged."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.mitigation import third_countries
from supplyrisk.report.measure_pages import measure_pages
from supplyrisk.report.wording import Wording
from tests.report.test_published_chapters import NAMES


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "falls from 71\u00a0% to 40\u00a0%, below the line of 60\u00a0%."),
        ("nl", "onder de grens van 60\u00a0%."),
    ],
)
def test_what_crosses_the_line_is_told_with_the_line(language: str, told: str) -> None:
    crossing = ("EU27", "away", "copper_mine", "CHL", 0.71, "CHN", 0.4, "falls_below", 0.6)
    changes = pl.DataFrame([crossing], schema=third_countries.SCHEMA, orient="row")
    products = pl.DataFrame(
        {
            "region": ["EU27"], "measures": ["away"], "product_id": ["copper_mine"], "days_before": [2.0],
            "days_after": [1.0],
        }
    )  # fmt: skip
    titles = {"away": {"en": "Away", "nl": "Weg"}}
    (page,) = measure_pages(titles, {"away": "Note."}, products, changes, {}, ["EU27"], Wording(language, NAMES))
    assert page.note.endswith(told)
    (page,) = measure_pages(
        titles, {"away": "Note."}, products, changes.clear(), {}, ["EU27"], Wording(language, NAMES)
    )
    assert page.note == "Note."
