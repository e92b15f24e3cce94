"""Capacity over consumption of materials that cannot be added in tonnes: by worth and as a mean, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.scores.criticality.carried import ShareSeries
from supplyrisk.scores.import_shift import above_limit, import_shift, known_shifts, shift_table
from supplyrisk.scores.stage_capacity import (
    OF_MATERIAL,
    UNWEIGHTED,
    MaterialShare,
    StageProduct,
    by_value,
    last_of_each,
    share_of_material,
    stage_capacity_rows,
    unweighted,
)


def product(name: str, made: float, used: float | None, value: float | None) -> StageProduct:
    return StageProduct(name, name, made, used, value, (f"production.{name}",))


def figure(share: float) -> MaterialShare:
    return MaterialShare(share, share)


COPPER = product("copper", 50.0, 100.0, 10.0)
TUNGSTEN = product("tungsten", 3.0, 2.0, 50.0)
LITHIUM = product("lithium", 0.0, 5.0, 20.0)
COBALT = product("cobalt", 1.0, None, 30.0)


def test_by_value_a_surplus_of_one_feeds_no_use_of_another() -> None:
    # (50·10 + 2·50 + 0)/(100·10 + 2·50 + 5·20) = 600/1200; without copper 100/200, without tungsten 500/1100,
    # without lithium 600/1100; with the surplus 650/1100 without lithium. Cobalt has no use: three of four covered.
    found = by_value([COPPER, TUNGSTEN, LITHIUM, COBALT], ["copper", "tungsten", "lithium", "cobalt"])
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 500 / 1100, 150 / 200))
    assert (found.covered, found.concerned) == (3, 4)


def test_without_a_price_a_material_is_not_covered() -> None:
    found = by_value([COPPER, product("tungsten", 3.0, 2.0, None)], ["copper", "tungsten"])
    assert found is not None
    assert (found.value, found.covered, found.concerned) == (0.5, 1, 2)
    assert by_value([COBALT], ["cobalt"]) is None


def test_by_worth_a_material_is_covered_only_where_all_of_it_is_known() -> None:
    # Light rare earths have use and price; heavy ones lack the price, the use or a named maker; the last are not used.
    light = StageProduct("ndpr", "magnet", 1.0, 2.0, 10.0, ())
    for heavy in (
        StageProduct("dytb", "magnet", 1.0, 2.0, None, ()),
        StageProduct("dytb", "magnet", 1.0, None, 10.0, ()),
        StageProduct("dytb", "magnet", 0.0, 2.0, 10.0, (), unnamed=1.0),
    ):
        found = by_value([COPPER, light, heavy], ["copper", "magnet"])
        assert found is not None
        assert (found.covered, found.concerned) == (1, 2)
        assert found.value == pytest.approx(0.5)
    unused = by_value([COPPER, light, StageProduct("dytb", "magnet", 1.0, 0.0, None, ())], ["copper", "magnet"])
    assert unused is not None
    assert (unused.covered, unused.concerned) == (2, 2)


def test_the_mean_takes_materials_without_a_figure_at_nothing_and_at_all() -> None:
    # Copper 0.5, tungsten 1, aluminium 0.3; cobalt unknown: 1.8/3, 1.8/4, 2.8/4.
    found = unweighted({"copper": figure(0.5), "tungsten": figure(1.0), "aluminium": figure(0.3), "cobalt": None})
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.6, 0.45, 0.7))
    assert (found.covered, found.concerned) == (3, 4)
    assert unweighted({"cobalt": None}) is None


def test_a_material_with_an_upper_end_alone_is_never_taken_for_nothing() -> None:
    # Mean of figures (0.5 + 0.3)/2 = 0.4. Lithium at most 0.1: (0.8 + 0.1)/3; at most 0.9: taken at 0.4 as the others.
    figures = {"copper": figure(0.5), "aluminium": figure(0.3)}
    tight = unweighted({**figures, "lithium": MaterialShare(0.0, 0.1)})
    wide = unweighted({**figures, "lithium": MaterialShare(0.0, 0.9)})
    assert tight is not None
    assert wide is not None
    assert (tight.value, tight.low, tight.high) == pytest.approx((0.3, 0.8 / 3, 0.3))
    assert (wide.value, wide.low, wide.high) == pytest.approx((0.4, 0.8 / 3, 1.7 / 3))
    assert (tight.covered, tight.concerned) == (wide.covered, wide.concerned) == (2, 3)
    alone = unweighted({"lithium": MaterialShare(0.0, 0.1), "cobalt": None})
    assert alone is not None
    assert (alone.value, alone.low, alone.high, alone.covered) == (None, 0.0, 0.55, 0)


def test_where_no_maker_is_named_the_value_is_that_of_the_others_within_what_is_unnamed() -> None:
    # Aluminium: none named, 3 of 10 used from makers without a name. Copper is half met; so would aluminium be (5 of
    # 10), but 3 is the most: by worth (50·10 + 3·100)/(100·10 + 10·100) = 0.4. Ends: nothing, without copper; 0.5
    # without aluminium. Mean (0.5 + 0.3)/2, low 0.5/2.
    aluminium = StageProduct("aluminium", "aluminium", 0.0, 10.0, 100.0, (), unnamed=3.0)
    found = by_value([COPPER, aluminium], ["copper", "aluminium"])
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((0.4, 0.0, 0.5))
    assert (found.covered, found.concerned) == (1, 2)
    alone = by_value([aluminium], ["aluminium"])
    assert alone is not None
    assert (alone.value, alone.low, alone.high, alone.covered) == (None, 0.0, pytest.approx(0.3), 0)
    mean = list(stage_capacity_rows([COPPER, aluminium], ["copper", "aluminium"], "refining", "EU27", 2024))[1]
    assert (mean.value, mean.low, mean.high) == pytest.approx((0.4, 0.25, 0.4))
    assert (mean.materials_covered, mean.materials_concerned) == (1, 2)


def test_without_any_figure_there_is_no_value_but_the_ends() -> None:
    aluminium = StageProduct("aluminium", "aluminium", 0.0, 10.0, 100.0, (), unnamed=3.0)
    worth, mean, own = stage_capacity_rows([aluminium], ["aluminium"], "refining", "EU27", 2024)
    for row in (worth, mean, own):
        assert (row.value, row.missing_reason) == (None, "region_not_named")
        assert (row.low, row.high) == (0.0, pytest.approx(0.3))


def test_a_surplus_of_one_product_feeds_no_use_of_another_of_the_same_material() -> None:
    # Light 30 of 10, heavy none of 5: (1 + 0)/2, not (3 + 0)/2.
    light = StageProduct("ndpr", "magnet", 30.0, 10.0, None, ())
    heavy = StageProduct("dytb", "magnet", 0.0, 5.0, None, ())
    assert share_of_material([light, heavy]) == MaterialShare(0.5, 0.5)
    assert share_of_material([COBALT]) is None


def test_a_product_whose_use_is_not_known_leaves_its_material_a_range() -> None:
    # Light 5 of 10; of heavy the use is not known: 0.5/2 to 1.5/2, and what is known, 0.5, is the middle.
    light, heavy = (
        StageProduct("ndpr", "magnet", 5.0, 10.0, None, ()),
        StageProduct("dytb", "magnet", 1.0, None, None, ()),
    )
    share = share_of_material([light, heavy])
    assert share == MaterialShare(0.25, 0.75, 0.5)
    # Beside tungsten at 1: (1 + 0.5)/2, (1 + 0.25)/2, (1 + 0.75)/2.
    rows = list(stage_capacity_rows([TUNGSTEN, light, heavy], ["magnet", "tungsten"], "refining", "EU27", 2024))
    mean, magnet = rows[1], rows[2]
    assert (mean.value, mean.low, mean.high) == pytest.approx((0.75, 0.625, 0.875))
    assert (mean.materials_covered, mean.materials_concerned) == (1, 2)
    assert (magnet.value, magnet.low, magnet.high) == (None, 0.25, 0.75)
    assert (magnet.missing_reason, magnet.interval_kind) == ("use_of_a_product_unknown", "not_covered_none_to_all")
    # Without a named maker of the light ones, 3 of 10 unnamed: 0 to (0.3 + 1)/2, and no middle of its own.
    unnamed = StageProduct("ndpr", "magnet", 0.0, 10.0, None, (), unnamed=3.0)
    assert share_of_material([unnamed, heavy]) == MaterialShare(0.0, 0.65)


amounts = st.floats(0.0, 1e6)
positive = st.floats(0.1, 1e6)


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)), min_size=1, max_size=6), st.integers(0, 3))
def test_a_mean_over_ranges_and_gaps_lies_within_its_ends(pairs: list[tuple[float, float]], gaps: int) -> None:
    shares: dict[str, MaterialShare | None] = {f"m{i}": MaterialShare(*sorted(pair)) for i, pair in enumerate(pairs)}
    found = unweighted(shares | dict.fromkeys((f"gap{i}" for i in range(gaps)), None))
    assert found is not None
    if found.value is not None:
        assert found.low * (1 - 1e-12) <= found.value <= found.high * (1 + 1e-12)


@given(
    st.lists(st.tuples(st.floats(0.0, 1e3), positive, positive, st.floats(0.0, 1.0)), min_size=1, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_by_worth_lies_within_its_ends_with_makers_without_a_name(
    drawn: list[tuple[float, float, float, float]], named: list[bool]
) -> None:
    products = [
        product(f"p{i}", made, used, value)
        if named[i]
        else StageProduct(f"p{i}", f"p{i}", 0.0, used, value, (), unnamed=part * used)
        for i, (made, used, value, part) in enumerate(drawn)
    ]
    found = by_value(products, [one.product for one in products])
    assert found is not None
    if found.value is not None:
        assert found.low <= found.value * (1 + 1e-12)
        assert found.value <= found.high * (1 + 1e-12)


@given(st.lists(st.tuples(amounts, positive, positive), min_size=1, max_size=6))
def test_both_lie_within_their_ends_and_within_nothing_and_all(
    drawn: list[tuple[float, float, float]],
) -> None:
    products = [product(f"p{i}", *one) for i, one in enumerate(drawn)]
    for found in (
        by_value(products, [one.product for one in products]),
        unweighted({one.product: share_of_material([one]) for one in products}),
    ):
        assert found is not None
        assert found.value is not None
        assert 0.0 <= found.low <= found.value * (1 + 1e-12)
        assert found.value <= found.high * (1 + 1e-12)
        assert found.value <= 1.0 + 1e-12


def test_a_stage_that_nothing_is_known_of_is_a_gap_with_a_reason() -> None:
    rows = list(stage_capacity_rows([COBALT], ["cobalt"], "refining", "EU27", 2024))
    assert {row.missing_reason for row in rows} == {"value_per_unit_missing", "place_of_use_unknown"}


def test_materials_without_a_product_are_unknown_and_those_not_used_are_no_part_of_consumption() -> None:
    # Copper 0.5 by 50/100; of cobalt the use is unknown, platinum has no product at the stage, of gallium none is used.
    gallium = product("gallium", 3.0, 0.0, 5.0)
    every = ["cobalt", "copper", "gallium", "platinum"]
    rows = list(stage_capacity_rows([COPPER, COBALT, gallium], every, "refining", "EU27", 2024))
    worth, mean = rows[:2]
    assert (worth.value, worth.low, worth.high) == (0.5, 0.5, 0.5)
    assert (mean.value, mean.low, mean.high) == pytest.approx((0.5, 0.5 / 3, 2.5 / 3))
    assert [(row.materials_covered, row.materials_concerned) for row in (worth, mean)] == [(1, 3), (1, 3)]
    assert [(row.material_id, row.value, row.missing_reason) for row in rows[2:]] == [
        ("cobalt", None, "place_of_use_unknown"),
        ("copper", 0.5, None),
        ("platinum", None, "no_product_of_the_material"),
    ]


def test_an_earlier_product_gives_way_only_to_a_later_one_with_a_figure() -> None:
    alumina = StageProduct("alumina", "aluminium", 4.0, 5.0, 1.0, ())
    aluminium = StageProduct("aluminium_primary", "aluminium", 1.0, 2.0, 1.0, ())
    nickel = StageProduct("nickel_refined", "nickel", 1.0, 3.0, 1.0, ())
    battery_grade = StageProduct("nickel_battery_grade", "nickel", 0.0, 0.0, 1.0, ())
    users = {"alumina": ("aluminium_primary",), "nickel_refined": ("nickel_battery_grade",)}
    left = last_of_each([alumina, aluminium, nickel, battery_grade], users)
    assert [one.product for one in left] == ["aluminium_primary", "nickel_refined", "nickel_battery_grade"]


def test_a_shift_names_the_largest_of_both_ends() -> None:
    before, after = {"TJK": 0.4, "TUR": 0.35}, {"TUR": 0.78, "TJK": 0.2}
    shift = import_shift(ShareSeries("imports", (2018, 2020), (2022, 2024), before, after, {}, ()))
    assert (shift.earlier_country, shift.earlier, shift.later_country, shift.later) == ("TJK", 0.4, "TUR", 0.78)
    assert above_limit({"antimony_mine": shift}, 0.65) == (0, 1)
    (row,) = shift_table({"antimony_mine": shift}, {"copper_mine"}).to_dicts()
    assert [row[name] for name in ("earlier_from", "earlier_until", "later_from", "later_until")] == [
        2018, 2020, 2022, 2024,
    ]  # fmt: skip
    assert row["strategic"] is False
    gap = {"cobalt_mine": "heading_holds_other_goods"}
    rows = shift_table({**gap, "antimony_mine": shift}, ()).to_dicts()
    assert [(one["product_id"], one["missing_reason"]) for one in rows] == [
        ("antimony_mine", None), *gap.items(),
    ]  # fmt: skip
    assert list(known_shifts({**gap, "antimony_mine": shift})) == ["antimony_mine"]


def test_a_material_whose_makers_have_no_name_has_no_figure_of_its_own_but_a_range() -> None:
    # Nothing is made with a name; 3 of the 10 that are used come from makers without one.
    unnamed = StageProduct("metal", "aluminium", 0.0, 10.0, 2.0, ("row",), 3.0)
    named = StageProduct("other", "copper", 4.0, 10.0, 2.0, ("row",))
    rows = stage_capacity_rows([unnamed, named], ["aluminium", "copper"], "refining", "EU27", 2024)
    own = {row.material_id: row for row in rows if row.metric == OF_MATERIAL}
    aluminium, copper = own["aluminium"], own["copper"]
    assert (aluminium.value, aluminium.low, aluminium.high) == (None, 0.0, 0.3)
    assert aluminium.missing_reason == "region_not_named"
    assert (copper.value, copper.missing_reason) == (0.4, None)


def test_the_mean_is_that_of_what_each_material_alone_gives() -> None:
    # Tungsten has one and a half times its use: 1 in its own figure as in the mean.
    rows = list(stage_capacity_rows([COPPER, TUNGSTEN], ["copper", "tungsten"], "extraction", "EU27", 2024))
    own = [row.value for row in rows if row.metric == OF_MATERIAL]
    (mean,) = (row.value for row in rows if row.metric == UNWEIGHTED)
    assert own == [0.5, 1.0]
    assert mean == pytest.approx(sum(one or 0.0 for one in own) / 2)
