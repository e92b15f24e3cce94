"""What the report says of what the order per euro hangs on, of when measures work and of what they ask for."""

from __future__ import annotations

import re

import polars as pl
import pytest

from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.mitigation.market import MARKET
from supplyrisk.mitigation.order_sensitivity import SENSITIVITY
from supplyrisk.mitigation.specification import EuContentRequirement, JointPurchasing, Retaliation
from supplyrisk.report.measure_facts import (
    later_facts,
    later_note,
    measure_facts,
    not_reached_facts,
    retaliation_facts,
    retaliation_not_counted,
)
from supplyrisk.report.order_part import order_part
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.runs.measure_timing import TIMING

TITLES = {name: name.upper() for name in "abcd"}
NAMES = Names({"EU27": "European Union", "NLD": "Netherlands"}, {"cell": "Cells"}, {})


@pytest.fixture(scope="module", params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    return Wording(request.param, NAMES)


def sensitivity(*rows: tuple[str, str, str, float, str, str]) -> pl.DataFrame:
    full = [("EU27", "central", "", "value", None, "a", "b", "c", "nothing")]
    full += [("EU27", *row[:4], *row[4], row[5]) for row in rows]
    return pl.DataFrame(full, schema=SENSITIVITY, orient="row")


def test_ends_that_change_the_first_three_stand_in_a_table(wording: Wording) -> None:
    own = sensitivity(
        ("discount_rate", "", "high", 0.05, "abc", "nothing"),
        ("premium_share", "d", "low", 0.0, "dab", "others"),
        ("crowding_out_share", "", "high", 0.3, "bac", "order"),
        ("avoided", "a", "low", 1.2e6, "bcd", "others"),
        ("prices.cell", "b", "high", 14817.0, "acb", "order"),
        ("avoided", "b", "low", 17_912.4, "bac", "order"),
    )
    text, table = order_part(own, TITLES, {"cell": "t"}, "the EU", wording)
    assert table is not None
    numbers = ("6", "2", "3")
    assert re.findall(r"\d+", text) == list(numbers)
    assert [row[1] for row in table.rows] == ["D", "–", "A", "B", "B"]
    assert [row[3] for row in table.rows] == ["D; A; B", "B; A; C", "B; C; D", "A; C; B", "B; A; C"]
    told = [row[2] for row in table.rows]
    wanted = {
        "en": ["0 %", "30 %", "EUR 1.2 million", "EUR 14,817 per tonne", "EUR 17,900"],
        "nl": ["0 %", "30 %", "1,2 miljoen euro", "14.817 euro per ton", "17.900 euro"],
    }[wording.language]
    assert [text.replace("\u00a0", " ").replace("%", " %").replace("  ", " ") for text in told] == wanted


def test_nothing_that_changes_needs_no_table(wording: Wording) -> None:
    text, table = order_part(
        sensitivity(("discount_rate", "", "high", 0.05, "abc", "nothing")), TITLES, {}, "EU", wording
    )
    assert table is None
    assert text == wording.page("measures_hangs_nothing", count="1")
    assert order_part(sensitivity(), TITLES, {}, "EU", wording) == ("", None)


@pytest.mark.parametrize(("language", "not_public"), [("en", "not public yet"), ("nl", "nog niet openbaar")])
def test_figures_of_a_later_day_are_told(language: str, not_public: str) -> None:
    words = Wording(language, NAMES)
    assert not_public in later_facts(("demand.one", "prices.two"), words)
    assert later_facts(("demand.one", "prices.two"), words).endswith(": demand.one, prices.two.")
    assert later_note(["One"], words).endswith(f": {words.quoted('One')}.")
    assert (later_facts((), words), later_note([], words)) == ("", "")


def test_a_page_says_when_it_works_and_how_much_it_asks_for() -> None:
    english = Wording("en", NAMES)
    timing = pl.DataFrame(
        [
            ("EU27", "a", 8, 25, 2.5e6, 1.0e6, 4.0e6, 3.0e6),
            ("NLD", "a", 8, 25, None, None, None, 1.0e6),
            ("EU27", "b", 12, 12, 0.0, 0.0, 0.0, 1.0e6),
            ("EU27", "d", 8, 25, -6.2e6, -9.0e6, -1.0e6, 1.0e6),
            ("NLD", "d", 8, 25, -0.5e6, -3.0e6, 2.0e6, 1.0e6),
        ],
        schema=TIMING,
        orient="row",
    )
    market = pl.DataFrame(
        [
            ("a", "cell", "held", "t", 3.0, 100.0, 0.03, None, None, None, None),
            ("b", "cell", "moved", "t", 1.0, 100.0, 0.01, 0.1, "NLD", 9.0, 9.9),
            ("c", "cell", "received", "GWh", 17.7, 850.0, 0.02, 0.99, "NLD", 17.895, 35.576),
        ],
        schema=MARKET,
        orient="row",
    )
    told = measure_facts("a", timing, market, ["EU27", "NLD"], english).replace("\u00a0", " ")
    assert told.startswith(
        "Decided today, it starts to work in month 8 and works in full from month 25 on. "
        "Within three years it then avoids EUR 2.5 million a year in the EU (1.0 to 4.0). "
        "Filling the stock takes 3 % of a year's world output of cells; that it makes"
    )
    assert measure_facts("b", timing, market, ["EU27"], english).replace("\u00a0", " ") == (
        "Decided today, it works in full from month 12 on. Within three years it then avoids EUR 0.0 million a year in "
        "the EU (0.0 to 0.0)."
    )
    assert (
        measure_facts("d", timing, market, ["EU27", "NLD"], english)
        .replace("\u00a0", " ")
        .endswith(
            "Within three years losses in the EU are then EUR 6.2 million a year larger (1.0 to 9.0). Within three "
            "years losses in the Netherlands are then EUR 0.5 million a year larger (from 2.0 smaller to 3.0 larger)."
        )
    )
    told = measure_facts("c", timing, market, ["EU27"], english).replace("\u00a0", " ")
    assert told.startswith(
        "Makers that gain would have to make much more (the largest growth of one place: cells 99 % in the "
        "Netherlands, from 17.9 to 35.6 GWh a year); what"
    )
    dutch = measure_facts("c", timing, market, ["EU27"], Wording("nl", NAMES)).replace("\u00a0", " ")
    assert "99 % in Nederland, van 17,9 naar 35,6 GWh per jaar); wat" in dutch


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "en",
            "Assumed is a chance of 30 % (10 % to 60 %), within three years, of restrictions by Norway, which then "
            "stop 50 % (25 % to 100 %) of usual deliveries for 6 months.",
        ),
        (
            "nl",
            "Aangenomen is een kans van 30% (10% tot 60%), binnen drie jaar, op beperkingen door Noorwegen, die dan "
            "50% (25% tot 100%) van de gebruikelijke leveringen 6 maanden tegenhouden.",
        ),
    ],
)
def test_what_is_assumed_of_retaliation_is_told(language: str, wanted: str) -> None:
    def number(value: float, low: float, high: float) -> dict[str, object]:
        return {"value": value, "low": low, "high": high, "basis": "assumed", "reason": "by hand"}

    own = Retaliation.model_validate(
        {
            "by": ["NOR"], "products": ["cell"], "months": 6,
            "probability": number(0.3, 0.1, 0.6), "share": number(0.5, 0.25, 1.0),
        }
    )  # fmt: skip
    names = Names({"NOR": "Norway" if language == "en" else "Noorwegen"}, {}, {})
    told = retaliation_facts([own], Wording(language, names)).replace("\u00a0", " ")
    assert told.replace(" %", "%") == wanted.replace(" %", "%")
    assert retaliation_facts([], Wording(language, names)) == ""


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        (
            "en",
            "With it 60 % of cells bought in the EU is made in the EU, not 75 %: idle capacity goes no further. "
            "Of cells bought together 70 % comes from Norway, not 65 %: some buyers have no other supplier.",
        ),
        (
            "nl",
            "Hiermee wordt 60% van de inkoop van cellen in de EU in de EU gemaakt, niet 75%: verder reikt de "
            "capaciteit die stilstaat niet. Van de gezamenlijke inkoop van cellen komt 70% uit Noorwegen, niet 65%: "
            "sommige kopers hebben geen andere leverancier.",
        ),
    ],
)
def test_what_a_measure_does_not_reach_is_told_on_its_page(language: str, wanted: str) -> None:
    idle = SourcedAssumption(value=1.0, low=0.5, high=1.5, basis="assumed", reason="by hand")
    rule = EuContentRequirement(
        kind="eu_content_requirement", region="EU27", products=("cell",), least_share=0.75,
        idle_share=idle,
    )  # fmt: skip
    joint = JointPurchasing(kind="joint_purchasing", region="EU27", products=("cell",), share=0.5, most_from_one=0.65)
    english = language == "en"
    places = {"NOR": "Norway" if english else "Noorwegen", "EU27": "European Union" if english else "Europese Unie"}
    names = Names(places, {"cell": "Cells" if english else "Cellen"}, {})
    mixes = [("a", "cell", joint, "NOR", 0.7)]
    told = not_reached_facts("a", [("a", "cell", rule, 0.6)], mixes, Wording(language, names))
    assert told.replace("\u00a0", " ").replace(" %", "%") == wanted.replace(" %", "%")
    assert not_reached_facts("b", [("a", "cell", rule, 0.6)], mixes, Wording(language, names)) == ""


def test_a_rule_that_moves_nothing_beside_the_others_is_named(wording: Wording) -> None:
    own = pl.DataFrame({"measure": ["a", "b", "c", "d"], "avoided_last": [0.0, 0.0, 3.0, None]})
    told = retaliation_not_counted(own, TITLES, {"a", "c", "d"}, wording)
    assert wording.quoted("A") in told
    assert all(wording.quoted(title) not in told for title in "BCD")
    assert retaliation_not_counted(own, TITLES, {"c", "d"}, wording) == ""
