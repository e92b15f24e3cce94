"""Ultimate origin of what is inside packs used in the EU, worked by hand on the small network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import used_in
from supplyrisk.network.model import Network
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.origin import CHAIN_CUT, origin_parts, origin_scores
from supplyrisk.scores.sourcing import DATA_AND_LANES, MOVED_LANES
from supplyrisk.scores.table import ScoreRow
from tests.network_builders import (
    CELL,
    CHEMICALS,
    ORE,
    PACK,
    STAGES,
    moved_draws,
    one_product,
    small_network,
    still_draws,
)


def scored(drawn: NetworkDraws, region: str = "EU27", end: str = PACK) -> list[ScoreRow]:
    used = used_in(drawn.network, (end,), region)
    return list(origin_scores(drawn, "battery", (end,), used, region, STAGES))


def values(rows: list[ScoreRow], metric: str, product: str) -> dict[str | None, float | None]:
    return {row.country: row.value for row in rows if (row.metric, row.product_id) == (metric, product)}


def test_shares_behind_packs_used_in_the_union() -> None:
    # 14 packs, 10 made in Germany, 4 in China. Cells: Germany 4, China 6 + 4. Chemicals: the German cells 8 from Chile,
    # the Chinese ones 20, of which 15 from China and 5 from Chile. Ore: 13 x 1.5 and 15 from Chile, 7.5 not named.
    rows = scored(still_draws(small_network()))
    assert values(rows, "look_through_share", CELL) == pytest.approx({"EU27": 4 / 14, "CHN": 10 / 14})
    assert values(rows, "look_through_share", CHEMICALS) == pytest.approx({"CHL": 13 / 28, "CHN": 15 / 28})
    assert values(rows, "look_through_share", ORE) == pytest.approx({"CHL": 34.5 / 42, "ROW": 7.5 / 42})
    assert values(rows, "look_through_share", PACK) == {}
    assert {row.end_product for row in rows} == {"battery"}


def test_shares_behind_packs_used_in_the_netherlands() -> None:
    # 2 German and 2 Chinese packs: cells 0.8 from Germany, 1.2 + 2 from China. Seen from here Germany lies outside.
    rows = scored(still_draws(small_network()), "NLD")
    assert values(rows, "look_through_share", CELL) == pytest.approx({"CHN": 3.2 / 4, "DEU": 0.8 / 4})
    assert values(rows, "look_through_share", CHEMICALS) == pytest.approx({"CHL": 3.2 / 8, "CHN": 4.8 / 8})


def test_the_rest_of_the_world_is_no_country_in_the_index() -> None:
    rows = scored(still_draws(small_network()))
    assert values(rows, "look_through_hhi", CHEMICALS)[None] == pytest.approx(10_000 * (13**2 + 15**2) / 28**2)
    assert values(rows, "look_through_hhi", ORE)[None] == pytest.approx(10_000 * (34.5 / 42) ** 2)
    assert values(rows, "look_through_hhi", CELL)[None] == pytest.approx(10_000 * (4**2 + 10**2) / 14**2)


def test_hidden_dependency_is_look_through_less_direct_where_trade_tells_the_direct_one() -> None:
    # German makers of cells buy all their chemicals in Chile, but 15 of the 28 behind the packs are made in China.
    rows = scored(still_draws(small_network()))
    assert values(rows, "hidden_dependency", CHEMICALS) == pytest.approx({"CHL": 13 / 28 - 1.0, "CHN": 15 / 28})
    # Ore is not used in the EU, and cells rest on an assumption: no direct share to compare with.
    assert values(rows, "hidden_dependency", ORE) == {}
    assert values(rows, "hidden_dependency", CELL) == {}


def test_hidden_dependency_never_names_the_rest_of_the_world() -> None:
    network = small_network()
    flows = network.products[ORE].flows.copy()
    flows[network.places.index["CHL"], network.places.index["DEU"]] = 1.0
    changed = replace(network, products={**network.products, ORE: replace(network.products[ORE], flows=flows)})
    assert values(scored(still_draws(changed)), "hidden_dependency", ORE) == pytest.approx({"CHL": 34.5 / 42 - 1.0})


def test_trade_moved_far_to_fit_is_set_beside_nothing() -> None:
    network = small_network()
    moved = replace(network.products[CHEMICALS], moved_mass=0.11)
    rows = scored(still_draws(replace(network, products={**network.products, CHEMICALS: moved})))
    assert values(rows, "hidden_dependency", CHEMICALS) == {}
    kinds = {row.product_id: row.interval_kind for row in rows if row.metric == "look_through_share"}
    assert kinds == {CELL: DATA_AND_LANES, CHEMICALS: MOVED_LANES, ORE: DATA_AND_LANES}


def test_pass_through_counts_every_tier() -> None:
    # Without China: 10 German packs, 4 German cells, 8 chemicals and 12 of ore are left of 42. Without Chile: the 15
    # chemicals made in China, a third of their ore not from Chile: 7.5 are left.
    rows = scored(still_draws(small_network()))
    assert values(rows, "pass_through", ORE) == pytest.approx({"CHN": 30 / 42, "CHL": 34.5 / 42})
    assert not [row for row in rows if row.metric == "pass_through" and row.product_id != ORE]


def test_every_country_that_a_twentieth_passes_through_is_told() -> None:
    # Twelve countries mine 1 of 13 each, Bolivia 0.6 (4.6 %) and Peru 0.4.
    many = ("ARG", "AUS", "BRA", "CAN", "CHL", "CHN", "COD", "GAB", "IDN", "IND", "KAZ", "MEX")
    network = one_product({**dict.fromkeys(many, 1.0), "BOL": 0.6, "PER": 0.4}, {"DEU": 13.0})
    rows = scored(still_draws(network), end=ORE)
    assert values(rows, "pass_through", ORE) == pytest.approx(dict.fromkeys(many, 1 / 13))
    used = used_in(network, (ORE,), "EU27")
    parts = origin_parts(still_draws(network), (ORE,), used, "EU27", first_passing=1)
    assert [(part.country, part.value) for part in parts] == [("ARG", pytest.approx(1 / 13))]


def test_secondary_input_belongs_to_the_whole() -> None:
    # A fifth of the need for ore is met by scrap: the makers' shares add up to four fifths, in the same proportions.
    network = small_network()
    ore = network.products[ORE]
    fifth = {CHEMICALS: np.full(len(network.places.codes), 0.2)}
    less = {CHEMICALS: ore.coefficients[CHEMICALS] * 0.8}
    changed = replace(ore, secondary_share=fifth, coefficients=less)
    rows = scored(still_draws(replace(network, products={**network.products, ORE: changed})))
    assert values(rows, "look_through_share", ORE) == pytest.approx({"CHL": 0.8 * 34.5 / 42, "ROW": 0.8 * 7.5 / 42})
    assert values(rows, "look_through_secondary", ORE) == {None: pytest.approx(0.2)}
    assert not [row for row in rows if row.metric == "look_through_secondary" and row.product_id != ORE]


def test_hidden_dependency_leaves_scrap_out_of_both_shares() -> None:
    # Scrap meets a fifth of the need for chemicals: 0.8 x 13/28 of all that is behind the packs is from Chile, but
    # 13/28 of what has a maker, and that is what direct purchases, all of them from Chile, can be set against.
    network = small_network()
    chemicals = network.products[CHEMICALS]
    fifth = {CELL: np.full(len(network.places.codes), 0.2)}
    changed = replace(chemicals, secondary_share=fifth, coefficients={CELL: chemicals.coefficients[CELL] * 0.8})
    rows = scored(still_draws(replace(network, products={**network.products, CHEMICALS: changed})))
    through = {"CHL": 0.8 * 13 / 28, "CHN": 0.8 * 15 / 28}
    assert values(rows, "look_through_share", CHEMICALS) == pytest.approx(through)
    assert values(rows, "hidden_dependency", CHEMICALS) == pytest.approx({"CHL": 13 / 28 - 1.0, "CHN": 15 / 28})
    (chinese,) = (row for row in rows if row.metric == "hidden_dependency" and row.country == "CHN")
    assert chinese.low == pytest.approx(15 / 28) == pytest.approx(chinese.high)


def test_what_a_gap_cuts_off_is_missing_with_its_reason() -> None:
    rows = scored(still_draws(small_network(without=CELL)))
    assert {(row.metric, row.product_id, row.value, row.missing_reason) for row in rows} == {
        ("look_through_hhi", CHEMICALS, None, CHAIN_CUT),
        ("look_through_hhi", ORE, None, CHAIN_CUT),
        ("pass_through", ORE, None, CHAIN_CUT),
    }


@pytest.mark.parametrize("network", [small_network(), small_network(without=ORE)], ids=["whole", "without ore"])
def test_ends_hold_the_value_and_still_draws_have_no_width(network: Network) -> None:
    for row in scored(still_draws(network)):
        assert row.low == pytest.approx(row.value) == pytest.approx(row.high)
    for row in scored(moved_draws(network)):
        assert row.low is not None
        assert row.value is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high
        assert row.low < row.high


# --- on the data of the default quarter


def test_pass_through_holds_at_least_what_the_country_mines(run_2026q1: Run) -> None:
    # What a country mines of a root material goes through it by definition (secondary input left out of both).
    network = run_2026q1.network.network
    table = run_2026q1.scores.table.filter(scenario="base", end_product="battery", scope="EU27")
    mined = table.filter(metric="look_through_share").select("product_id", "country", pl.col("value").alias("mined"))
    both = table.filter(metric="pass_through").join(mined, on=["product_id", "country"])
    assert both.height > 10
    assert set(both["product_id"]) <= {name for name in network.products if not network.chain.inputs[name]}
    assert (both["value"] >= both["mined"] - 1e-9).all()
