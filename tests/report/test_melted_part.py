"""What the report says on base metals, from tables of hand, in both languages."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest

from supplyrisk.report.melted_part import melted_part
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.runs.project import Project
from supplyrisk.scores.melted import ORIGIN, SCRAP, SUMMARY, MeltedTables
from supplyrisk.tables.contract import read_contracts

NAMES = Names(
    {"EU27": "EU", "CHL": "Chile"},
    {"copper_refined": "Copper", "tin_refined": "Tin"},
    {"s": "Scrap paper", "t": "Trade note"},
)
GIVEN = MeltedTables(
    pl.DataFrame(
        [
            ("copper", "copper_refined", "EU27", "as_metal", 200.0, 0.5, 0.5, 0.4, 0.6, 0.45, 0.1, "CHL", 0.3, "trade",
             0.7, 0.83, None),
            ("copper", "copper_refined", "EU27", "battery", 20.0, 0.1, 0.1, 0.0, 0.2, None, None, None, None, "trade",
             None, None, None),
            ("tin", "tin_refined", "EU27", "as_metal", *(None,) * 12, "place_of_use_unknown"),
        ],
        schema=SUMMARY, orient="row",
    ),
    pl.DataFrame(schema=ORIGIN),
    pl.DataFrame(
        [
            ("copper", "copper_refined", "7404", None, "a", "2024", 1300.0, "more_than", "forecast", "r", "s;t", None,
             "use_before;lifetimes"),
            ("tin", "tin_refined", "8002", *(None,) * 8, "no_figure_in_the_data", None),
        ],
        schema=SCRAP, orient="row",
    ),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metal_has_a_row_or_a_reason(language: str) -> None:
    wording = Wording(language, NAMES)
    part = melted_part(GIVEN, "EU27", wording)
    assert part is not None
    reason = wording.format_reason("place_of_use_unknown")
    assert (
        wording.page("network_melted_gap", products=wording.format_product("tin_refined"), reason=reason) in part.note
    )
    metals, scrap = part.tables
    assert [len(row) for row in (metals.header, *metals.rows)] == [11] * 3
    assert [len(row) for row in (scrap.header, *scrap.rows)] == [8] * 3
    assert scrap.rows[1][5] == wording.format_reason("no_figure_in_the_data")


def test_what_is_told_of_a_metal() -> None:
    part = melted_part(GIVEN, "EU27", Wording("en", NAMES))
    assert part is not None
    shown = [cell.replace("\u00a0", " ") for cell in part.tables[0].rows[0]]
    assert shown == ["Copper", "Metal", "200", "50 %", "40–60 %", "45 %", "10 %", "Chile", "30 %", "70 %", "83 %"]
    scrap = [cell.replace("\u00a0", " ") for cell in part.tables[1].rows[0]]
    assert scrap[3:] == [
        "2024",
        "more than 1,300",
        "expected",
        "Scrap paper and Trade note",
        "use in past years, lifetimes",
    ]


def test_scrap_of_the_eu_stands_with_the_eu_alone() -> None:
    of_netherlands = GIVEN.summary.with_columns(pl.lit("NLD").alias("region"))
    names = Names({**NAMES.countries, "NLD": "Netherlands"}, NAMES.products, NAMES.editions)
    part = melted_part(MeltedTables(of_netherlands, GIVEN.origin, GIVEN.scrap), "NLD", Wording("en", names))
    assert part is not None
    assert len(part.tables) == 1
    assert melted_part(GIVEN, "NLD", Wording("en", names)) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_metal_without_a_named_maker_keeps_its_row_and_its_range(language: str) -> None:
    row = ("copper", "copper_refined", "EU27", "as_metal", 200.0, None, None, 0.0, 0.38, None, None, "CHL", 0.3,
           "trade", None, 0.5, "region_not_named")  # fmt: skip
    wording = Wording(language, NAMES)
    part = melted_part(
        MeltedTables(pl.DataFrame([row], schema=SUMMARY, orient="row"), GIVEN.origin, GIVEN.scrap), "EU27", wording
    )
    assert part is not None
    assert wording.page("network_melted_unnamed", products=wording.format_product("copper_refined")) in part.note
    assert part.tables[0].rows[0][3] == "\u2013"
    assert part.tables[0].rows[0][4] == wording.interval(wording.format_percent(0.0), wording.format_percent(0.38))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_in_which_an_export_of_scrap_may_be_stated_has_words(language: str, project: Project) -> None:
    allowed = {column.name: column.allowed for column in read_contracts(project.data)["parameters"].columns}
    wording = Wording(language, NAMES)
    assert set(wording.catalogue["bounds"]) == set(allowed["bound"])
    assert set(wording.catalogue["natures"]) == set(allowed["nature"])
    for bound, nature in product([None, *allowed["bound"]], allowed["nature"]):
        scrap = GIVEN.scrap.with_columns(bound=pl.lit(bound, dtype=pl.String), nature=pl.lit(nature))
        part = melted_part(MeltedTables(GIVEN.summary, GIVEN.origin, scrap), "EU27", wording)
        assert part is not None
        tonnes, kind = part.tables[1].rows[0][4:6]
        assert wording.quantity(1300.0) in tonnes
        assert kind
