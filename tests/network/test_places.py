"""Places: countries, the union as one home market, and everybody else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.network.places import EU_UNSPECIFIED, REST_OF_WORLD, places_of

PLACES = places_of({"CHN", "USA", "EU27", "WLD"}, {"DEU", "NLD"})


def test_members_the_rest_and_the_unspecified_always_belong_and_regions_never() -> None:
    assert PLACES.codes == ("CHN", "DEU", EU_UNSPECIFIED, "NLD", REST_OF_WORLD, "USA")


def test_order_of_the_codes_given_does_not_matter() -> None:
    assert places_of(["USA", "CHN"], ["NLD", "DEU"]) == PLACES


def test_the_union_holds_its_members_and_the_unspecified() -> None:
    inside = PLACES.of_region("EU27")
    assert {code for code, own in zip(PLACES.codes, inside, strict=True) if own} == {"DEU", "NLD", EU_UNSPECIFIED}
    assert PLACES.of_region("NLD").sum() == 1
    assert PLACES.of_region("NLD")[PLACES.index["NLD"]]


def test_codes_of_the_data_have_a_place() -> None:
    assert PLACES.place_of("NLD") == "NLD"
    assert PLACES.place_of("EU27") == EU_UNSPECIFIED
    assert PLACES.place_of("BRA") == REST_OF_WORLD
    assert PLACES.place_of("ROW") == REST_OF_WORLD


def test_values_of_codes_that_share_a_place_are_summed() -> None:
    # Brazil and Chile have no place of their own.
    found = PLACES.vector({"BRA": 1.0, "CHL": 2.0, "ROW": 4.0, "EU27": 8.0, "CHN": 16.0})
    assert found[PLACES.index[REST_OF_WORLD]] == 7.0
    assert found[PLACES.index[EU_UNSPECIFIED]] == 8.0
    assert found[PLACES.index["CHN"]] == 16.0


@given(st.dictionaries(st.sampled_from(["AUS", "BRA", "CHN", "DEU", "EU27", "ROW"]), st.floats(0.0, 1e6)))
def test_nothing_is_lost_on_the_way_to_places(values: dict[str, float]) -> None:
    assert abs(PLACES.vector(values).sum() - sum(values.values())) <= 1e-6
