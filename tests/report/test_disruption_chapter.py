"""Choke points in the report."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.report.disruption_chapter import ChokeGiven, DisruptionGiven, choke_table, disruption_chapter
from supplyrisk.report.wording import Names, Wording

EN = Wording("en", Names({"CHN": "China", "POL": "Poland", "BEL": "Belgium"}, {}, {}))


def country(code: str, focus_high: float, uncoordinated: float) -> dict[str, object]:
    return {
        "country": code, "focus_low": 0.0, "focus_high": focus_high, "focus_first": 0.0, "loss": 2e9,
        "uncoordinated_focus": uncoordinated, "months_to_survive": None, "exposed": "no",
    }  # fmt: skip


GIVEN = ChokeGiven(
    region="EU27",
    window_months=6.0,
    recover_months=(2.0, 16.0),
    single=pl.DataFrame(
        [
            country("CHN", 4.4e10, 7.8e9) | {"months_to_survive": 7.7, "exposed": "depends"},
            country("POL", 0.0, 1e7),
            country("BEL", 9.9e6, 9.9e6),
        ]
    ),
    pairs=pl.DataFrame(schema={"country": pl.String, "other": pl.String, "loss": pl.Float64}),
    unpriced=[],
)


def test_countries_whose_loss_costs_the_region_next_to_nothing_are_not_listed() -> None:
    assert [row[0] for row in choke_table(GIVEN, EN).rows] == ["China", "Poland"]


@pytest.mark.parametrize(("language", "words"), [("en", ("depends", "no")), ("nl", ("hangt ervan af", "nee"))])
def test_whether_recovery_takes_longer_is_left_open_within_its_range(language: str, words: tuple[str, ...]) -> None:
    wording = Wording(language, EN.names)
    assert tuple(row[-1] for row in choke_table(GIVEN, wording).rows) == words
    (part,) = disruption_chapter(DisruptionGiven([GIVEN], [], []), wording).choke
    assert f"2 {'to' if language == 'en' else 'tot'} 16 " in part.note


def test_the_note_says_how_many_countries_are_listed() -> None:
    (part,) = disruption_chapter(DisruptionGiven([GIVEN], [], []), EN).choke
    assert part.note.endswith(
        "Shown are 2 of 3 countries: the largest whose loss costs the EU EUR 10 million a year or more in one of the "
        "columns."
    )
