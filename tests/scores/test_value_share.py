"""European value added of packs, worked by hand on the small network, with ends over two networks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from supplyrisk.network.look_through import used_in
from supplyrisk.network.model import Network
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.origin import CHAIN_CUT
from supplyrisk.scores.sourcing import NOTHING_USED, PLACE_OF_USE_UNKNOWN
from supplyrisk.scores.table import ScoreRow
from supplyrisk.scores.value_share import MADE, NO_OUTPUT, PREFERENCE_BOUNDS, USED, NetworkRange, value_scores
from supplyrisk.scores.world import REGION_NOT_NAMED
from tests.network_builders import CELL, CHEMICALS, PACK, STAGES, VALUES, small_network

ROWS = ("value_added.one", "value_added.two")


def with_european_cells() -> Network:
    """The same, but German makers of packs take all their 10 cells from Germany, whose chemicals come from Chile."""
    network = small_network()
    place = network.places.index
    cells = np.zeros_like(network.products[CELL].flows)
    cells[place["DEU"], place["DEU"]], cells[place["CHN"], place["CHN"]] = 10.0, 4.0
    products = {**network.products, CELL: replace(network.products[CELL], flows=cells, supply=cells.sum(axis=1))}
    return replace(network, products=products)


def scored(networks: NetworkRange, region: str = "EU27") -> dict[tuple[str, str | None], ScoreRow]:
    rows = value_scores(networks, "battery", (PACK,), VALUES, ROWS, region, STAGES)
    return {(row.metric, row.stage): row for row in rows}


def ends(row: ScoreRow) -> tuple[float | None, float | None, float | None]:
    return row.low, row.value, row.high


def test_share_of_the_value_in_packs_used_in_the_union() -> None:
    # Value: 14 packs x 10 + 14 cells x 20 + 28 chemicals x 5 + 42 ore x 1 = 602; in the EU 10 packs and 4 cells: 180.
    found = scored(NetworkRange(small_network(), ()))
    assert found[USED, None].value == pytest.approx(180 / 602)
    assert found[USED, "pack"].value == pytest.approx(10 / 14)
    assert found[USED, "cell"].value == pytest.approx(4 / 14)
    assert found[USED, "refining"].value == found[USED, "extraction"].value == 0.0


def test_share_of_the_value_in_packs_made_in_the_union() -> None:
    # 10 packs, 10 cells (4 German), 20 chemicals, 30 of ore: 100 + 200 + 100 + 30 = 430; in the EU 100 + 80.
    found = scored(NetworkRange(small_network(), ()))
    assert found[MADE, None].value == pytest.approx(180 / 430)
    assert found[MADE, "pack"].value == pytest.approx(1.0)
    assert found[MADE, "cell"].value == pytest.approx(0.4)


def test_packs_used_in_the_netherlands_count_what_all_of_the_union_makes() -> None:
    # 2 German packs and 0.8 German cells of 4, 8 chemicals, 12 ore: (20 + 16) / (40 + 80 + 40 + 12).
    found = scored(NetworkRange(small_network(), ()), "NLD")
    assert found[USED, None].value == pytest.approx(36 / 172)
    assert found[USED, None].country == "EU27"
    assert (found[MADE, None].value, found[MADE, None].missing_reason) == (None, NO_OUTPUT)


def test_what_has_no_value_says_why() -> None:
    # A pack of the Union without a member state may be Dutch; nothing is used in Chile, and nothing made there.
    network = small_network()
    supply = network.products[PACK].supply.copy()
    supply[network.places.index["EU_UNSPECIFIED"]] = 1.0
    packs = replace(network.products[PACK], supply=supply)
    unnamed = NetworkRange(replace(network, products={**network.products, PACK: packs}), ())
    assert scored(unnamed, "NLD")[MADE, None].missing_reason == REGION_NOT_NAMED
    found = scored(NetworkRange(network, ()), "CHL")
    assert (found[USED, None].missing_reason, found[MADE, None].missing_reason) == (NOTHING_USED, NO_OUTPUT)
    nowhere = replace(network.products[PACK], use_place_known=False)
    unknown = NetworkRange(replace(network, products={**network.products, PACK: nowhere}), ())
    assert scored(unknown, "EU27")[USED, None].missing_reason == PLACE_OF_USE_UNKNOWN


def test_one_product_of_a_bundle_does_not_pass_for_all_of_it() -> None:
    network = replace(small_network(), partly_known_demand=frozenset({CELL}))
    assert used_in(network, (PACK,), "EU27")
    assert used_in(network, (PACK, CELL), "EU27") == {}


@pytest.mark.parametrize("order", [1, -1])
def test_ends_are_the_smallest_and_largest_result_over_the_networks(order: int) -> None:
    # With European cells: 10 packs and 10 cells of the same 602, 300; of packs made 300 of 430.
    bounds = (small_network(), with_european_cells())[::order]
    found = scored(NetworkRange(small_network(), bounds))
    assert ends(found[USED, None]) == pytest.approx((180 / 602, 180 / 602, 300 / 602))
    assert ends(found[MADE, None]) == pytest.approx((180 / 430, 180 / 430, 300 / 430))
    assert ends(found[USED, "cell"]) == pytest.approx((4 / 14, 4 / 14, 10 / 14))
    assert ends(found[USED, "pack"]) == pytest.approx((10 / 14, 10 / 14, 10 / 14))
    turned = scored(NetworkRange(with_european_cells(), bounds))
    assert ends(turned[USED, None]) == pytest.approx((180 / 602, 300 / 602, 300 / 602))


def test_every_row_tells_kind_scenario_and_the_rows_of_the_values() -> None:
    for row in scored(NetworkRange(small_network(), (), "kind_of_range", "outlook_2030")).values():
        assert (row.interval_kind, row.scenario, row.end_product) == ("kind_of_range", "outlook_2030", "battery")
        assert row.basis.input_row_ids == ROWS
    assert scored(NetworkRange(small_network(), ()))[USED, None].interval_kind == PREFERENCE_BOUNDS


def test_a_product_without_value_is_left_out_on_both_sides() -> None:
    values = {name: value for name, value in VALUES.items() if name != CHEMICALS}
    rows = value_scores(NetworkRange(small_network(), ()), "battery", (PACK,), values, ROWS, "EU27", STAGES)
    assert next(row.value for row in rows if row.metric == USED and row.stage is None) == pytest.approx(180 / 462)


def test_a_gap_in_the_chain_leaves_no_value() -> None:
    found = scored(NetworkRange(small_network(without=CELL), ()))
    assert {(row.metric, row.value, row.missing_reason) for row in found.values()} == {
        (USED, None, CHAIN_CUT),
        (MADE, None, CHAIN_CUT),
    }


# --- on the data of the default quarter


def test_the_base_year_and_the_outlook_are_both_there_with_ends(run_2026q1: Run) -> None:
    rows = run_2026q1.scores.table.filter(pl.col("metric").is_in([USED, MADE]) & pl.col("value").is_not_null())
    assert set(rows["scenario"]) == {"base", "outlook_2030"}
    assert set(rows.filter(metric=USED)["scope"]) == {"EU27", "NLD"}
    assert (rows["low"] <= rows["value"]).all()
    assert (rows["value"] <= rows["high"]).all()
    assert (rows["low"] < rows["high"]).any()


def test_more_home_preference_never_lowers_the_european_share(run_2026q1: Run) -> None:
    networks = run_2026q1.network.range
    run = run_2026q1.network
    shares = []
    for network in (networks.bounds[0], networks.centre, networks.bounds[1]):
        packs = run.bundles["battery"]
        rows = value_scores(
            NetworkRange(network, ()), "battery", packs, run.values, ROWS, "EU27", stages_of_run(run_2026q1)
        )
        shares.append(next(row.value for row in rows if row.metric == USED and row.stage is None))
    assert shares == sorted(shares, key=lambda share: share or 0.0)


def stages_of_run(run: Run) -> dict[str, str]:
    return dict(run.package.table("products").select("product_id", "stage").iter_rows())
