"""Sentences in two languages: numbers, names, and catalogues that say the same."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import InputError
from supplyrisk.report.compose import names_in
from supplyrisk.report.wording import LANGUAGES, Names, Wording, in_sentence, read_catalogue
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.criticality.restrictions import MEASURES
from supplyrisk.scores.metrics import METRICS

NAMES = Names(
    countries={"CHN": "China", "NLD": "Netherlands", "CHL": "Chile"},
    products={"gallium": "Gallium, primary", "cells": "LFP cells", "ore": "Iron ore"},
    editions={"edition_a": "Mineral Commodity Summaries 2025"},
)


@pytest.fixture(params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    """Each language."""
    return Wording(request.param, NAMES)


EN, NL = Wording("en", NAMES), Wording("nl", NAMES)


def finding(message: str, **numbers: Any) -> Finding:
    return Finding("gallium", message, numbers, (), "high")


# --- numbers


def test_dutch_decimal_has_a_comma_and_points_between_thousands() -> None:
    assert NL.format_decimal(1234.5) == "1.234,5"


def test_english_decimal_has_a_point_and_commas_between_thousands() -> None:
    assert EN.format_decimal(1234.5) == "1,234.5"


@pytest.mark.parametrize(
    ("value", "english", "dutch"), [(5767.6, "5,768", "5.768"), (999.4, "999", "999"), (0.0, "0", "0")]
)
def test_whole_numbers_are_rounded_and_grouped(value: float, english: str, dutch: str) -> None:
    assert (EN.format_integer(value), NL.format_integer(value)) == (english, dutch)


@pytest.mark.parametrize(
    ("value", "english", "dutch"),
    [
        (0.0, "0 %", "0 %"),
        (0.0042, "0.4 %", "0,4 %"),
        (0.01, "1 %", "1 %"),
        (0.456, "46 %", "46 %"),
        (0.994, "99 %", "99 %"),
        (0.996, "99.6 %", "99,6 %"),
        (1.0, "100 %", "100 %"),
    ],
)
def test_per_cent_has_a_decimal_only_just_above_nothing_and_just_below_all(
    value: float, english: str, dutch: str
) -> None:
    assert EN.format_percent(value).replace("\u00a0", " ") == english
    assert NL.format_percent(value).replace("\u00a0", " ") == dutch


def test_per_cent_sign_never_stands_alone_on_a_line() -> None:
    assert EN.format_percent(0.5) == "50\u00a0%"
    assert NL.format_percent1(0.123) == "12,3\u00a0%"


@pytest.mark.parametrize(
    ("value", "decimals", "plain", "signed"),
    [
        (-1234.5, 1, "\u22121,234.5", "\u22121,234.5"),
        (-0.04, 1, "0.0", "0.0"),
        (0.04, 1, "0.0", "0.0"),
        (-0.0, 0, "0", "0"),
        (12.34, 1, "12.3", "+12.3"),
    ],
)
def test_number_has_a_true_minus_never_before_nought_and_a_plus_where_asked(
    value: float, decimals: int, plain: str, signed: str
) -> None:
    assert (EN.number(value, decimals), EN.signed(value, decimals)) == (plain, signed)


@given(st.floats(-1e9, 1e9), st.sampled_from(["decimal", "integer", "two", "percent", "percent1", "points", "days"]))
def test_no_way_to_write_a_number_has_a_hyphen_or_a_minus_before_nought(value: float, form: str) -> None:
    text = NL.format_field(value, form)
    assert "-" not in text
    assert text.startswith("\u2212") == (value < 0 and any(digit in text for digit in "123456789"))


@pytest.mark.parametrize(
    ("euros", "millions", "billions"),
    [(-4e4, "0.0", "0.0"), (9.94e6, "9.9", "0.0"), (9.95e6, "10", "0.0"), (-1.25e9, "\u22121,250", "\u22121.2")],
)
def test_euros_in_millions_have_a_decimal_below_ten_and_in_billions_always(
    euros: float, millions: str, billions: str
) -> None:
    assert (EN.format_millions(euros), EN.format_billions(euros)) == (millions, billions)


def test_share_below_nothing_has_a_decimal_where_it_is_small() -> None:
    assert [EN.format_percent(value) for value in (-0.35, -0.004, -0.0002)] == [
        "\u221235\u00a0%", "\u22120.4\u00a0%", "0\u00a0%",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "low", "high", "sentence", "cell"),
    [
        ("86\u00a0%", "79\u00a0%", "92\u00a0%", "86\u00a0% (79\u00a0% to 92\u00a0%)", "86\u00a0% (79–92\u00a0%)"),
        ("99\u00a0%", "99\u00a0%", "99\u00a0%", "99\u00a0%", "99\u00a0%"),
        ("2.1", "0.5", "> 1,000", "2.1 (0.5 to > 1,000)", "2.1 (0.5–> 1,000)"),
        ("\u22123", "\u22129", "2", "\u22123 (\u22129 to 2)", "\u22123 (\u22129 … 2)"),
        ("+5", "+1", "+9", "+5 (+1 to +9)", "+5 (+1 … +9)"),
    ],
)
def test_value_has_its_range_behind_it_unless_all_read_alike(
    value: str, low: str, high: str, sentence: str, cell: str
) -> None:
    assert (EN.ranged(value, low, high), EN.with_interval(value, low, high)) == (sentence, cell)


def test_range_of_one_number_is_that_number() -> None:
    assert EN.interval("1\u00a0%", "1\u00a0%") == "1\u00a0%"


def test_range_reads_as_the_language_says() -> None:
    assert NL.ranged("5", "1", "9") == "5 (1 tot 9)"


def test_year_is_not_grouped() -> None:
    assert NL.format_plain(2024) == "2024"


def test_number_has_the_decimals_asked_for() -> None:
    assert (EN.number(1234.567, 2), NL.number(1234.567, 1)) == ("1,234.57", "1.234,6")


def test_day_is_written_in_the_language() -> None:
    assert (EN.day(date(2026, 3, 31)), NL.day(date(2026, 3, 31))) == ("31 March 2026", "31 maart 2026")


@pytest.mark.parametrize(
    ("text", "english", "dutch"),
    [
        ("2018", "2018", "2018"),
        ("2025-06", "June 2025", "juni 2025"),
        ("2025-02-22", "22 February 2025", "22 februari 2025"),
    ],
)
def test_days_months_and_years_are_as_precise_as_they_are_given(text: str, english: str, dutch: str) -> None:
    assert (EN.format_when(text), NL.format_when(text)) == (english, dutch)


# --- names


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Cobalt, refined", "cobalt, refined"),
        ("LFP cells", "LFP cells"),
        ("NdFeB magnets, permanent", "NdFeB magnets, permanent"),
        ("NdFeB-magneten, permanent", "NdFeB-magneten, permanent"),
        ("Battery cell, LFP, traction", "battery cell, LFP, traction"),
        ("IJzererts", "ijzererts"),
        ("", ""),
    ],
)
def test_name_inside_a_sentence_is_small_unless_it_is_an_abbreviation(name: str, expected: str) -> None:
    assert in_sentence(name) == expected


def test_material_inside_a_sentence_keeps_its_abbreviation() -> None:
    metals = Wording("en", Names({}, {}, {}, {"pgm": "Platinum group metals (PGM)", "ndfeb": "NdFeB"}))
    assert [metals.format_material(name) for name in ("pgm", "ndfeb")] == ["platinum group metals (PGM)", "NdFeB"]
    assert metals.format_good("material:pgm") == "platinum group metals (PGM)"


@pytest.mark.parametrize(
    ("names", "english", "dutch"),
    [
        ([], "", ""),
        (["tin"], "tin", "tin"),
        (["tin", "zinc"], "tin and zinc", "tin en zinc"),
        (["tin", "zinc", "LFP cells"], "tin, zinc and LFP cells", "tin, zinc en LFP cells"),
        (["gallium, primary", "tin", "zinc"], "gallium, primary; tin and zinc", "gallium, primary; tin en zinc"),
        (["this and that", "tin", "zinc"], "this and that; tin and zinc", "this and that, tin en zinc"),
    ],
)
def test_names_are_listed_with_and_before_the_last_and_semicolons_where_a_comma_would_mislead(
    names: list[str], english: str, dutch: str
) -> None:
    assert (EN.listed(names), NL.listed(names)) == (english, dutch)


def test_products_and_places_are_listed_by_their_names() -> None:
    assert EN.format_products(["gallium", "ore", "cells"]) == "primary gallium, iron ore and LFP cells"
    assert NL.format_places(["CHN", "NLD", "CHL"]) == "China, Nederland en Chile"


def test_causes_numbers_and_counts_are_listed_as_names_are() -> None:
    causes = [("strike", "CHL", 0.5), ("policy", "CHN", 0.3), ("conflict", "NLD", 0.1)]
    assert EN.format_causes(causes).replace("\u00a0", " ") == (
        "50 % from strikes in Chile, 30 % from government orders in China and 10 % from conflict in the Netherlands"
    )
    assert EN.format_numbers(["event_rates", "event_lengths"]) == "the rate of events and how long events last"
    assert NL.format_counts([9, 2, 1]) == "9, 2 en 1"


@pytest.mark.parametrize(
    ("text", "english", "dutch"),
    [("ijzererts", "Ijzererts", "IJzererts"), ("iron", "Iron", "Iron"), ("", "", "")],
)
def test_capital_of_a_sentence_follows_the_language(text: str, english: str, dutch: str) -> None:
    assert (EN.capital(text), NL.capital(text)) == (english, dutch)


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [(0.104, "10", "+10"), (-0.25, "\u221225", "\u221225"), (0.004, "0", "0"), (-0.004, "0", "0")],
)
def test_points_have_a_true_minus_and_a_plus_where_asked(value: float, plain: str, signed: str) -> None:
    assert (EN.format_points(value), EN.signed_points(value)) == (plain, signed)


def test_places_have_their_article_and_a_short_name() -> None:
    assert (EN.format_place("NLD"), NL.format_place("NLD")) == ("the Netherlands", "Nederland")
    assert (EN.format_place("CHN"), EN.short_place("CHN")) == ("China", "China")
    long = Wording("en", Names({"CAF": "Central African Republic", "USA": "United States"}, {}, {}))
    assert (long.short_place("CAF"), long.short_place("USA")) == ("CAF", "US")


@pytest.mark.parametrize(("value", "expected"), [(0.00049, "0 %"), (0.0006, "0.1 %"), (0.9996, "100 %")])
def test_per_cent_that_rounds_to_an_end_has_no_decimal(value: float, expected: str) -> None:
    assert EN.format_percent(value).replace("\u00a0", " ") == expected


def test_country_and_region_are_named() -> None:
    assert (EN.format_country("NLD"), EN.format_region("NLD")) == ("Netherlands", "Netherlands")


def test_every_kind_of_export_restriction_has_words(wording: Wording) -> None:
    assert set(wording.catalogue["restrictions"]) == set(MEASURES)
    assert NL.format_restriction("licence") == "exportvergunningsplicht"


def test_reason_is_put_into_words() -> None:
    assert EN.format_reason("no_edition_known") == "no usable edition was public on that day"
    assert NL.format_reason("no_edition_known") == "op die dag was geen bruikbare uitgave openbaar"


# --- sentences

LARGEST = finding(
    "largest_producer",
    product="gallium",
    country="CHN",
    share=0.987,
    low=0.97,
    high=0.998,
    year=2024,
    edition="edition_a",
)


def test_english_sentence() -> None:
    assert EN.sentence(LARGEST).replace("\u00a0", " ") == (
        "Of world output, 99 % (97 % to 99.8 %) is made in China (2024, Mineral Commodity Summaries 2025)."
    )


def test_dutch_sentence() -> None:
    assert NL.sentence(LARGEST).replace("\u00a0", " ") == (
        "Van de wereldproductie komt 99 % (97 % tot 99,8 %) uit China (2024, Mineral Commodity Summaries 2025)."
    )


def test_makers_of_equally_much_are_listed_with_their_articles() -> None:
    tied = finding(
        "largest_producers",
        product="antimony",
        countries=["CHN", "NLD", "USA"],
        share=0.3,
        low=0.3,
        high=0.3,
        year=2025,
        edition="edition_a",
    )
    assert NL.sentence(tied).replace("\u00a0", " ") == (
        "De grootste producenten zijn China, Nederland en de Verenigde Staten, elk met 30 % (30 % tot 30 %) van de "
        "wereldproductie (2025, Mineral Commodity Summaries 2025)."
    )


def test_message_that_the_catalogue_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="no_such_message"):
        EN.sentence(finding("no_such_message"))


def test_number_that_a_finding_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="low"):
        EN.sentence(finding("largest_producer", share=0.5))


def test_number_that_is_not_there_is_an_error_and_no_word() -> None:
    with pytest.raises(ValueError, match="a value that is not there, to be written as plain"):
        EN.sentence(finding(**{**dict(LARGEST.numbers), "message": "largest_producer", "year": None}))


def test_unknown_language_is_an_input_error() -> None:
    with pytest.raises(InputError, match=r"'fr' is not a language of the reports\. Known: en, nl\."):
        read_catalogue("fr")


def test_page_text_takes_plain_values() -> None:
    assert EN.page("title", quarter="2026Q1") == "Quarterly report on critical raw materials 2026Q1"


# --- the catalogues beside each other


def texts(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from texts(value, (*path, str(key)))
    elif isinstance(part, list):
        for position, value in enumerate(part):
            yield from texts(value, (*path, str(position)))
    else:
        yield path, str(part)


def fields(text: str) -> set[tuple[str, str]]:
    return {(name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name is not None}


CATALOGUES = {language: dict(texts(read_catalogue(language))) for language in LANGUAGES}


def test_catalogues_have_the_same_keys() -> None:
    assert CATALOGUES["en"].keys() == CATALOGUES["nl"].keys()


@pytest.mark.parametrize("path", sorted(CATALOGUES["en"]), ids="/".join)
def test_text_takes_the_same_values_in_both_languages(path: tuple[str, ...]) -> None:
    assert fields(CATALOGUES["en"][path]) == fields(CATALOGUES["nl"][path])


SAID_OF_SEVERAL = {("brief", "others"), ("brief", "findings", "events"), ("brief", "findings", "events_there")}
"""Texts that the code takes only where there are two or more."""


def test_counts_that_can_be_one_do_not_stand_before_a_plural() -> None:
    counted = re.compile(
        r"(?<!\b[Oo]f )(?<!\b[Oo]f the )\{(?:count|total|happened|large|known|above|rows|columns|outside|false_alarms)"
        r"(?::\w+)?\} (?!of\b|more\b)[a-z]"
    )
    found = {path for path, text in CATALOGUES["en"].items() if counted.search(text)}
    assert found - SAID_OF_SEVERAL == set()


def test_why_there_is_no_answer_stands_once_for_alerts_and_chapters(wording: Wording) -> None:
    assert set(wording.catalogue["alerts"]["reasons"]).isdisjoint(wording.catalogue["not_known"])


@pytest.mark.parametrize(
    ("stiff", "better"),
    [
        (r"\bEUR\b", "euro"), (r"\b[Gg]ebied\b", "regio"), (r"\b[Rr]ang\b", "plaats"), (r"\b[Mm]akers?\b", "producent"),
        (r"\b[Ee]ditie", "uitgave"), ("richtwaarde", "streefwaarde"), ("thuisvoorkeur", "eigen productie"),
    ],
)  # fmt: skip
def test_dutch_has_one_word_for_one_thing(stiff: str, better: str) -> None:
    texts_of_dutch = [re.sub(r"\{.*?\}", "", text) for text in CATALOGUES["nl"].values()]
    assert [text for text in texts_of_dutch if re.search(stiff, text)] == []
    assert any(better in text for text in texts_of_dutch)


def test_no_text_is_empty(wording: Wording) -> None:
    assert [path for path, text in texts(wording.catalogue) if not text.strip()] == []


def test_every_format_word_of_the_catalogue_is_known(wording: Wording) -> None:
    words = {spec for text in wording.catalogue["findings"].values() for _, spec in fields(text)}
    assert {word for word in words if not hasattr(Wording, f"format_{word}")} == set()


def test_every_metric_has_words(wording: Wording) -> None:
    assert set(wording.catalogue["metrics"]) == set(METRICS)


def test_every_stage_and_chain_of_a_product_has_words(wording: Wording, run_2026q1: Run) -> None:
    products = run_2026q1.package.table("products")
    assert set(products["stage"]) | {"reserves"} == set(wording.catalogue["stages"])
    assert set(products["chain"]) <= set(wording.catalogue["chains"])


def test_every_reason_of_a_run_has_words(wording: Wording, run_2026q1: Run, run_2025q4: Run) -> None:
    reasons = {reason for run in (run_2026q1, run_2025q4) for reason in run.scores.table["missing_reason"].drop_nulls()}
    assert len(reasons) >= 5
    assert reasons <= set(wording.catalogue["reasons"])


# --- every message rendered

LEFTOVER = re.compile(r"[{}]|\bNone\b|\bnan\b|  ")

RARE = (
    finding("headline_region_none", region="NLD", total=76, unknown=3),
    finding("headline_gaps", count=1, products=["gallium"]),
    finding("largest_unknown", product="gallium", year=2024, reason="unnamed_larger_than_largest"),
    finding("governance_gap", product="gallium", reason="governance_missing"),
    finding("reserves_years_at_least", product="gallium", years=30.0),
    finding("product_gap", product="gallium", reason="no_edition_fit"),
    finding(
        "network_origin_short",
        region="NLD",
        end="battery",
        root="lithium_mine",
        product="gallium",
        country="CHN",
        share=0.4,
        low=0.3,
        high=0.5,
    ),
    finding(
        "network_origin_open",
        **dict.fromkeys(("share", "low", "high", "passed", "passed_low", "passed_high"), 0.5),
        **dict.fromkeys(("direct", "direct_low", "direct_high"), 0.5),
        region="NLD",
        end="battery",
        root="lithium_mine",
        product="gallium",
        country="CHN",
        direct_country="CHN",
    ),
    finding("network_value_added_share", region="NLD", low=0.1, value=0.2, high=0.3),
    finding("network_single_none", region="NLD", total=3, surely=0, possibly=1, line=0.65),
    finding("network_hub_none", region="NLD", total=3),
)
"""Messages that the findings of a run may lack, with the numbers that tests/findings shows them to carry."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_of_two_quarters_becomes_a_whole_sentence(
    language: str, run_2026q1: Run, run_2025q4: Run
) -> None:
    tables = {name: run_2026q1.package.table(name) for name in ("countries", "products", "sources")}
    wording = Wording(language, names_in(language, tables))
    for found in (*run_2026q1.findings, *run_2025q4.findings):
        sentence = wording.sentence(found)
        assert sentence[0].isupper() or sentence[0].isdigit(), sentence
        assert sentence.endswith("."), sentence
        assert LEFTOVER.search(sentence) is None, sentence


@pytest.mark.parametrize("found", RARE, ids=lambda found: found.message_id)
def test_rare_finding_becomes_a_whole_sentence(found: Finding, wording: Wording) -> None:
    sentence = wording.sentence(found)
    assert sentence.endswith(".")
    assert LEFTOVER.search(sentence) is None


def test_every_message_of_the_catalogue_is_said_by_some_finding(
    wording: Wording, run_2026q1: Run, run_2025q4: Run
) -> None:
    said = {found.message_id for found in (*run_2026q1.findings, *run_2025q4.findings, *RARE)}
    # Findings on scenarios are said in tests/runs/test_whatif.py, on risk and the back-test in tests/runs/test_risk.py,
    # on official scores and targets in tests/report/test_published_chapters.py, on trade in test_dependency_tables.py.
    elsewhere = ("whatif_", "risk_", "backtest_", "official_", "policy_", "dependency_")
    assert said == {message for message in wording.catalogue["findings"] if not message.startswith(elsewhere)}
