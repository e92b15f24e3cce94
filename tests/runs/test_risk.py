"""The simulation of risk on the project's own data: yardstick, causes that make sense, and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from supplyrisk.cli.main import app
from supplyrisk.findings.backtest import backtest_findings, forecast_finding
from supplyrisk.findings.risk import risk_findings
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.hazards.backtest import SCORES
from supplyrisk.hazards.events import CLASSES
from supplyrisk.hazards.model import HazardModel
from supplyrisk.report.compose import names_in
from supplyrisk.report.wording import Wording
from supplyrisk.risk.targets import RUNNING
from supplyrisk.risk.uncertain import UNCERTAIN
from supplyrisk.runs.backtest_run import BacktestResult, held_out, last_whole_year, run_backtest
from supplyrisk.runs.hazard_run import TABLES, hazards_of, makers_before
from supplyrisk.runs.material_products import products_of
from supplyrisk.runs.mitigate_command import run_mitigation
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.opening import load_config, open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.risk_command import RISK_VIEWS, run_simulation
from supplyrisk.runs.risk_run import RiskModel, RiskResult, risk_model, run_risk
from supplyrisk.tables.package import DataPackage

NAMED = ("countries", "products", "sources")


@pytest.fixture(scope="module")
def package(project: Project) -> DataPackage:
    config, _ = load_config(project, "2026Q1")
    return open_project_data(project, config, date(2026, 3, 31), TABLES)


@pytest.fixture(scope="module")
def hazards(package: DataPackage) -> HazardModel:
    return hazards_of(package)


@pytest.fixture(scope="module")
def risk(project: Project, hazards: HazardModel) -> RiskModel:
    return risk_model(open_model(project, "2026Q1", None, []), hazards, 1)


@pytest.fixture(scope="module")
def result(risk: RiskModel) -> RiskResult:
    return run_risk(risk, 800, 0, 0, lambda step, part: None)


@pytest.fixture(scope="module")
def tested(package: DataPackage) -> BacktestResult:
    return run_backtest(package, 1)


def test_copper_mining_loses_what_its_yardstick_says(result: RiskResult, risk: RiskModel) -> None:
    copper = result.supply.filter(pl.col("product_id") == "copper_mine")["lost_share_per_year"][0]
    assert risk.assumptions.copper_loss_share.low <= copper <= risk.assumptions.copper_loss_share.high


def test_every_event_is_counted_once(package: DataPackage, hazards: HazardModel) -> None:
    events = hazards.events.events
    assert events["event_no"].is_unique().all()
    assert events.height < package.table("events").height / 2
    cobalt = hazards.events.hits.filter(pl.col("event_no") == "E0161")["product_id"].to_list()
    assert cobalt == ["cobalt_mine"]  # listed as refined; what the DR Congo makes of cobalt is mined
    hit = dict(hazards.events.hits.group_by("event_no").agg(pl.col("product_id").sort()).iter_rows())
    assert hit["E0096"] == ["aluminium_primary"]  # power cuts at smelters: no alumina
    assert hit["E0143"] == ["magnet_rare_earths_mine", "rare_earths_mine"]  # heavy rare earths of Myanmar: mined there
    assert set(hazards.events.unplaced).isdisjoint(hit)
    assert hazards.events.union_wide == ("E0075",)
    assert {"E0017", "E0084", "E0088", "E0090", "E0156"} == set(hazards.events.one_buyer)
    assert "E0174" not in hit  # technology
    # Still in force: the Indonesian ban on nickel ore and Chinese licences. A royalty of the DR Congo stops no goods.
    length = {event: (months, censored) for event, months, censored in hazards.events.events.select(
        "event_no", "months", "censored").iter_rows()}  # fmt: skip
    assert length["E0058"] == (pytest.approx((date(2026, 3, 31) - date(2020, 1, 1)).days / 30.4375), True)
    assert all(length[event][1] for event in ("E0099", "E0104", "E0110", "E0122", "E0147", "E0151", "E0159", "E0165"))
    assert length["E0055"] == (None, False)
    assert hazards.licence_part == pytest.approx((5 + 0.5) / (13 + 1))
    assert hazards.severity["output"].slope < 0.0  # large makers seldom stop as a whole
    assert (hazards.rates.table["rate"] > 0.0).all()


def test_a_material_stands_for_products_of_its_own_or_of_its_family(package: DataPackage) -> None:
    found = products_of(package)
    assert found["cobalt", "refining"] == {"cobalt_refined"}
    assert found["dysprosium", "refining"] == {"dytb_refined"}
    assert {"ndpr_refined", "dytb_refined"} <= found["rare_earths", "refining"]
    assert not any(material == "samarium" for material, _ in found)  # light rare earths: none in the chains


def test_older_small_events_are_missing_from_the_list(hazards: HazardModel) -> None:
    detected = hazards.reporting.periods["detected"].to_list()
    assert detected[0] < 0.6 < detected[-1] == 1.0
    assert hazards.reporting.exposure_years < hazards.events.years


def test_magnets_hang_on_chinese_export_restrictions(result: RiskResult) -> None:
    causes = result.causes.filter((pl.col("region") == "EU27") & (pl.col("product_id") == "ndfeb_magnet"))
    first = causes.row(0, named=True)
    assert (first["hazard"], first["country"]) == ("export_restriction", "CHN")
    assert causes["part"].sum() == pytest.approx(1.0, abs=0.01)


def test_products_without_a_known_place_of_use_have_no_regional_figure(result: RiskResult) -> None:
    regional = set(result.products.filter(pl.col("region") == "EU27")["product_id"])
    world = set(result.products.filter(pl.col("region") == "WLD")["product_id"])
    assert "ndfeb_magnet" in regional
    assert "gallium" in world - regional


def test_measures_in_force_cost_more_and_are_told_as_a_cause(risk: RiskModel, result: RiskResult) -> None:
    running = run_risk(replace(risk, running=True), 200, 0, 0, lambda step, part: None)
    causes = running.causes.filter(pl.col("hazard") == RUNNING)
    assert {"CHN", "COD"} <= set(causes["country"])
    lost = {
        name: found.products.filter((pl.col("region") == "WLD") & (pl.col("product_id") == "cobalt_mine"))[
            "lost_days_per_year"
        ][0]
        for name, found in (("with", running), ("without", result))
    }
    assert lost["with"] > lost["without"]


def test_products_whose_chain_is_cut_have_no_figure(project: Project, risk: RiskModel) -> None:
    assert risk.model.base.cut == {"boron_refined"}  # known by shares of the world alone on the default day
    earlier = open_model(project, "2025Q4", None, [])
    # Sources of nickel-based cells and of copper foil appeared later: no pack can be followed to its mines.
    assert {"battery_cell_nmc", "copper_foil", "battery_pack_nmc", "battery_pack_lfp"} <= earlier.base.cut
    assert "ndfeb_magnet" not in earlier.base.cut
    watched = {group.product for group in replace(risk, model=earlier).groups}
    assert "battery_pack_nmc" not in watched
    assert "ndfeb_magnet" in watched
    with pytest.raises(
        InputError, match=r"lfp_shift\.yaml: battery_pack_lfp, battery_pack_nmc or what goes into it had no known maker"
    ):
        run_mitigation(None, ["lfp_shift"], "measures", [], 20, None, None, "2025Q4", None, lambda text: None)


def test_a_price_signal_has_a_range_or_a_reason(result: RiskResult) -> None:
    told = result.price["missing_reason"].is_null()
    assert (result.price["price_rise_low"].is_not_null() == told).all()
    assert set(result.price["product_id"]) == set(result.products.filter(pl.col("region") == "WLD")["product_id"])


def test_ranges_hold_the_figure(result: RiskResult) -> None:
    table = result.products
    assert (table["lost_low"] <= table["lost_high"]).all()
    assert (table["rank_low"] <= table["rank_high"]).all()
    assert (table["cvar95_days"] >= table["var95_days"] - 1e-9).all()
    assert table["long_shortage_chance"].is_between(0.0, 1.0).all()
    assert result.value.select((pl.col("cvar95") >= pl.col("var95")).all()).item()


def test_what_happens_later_is_no_part_of_what_was_fitted(tested: BacktestResult) -> None:
    assert tested.frozen.origins == ((2022, 2023), (2022, 2024), (2022, 2025))
    assert tested.rolling.origins == ((2022, 2023), (2023, 2024), (2024, 2025))
    assert (tested.trained_to, tested.held_out) == (2022, (2023, 2024, 2025))
    pairs = tested.frozen.pairs
    assert (
        pairs.filter(pl.col("year") == 2023)["chance"].to_list()
        == pairs.filter(pl.col("year") == 2025)["chance"].to_list()
    )
    # Chinese controls of gallium in 2023 came without an event before: a miss, and told as one.
    gallium = pairs.filter(
        (pl.col("year") == 2023) & (pl.col("country") == "CHN") & (pl.col("product_id") == "gallium")
    ).row(0, named=True)
    assert gallium["history"] == 0
    assert gallium["events"] != ""
    assert gallium["rank"] > 20


def test_a_backtest_holds_out_whole_years_before_its_day(project: Project) -> None:
    assert [last_whole_year(day) for day in (date(2025, 12, 30), date(2025, 12, 31), date(2026, 1, 1))] == [
        2024, 2025, 2025
    ]  # fmt: skip
    config, _ = load_config(project, "2026Q1")
    years, before = held_out(open_project_data(project, config, date(2025, 6, 30), TABLES))
    assert years[-1] == 2024  # nothing is said of the half of 2025 that is over
    assert before.events.last_day == date(years[0] - 1, 12, 31)
    with pytest.raises(
        NotKnownError, match=r"No year can be held out for a back-test\. data/events\.csv: .* are needed"
    ):
        held_out(open_project_data(project, config, date(2016, 6, 30), TABLES))


def test_the_backtest_sets_the_model_beside_plain_rules(tested: BacktestResult) -> None:
    results = tested.frozen.results
    assert set(results["score"]) == set(SCORES)
    own = results.filter((pl.col("units") == "pairs") & (pl.col("outcome") == "any") & (pl.col("countries") == "all"))
    base = own["base_rate"][0]
    for score in SCORES:
        row = own.filter((pl.col("score") == score) & (pl.col("measure") == "average_precision")).row(0, named=True)
        assert row["value"] > base
        assert row["low"] <= row["value"] <= row["high"]
    without = results.filter(pl.col("countries") == "without_china")
    assert without["number"].max() < own["number"].max()  # type: ignore[operator]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_findings_of_risk_are_said_in_both_languages(
    result: RiskResult, risk: RiskModel, package: DataPackage, language: str
) -> None:
    wording = Wording(language, names_in(language, {name: package.table(name) for name in NAMED}))
    driven = pl.DataFrame(
        {
            "region": ["EU27"] * len(UNCERTAIN), "product_id": ["ndfeb_magnet"] * len(UNCERTAIN),
            "number": list(UNCERTAIN), "mean_effect": 1.0, "spread": 0.1, "direction": 1.0,
        }
    )  # fmt: skip
    told = list(risk_findings("EU27", result.products, result.value, result.causes, result.places, driven, 3, 36))
    assert {finding.message_id for finding in told} >= {"risk_value", "risk_product", "risk_why"}
    for finding in told:
        assert wording.sentence(finding)
    assert {message for message in wording.catalogue["findings"] if message.startswith("risk_")} == {
        "risk_value", "risk_product", "risk_why", "risk_why_causes", "risk_drivers"
    }  # fmt: skip
    assert all(wording.format_numbers([name]) for name in UNCERTAIN)
    assert set(wording.catalogue["hazards"]) == {*CLASSES, RUNNING}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_backtest_is_told_in_words(tested: BacktestResult, package: DataPackage, language: str) -> None:
    wording = Wording(language, names_in(language, {name: package.table(name) for name in NAMED}))
    frozen = tested.frozen
    told = list(backtest_findings(frozen.results, frozen.pairs, frozen.reliability))
    size = [told[0], replace(told[1], message_id="backtest_classes_none")]
    coming = forecast_finding(frozen.pairs.filter(pl.col("year") == tested.held_out[-1]), frozen.pairs)
    assert str(frozen.pairs.filter(pl.col("events") != "").height) in wording.sentence(told[0])
    assert all(wording.sentence(finding) for finding in (*told, *size, coming))
    first = next(finding for finding in told if finding.numbers.get("outcome") == "large")
    # The model had seen no such controls before: the plain share of output is ahead.
    assert first.numbers["best"] == "share"
    assert wording.format_score("share") in wording.sentence(first)
    missed = next(finding for finding in told if finding.message_id == "backtest_missed")
    assert missed.numbers["rank"] > 20
    assert wording.format_country(missed.numbers["country"]) in wording.sentence(missed)
    found = tested.frozen.pairs.select("events", "product_id").iter_rows()
    happened = {(event, product) for text, product in found for event in text.split(";") if event}
    assert happened <= set(tested.described)
    assert "tungsten" in tested.described["E0159", "tungsten_refined"][2]  # of five materials, the words on its own
    apart = replace(first, message_id="backtest_apart")
    assert wording.format_percent(first.numbers["value"]) in wording.sentence(apart)


def test_governance_does_not_beat_size_and_record_by_much(tested: BacktestResult) -> None:
    sums = dict(tested.models.group_by("model").agg(pl.col("log_score").sum()).iter_rows())
    assert sums["one_rate"] < sums["size"] < sums["size_and_record"]
    assert abs(sums["size_record_and_governance"] - sums["size_and_record"]) < 3.0


def test_makers_of_a_year_are_those_of_the_years_before(package: DataPackage) -> None:
    assert makers_before(package, 2023).share("cobalt_mine", "COD") < makers_before(package, 2025).share(
        "cobalt_mine", "COD"
    )


def test_the_command_prints_json_writes_a_folder_and_refuses_wrong_words(tmp_path: Path) -> None:
    words = ["--quiet", "risk", "--draws", "60", "--focus", "NLD", "--quarter", "2026Q1", "--format", "json"]
    found = CliRunner().invoke(app, [*words, "--driver-draws", "0", "--out", str(tmp_path / "out")])
    assert found.exit_code == 0
    rows = json.loads(found.stdout)
    assert {row["region"] for row in rows} == {"NLD", "WLD"}
    assert (tmp_path / "out" / "risk_causes.csv").is_file()

    def ask(view: str = "products", draws: int = 10, out: Path | None = None) -> object:
        return run_simulation(None, view, [], draws, None, 0, False, "2026Q1", None, out, lambda text: None)

    with pytest.raises(InputError, match=r"'cause' is not a view of the simulation\. Did you mean 'causes'"):
        ask("cause")
    with pytest.raises(InputError, match=r"'pairs' is not a view of the simulation \(with --chokepoints\)"):
        ask("pairs")
    with pytest.raises(InputError, match="--draws: 0 is not between 1 and 1000000"):
        ask(draws=0)
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is a file, a folder is to be written there"):
        ask(out=blocked)
    assert set(RISK_VIEWS) == {
        "products", "why", "value", "causes", "places", "drivers", "exact", "supply", "price"
    }  # fmt: skip


def test_assumptions_that_cannot_be_used_are_told(
    copied_project: Path, edit: Callable[[str, str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    edit("models/assumptions/risk.yaml", "horizon_months: 36", "horizon_month: 36")
    edit("models/assumptions/risk.yaml", "copper_mine_output_all_causes", "copper_mine_output_all_cases")
    with pytest.raises(InputError) as caught:
        run_simulation(copied_project, "products", [], 10, None, 0, False, "2026Q1", None, None, lambda text: None)
    assert "'horizon_month' is not a key here. Did you mean 'horizon_months'?" in str(caught.value)


def test_wrong_events_are_told_and_too_early_a_day_says_what_to_do(
    project: Project, copied_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit(
        "data/events.csv",
        "events.e0004,E0004,E0004,2006-08,stated,,not_seen",
        "events.e0004,E0004,E0004,2006-08,stated,2006-07,stated",
    )
    with pytest.raises(InputError, match=r"row events\.e0004: the end 2006-07 is before the start 2006-08"):
        run_simulation(copied_project, "products", [], 10, None, 0, False, "2026Q1", None, None, lambda text: None)
    config, _ = load_config(project, "2026Q1")
    early = open_project_data(project, config, date(2012, 12, 31), TABLES)
    with pytest.raises(InputError, match="Choose a later --as-of"):
        hazards_of(early)
