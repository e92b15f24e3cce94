"""Paths of demand on the project's own data, and the command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from supplyrisk.disruption.from_scenario import ScenarioDoesNotFitError
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.demand_paths import LFP, NMC
from supplyrisk.runs.demand_path_run import TABLES, DemandPaths, demand_paths, with_paths
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.mitigate_command import run_mitigation
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.opening import open_package
from supplyrisk.runs.project import Project
from supplyrisk.scenario.compose import read_scenario
from supplyrisk.scenario.specification import Demand
from tests.cli.test_commands import call

QUARTER = ("--quarter", "2026Q1")
HEAD = "title: {en: a, nl: b}\nsummary: {en: a, nl: b}\n"
SHOCK = (
    "{kind: demand_path, region: EU27, path: truck_heavy, year: 2030, start_month: 3, months: 12, "
    "rests_on: {reason: why}}"
)


@pytest.fixture(scope="module")
def paths() -> DemandPaths:
    project, _, package = open_package(None, "2026Q1", None, TABLES)
    return demand_paths(project, package)


@pytest.fixture(scope="module")
def model(project: Project) -> DisruptionModel:
    return open_model(project, "2026Q1", None, [])


def test_the_central_path_starts_from_the_demand_of_the_network_and_meets_the_outlook(paths: DemandPaths) -> None:
    model = paths.package.table("demand").filter(
        (pl.col("use") == "model") & (pl.col("iso3") == "EU27") & (pl.col("year") == 2024)
    )
    central = paths.path("central", "EU27")
    assert central.whole(2024, {}) == pytest.approx(
        {pack: model.filter(pl.col("demand_id") == pack)["value"].sum() for pack in (LFP, NMC)}
    )
    # demand.csv: 415.8678 GWh in vehicles and 28.46578 in storage by stated policies.
    whole = central.whole(2030, {})
    assert whole is not None
    assert sum(whole.values()) == pytest.approx(415.8678 + 28.46578, rel=1e-5)


def test_heavy_trucks_add_what_their_number_and_their_batteries_make(paths: DemandPaths) -> None:
    lfp, nmc = paths.changes("truck_heavy", "EU27", 2030)
    # 97,640 instead of 25,397 trucks of 435 kWh: 31.43 GWh, 70 % of it LFP.
    # Central: of 415.8678 GWh in vehicles trucks have the part of the base year, 7,542 x 435 kWh of 123.5; a quarter of
    # the rest, 70 % of 25,397 trucks and 95 % of 28.46578 GWh of storage are LFP.
    cars, trucks, storage = 415.8678 * (1 - 7542 * 435e-6 / 123.5), 25397 * 435e-6, 28.46578
    more = (97640 - 25397) * 435e-6
    assert lfp.share == pytest.approx(more * 0.7 / (cars * 0.25 + trucks * 0.7 + storage * 0.95), rel=1e-4)
    assert nmc.share == pytest.approx(more * 0.3 / (cars * 0.75 + trucks * 0.3 + storage * 0.05), rel=1e-4)
    assert lfp.applications == nmc.applications == ("trucks",)
    assert all(one.share < 0.0 for one in paths.changes("slow", "NLD", 2035))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("truck_hevy", "EU27", 2030), "'truck_hevy' is not a path of demand. Did you mean 'truck_heavy'?"),
        (("truck_heavy", "DEU", 2030), "no figures of demand for batteries in DEU. Known: EU27, NLD."),
        (("storage_fleet", "NLD", 2030), "asks for the same batteries in NLD as the path central"),
    ],
)
def test_what_cannot_be_chosen_is_told(paths: DemandPaths, words: tuple[str, str, int], told: str) -> None:
    with pytest.raises(InputError) as caught:
        paths.changes(*words)
    assert told in str(caught.value)


def test_a_row_that_was_not_known_on_the_day_is_told() -> None:
    project, _, package = open_package(None, "2025Q4", None, TABLES)
    with pytest.raises(NotKnownError, match=r"2024\.baseline\.stationary, not known on 2025-12-31"):
        demand_paths(project, package).changes("truck_heavy", "EU27", 2030)


def written(folder: Path, text: str) -> Path:
    path = folder / "trucks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_chooses_a_path(model: DisruptionModel, tmp_path: Path) -> None:
    found = model.scenario(written(tmp_path, f"{HEAD}shocks:\n  more: {SHOCK}\n"))
    lfp, nmc = model.demand_paths.changes("truck_heavy", "EU27", 2030)
    assert list(found.shocks) == [f"more.{LFP}", f"more.{NMC}"]
    shock = found.shocks[f"more.{LFP}"]
    assert isinstance(shock, Demand)
    assert (shock.products, shock.countries, shock.start_month, shock.months) == ((LFP,), ("EU27",), 3, 12)
    assert shock.change_share == lfp.share > nmc.share
    with pytest.raises(InputError, match=r"'truck_hevy' is not a path of demand\. Did you mean 'truck_heavy'"):
        model.scenario(written(tmp_path, f"{HEAD}shocks:\n  more: {SHOCK.replace('truck_heavy', 'truck_hevy')}\n"))
    late = written(tmp_path, f"{HEAD}shocks:\n  more: {SHOCK.replace('2030', '2040')}\n")
    with pytest.raises(InputError, match=r"trucks\.yaml, line 4, shocks\.more\.year: figures of cars .* not to 2040"):
        model.scenario(late)


def test_a_path_that_was_not_known_does_not_fit_the_day(model: DisruptionModel, tmp_path: Path) -> None:
    scenario = read_scenario(written(tmp_path, f"{HEAD}shocks:\n  more: {SHOCK}\n"), model.words)
    project, _, package = open_package(None, "2025Q4", None, TABLES)
    with pytest.raises(ScenarioDoesNotFitError, match=r"shocks\.more: Paths of demand rest on"):
        with_paths(scenario, lambda: demand_paths(project, package))


def test_measures_with_wrong_paths_are_refused_before_anything_is_simulated(tmp_path: Path) -> None:
    head = f"{HEAD}lead_months: 12\nrests_on: {{reason: why}}\nchanges:\n"

    def ask(change: str, *others: str) -> None:
        path = written(tmp_path, f"{head}  - {{{change}}}\n")
        run_mitigation(None, [str(path), *others], "measures", [], 20, None, None, "2026Q1", None, lambda text: None)

    path = "kind: demand_path, region: {}, path: {}, year: {}"
    with pytest.raises(InputError, match=r"line 6.*'truck_hevy' is not a path of demand\. Did you mean 'truck_heavy'"):
        ask(path.format("EU27", "truck_hevy", 2030))
    with pytest.raises(InputError, match=r"trucks\.yaml, line 6.*region: .* in DEU. Known: EU27, NLD"):
        ask(path.format("DEU", "truck_heavy", 2030))
    with pytest.raises(InputError, match=r"trucks\.yaml, line 6.*year: figures of cars in EU27 go from 2024 to 2035"):
        ask(path.format("EU27", "truck_heavy", 2036))
    with pytest.raises(InputError, match=r"use of battery_pack_lfp in EU27 goes the other way in trucks\.yaml"):
        ask(path.format("EU27", "slow", 2030), "truck_heavy_demand")


def rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[Mapping[str, Any]]:
    assert call("--quiet", "mitigate", "--demand", *words, *QUARTER, "--format", "json") == 0
    found: list[Mapping[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_the_command_shows_every_year_application_and_pack(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "truck_heavy", "--focus", "EU27")
    assert len(found) == 12 * 3 * 2
    trucks = [one for one in found if one["year"] == 2035 and one["application"] == "trucks"]
    assert sum(one["gwh"] for one in trucks) == pytest.approx(177083 * 435e-6)
    assert all(one["low"] <= one["gwh"] <= one["high"] for one in found)
    assert {one["path"] for one in rows(capsys, "slow", "central", "--view", "sensitivity")} == {"slow", "central"}
    dutch = rows(capsys, "--focus", "NLD")
    assert {one["missing_reason"] for one in dutch if one["application"] == "storage"} == {"no_figure_in_the_data"}


def test_tonnes_behind_packs_hold_the_scrap_of_packs(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--view", "materials", "--focus", "EU27")
    cobalt = next(one for one in found if one["product_id"] == "cobalt_refined" and one["year"] == 2024)
    # data/recipes.csv: 1.02396068 GWh of cells a GWh of packs, 1367.729 t of cathode a GWh, 0.949 t of precursor a t,
    # 0.0833294 t of cobalt a t; 110.689 GWh of nickel-based packs.
    assert cobalt["tonnes"] == pytest.approx(110.689 * 1.02396068 * 1367.729095 * 0.949 * 0.0833294, rel=1e-4)
    assert {one["use_today"] for one in found} == {None}


def test_use_for_all_purposes_is_shown_once_it_is_known(paths: DemandPaths) -> None:
    assert paths.today("EU27") == {}
    later = demand_paths(*open_package(None, None, "2026-11-22", TABLES)[::2]).today("EU27")
    assert later["lithium_chemicals"][1] == pytest.approx(4515.784)
    assert set(later) == {"lithium_chemicals", "nickel_battery_grade"}


def test_wrong_words_of_the_command_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    for words, told in (
        (("--view", "pth"), "'pth' is not a view of --demand. Did you mean 'path'?"),
        (("centrl",), "'centrl' is not a path of demand. Did you mean 'central'?"),
        (("--focus", "DEU"), "--focus: there are no figures of demand for batteries in DEU. Known: EU27, NLD."),
        (("--recycling",), "--recycling and --demand are two questions"),
    ):
        assert call("mitigate", "--demand", *words, *QUARTER) == 2
        assert told in capsys.readouterr().err
