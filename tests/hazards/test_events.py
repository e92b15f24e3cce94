"""Events to count, by hand: one an event, false alarms apart, exposed is not lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.hazards.events import EventSet, HitProducts, event_set, products_hit
from supplyrisk.hazards.severity import _loss

PRODUCTS_OF = {
    ("copper", "extraction"): frozenset({"copper_mine"}),
    ("copper", "refining"): frozenset({"copper_refined"}),
    ("cobalt", "extraction"): frozenset({"cobalt_mine"}),
    ("cobalt", "refining"): frozenset({"cobalt_refined"}),
}
CHAINS = HitProducts(
    {**PRODUCTS_OF, ("dysprosium", "refining"): {"dytb_refined"}}, {"dysprosium": {"rare_earths_mine", "scandium"}}
)
SHARES = {
    ("copper_mine", "CHL"): 0.25, ("cobalt_mine", "COD"): 0.7, ("cobalt_refined", "CHN"): 0.8,
    ("rare_earths_mine", "MMR"): 0.1, ("dytb_refined", "CHN"): 0.9,
}  # fmt: skip


def share(product: str, country: str) -> float:
    return SHARES.get((product, country), 0.0)


def row(number: str, **changed: object) -> dict[str, object]:
    return {
        "row_id": f"events.{number.lower()}", "event_no": number[:5], "start": "2020-03", "end": None,
        "end_mark": "not_seen", "iso3": "CHL", "material_id": "copper", "product_ids": None, "stage": "extraction",
        "hazard": "strike", "status": "realised", "capacity_share": None, "capacity_basis": None, "world_share": None,
        "world_basis": None, "price_change": None, "eu_impact": False, "subject": "goods", "target_iso3": None,
        **changed,
    }  # fmt: skip


SCHEMA = {
    "row_id": pl.String, "event_no": pl.String, "start": pl.String, "end": pl.String, "end_mark": pl.String,
    "iso3": pl.String, "material_id": pl.String, "product_ids": pl.String, "stage": pl.String, "hazard": pl.String,
    "status": pl.String, "capacity_share": pl.Float64, "capacity_basis": pl.String, "world_share": pl.Float64,
    "world_basis": pl.String, "price_change": pl.Float64, "eu_impact": pl.Boolean, "subject": pl.String,
    "target_iso3": pl.String,
}  # fmt: skip


def events(*rows: Mapping[str, object], last: date = date(2025, 12, 31), in_force: Collection[str] = ()) -> EventSet:
    return event_set(pl.DataFrame(list(rows), schema=SCHEMA), CHAINS, share, in_force, 2010, last)


def test_a_package_of_measures_is_one_event_with_several_hits() -> None:
    package = {"hazard": "export_restriction", "iso3": "COD"}
    found = events(row("E0001a", **package, material_id="cobalt"), row("E0001b", **package, material_id="copper"))
    assert found.events["event_no"].to_list() == ["E0001"]
    assert set(found.hits["product_id"]) == {"cobalt_mine", "copper_mine"}


def test_what_did_not_happen_and_other_classes_are_not_counted() -> None:
    found = events(
        row("E0001"), row("E0002", status="announced"), row("E0003", hazard="market_collapse"),
        row("E0004", iso3="WLD"), row("E0005", hazard="export_restriction", subject="technology"),
    )  # fmt: skip
    assert found.events["event_no"].to_list() == ["E0001"]
    assert (found.false_alarms, found.outside) == (1, 3)


def test_events_where_nothing_that_they_hit_is_made_are_named_and_left_out() -> None:
    found = events(
        row("E0001"), row("E0002", iso3="JPN"), row("E0003a", iso3="EU27"), row("E0004", iso3="PAN"),
        row("E0005a", iso3="COD", material_id="copper"), row("E0005b", iso3="COD", material_id="cobalt"),
    )  # fmt: skip
    # E0005 hits cobalt, which the DR Congo makes here, and counts as a whole.
    assert found.events["event_no"].to_list() == ["E0001", "E0005"]
    assert (found.unplaced, found.union_wide) == (("E0002", "E0003", "E0004"), ("E0003",))
    assert (found.outside, set(found.hits["event_no"])) == (0, {"E0001", "E0005"})
    with pytest.raises(InputError, match="no realised event started between 2010 and 2025-12-31"):
        events(row("E0002", iso3="JPN"))


def test_measures_against_one_buyer_are_none_on_all() -> None:
    ban = {"hazard": "export_restriction", "iso3": "COD", "material_id": "cobalt"}
    found = events(
        row("E0001", **ban), row("E0002", **ban, target_iso3="USA"), row("E0003", **ban, target_iso3="EU27"),
        row("E0004a", **ban, target_iso3="JPN"), row("E0004b", **ban),
    )  # fmt: skip
    # Of the fourth a part is on all buyers, and it counts.
    assert found.events["event_no"].to_list() == ["E0001", "E0003", "E0004"]
    assert (found.one_buyer, found.outside) == (("E0002",), 0)


def test_the_window_holds_starts_and_a_bare_year_lies_in_its_middle() -> None:
    found = events(row("E0001", start="2009"), row("E0002", start="2025"), last=date(2025, 7, 1))
    assert found.events.select("event_no", "start").rows() == [("E0002", date(2025, 7, 1))]
    with pytest.raises(InputError, match="no realised event started between 2010 and 2025-06-30"):
        events(row("E0002", start="2025"), last=date(2025, 6, 30))


def test_length_is_stated_open_or_not_known() -> None:
    found = events(
        row("E0001", start="2020-03-01", end="2020-05-01", end_mark="stated"),
        row("E0002", start="2025-11-30", end_mark="open"),
        row("E0003"),
        row("E0004", start="2025-10-31"),
        row("E0005", start="2025-03-01", end="2025-05-01", end_mark="stated"),
        in_force={"E0004", "E0005"},
    )
    months = found.events.select("months", "censored").rows()
    assert months[0] == (pytest.approx(61 / 30.4375), False)
    assert months[1] == (pytest.approx(31 / 30.4375), True)
    assert months[2] == (None, False)
    # A measure in force has lasted to the last day at least; a stated end is an end.
    assert months[3] == (pytest.approx(61 / 30.4375), True)
    assert months[4] == (pytest.approx(61 / 30.4375), False)


def test_large_events_are_those_always_reported() -> None:
    found = events(
        row("E0001", world_share=0.06, world_basis="halted_rate"),
        row("E0002", world_share=0.98, world_basis="exposed"),  # could be lost, was not
        row("E0003", price_change=0.25),
        row("E0004", hazard="export_restriction", iso3="COD", material_id="cobalt"),  # 70 % of the world
        row("E0005", hazard="strike", iso3="COD", material_id="cobalt"),  # no measure
    )
    assert found.events["large"].to_list() == [True, False, True, True, False]


def test_biting_needs_a_documented_effect() -> None:
    found = events(
        row("E0001", capacity_share=0.3, capacity_basis="country"),
        row("E0002", capacity_share=0.3, capacity_basis="at_risk"),
        row("E0003", eu_impact=True),
        row("E0004"),
    )
    assert found.events["biting"].to_list() == [True, False, True, False]


def test_goods_that_the_country_does_not_make_at_that_stage_are_those_it_makes() -> None:
    hydroxide = row("E0001", iso3="COD", material_id="cobalt", stage="refining")
    assert products_hit(hydroxide, CHAINS, share) == {"cobalt_mine"}
    assert products_hit({**hydroxide, "iso3": "CHN"}, CHAINS, share) == {"cobalt_refined"}
    assert products_hit({**hydroxide, "product_ids": "cobalt_refined"}, CHAINS, lambda p, c: 1.0) == {"cobalt_refined"}


def test_mines_of_a_material_without_any_are_those_of_its_family() -> None:
    mine = row("E0001", iso3="MMR", material_id="dysprosium", world_share=0.05, world_basis="halted_rate")
    refinery = row("E0002", iso3="CHN", material_id="dysprosium", stage="refining")
    found = events(mine, refinery)
    # Scandium is of the family too, and Myanmar makes none.
    assert found.hits.rows() == [("E0001", "rare_earths_mine"), ("E0002", "dytb_refined")]
    # 5 % of the world's dysprosium is no half of Myanmar's tenth of all rare earths: no severity, but a large event.
    assert found.rows["of_family"].to_list() == [True, False]
    assert _loss(found.rows.row(0, named=True), 0.1) == (None, 0.0)
    assert found.events["large"].to_list() == [True, False]
    # What its country refines of it is not what stops at a mine of the family, and the other way round.
    assert products_hit({**refinery, "iso3": "MMR"}, CHAINS, share) == {"dytb_refined"}
    assert events(row("E0003"), {**refinery, "iso3": "MMR"}).unplaced == ("E0002",)
