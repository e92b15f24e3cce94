"""Metal won back from batteries: worked out by hand, and what must hold on the project's figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.demand_assumptions import known_paths
from supplyrisk.mitigation.demand_paths import CARS, LFP, NMC, STORAGE, TRUCKS
from supplyrisk.mitigation.read import read_measures
from supplyrisk.mitigation.recycler_capacity import capacity_by_year
from supplyrisk.mitigation.recycling import GoodsYears, SecondLife, TreatmentLosses, between_years, secondary_supply
from supplyrisk.mitigation.recycling_assumptions import read_recycling_assumptions
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.report.recycling_part import recycling_part
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.runs.demand_path_run import demand_paths
from supplyrisk.runs.known_measures import known_measures
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.recycling_run import more_won_back, needed_for, recycling, recycling_model
from supplyrisk.runs.won_back_run import more_won_back_of
from tests.cli.test_commands import call
from tests.conftest import ROOT
from tests.data_words import every_row, first_cells

SHIPPED = ROOT / "models" / "assumptions" / "recycling.yaml"
DEMAND = ROOT / "models" / "assumptions" / "demand_paths.yaml"


def test_scrap_and_returns_are_won_back_after_every_loss() -> None:
    batteries = GoodsYears((2030, 2031), np.array([[10.0, 0.0], [0.0, 4.0]]), np.array([[20.0, 0.0], [20.0, 10.0]]))
    content, recovery = np.array([2.0, 1.0]), np.array([0.5, 0.8])
    found = secondary_supply(batteries, content, recovery, TreatmentLosses(1.0, 2.0, 0.1, 0.5, 0.5, 0.9))
    # Exponential of 2 years: exp(−1/4) of a year's sales are there at its end, exp(−3/4) a year later.
    gone = 10.0 * (1.0 - np.exp(-0.25))
    later = 10.0 * (np.exp(-0.25) - np.exp(-0.75)) * 2.0 + 4.0 * (1.0 - np.exp(-0.25)) * 1.0
    assert found.sold == pytest.approx([20.0, 4.0])
    # A tenth of the cells started is scrap: a ninth of those made.
    assert found.scrap == pytest.approx([40.0 / 9.0, 50.0 / 9.0])
    assert found.returned == pytest.approx([2.0 * gone, later])
    assert found.won_back == pytest.approx(
        [(40.0 / 9.0 + 0.5 * 2.0 * gone) * 0.5 * 0.9 * 0.5, (50.0 / 9.0 + 0.5 * later) * 0.5 * 0.9 * 0.8]
    )
    assert found.share == pytest.approx(found.won_back / found.sold)


def test_what_recyclers_cannot_take_leaves() -> None:
    batteries = GoodsYears((2030, 2031), np.array([[0.0], [0.0]]), np.array([[9.0], [18.0]]))
    losses = TreatmentLosses(1.0, 2.0, 0.1, 0.5, 0.25, 0.8)
    found = secondary_supply(batteries, np.array([10.0]), np.ones(2), losses, np.array([0.6, 3.0]))
    # Scrap of 1 and 2 GWh, three quarters of it stay; recyclers take 0.6 of 0.75 GWh, and all of 1.5 GWh.
    assert found.collected == pytest.approx([10.0, 20.0])
    assert found.exported == pytest.approx([2.5, 5.0])
    assert found.over_capacity == pytest.approx([1.5, 0.0])
    assert found.won_back == pytest.approx([6.0 * 0.8, 15.0 * 0.8])
    assert {name: lost.tolist() for name, lost in found.lost.items()} == {
        "collection": pytest.approx([0.0, 0.0]),
        "exports": pytest.approx([2.5, 5.0]),
        "capacity": pytest.approx([1.5, 0.0]),
        "treatment": pytest.approx([1.2, 3.0]),
    }


_share = st.floats(0.0, 1.0)


@example([2e-311], 0.0, 0.0, 0.0, 1.0)
@given(st.lists(st.floats(0.0, 1e3), min_size=1, max_size=25), _share, _share, _share, st.floats(0.0, 1e3))
def test_all_that_arises_is_won_back_or_lost_somewhere(
    sold: list[float], collected: float, exported: float, kept: float, room: float
) -> None:
    years = tuple(range(2020, 2020 + len(sold)))
    goods = GoodsYears(years, np.array(sold)[:, None], np.array(sold)[::-1, None])
    losses = TreatmentLosses(3.0, 8.0, 0.1, collected, exported, kept)
    found = secondary_supply(goods, np.ones(1), np.ones(len(sold)), losses, np.full(len(sold), room))
    arising = found.scrap + found.returned
    assert found.won_back + sum(found.lost.values()) == pytest.approx(arising, abs=1e-9)
    assert all((tonnes >= -1e-9).all() for tonnes in (found.won_back, *found.lost.values()))
    assert (found.collected <= arising + 1e-9).all()
    treated = found.collected - found.exported - found.over_capacity
    assert (treated <= room + 1e-9).all()


def test_capacity_goes_straight_to_what_is_built_of_announced_and_grows_from_there() -> None:
    found = capacity_by_year({2022: 40.0}, {2026: 200.0}, (2021, 2022, 2024, 2026, 2028), 0.5, 0.1)
    assert found == pytest.approx([40.0, 40.0, 70.0, 100.0, 121.0])
    # Where nothing but the named plants is built, it falls short of what ran, and does not vanish.
    assert capacity_by_year({2022: 40.0}, {2026: 200.0}, (2022, 2024), 0.1, 0.0) == pytest.approx([40.0, 30.0])


def test_a_second_life_delays_what_comes_back_and_loses_none_of_it() -> None:
    batteries = GoodsYears((2030, 2031), np.array([[10.0], [0.0]]), np.zeros((2, 1)))
    losses = TreatmentLosses(1.0, 2.0, 0.0, 1.0, 0.0, 1.0, SecondLife(0.5, 4.0))
    found = secondary_supply(batteries, np.ones(1), np.ones(2), losses)
    first = 10.0 * np.array([1.0 - np.exp(-0.25), np.exp(-0.25) - np.exp(-0.75)])
    # Half of it goes on with a mean of four years: exp(−1/8) of it are left at the end of the year, exp(−3/8) later.
    again = [
        0.5 * first[0] * (1.0 - np.exp(-0.125)),
        0.5 * first[1] * (1.0 - np.exp(-0.125)) + 0.5 * first[0] * (np.exp(-0.125) - np.exp(-0.375)),
    ]
    assert found.returned == pytest.approx(0.5 * first + again)


@given(
    st.lists(st.floats(0.0, 1e3), min_size=2, max_size=15), st.floats(0.0, 1.0), st.floats(1.0, 20.0),
    st.floats(1.0, 20.0),
)  # fmt: skip
def test_with_a_second_life_nothing_comes_back_earlier_or_twice(
    sales: list[float], share: float, years: float, more: float
) -> None:
    sold = np.array(sales)[:, None]
    batteries = GoodsYears(tuple(range(len(sales))), sold, np.zeros_like(sold))

    def back(second: float) -> Floats:
        losses = TreatmentLosses(3.0, years, 0.0, 1.0, 0.0, 1.0, SecondLife(second, more))
        return np.cumsum(secondary_supply(batteries, np.ones(1), np.ones(len(sales)), losses).returned)

    assert (back(share) <= back(0.0) + 1e-6).all()
    assert back(share)[-1] <= sold.sum() + 1e-6


def test_series_go_straight_between_known_years_and_are_not_carried_on() -> None:
    assert between_years({2024: 100.0, 2026: 50.0}, (2022, 2023, 2024, 2025, 2026), 1.0) == pytest.approx(
        [25.0, 50.0, 100.0, 75.0, 50.0]
    )
    with pytest.raises(ValueError, match="nothing is known after 2026"):
        between_years({2024: 100.0, 2026: 50.0}, (2026, 2027), 0.0)


def test_wrong_assumptions_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("    lithium:\n", "    litium:\n", 1).replace("high: 0.8", "high: 1.8", 1)
    text = text.replace("recycled_content_cobalt_2031", "recycled_content_cobalt_2032", 1)
    text = text.replace("path: central", "path: centrl", 1).replace("battery_pack_nmc: battery_cell_nmc", "", 1)
    path = tmp_path / "recycling.yaml"
    path.write_text(text, encoding="utf-8")
    ids = first_cells()
    with pytest.raises(InputError) as caught:
        read_recycling_assumptions(path, ids["products"], ids["materials"], every_row(), known_paths(DEMAND))
    told = str(caught.value)
    for part in (
        "5 problems",
        "'centrl' is not a path of demand. Did you mean 'central'?",
        "name a cell for each",
        "'litium' is not a material. Did you mean 'lithium'?",
        "exported_share: 1.8 is outside the range 0 to 1",
        "Did you mean 'policy_targets.battreg_recycled_content_cobalt_203",
    ):
        assert part in told, told


def test_shares_have_a_range_and_stand_beside_the_targets_of_the_regulation(run_2026q1: Run) -> None:
    run = run_2026q1
    model = recycling_model(run.project, run.network, run.package)
    assumed, found = model.assumed, recycling(model)
    supply = found.supply
    assert supply["year"].min() == assumed.shown_from
    # Exports of 0.8 instead of a half make two fifths of the share, more where recyclers were the limit.
    free = supply.filter(pl.col("over_capacity_tonnes") == 0.0)
    assert set(free["year"]) == {2027, 2028, 2029}
    assert (free["share_low"] <= 0.4 * free["share"] * (1.0 + 1e-9)).all()
    assert (supply["share_low"] < supply["share"]).all()
    assert (supply["share_high"] > supply["share"]).all()
    assert (supply["won_back_tonnes"] < supply["scrap_tonnes"] + supply["returned_tonnes"]).all()
    # Regulation (EU) 2023/1542, article 8: from August 2031 cobalt 16, lithium 6, nickel 6 %; from 2036 26, 12, 15 %.
    for year, asked in ((2031, {"cobalt": 0.16, "lithium": 0.06, "nickel": 0.06}),
                        (2035, {"cobalt": 0.26, "lithium": 0.12, "nickel": 0.15})):  # fmt: skip
        told = supply.filter(pl.col("year") == year)
        assert dict(told.select("material_id", "target").iter_rows()) == pytest.approx(asked)
    # Recovery of 80 % of lithium is asked for by the end of 2031, so half is won back until then.
    lithium = supply.filter(pl.col("material_id") == "lithium")
    collected = lithium["scrap_tonnes"] + assumed.collected_share.value * lithium["returned_tonnes"]
    assert lithium["collected_tonnes"].to_list() == pytest.approx(collected.to_list())
    stays = collected * (1.0 - assumed.exported_share.value) - lithium["over_capacity_tonnes"]
    won = lithium["won_back_tonnes"] / stays
    kept = assumed.kept_by_treatment.value
    assert dict(zip(lithium["year"], won / kept, strict=True)) == pytest.approx(
        {year: 0.5 if year <= 2031 else 0.8 for year in lithium["year"]}
    )
    assert supply.filter(pl.col("year") == 2030)["target"].null_count() == len(assumed.metals)
    for language in LANGUAGES:
        told_of, _ = recycling_part(found, Wording(language, Names({}, {}, {}))).tables
        assert all(len(row) == len(told_of.header) for row in told_of.rows)
        assert told_of.header[4] == {"en": "Exported", "nl": "Uitgevoerd"}[language]
        # All but the metal and where most is lost are numbers.
        assert set(range(len(told_of.header))) - told_of.numeric == {0, 7}
        # Three digits, and no more.
        digits = [cell.strip("0,. ") for row in told_of.rows for cell in row[2:7]]
        assert all(len(cell.replace(",", "").replace(".", "")) <= 3 for cell in digits)
    # Exports that end win nothing back where recyclers are the limit already.
    row = found.sensitivity.row(
        by_predicate=(pl.col("material_id") == "cobalt") & (pl.col("number") == "exported_share")
    )
    share = supply.filter((pl.col("material_id") == "cobalt") & (pl.col("year") == row[1]))["share"][0]
    assert row[3] == pytest.approx(share)


def test_recyclers_of_the_project_are_a_limit_of_so_many_tonnes(run_2026q1: Run) -> None:
    model = recycling_model(run_2026q1.project, run_2026q1.network, run_2026q1.package)
    places = recycling(model).capacity
    counted = {word: own["quantity"].sum() for (word,), own in places.group_by("counted_as")}
    # Hoboken 7,000, Kirchardt 3,000, Schwarzheide 15,000, Zawiercie 12,000; 56 % of 330,000 t less these.
    assert (counted["plant"], counted["announced"], counted["operating"]) == (37000.0, 330000.0, 40000.0)
    assert counted["rest"] == pytest.approx(0.56 * 330000.0 - 37000.0)
    assert places.filter(pl.col("status") == "strategic_project")["quantity"].null_count() >= 5
    # The low end: plants known to run and nothing else.
    assert model.assumed.capacity_built_share.low == pytest.approx(37000.0 / 330000.0, abs=0.001)
    # Half of the recyclers take half as much, where they are the limit.
    half = model.assumed.capacity_of_eu.model_copy(update={"value": model.assumed.capacity_of_eu.value / 2})
    halved = replace(model, assumed=model.assumed.model_copy(update={"capacity_of_eu": half}))
    whole, less = (recycling(one).supply.filter(pl.col("year") == 2035) for one in (model, halved))
    assert (whole["over_capacity_tonnes"] > 0.0).all()
    assert less["won_back_tonnes"].to_list() == pytest.approx((whole["won_back_tonnes"] / 2).to_list())
    without = replace(model, capacity=model.capacity.clear())
    with pytest.raises(NotKnownError, match=r"Capacity of recyclers rests on capacity\.battery_recycling"):
        recycling(without)


def test_an_end_of_exports_wins_back_more_only_with_recyclers(run_2026q1: Run) -> None:
    model = recycling_model(run_2026q1.project, run_2026q1.network, run_2026q1.package)
    alone = Recycling(kind="recycling", region="EU27", year=2035, numbers={"exported_share": 0.0})
    assert more_won_back(model, alone)["lithium_chemicals"] == pytest.approx(0.0)
    with_recyclers = alone.model_copy(update={"capacity": "enough"})
    row = recycling(model).supply.filter((pl.col("material_id") == "lithium") & (pl.col("year") == 2035))
    all_of_it = row["collected_tonnes"][0] * 0.9 * 0.8
    more = (all_of_it - row["won_back_tonnes"][0]) / row["sold_tonnes"][0]
    assert more_won_back(model, with_recyclers)["lithium_chemicals"] == pytest.approx(more)
    with pytest.raises(ValidationError, match="recyclers of magnets have no limit that could be lifted"):
        Recycling(**{**alone.model_dump(), "goods": "magnets", "capacity": "enough"})


def test_a_gigawatt_hour_needs_what_the_recipes_say(run_2026q1: Run) -> None:
    network, cells = run_2026q1.network.network, ("battery_cell_lfp", "battery_cell_nmc")
    # data/recipes.csv: 1367.729 t of nickel-based cathode a GWh, 0.949 t of precursor a t, 0.0833294 t of cobalt a t.
    cobalt = needed_for(network, "cobalt_refined", cells)
    assert cobalt == pytest.approx([0.0, 1367.729095 * 0.949 * 0.0833294], rel=1e-5)
    # Lithium: 0.07195421 t a t of that cathode, and 0.0053 t a t of electrolyte (some 640 t a GWh).
    lithium = needed_for(network, "lithium_chemicals", cells)[1]
    assert 1367.729095 * 0.07195421 < lithium < 1367.729095 * 0.07195421 + 4.0


def test_without_known_sales_or_cells_there_is_no_answer(run_2025q4: Run, run_2026q1: Run) -> None:
    # What batteries in storage were was not known; recycling asks for those of vehicles alone, which were.
    run = run_2025q4
    paths = demand_paths(run.project, run.package)
    with pytest.raises(NotKnownError, match=r"Paths of demand rest on .*stationary.* not known on 2025-12-31"):
        paths.path("central", "EU27")
    sold = recycling_model(run.project, run.network, run.package).sold
    assert sold.gwh(CARS, 2024, {}) is not None
    assert (sold.last_year(TRUCKS), sold.last_year(STORAGE)) == (2035, None)
    model = recycling_model(run_2026q1.project, run_2026q1.network, run_2026q1.package)
    unknown = replace(model.network, products={})
    with pytest.raises(NotKnownError, match="battery_cell_lfp in 2024 was not known"):
        recycling(replace(model, network=unknown))
    apart = replace(model.sold, trucks={2036: model.sold.trucks[2035]}, truck_lfp_share={2036: model.sold.truck_kwh})
    with pytest.raises(NotKnownError, match="No year is known of batteries sold in EU27 of cars, trucks all together"):
        recycling(replace(model, sold=apart))


def test_ready_measures_are_no_mistakes_on_a_day_that_did_not_know_their_users(
    project: Project, run_2025q4: Run
) -> None:
    run = run_2025q4
    ready = read_measures(ready_files(project, "measures"), run.model.words)
    more = more_won_back_of(run.project, run.network, run.package)
    known, left_out = ({measure.measure_id for measure in part} for part in known_measures(run.model, ready, more))
    # Makers of cells were not known, so nobody in the EU was seen to use anodes: a stock of them is left out.
    assert "stock_90_days" in left_out
    assert "stock_60_days" in known


def test_years_in_which_an_application_is_not_known_are_carried_back_not_counted_without_it(run_2026q1: Run) -> None:
    model = recycling_model(run_2026q1.project, run_2026q1.network, run_2026q1.package)
    later = replace(model.sold, trucks={year: figure for year, figure in model.sold.trucks.items() if year >= 2030})
    cobalt = recycling(replace(model, sold=later)).supply.filter(pl.col("material_id") == "cobalt")
    sold = dict(cobalt.select("year", "sold_tonnes").iter_rows())
    growth = 1.0 + model.assumed.sales_growth_before.value
    # Trucks are known from 2030 on, and so are all vehicles together.
    assert sold[2027] == pytest.approx(sold[2030] / growth**3)


def test_sales_are_those_of_the_central_path_of_demand(run_2026q1: Run) -> None:
    run = run_2026q1
    model = recycling_model(run.project, run.network, run.package)
    cells = tuple(model.assumed.cells.values())
    central = demand_paths(run.project, run.package).path("central", "EU27")
    cars, trucks = (central.gwh(application, 2030, {}) for application in (CARS, TRUCKS))
    assert cars is not None
    assert trucks is not None
    # 415.8678 GWh in all vehicles: a quarter of those in cars and 70 % of those in 25,397 trucks of 435 kWh is LFP.
    assert cars[LFP] + trucks[LFP] == pytest.approx(108.94, abs=0.005)
    sold = recycling(model).supply.filter((pl.col("year") == 2030) & (pl.col("material_id") == "cobalt"))
    # The recipes count 4.38 % scrap of cells and 2 % lost in precursors, which no battery holds.
    cobalt = needed_for(model.network, "cobalt_refined", cells)[1]
    assert sold["sold_tonnes"][0] == pytest.approx((cars[NMC] + trucks[NMC]) * cobalt * 0.9562 * 0.98, rel=1e-4)
    # What only storage takes moves nothing here, and is left out.
    assert "vehicles" in set(recycling(model).sensitivity["number"])
    assert "storage" not in set(recycling(model).sensitivity["number"])
    assert {"second_life_share", "second_life_years"} <= set(recycling(model).sensitivity["number"])


def test_wrong_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("mitigate", "--recycling", "--view", "suply") == 2
    assert "Did you mean 'supply'?" in capsys.readouterr().err
    assert call("mitigate", "--recycling", "--view", "checks") == 2
    assert "'checks' is nothing that --recycling knows of batteries" in capsys.readouterr().err
    assert call("mitigate", "--recycling", "--value-path") == 2
    assert "ask one at a time" in capsys.readouterr().err
