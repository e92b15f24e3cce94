"""Live supply risk: what is unchanged leaves it unchanged, causes add up, and measures count only where they bind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.foundation.shapley import shapley_values
from supplyrisk.scores.criticality.assumptions import TradeParameters
from supplyrisk.scores.criticality.carried import CarriedMix, LaterMix
from supplyrisk.scores.criticality.live import LiveScore, live_supply_risk
from supplyrisk.scores.criticality.live_core import Conditions, LiveInput
from supplyrisk.scores.criticality.restrictions import Restriction, restrictions_in_force, trade_parameter_of
from supplyrisk.scores.criticality.rows import live_rows
from supplyrisk.scores.criticality.study import Mix
from supplyrisk.scores.table import Basis


def ranged(low: float, value: float, high: float) -> RangedAssumption:
    return RangedAssumption(value=value, low=low, high=high, basis="assumed")


ASSUMED = TradeParameters(
    tax=ranged(1.1, 1.1, 1.5), licence=ranged(1.0, 1.1, 1.3), quota=ranged(1.1, 1.3, 1.5), ban=ranged(1.3, 1.5, 2.0)
)
RISKS = {"CHN": 6.0, "AUS": 2.0, "DEU": 2.0}
SAME = Conditions(RISKS, RISKS, {"DEU"}, ASSUMED, 4)


def mix(**shares: float) -> Mix:
    t = np.array([0.8 if code == "DEU" else 1.0 for code in shares])
    return Mix(tuple(shares), np.array(list(shares.values())), t, tuple(f"row.{code}" for code in shares))


def later(**shares: float) -> LaterMix:
    values = np.array(list(shares.values()))
    return LaterMix(tuple(shares), values, np.repeat(values[:, None], 4, axis=1), ("now",))


def today(**shares: float) -> CarriedMix:
    """Carried to ``shares``, by a series that stood there in the study's years as well."""
    return CarriedMix(later(**shares), later(**shares), "survey", 2024)


def given_input(now: CarriedMix | None, eu_now: CarriedMix | None = None, *measures: Restriction) -> LiveInput:
    return LiveInput(mix(CHN=0.8, AUS=0.2), mix(CHN=0.5, DEU=0.5), now, eu_now, measures)


UNCHANGED = given_input(today(CHN=0.8, AUS=0.2), today(CHN=0.5, DEU=0.5))


def live(*inputs: LiveInput, conditions: Conditions = SAME, published: float = 2.0) -> LiveScore:
    found = live_supply_risk(published, inputs, conditions)
    assert isinstance(found, LiveScore)
    return found


def test_nothing_changed_leaves_the_published_score() -> None:
    found = live(UNCHANGED)
    assert found.value == pytest.approx(2.0)
    # Printed to one decimal, 2.0 is 1.95 to 2.05.
    assert (found.low, found.high) == pytest.approx((1.95, 2.05))
    assert list(found.change.values()) == pytest.approx([0.0, 0.0, 0.0])


@given(st.floats(0.05, 0.95), st.floats(0.5, 9.5))
def test_causes_add_up_and_the_value_lies_in_its_range(share: float, risk: float) -> None:
    licence = Restriction("CHN", "licence", "metal", frozenset(), True, "measure")
    changed = given_input(today(CHN=share, AUS=1.0 - share), None, licence)
    found = live(changed, conditions=replace(SAME, risks_now=RISKS | {"CHN": risk}))
    assert sum(found.change.values()) == pytest.approx(found.value - 2.0)
    assert found.low <= found.value <= found.high


def test_a_measure_alone_raises_it_and_only_through_restrictions() -> None:
    ban = Restriction("CHN", "ban", "metal", frozenset(), True, "measure")
    found = live(replace(UNCHANGED, restrictions=(ban,)))
    assert found.value > 2.0
    assert found.change["shares"] == pytest.approx(0.0)
    assert found.change["restrictions"] == pytest.approx(found.value - 2.0)


def with_study_t(inputs: LiveInput, **of_study: float) -> LiveInput:
    """The same with t of the study by country, in world supply and EU sourcing."""

    def printed(mix: Mix) -> Mix:
        t = [of_study.get(country, own) for country, own in zip(mix.countries, mix.trade_parameters, strict=True)]
        return replace(mix, trade_parameters=np.array(t))

    assert inputs.eu_study is not None
    return replace(inputs, global_study=printed(inputs.global_study), eu_study=printed(inputs.eu_study))


@pytest.mark.parametrize(
    ("of_study", "measure", "certain", "hidden"),
    [
        (1.1, "licence", True, True),  # a licence is assumed at 1.1, the study has that already
        (1.3, "quota", True, True),
        (1.05, "licence", True, False),  # raised to 1.1
        (1.1, "ban", True, False),  # raised to 1.5
        (1.1, "licence", False, False),  # counts in the high end only, as is told of all such measures
    ],
)
def test_measures_that_the_study_hides_are_no_nought(
    of_study: float, measure: str, certain: bool, hidden: bool
) -> None:
    restriction = Restriction("CHN", measure, "metal", frozenset(), certain, "measure")
    found = live(with_study_t(replace(UNCHANGED, restrictions=(restriction,)), CHN=of_study))
    assert [one.row_id for one in found.hidden] == (["measure"] if hidden else [])
    rows = {row.metric: row for row in live_rows("metal", None, None, Basis(), found)}
    told = rows["supply_risk_change_restrictions"]
    assert (told.value is None, told.missing_reason) == (hidden, "restrictions_within_study_t" if hidden else None)
    parts = [row.value or 0.0 for row in rows.values() if row.metric.startswith("supply_risk_change_")]
    assert sum(parts) == pytest.approx(found.value - 2.0)


def test_a_measure_hides_nothing_beside_one_that_counts_or_without_a_supplier() -> None:
    licence = Restriction("CHN", "licence", "metal", frozenset(), True, "measure")
    ban = Restriction("AUS", "ban", "metal", frozenset(), True, "other")
    study = with_study_t(UNCHANGED, CHN=1.1)
    assert live(replace(study, restrictions=(licence, ban))).hidden == ()
    assert live(replace(study, restrictions=(replace(licence, iso3="ZAF"),))).hidden == ()


def test_a_group_is_the_mean_of_its_members() -> None:
    doubled = LiveInput(mix(CHN=1.0), None, today(CHN=1.0), None, ())
    half = LiveInput(mix(CHN=1.0), None, today(CHN=0.5, AUS=0.5), None, ())
    # Indices: 6 in the study for both; today 6 and 0.25·6 + 0.25·2 = 2: the mean goes from 6 to 4.
    assert live(doubled, half, published=3.0).value == pytest.approx(3.0 * 4.0 / 6.0)


def test_another_source_of_the_studys_own_years_is_told_apart_and_changes_nothing() -> None:
    # World index of the study: 6·0.8² + 2·0.2² = 3.92; of our series in the same years: 6·0.5² + 2·0.5² = 2.
    alone = LiveInput(
        mix(CHN=0.8, AUS=0.2),
        None,
        CarriedMix(later(CHN=0.5, AUS=0.5), later(CHN=0.8, AUS=0.2), "survey", 2024),
        None,
        (),
    )
    found = live(alone)
    assert found.value == pytest.approx(2.0)
    assert found.source_difference == pytest.approx(2.0 * (2.0 / 3.92 - 1.0))
    assert sum(found.change.values()) == pytest.approx(0.0)


def test_without_a_series_of_the_world_there_is_no_score_of_today_but_what_measures_change() -> None:
    ban = Restriction("CHN", "ban", "metal", frozenset(), True, "measure")
    found = live(given_input(None, None, ban))
    assert not found.is_complete
    assert found.change.keys() == {"governance", "restrictions"}
    rows = {row.metric: (row.value, row.missing_reason) for row in live_rows("metal", None, None, Basis(), found)}
    assert rows["supply_risk_live"] == rows["supply_risk_change_shares"] == (None, "no_series_from_study_to_today")
    assert rows["supply_risk_source_difference"] == (None, "no_series_from_study_to_today")
    assert rows["supply_risk_change_restrictions"] == (pytest.approx(found.value - 2.0), None)


def test_without_a_series_of_the_world_imports_do_not_move_either() -> None:
    # At the study's shares, world 6·0.8² + 2·0.2² = 3.92 and EU 6·0.5² + 2·0.8·0.5² = 1.9 rise by a ban of CHN
    # (t 1.5) to 5.84 and 2.65. 2.0 needs a core of 2.0/1.03: reliance is (1.94175 − 1.9)/1.01 to 1, its middle 0.52067.
    ban = Restriction("CHN", "ban", "metal", frozenset(), True, "measure")
    reliance = ((2.0 / 1.03 - 1.9) / 1.01 + 1.0) / 2.0
    before, after = (world * reliance / 2 + eu * (1 - reliance / 2) for world, eu in ((3.92, 1.9), (5.84, 2.65)))
    found = live(given_input(None, today(CHN=0.1, DEU=0.9), ban))
    assert found.change == pytest.approx({"governance": 0.0, "restrictions": 2.0 * (after / before - 1.0)})
    assert found.carried == ()


def test_figures_reach_as_far_as_the_series_that_ends_first_of_those_that_count() -> None:
    world, imports = replace(today(CHN=0.8, AUS=0.2), year=2022), today(CHN=0.5, DEU=0.5)
    assert live(given_input(world, imports)).year == 2022
    assert live(given_input(today(CHN=0.8, AUS=0.2), replace(imports, year=2023))).year == 2023
    # 3.9 is beyond any mix with EU sourcing (at most (3.92 + 1.9)/2), so world supply alone counts.
    assert live(given_input(today(CHN=0.8, AUS=0.2), replace(imports, year=2023)), published=3.9).year == 2024
    assert live(given_input(None, imports)).year is None


def test_the_range_covers_the_series_of_another_publisher() -> None:
    other = given_input(today(CHN=0.9, AUS=0.1), today(CHN=0.5, DEU=0.5))
    found = live_supply_risk(2.0, [UNCHANGED], SAME, [[other]])
    assert isinstance(found, LiveScore)
    assert found.value == pytest.approx(2.0)
    assert found.high > 2.10
    assert found.low == pytest.approx(1.95)


def test_too_little_governance_and_a_score_out_of_reach_are_reasons() -> None:
    blind = replace(SAME, risks_now={"AUS": 2.0})
    assert live_supply_risk(2.0, [UNCHANGED], blind) == "governance_missing"
    assert live_supply_risk(9.0, [UNCHANGED], SAME) == "published_score_not_reproduced"


def test_governance_missing_between_study_and_today_leaves_the_score_and_no_split() -> None:
    # World index of the study: 6·0.8² + 2·0.2² = 3.92. Today MMR has half, with governance of today alone:
    # 8·0.5² + 6·0.5² = 3.5. Shares of today with governance of the study have none for MMR: no cause can be told apart.
    moved = LiveInput(mix(CHN=0.8, AUS=0.2), None, today(MMR=0.5, CHN=0.5), None, ())
    found = live(moved, conditions=replace(SAME, risks_now=RISKS | {"MMR": 8.0}))
    assert found.value == pytest.approx(2.0 * 3.5 / 3.92)
    assert (found.change, found.source_difference) == ({}, None)
    rows = {row.metric: (row.value, row.missing_reason) for row in live_rows("metal", None, None, Basis(), found)}
    assert rows["supply_risk_live"][0] == pytest.approx(found.value)
    for metric in ("supply_risk_change_shares", "supply_risk_change_governance", "supply_risk_source_difference"):
        assert rows[metric] == (None, "governance_missing")


def test_another_publisher_whose_eu_mix_lacks_governance_is_left_out_of_the_range() -> None:
    blind = given_input(today(CHN=0.8, AUS=0.2), today(MMR=1.0))
    found = live_supply_risk(2.0, [UNCHANGED], SAME, [[blind]])
    assert isinstance(found, LiveScore)
    assert found.reading.supply_data == "both"
    assert (found.low, found.high) == pytest.approx((1.95, 2.05))


ROW = {
    "iso3": "CHN",
    "material_id": "gallium",
    "product_ids": None,
    "measure": "licence",
    "subject": "goods",
    "reach": "all",
    "target_iso3": None,
    "start": "2023-08-01",
    "end": None,
    "suspended_from": None,
    "suspended_until": None,
    "status": "in_force",
    "row_id": "measure",
}


def in_force(**changes: str | None) -> list[Restriction]:
    table = pl.DataFrame([ROW | changes], schema=dict.fromkeys(ROW, pl.String))
    return restrictions_in_force(table, date(2026, 3, 31), date(2020, 12, 31), {"EU27", "NLD"})


@pytest.mark.parametrize(
    ("changes", "certain"),
    [
        ({}, True),
        ({"start": "2026-03"}, True),
        ({"start": "2021"}, True),
        ({"start": "2020-06"}, None),
        ({"start": "2026-04"}, None),
        ({"start": None}, None),
        ({"end": "2026-03"}, True),
        ({"end": "2026-02"}, None),
        ({"status": "ended"}, None),
        ({"status": "announced"}, None),
        ({"status": "not_enforced"}, None),
        ({"status": "unknown"}, False),
        ({"reach": "company"}, False),
        ({"target_iso3": "USA"}, None),
        ({"target_iso3": "NLD"}, True),
        ({"measure": "royalty"}, None),
        ({"subject": "technology"}, None),
        ({"suspended_from": "2025-11-07", "suspended_until": "2026-11-10"}, None),
        ({"suspended_from": "2025-11-07"}, None),
        ({"suspended_from": "2024-01", "suspended_until": "2025-01"}, True),
    ],
)
def test_which_measures_hold(changes: dict[str, str | None], certain: bool | None) -> None:
    found = in_force(**changes)
    assert [one.certain for one in found] == ([] if certain is None else [certain])


def test_a_measure_covers_its_products_or_else_its_material() -> None:
    (by_material,) = in_force()
    (by_product,) = in_force(product_ids="ndfeb_magnet")
    assert by_material.covers({"gallium"}, "anything")
    assert not by_material.covers({"germanium"}, "anything")
    assert by_product.covers(set(), "ndfeb_magnet")
    assert not by_product.covers({"gallium"}, "gallium")
    assert by_material.covers({"gallium"}, None)
    assert not by_product.covers({"gallium"}, None)


def test_trade_parameter() -> None:
    licence = Restriction("CHN", "licence", "gallium", frozenset(), True, "measure")
    ban = Restriction("CHN", "ban", "gallium", frozenset(), False, "measure")

    def t(country: str, of_study: float | None, *measures: Restriction) -> tuple[float, float, float]:
        found = trade_parameter_of(country, of_study, {"DEU"}, measures, ASSUMED)
        return found.low, found.value, found.high

    assert t("CHN", None) == (1.0, 1.0, 1.0)
    assert t("DEU", None, licence) == (0.8, 0.8, 0.8)
    assert t("CHN", 1.0, licence) == (1.0, 1.1, 1.3)
    assert t("CHN", 1.4, licence) == (1.4, 1.4, 1.4)
    assert t("CHN", 1.0, ban) == (1.0, 1.0, 2.0)
    assert t("AUS", 1.0, licence) == (1.0, 1.0, 1.0)


def test_shapley_values_of_the_glove_game() -> None:
    """Two left gloves and one right: 1/6, 1/6, 2/3 (Shapley 1953, standard example)."""

    def pairs(coalition: frozenset[str]) -> float:
        return float("right" in coalition and len(coalition) > 1)

    found = shapley_values(["left", "second_left", "right"], pairs)
    assert list(found.values()) == pytest.approx([1 / 6, 1 / 6, 2 / 3])
    with pytest.raises(ValueError, match="group them"):
        shapley_values([str(i) for i in range(9)], lambda coalition: 0.0)
