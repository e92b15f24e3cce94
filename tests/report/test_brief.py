"""A hand-made brief in both languages, topics, and what parts say that have nothing to say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from io import BytesIO

import polars as pl
import pytest
from pypdf import PdfReader

from supplyrisk.findings.brief import Hardest, Loss, above_line_findings, course_finding, loss_finding, weakest_finding
from supplyrisk.findings.brief_measures import Effect, help_finding, limits_of_help, per_euro_findings
from supplyrisk.findings.exposure import Exposure, Share
from supplyrisk.findings.finding import Finding
from supplyrisk.findings.why_now import TOPIC
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.report.brief import compose_brief
from supplyrisk.report.brief_figures import brief_figure
from supplyrisk.report.brief_given import BriefGiven, BriefWording, DrawsBehind, StageValue
from supplyrisk.report.brief_topics import Topic, brief_topics, find_topic
from supplyrisk.report.content import Sentence, SourceLine, Table
from supplyrisk.report.document import Bullets, Document, Findings, Item, Paragraph, Section
from supplyrisk.report.look import LOOKS
from supplyrisk.report.markdown import render_markdown
from supplyrisk.report.pdf import render_pdf
from supplyrisk.report.sections import MaterialSection
from supplyrisk.report.wording import LANGUAGES, Names, read_catalogue
from tests.network_builders import small_chain
from tests.score_builders import COUNTRY_TABLE

PRODUCT_IDS = ("ore", "metal", "precursor", "cathode", "cell", "pack")
NAMES = {
    "en": Names({"CHN": "China", "EU27": "European Union", "NLD": "Netherlands", "COD": "DR Congo"},
                {"ore": "Cobalt, mine", "metal": "Cobalt, refined", "precursor": "Cathode precursor, nickel-based",
                 "cathode": "Cathode active material, nickel-based (NMC, NCA)",
                 "cell": "Battery cell, nickel-based, traction and storage",
                 "pack": "Battery pack or system, nickel-based"}, {}, {"cobalt": "Cobalt"}),
    "nl": Names({"CHN": "China", "EU27": "Europese Unie", "NLD": "Nederland", "COD": "DR Congo"},
                {"ore": "Kobalt, winning", "metal": "Kobalt, geraffineerd",
                 "precursor": "Kathodeprecursor, nikkelhoudend",
                 "cathode": "Kathodemateriaal, nikkelhoudend (NMC, NCA)",
                 "cell": "Batterijcel, nikkelhoudend, tractie en opslag",
                 "pack": "Batterijpakket of -systeem, nikkelhoudend"}, {}, {"cobalt": "Kobalt"}),
}  # fmt: skip
TITLES = {
    "stop": {"en": "Export stop", "nl": "Exportstop"},
    "outage": {"en": "Outage", "nl": "Uitval"},
    "stock": {"en": "Stock of cells", "nl": "Voorraad cellen"},
    "shift": {"en": "A third moves to packs without cobalt", "nl": "Een derde naar pakketten zonder kobalt"},
}
LOSS = Loss("EU27", "cell", "final", 120.4, 7, 12, 0.41, None, 0.0, 300.0, "cover_days")
HARDEST = Hardest("stop", 2, 36, losses={"EU27": LOSS}, others=(("outage", 3.2, "cell"),))
EFFECTS = (
    Effect("stock", 18, 19, (2.5e6, 1e5, 6e6), 90.0, 4.1e6, (1.6, 0.4, 4321.0), 1, 2),
    Effect("shift", 36, 37, (3.2e6, -1e6, 9e6), 80.0, -1.5e9),
)


def share(country: str, value: float, low: float, high: float, key: str, end: str | None = None) -> Share:
    return Share(country, value, low, high, "C", key, 2024, end)


SHOWN = (
    Exposure("ore", "extraction", 1, Share("COD", 0.75, 0.74, 0.76, "A", "top1_share/ore/COD/2024", 2024), "A",
             {}, {"EU27": share("COD", 0.86, 0.8, 0.9, "look_through_share/EU27/battery/ore/COD/2024", "battery")},
             {"EU27": "place_of_use_unknown", "NLD": "place_of_use_unknown"}),
    Exposure("cell", "cell", 4, share("CHN", 0.47, 0.4, 0.54, "top1_share/cell/CHN/2024"), "C",
             {"EU27": share("CHN", 0.37, 0.23, 0.53, "sourcing_share/EU27/cell/CHN/2024")}, {},
             {"NLD": "nothing_used_in_region"}),
)  # fmt: skip
DEPENDENT = tuple(above_line_findings(SHOWN, "EU27", 0.65))
COURSE = tuple(course for course in (course_finding(HARDEST, "EU27"),) if course is not None)
PER_EURO = tuple(per_euro_findings(EFFECTS, "EU27"))
GIVEN = BriefGiven(
    topic=Topic("cobalt", ("ore",), ("cell",), MaterialSection("cobalt", ("ore",), ("cell",)), frozenset({"cobalt"})),
    quarter="2026Q1",
    as_of=date(2026, 3, 31),
    run="0123456789ab",
    regions=("EU27", "NLD"),
    message=(
        weakest_finding(SHOWN, ("ore",), "EU27"),
        loss_finding(HARDEST, "EU27"),
        help_finding(EFFECTS, HARDEST, "EU27"),
    ),
    why=(
        Finding(
            TOPIC,
            "restriction",
            {"country": "COD", "measure": "quota", "goods": ["cobalt"], "form": "some", "first": "2026-01"},
            ("row.1",),
            "medium",
        ),
    ),
    exposed=DEPENDENT,
    whatif=COURSE,
    helps=(*PER_EURO, *limits_of_help(EFFECTS, HARDEST, "EU27")),
    shown=SHOWN,
    followed=2,
    hardest=HARDEST,
    effects=EFFECTS,
    titles=TITLES,
    summaries={
        "stop": {"en": "Nothing leaves.", "nl": "Niets vertrekt."},
        "stock": {"en": "Thirty days are held.", "nl": "Dertig dagen liggen klaar."},
        "shift": {"en": "Packs change.", "nl": "Pakketten veranderen."},
    },
    assumed=1,
    weak=1,
    sources=(SourceLine("usgs", "Summaries", "USGS", "2026", "https://usgs.gov", "", "", 12),),
    drawn=DrawsBehind(200, 10),
)


def wording(language: str) -> BriefWording:
    return BriefWording(language, NAMES[language], TITLES)


def text_of(given: BriefGiven, language: str = "en") -> str:
    return render_markdown(compose_brief(given, "Cobalt", None, wording(language)))


def brief_of(given: BriefGiven, language: str = "en") -> Document:
    return compose_brief(given, "Cobalt", None, wording(language))


def chapter(document: Document, anchor: str) -> Section:
    return next(section for section in document.chapters if section.anchor == anchor)


def told(document: Document, anchor: str) -> list[Sentence]:
    return [item for block in chapter(document, anchor).blocks if isinstance(block, Findings) for item in block.items]


def table_of(document: Document, anchor: str) -> Table:
    return next(block for block in chapter(document, anchor).blocks if isinstance(block, Table))


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def numbers_of(text: str, language: str) -> Counter[str]:
    """Every number of a text with how often it stands there, without what separates thousands."""
    group, point = (",", ".") if language == "en" else (".", ",")
    found = re.findall(r"\d+(?:[.,]\d+)*", text)
    return Counter(number.replace(group, "").replace(point, ".") for number in found)


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ("What it comes down to", "Why now", "Exposure, tier by tier", "What if",
                "What helps, and what it does not do", "What this brief cannot say", "Sources")),
        ("nl", ("Waar het op neerkomt", "Waarom nu", "Blootstelling, stap voor stap", "Wat als",
                "Wat helpt, en wat niet", "Wat deze notitie niet kan zeggen", "Bronnen")),
    ],
)  # fmt: skip
def test_the_message_stands_first_in_a_box_and_sources_last_in_small_print(
    language: str, titles: tuple[str, ...]
) -> None:
    document = brief_of(GIVEN, language)
    assert tuple(section.title for section in document.chapters) == titles
    assert [section.boxed for section in document.chapters] == [True] + [False] * 6
    assert [section.small for section in document.chapters] == [False] * 6 + [True]


def test_lead_names_the_quarter_and_the_day_of_knowledge() -> None:
    for language, day in (("en", "31 March 2026"), ("nl", "31 maart 2026")):
        lead = brief_of(GIVEN, language).lead[0].text
        assert "2026Q1" in lead
        assert day in lead


def test_the_message_is_weakest_point_loss_and_most_helpful_measure_each_with_how_sure_it_is() -> None:
    weakest, loss, helps = told(brief_of(GIVEN), "message")
    assert plain(weakest.text).startswith(
        "Dependence on one country is strongest at cobalt, mine: the Democratic Republic of the Congo made "
        "86 % (80 % to 90 %) of what the batteries used in the EU hold of it"
    )
    assert (weakest.confidence, weakest.score_keys) == ("medium", ("look_through_share/EU27/battery/ore/COD/2024",))
    assert "“Export stop”, the EU loses 120 days of normal use" in loss.text
    assert "(0 to 300 over the range of what matters most, the stocks of makers)" in loss.text
    assert (loss.confidence, loss.score_keys) == ("low", ("whatif/stop/EU27/cell",))
    assert "“A third moves to packs without cobalt” takes most off that loss: 80 of 120 days remain" in helps.text
    assert "it is not sure that it lowers losses" in helps.text
    assert (helps.confidence, helps.score_keys) == ("low", ("measure/EU27/shift",))


@pytest.mark.parametrize(
    ("language", "screening"),
    [("en", "On the fewer draws of the screening"), ("nl", "Bij de minder talrijke trekkingen van de voorselectie")],
)
@pytest.mark.parametrize("ratio", [None, (1.6, 0.4, 3.0), (1.6, None, None)])
@pytest.mark.parametrize("screened", [1, 2])
def test_the_order_by_euro_is_set_against_that_of_the_screening(
    language: str, screening: str, ratio: tuple[float, float | None, float | None] | None, screened: int
) -> None:
    (found,) = per_euro_findings([replace(EFFECTS[0], per_avoided=ratio, rank_screened=screened)], "EU27")
    sentence = wording(language).sentence(found)
    assert screening.lower() in sentence.lower()
    saves = {
        "en": "EUR 1.6 (at best saves money, at worst >\u00a01,000)",
        "nl": "levert in het gunstigste geval geld op",
    }
    assert (saves[language] in sentence) == (ratio == (1.6, None, None))


def test_reasons_name_the_restriction_with_its_row() -> None:
    (reason,) = told(brief_of(GIVEN, "nl"), "why")
    assert reason.text.startswith("De Democratische Republiek Congo heeft een exportquotum voor kobalt")
    assert reason.text.endswith("voor alle kopers sinds januari 2026.")
    assert reason.score_keys == ("row.1",)


def test_table_of_exposure_has_shares_with_ranges_and_says_what_is_not_known() -> None:
    table = table_of(brief_of(GIVEN), "exposure")
    assert table.header[2:] == ("The EU buys most from", "Inside batteries used in the EU")
    assert [tuple(map(plain, row)) for row in table.rows] == [
        ("Cobalt, mine", "DR Congo 75 % (74–76 %)", "not known", "DR Congo 86 % (80–90 %)"),
        ("Battery cell, nickel-based, traction and storage", "China 47 % (40–54 %)", "China 37 % (23–53 %)", "–"),
    ]


def test_the_hardest_scenario_is_told_with_its_course_and_the_next_one_named() -> None:
    document = brief_of(GIVEN)
    first, last = (one.text for one in chapter(document, "whatif").blocks if isinstance(one, Paragraph))
    assert first.startswith("Of 2 ready scenarios that touch these products this one hits hardest: “Export stop”.")
    assert first.endswith("Nothing leaves.")
    assert last == "Next in the EU: “Outage” (3.2 days of battery cell, nickel-based, traction and storage)."
    (course,) = told(document, "whatif")
    assert "from month 7 on; at worst, in month 12, 41 %" in plain(course.text)
    assert "the shortage goes on" in course.text


def test_table_of_measures_has_days_loss_avoided_cost_and_its_ratio() -> None:
    table = table_of(brief_of(GIVEN), "helps")
    assert table.header[1] == "Days lost (120 without)"
    assert [tuple(map(plain, row)) for row in table.rows] == [
        ("Stock of cells", "90", "2.5 (0.1–6.0)", "4.1", "1.6 (0.4 to > 1,000)", "18"),
        ("A third moves to packs without cobalt", "80", "3.2 (\u22121.0 … 9.0)", "\u22121,500", "–", "36"),
    ]


def test_limits_begin_with_how_much_of_the_table_is_assumed_or_weak() -> None:
    (limits,) = chapter(brief_of(GIVEN), "cannot").blocks
    assert isinstance(limits, Bullets)
    assert "in part assumed for 1 of the 2 products in the table" in limits.items[0].text
    assert "(grade C or D) for 1 of the 2" in limits.items[0].text
    assert len(limits.items) == 3


def test_sources_are_links_with_their_rows_and_keys_are_named() -> None:
    _, listed, keys = chapter(brief_of(GIVEN), "sources").blocks
    assert listed == Bullets((Item("Summaries (2026), USGS (12)", address="https://usgs.gov"),))
    assert isinstance(keys, Paragraph)
    assert keys.text.endswith("ore, cell.")


def test_both_languages_tell_the_same_numbers_and_leave_nothing_unfilled() -> None:
    texts = {language: text_of(GIVEN, language).rpartition("---")[0] for language in LANGUAGES}
    assert numbers_of(texts["en"], "en") == numbers_of(texts["nl"], "nl")
    assert [text for text in texts.values() if re.search(r"[{}]|\bNone\b|\bnan\b", text)] == []


def test_column_of_which_nothing_is_known_is_left_out() -> None:
    ore = replace(GIVEN, shown=SHOWN[:1], followed=1)
    assert "The Netherlands buys most from" not in text_of(ore)
    assert "From whom the EU and the Netherlands buy is not known for cobalt, mine" in text_of(ore)


def test_topic_without_scenario_and_measure_says_so_in_that_place() -> None:
    text = text_of(replace(GIVEN, hardest=None, effects=(), message=(), whatif=(), helps=()))
    assert "None of the ready scenarios touches these products. That says nothing about the risk." in text
    assert "None of the ready measures touches these products" in text


def test_measures_that_could_not_be_compared_give_the_reason() -> None:
    given = replace(GIVEN, effects=(), message=(), helps=(), without_measures=NotKnown("events"))
    text = text_of(given)
    assert (
        "Measures are not compared for this day: too few events were known on that day to estimate chances from."
        in text
    )


def test_both_catalogues_have_the_same_texts_of_briefs_with_the_same_values() -> None:
    english, dutch = (read_catalogue(language)["brief"] for language in LANGUAGES)
    assert set(english) == set(dutch)
    assert set(english["findings"]) == set(dutch["findings"])


def test_share_whose_ends_meet_has_no_range() -> None:
    assert wording("en").format_range((0.99, 0.989, 0.991)).replace("\u00a0", " ") == "99 %"
    assert wording("nl").format_range((0.5, 0.4, 0.6)).replace("\u00a0", " ") == "50 % (40 % tot 60 %)"


# --- pages


PRODUCTION = pl.DataFrame(
    [(product, iso3, value) for product in PRODUCT_IDS for iso3, value in (("CHN", 60.0), ("DEU", 40.0))],
    schema=["product_id", "iso3", "value"],
    orient="row",
)
RESERVES = pl.DataFrame(
    schema={"product_id": pl.String, "reserve_group": pl.String, "iso3": pl.String, "value": pl.Float64}
)


def full_brief() -> BriefGiven:
    """As much as a brief ever holds: six products, five reasons, six measures, fifty sources."""
    rows = tuple(
        replace(SHOWN[1], product_id=product, untold={"NLD": "place_of_use_unknown"}) for product in PRODUCT_IDS
    )
    restriction = replace(GIVEN.why[0], message_id="restriction_suspended_several", numbers={
        "country": "CHN", "measure": "licence", "goods": list(PRODUCT_IDS), "form": "some", "first": "2025-11-08",
        "last": "2025-12-01", "until": "2026-11-10",
    })  # fmt: skip
    effects = tuple(replace(EFFECTS[0], measure_id=f"stock{number}", rank=number) for number in range(1, 12))
    titles = {
        one.measure_id: {
            "en": "Stock of 90 days of five inputs of batteries and magnets",
            "nl": "Voorraad van 90 dagen van vijf grondstoffen en halffabricaten",
        }
        for one in effects
    }
    sources = tuple(replace(GIVEN.sources[0], source_id=f"source_{number}", used=60 - number) for number in range(50))
    nearby = replace(LOSS, region="NLD")
    hardest = replace(HARDEST, losses={"EU27": LOSS, "NLD": nearby}, others=(("outage", 3.2, "cell"),) * 2)
    courses = [one for region in GIVEN.regions if (one := course_finding(hardest, region)) is not None]
    return replace(
        GIVEN, shown=rows, followed=26, why=(restriction,) * 5, whatif=courses, hardest=hardest, effects=effects,
        titles={**TITLES, **titles}, summaries={**GIVEN.summaries, **dict.fromkeys(titles, TITLES["shift"])},
        assumed=6, weak=6, sources=sources,
    )  # fmt: skip


def pages_of(given: BriefGiven, language: str) -> int:
    tables = {"countries": COUNTRY_TABLE, "reserves": RESERVES}
    names = NAMES[language]
    countries = {**dict.fromkeys(COUNTRY_TABLE["iso3"].to_list(), "Elsewhere"), **names.countries}
    words = BriefWording(language, replace(names, countries=countries), given.titles)
    figure = brief_figure(given, PRODUCTION, tables, "Cobalt", words)
    assert figure is not None
    document = compose_brief(given, "Cobalt", figure, words)
    return len(PdfReader(BytesIO(render_pdf(document, LOOKS["neutral"], cover=False))).pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_brief_fits_two_pages_in_print(language: str) -> None:
    assert pages_of(full_brief(), language) == 2


def test_the_table_holds_six_measures_cheapest_first_and_counts_the_rest_by_why() -> None:
    full = full_brief()
    little = tuple(replace(EFFECTS[0], measure_id=name, rank=None, days=120.0) for name in ("stock1x", "stock2x"))
    titles = {**full.titles, **dict.fromkeys(("stock1x", "stock2x"), full.titles["stock1"])}
    effects = tuple(replace(one, days=120.4) for one in full.effects)
    text = text_of(replace(full, message=(), effects=(*effects, *little), titles=titles))
    assert text.count("| Stock of 90 days of five inputs of batteries and magnets |") == 6
    assert "Not shown for want of room, though they change the loss or have a place by euro: 5." in text
    assert "Not shown, as they change little here: 2." in text


@pytest.mark.parametrize(
    ("language", "cell", "message", "left_out"),
    [
        ("en", "China 37 %, by assumption", "as the model lays it out, China made 37 % of what is used",
         "Not counted, as figures do not tell who supplies and no range can be given: battery cell"),
        ("nl", "China 37 %, naar aanname", "zoals het model het verdeelt komt 37 % van wat daar",
         "Niet meegeteld, omdat de cijfers niet zeggen wie levert en een marge niet te geven is: batterijcel"),
    ],
)  # fmt: skip
def test_a_share_that_no_figures_tell_is_told_as_an_assumption(
    language: str, cell: str, message: str, left_out: str
) -> None:
    open_ = replace(SHOWN[1], direct={"EU27": replace(SHOWN[1].direct["EU27"], without_range="assumed")})
    told_first = weakest_finding([open_], ("cell",), "EU27")
    _, not_counted = above_line_findings([SHOWN[0], SHOWN[0], open_], "EU27", 0.65)
    given = replace(GIVEN, shown=(SHOWN[0], open_), message=(told_first,), exposed=(not_counted,))
    text = plain(text_of(given, language))
    assert cell in text
    assert message in text
    assert left_out in text


@pytest.mark.parametrize(("language", "later"), [("en", "not public yet"), ("nl", "nog niet openbaar")])
def test_measures_of_the_table_that_rest_on_later_figures_are_named(language: str, later: str) -> None:
    text = text_of(replace(GIVEN, later=frozenset({"stock", "other"})), language)
    (line,) = [line for line in text.splitlines() if later in line]
    assert TITLES["stock"][language] in line
    assert TITLES["shift"][language] not in line
    assert later not in text_of(GIVEN, language)


@pytest.mark.parametrize(
    ("language", "several", "dear", "place"),
    [
        ("en", "2 take most off that loss, to half a day the same: of 120 days 80 remain at most. These are, the "
         "cheapest first where the cost is known, “A third moves to packs without cobalt” and “Stock of cells”.",
         "even the first costs more than EUR 1,000 for", "“Stock of cells” in that order open: 1 to 3."),
        ("nl", "halen er 2 het meest van dat verlies af, op een halve dag na evenveel: van de 120 dagen blijven er "
         "hooguit 80 over. Het zijn, de goedkoopste eerst waar de kosten bekend zijn, “Een derde naar pakketten "
         "zonder kobalt” en “Voorraad cellen”.",
         "kost zelfs de eerste meer dan 1.000 euro", "“Voorraad cellen” in die volgorde open: 1 tot 3."),
    ],
)  # fmt: skip
def test_ties_dear_measures_and_open_places_are_told(language: str, several: str, dear: str, place: str) -> None:
    words = wording(language)
    tied = help_finding([replace(EFFECTS[0], days=80.2), replace(EFFECTS[1], avoided=(3e6, 1e6, 9e6))], HARDEST, "EU27")
    quoted = plain(words.sentence(tied)).replace("‘", "“").replace("’", "”")
    assert several in quoted
    doubtful = help_finding([replace(EFFECTS[0], days=80.2), EFFECTS[1]], HARDEST, "EU27")
    assert doubtful.numbers["measures"] == ["stock", "shift"]
    assert re.search(r"1 (of the|van de) 2", words.sentence(doubtful))
    (one,) = per_euro_findings([replace(EFFECTS[0], per_avoided=(1200.0, 1.0, 5000.0))], "EU27")
    assert dear in plain(words.sentence(one))
    _, open_place = per_euro_findings([replace(EFFECTS[0], places=(1, 3))], "EU27")
    assert place in plain(words.sentence(open_place)).replace("‘", "“").replace("’", "”")


def test_chart_of_one_product_is_left_out_and_value_is_drawn_by_stage() -> None:
    one = replace(GIVEN, shown=SHOWN[:1])
    assert brief_figure(one, PRODUCTION, {"countries": COUNTRY_TABLE, "reserves": RESERVES}, "x", wording("en")) is None
    stages = [StageValue(stage, "EU27", 2024, 0.4, 0.1, 0.5) for stage in ("", "cell")]
    later = StageValue("", "EU27", 2030, 0.6, 0.1, 0.7)
    value = replace(GIVEN, topic=replace(GIVEN.topic, topic_id="value-added"), value=[*stages, later])
    figure = brief_figure(value, PRODUCTION, {}, "x", wording("en"))
    assert figure is not None
    assert figure.data == "stage,european_part,low,high\nAll stages,0.4,0.1,0.5\nCells,0.4,0.1,0.5\n"


def test_what_is_inside_is_headed_by_the_end_products_it_is_inside_of() -> None:
    assert "Inside batteries used in the EU" in text_of(GIVEN)


def test_brief_without_documents_of_value_says_that_nothing_could_be_simulated() -> None:
    value = replace(
        GIVEN,
        topic=replace(GIVEN.topic, topic_id="value-added"),
        drawn=DrawsBehind(),
        without_measures=NotKnown("batteries", {"year": 2030}),
    )
    text = text_of(value)
    assert "there is nothing to simulate. That says nothing about the risk." in text
    assert (
        "No way to the goal is worked out for this day: the batteries of 2030 or what goes into them were not known"
        in text
    )
    assert text.index("The way to the goal") < text.index("What the way to the goal does to risk")


@pytest.mark.parametrize(("language", "fresh"), [("en", "on 2,000 fresh draws over 40"), ("nl", "2.000 nieuwe")])
@pytest.mark.parametrize("topic_id", ["cobalt", "value-added"])
def test_fresh_draws_are_told_where_rows_rest_on_them_and_only_there(topic_id: str, language: str, fresh: str) -> None:
    told = replace(GIVEN, topic=replace(GIVEN.topic, topic_id=topic_id))
    confirmed = text_of(replace(told, drawn=DrawsBehind(200, 10, 2000, 40)), language)
    assert "200 " in confirmed
    assert fresh in confirmed
    assert fresh not in text_of(told, language)


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
    found = find_topic(word, TOPICS, MATERIALS, ProblemCollector())
    assert found is not None
    assert found.topic_id == "lithium"


def test_hyphen_and_underscore_are_alike_in_topics() -> None:
    assert find_topic("value_added", TOPICS, MATERIALS, ProblemCollector()) is TOPICS["value-added"]


def test_unknown_topic_names_the_nearest_and_the_list() -> None:
    collector = ProblemCollector()
    assert find_topic("litium", TOPICS, MATERIALS, collector) is None
    assert [str(problem) for problem in collector.problems] == [
        "TOPIC: 'litium' is not a topic of briefs. Did you mean 'lithium'? Topics: lithium, battery, value-added."
    ]
