"""Findings on the network against hand-made scores: right words for whatever comes, and never a centre alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.finding import Finding
from supplyrisk.findings.network import CHAIN_CUT, NetworkFacts, network_findings
from supplyrisk.findings.origin import NO_TRADE_TABLE
from supplyrisk.network.regional_use import SCHEMA as USE
from supplyrisk.runs.network_facts import value_added_goal
from supplyrisk.runs.quarterly import Run
from supplyrisk.scores.single_country import MOVED
from supplyrisk.scores.sourcing import MOVED_LANES, UNNAMED_LARGER
from tests.score_builders import COUNTRY_TABLE, score, score_frame

FACTS = NetworkFacts(
    products=pl.DataFrame({"product_id": ["a", "b", "c"], "evidence": ["trade", "prior", "prior"]}),
    use=pl.DataFrame(
        [
            ("EU27", "lithium_chemicals", 8.0, 0.2, "trade"),
            ("EU27", "copper_refined", 1.0, 0.0001, "trade"),
            ("EU27", "battery_pack_lfp", 9.0, 0.1, "final_demand"),
            ("EU27", "cobalt_refined", None, None, "unknown"),
            ("EU27", "lithium_mine", 0.0, 0.0, "nothing"),
        ],
        schema=USE,
        orient="row",
    ),
    gaps={},
    countries=COUNTRY_TABLE,
    goal=(0.5, 2030),
    line=0.65,
)


def eu(metric: str, product: str | None, value: float | None = None, **given: Any) -> dict[str, Any]:
    """A score of the EU; behind batteries unless said otherwise where an end product belongs to the metric."""
    looked = (
        "look_through_share", "look_through_secondary", "pass_through", "hidden_dependency", "value_added_share",
        "value_added_share_made",
    )  # fmt: skip
    standard: dict[str, Any] = {"scope": "EU27", "end_product": "battery" if metric in looked else None}
    return score(metric, product or "", value, **(standard | given)) | {"product_id": product}


LITHIUM: Sequence[Mapping[str, Any]] = (
    eu("look_through_share", "lithium_chemicals", 0.6, low=0.5, high=0.7, country="CHN"),
    eu("look_through_share", "lithium_chemicals", 0.3, country="CHL"),
    eu("pass_through", "lithium_mine", 0.8, low=0.75, high=0.9, country="CHN"),
    eu("sourcing_share", "lithium_chemicals", 0.7, low=0.65, high=0.75, country="CHL"),
    eu("sourcing_share", "lithium_chemicals", 0.1, low=0.05, high=0.2, country="CHN"),
    eu("hidden_dependency", "lithium_chemicals", 0.5, low=0.4, high=0.6, country="CHN"),
    eu("import_dependence", "lithium_chemicals", 1.0),
)


UNNAMED: Mapping[str, float] = {"ROW": 0.4, "EU_UNSPECIFIED": 0.31}
"""Together more than the 0.7 of Chile."""


def findings(rows: Sequence[Mapping[str, Any]], facts: NetworkFacts = FACTS) -> list[Finding]:
    return list(network_findings(score_frame(rows), facts, ["EU27"]))


def one(message: str, rows: Sequence[Mapping[str, Any]], facts: NetworkFacts = FACTS) -> Finding:
    """The only finding with a message."""
    (found,) = [finding for finding in findings(rows, facts) if finding.message_id == message]
    return found


def messages(rows: Sequence[Mapping[str, Any]], facts: NetworkFacts = FACTS) -> set[str]:
    return {finding.message_id for finding in findings(rows, facts)}


# --- where a material was refined


def test_origin_behind_another_direct_supplier_carries_all_intervals() -> None:
    found = one("network_origin_hidden", LITHIUM)
    told = found.numbers
    assert (told["country"], told["share"], told["low"], told["high"]) == ("CHN", 0.6, 0.5, 0.7)
    assert (told["passed"], told["passed_low"], told["passed_high"]) == (0.8, 0.75, 0.9)
    assert (told["direct_country"], told["direct"], told["direct_low"], told["direct_high"]) == ("CHL", 0.7, 0.65, 0.75)
    assert told["hidden"] == pytest.approx(0.5)
    assert len(found.score_keys) == 3


def test_the_same_country_directly_and_behind_is_said_to_be_the_same() -> None:
    rows = [row for row in LITHIUM if not (row["metric"] == "sourcing_share" and row["country"] == "CHL")]
    assert one("network_origin_open", rows).numbers["direct_country"] == "CHN"


def test_without_direct_shares_the_reason_is_told() -> None:
    rows = [row for row in LITHIUM if row["metric"] in ("look_through_share", "pass_through")]
    assert one("network_origin", rows).numbers["reason"] == NO_TRADE_TABLE
    unknown = eu("import_dependence", "lithium_chemicals", missing_reason="place_of_use_unknown", low=None, high=None)
    assert one("network_origin", [*rows, unknown]).numbers["reason"] == "place_of_use_unknown"


def test_direct_supply_without_a_name_or_moved_to_fit_names_no_largest_supplier() -> None:
    unnamed = [eu("sourcing_share", "lithium_chemicals", share, country=code) for code, share in UNNAMED.items()]
    assert one("network_origin", [*LITHIUM, *unnamed]).numbers["reason"] == UNNAMED_LARGER
    assert one("network_origin_hidden", [*LITHIUM, unnamed[0]]).numbers["direct_country"] == "CHL"
    moved = [{**row, "interval_kind": MOVED_LANES} for row in LITHIUM if row["metric"] != "hidden_dependency"]
    assert one("network_origin", moved).numbers["reason"] == MOVED


def test_nothing_passing_through_is_not_made_up() -> None:
    rows = [row for row in LITHIUM if row["metric"] == "look_through_share"]
    assert "passed" not in one("network_origin_short", rows).numbers


def test_what_is_not_named_is_never_the_largest_country() -> None:
    def with_rest(share: float) -> list[Mapping[str, Any]]:
        return [*LITHIUM, eu("look_through_share", "lithium_chemicals", share, country="ROW")]

    assert one("network_origin_hidden", with_rest(0.1)).numbers["country"] == "CHN"
    # China has 0.6: one country among the rest may have more.
    assert "network_origin_hidden" not in messages(with_rest(0.61))


def test_the_most_hidden_material_leads_and_the_others_follow_in_the_chapter() -> None:
    nickel = [
        {**row, "product_id": {"lithium_chemicals": "nickel_refined", "lithium_mine": "nickel_mine"}[row["product_id"]]}
        for row in LITHIUM
    ]
    nickel = [{**row, "value": 0.55} if row["metric"] == "hidden_dependency" else row for row in nickel]
    found = {f.numbers["product"]: f.topic for f in findings([*LITHIUM, *nickel]) if "root" in f.numbers}
    assert found == {"nickel_refined": "headline", "lithium_chemicals": "network_EU27"}


def test_scores_of_a_later_year_do_not_enter() -> None:
    outlook = [{**row, "scenario": "announced", "year": 2030, "value": 0.99, "high": 0.99} for row in LITHIUM]
    assert one("network_origin_hidden", [*LITHIUM, *outlook]).numbers["share"] == 0.6


# --- European value added


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.1, 0.4, "below"), (0.1, 0.5, "below"), (0.4, 0.6, "within"), (0.51, 0.6, "above")]
)
def test_value_added_is_set_beside_the_goal_as_a_range(low: float, high: float, verdict: str) -> None:
    row = eu("value_added_share", None, (low + high) / 2, low=low, high=high, stage=None, country="EU27")
    told = one("network_value_added_share_goal", [row]).numbers
    assert (told["verdict"], told["low"], told["high"], told["goal"]) == (verdict, low, high, 0.5)


def test_value_added_always_carries_its_range() -> None:
    rows = [
        eu(metric, None, 0.3, low=0.1, high=0.4, stage=None, country="EU27")
        for metric in ("value_added_share", "value_added_share_made")
    ]
    for facts in (FACTS, replace(FACTS, goal=None)):
        told = [found for found in findings(rows, facts) if found.message_id.startswith("network_value_added")]
        assert len(told) == 2
        assert all({"low", "value", "high"} <= set(found.numbers) for found in told)


def test_value_added_by_stage_is_no_headline() -> None:
    row = eu("value_added_share", None, 0.9, stage="pack", country="EU27")
    assert not {message for message in messages([row]) if "value_added" in message}


def test_value_added_that_is_missing_is_told_with_its_reason() -> None:
    row = eu("value_added_share", None, missing_reason="nothing_used_in_region", stage=None, country="EU27")
    assert one("network_value_added_share_gap", [row]).numbers["reason"] == "nothing_used_in_region"


def test_value_added_behind_a_cut_chain_is_not_given() -> None:
    row = eu("value_added_share", None, 0.75, low=0.2, high=0.8, stage=None, country="EU27")
    cut = replace(FACTS, gaps={"cells": "no_supply_known"}, cut={"battery": ("cells",), "ndfeb_magnet": ()})
    assert one("network_value_added_share_gap", [row], cut).numbers["reason"] == CHAIN_CUT
    told = [found for found in findings([row], cut) if found.message_id == "network_cut"]
    assert [found.topic for found in told] == ["headline", "network_EU27"]
    assert told[0].numbers["products"] == ["cells"]


def test_goal_is_read_from_the_targets_and_may_be_missing() -> None:
    targets = pl.DataFrame(
        {
            "metric": ["share", "european_value_added"],
            "unit": ["percent", "percent"],
            "value": [9.0, 50.0],
            "year": [2029, 2030],
        }
    )
    assert value_added_goal(targets) == (0.5, 2030)
    assert value_added_goal(targets.head(1)) is None


# --- single suppliers, imports, hubs, coverage


def test_single_suppliers_are_counted_outside_the_eu_only() -> None:
    rows = [
        *(eu("import_dependence", product, 0.9) for product in ("a", "b", "c")),
        eu("sourcing_share", "a", 0.70, low=0.60, high=0.80, country="CHN"),
        eu("sourcing_share", "b", 0.60, low=0.50, high=0.66, country="CHN"),
        eu("sourcing_share", "c", 0.90, country="DEU"),
        eu("sourcing_share", "c", 0.95, country="ROW"),
    ]
    told = one("network_single", rows).numbers
    assert (told["count"], told["total"], told["surely"], told["possibly"]) == (1, 3, 0, 2)
    assert (told["country"], told["country_count"]) == ("CHN", 1)


def test_a_product_whose_trade_moved_far_to_fit_possibly_has_one_supplier() -> None:
    rows = [
        eu("import_dependence", "a", 1.0),
        eu("import_dependence", "b", 1.0),
        eu("sourcing_share", "a", 0.9, low=0.8, high=0.95, country="CHN"),
        eu("sourcing_share", "b", 0.9, low=0.8, high=0.95, country="CHN", interval_kind=MOVED_LANES),
    ]
    told = one("network_single", rows).numbers
    assert [told[name] for name in ("count", "total", "surely", "possibly")] == [1, 2, 1, 2]


def test_assumptions_are_never_sure_and_what_has_no_name_may_be_of_the_country() -> None:
    rows = [
        *(eu("import_dependence", product, 1.0) for product in ("a", "b", "c")),
        eu("sourcing_share", "a", 1.0, low=1.0, high=1.0, country="CHN", quality="D"),
        eu("sourcing_share", "b", 0.4, low=0.3, high=0.5, country="CHN"),
        eu("sourcing_share", "b", 0.2, country="ROW"),
        eu("sourcing_share", "c", 0.4, low=0.3, high=0.5, country="CHN"),
    ]
    told = one("network_single", rows).numbers  # the line is 0.65: 0.5 + 0.2 passes it
    assert [told[name] for name in ("count", "total", "surely", "possibly")] == [1, 3, 0, 2]


def test_no_single_supplier_is_said_to_be_none() -> None:
    assert one("network_single_none", [eu("import_dependence", "a", 0.2)]).numbers["total"] == 1


def test_imports_are_counted_with_their_uncertainty() -> None:
    rows = [
        eu("import_dependence", "a", 1.0),
        eu("import_dependence", "b", 0.6, low=0.4, high=0.7),
        eu("import_dependence", "c", 0.4, low=0.3, high=0.6),
        eu("import_dependence", "d", missing_reason="place_of_use_unknown"),
    ]
    told = one("network_imports", rows).numbers
    assert [told[name] for name in ("count", "total", "surely", "possibly", "wholly")] == [2, 3, 1, 3, 1]
    open_ends = [eu("import_dependence", "a", 1.0, low=0.99), eu("import_dependence", "b", 0.9, high=1.0), rows[0]]
    told = one("network_imports", open_ends).numbers
    assert [told[name] for name in ("wholly", "wholly_surely", "wholly_possibly")] == [2, 1, 3]


def test_imports_of_what_moved_far_to_fit_are_possible_but_not_sure() -> None:
    moved = {"interval_kind": MOVED_LANES}
    rows = [eu("import_dependence", "a", 0.999, **moved), eu("sourcing_share", "a", 0.9, country="CHN", **moved)]
    told = one("network_imports", rows).numbers
    assert [told[name] for name in ("count", "surely", "possibly")] == [1, 0, 1]
    assert [told[name] for name in ("wholly", "wholly_surely", "wholly_possibly")] == [1, 0, 1]


def test_a_hub_is_told_by_a_product_that_the_region_uses_much_of() -> None:
    rows = [
        eu("dispatch_share", "lithium_chemicals", 0.5, country="DEU"),
        eu("sourcing_share", "lithium_chemicals", 0.7, country="CHL"),
        eu("dispatch_share", "copper_refined", 0.9, country="POL"),
        eu("sourcing_share", "copper_refined", 0.8, country="ZAF"),
    ]
    told = one("network_hub", rows).numbers
    # Copper is left out: 0.0001 of world use.
    assert (told["count"], told["total"], told["product"], told["maker"], told["made"]) == (
        1,
        1,
        "lithium_chemicals",
        "CHL",
        0.7,
    )
    # Who made or sent most is not known where trade moved far to fit, or where what has no name is larger.
    moved = [rows[0], rows[1] | {"interval_kind": MOVED_LANES}]
    unnamed = [*rows[:2], eu("sourcing_share", "lithium_chemicals", 0.71, country="ROW")]
    without_sender = [*rows[:2], eu("dispatch_share", "lithium_chemicals", 0.51, country="ROW")]
    for left_out in (moved, unnamed, without_sender):
        assert not messages(left_out) & {"network_hub", "network_hub_none"}
    same = [rows[0] | {"country": "CHL"}, rows[1]]
    assert one("network_hub_none", same).numbers["total"] == 1


def test_largest_hidden_dependency_must_be_sure_and_outside() -> None:
    rows = [
        eu("hidden_dependency", "one", 0.9, low=-0.1, high=1.0, country="CHN"),
        eu("hidden_dependency", "two", 0.8, low=0.7, high=0.9, country="EU27"),
        eu("hidden_dependency", "three", 0.4, low=0.3, high=0.5, country="CHN"),
        eu("look_through_share", "three", 0.4, country="CHN"),
    ]
    told = one("network_hidden", rows).numbers
    assert (told["product"], told["through"], told["direct"]) == ("three", 0.4, 0.0)
    assert "network_hidden" not in messages(rows[:2])
    shares = [eu("sourcing_share", "three", share, country=code) for code, share in {"CHL": 0.3, "ROW": 0.31}.items()]
    assert "network_hidden" in messages([*rows, shares[0]])
    assert "network_hidden" not in messages([*rows, *shares])
    # With a fifth of scrap the same share is 0.4 / 0.8 of what has a maker, so that 0.1 of purchases are left.
    told = one("network_hidden", [*rows, eu("look_through_secondary", "three", 0.2)]).numbers
    assert (told["through"], told["direct"]) == pytest.approx((0.5, 0.1))


def test_coverage_counts_gaps_as_unknown() -> None:
    told = one("network_coverage", [], replace(FACTS, gaps={"cells": "no_supply_known"})).numbers
    assert [told[name] for name in ("total", "known", "trade", "derived", "nothing", "unknown")] == [6, 3, 2, 1, 1, 2]


def test_evidence_is_told_and_gaps_are_named() -> None:
    facts = replace(FACTS, gaps={"z": "no_supply_known", "y": "no_supply_known"})
    assert dict(one("network_evidence", [], facts).numbers) == {"total": 3, "prior": 2, "trade": 1}
    assert one("network_stops", [], facts).numbers["products"] == ["y", "z"]
    facts = replace(FACTS, partly_known_demand=frozenset({"y", "x"}))
    assert one("network_demand_partly", [], facts).numbers["products"] == ["x", "y"]
    facts = replace(FACTS, gaps={"z": "no_supply_known", "y": "only_shares_known"})
    told = [f.numbers for f in findings([], facts) if f.message_id == "network_stops"]
    assert [(one["products"], one["reason"]) for one in told] == [
        (["z"], "no_supply_known"),
        (["y"], "only_shares_known"),
    ]


def test_no_network_gives_no_finding() -> None:
    empty = replace(FACTS, products=FACTS.products.clear(), use=FACTS.use.clear())
    assert findings([], empty) == []


# --- real runs


def test_an_earlier_quarter_says_beyond_what_nothing_is_looked_through(run_2025q4: Run) -> None:
    packs = [f.numbers["products"] for f in run_2025q4.findings if f.message_id == "network_demand_partly"]
    assert packs == [["battery_pack_lfp", "battery_pack_nmc"]]
    found = [finding for finding in run_2025q4.findings if finding.message_id == "network_cut"]
    assert [finding.topic for finding in found] == ["headline", "network_EU27", "network_NLD"]
    assert "battery_cell_nmc" in found[0].numbers["products"]
    assert not [f for f in run_2025q4.findings if f.message_id == "network_value_added_share_goal"]


def test_headlines_of_the_network_lead_for_every_region(run_2026q1: Run) -> None:
    first = [finding for finding in run_2026q1.findings if finding.topic == "headline"][:7]
    regions = [finding.numbers["region"] for finding in first]
    assert regions == ["EU27"] * 4 + ["NLD"] * 3
