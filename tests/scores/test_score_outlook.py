"""Scores of the outlook: the centre and the range over networks, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from supplyrisk.chain.graph import Recipe
from supplyrisk.chain.specification import ProductSpecification
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.metrics import NETWORK_METRICS
from supplyrisk.scores.outlook import OUTLOOK_CASES, outlook_scores
from supplyrisk.scores.sourcing import NOTHING_USED, PLACE_OF_USE_UNKNOWN
from supplyrisk.scores.table import ScoreRow
from supplyrisk.scores.value_share import NetworkRange
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, STAGES, small_network
from tests.scores.test_value_share import with_european_cells

Found = dict[tuple[str, str | None, str | None], ScoreRow]


def scored(networks: NetworkRange, region: str = "EU27") -> Found:
    rows = outlook_scores(networks, "battery", (PACK,), region, STAGES)
    return {(row.metric, row.product_id, row.country): row for row in rows}


def ends(row: ScoreRow) -> tuple[float | None, float | None, float | None]:
    return row.low, row.value, row.high


def test_the_range_holds_centre_and_all_networks() -> None:
    # Cells from China: 10 of 14 in the centre, 4 of 14 with European cells; imported 6 of 10 and none.
    networks = NetworkRange(small_network(), (with_european_cells(),), OUTLOOK_CASES, "outlook_2030")
    found = scored(networks)
    assert ends(found["look_through_share", CELL, "CHN"]) == pytest.approx((4 / 14, 10 / 14, 10 / 14))
    assert ends(found["look_through_share", CELL, "EU27"]) == pytest.approx((4 / 14, 4 / 14, 10 / 14))
    assert ends(found["import_dependence", CELL, None]) == pytest.approx((0.0, 0.6, 0.6))
    # Chemicals: Chile 8 + 5 of 28, or 20 + 2.
    assert ends(found["look_through_share", CHEMICALS, "CHL"]) == pytest.approx((13 / 28, 13 / 28, 22 / 28))
    for row in found.values():
        assert row.scenario == "outlook_2030"
        assert row.missing_reason or row.interval_kind == OUTLOOK_CASES


def test_the_end_product_itself_has_its_import_dependence_only() -> None:
    found = scored(NetworkRange(small_network(), ()))
    assert [key for key in found if key[1] == PACK] == [("import_dependence", PACK, None)]
    assert found["import_dependence", PACK, None].value == pytest.approx(4 / 14)


def test_the_low_end_of_imports_takes_what_has_no_name_as_own() -> None:
    # Of the 8 chemicals used in Germany 5 come from Chile and 3 have no name: all are imported, or 5 of 8.
    network = small_network()
    place, flows = network.places.index, network.products[CHEMICALS].flows.copy()
    flows[place["CHL"], place["DEU"]], flows[place["ROW"], place["DEU"]] = 5.0, 3.0
    changed = replace(
        network, products={**network.products, CHEMICALS: replace(network.products[CHEMICALS], flows=flows)}
    )
    found = scored(NetworkRange(network, (changed,), OUTLOOK_CASES, "outlook_2030"))
    assert ends(found["import_dependence", CHEMICALS, None]) == pytest.approx((5 / 8, 1.0, 1.0))


def test_what_cannot_be_told_is_missing_with_its_reason() -> None:
    network = small_network()
    unknown = replace(network.products[CHEMICALS], use_place_known=False)
    found = scored(NetworkRange(replace(network, products={**network.products, CHEMICALS: unknown}), ()))
    assert found["import_dependence", ORE, None].missing_reason == NOTHING_USED
    assert found["import_dependence", CHEMICALS, None].missing_reason == PLACE_OF_USE_UNKNOWN


def test_what_a_gap_cuts_off_has_no_shares() -> None:
    # A second end product made from the same chemicals is a gap: what is reached of them is a part of what is behind
    # both. Cells are only in the first.
    network, other = small_network(), "battery_pack_nmc"
    chain = network.chain
    taken = Recipe(CHEMICALS, other, None, 1.0, 1.0, 1.0, "t/t", "observed", "A", "recipes.other")
    both = replace(
        chain,
        products=(other, *chain.products),
        recipes=(*chain.recipes, taken),
        specifications={**chain.specifications, other: ProductSpecification(inputs=(CHEMICALS,), surplus="other_uses")},
        chain_of={**chain.chain_of, other: "battery"},
        final_products=(PACK, other),
    )
    cut = replace(network, chain=both, gaps={other: "outlook_not_known"})
    rows = list(outlook_scores(NetworkRange(cut, ()), "battery", (PACK, other), "EU27", STAGES))
    assert {row.product_id for row in rows if row.metric == "look_through_share"} == {CELL}
    assert {row.product_id for row in rows if row.metric == "import_dependence"} == {PACK, CELL, CHEMICALS, ORE}


# --- on the data of the default quarter and of the one before


def outlook_rows(run: Run) -> pl.DataFrame:
    return run.scores.table.filter(pl.col("metric").is_in(NETWORK_METRICS) & (pl.col("scenario") != "base"))


def test_rows_of_the_outlook_have_its_year_and_hold_the_centre(run_2026q1: Run) -> None:
    rows = outlook_rows(run_2026q1)
    assert set(rows["scenario"]) == {"outlook_2030"}
    assert set(rows["year"]) == {2030}
    assert set(rows["scope"]) == {"EU27", "NLD"}
    valued = rows.filter(pl.col("value").is_not_null())
    assert set(valued["interval_kind"]) == {OUTLOOK_CASES}
    assert (valued["low"] <= valued["value"]).all()
    assert (valued["value"] <= valued["high"]).all()


def test_a_day_without_nickel_based_cells_builds_and_shows_no_share_of_a_part(run_2025q4: Run) -> None:
    assert run_2025q4.package.as_of.isoformat() == "2025-12-31"
    assert run_2025q4.network.network.gaps["battery_cell_nmc"] == "no_supply_known"
    assert run_2025q4.network.outlook_gaps["battery_cell_nmc"] == "outlook_not_known"
    assert run_2025q4.network.outlook_gaps["battery_pack_nmc"] == "outlook_not_known"
    rows = outlook_rows(run_2025q4)
    shares = rows.filter(metric="look_through_share")
    # LFP cells and cathodes have no nickel-based part; everything common to both would be a share of the LFP part.
    assert set(shares["product_id"]) <= {"battery_cell_lfp", "cathode_lfp", "phosphorus_elemental", "phosphate_rock"}
    assert rows.filter(metric="value_added_share", scope="EU27")["missing_reason"].to_list() == ["chain_cut"]


def test_every_product_without_outlook_has_a_reason(run_2026q1: Run) -> None:
    network, run = run_2026q1.network.outlook.centre, run_2026q1.network
    assert set(network.products) | set(run.outlook_gaps) == set(network.chain.products)
    assert set(network.products).isdisjoint(run.outlook_gaps)
    assert set(run.outlook_gaps.values()) <= {"no_outlook", "no_demand_by_place", "outlook_not_known"}
    assert run.outlook_gaps["ndfeb_magnet"] == "no_demand_by_place"
    assert run.outlook_gaps["gallium"] == "no_outlook"
