"""Exports of a country that neither makes nor imports a product: dropped, or out of the line ROW, never made up."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from supplyrisk.chain.graph import Chain
from supplyrisk.chain.specification import ProductSpecification
from supplyrisk.network.assumptions import read_network_assumptions
from supplyrisk.network.build import NetworkInputs, SupplyRows, build_network
from supplyrisk.network.model import ProductFlows
from supplyrisk.network.places import Places, places_of
from supplyrisk.network.trade_content import ContentTrade
from tests.conftest import ROOT

METAL = "metal"
PLACES = places_of({"AUS", "CHL", "CHN"}, {"DEU", "NLD"})
Trade = Mapping[tuple[str, str], float]


def built(output: Mapping[str, float], trade: Trade, places: Places = PLACES) -> ProductFlows:
    """Flows of a single product with a trade table."""
    lanes = [(exporter, importer, quantity) for (exporter, importer), quantity in trade.items()]
    schema = {"exporter_iso3": pl.String, "importer_iso3": pl.String, "quantity": pl.Float64}
    flows = pl.DataFrame(lanes, schema=schema, orient="row")
    widths, rows = dict.fromkeys(output, 0.1), {code: f"production.{code}" for code in output}
    inputs = NetworkInputs(
        chain=Chain((METAL,), (), {METAL: ProductSpecification(surplus="other_uses")}, {METAL: "c"}, (), (), "c"),
        places=places,
        supply={METAL: SupplyRows(output, widths, rows, "t", 2024, "edition_a")},
        demand=pl.DataFrame(
            schema={"product_id": pl.String, "iso3": pl.String, "value": pl.Float64, "row_id": pl.String}
        ),
        trade={METAL: ContentTrade(METAL, 2024, flows, 0.0, 0.0, (), (), 0.0)},
        assumptions=read_network_assumptions(
            ROOT / "models" / "assumptions" / "network.yaml",
            ("battery_pack_nmc", "battery_pack_lfp", "battery_cell_nmc", "battery_cell_lfp"),
            ("EU27",),
        ),
        year=2024,
        home_preference=0.5,
    )
    return build_network(inputs).products[METAL]


def made_by(flows: ProductFlows) -> dict[str, float]:
    return {
        code: float(total) for code, total in zip(PLACES.codes, flows.flows.sum(axis=1), strict=True) if total > 0.0
    }


def test_without_a_rest_of_output_the_exports_are_dropped_and_told() -> None:
    flows = built({"CHL": 100.0}, {("CHL", "DEU"): 40.0, ("AUS", "CHN"): 30.0})
    assert flows.trade_dropped == pytest.approx({"AUS": 30.0})
    assert flows.trade_dropped_share == pytest.approx(30 / 70)
    assert made_by(flows) == pytest.approx({"CHL": 100.0})
    assert flows.demand.sum() == pytest.approx(flows.published_supply.sum())


def test_with_a_rest_of_output_the_exports_come_out_of_it() -> None:
    # 30 of Australia out of the 50 that are filed with ROW: China uses 30 of origin ROW, nothing is dropped.
    flows = built({"CHL": 100.0, "ROW": 50.0}, {("CHL", "DEU"): 40.0, ("AUS", "CHN"): 30.0})
    assert set(flows.trade_dropped) <= {"AUS"}
    assert sum(flows.trade_dropped.values()) <= 0.001 * 30.0 + 1e-9
    assert made_by(flows) == pytest.approx({"CHL": 100.0, "ROW": 50.0})
    china = PLACES.index["CHN"]
    assert flows.mix[PLACES.index["ROW"], china] > 0.95
    assert flows.demand[china] == pytest.approx(30.0, rel=0.02)


def test_exports_above_the_rest_of_output_take_all_of_it_and_no_more() -> None:
    flows = built({"CHL": 100.0, "ROW": 10.0}, {("CHL", "DEU"): 40.0, ("AUS", "CHN"): 30.0})
    assert flows.trade_dropped["AUS"] == pytest.approx(20.0, rel=0.01)
    assert made_by(flows) == pytest.approx({"CHL": 100.0, "ROW": 10.0})
    assert flows.demand.sum() == pytest.approx(110.0)


def test_a_country_that_sends_on_what_it_imports_is_no_maker() -> None:
    flows = built({"CHL": 100.0}, {("CHL", "AUS"): 30.0, ("AUS", "CHN"): 20.0})
    assert flows.trade_dropped == {}
    assert made_by(flows) == pytest.approx({"CHL": 100.0})
    assert flows.demand[PLACES.index["AUS"]] == pytest.approx(10.0, rel=0.02)
    assert flows.demand[PLACES.index["CHN"]] == pytest.approx(20.0, rel=0.02)
