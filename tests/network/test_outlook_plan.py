"""The plan of the outlook: read strictly, and checked against chains and tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplyrisk.chain import Chain
from supplyrisk.foundation.errors import InputError
from supplyrisk.network.outlook_check import check_outlook_plan
from supplyrisk.network.outlook_plan import CASES, CaseGrowth, Gap, OutlookPlan, end_of, read_outlook_plan
from supplyrisk.runs.opening import chain_of, load_config, open_project_data
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import NETWORK_TABLES
from supplyrisk.tables.package import DataPackage
from tests.conftest import ROOT
from tests.network.test_outlook import SCALED

SHIPPED = (ROOT / "models" / "outlook" / "2030.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def tables(project: Project) -> DataPackage:
    """The tables of the network."""
    config, quarter = load_config(project, "2026Q1")
    return open_project_data(project, config, quarter.last_day, NETWORK_TABLES)


@pytest.fixture(scope="module")
def chain(project: Project, tables: DataPackage) -> Chain:
    """The chains as shipped."""
    return chain_of(project, tables)


def read(folder: Path, text: str, chain: Chain, tables: DataPackage) -> OutlookPlan:
    path = folder / "2030.yaml"
    path.write_text(text, encoding="utf-8")
    plan = read_outlook_plan(path, chain.products)
    check_outlook_plan(path, plan, chain, tables.frames["production_outlook"], tables.frames["demand"])
    return plan


def test_the_shipped_plan_asks_for_nothing_that_is_not_there(tmp_path: Path, chain: Chain, tables: DataPackage) -> None:
    plan = read(tmp_path, SHIPPED, chain, tables)
    assert (plan.year, plan.case_base_year) == (2030, 2024)
    growing = {name for name, method in plan.products.items() if isinstance(method, CaseGrowth)}
    assert growing == set(SCALED)


def test_every_product_of_the_batteries_has_a_method_of_its_own(
    tmp_path: Path, chain: Chain, tables: DataPackage
) -> None:
    plan = read(tmp_path, SHIPPED, chain, tables)
    packs = list(chain.bundle)
    behind = {name for pack in packs for name in chain.above(pack)} | set(packs)
    assert behind <= set(plan.products)
    assert not [name for name in behind if isinstance(plan.method_of(name), Gap)]
    assert plan.method_of("gallium") == plan.others


def test_low_is_at_the_low_end_of_every_range(tmp_path: Path, chain: Chain, tables: DataPackage) -> None:
    part = read(tmp_path, SHIPPED, chain, tables).demand.applications["ev"].lfp_share
    assert [end_of(part, case) for case in CASES] == [0.25, 0.10, 0.40]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "cathode_lfp: {method: need}",
            "cathode_lpf: {method: need}",
            "outlook.products.cathode_lpf: 'cathode_lpf' is not a product of the chains. Did you mean 'cathode_lfp'?",
        ),
        (
            "pcam: {method: need}",
            "pcam: {method: ned}",
            "outlook.products.pcam.method: 'ned' is not allowed. Did you mean 'need'?",
        ),
        ("pcam: {method: need}", "pcam: {}", "outlook.products.pcam.method: the key 'method' is missing. Add it."),
        (
            "anode_active: {method: case_growth, case:",
            "anode_active: {method: case_growth, cas:",
            "outlook.products.anode_active.cas: 'cas' is not a key here. Did you mean 'case'?",
        ),
        (
            "anode_active: {method: case_growth, case: iea_base_case_2025",
            "anode_active: {method: case_growth, case: iea_base_case_2052",
            "outlook.products.anode_active.case: 'iea_base_case_2052' is not a case of anode_active. Did you mean "
            "'iea_base_case_2025'?",
        ),
        (
            "added: {scenario: benchmark_eu_2030, realised: {value: 0.5, low: 0.0, high: 1.0",
            "added: {scenario: benchmark_eu_2030, realised: {value: 0.5, low: 0.0, high: 1.1",
            "outlook.products.lithium_chemicals.added.realised.high: 1.1 is above the maximum of 1.0",
        ),
        (
            "added: {scenario: benchmark_eu_2030",
            "added: {scenario: benchmark_eu_2035",
            "outlook.products.lithium_chemicals.added.scenario: 'benchmark_eu_2035' is not a scenario of",
        ),
        (
            "announced: {scenario: announced, utilisation: {value: 0.5, low: 0.0, high: 0.8",
            "announced: {scenario: announced, utilisation: {value: 0.5, low: 0.6, high: 0.8",
            "low 0.6, value 0.5 and high 0.8 must be in rising order",
        ),
        (
            "      output: battery_cell_all",
            "      output: battery_cell_al",
            "outlook.products.battery_cell_lfp.output: 'battery_cell_al' is not an entry of the table",
        ),
        (
            "      case: iea_announced_steps",
            "      case: iea_announced_step",
            "outlook.products.battery_cell_lfp.case: 'iea_announced_step' is not a case of battery_cell_all. Did you",
        ),
        (
            "        USA: {value: 0.30",
            "        UAS: {value: 0.30",
            "battery_cell_lfp.part.UAS: 'UAS' is not an area of iea_announced_steps. Did you mean 'USA'?",
        ),
        ("rest_in: CHN", "rest_in: CNH", "outlook.products.battery_cell_lfp.rest_in: 'CNH' is not an area of"),
        (
            "high: {EU27: te_not_at_risk}",
            "high: {EU27: te_not_at_rsk}",
            "battery_cell_lfp.instead.high.EU27: 'te_not_at_rsk' is not a case of battery_cell_all. Did you",
        ),
        (
            "complement_of: battery_cell_lfp",
            "complement_of: battery_cell_lpf",
            "battery_cell_nmc.complement_of: 'battery_cell_lpf' is not a product that takes part of a case. Did you",
        ),
        (
            "follows: battery_cell_lfp",
            "follows: battery_cell_lf",
            "battery_pack_lfp.follows: 'battery_cell_lf' is not an input of battery_pack_lfp. Did you mean",
        ),
        ("regions: [EU27, NLD]", "regions: [EU27, NDL]", "outlook.demand.regions.1: 'NDL' is not a region with demand"),
        (
            "output: battery_pack_all",
            "output: battery_pack_al",
            "outlook.demand.output: 'battery_pack_al' is not an entry of the demand table. Did you mean",
        ),
        (
            "      stationary:",
            "      stationery:",
            "outlook.demand.applications.stationery: 'stationery' is not an application of battery_pack_all. Did you",
        ),
        (
            "case: {central: steps, low: aps, high: steps}",
            "case: {central: steps, low: apps, high: steps}",
            "outlook.demand.applications.ev.case.low: 'apps' is not a case of ev. Did you mean 'aps'?",
        ),
        (
            "products: {lfp: battery_pack_lfp",
            "products: {lfp: battery_pack_lpf",
            "outlook.demand.products.lfp: 'battery_pack_lpf' is not a product of the chains. Did you mean",
        ),
        ("year: 2030", "year: 2031", "outlook.year: the table production_outlook has no rows of 2031. Known: 2024,"),
        ("case_base_year: 2024", "case_base_year: 2030", "outlook.case_base_year: 2030 does not lie before 2030"),
        ("lfp_share: {value: 0.25", "lfp_share: {value: -0.25", "ev.lfp_share.value: -0.25 is below the minimum of 0"),
        (
            "ndfeb_magnet: {method: gap, reason: no_demand_by_place}",
            "ndfeb_magnet: {method: gap, reason: no_demand}",
            "outlook.products.ndfeb_magnet.reason: 'no_demand' is not allowed. Did you mean 'no_demand_by_place'?",
        ),
    ],
)
def test_mistakes_are_told_with_line_and_nearest_word(
    tmp_path: Path, chain: Chain, tables: DataPackage, old: str, new: str, told: str
) -> None:
    assert old in SHIPPED
    with pytest.raises(InputError) as caught:
        read(tmp_path, SHIPPED.replace(old, new, 1), chain, tables)
    message = str(caught.value)
    assert told in message
    line = SHIPPED.partition(old)[0].count("\n") + 1
    assert f"  2030.yaml, line {line}, " in message


def test_all_mistakes_are_told_at_once(tmp_path: Path, chain: Chain, tables: DataPackage) -> None:
    text = SHIPPED.replace("rest_in: CHN", "rest_in: CNH").replace("low: aps", "low: apps")
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, chain, tables)
    assert "The outlook cannot be used: 2 problems." in str(caught.value)


def test_a_region_with_demand_in_other_cases_only_is_told(tmp_path: Path, chain: Chain, tables: DataPackage) -> None:
    # The Netherlands have the stated policies only; as central case the announced pledges would leave them out.
    text = SHIPPED.replace("{central: steps, low: aps, high: steps}", "{central: aps, low: aps, high: steps}")
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, chain, tables)
    assert "ev.case.central: NLD has demand in other cases than 'aps'. Choose a case that every region has." in str(
        caught.value
    )
