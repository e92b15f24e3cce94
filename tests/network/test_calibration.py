"""The home preference at which the share of imported cells is the published one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.network.assumptions import HomePreference
from supplyrisk.network.build import NetworkInputs, anchor_range, build_network
from supplyrisk.network.calibration import anchor_known
from supplyrisk.network.look_through import look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.runs.quarterly import Run
from tests.network.chain_builders import ASSUMPTIONS, chain_of, inputs_of

CHAIN = chain_of({("cell", "pack"): 1.2})
DEMAND = [("pack", "EU27", 50.0), ("pack", "CHN", 50.0)]


def inputs(cells: Mapping[str, float], demand: list[tuple[str, str, float]] | None = None) -> NetworkInputs:
    supply = {"pack": {"DEU": 50.0, "CHN": 50.0}, "cell": cells}
    return inputs_of(CHAIN, supply, DEMAND if demand is None else demand, home_preference=None)


def imported_cells(network: Network) -> float:
    cells = look_through(network, used_in(network, ("pack",), "EU27")).made["cell"]
    return 1.0 - float(cells[network.places.in_eu].sum() / cells.sum())


def test_home_preference_of_a_case_worked_by_hand() -> None:
    # Packs: of EU use half is German at preference 0 and all at 1, so (1 + d)/2. Cells: 36 of 120 are German; German
    # makers of packs take 60 and get 0.3 of it at home at 0, 36/60 = 0.6 at 1, so 0.3(1 + d); Chinese ones 0.3(1 - d).
    # German cells in EU packs: 0.3(1 + d)²/2 + 0.3(1 - d)²/2 = 0.3(1 + d²). Imported 0.7 - 0.3d² = 0.55 at d² = 0.5.
    assumed = ASSUMPTIONS.home_preference
    share = assumed.anchor.imported_share.model_copy(update={"value": 0.55})
    anchor = assumed.anchor.model_copy(update={"imported_share": share})
    changed = ASSUMPTIONS.model_copy(update={"home_preference": assumed.model_copy(update={"anchor": anchor})})
    network = build_network(replace(inputs({"DEU": 36.0, "CHN": 84.0}), assumptions=changed))
    assert network.home_preference == pytest.approx(0.5**0.5, abs=1e-8)
    assert imported_cells(network) == pytest.approx(0.55, abs=1e-8)


@given(st.floats(32.0, 58.0))
def test_the_import_share_is_met_wherever_it_can_be(german: float) -> None:
    network = build_network(inputs({"DEU": german, "CHN": 120.0 - german}))
    assert imported_cells(network) == pytest.approx(0.5, abs=1e-8)
    assert 0.0 < network.home_preference < 1.0


@pytest.mark.parametrize(("german", "end"), [(1.0, 1.0), (110.0, 0.0)])
def test_out_of_reach_the_nearer_end_is_taken(german: float, end: float) -> None:
    assert build_network(inputs({"DEU": german, "CHN": 120.0 - german})).home_preference == end


def test_a_fixed_value_is_not_calibrated() -> None:
    fixed = replace(inputs({"DEU": 40.0, "CHN": 80.0}), home_preference=0.3)
    assert build_network(fixed).home_preference == 0.3


def test_ends_of_the_anchor_enclose_the_centre() -> None:
    given_inputs = inputs({"DEU": 40.0, "CHN": 80.0})
    network = build_network(given_inputs)
    low, high = anchor_range(given_inputs, network)
    assert low < network.home_preference < high
    # More imports at the low end: 60 % and 40 %, or as near as home preference 1 comes.
    at_low, at_high = (imported_cells(build_network(replace(given_inputs, home_preference=end))) for end in (low, high))
    assert at_low == pytest.approx(0.6, abs=1e-8)
    assert at_high == pytest.approx(0.4, abs=1e-8)


def test_without_cells_the_reserve_and_its_range_are_taken() -> None:
    given_inputs = inputs({"DEU": 40.0, "CHN": 80.0})
    without = replace(given_inputs, supply={"pack": given_inputs.supply["pack"]})
    network = build_network(without)
    assert network.home_preference == ASSUMPTIONS.home_preference.reserve.value
    assert anchor_range(without, network) == (0.0, 1.0)


def test_without_use_in_the_region_there_is_no_share_to_meet() -> None:
    # The rows of the EU are not known: a share of nothing must not count as no imports and end at preference 0.
    given_inputs = inputs({"DEU": 40.0, "CHN": 80.0}, [("pack", "CHN", 50.0), ("pack", "USA", 50.0)])
    network = build_network(given_inputs)
    assert network.home_preference == ASSUMPTIONS.home_preference.reserve.value
    assert anchor_range(given_inputs, network) == (0.0, 1.0)


def test_anchor_is_known_with_all_its_products_and_use() -> None:
    assumption: HomePreference = ASSUMPTIONS.home_preference
    places = inputs({"DEU": 40.0}).places
    used, nothing = places.vector({"DEU": 1.0}), np.zeros(len(places.codes))
    assert anchor_known(assumption, places, {"pack": used, "cell": nothing})
    assert not anchor_known(assumption, places, {"pack": used})
    assert not anchor_known(assumption, places, {"pack": nothing, "cell": used})


def test_the_base_year_lies_within_its_anchor(run_2026q1: Run) -> None:
    low, high = run_2026q1.network.preference_range
    assert 0.0 < low < run_2026q1.network.network.home_preference < high <= 1.0
