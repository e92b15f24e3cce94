"""Pictures of chains: columns and bands against the hand-made network, layout without overlap, text and bytes."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

from supplyrisk.network.look_through import used_in
from supplyrisk.report.chain_chart import Heading, chain_bands
from supplyrisk.report.chain_columns import (
    ChainColumns,
    draw_together,
    leading_countries,
    material_columns,
    value_columns,
)
from supplyrisk.report.chain_figures import own_ranges
from supplyrisk.report.chain_layout import GAP, band_outline, place_bands, place_nodes
from supplyrisk.report.shares import OTHER, RESIDUAL
from supplyrisk.report.theme import colours_of, render_svg
from tests.network_builders import ORE, PACK, STAGES, VALUES, small_network

NETWORK = small_network()
USED = used_in(NETWORK, (PACK,), "EU27")
LITHIUM = material_columns(NETWORK, USED, ORE, STAGES, "EU27")
VALUE = value_columns(NETWORK, USED, VALUES, STAGES, "EU27")


def flow(columns: ChainColumns, column: int, source: str, target: str) -> float:
    row = columns.flows.filter(
        (pl.col("column") == column) & (pl.col("source") == source) & (pl.col("target") == target)
    )
    return float(row["amount"][0]) if row.height else 0.0


def test_tiers_that_are_not_there_are_closed_up() -> None:
    assert LITHIUM.tiers == (("extraction",), ("refining",), ("cell",))
    assert VALUE.tiers == (("extraction",), ("refining",), ("cell",), ("pack",))


@pytest.mark.parametrize(
    ("column", "code", "share"),
    [
        (0, "CHL", 34.5 / 42.0),
        (0, RESIDUAL, 7.5 / 42.0),
        (1, "CHL", 13.0 / 28.0),
        (1, "CHN", 15.0 / 28.0),
        (2, "EU27", 4.0 / 14.0),
        (3, "EU27", 1.0),
        (1, "EU27", 0.0),
    ],
)
def test_shares_of_a_material_are_those_worked_by_hand(column: int, code: str, share: float) -> None:
    assert LITHIUM.share(column, code) == pytest.approx(share)


def test_bands_of_a_material_lead_through_every_tier_into_the_use() -> None:
    assert flow(LITHIUM, 0, "CHL", "CHN") == pytest.approx(15.0)
    assert flow(LITHIUM, 1, "CHL", "EU27") == pytest.approx(12.0)
    assert flow(LITHIUM, 2, "CHN", "EU27") == pytest.approx(30.0)
    assert LITHIUM.flows.group_by("column").agg(pl.col("amount").sum())["amount"].to_list() == pytest.approx([42.0] * 3)


def test_columns_by_value_weigh_what_is_added_in_them() -> None:
    assert VALUE.weights == pytest.approx((42.0 / 602.0, 140.0 / 602.0, 280.0 / 602.0, 140.0 / 602.0))
    assert VALUE.share(3, "EU27") == pytest.approx(10.0 / 14.0)
    assert LITHIUM.weights is None


def test_picture_and_score_of_european_value_added_agree() -> None:
    weights = VALUE.weights or ()
    # (80 of cells + 100 of packs) of 602, as tests/network works it out.
    assert sum(w * VALUE.share(c, "EU27") for c, w in enumerate(weights)) == pytest.approx(180.0 / 602.0)


def test_a_use_of_the_netherlands_follows_its_own_makers() -> None:
    columns = material_columns(NETWORK, used_in(NETWORK, (PACK,), "NLD"), ORE, STAGES, "NLD")
    assert columns.share(2, "EU27") == pytest.approx(0.8 / 4.0)
    assert columns.share(3, "NLD") == 1.0


def test_the_eu_comes_first_and_small_countries_are_drawn_together() -> None:
    leading = leading_countries(LITHIUM, 1, least=0.9)
    assert leading == ["EU27", "CHL"]
    drawn = draw_together(LITHIUM, leading)
    assert drawn.share(1, OTHER) == pytest.approx(15.0 / 28.0)
    assert drawn.share(1, "CHN") == 0.0
    assert drawn.share(3, "EU27") == 1.0


def test_a_country_large_in_one_tier_keeps_its_name() -> None:
    assert leading_countries(LITHIUM, 1, least=0.5) == ["EU27", "CHL", "CHN"]


ORDER = ["EU27", "CHL", "CHN", OTHER, RESIDUAL]


def test_nodes_fill_their_column_without_overlap_and_with_white_between() -> None:
    nodes = place_nodes(LITHIUM, ORDER)
    for column in range(4):
        own = [node for node in nodes if node.column == column]
        assert own[0].top == pytest.approx(1.0)
        assert own[-1].bottom == pytest.approx(0.0)
        assert all(above.bottom - below.top == pytest.approx(GAP) for above, below in pairwise(own))


def test_bands_fill_the_sides_of_their_nodes() -> None:
    nodes = place_nodes(LITHIUM, ORDER)
    bands = place_bands(LITHIUM, nodes)
    for node in nodes:
        out = [band.left for band in bands if (band.column, band.source) == (node.column, node.code)]
        into = [band.right for band in bands if (band.column + 1, band.target) == (node.column, node.code)]
        for side in (out, into):
            if side:
                assert sum(top - bottom for bottom, top in side) == pytest.approx(node.height)
                assert max(top for _, top in side) == pytest.approx(node.top)


def test_a_band_runs_from_the_edge_of_one_node_to_that_of_the_next() -> None:
    band = place_bands(LITHIUM, place_nodes(LITHIUM, ORDER))[0]
    x, y = band_outline(band)
    assert (x.min(), x.max()) == pytest.approx((band.column + 0.29, band.column + 0.71))
    assert {round(float(y[0]), 9), round(float(y[-1]), 9)} == {round(end, 9) for end in band.left}


def test_the_range_of_the_eu_spans_the_bounds() -> None:
    other = value_columns(NETWORK, used_in(NETWORK, (PACK,), "NLD"), VALUES, STAGES, "EU27")
    low, value, high = own_ranges(VALUE, [other])[2]
    assert (low, value, high) == pytest.approx((0.2, 4.0 / 14.0, 4.0 / 14.0))
    assert own_ranges(VALUE, [])[2] == pytest.approx((4.0 / 14.0,) * 3)


def drawn() -> str:
    nodes = place_nodes(LITHIUM, ORDER)
    names = {"EU27": "EU", "CHL": "Chile", "CHN": "China", OTHER: "other", RESIDUAL: "not named"}
    headings = [
        Heading("Extraction", ("EU 0 %",)),
        Heading("Refining", ("",)),
        Heading("Cells", ()),
        Heading("Use", ()),
    ]
    shares = {(node.column, node.code): f"{node.share:.0%}" for node in nodes}
    colours = colours_of(["EU27", "CHL", "CHN"], ["EU27", "CHL", "CHN"], OTHER, RESIDUAL)
    bands = place_bands(LITHIUM, nodes)
    return render_svg(chain_bands(nodes, bands, headings, names, shares, colours, ["EU27"], 3.0))


def test_the_same_chain_is_drawn_with_the_same_bytes() -> None:
    assert drawn() == drawn()


def test_the_eu_has_one_colour() -> None:
    assert "#0072b2" in drawn()
