"""Output of a later year, every method by hand on small inputs, and against the published rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from supplyrisk.chain.specification import RangedShare
from supplyrisk.network.assumptions import NetworkAssumptions, read_network_assumptions
from supplyrisk.network.build import NetworkInputs, SupplyRows
from supplyrisk.network.outlook import NOT_KNOWN, Outlook, OutlookTables, outlook_inputs
from supplyrisk.network.outlook_plan import Case, OutlookPlan, read_outlook_plan
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from tests.conftest import ROOT
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, PLACES, small_chain, small_network

NMC = "battery_cell_nmc"
SHARE = {"value": 0.5, "low": 0.0, "high": 1.0, "basis": "assumed"}
Line = tuple[str | None, str, int, str, float]
"""Product, country, year, scenario, output."""


def supply(values: Mapping[str, float], product: str = ORE) -> SupplyRows:
    return SupplyRows(
        values=values,
        log_widths=dict.fromkeys(values, 0.1),
        row_of={iso3: f"production.{product}.{iso3.lower()}" for iso3 in values},
        unit="t",
        year=2024,
        edition="edition_a",
    )


def output_table(lines: Sequence[Line], output_id: str | None = None, recycled: bool = False) -> pl.DataFrame:
    records = [
        {
            "row_id": f"outlook.{product}.{iso3}.{year}.{scenario}.{recycled}",
            "output_id": output_id or product,
            "product_id": product,
            "iso3": iso3,
            "year": year,
            "scenario": scenario,
            "recycled": recycled,
            "value": value,
        }
        for product, iso3, year, scenario, value in lines
    ]
    texts = dict.fromkeys(("row_id", "output_id", "product_id", "iso3", "scenario"), pl.String)
    schema = {**texts, "year": pl.Int64, "recycled": pl.Boolean, "value": pl.Float64}
    return pl.DataFrame(records, schema=schema)


def demand_table(lines: Sequence[tuple[str, str, str, float]]) -> pl.DataFrame:
    """Country, application, scenario, demand of packs of all kinds in 2030."""
    records = [
        ("battery_pack_all", iso3, 2030, application, scenario, value, f"demand.{iso3}.{application}.{scenario}")
        for iso3, application, scenario, value in lines
    ]
    texts = dict.fromkeys(("application", "scenario"), pl.String)
    schema = {"demand_id": pl.String, "iso3": pl.String, "year": pl.Int64, **texts, "value": pl.Float64}
    return pl.DataFrame(records, schema={**schema, "row_id": pl.String}, orient="row")


def plan_of(products: Mapping[str, Mapping[str, Any]], share: Mapping[str, Any] = SHARE) -> OutlookPlan:
    demand = {
        "products": {"lfp": PACK, "nmc": "battery_pack_nmc"},
        "output": "battery_pack_all",
        "regions": ["EU27", "NLD"],
        "applications": {"ev": {"case": {"central": "steps", "low": "aps", "high": "steps"}, "lfp_share": dict(share)}},
    }
    other = {"method": "gap", "reason": "no_outlook"}
    given = {"year": 2030, "case_base_year": 2024, "demand": demand, "products": dict(products), "others": other}
    return OutlookPlan.model_validate(given)


@pytest.fixture(scope="module")
def assumptions() -> NetworkAssumptions:
    path = ROOT / "models" / "assumptions" / "network.yaml"
    cells = ["battery_cell_lfp", "battery_cell_nmc", "battery_pack_lfp", "battery_pack_nmc"]
    return read_network_assumptions(path, cells, ["EU27"])


def run(
    plan: OutlookPlan,
    rows: Mapping[str, SupplyRows],
    output: pl.DataFrame,
    assumed: NetworkAssumptions,
    case: Case = "central",
    demand: Sequence[tuple[str, str, str, float]] = (),
) -> Outlook:
    chain = small_chain()
    if NMC in rows:
        # A second kind of cell, that nothing in this small chain is made from or goes into.
        chain = replace(
            chain,
            products=(*chain.products, NMC),
            specifications={**chain.specifications, NMC: chain.specifications[ORE]},
            chain_of={**chain.chain_of, NMC: "battery"},
        )
    empty = pl.DataFrame(schema={"product_id": pl.String, "iso3": pl.String, "value": pl.Float64, "row_id": pl.String})
    inputs = NetworkInputs(chain, PLACES, rows, empty, {}, assumed, 2024)
    return outlook_inputs(inputs, small_network(), plan, OutlookTables(output, demand_table(demand)), case)


def values(found: Outlook, product: str) -> Mapping[str, float]:
    return found.inputs.supply[product].values


# --- case_growth

GROWTH = {ORE: {"method": "case_growth", "case": "base_case"}}
CASE_ROWS: Sequence[Line] = (
    (ORE, "CHL", 2024, "base_case", 10.0),
    (ORE, "CHL", 2030, "base_case", 15.0),
    (ORE, "ROW", 2024, "base_case", 4.0),
    (ORE, "ROW", 2030, "base_case", 8.0),
    (ORE, "CHN", 2030, "base_case", 3.0),
    (ORE, "CHL", 2030, "another_case", 999.0),
)


def test_growth_of_a_case_country_by_country(assumptions: NetworkAssumptions) -> None:
    # Chile grows by half; Australia is not named and doubles as the rest does; China is new and enters as printed.
    rows = {ORE: supply({"CHL": 20.0, "AUS": 6.0, "ROW": 1.0})}
    found = run(plan_of(GROWTH), rows, output_table(CASE_ROWS), assumptions)
    assert values(found, ORE) == pytest.approx({"CHL": 30.0, "AUS": 12.0, "ROW": 2.0, "CHN": 3.0})
    made = found.inputs.supply[ORE]
    assert (made.year, made.edition, made.unit) == (2030, "base_case", "t")
    assert {"outlook.lithium_mine.CHL.2030.base_case.False", "production.lithium_mine.chl"} <= set(made.row_ids)


def test_a_country_that_the_base_year_has_and_the_case_only_later_grows_as_the_rest(
    assumptions: NetworkAssumptions,
) -> None:
    found = run(plan_of(GROWTH), {ORE: supply({"CHN": 5.0})}, output_table(CASE_ROWS), assumptions)
    assert values(found, ORE) == pytest.approx({"CHN": 10.0})


def test_without_a_remainder_countries_not_named_stay_as_they_are(assumptions: NetworkAssumptions) -> None:
    lines = [line for line in CASE_ROWS if line[1] != "ROW"]
    found = run(plan_of(GROWTH), {ORE: supply({"CHL": 20.0, "AUS": 6.0})}, output_table(lines), assumptions)
    assert values(found, ORE) == pytest.approx({"CHL": 30.0, "AUS": 6.0, "CHN": 3.0})


@pytest.mark.parametrize(("case", "added"), [("low", 0.0), ("central", 4.0), ("high", 8.0)])
def test_what_the_case_does_not_know_is_added_in_part(
    assumptions: NetworkAssumptions, case: Case, added: float
) -> None:
    plan = plan_of({ORE: {**GROWTH[ORE], "added": {"scenario": "projects", "realised": SHARE}}})
    more = output_table([(ORE, "DEU", 2030, "projects", 8.0), (ORE, "DEU", 2035, "projects", 80.0)])
    scrap = output_table([(ORE, "DEU", 2030, "projects", 800.0)], recycled=True)
    table = pl.concat([output_table(CASE_ROWS), more, scrap])
    found = run(plan, {ORE: supply({"CHL": 20.0, "DEU": 1.0})}, table, assumptions, case)
    # Germany's own unit doubles with the rest; scrap is never added to primary output.
    assert values(found, ORE) == pytest.approx({"CHL": 30.0, "DEU": 2.0 + added, "CHN": 3.0})


@pytest.mark.parametrize("year", [2024, 2030])
def test_a_case_without_one_of_the_two_years_is_a_gap(assumptions: NetworkAssumptions, year: int) -> None:
    table = output_table([line for line in CASE_ROWS if line[2] != year])
    found = run(plan_of(GROWTH), {ORE: supply({"CHL": 20.0})}, table, assumptions)
    assert ORE not in found.inputs.supply
    assert found.gaps[ORE] == NOT_KNOWN


# --- case_output


def parts(**areas: float) -> dict[str, Any]:
    return {area: {"value": part, "low": part, "high": part, "basis": "assumed"} for area, part in areas.items()}


CELLS: Mapping[str, Mapping[str, Any]] = {
    CELL: {
        "method": "case_output",
        "output": "cells",
        "case": "announced",
        "part": parts(EU27=0.25, ROW=0.5, WLD=0.6),
        "rest_in": "CHN",
        "instead": {"low": {"EU27": "slow"}, "high": {"EU27": "fast"}},
    },
    NMC: {"method": "case_output", "output": "cells", "case": "announced", "complement_of": CELL},
}
CELL_LINES: Sequence[Line] = (
    (None, "EU27", 2030, "announced", 100.0),
    (None, "CHN", 2030, "announced", 800.0),
    (None, "ROW", 2030, "announced", 100.0),
    (None, "DEU", 2030, "slow", 40.0),
    (None, "NLD", 2030, "slow", 20.0),
    (None, "EU27", 2030, "fast", 150.0),
)
CELL_SUPPLY = {
    CELL: supply({"CHN": 50.0, "DEU": 3.0, "NLD": 1.0, "USA": 2.0, "JPN": 6.0}),
    NMC: supply({"CHN": 50.0, "EU27": 5.0, "USA": 2.0}),
}


def test_output_of_a_case_in_part_and_its_complement(assumptions: NetworkAssumptions) -> None:
    # LFP: EU 25, rest 50, world 0.6 x 1000: China 525. The EU: members 3 : 1, the rest: USA and Japan 1 : 3.
    found = run(plan_of(CELLS), CELL_SUPPLY, output_table(CELL_LINES, "cells"), assumptions)
    lfp = {"CHN": 525.0, "DEU": 18.75, "NLD": 6.25, "USA": 12.5, "JPN": 37.5}
    assert values(found, CELL) == pytest.approx(lfp)
    assert values(found, NMC) == pytest.approx({"CHN": 275.0, "EU27": 75.0, "USA": 50.0})


@pytest.mark.parametrize(("case", "europe"), [("low", 60.0), ("central", 100.0), ("high", 150.0)])
def test_another_case_for_one_area_keeps_the_world_total(
    assumptions: NetworkAssumptions, case: Case, europe: float
) -> None:
    found = run(plan_of(CELLS), CELL_SUPPLY, output_table(CELL_LINES, "cells"), assumptions, case)
    lfp, nmc = values(found, CELL), values(found, NMC)
    assert sum(lfp.values()) == pytest.approx(600.0)
    assert sum(lfp.values()) + sum(nmc.values()) == pytest.approx(1000.0)
    assert lfp["DEU"] + lfp["NLD"] == pytest.approx(0.25 * europe)
    assert nmc["EU27"] == pytest.approx(0.75 * europe)
    assert lfp["CHN"] + nmc["CHN"] == pytest.approx(800.0 + 100.0 - europe)


def test_an_area_without_output_in_the_base_year_keeps_its_own_code(assumptions: NetworkAssumptions) -> None:
    rows = {**CELL_SUPPLY, CELL: supply({"CHN": 50.0})}
    found = run(plan_of(CELLS), rows, output_table(CELL_LINES, "cells"), assumptions)
    assert values(found, CELL) == pytest.approx({"CHN": 525.0, "EU27": 25.0, "ROW": 50.0})


def test_a_case_that_is_not_known_is_a_gap(assumptions: NetworkAssumptions) -> None:
    found = run(plan_of(CELLS), CELL_SUPPLY, output_table([], "cells"), assumptions)
    assert found.gaps[CELL] == found.gaps[NMC] == NOT_KNOWN


# --- demand_ratio and final demand

PACKS = {**CELLS, PACK: {"method": "demand_ratio", "follows": CELL}}
PACK_SUPPLY = {**CELL_SUPPLY, PACK: supply({"DEU": 9.0, "NLD": 1.0, "CHN": 3.0, "JPN": 1.0})}
DEMAND = (("EU27", "ev", "steps", 200.0), ("EU27", "ev", "aps", 100.0), ("NLD", "ev", "steps", 30.0))


def test_regions_of_demand_keep_their_ratio_and_others_share_the_rest(assumptions: NetworkAssumptions) -> None:
    # One cell a pack: 600 packs. In the base year the EU makes 10 and uses 14; it uses half of 200 then: 100 x 10/14.
    found = run(plan_of(PACKS), PACK_SUPPLY, output_table(CELL_LINES, "cells"), assumptions, demand=DEMAND)
    own = 100.0 * 10 / 14
    expected = {"DEU": 0.9 * own, "NLD": 0.1 * own, "CHN": 0.75 * (600 - own), "JPN": 0.25 * (600 - own)}
    assert values(found, PACK) == pytest.approx(expected)
    assert found.inputs.supply[PACK].edition == "demand_ratio_2030"


def test_output_never_exceeds_what_the_input_allows(assumptions: NetworkAssumptions) -> None:
    demand = (("EU27", "ev", "steps", 20_000.0),)
    found = run(plan_of(PACKS), PACK_SUPPLY, output_table(CELL_LINES, "cells"), assumptions, demand=demand)
    assert values(found, PACK) == pytest.approx({"DEU": 540.0, "NLD": 60.0, "CHN": 0.0, "JPN": 0.0})


def test_packs_without_their_cells_are_a_gap(assumptions: NetworkAssumptions) -> None:
    found = run(plan_of(PACKS), PACK_SUPPLY, output_table([], "cells"), assumptions, demand=DEMAND)
    assert found.gaps[PACK] == NOT_KNOWN


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("central", {("EU27", PACK): 50.0, ("EU27", "battery_pack_nmc"): 150.0, ("NLD", PACK): 7.5}),
        ("low", {("EU27", PACK): 10.0, ("EU27", "battery_pack_nmc"): 90.0, ("NLD", PACK): 3.0}),
        ("high", {("EU27", PACK): 80.0, ("EU27", "battery_pack_nmc"): 120.0, ("NLD", PACK): 12.0}),
    ],
)
def test_final_demand_by_chemistry_and_case(
    assumptions: NetworkAssumptions, case: Case, expected: Mapping[tuple[str, str], float]
) -> None:
    # The low case has a row of its own for the EU; the Netherlands have one case only and keep it.
    part = {"value": 0.25, "low": 0.1, "high": 0.4, "basis": "assumed"}
    found = run(plan_of({}, part), {}, output_table([]), assumptions, case, DEMAND)
    rows = found.inputs.demand
    told = {(iso3, product): value for iso3, product, value in rows.select("iso3", "product_id", "value").iter_rows()}
    assert {key: told[key] for key in expected} == pytest.approx(expected)
    assert rows.height == 4
    assert rows.filter(iso3="EU27")["value"].sum() == pytest.approx(100.0 if case == "low" else 200.0)


# --- need, base_output, gap

NEEDED = {**CELLS, CHEMICALS: {"method": "need"}, ORE: {"method": "need"}}
NEED_SUPPLY = {**CELL_SUPPLY, CHEMICALS: supply({"CHN": 30.0, "CHL": 10.0}), ORE: supply({"CHL": 3.0, "ROW": 1.0})}


def test_output_as_needed_tier_by_tier(assumptions: NetworkAssumptions) -> None:
    # 600 cells hold 1200 of chemicals (3 : 1), which take 1800 of ore (3 : 1).
    found = run(plan_of(NEEDED), NEED_SUPPLY, output_table(CELL_LINES, "cells"), assumptions)
    assert values(found, CHEMICALS) == pytest.approx({"CHN": 900.0, "CHL": 300.0})
    assert values(found, ORE) == pytest.approx({"CHL": 1350.0, "ROW": 450.0})


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # Germany 0.5 x 200 = 100 is new; Chile's 300 exceeds 0.5 x 400. China makes room for Germany.
        ("central", {"CHN": 800.0, "CHL": 300.0, "DEU": 100.0}),
        # Nothing is used: as without announcements.
        ("low", {"CHN": 900.0, "CHL": 300.0}),
        # Germany 200, Chile 400 instead of 300: China makes room for 300.
        ("high", {"CHN": 600.0, "CHL": 400.0, "DEU": 200.0}),
    ],
)
def test_announced_capacity_takes_the_place_of_others_and_the_world_total_stays(
    assumptions: NetworkAssumptions, case: Case, expected: Mapping[str, float]
) -> None:
    plan = plan_of({**NEEDED, CHEMICALS: {"method": "need", "announced": {"scenario": "told", "utilisation": SHARE}}})
    told = output_table([(CHEMICALS, "DEU", 2030, "told", 200.0), (CHEMICALS, "CHL", 2030, "told", 400.0)])
    scrap = output_table([(CHEMICALS, "NLD", 2030, "told", 900.0)], recycled=True)
    table = pl.concat([output_table(CELL_LINES, "cells"), told, scrap])
    found = run(plan, NEED_SUPPLY, table, assumptions, case)
    assert values(found, CHEMICALS) == pytest.approx(expected)
    assert sum(values(found, CHEMICALS).values()) == pytest.approx(1200.0)


def test_what_nobody_needs_any_more_is_a_gap(assumptions: NetworkAssumptions) -> None:
    plan = plan_of({ORE: {"method": "need"}})
    assert run(plan, NEED_SUPPLY, output_table([]), assumptions).gaps[ORE] == NOT_KNOWN


def test_base_output_stays_and_a_gap_has_its_reason(assumptions: NetworkAssumptions) -> None:
    plan = plan_of({ORE: {"method": "base_output"}, CELL: {"method": "gap", "reason": "no_demand_by_place"}})
    found = run(plan, NEED_SUPPLY, output_table([]), assumptions)
    assert values(found, ORE) == NEED_SUPPLY[ORE].values
    assert found.inputs.supply[ORE].year == 2030
    assert found.gaps == {
        PACK: "no_outlook",
        CELL: "no_demand_by_place",
        CHEMICALS: "no_outlook",
        NMC: "no_outlook",
    }
    assert found.inputs.variant == "outlook_2030_central"
    assert found.inputs.trade == {}


@pytest.mark.parametrize("method", ["base_output", "need"])
def test_a_product_without_output_in_the_base_year_is_a_gap(assumptions: NetworkAssumptions, method: str) -> None:
    found = run(plan_of({ORE: {"method": method}}), {}, output_table([]), assumptions)
    assert found.gaps[ORE] == NOT_KNOWN


# --- against the published rows

SCALED = (
    "anode_active",
    "cobalt_mine",
    "cobalt_refined",
    "copper_mine",
    "copper_refined",
    "lithium_chemicals",
    "lithium_mine",
    "natural_graphite_mine",
    "nickel_mine",
    "nickel_refined",
)


@pytest.fixture(scope="module")
def low_outlook(run_2026q1: Run, project: Project) -> Outlook:
    """The low case of the shipped plan, in which nothing is added to the published case."""
    return real_outlook(run_2026q1, project, "low")


def real_outlook(given: Run, project: Project, case: Case) -> Outlook:
    run, package = given.network, given.package
    plan = read_outlook_plan(project.models / "outlook" / "2030.yaml", run.network.chain.products)
    tables = OutlookTables(package.table("production_outlook"), package.table("demand"))
    return outlook_inputs(run.inputs, run.network, plan, tables, case)


@pytest.mark.parametrize("product", SCALED)
def test_growth_gives_the_published_scaled_rows(low_outlook: Outlook, run_2026q1: Run, product: str) -> None:
    # The rows were worked out after the as-of day, from figures known on it.
    table = run_2026q1.package.frames["production_outlook"]
    rows = table.filter(product_id=product, scenario="iea_base_case_scaled", year=2030)
    published = dict(rows.select("iso3", "value").iter_rows())
    found = {iso3: value for iso3, value in values(low_outlook, product).items() if value > 0.0 or iso3 in published}
    assert found == pytest.approx(published, rel=1e-5)


@pytest.mark.parametrize("case", ["central", "low", "high"])
def test_cells_of_both_kinds_add_up_to_the_published_world_total(run_2026q1: Run, project: Project, case: Case) -> None:
    table = run_2026q1.package.table("production_outlook")
    rows = table.filter(output_id="battery_cell_all", scenario="iea_announced_steps", year=2030)
    found = real_outlook(run_2026q1, project, case)
    both = sum(sum(values(found, product).values()) for product in (CELL, NMC))
    assert both == pytest.approx(rows["value"].sum(), rel=1e-9)
    assert min(min(values(found, product).values()) for product in found.inputs.supply) >= 0.0


@pytest.mark.parametrize("case", ["central", "low", "high"])
def test_output_as_needed_meets_the_need(run_2026q1: Run, project: Project, case: Case) -> None:
    found, network = real_outlook(run_2026q1, project, case), run_2026q1.network.network
    for product in ("cathode_nmc", "cathode_lfp", "separator", "electrolyte", "copper_foil", "graphite_spherical"):
        users = [user for user in network.chain.users[product] if user in found.inputs.supply]
        need = sum(
            float(np.dot(network.coefficient(product, user), network.places.vector(values(found, user))))
            for user in users
        )
        assert sum(values(found, product).values()) == pytest.approx(need, rel=1e-9), product


def test_ranges_of_shares_are_shares() -> None:
    with pytest.raises(ValueError, match="less than or equal to 1"):
        RangedShare(value=0.5, low=0.0, high=1.5, basis="assumed")
