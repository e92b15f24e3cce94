"""What is behind a use and the ways to it, where scrap stands in for part of an ore, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.model import Network
from supplyrisk.runs.graph_queries import FoundNetwork
from tests.network_builders import CELL, CHEMICALS, ORE, PACK, STAGES, small_network, still_draws


def found(network: Network) -> FoundNetwork:
    """A network as asked for by the command."""
    run: Any = SimpleNamespace(network=network, drawn=still_draws(network), bundles={})
    products = pl.DataFrame({"product_id": list(STAGES), "stage": list(STAGES.values())})
    package: Any = SimpleNamespace(
        table=lambda name: products,
        country_names=lambda: SimpleNamespace(resolve=lambda text: text),
        as_of=date(2026, 3, 31),
    )
    return FoundNetwork(run, package)


@pytest.fixture
def fifth_of_scrap() -> FoundNetwork:
    """The small network, where scrap meets a fifth of the need for ore."""
    network = small_network()
    ore = network.products[ORE]
    fifth = {CHEMICALS: np.full(len(network.places.codes), 0.2)}
    less = replace(ore, secondary_share=fifth, coefficients={CHEMICALS: ore.coefficients[CHEMICALS] * 0.8})
    return found(replace(network, products={**network.products, ORE: less}))


def test_quantity_is_what_was_made_there(fifth_of_scrap: FoundNetwork) -> None:
    # 42 of ore: 8.4 are scrap, 0.8 x 34.5 come from Chile, 0.8 x 7.5 have no name.
    ore = fifth_of_scrap.behind(PACK, "EU27").filter(pl.col("product_id") == ORE)
    assert dict(ore.select("place", "quantity").iter_rows()) == pytest.approx({"CHL": 27.6, "ROW": 6.0})
    assert dict(ore.select("place", "share").iter_rows()) == pytest.approx({"CHL": 27.6 / 42, "ROW": 6.0 / 42})
    assert set(ore["unit"]) == {"t"}


def test_what_the_region_makes_is_one_quantity(fifth_of_scrap: FoundNetwork) -> None:
    cells = fifth_of_scrap.behind(PACK, "EU27").filter(pl.col("stage") == "cell")
    assert dict(cells.select("place", "quantity").iter_rows()) == pytest.approx({"EU27": 4.0, "CHN": 10.0})


def test_all_ways_together_are_all_that_comes_from_there(fifth_of_scrap: FoundNetwork) -> None:
    # 27.6 / 42 = 65.7 %.
    ways = fifth_of_scrap.paths("CHL", "EU27", PACK, ORE, 100)
    assert ways.table["share"].sum() == pytest.approx(27.6 / 42)
    assert f"{ORE}: 65.7% of what is behind {PACK} used in EU27, scrap included, comes from CHL;" in ways.notes[1]
    assert ways.notes[1].endswith("with 100.0% of that.")


def test_a_gap_on_the_way_is_told() -> None:
    with pytest.raises(InputError, match="The chain is cut: no quantity of output of battery_cell_lfp was known"):
        found(small_network(without=CELL)).paths("CHL", "EU27", PACK, None, 1)
