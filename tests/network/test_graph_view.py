"""The network as nodes and edges, and as files."""

from __future__ import annotations

import json
from pathlib import Path

import networkx
import numpy as np
import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.build_report import build_report
from supplyrisk.network.graph_view import Tier, edges, nodes, to_networkx
from supplyrisk.report.graph_out import write_graph
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.scoring import stages_of
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, STAGES, small_network

TIERS = {product: Tier(stage, place) for place, (product, stage) in enumerate(reversed(list(STAGES.items())), start=1)}


def test_edges_lead_from_a_maker_to_the_maker_that_uses_it() -> None:
    row = edges(small_network()).filter((pl.col("source") == f"{CELL}@CHN") & (pl.col("user") == "DEU"))
    assert row.select("target", "quantity", "share_of_user").row(0) == (f"{PACK}@DEU", 6.0, 0.6)


def test_final_demand_has_a_node_of_its_own() -> None:
    row = edges(small_network()).filter((pl.col("source") == f"{PACK}@CHN") & (pl.col("user") == "NLD"))
    assert row.select("target", "quantity").row(0) == (f"final_demand:{PACK}@NLD", 2.0)


def test_edges_of_a_lane_add_up_to_it_on_the_real_network(run_2026q1: Run) -> None:
    network = run_2026q1.network.network
    lanes = edges(network).group_by("product_id", "supplier", "user").agg(pl.col("quantity").sum())
    joined = lanes.join(network.links, on=["product_id", "supplier", "user"], how="full", suffix="_lane")
    assert joined["quantity"].null_count() == joined["quantity_lane"].null_count() == 0
    assert np.allclose(joined["quantity"], joined["quantity_lane"], rtol=1e-9)


def test_nodes_carry_output_and_use() -> None:
    found = {row["node"]: row for row in nodes(small_network(), TIERS).iter_rows(named=True)}
    assert found[f"{ORE}@CHL"]["quantity"] == pytest.approx(34.5)
    assert (found[f"{PACK}@DEU"]["in_eu"], found[f"{PACK}@CHN"]["in_eu"]) == (True, False)


def test_networkx_sees_a_graph_without_cycles() -> None:
    graph = to_networkx(small_network(), TIERS)
    assert networkx.is_directed_acyclic_graph(graph)
    assert networkx.has_path(graph, f"{ORE}@CHL", f"final_demand:{PACK}@NLD")
    assert graph.edges[f"{CHEMICALS}@CHL", f"{CELL}@DEU"]["quantity"] == pytest.approx(8.0)


@pytest.mark.parametrize("ending", ["graphml", "parquet", "json"])
def test_files_hold_every_edge(tmp_path: Path, ending: str) -> None:
    network, file = small_network(), tmp_path / f"network.{ending}"
    write_graph(network, TIERS, file)
    expected = edges(network)["quantity"].sum()
    if ending == "graphml":
        found = sum(data["quantity"] for _, _, data in networkx.read_graphml(file).edges(data=True))
    elif ending == "parquet":
        found = pl.read_parquet(file)["quantity"].sum()
    else:
        found = sum(link["quantity"] for link in json.loads(file.read_text(encoding="utf-8"))["links"])
    assert found == pytest.approx(expected)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_same_network_same_bytes(tmp_path: Path, run_2026q1: Run) -> None:
    network = run_2026q1.network.network
    stages = stages_of(run_2026q1.package)
    tiers = {product: Tier(stage, 1) for product, stage in stages.items()}
    for name in ("a.json", "b.json"):
        write_graph(network, tiers, tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_another_ending_is_told_with_the_three_that_are_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"network\.gexf.*\.graphml, \.parquet, \.json"):
        write_graph(small_network(), TIERS, tmp_path / "network.gexf")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Nothing can be written"):
        write_graph(small_network(), TIERS, tmp_path / "nowhere" / "network.json")


def test_build_report_accounts_for_all_output(run_2026q1: Run) -> None:
    report = build_report(run_2026q1.network.network)
    used = pl.col("chain_need") + pl.col("final_demand") + pl.col("other_uses") + pl.col("statistical_surplus")
    apart = report.select((used / pl.col("output") - 1.0).abs().max()).item()
    assert apart < 1e-9
    assert report["links"].sum() == run_2026q1.network.network.links.height
    cobalt = report.filter(pl.col("product_id") == "cobalt_mine").row(0, named=True)
    assert (cobalt["evidence"], cobalt["trade_codes"]) == ("trade", "282200;810510")
