"""A hand-made brief in both languages, topics, and what parts say that have nothing to say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from syrupy.assertion import SnapshotAssertion

from supplyrisk.findings.brief import (
    TOPIC,
    Effect,
    Hardest,
    Loss,
    help_finding,
    limits_of_help,
    loss_finding,
    message_findings,
)
from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import InputError
from supplyrisk.report.brief import compose_brief
from supplyrisk.report.brief_given import BriefGiven, BriefWording
from supplyrisk.report.brief_topics import Topic, brief_topics, find_topic
from supplyrisk.report.content import SourceLine
from supplyrisk.report.markdown import render_markdown
from supplyrisk.report.sections import MaterialSection
from supplyrisk.report.wording import LANGUAGES, Names, read_catalogue
from tests.network_builders import small_chain

NAMES = {
    "en": Names({"CHN": "China", "EU27": "European Union", "NLD": "Netherlands", "COD": "DR Congo"},
                {"ore": "Cobalt, mine", "cell": "Battery cell"}, {}),
    "nl": Names({"CHN": "China", "EU27": "Europese Unie", "NLD": "Nederland", "COD": "DR Congo"},
                {"ore": "Kobalt, winning", "cell": "Batterijcel"}, {}),
}  # fmt: skip
TITLES = {
    "stop": {"en": "Export stop", "nl": "Exportstop"},
    "outage": {"en": "Outage", "nl": "Uitval"},
    "stock": {"en": "Stock of cells", "nl": "Voorraad cellen"},
}
LOSS = Loss("EU27", "cell", "final", 120.4, 7, 0.0, 300.0)
HARDEST = Hardest("stop", 2, (), {"EU27": LOSS}, (("outage", 3.2, "cell"),))
EFFECTS = (Effect("stock", 18, {"EU27": (2.5e6, -1e6, 6e6)}, {"EU27": 90.0}),)
SHOWN = (
    Exposure("ore", "extraction", 1, Share("COD", 0.75, 0.74, 0.76, "A", "top1_share/ore/COD/2024"), 5768.0, "A",
             {}, {"EU27": Share("COD", 0.86, 0.8, 0.9, "C", "look_through_share/EU27/battery/ore/COD/2024", "battery")},
             {"EU27": "place_of_use_unknown", "NLD": "place_of_use_unknown"}),
    Exposure("cell", "cell", 4, Share("CHN", 0.47, 0.4, 0.54, "C", "top1_share/cell/CHN/2024"), 2753.0, "C",
             {"EU27": Share("CHN", 0.37, 0.23, 0.53, "D", "sourcing_share/EU27/cell/CHN/2024")}, {},
             {"NLD": "nothing_used_in_region"}),
)  # fmt: skip
GIVEN = BriefGiven(
    topic=Topic("cobalt", ("ore",), ("cell",), MaterialSection("cobalt", ("ore",), ("cell",)), frozenset({"cobalt"})),
    quarter="2026Q1",
    as_of=date(2026, 3, 31),
    run="0123456789ab",
    regions=("EU27", "NLD"),
    message=(
        *message_findings(SHOWN, "EU27", 0.65),
        loss_finding(HARDEST, "EU27"),
        help_finding(EFFECTS, HARDEST, "EU27"),
    ),
    why=(
        Finding(
            TOPIC,
            "restriction",
            {"country": "COD", "measure": "quota", "goods": ["cobalt"], "first": "2026-01"},
            ("row.1",),
            "medium",
        ),
    ),
    whatif=(),
    helps=tuple(limits_of_help(EFFECTS, HARDEST, "EU27")),
    shown=SHOWN,
    followed=2,
    value=(),
    hardest=HARDEST,
    effects=EFFECTS,
    titles=TITLES,
    summaries={"stop": {"en": "Nothing leaves.", "nl": "Niets vertrekt."}},
    assumed=("cell",),
    weak=("cell",),
    sources=(SourceLine("usgs", "Summaries", "USGS", "2026", "https://usgs.gov", "", "", 12),),
    draws=200,
    sets=10,
    without_measures="",
)


def wording(language: str) -> BriefWording:
    return BriefWording(language, NAMES[language], {"cobalt": "Cobalt" if language == "en" else "Kobalt"}, TITLES)


def text_of(given: BriefGiven, language: str = "en") -> str:
    return render_markdown(compose_brief(given, "Cobalt", None, wording(language)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_hand_made_brief_reads_as_it_did(language: str, snapshot: SnapshotAssertion) -> None:
    assert text_of(GIVEN, language) == snapshot


def test_column_of_which_nothing_is_known_is_left_out() -> None:
    ore = replace(GIVEN, shown=SHOWN[:1], followed=1)
    assert "The Netherlands buys most from" not in text_of(ore)
    assert "From whom the EU and the Netherlands buy is not known for cobalt, mine" in text_of(ore)


def test_topic_without_scenario_and_measure_says_so_in_that_place() -> None:
    text = text_of(replace(GIVEN, hardest=None, effects=(), message=(), helps=()))
    assert "None of the ready scenarios touches these products. That says nothing about the risk." in text
    assert "None of the ready measures touches these products" in text


def test_measures_that_could_not_be_compared_give_the_reason() -> None:
    text = text_of(replace(GIVEN, effects=(), without_measures="too few events were known."))
    assert "Measures are not compared for this day: too few events were known." in text


def test_both_catalogues_have_the_same_texts_of_briefs_with_the_same_values() -> None:
    english, dutch = (read_catalogue(language)["brief"] for language in LANGUAGES)
    assert set(english) == set(dutch)
    assert set(english["findings"]) == set(dutch["findings"])


@pytest.mark.parametrize(
    ("text", "expected"), [("2018", "2018"), ("2025-06", "June 2025"), ("2025-02-22", "22 February 2025")]
)
def test_dates_are_as_precise_as_they_are_given(text: str, expected: str) -> None:
    assert wording("en").format_date(text) == expected


def test_share_whose_ends_meet_has_no_range() -> None:
    assert wording("en").format_range((0.99, 0.989, 0.991)).replace("\u00a0", " ") == "99 %"
    assert wording("nl").format_range((0.5, 0.4, 0.6)).replace("\u00a0", " ") == "50 % (40 % tot 60 %)"


# --- topics

PRODUCTS = pl.DataFrame(
    {
        "product_id": ["lithium_mine", "lithium_chemicals", "battery_cell_lfp", "battery_pack_lfp"],
        "material_id": ["lithium", "lithium", None, None],
        "tier": [1, 2, 4, 5],
        "chain": ["battery"] * 4,
        "reporting": [False] * 4,
    }
)
MATERIALS = pl.DataFrame(
    {
        "material_id": ["lithium", "lithium_light"],
        "parent_id": [None, "lithium"],
        "strategic_2024": [True, False],
        "name_en": ["Lithium", "Light lithium"],
        "name_nl": ["Lithium", "Lichte lithium"],
    }
)
TOPICS = brief_topics(small_chain(), PRODUCTS, MATERIALS)


def test_topics_are_the_families_and_the_chains_that_have_products() -> None:
    assert list(TOPICS) == ["lithium", "battery", "value-added"]
    assert TOPICS["lithium"].own == ("lithium_mine", "lithium_chemicals")
    assert TOPICS["lithium"].onward == ("battery_cell_lfp", "battery_pack_lfp")
    assert TOPICS["lithium"].materials == {"lithium", "lithium_light"}
    assert TOPICS["battery"].materials == {"lithium"}
    assert TOPICS["battery"].own == tuple(PRODUCTS["product_id"])


@pytest.mark.parametrize("word", ["lithium", "LITHIUM", "lichte lithium", "lithium_light", "Light lithium"])
def test_topic_is_found_by_name_in_both_languages_and_by_what_belongs_to_it(word: str) -> None:
    assert find_topic(word, TOPICS, MATERIALS).topic_id == "lithium"


def test_hyphen_and_underscore_are_alike_in_topics() -> None:
    assert find_topic("value_added", TOPICS, MATERIALS).topic_id == "value-added"


def test_unknown_topic_names_the_nearest_and_the_list() -> None:
    with pytest.raises(InputError) as caught:
        find_topic("litium", TOPICS, MATERIALS)
    assert str(caught.value) == (
        "'litium' is not a topic of briefs. Did you mean 'lithium'? Topics: lithium, battery, value-added."
    )
