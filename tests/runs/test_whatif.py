"""What-if runs on the project's own data: scenarios, words, records, files, and mistakes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from supplyrisk.cli.main import app
from supplyrisk.disruption.final_use import LOSS_HIGH, LOSS_LOW, SHORT_SHARE
from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.project import Project
from supplyrisk.runs.ready_files import find_file
from supplyrisk.runs.supply_graphs import hosts_of
from supplyrisk.runs.whatif import WhatIf, what_if
from supplyrisk.runs.whatif_command import run_whatif
from supplyrisk.runs.whatif_view import as_record, comparison, findings_of, wording_of, write_whatif

MODELS = Path(__file__).parents[2] / "models"
READY = sorted(path.stem for path in (MODELS / "scenarios").glob("*.yaml"))


@pytest.fixture(scope="module")
def model(project: Project) -> DisruptionModel:
    return open_model(project, "2026Q1", None, [])


@pytest.fixture(scope="module")
def results(project: Project, model: DisruptionModel) -> dict[str, WhatIf]:
    return {name: what_if(model, find_file(project, "scenarios", name), sensitivity=False) for name in READY}


@pytest.fixture(scope="module")
def cobalt(project: Project, model: DisruptionModel) -> WhatIf:
    return what_if(model, find_file(project, "scenarios", "drc_cobalt_stop"))


def test_every_ready_scenario_runs_and_is_told_in_both_languages(
    model: DisruptionModel, results: dict[str, WhatIf], cobalt: WhatIf
) -> None:
    said: set[str] = set()
    for result in [*results.values(), cobalt]:
        findings = findings_of(model, result)
        said |= {finding.message_id for finding in findings}
        for language in ("en", "nl"):
            wording = wording_of(model, language)
            assert all(wording.sentence(finding) for finding in findings)
            told = wording.catalogue["findings"]
    known = {message for message in told if message.startswith("whatif_")}
    assert said <= known
    # Both ends of a choice of words need not occur in the ready scenarios; most of what can be said is said in them.
    assert len(known - said) <= 3, known - said


def test_numbers_of_the_table_are_those_of_the_run(cobalt: WhatIf) -> None:
    named, months = cobalt.named, cobalt.months
    slots = named.final_slots_of(frozenset({"battery_pack_nmc"}), named.places.of_region("EU27"))
    demand = float(named.graph.slot_demand[slots].sum())
    row = cobalt.outcome.final_use.filter(
        (pl.col("region") == "EU27") & (pl.col("product_id") == "battery_pack_nmc")
    ).row(0, named=True)
    assert row["lost_quantity"] == pytest.approx(float(months.unserved[slots].sum()))
    assert row["demand_per_month"] == pytest.approx(demand)
    # Served month by month, from what was used: the worst month is the one with the least.
    unmet = 1.0 - months.used[:, slots].sum(axis=1) / demand
    assert row["worst_share"] == pytest.approx(float(unmet.max()))
    assert row["first_short_month"] == int((unmet > SHORT_SHARE).argmax()) + 1


def test_the_network_rests_without_a_shock(model: DisruptionModel, cobalt: WhatIf) -> None:
    from supplyrisk.disruption.engine import simulate_months

    still = simulate_months(cobalt.named.graph, [], 36, cobalt.named.rules)
    assert still.output == pytest.approx(cobalt.named.graph.node_base[None, :].repeat(36, axis=0), rel=1e-9)
    assert still.shortage.max() <= 1e-9 * cobalt.named.graph.slot_demand.max()


def test_hosts_carry_the_share_that_hangs_on_all_of_them_once(model: DisruptionModel) -> None:
    # Rows of data/by_products.csv: a share of all hosts together is repeated on each row and counts once; single
    # hosts add up (cobalt 0.68 on copper and 0.30 on nickel); bismuth also hangs on lead, which is not in the network.
    hosts = hosts_of(model.package)
    assert hosts["tantalum_mine"].share == 0.5
    assert set(hosts["tantalum_mine"].weights) == {"lithium_mine", "niobium_mine", "tin_mine"}
    assert hosts["palladium_mine"].share == 0.5
    assert hosts["cobalt_mine"].share == pytest.approx(0.98)
    assert {"bismuth_refined", "gallium", "antimony_mine"}.isdisjoint(hosts)


def test_what_the_stop_touches_is_what_the_lanes_carry(model: DisruptionModel, cobalt: WhatIf) -> None:
    links = model.base.links_of(
        frozenset({"cobalt_mine"}), model.base.places.of_region("COD"), ~model.base.places.of_region("COD")
    )
    assert cobalt.shocks[0].hit_per_month == {
        "cobalt_mine": pytest.approx(float(model.base.graph.link_flow[links].sum()))
    }


def test_assumptions_are_ranked_by_how_far_they_move_the_loss(cobalt: WhatIf) -> None:
    assert cobalt.sensitivity is not None
    rows = cobalt.sensitivity.filter(pl.col("region") == "EU27")
    assert len(rows) == 10
    spread = rows.select(LOSS_HIGH - LOSS_LOW).to_series().to_list()
    assert spread == sorted(spread, reverse=True)
    assert spread[0] > 0.0
    stocks = rows.filter(pl.col("parameter") == "cover_days").row(0, named=True)
    assert stocks["at_low"] >= stocks["at_high"]  # more stock, less loss


def test_use_without_a_known_place_is_not_given_for_a_region(results: dict[str, WhatIf]) -> None:
    gallium = results["china_gallium_germanium_controls"].outcome
    for table in (gallium.unmet, gallium.switching):
        regional = table.filter((pl.col("region") != "WLD") & pl.col("product_id").is_in(["gallium", "germanium"]))
        assert regional.is_empty()


def test_a_public_stock_in_a_scenario_takes_the_place_of_some_private_ones(
    project: Project, model: DisruptionModel, results: dict[str, WhatIf]
) -> None:
    base = model.base
    stocked = replace(base, graph=replace(base.graph, pool_stockpile=2.0 * base.graph.pool_use))
    path = find_file(project, "scenarios", "drc_cobalt_stop")
    with_stock = replace(model, graph_of=lambda year: stocked)
    found = what_if(with_stock, path, sensitivity=False, crowding_out_share=0.1).named.graph
    # Of each day in the public stock a tenth: 0.2 months of what each user takes.
    usual = results["drc_cobalt_stop"].named.graph
    assert found.slot_stock == pytest.approx(np.maximum(usual.slot_stock - 0.2 * usual.slot_use, 0.0))
    assert found.slot_stock.sum() < usual.slot_stock.sum()


def test_the_ends_of_an_assumption_are_told_of_the_graph_that_the_scenario_runs_on(
    project: Project, model: DisruptionModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("supplyrisk.runs.whatif.PARAMETERS", ("cover_days",))
    base = model.base
    stocked = replace(base, graph=replace(base.graph, pool_stockpile=base.graph.pool_use))
    with_stock = replace(model, graph_of=lambda year: stocked)
    found = what_if(with_stock, find_file(project, "scenarios", "drc_cobalt_stop"), crowding_out_share=1e3)
    # Nothing is given out of the public stock, and every private one is given up for it, however large it was.
    assert found.sensitivity is not None
    assert (found.sensitivity["lost_days"] > 1.0).any()
    for end in ("at_low", "at_high"):
        assert found.sensitivity[end].to_list() == pytest.approx(found.sensitivity["lost_days"].to_list())


def test_a_ban_on_the_eu_leaves_other_buyers_alone(results: dict[str, WhatIf]) -> None:
    named = results["russia_metal_sanctions"].named
    (shock,) = results["russia_metal_sanctions"].shocks
    buyers = {named.places.codes[named.pool_place[named.graph.link_pool[link]]] for link in shock.shock.members}
    assert buyers
    assert all(named.places.in_eu[named.places.index[code]] for code in buyers)


def test_running_measures_are_the_change_since_the_base_year(model: DisruptionModel, tmp_path: Path) -> None:
    path = tmp_path / "running.yaml"
    path.write_text(
        "title: {en: a, nl: b}\nsummary: {en: a, nl: b}\nrunning_measures: true\nhorizon_months: 12\n", encoding="utf-8"
    )
    result = what_if(model, path, sensitivity=False)
    names = {shock.name for shock in result.shocks}
    assert "chn.ndfeb_magnet.licence.2025-04-04" in names
    quota = next(shock for shock in result.shocks if shock.name == "cod.cobalt.quota.2026-01-01")
    usual = 12.0 * sum(quota.hit_per_month.values())
    assert quota.shock.severity == pytest.approx(1.0 - 96_600 / usual)
    assert not any(name.startswith("cod.cobalt.ban") for name in names)  # ended before the day
    assert "chn.gallium.licence.2023-08-01" not in names  # before the base year
    # Dysprosium, terbium and other heavy rare earths are one product of the chains, each under its own licence: the
    # lanes are cut once.
    heavy = [shock for shock in result.shocks if "dytb_refined" in shock.hit_per_month]
    assert [shock.name for shock in heavy] == ["chn.dysprosium.licence.2025-04-04"]
    assert "chn.samarium.licence.2025-04-04" in result.without_lane  # no product of the chains


def test_of_products_whose_chain_is_cut_nothing_is_said(project: Project) -> None:
    # Sources of nickel-based cells and of copper foil appeared after 2025: packs cannot be followed to their mines.
    earlier = open_model(project, "2025Q4", None, [])
    result = what_if(earlier, find_file(project, "scenarios", "drc_cobalt_stop"), sensitivity=False)
    assert {"battery_pack_nmc", "battery_pack_lfp"}.isdisjoint(result.outcome.final_use["product_id"])
    assert "cobalt_mine" in set(result.outcome.final_use["product_id"])
    found = findings_of(earlier, result)
    (cut,) = {tuple(finding.numbers["products"]) for finding in found if finding.message_id == "whatif_cut"}
    assert cut == ("battery_pack_nmc",)  # of packs without cobalt, and of borates, nothing need be said here
    for language in ("en", "nl"):
        assert all(wording_of(earlier, language).sentence(finding) for finding in found)


def test_2030_can_be_the_base_year(model: DisruptionModel, tmp_path: Path) -> None:
    text = (MODELS / "scenarios" / "china_graphite_controls.yaml").read_text(encoding="utf-8")
    path = tmp_path / "later.yaml"
    path.write_text(text + "base_year: 2030\n", encoding="utf-8")
    later = what_if(model, path, sensitivity=False)
    cells = [node for (product, _), node in later.named.node_of.items() if product == "battery_cell_lfp"]
    now = [node for (product, _), node in model.base.node_of.items() if product == "battery_cell_lfp"]
    assert later.named.graph.node_base[cells].sum() > 1.5 * model.base.graph.node_base[now].sum()


def test_the_record_and_the_folder_hold_everything(
    model: DisruptionModel, results: dict[str, WhatIf], cobalt: WhatIf, tmp_path: Path
) -> None:
    record = as_record(model, cobalt, wording_of(model, "en"))
    assert json.loads(json.dumps(record)) == record
    assert {"findings", "final_use", "makers", "stocks", "switching", "surplus", "unmet", "sensitivity"} <= set(record)
    pair = [cobalt, results["china_graphite_controls"]]
    for folder in ("one", "two"):
        write_whatif(model, pair, tmp_path / folder, "nl")
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {"whatif.html", "drc_cobalt_stop.json", "drc_cobalt_stop.svg", "drc_cobalt_stop_final_use.csv"} <= set(names)
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    page = (tmp_path / "one" / "whatif.html").read_text(encoding="utf-8")
    assert "Exportstop van kobalt door de DR Congo" in page
    assert "Scenario's naast elkaar" in page.replace("&#39;", "'")


def test_scenarios_stand_beside_each_other(results: dict[str, WhatIf]) -> None:
    table = comparison([results["drc_cobalt_stop"], results["china_rare_earth_controls"]])
    magnets = table.filter((pl.col("region") == "EU27") & (pl.col("product_id") == "ndfeb_magnet")).row(0, named=True)
    assert magnets["china_rare_earth_controls"] > magnets["drc_cobalt_stop"] == 0.0


def test_a_scenario_is_found_by_name_or_file(project: Project) -> None:
    with pytest.raises(InputError, match="Did you mean 'drc_cobalt_stop'"):
        find_file(project, "scenarios", "drc_cobalt_stops")
    with pytest.raises(InputError, match="the file does not exist"):
        find_file(project, "scenarios", "nowhere.yaml")


def test_a_shock_that_touches_nothing_and_a_country_without_a_place_are_told(
    model: DisruptionModel, tmp_path: Path
) -> None:
    text = (MODELS / "scenarios" / "drc_cobalt_stop.yaml").read_text(encoding="utf-8")
    path = tmp_path / "nothing.yaml"
    path.write_text(text.replace("from: [COD]", "from: [ISL]", 1).replace("from: [COD]", "from: [TUV]", 1), "utf-8")
    with pytest.raises(InputError) as caught:
        what_if(model, path)
    assert "shocks.stop: it touches nothing: no such maker, lane or user in the network" in str(caught.value)
    assert "shocks.quota: TUV is part of the rest of the world in the network" in str(caught.value)


def test_command_prints_sentences_and_refuses_an_unknown_language(tmp_path: Path) -> None:
    words = ["--quiet", "whatif", "guinea_bauxite_stop", "--no-sensitivity", "--quarter", "2026Q1", "--lang", "nl"]
    result = CliRunner().invoke(app, words, prog_name="supplyrisk")
    assert result.exit_code == 0
    assert "Stilstand van bauxiet in Guinee" in result.output
    with pytest.raises(InputError, match="'de' is not a language of the reports"):
        run_whatif(None, ["guinea_bauxite_stop"], "baseline", [], None, None, False, "de", lambda text: None)


def test_the_newcomer_is_told_three_mistakes_at_once(model: DisruptionModel, tmp_path: Path) -> None:
    text = (MODELS / "scenarios" / "guinea_bauxite_stop.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(
        text.replace("[bauxite]", "[bauxit]").replace("[GIN]", "[GNI]").replace("events.e0151", "events.e151"), "utf-8"
    )
    with pytest.raises(InputError) as caught:
        what_if(model, path)
    told = str(caught.value)
    assert told.startswith("The scenario mine cannot be used: 3 problems.")
    for part in (
        "line 9, ",
        "line 10, ",
        "Did you mean 'bauxite'?",
        "'GNI' is not a country",
        "Did you mean 'events.e",
    ):
        assert part in told


def test_a_ban_of_the_eu_keeps_its_single_market_open(model: DisruptionModel, tmp_path: Path) -> None:
    text = (MODELS / "scenarios" / "guinea_bauxite_stop.yaml").read_text(encoding="utf-8")
    path = tmp_path / "scrap.yaml"
    path.write_text(text.replace("[bauxite]", "[aluminium_primary]").replace("[GIN]", "[EU27]"), "utf-8")
    result = what_if(model, path, sensitivity=False)
    named, (shock,) = result.named, result.shocks
    links = list(shock.shock.members)
    sellers, buyers = named.node_place[named.graph.link_source[links]], named.pool_place[named.graph.link_pool[links]]
    assert named.places.in_eu[sellers].all()
    assert not named.places.in_eu[buyers].any()


def test_what_does_not_fall_short_may_still_do_so_at_an_end_of_the_assumptions(
    project: Project, model: DisruptionModel
) -> None:
    result = what_if(model, find_file(project, "scenarios", "indonesia_nickel_quota"))
    region = result.outcome.final_use.filter(pl.col("region") == "EU27")
    assert region.filter(pl.col("place_known"))["months_short"].max() == 0
    assert result.sensitivity is not None
    rows = result.sensitivity.filter(pl.col("region") == "EU27")
    assert (rows["lost_days"] < 0.5).all()  # no month is short, so at most a little of one is lost
    assert max(rows["at_low"][0], rows["at_high"][0]) > 1.0
    told = [finding for finding in findings_of(model, result) if finding.topic == "EU27"]
    # "Stocks and other suppliers are enough" would gainsay the loss at that end.
    assert {"whatif_nothing_as_is", "whatif_hangs_on"} <= {finding.message_id for finding in told}
    assert {finding.confidence for finding in told} == {"low"}
    still = replace(result, sensitivity=result.sensitivity.with_columns(at_low=pl.lit(0.0), at_high=pl.lit(0.49)))
    of_region = [finding for finding in findings_of(model, still) if finding.topic == "EU27"]
    assert "whatif_nothing" in {finding.message_id for finding in of_region}


def test_a_loss_outside_both_ends_of_an_assumption_counts_in_its_range(model: DisruptionModel, cobalt: WhatIf) -> None:
    row = {"region": "EU27", "product_id": "battery_pack_nmc", "parameter": "spare_share",
           "lost_days": 10.0, "at_low": 3.0, "at_high": 2.0}  # fmt: skip
    bent = replace(cobalt, sensitivity=pl.DataFrame([row]))
    told = [finding for finding in findings_of(model, bent) if finding.topic == "EU27"]
    assert {finding.confidence for finding in told} == {"low"}
    hangs = next(finding for finding in told if finding.message_id == "whatif_hangs_on")
    assert (hangs.numbers["low"], hangs.numbers["high"]) == (2.0, 10.0)
