"""The chapter on who makes what a region uses: tables by hand, gaps said openly, both languages on real runs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.network import NetworkFacts
from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.network.build_report import build_report
from supplyrisk.network.regional_use import regional_use
from supplyrisk.report.compose import names_in
from supplyrisk.report.content import NetworkChapter, Table
from supplyrisk.report.network_chapter import network_chapter
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.network_out import value_table
from supplyrisk.report.network_tables import dispatch_table, hidden_table, sourcing_table, unknown_table
from supplyrisk.report.network_weak import links_table, misfit_table
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.report_files import network_given
from supplyrisk.runs.scoring import stages_of
from supplyrisk.scores.sourcing import MOVED_LANES
from tests.conftest import no_picture
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, STAGES, VALUES, small_network
from tests.score_builders import COUNTRY_TABLE, score, score_frame

NAMES = Names(
    countries={"CHN": "China", "CHL": "Chile", "DEU": "Germany", "NLD": "Netherlands", "EU27": "European Union (27)"},
    products={CHEMICALS: "Lithium chemicals", ORE: "Lithium, mine", CELL: "Cells", PACK: "Packs", "x": "Other metal"},
    editions={},
)
EN = Wording("en", NAMES)


def own(rows: Sequence[Mapping[str, Any]]) -> RegionScores:
    return RegionScores.of(score_frame(rows), COUNTRY_TABLE, "EU27")


def eu(metric: str, product: str, value: float | None = None, **given: Any) -> dict[str, Any]:
    return score(metric, product, value, **({"scope": "EU27"} | given))


def plain(table: Table | None) -> list[tuple[str, ...]]:
    """Rows with ordinary spaces."""
    assert table is not None
    return [tuple(cell.replace("\u00a0", " ") for cell in row) for row in table.rows]


# --- tables by hand


def test_hidden_dependency_stands_beside_both_countries() -> None:
    rows = [
        eu("sourcing_share", CHEMICALS, 0.7, low=0.6, high=0.8, country="CHL"),
        eu("look_through_share", CHEMICALS, 0.6, low=0.5, high=0.7, country="CHN", end_product="battery"),
        eu("hidden_dependency", CHEMICALS, 0.5, low=-0.1, high=0.6, country="CHN", end_product="battery"),
    ]
    assert plain(hidden_table(own(rows), EN)) == [
        (
            "Lithium chemicals",
            "Extraction",
            "batteries",
            "Chile",
            "70 % (60–80 %)",
            "China",
            "60 % (50–70 %)",
            "+50 (\u221210 … +60)",
        )
    ]


def test_a_country_is_not_the_largest_where_more_has_no_name() -> None:
    rows = [
        eu("sourcing_share", CHEMICALS, 0.4, country="CHL"),
        eu("sourcing_share", CHEMICALS, 0.41, country="ROW"),
        eu("look_through_share", CHEMICALS, 0.6, country="CHN", end_product="battery"),
        eu("hidden_dependency", CHEMICALS, 0.5, country="CHN", end_product="battery"),
    ]
    reason = "what is left unnamed is larger than the largest named country"
    # What China sells directly may be in what has no name, so that no difference is told either.
    ((*_, direct, share, behind, _, difference),) = plain(hidden_table(own(rows), EN))
    assert (direct, share, behind, difference) == (reason, "", "China", "")
    unnamed = eu("look_through_share", CHEMICALS, 0.61, country="ROW", end_product="battery")
    ((*_, direct, share, behind, part, difference),) = plain(hidden_table(own([rows[0], *rows[2:], unnamed]), EN))
    assert (direct, share, behind, part, difference) == ("Chile", "40 %", reason, "", "")


def test_direct_share_that_cannot_be_known_is_blank_with_its_reason() -> None:
    rows = [
        eu("look_through_share", CHEMICALS, 0.6, country="CHN", end_product="battery"),
        eu("sourcing_share", CHEMICALS, 0.9, country="CHL"),
        eu("look_through_share", ORE, 0.3, country="CHL", end_product="battery"),
        eu("import_dependence", ORE, missing_reason="place_of_use_unknown"),
    ]
    first, second = plain(hidden_table(own(rows), EN))
    assert first[3:5] == ("no trade table tells who supplies it", "")
    assert second[3:5] == ("where it is used is not known (no trade table)", "")
    assert first[-1] == second[-1] == ""


def test_largest_differences_between_dispatch_and_origin_come_first() -> None:
    rows = [
        eu("dispatch_share", CHEMICALS, 0.5, country="DEU"),
        eu("sourcing_share", CHEMICALS, 0.7, country="CHL"),
        eu("dispatch_share", CHEMICALS, 0.45, country="CHL"),
        eu("dispatch_share", "x", 1.0, country="CHN"),
    ]
    use = pl.DataFrame({"region": ["EU27"] * 2, "product_id": [CHEMICALS, "x"], "share_of_world": [0.1, 0.0001]})
    assert plain(dispatch_table(own(rows), use, EN)) == [
        ("Lithium chemicals", "Germany", "50 %", "0 %", "+50"),
        ("Lithium chemicals", "Chile", "45 %", "70 %", "\u221225"),
    ]


def test_trade_moved_far_to_fit_has_no_range_and_no_maker_beside_the_sender() -> None:
    moved = {"low": 0.1, "high": 0.9, "interval_kind": MOVED_LANES}
    rows = [
        eu("import_dependence", CHEMICALS, 0.9, **moved),
        eu("n_minus_one", CHEMICALS, 0.4, country="CHL", **moved),
        eu("sourcing_share", CHEMICALS, 0.6, country="CHL", **moved),
        eu("dispatch_share", CHEMICALS, 0.5, country="DEU"),
        eu("look_through_share", CHEMICALS, 0.6, country="CHN", end_product="battery", **moved),
    ]
    use = pl.DataFrame({"region": ["EU27"], "product_id": [CHEMICALS], "share_of_world": [0.25]})
    ((*_, imported, _, supplier, share, left, rests_on),) = plain(
        sourcing_table(own(rows), {CHEMICALS: "trade"}, use, EN)
    )
    assert (imported, supplier, share, left) == ("90 %", "Chile", "60 %", "40 %")
    assert rests_on == "trade, moved far to fit"
    assert dispatch_table(own(rows), use, EN) is None
    (hidden,) = plain(hidden_table(own(rows), EN))
    assert hidden[3].startswith("more than a tenth of the flows had to be moved for trade to fit")
    assert hidden[5:] == ("China", "60 %", "")


def test_suppliers_are_listed_with_import_dependence_and_what_is_left() -> None:
    rows = [
        eu("import_dependence", CHEMICALS, 0.9, low=0.8, high=0.95),
        eu("self_sufficiency", CHEMICALS, 1.2),
        eu("n_minus_one", CHEMICALS, 0.4, low=0.3, high=0.5, country="CHL"),
        eu("sourcing_share", CHEMICALS, 0.6, low=0.5, high=0.7, country="CHL"),
        eu("import_dependence", ORE, missing_reason="place_of_use_unknown"),
    ]
    use = pl.DataFrame({"region": ["EU27"], "product_id": [CHEMICALS], "share_of_world": [0.25]})
    assert plain(sourcing_table(own(rows), {CHEMICALS: "trade"}, use, EN)) == [
        (
            "Lithium chemicals",
            "Extraction",
            "25 %",
            "90 % (80–95 %)",
            "120 %",
            "Chile",
            "60 % (50–70 %)",
            "40 % (30–50 %)",
            "trade",
        )
    ]
    assert plain(unknown_table(own(rows), EN)) == [
        ("where it is used is not known (no trade table)", "1", "mined lithium")
    ]


def test_tables_without_rows_are_left_out() -> None:
    empty, use = own([]), regional_use(small_network(), ["EU27"])
    assert hidden_table(empty, EN) is None
    assert dispatch_table(empty, use, EN) is None
    assert sourcing_table(empty, {}, use, EN) is None
    assert unknown_table(empty, EN) is None


def misfit(**given: Any) -> dict[str, Any]:
    fitting = {
        "product_id": CHEMICALS,
        "evidence": "trade",
        "output": 100.0,
        "statistical_surplus": 0.0,
        "shortage_factor": 1.0,
        "trade_dropped_share": 0.05,
        "re_export_share": 0.3,
        "moved_mass": 0.10,
    }
    return fitting | given


def test_only_figures_that_do_not_fit_are_listed() -> None:
    assert misfit_table(pl.DataFrame([misfit()]), EN) is None
    rows = [
        misfit(product_id=CELL, evidence="prior", statistical_surplus=25.0, moved_mass=0.0),
        misfit(product_id=ORE, shortage_factor=0.9),
        misfit(product_id=PACK, trade_dropped_share=0.06),
        misfit(product_id="x", moved_mass=0.11),
    ]
    listed = {row[0]: row[2:] for row in plain(misfit_table(pl.DataFrame(rows), EN))}
    assert listed["Cells"] == ("25 %", "", "", "", "0 %")
    assert listed["Lithium, mine"] == ("", "90 %", "5 %", "30 %", "10 %")
    assert set(listed) == {"Cells", "Lithium, mine", "Packs", "Other metal"}


def test_links_are_counted_by_what_they_rest_on() -> None:
    network = small_network()
    table = plain(links_table(network.links, build_report(network), EN))
    # Three lanes each of chemicals and ore from trade; four of packs and three of cells assumed.
    assert table == [
        ("trade", "6", "2", "refined lithium chemicals and mined lithium"),
        ("assumption", "7", "2", "LFP battery cells and LFP battery packs"),
    ]


def test_value_by_product_adds_up_to_the_share_worked_by_hand() -> None:
    table = value_table([small_network()], (PACK,), VALUES, STAGES, ["EU27"])
    used = table.filter(pl.col("of") == "used")
    assert used["value_eur"].sum() == pytest.approx(602.0)
    assert used["value_in_eu_eur"].sum() == pytest.approx(180.0)
    made = table.filter((pl.col("of") == "made") & (pl.col("product_id") == PACK))
    assert made.select("value_eur", "value_in_eu_eur").row(0) == pytest.approx((100.0, 100.0))


# --- the chapter of a small network


def small_given(network_without: str | None = None) -> NetworkGiven:
    network = small_network(network_without)
    cut: tuple[str, ...] = () if network_without is None else (network_without,)
    facts = NetworkFacts(
        products=build_report(network),
        use=regional_use(network, ["EU27"]),
        gaps=network.gaps,
        countries=COUNTRY_TABLE,
        goal=None,
        line=0.65,
        cut={"battery": cut},
    )
    return NetworkGiven(network, (), {"battery": (PACK,)}, VALUES, facts)


def chapter(given: NetworkGiven, wording: Wording = EN) -> NetworkChapter:
    return network_chapter(given, score_frame([]), COUNTRY_TABLE, STAGES, ["EU27"], {}, wording)


def test_a_network_without_scores_still_has_its_pictures() -> None:
    (region,) = chapter(small_given()).regions
    figures = [figure.name for part in region.parts for figure in part.figures]
    assert figures == ["network_battery_EU27", "network_lithium_mine_EU27"]


def test_alt_text_names_countries_and_shares_of_every_tier() -> None:
    (region,) = chapter(small_given()).regions
    alt = region.parts[0].figures[0].alt.replace("\u00a0", " ")
    assert "Refining (23 % of the value): China 54 %, Chile 46 %, EU 0 %" in alt
    assert "Packs (23 % of the value): EU 71 %, China 29 %" in alt


def test_behind_a_gap_no_value_is_drawn() -> None:
    (region,) = chapter(small_given(CELL)).regions
    assert [figure.name for part in region.parts for figure in part.figures] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_any_product_the_chapter_says_so(language: str) -> None:
    given = small_given()
    empty = replace(given.network, products={})
    facts = replace(given.facts, products=given.facts.products.clear(), use=given.facts.use.clear())
    found = chapter(replace(given, network=empty, facts=facts), Wording(language, NAMES))
    assert found.gap
    assert found.regions == found.weak_tables == ()


# --- real runs


def of_run(run: Run, language: str) -> NetworkChapter:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("plotnine.ggplot.save", no_picture)
        return _of_run(run, language)


def _of_run(run: Run, language: str) -> NetworkChapter:
    tables = {name: run.package.table(name) for name in ("countries", "products", "sources")}
    by_topic: dict[str, list[Any]] = {}
    for finding in run.findings:
        by_topic.setdefault(finding.topic, []).append(finding)
    return network_chapter(
        network_given(run),
        run.scores.table,
        tables["countries"],
        stages_of(run.package),
        run.focus,
        by_topic,
        Wording(language, names_in(language, tables)),
    )


PARTS = [
    "network-value-picture",
    "network-value",
    "network-passed",
    "network-hidden",
    "network-outlook",
    "network-material-pictures",
    "network-sourcing",
    "network-dispatch",
    "network-melted",
]


@pytest.fixture(scope="module", params=LANGUAGES)
def found(request: pytest.FixtureRequest, run_2026q1: Run) -> NetworkChapter:
    """The chapter of the default quarter in each language."""
    return of_run(run_2026q1, request.param)


def test_every_region_has_all_parts_in_the_order_of_the_config(found: NetworkChapter) -> None:
    assert [region.anchor for region in found.regions] == ["network-EU27", "network-NLD"]
    for region in found.regions:
        code = region.anchor.removeprefix("network-")
        assert [part.anchor for part in region.parts] == [f"{name}-{code}" for name in PARTS]


def test_every_picture_says_its_numbers_in_words(found: NetworkChapter) -> None:
    figures = [figure for region in found.regions for part in region.parts for figure in part.figures]
    assert len(figures) == 18
    assert len({figure.name for figure in figures}) == 18
    assert all("%" in figure.alt and "{" not in figure.alt for figure in figures)


def test_no_cell_and_no_sentence_has_a_leftover(found: NetworkChapter) -> None:
    tables = [table for region in found.regions for part in region.parts for table in part.tables]
    cells = [cell for table in (*tables, *found.weak_tables) for row in table.rows for cell in row]
    sentences = [item.text for region in found.regions for item in region.sentences]
    assert [text for text in (*cells, *sentences) if re.search(r"[{}]|\bNone\b|\bnan\b", text)] == []
    assert all(len(row) == len(table.header) for table in (*tables, *found.weak_tables) for row in table.rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_on_value_added_never_stands_without_its_range(run_2026q1: Run, language: str) -> None:
    tables = {name: run_2026q1.package.table(name) for name in ("countries", "products", "sources")}
    wording = Wording(language, names_in(language, tables))
    told = [f for f in run_2026q1.findings if "value_added" in f.message_id and "value" in f.numbers]
    assert len(told) >= 3
    for finding in told:
        text = wording.sentence(finding)
        assert all(wording.format_percent(finding.numbers[end]) in text for end in ("low", "value", "high"))


def test_picture_and_score_tell_the_same_european_share(run_2026q1: Run) -> None:
    packs = run_2026q1.scores.table.filter(
        (pl.col("metric") == "value_added_share")
        & (pl.col("scope") == "EU27")
        & (pl.col("stage") == "pack")
        & (pl.col("scenario") == "base")
    ).row(0, named=True)
    wording = Wording(
        "en", names_in("en", {n: run_2026q1.package.table(n) for n in ("countries", "products", "sources")})
    )
    share = wording.with_interval(*(wording.format_percent(packs[end]) for end in ("value", "low", "high")))
    alt = of_run(run_2026q1, "en").regions[0].parts[0].figures[0].alt
    assert f"EU {share}" in alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_earlier_quarter_shows_no_value_and_says_why(run_2025q4: Run, language: str) -> None:
    region = of_run(run_2025q4, language).regions[0]
    shown = {part.anchor for part in region.parts}
    assert not {"network-value-picture-EU27", "network-value-EU27"} & shown
    tables = {name: run_2025q4.package.table(name) for name in ("countries", "products", "sources")}
    cell = Wording(language, names_in(language, tables)).format_product("battery_cell_nmc")
    assert cell in region.sentences[0].text
