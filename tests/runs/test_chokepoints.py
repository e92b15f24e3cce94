"""Choke points on the project's own data."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from supplyrisk.chain.graph import Chain
from supplyrisk.cli.main import app
from supplyrisk.disruption.assumptions import SourcedAssumption
from supplyrisk.disruption.value import unit_values
from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.chokepoints import ChokePoints, choke_points, exposed
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.project import Project
from supplyrisk.runs.risk_command import run_chokepoints
from supplyrisk.runs.supplier_sweep import supplier_sweep
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, VALUES, small_chain

SOME = ("CHN", "COD", "AUS", "BRA", "KOR", "NLD")


@pytest.fixture(scope="module")
def model(project: Project) -> DisruptionModel:
    return open_model(project, "2026Q1", None, ["EU27"])


@pytest.fixture(scope="module")
def found(model: DisruptionModel) -> ChokePoints:
    return choke_points(model, "EU27", SOME, most_pairs=3)


def test_a_unit_is_worth_its_value_added_and_its_inputs() -> None:
    # Ore 1; chemicals 5 + 1.5·1; cells 20 + 2·6.5; packs 10 + 33.
    assert unit_values(small_chain(), VALUES) == pytest.approx({ORE: 1.0, CHEMICALS: 6.5, CELL: 33.0, PACK: 43.0})


def test_what_rests_on_an_unknown_value_is_left_out() -> None:
    chain: Chain = small_chain()
    assert unit_values(chain, {ORE: 1.0, CELL: 20.0, PACK: 10.0}) == {ORE: 1.0}


def test_bounds_are_ordered_and_china_weighs_most(found: ChokePoints) -> None:
    single = found.single
    assert set(single["country"]) == set(SOME)
    assert single["country"][0] == "CHN"
    # The planner's tolerance is a hundred-thousandth of a thousandth of all use, far below a million euros a year here.
    assert (single["focus_low"] <= single["focus_high"] + 1e6).all()
    assert (single["focus_first"] <= single["focus_high"] + 1e6).all()
    assert (single["loss"] <= single["uncoordinated_loss"] + 1e6).all()
    china = single.row(0, named=True)
    assert china["loss"] > 1e11
    assert china["hardest_product"] is not None


def test_exposed_is_left_open_within_the_range_of_recovery(found: ChokePoints) -> None:
    recover = SourcedAssumption(value=9.0, low=2.0, high=16.0, basis="assumed", reason="test")
    survives = {0.0: "yes", 1.9: "yes", 2.0: "depends", 9.0: "depends", 15.9: "depends", 16.0: "no", np.inf: "no"}
    assert {months: exposed(months, recover) for months in survives} == survives
    for row in found.single.iter_rows(named=True):
        low, high = row["months_to_recover_low"], row["months_to_recover_high"]
        assert low < row["months_to_recover"] < high
        months = np.inf if row["months_to_survive"] is None else row["months_to_survive"]
        assert row["exposed"] == ("yes" if months < low else "no" if months >= high else "depends")


def test_use_without_a_price_is_in_no_sum(model: DisruptionModel) -> None:
    # Bismuth has no price, and it is all that the region would lose without Bulgaria.
    bulgaria = choke_points(model, "EU27", ["BGR"], most_pairs=0).single.row(0, named=True)
    assert bulgaria["hardest_product"] == "bismuth_refined"
    assert (bulgaria["loss"], bulgaria["focus_high"]) == pytest.approx((0.0, 0.0), abs=1e6)
    assert bulgaria["months_to_survive"] is None


def test_pairs_lose_at_least_what_the_worse_of_them_loses(found: ChokePoints) -> None:
    alone = dict(found.single.select("country", "loss").iter_rows())
    assert len(found.pairs) == 3
    for row in found.pairs.iter_rows(named=True):
        assert row["loss"] >= max(alone[row["country"]], alone[row["other"]]) - 1e6
        assert row["beyond_singles"] == pytest.approx(row["loss"] - alone[row["country"]] - alone[row["other"]])


def test_capacity_is_worth_most_outside_the_country_that_is_gone(found: ChokePoints) -> None:
    assert not found.capacity.is_empty()
    assert (found.capacity["value_per_unit"] > 0.0).all()
    assert "CHN" not in set(found.capacity["country"])


def test_products_without_price_or_place_are_named(found: ChokePoints) -> None:
    assert {"gallium", "crude_steel", "tungsten_refined"} <= set(found.unpriced)
    assert "battery_pack_nmc" not in found.unpriced


def test_command_prints_clean_json_and_refuses_wrong_words() -> None:
    words = ["--quiet", "risk", "--chokepoints", "--country", "KOR", "--focus", "NLD", "--quarter", "2026Q1"]
    result = CliRunner().invoke(app, [*words, "--format", "json"], prog_name="supplyrisk")
    assert result.exit_code == 0
    assert json.loads(result.stdout)[0]["country"] == "KOR"

    def ask(view: str, country: str) -> pl.DataFrame:
        return run_chokepoints(None, view, [country], [], "2026Q1", None, lambda text: None)[0]

    with pytest.raises(InputError, match=r"'country' is not a view of choke points\. Did you mean 'countries'"):
        ask("country", "KOR")
    with pytest.raises(InputError, match="TUV has no place of its own"):
        ask("countries", "TUV")


def test_the_largest_maker_of_each_product_is_taken_out(model: DisruptionModel) -> None:
    sweep = supplier_sweep(model)
    assert len(sweep) == len(model.base.products)
    magnets = sweep.filter(pl.col("product_id") == "ndfeb_magnet").row(0, named=True)
    assert magnets["country"] == "CHN"
    assert magnets["hardest_product"] == "ndfeb_magnet"
    assert magnets["lost_days"] > 30.0
    shares = sweep["share_of_output"]
    assert ((shares > 0.0) & (shares <= 1.0)).all()
    assert sweep["lost_days"].drop_nulls().is_sorted(descending=True)
