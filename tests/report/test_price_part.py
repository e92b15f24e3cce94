"""The price signal in the report: a range with its sources, or the gap in words."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.report.price_part import price_part
from supplyrisk.report.wording import Names, Wording
from supplyrisk.risk.price_signal import NO_ANSWER, NO_ELASTICITY, PRICE

NAMES = Names(
    {},
    {"copper_mine": "Copper, mine", "tin_mine": "Tin, mine"},
    {"one": "Market study 2019", "two": "Second study 2021"},
)
ROWS = pl.DataFrame(
    [
        ("copper_mine", 0.04, 0.02, 0.06, 0.05, 0.3, "one;two", None),
        ("tin_mine", 0.01, 0.0, 0.02, None, None, None, NO_ELASTICITY),
    ],
    schema=PRICE,
    orient="row",
)


@pytest.mark.parametrize(
    ("language", "gap", "named"),
    [
        ("en", "Products for which no source in the data has done so: 1.", "Market study 2019 and Second study 2021"),
        (
            "nl",
            "Producten waarvoor geen bron in de gegevens dat heeft gedaan: 1.",
            "Market study 2019 en Second study 2021",
        ),
    ],
)
def test_ranges_are_shown_and_gaps_are_counted(language: str, gap: str, named: str) -> None:
    part = price_part(ROWS, Wording(language, NAMES))
    assert gap in part.note
    ((name, short, rise, sources),) = part.tables[0].rows
    assert (name, sources) == ("Copper, mine", named)
    assert (short, rise) == ("4\u00a0%", "5–30\u00a0%")


@pytest.mark.parametrize(("language", "told"), [("en", "or more: at the lowest"), ("nl", "of meer: bij de laagste")])
def test_an_open_end_is_told(language: str, told: str) -> None:
    rows = ROWS.with_columns(
        price_rise_high=pl.lit(None, pl.Float64), source_ids=pl.lit("one"), missing_reason=pl.lit(NO_ANSWER)
    )
    open_end, none = price_part(rows, Wording(language, NAMES)).tables[0].rows
    assert open_end[2].startswith("5")
    assert told in open_end[2]
    assert none[2] == Wording(language, NAMES).page("risk_price_none")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "No price signal can be given for any of the 1,200 products: it would be"),
        ("nl", "Voor geen van de 1.200 producten is een prijssignaal te geven: het zou"),
    ],
)
def test_without_any_elasticity_there_is_no_table_and_one_reason(language: str, told: str) -> None:
    part = price_part(pl.concat([ROWS.tail(1)] * 1200), Wording(language, NAMES))
    assert part.tables == ()
    assert part.note.startswith(told)
    assert Wording(language, NAMES).page("risk_price_note") not in part.note
