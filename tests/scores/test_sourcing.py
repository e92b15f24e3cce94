"""Where a region gets a product from, worked by hand on small networks and checked as a whole on the real one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import polars as pl
import pytest

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.model import Network, ProductFlows
from supplyrisk.network.use import uses_nothing
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.concentration import n_minus_one
from supplyrisk.scores.metrics import NETWORK_METRICS
from supplyrisk.scores.sourcing import (
    DATA_AND_LANES,
    MOVED_LANES,
    NOTHING_USED,
    PLACE_OF_USE_UNKNOWN,
    REGION_METRICS,
    UNNAMED_LARGER,
    _self_sufficiency,
    basis_of_flows,
    largest_outside,
    shares_by_maker,
    sourcing_scores,
)
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


def scored(drawn: NetworkDraws, product: str, region: str) -> list[ScoreRow]:
    return list(sourcing_scores(drawn, product, STAGES[product], region))


def single(rows: list[ScoreRow]) -> dict[str, ScoreRow]:
    """The scores of which a product and region have one."""
    return {row.metric: row for row in rows if row.metric in REGION_METRICS}


def by_country(rows: list[ScoreRow], metric: str) -> dict[str | None, float | None]:
    return {row.country: row.value for row in rows if row.metric == metric}


def with_flows(network: Network, product: str, **changed: object) -> Network:
    flows: ProductFlows = replace(network.products[product], **changed)  # type: ignore[arg-type]
    return replace(network, products={**network.products, product: flows})


def test_cells_used_in_the_union() -> None:
    # 10 used in Germany: 4 from Germany, 6 from China. World: China makes 10 of 14 and uses 4 itself.
    rows = scored(still_draws(small_network()), CELL, "EU27")
    found = single(rows)
    assert {name: row.value for name, row in found.items()} == pytest.approx(
        {
            "import_dependence": 0.6,
            "self_sufficiency": 0.4,
            "sourcing_hhi": 5200.0,
            "n_minus_one": 0.4,
            "n_minus_one_net": (14 - 10) / (14 - 4),
        }
    )
    assert found["n_minus_one"].country == found["n_minus_one_net"].country == "CHN"
    assert by_country(rows, "sourcing_share") == pytest.approx({"CHN": 0.6, "EU27": 0.4})
    assert all(row.scope == "EU27" for row in rows)


def test_the_region_is_one_maker_and_its_members_are_not_told_apart() -> None:
    # Packs: Germany makes 10 of the 14 used in Germany and the Netherlands.
    union = scored(still_draws(small_network()), PACK, "EU27")
    assert by_country(union, "sourcing_share") == pytest.approx({"EU27": 10 / 14, "CHN": 4 / 14})
    # Seen from the Netherlands alone Germany lies outside: 2 of 4 from there, 2 from China.
    netherlands = scored(still_draws(small_network()), PACK, "NLD")
    assert by_country(netherlands, "sourcing_share") == pytest.approx({"CHN": 0.5, "DEU": 0.5})
    assert single(netherlands)["import_dependence"].value == pytest.approx(1.0)
    assert single(netherlands)["self_sufficiency"].value == pytest.approx(0.0)
    assert single(netherlands)["sourcing_hhi"].value == pytest.approx(5000.0)


def test_the_rest_of_the_world_and_unstated_members_are_never_a_country() -> None:
    # The Netherlands: 2 from EU makers of unstated member, 3 from the rest, 5 from China. Only China is a country.
    lanes = {("EU_UNSPECIFIED", "NLD"): 2.0, ("ROW", "NLD"): 3.0, ("CHN", "NLD"): 5.0}
    rows = scored(still_draws(one_product({"CHN": 1.0}, {"NLD": 10.0}, lanes)), ORE, "NLD")
    found = single(rows)
    assert found["sourcing_hhi"].value == pytest.approx(10_000 * 0.5**2)
    assert found["n_minus_one"].country == found["n_minus_one_net"].country == "CHN"
    assert found["n_minus_one"].value == pytest.approx(0.5)
    assert found["import_dependence"].value == pytest.approx(1.0)
    # They still have their share in the list, so that the list adds up.
    assert by_country(rows, "sourcing_share") == pytest.approx({"EU_UNSPECIFIED": 0.2, "ROW": 0.3, "CHN": 0.5})


@pytest.mark.parametrize(
    "lanes",
    [
        {("EU_UNSPECIFIED", "NLD"): 6.0, ("ROW", "NLD"): 3.0, ("CHN", "NLD"): 1.0},
        {("EU_UNSPECIFIED", "NLD"): 3.0, ("ROW", "NLD"): 3.0, ("CHN", "NLD"): 4.0},
        {("ROW", "NLD"): 10.0},
    ],
)
def test_supply_that_is_mostly_unnamed_tells_no_largest_supplier_and_no_concentration(
    lanes: Mapping[tuple[str, str], float],
) -> None:
    # Left out, the unnamed part would make supply look spread over many and safe: HHI 0 and N-1 of 1 in the last case.
    rows = scored(still_draws(one_product({"CHN": 1.0}, {"NLD": 10.0}, lanes)), ORE, "NLD")
    for metric in ("sourcing_hhi", "n_minus_one", "n_minus_one_net"):
        assert (single(rows)[metric].value, single(rows)[metric].missing_reason) == (None, UNNAMED_LARGER)
    assert single(rows)["import_dependence"].value == pytest.approx(1.0)


def test_home_output_keeps_the_index_where_the_unnamed_part_is_small() -> None:
    lanes = {("DEU", "DEU"): 90.0, ("ROW", "DEU"): 8.0, ("CHN", "DEU"): 2.0}
    found = single(scored(still_draws(one_product({"DEU": 1.0, "CHN": 1.0}, {"DEU": 1.0}, lanes)), ORE, "EU27"))
    assert found["sourcing_hhi"].value == pytest.approx(10_000 * (0.9**2 + 0.02**2))
    assert found["n_minus_one"].missing_reason == UNNAMED_LARGER


def test_output_of_unstated_members_is_home_output_of_the_union() -> None:
    lanes = {("EU_UNSPECIFIED", "DEU"): 6.0, ("ROW", "DEU"): 3.0, ("CHN", "DEU"): 1.0}
    found = single(scored(still_draws(one_product({"CHN": 1.0}, {"DEU": 10.0}, lanes)), ORE, "EU27"))
    assert found["import_dependence"].value == pytest.approx(0.4)
    assert found["self_sufficiency"].value == pytest.approx(0.6)
    assert found["sourcing_hhi"].value == pytest.approx(10_000 * (0.6**2 + 0.1**2))


def test_n_minus_one_without_and_with_the_own_use_of_the_largest_supplier() -> None:
    # IEA reading: supply 60, 25, 10, 5 and use 50, 20, 20, 10. Everyone buys the world mix.
    assert n_minus_one(100.0, 60.0, 100.0) == pytest.approx(0.40)
    assert n_minus_one(100.0, 60.0, 100.0, 50.0) == pytest.approx(0.80)
    supply = {"CHN": 60.0, "USA": 25.0, "DEU": 10.0, "ROW": 5.0}
    demand = {"CHN": 50.0, "USA": 20.0, "DEU": 20.0, "ROW": 10.0}
    found = single(scored(still_draws(one_product(supply, demand)), ORE, "EU27"))
    assert found["n_minus_one"].value == pytest.approx(0.40)
    assert found["n_minus_one_net"].value == pytest.approx(0.80)


def test_a_region_that_makes_all_it_uses_has_no_supplier_to_lose() -> None:
    lanes = {("DEU", "DEU"): 5.0, ("CHN", "CHN"): 7.0}
    rows = scored(still_draws(one_product({"DEU": 5.0}, {"CHN": 7.0}, lanes)), ORE, "EU27")
    found = single(rows)
    assert [found[name].value for name in REGION_METRICS] == pytest.approx([0.0, 1.0, 10_000.0, 1.0, 1.0])
    assert found["n_minus_one"].country is None


@pytest.mark.parametrize(
    ("network", "product", "region", "reason"),
    [
        (small_network(), ORE, "EU27", NOTHING_USED),
        (small_network(), CELL, "NLD", NOTHING_USED),
        (with_flows(small_network(), CELL, use_place_known=False), CELL, "EU27", PLACE_OF_USE_UNKNOWN),
        (with_flows(small_network(), ORE, use_place_known=False), ORE, "EU27", PLACE_OF_USE_UNKNOWN),
    ],
)
def test_what_cannot_be_told_is_missing_with_its_reason(
    network: Network, product: str, region: str, reason: str
) -> None:
    rows = scored(still_draws(network), product, region)
    assert [(row.metric, row.value, row.missing_reason) for row in rows] == [
        (metric, None, reason) for metric in REGION_METRICS
    ]


def test_dispatch_shares_are_of_goods_as_last_sent_off() -> None:
    network = small_network()
    dispatch = np.zeros_like(network.products[CHEMICALS].flows)
    places = network.places
    for supplier, user, quantity in (
        ("CHN", "DEU", 3.0),
        ("CHL", "DEU", 5.0),
        ("NLD", "DEU", 2.0),
        ("CHL", "CHN", 90.0),
    ):
        dispatch[places.index[supplier], places.index[user]] = quantity
    rows = scored(still_draws(with_flows(network, CHEMICALS, dispatch=dispatch)), CHEMICALS, "EU27")
    # What the Netherlands passes on to Germany came into the EU before; the EU makes none of its own.
    assert by_country(rows, "dispatch_share") == pytest.approx({"CHL": 5.0 / 8.0, "CHN": 3.0 / 8.0})
    assert by_country(rows, "sourcing_share") == pytest.approx({"CHL": 1.0})
    assert by_country(scored(still_draws(network), CHEMICALS, "EU27"), "dispatch_share") == {}


def test_shares_below_one_per_cent_are_not_listed() -> None:
    lanes = {("CHN", "DEU"): 99.2, ("CHL", "DEU"): 0.8}
    rows = scored(still_draws(one_product({"CHN": 1.0}, {"CHL": 1.0}, lanes)), ORE, "EU27")
    assert by_country(rows, "sourcing_share") == pytest.approx({"CHN": 0.992})
    assert single(rows)["sourcing_hhi"].value == pytest.approx(10_000 * (0.992**2 + 0.008**2))


def test_draws_that_do_not_differ_give_no_width_and_others_hold_the_value_inside() -> None:
    network = small_network()
    for row in scored(still_draws(network), CELL, "EU27"):
        if row.low is not None:
            assert row.low == pytest.approx(row.value) == pytest.approx(row.high)
    widths = []
    for row in scored(moved_draws(network), CELL, "EU27"):
        if row.interval_kind == DATA_AND_LANES:
            assert row.low is not None
            assert row.value is not None
            assert row.high is not None
            assert 0.0 <= row.low <= row.value <= row.high
            widths.append(row.high - row.low)
    assert min(widths) > 0.0


def test_the_grade_tells_whether_lanes_rest_on_trade() -> None:
    network = small_network()
    assert basis_of_flows(network.products[CHEMICALS]).quality == "C"
    assert basis_of_flows(network.products[CELL]).quality == "D"


def test_trade_that_had_to_move_far_to_fit_tells_no_more_than_an_assumption() -> None:
    flows = small_network().products[CHEMICALS]
    graded = [basis_of_flows(replace(flows, moved_mass=moved)).quality for moved in (0.10, 0.11)]
    assert graded == ["C", "D"]


def test_the_interval_of_shares_says_where_trade_does_not_tell_who_supplies() -> None:
    network = small_network()
    for moved, kind in ((0.10, DATA_AND_LANES), (0.11, MOVED_LANES)):
        flows = replace(network.products[CHEMICALS], moved_mass=moved)
        far = replace(network, products={**network.products, CHEMICALS: flows})
        shares = [row for row in scored(still_draws(far), CHEMICALS, "EU27") if row.metric == "sourcing_share"]
        assert {row.interval_kind for row in shares} == {kind}


def test_equal_shares_go_by_name_and_a_region_without_country_outside_has_none() -> None:
    makers = shares_by_maker(small_network().places, np.array([0.3, 0.3, 0.1, 0.0, 0.1, 0.2]), "EU27")
    assert largest_outside(makers, "EU27") == "CHL"
    assert float(makers["EU27"][0]) == pytest.approx(0.2)
    assert makers["ROW"][1] is False
    only_rest = shares_by_maker(small_network().places, np.array([0.0, 0.0, 0.1, 0.1, 0.0, 0.8]), "EU27")
    assert largest_outside(only_rest, "EU27") is None


# --- on the data of the default quarter


def network_rows(run: Run) -> pl.DataFrame:
    return run.scores.table.filter(pl.col("metric").is_in(NETWORK_METRICS))


@pytest.mark.parametrize("metric", ["sourcing_share", "dispatch_share", "look_through_share"])
def test_shares_by_maker_add_up_to_at_most_one(run_2026q1: Run, metric: str) -> None:
    rows = network_rows(run_2026q1).filter(metric=metric)
    group = ("product_id", "scope", "end_product", "scenario")
    total = rows.group_by(group).agg(pl.col("value").sum())
    assert total.height > 20
    assert (total["value"] <= 1.0 + 1e-9).all()
    assert rows.select(*group, "country").is_unique().all()


def test_every_value_lies_between_its_ends(run_2026q1: Run) -> None:
    rows = network_rows(run_2026q1).filter(pl.col("low").is_not_null())
    assert rows.height > 1000
    assert (rows["low"] <= rows["value"]).all()
    assert (rows["value"] <= rows["high"]).all()
    bounded = rows.filter(pl.col("unit") == "fraction")
    assert bounded["low"].min() >= 0.0  # type: ignore[operator]
    assert bounded["high"].max() <= 1.0 + 1e-9  # type: ignore[operator]


def test_both_regions_are_there_and_every_end_product_exists(run_2026q1: Run) -> None:
    rows = network_rows(run_2026q1)
    assert set(rows["scope"]) == {"EU27", "NLD"}
    known = {"battery", *run_2026q1.package.table("products")["product_id"]}
    assert set(rows["end_product"].drop_nulls()) <= known
    for metric in REGION_METRICS:
        for region in ("EU27", "NLD"):
            own = rows.filter(metric=metric, scope=region, scenario="base")
            if metric != "n_minus_one_net":
                assert set(own["product_id"]) == set(run_2026q1.network.network.chain.products)
            assert own["product_id"].is_unique().all()


def test_import_dependence_and_the_list_of_makers_agree(run_2026q1: Run) -> None:
    rows = network_rows(run_2026q1).filter(scope="EU27", scenario="base")
    own = _by_product(rows.filter(metric="sourcing_share", country="EU27"))
    for product, value in _by_product(rows.filter(metric="import_dependence")).items():
        assert 1.0 - value == pytest.approx(own.get(product, 1.0 - value), abs=1e-9)


def _by_product(rows: pl.DataFrame) -> Mapping[str, float]:
    return dict(rows.drop_nulls("value").select("product_id", "value").iter_rows())


def test_no_largest_supplier_is_a_rest(run_2026q1: Run) -> None:
    named = network_rows(run_2026q1).filter(pl.col("metric").is_in(["n_minus_one", "n_minus_one_net", "pass_through"]))
    assert set(named["country"].drop_nulls()).isdisjoint({"ROW", "EU_UNSPECIFIED", "WLD", "EU27"})


@pytest.mark.parametrize(("used", "nothing"), [(0.0, True), (1e-3, True), (1.1e-3, False)])
def test_up_to_a_hundred_thousandth_of_world_use_nothing_to_speak_of_is_used(used: float, nothing: bool) -> None:
    demand = np.array([used, 100.0 - used])
    flows = cast(ProductFlows, SimpleNamespace(demand=demand))
    assert uses_nothing(flows, np.array([True, False])) is nothing


def test_makers_without_a_name_leave_self_sufficiency_open_up_to_what_they_supply() -> None:
    # Germany makes nothing with a name; of the 10 that it uses 6 come from ROW, 4 from Chile.
    network = small_network()
    places, flows = network.places, network.products[ORE]
    supply = np.zeros(len(places.codes))
    supply[places.index["ROW"]], supply[places.index["CHL"]] = 6.0, 4.0
    row = ScoreRow("self_sufficiency", ORE, "extraction", basis_of_flows(flows), None, scope="DEU")
    found = _self_sufficiency(replace(flows, published_supply=supply), places, supply, 10.0, row)
    assert (found.value, found.low, found.high, found.missing_reason) == (None, 0.0, 0.6, "region_not_named")
    named = supply.copy()
    named[places.index["DEU"]] = 2.0
    assert _self_sufficiency(replace(flows, published_supply=named), places, supply, 10.0, row).value == 0.2
