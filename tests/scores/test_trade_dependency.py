"""The three tests of each method: formulas worked by hand, limits, unknowns, and two years of three."""

from __future__ import annotations

import math
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supplyrisk.scores.trade_dependency import (
    CORE,
    GEODEP,
    LIMITS,
    Flag,
    Indicator,
    RegionTrade,
    exceeds,
    flag,
    held_in_most_years,
    indicators,
    share_hhi,
    with_doubtful,
)

YES, NO, OPEN = Flag(True, True, True), Flag(False, False, False), Flag(None, False, True)
amounts = st.lists(st.floats(0.001, 1e6), min_size=1, max_size=12)


def known(**values: float) -> dict[str, Indicator]:
    """Indicators without a range; those not named are missing."""
    found = dict.fromkeys(LIMITS, Indicator(None, missing_reason="no_exports_named"))
    return found | {name: Indicator(value, value, value) for name, value in values.items()}


# --- concentration


def test_hhi_worked_by_hand() -> None:
    # 60, 30, 10: 0.36 + 0.09 + 0.01 = 0.46.
    assert share_hhi([60.0, 30.0, 10.0]) == pytest.approx((4600.0, 4600.0, 4600.0))


def test_unknown_trade_widens_the_hhi_to_thin_spread_and_to_the_largest() -> None:
    # 25 unknown on 75 named (60, 15): thin (3600 + 225)/100² = 0.3825; with the largest (85² + 15²)/100² = 0.745.
    assert share_hhi([15.0, 60.0], 25.0) == pytest.approx((3825.0, 10_000 * 3825 / 75**2, 7450.0))


def test_hhi_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not defined"):
        share_hhi([0.0])


@given(amounts, st.floats(1e-3, 1e3))
def test_hhi_does_not_depend_on_the_unit(values: list[float], scale: float) -> None:
    assert share_hhi([scale * value for value in values]) == pytest.approx(share_hhi(values))


@given(amounts, st.randoms(use_true_random=False))
def test_hhi_does_not_depend_on_the_order(values: list[float], shuffler: object) -> None:
    mixed = sorted(values, key=lambda _: shuffler.random())  # type: ignore[attr-defined]
    assert share_hhi(mixed) == pytest.approx(share_hhi(values))


@given(amounts)
def test_hhi_lies_between_even_shares_and_one_supplier(values: list[float]) -> None:
    _, value, _ = share_hhi(values)
    assert 10_000.0 / len(values) * (1 - 1e-12) <= value <= 10_000.0 * (1 + 1e-12)


@given(amounts, st.lists(st.floats(0.0, 1e5), min_size=12, max_size=12), st.floats(0.0, 1e5))
def test_ends_hold_wherever_the_unknown_trade_comes_from(
    values: list[float], added: list[float], new_supplier: float
) -> None:
    named = [value + more for value, more in zip(values, added, strict=False)]
    unknown = sum(named) - sum(values) + new_supplier
    assume(unknown >= 0.0)
    low, _, high = share_hhi(values, unknown)
    assert low * (1 - 1e-9) <= share_hhi([*named, new_supplier])[1] <= high * (1 + 1e-9)


# --- indicators of a region

# A union of two, imports 80 from China and 20 from Norway, 50 from each other; sells 40 outside.
UNION = RegionTrade(
    imports={"CHN": 80.0, "NOR": 20.0},
    extra_eu={"CHN": 80.0, "NOR": 20.0},
    all_imports=150.0,
    exports=40.0,
    all_exports=90.0,
    world={"CHN": 600.0, "NOR": 200.0, "DEU": 200.0},
)


def test_six_indicators_worked_by_hand() -> None:
    found = {name: one.value for name, one in indicators(UNION).items()}
    assert found == pytest.approx(
        {
            "import_hhi": 6800.0,
            "world_export_hhi": 4400.0,
            "imports_to_exports": 2.5,
            "extra_eu_import_hhi": 6800.0,
            "extra_eu_import_share": 100.0 / 150.0,
            "extra_eu_imports_to_exports": 100.0 / 90.0,
        }
    )


def test_pooled_flows_give_the_ends_of_shares_and_ratios() -> None:
    unknown = {"imports": 10.0, "extra_eu": 10.0, "inside": 30.0, "exports": 60.0, "all_exports": 10.0, "world": 0.0}
    found = indicators(RegionTrade(**{**vars(UNION), "unknown": unknown}))
    share, ratio = found["extra_eu_import_share"], found["imports_to_exports"]
    assert (share.low, share.high) == pytest.approx((100.0 / 180.0, 110.0 / 160.0))
    assert (ratio.low, ratio.high) == pytest.approx((100.0 / 100.0, 110.0 / 40.0))
    assert found["extra_eu_imports_to_exports"].low == pytest.approx(1.0)


def test_no_exports_named_is_missing_and_never_a_ratio() -> None:
    found = indicators(RegionTrade(**{**vars(UNION), "exports": 0.0, "all_exports": 0.0}))
    assert found["imports_to_exports"] == Indicator(None, missing_reason="no_exports_named")
    assert found["extra_eu_imports_to_exports"].missing_reason == "no_exports_named"
    assert found["import_hhi"].value == pytest.approx(6800.0)


def test_exports_and_imports_that_may_stand_in_a_pool_are_not_said_to_be_none() -> None:
    # As chromium ore of the EU in 2024: members sell to each other alone, and other flows stand in a pool.
    pooled = {"exports": 66.0, "all_exports": 66.0}
    found = indicators(RegionTrade(**{**vars(UNION), "exports": 0.0, "unknown": pooled}))
    assert found["imports_to_exports"] == Indicator(None, missing_reason="exports_only_pooled")
    assert found["extra_eu_imports_to_exports"].low == pytest.approx(100.0 / (90.0 + 66.0))
    without = RegionTrade({}, {}, 0.0, 5.0, 5.0, {}, {"imports": 1.0, "inside": 2.0, "world": 3.0})
    assert {name: one.missing_reason for name, one in indicators(without).items()} == {
        "import_hhi": "imports_only_pooled",
        "world_export_hhi": "exports_only_pooled",
        "imports_to_exports": "imports_only_pooled",
        "extra_eu_import_hhi": "no_imports_named",
        "extra_eu_import_share": "imports_only_pooled",
        "extra_eu_imports_to_exports": "no_imports_named",
    }


def test_table_of_imports_alone_has_no_exports_and_no_world() -> None:
    found = indicators(RegionTrade(**{**vars(UNION), "has_exports": False}))
    missing = {name for name, one in found.items() if one.missing_reason == "exports_not_in_source"}
    assert missing == {"world_export_hhi", "imports_to_exports", "extra_eu_imports_to_exports"}


def test_region_that_imports_nothing_by_name_has_reasons_only() -> None:
    found = indicators(RegionTrade({}, {}, 0.0, 5.0, 5.0, {"CHN": 1.0}))
    assert {name: one.missing_reason for name, one in found.items() if one.value is None} == dict.fromkeys(
        set(LIMITS) - {"world_export_hhi"}, "no_imports_named"
    )


def test_doubtful_flows_widen_the_ends_and_leave_the_value() -> None:
    trusted, whole = (
        {"import_hhi": Indicator(5000.0, 4900.0, 5100.0)},
        {"import_hhi": Indicator(3000.0, 2900.0, 3100.0)},
    )
    assert with_doubtful(trusted, whole)["import_hhi"] == Indicator(5000.0, 2900.0, 5100.0)


def test_what_only_doubtful_flows_show_stays_missing_and_says_so() -> None:
    missing = Indicator(None, missing_reason="no_imports_named")
    whole = {"import_hhi": Indicator(3000.0, 2900.0, 3100.0)}
    found = with_doubtful({"import_hhi": missing}, whole)["import_hhi"]
    assert found == Indicator(None, missing_reason="only_doubtful_flows")
    assert with_doubtful({"import_hhi": missing}, {"import_hhi": missing})["import_hhi"] == missing


# --- limits


@pytest.mark.parametrize("limit", sorted(set(LIMITS.values())))
def test_value_on_the_limit_does_not_exceed_it(limit: float) -> None:
    assert not exceeds(limit, limit)
    assert exceeds(limit * 1.000001, limit)
    assert not exceeds(math.nextafter(limit, math.inf), limit)


def test_hhi_of_exactly_four_tenths_is_not_concentrated() -> None:
    # 6, 1, 1, 1, 1 of 10: 0.36 + 4·0.01 = 0.40 exactly.
    assert not exceeds(share_hhi([6.0, 1.0, 1.0, 1.0, 1.0])[1], LIMITS["import_hhi"])
    assert exceeds(share_hhi([6.001, 1.0, 1.0, 1.0, 0.999])[1], LIMITS["import_hhi"])


def test_limits_are_those_published() -> None:
    # CEPII GeoDep: 0.4, 0.4, 1; SWD(2021) 352: 0.4, 0.5, 1.
    assert dict(LIMITS) == pytest.approx(
        {
            "import_hhi": 4000.0,
            "world_export_hhi": 4000.0,
            "imports_to_exports": 1.0,
            "extra_eu_import_hhi": 4000.0,
            "extra_eu_import_share": 0.5,
            "extra_eu_imports_to_exports": 1.0,
        }
    )


# --- the answer of a year


@pytest.mark.parametrize(
    ("hhi", "world", "ratio", "answer"),
    [
        (4001.0, 4001.0, 1.01, True),
        (4000.0, 4001.0, 1.01, False),
        (4001.0, 4000.0, 1.01, False),
        (4001.0, 4001.0, 1.0, False),
    ],
)
def test_geodep_needs_all_three(hhi: float, world: float, ratio: float, answer: bool) -> None:
    found = known(import_hhi=hhi, world_export_hhi=world, imports_to_exports=ratio)
    assert flag(found, GEODEP).value is answer


def test_core_has_tests_of_its_own() -> None:
    found = known(extra_eu_import_hhi=5000.0, extra_eu_import_share=0.51, extra_eu_imports_to_exports=1.2)
    assert flag(found, CORE) == YES
    assert flag(found | known(extra_eu_import_share=0.5), CORE).value is not True
    assert flag(found, GEODEP) == OPEN


def test_missing_test_leaves_the_answer_open_unless_another_one_fails() -> None:
    assert flag(known(import_hhi=9000.0, world_export_hhi=9000.0), GEODEP) == OPEN
    assert flag(known(import_hhi=3000.0, world_export_hhi=9000.0), GEODEP) == NO


def test_answer_at_the_ends_tells_whether_it_could_turn() -> None:
    found = known(world_export_hhi=5000.0, imports_to_exports=2.0) | {"import_hhi": Indicator(4500.0, 3900.0, 4600.0)}
    assert flag(found, GEODEP) == Flag(True, False, True)


# --- two years of three


@pytest.mark.parametrize(
    ("years", "answer"),
    [
        ((YES, YES, NO), True),
        ((YES, NO, YES), True),
        ((YES, NO, NO), False),
        ((YES, YES, None), True),
        ((NO, NO, None), False),
        ((YES, NO, None), None),
        ((YES, None, None), None),
        ((NO, None, None), None),
        ((YES, OPEN, NO), None),
        ((None, None, None), None),
    ],
)
def test_dependent_when_flagged_in_two_years_of_three(years: tuple[Flag | None, ...], answer: bool | None) -> None:
    assert held_in_most_years(years).value is answer


def test_window_has_three_years() -> None:
    with pytest.raises(ValueError, match="2 years given"):
        held_in_most_years([YES, YES])


@pytest.mark.parametrize("years", list(product((YES, NO, OPEN, None), repeat=3)))
def test_decided_answer_lies_between_its_ends_and_survives_any_unknown(years: tuple[Flag | None, ...]) -> None:
    got = held_in_most_years(years)
    possible = {
        sum(filled) >= 2
        for filled in product((True, False), repeat=3)
        if all(one is None or one.value in (None, is_yes) for one, is_yes in zip(years, filled, strict=True))
    }
    assert got.value is (possible.pop() if len(possible) == 1 else None)
    assert got.low <= bool(got.value) <= got.high or got.value is None
