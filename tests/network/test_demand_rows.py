"""Final demand laid out over places; every case by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.network.build import build_network
from supplyrisk.network.demand_rows import FinalDemand, final_demand
from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, places_of
from tests.network.chain_builders import chain_of, demand_of, inputs_of

PLACES = places_of({"CHN", "USA", "DEU", "FRA", "NLD"}, {"DEU", "FRA", "NLD"})


def laid_out(available: float, apparent: dict[str, float] | None = None, **rows: float) -> FinalDemand:
    weight = None if apparent is None else PLACES.vector(apparent)
    found = final_demand(demand_of([("p", code, value) for code, value in rows.items()]), PLACES, available, weight)
    assert found is not None
    return found


def by_code(found: FinalDemand) -> dict[str, float]:
    return {code: float(value) for code, value in zip(PLACES.codes, found.by_place, strict=True) if value}


def test_use_of_the_union_less_its_named_members_follows_apparent_use() -> None:
    # 100 less 10 of the Netherlands: 90 over Germany and France as 2 to 1; China as named.
    found = laid_out(160.0, {"DEU": 20.0, "FRA": 10.0, "NLD": 70.0, "CHN": 60.0}, EU27=100.0, NLD=10.0, CHN=60.0)
    assert by_code(found) == pytest.approx({"DEU": 60.0, "FRA": 30.0, "NLD": 10.0, "CHN": 60.0})
    assert found.remainder == 0.0


def test_without_apparent_use_the_member_stays_open() -> None:
    found = laid_out(100.0, None, EU27=40.0, NLD=10.0, ROW=60.0)
    assert by_code(found) == pytest.approx({"NLD": 10.0, EU_UNSPECIFIED: 30.0, REST_OF_WORLD: 60.0})


def test_the_rest_includes_members_where_the_union_has_no_row() -> None:
    # Nothing is said of the EU, so that it lies in ROW: 60 over Germany 20 and the United States 10.
    found = laid_out(100.0, {"DEU": 20.0, "USA": 10.0, "CHN": 70.0}, CHN=40.0, ROW=60.0)
    assert by_code(found) == pytest.approx({"CHN": 40.0, "DEU": 40.0, "USA": 20.0})


def test_output_that_no_row_asks_for_is_shared_with_the_rest_of_the_world() -> None:
    found = laid_out(100.0, {"USA": 1.0}, CHN=40.0, ROW=10.0)
    assert found.remainder == pytest.approx(50.0)
    assert by_code(found) == pytest.approx({"CHN": 40.0, "USA": 60.0})


def test_demand_above_output_is_left_as_it_is() -> None:
    found = laid_out(10.0, None, CHN=40.0)
    assert (found.remainder, by_code(found)) == (0.0, {"CHN": 40.0})


def test_rows_of_a_country_are_added_up_and_named_in_order() -> None:
    rows = demand_of([("p", "USA", 1.0), ("p", "CHN", 2.0), ("p", "CHN", 3.0)])
    found = final_demand(rows, PLACES, 6.0, None)
    assert found is not None
    assert by_code(found) == {"CHN": 5.0, "USA": 1.0}
    assert found.row_ids == ("demand.p.CHN", "demand.p.CHN", "demand.p.USA")
    assert found.named == {"CHN", "USA"}


def test_members_that_use_more_than_the_union_are_refused_with_their_rows() -> None:
    with pytest.raises(InputError, match=r"members use 8 together, EU27 as a whole only 5 .*demand\.p\.NLD"):
        laid_out(10.0, None, EU27=5.0, NLD=8.0)


def test_members_that_use_exactly_the_union_leave_nothing_for_others() -> None:
    assert by_code(laid_out(0.3, None, EU27=0.3, NLD=0.1, DEU=0.2)) == pytest.approx({"DEU": 0.2, "NLD": 0.1})


@given(
    st.dictionaries(st.sampled_from(["CHN", "USA", "NLD", "ROW"]), st.floats(0.1, 50.0), min_size=1),
    st.floats(50.0, 100.0),
    st.floats(0.1, 400.0),
)
def test_everything_made_or_asked_for_is_laid_out_once(rows: dict[str, float], union: float, made: float) -> None:
    found = laid_out(made, {"DEU": 1.0, "USA": 2.0, "ROW": 1.0}, EU27=union, **rows)
    asked = union + sum(value for code, value in rows.items() if code != "NLD")
    assert found.by_place.sum() == pytest.approx(max(made, asked))
    assert found.by_place[PLACES.in_eu].sum() == pytest.approx(union)
    assert (found.by_place >= 0.0).all()


def test_what_makers_take_in_is_no_remainder() -> None:
    # 100 of metal: makers of goods take 60, Germany 10 as it is; 30 are left over, and nothing is short.
    chain = chain_of({("metal", "good"): 1.0})
    supply = {"metal": {"CHN": 100.0}, "good": {"CHN": 60.0}}
    flows = build_network(inputs_of(chain, supply, [("metal", "DEU", 10.0)])).products["metal"]
    assert flows.shortage_factor == 1.0
    assert flows.remainder == pytest.approx(30.0)
    assert flows.final_demand[flows.final_demand > 0.0] == pytest.approx([10.0, 30.0])
    assert flows.demand.sum() == pytest.approx(100.0)
    assert np.sum(flows.needs["good"]) == pytest.approx(60.0)
