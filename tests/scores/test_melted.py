"""Where metal was melted: worked out with a pencil on the hand-made network, and what must hold on the project's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.checks import SELF_SUFFICIENCY_SCHEMA, self_sufficiency_check
from supplyrisk.network.model import Network
from supplyrisk.runs.base_metals_run import melted_tables
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.base_metals import BaseMetal, read_base_metals
from supplyrisk.scores.melted import AS_METAL, MeltedTables, changed_origin, melted_and_poured
from tests.cli.test_commands import call
from tests.conftest import ROOT
from tests.data_words import every_row, first_cells
from tests.network_builders import CHEMICALS, ORE, PACK, one_product, small_network, still_draws

SHIPPED = ROOT / "models" / "assumptions" / "base_metals.yaml"
NO_CHECKS = pl.DataFrame(schema=SELF_SUFFICIENCY_SCHEMA)
PARAMETERS = pl.DataFrame(
    [("parameters.a", "EU27", "scrap", "2021", 50.0, "more_than", "observed", "source_a")],
    schema=["row_id", "iso3", "subject", "period", "value", "bound", "nature", "source_ids"],
    orient="row",
)


def tables_of(network: Network, product: str, region: str, checks: pl.DataFrame = NO_CHECKS) -> MeltedTables:
    metals = {"one": BaseMetal(product=product, scrap_heading="7404")}
    ends = {"battery": (PACK,)} if PACK in network.chain.products else {}
    return melted_and_poured(still_draws(network), metals, ends, [region], checks, PARAMETERS, {})


def test_change_of_origin_is_half_the_distance() -> None:
    # 0.2 of use came through Belgium, melted half in Chile, half in Zambia.
    melted = {"EU27": 0.5, "CHL": 0.4, "ZMB": 0.1}
    assert changed_origin(melted, {"EU27": 0.5, "CHL": 0.3, "BEL": 0.2}) == pytest.approx(0.2)
    assert changed_origin(melted, melted) == 0.0
    assert changed_origin({"CHL": 1.0}, {"BEL": 1.0}) == 1.0


@given(st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3), st.lists(st.floats(0.0, 1.0), min_size=3, max_size=3))
def test_change_of_origin_lies_between_nothing_and_all(one: list[float], other: list[float]) -> None:
    shares = [dict(zip("abc", np.array(own) / (sum(own) or 1.0), strict=True)) for own in (one, other)]
    assert 0.0 <= changed_origin(*shares) <= 1.0 + 1e-9
    assert changed_origin(*shares) == pytest.approx(changed_origin(*reversed(shares)))


def test_metal_is_told_by_melting_and_by_last_dispatch() -> None:
    network = one_product(
        {"DEU": 6.0, "CHL": 10.0}, {"DEU": 8.0, "NLD": 4.0, "CHN": 4.0},
        {("DEU", "DEU"): 6.0, ("CHL", "DEU"): 2.0, ("CHL", "NLD"): 4.0, ("CHL", "CHN"): 4.0},
    )  # fmt: skip
    sent = np.zeros_like(network.products[ORE].flows)
    # What Chile melted for the Netherlands came through China.
    for (supplier, user), quantity in {("CHL", "DEU"): 2.0, ("CHN", "NLD"): 4.0, ("CHL", "CHN"): 8.0}.items():
        sent[network.places.index[supplier], network.places.index[user]] = quantity
    traded = replace(network, products={ORE: replace(network.products[ORE], dispatch=sent)})
    row = tables_of(traded, ORE, "EU27").summary.row(0, named=True)
    assert row["form"] == AS_METAL
    assert (row["tonnes"], row["melted_in_eu"], row["last_sent_from_eu"]) == pytest.approx((12.0, 0.5, 0.5))
    assert (row["changed_origin"], row["self_sufficiency"]) == pytest.approx((4 / 12, 0.5))
    assert (row["largest_outside"], row["largest_share"]) == ("CHL", pytest.approx(0.5))
    of_netherlands = tables_of(traded, ORE, "NLD")
    row = of_netherlands.summary.row(0, named=True)
    assert (row["melted_in_region"], row["changed_origin"], row["self_sufficiency"]) == (0.0, 1.0, 0.0)
    told = of_netherlands.origin.select("country", "melted", "last_sent", "difference").rows()
    assert told == [("CHL", 1.0, 0.0, 1.0), ("CHN", 0.0, 1.0, -1.0)]


def test_makers_without_a_name_are_no_zero_where_no_maker_of_the_eu_is_named() -> None:
    # Germany uses 6 of the rest of the world and 2 of Chile: up to 0.75 may have been melted in the EU.
    lanes = {("ROW", "DEU"): 6.0, ("CHL", "DEU"): 2.0}
    row = tables_of(one_product({"CHL": 2.0, "ROW": 6.0}, {"DEU": 8.0}, lanes), ORE, "EU27").summary.row(0, named=True)
    assert [row[name] for name in ("melted_in_region", "melted_in_eu", "self_sufficiency")] == [None] * 3
    assert (row["low"], row["high"], row["missing_reason"]) == (0.0, pytest.approx(0.75), "region_not_named")
    # One German maker is named: what it makes is told, and the rest of the world may be the EU's as well.
    named = one_product({"CHL": 2.0, "ROW": 4.0, "DEU": 2.0}, {"DEU": 8.0})
    row = tables_of(named, ORE, "EU27").summary.row(0, named=True)
    assert (row["melted_in_eu"], row["low"], row["high"]) == pytest.approx((0.25, 0.25, 0.75))
    assert row["missing_reason"] is None
    # Nothing in use comes from makers without a name: a zero is a zero.
    chilean = one_product(
        {"CHL": 8.0, "ROW": 4.0}, {"DEU": 8.0, "CHN": 4.0}, {("CHL", "DEU"): 8.0, ("ROW", "CHN"): 4.0}
    )
    row = tables_of(chilean, ORE, "EU27").summary.row(0, named=True)
    assert (row["melted_in_eu"], row["high"], row["missing_reason"]) == (0.0, 0.0, None)


def test_a_published_share_is_not_compared_with_a_zero_of_makers_without_a_name() -> None:
    parameters = pl.DataFrame(
        [("parameters.a", "self_sufficiency", ORE, "EU27", 0.5, "source_a")],
        schema=["row_id", "parameter", "product_ids", "iso3", "value", "source_ids"], orient="row",
    )  # fmt: skip
    row = self_sufficiency_check(one_product({"CHL": 2.0, "ROW": 6.0}, {"DEU": 8.0}), parameters).row(0, named=True)
    assert (row["model"], row["output"], row["use"]) == (None, None, 8.0)
    named = self_sufficiency_check(one_product({"DEU": 2.0, "ROW": 6.0}, {"DEU": 8.0}), parameters)
    assert named["model"].to_list() == [0.25]


def test_a_published_share_is_not_compared_where_next_to_nothing_is_used() -> None:
    parameters = pl.DataFrame(
        [("parameters.a", "self_sufficiency", ORE, "EU27", 0.5, "source_a")],
        schema=["row_id", "parameter", "product_ids", "iso3", "value", "source_ids"], orient="row",
    )  # fmt: skip
    network = one_product({"CHL": 8e6, "DEU": 1.0}, {"DEU": 1.0, "CHN": 8e6})
    row = self_sufficiency_check(network, parameters).row(0, named=True)
    assert (row["model"], row["output"], row["use"]) == (None, 1.0, None)


def test_metal_inside_batteries_is_looked_through() -> None:
    row = tables_of(small_network(), CHEMICALS, "NLD").summary.row(1, named=True)
    # Of 4 packs 2 are German (0.8 cells German, 1.2 Chinese) and 2 Chinese: 1.6 of chemicals for German cells, all
    # from Chile, and 6.4 for Chinese ones, a quarter of it from Chile.
    assert (row["form"], row["tonnes"]) == ("battery", pytest.approx(8.0))
    assert (row["melted_in_eu"], row["low"], row["high"]) == (0.0, 0.0, 0.0)
    assert (row["largest_outside"], row["largest_share"]) == ("CHN", pytest.approx(0.6))
    assert (row["last_sent_from_eu"], row["changed_origin"], row["self_sufficiency"]) == (None, None, None)


def test_gaps_have_a_reason_and_no_number() -> None:
    blind = small_network()
    products = {**blind.products, CHEMICALS: replace(blind.products[CHEMICALS], use_place_known=False)}
    published = pl.DataFrame(
        [(CHEMICALS, "EU27", 0.9, None, None, None, "parameters.b", "source_b")],
        schema=SELF_SUFFICIENCY_SCHEMA, orient="row",
    )  # fmt: skip
    found = tables_of(replace(blind, products=products), CHEMICALS, "EU27", published)
    row = found.summary.row(0, named=True)
    assert (row["missing_reason"], row["melted_in_eu"]) == ("place_of_use_unknown", None)
    assert row["published_self_sufficiency"] == 0.9
    assert found.summary["missing_reason"].to_list() == ["place_of_use_unknown", None]
    assert tables_of(small_network(without="battery_cell_lfp"), CHEMICALS, "EU27").summary["missing_reason"].to_list() \
        == [None, "chain_cut"]  # fmt: skip
    assert tables_of(small_network(without=CHEMICALS), CHEMICALS, "EU27").summary["missing_reason"].to_list() \
        == ["no_supply_known"] * 2  # fmt: skip
    assert found.scrap.row(0, named=True)["missing_reason"] == "no_figure_in_the_data"


def test_scrap_is_that_of_its_row() -> None:
    metal = BaseMetal(product=CHEMICALS, scrap_heading="7404", scrap_exports="parameters.a")
    missing, drawn = {"one": ("lifetimes", "collection"), "lead": ("output",)}, still_draws(small_network())
    row = melted_and_poured(drawn, {"one": metal}, {}, [], NO_CHECKS, PARAMETERS, missing).scrap.row(0, named=True)
    assert (row["exported_tonnes"], row["bound"], row["region"]) == (50.0, "more_than", "EU27")
    assert (row["missing_reason"], row["missing_for_stocks"]) == (None, "lifetimes;collection")


def test_metals_of_the_project(run_2026q1: Run) -> None:
    run = run_2026q1
    found = melted_tables(run.project, run.package, run.network, run.focus)
    metals = found.summary.filter(pl.col("form") == AS_METAL)
    told = dict(metals.filter(pl.col("region") == "EU27").select("metal", "missing_reason").iter_rows())
    assert {metal for metal, reason in told.items() if reason == "place_of_use_unknown"} == {"steel", "zinc", "tin"}
    # Use of nickel was not known on that day, and tin has no figures at all: so says the model of scrap.
    lacking = found.scrap.filter(pl.col("missing_for_stocks").is_not_null())
    assert dict(lacking.select("metal", "missing_for_stocks").iter_rows()) == {
        "nickel": "use_today;use_before",
        "tin": "use_today;use_before;lifetimes;collection",
    }
    known = found.summary.filter(pl.col("missing_reason").is_null())
    assert (known["low"] <= known["melted_in_eu"]).all()
    assert (known["melted_in_eu"] <= known["high"]).all()
    # The same shares as the scores of the region.
    scores = run.scores.table.filter(
        (pl.col("metric") == "sourcing_share") & (pl.col("scope") == "EU27") & (pl.col("country") == "EU27")
    )
    shares = dict(scores.select("product_id", "value").iter_rows())
    of_eu = known.filter((pl.col("region") == "EU27") & (pl.col("form") == AS_METAL))
    for product, share in of_eu.select("product_id", "melted_in_eu").iter_rows():
        assert share == pytest.approx(shares[product])


def test_wrong_metals_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("copper_refined", "coper_refined").replace('"7902"', '"79"')
    path = tmp_path / "base_metals.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_base_metals(path, first_cells()["products"], every_row())
    for part in ("2 problems", "Did you mean 'copper_refined'?", "scrap_heading"):
        assert part in str(caught.value), str(caught.value)


def test_a_wrong_view_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("graph", "--metals", "sumary") == 2
    assert "Did you mean 'summary'?" in capsys.readouterr().err
