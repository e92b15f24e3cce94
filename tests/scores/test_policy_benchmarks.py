"""65 % from one third country, partners, and targets: rules by hand and figures of a run."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.targets_run import TargetsView, targets_of, targets_view
from supplyrisk.scores.partners import PARTS, partner_table
from supplyrisk.scores.single_country import MOVED, single_country_table, strategic_products, verdict_of
from supplyrisk.scores.sourcing import MOVED_LANES, NOTHING_USED
from supplyrisk.scores.stage_capacity import BY_VALUE, OF_MATERIAL, UNWEIGHTED
from supplyrisk.scores.strategic_materials import strategic_entries
from supplyrisk.scores.table import SCHEMA
from supplyrisk.scores.target_measures import Measured, TargetInputs, measure_target
from supplyrisk.scores.targets import TARGET_KINDS, targets_table
from tests.conftest import ROOT

AS_OF = date(2024, 12, 31)
COUNTRIES = pl.DataFrame(
    [
        ("CHN", "country", False, None, False, None, False, None, "names"),
        ("CHL", "country", False, 2023, True, 2003, False, None, "names"),
        ("KAZ", "country", False, 2022, False, None, True, 2021, "names"),
        ("NOR", "country", False, 2030, True, 1994, False, None, "names"),
        ("ZAF", "country", False, None, True, None, True, None, "names;list"),
        ("DEU", "country", True, None, False, None, False, None, "names"),
        ("NLD", "country", True, None, False, None, False, None, "names"),
        ("EU27", "region", False, None, False, None, False, None, "names"),
        ("ROW", "rest", False, None, False, None, False, None, "names"),
    ],
    schema={
        "iso3": pl.String,
        "kind": pl.String,
        "eu27": pl.Boolean,
        "eu_crm_partnership": pl.Int64,
        "fta_with_eu": pl.Boolean,
        "fta_year": pl.Int64,
        "nl_partnership": pl.Boolean,
        "nl_partnership_year": pl.Int64,
        "source_ids": pl.String,
    },
    orient="row",
)
SOURCES = pl.DataFrame(
    [("names", "published", date(2000, 1, 1), None, None), ("list", "published", date(2023, 5, 9), None, None)],
    schema={
        "source_id": pl.String,
        "release_rule": pl.String,
        "published": pl.Date,
        "release_lag_days": pl.Int64,
        "last_period": pl.String,
    },
    orient="row",
)
MATERIALS = pl.DataFrame(
    {
        "material_id": ["metal", "sand"],
        "strategic_2024": [True, False],
        "annex_i_entry": ["a) metal", None],
        "list_level": ["entry", "none"],
    }
)
PRODUCTS = pl.DataFrame(
    {
        "product_id": ["metal_mine", "sand_pit"],
        "material_id": ["metal", "sand"],
        "stage": ["extraction", "extraction"],
        "ec_material_id": ["metal", None],
        "ec_stage": ["extraction", None],
    },
    schema_overrides={"ec_material_id": pl.String, "ec_stage": pl.String},
)
NO_STUDY = pl.DataFrame(
    schema={
        "edition": pl.Int64,
        "material_id": pl.String,
        "stage": pl.String,
        "scope": pl.String,
        "iso3": pl.String,
        "share": pl.Float64,
        "block_mark": pl.String,
    }
)


def scores_of_shares(scope: str = "EU27", **shares: float | tuple[float, float, float]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for country, share in shares.items():
        value, low, high = share if isinstance(share, tuple) else (share, share, share)
        row: dict[str, Any] = dict.fromkeys(SCHEMA)
        row |= {"metric": "sourcing_share", "product_id": "metal_mine", "stage": "extraction", "scope": scope}
        rows.append(row | {"scenario": "base", "country": country, "value": value, "low": low, "high": high})
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def single(scores: pl.DataFrame, region: str = "EU27", study: pl.DataFrame = NO_STUDY) -> dict[str, Any]:
    table = single_country_table(scores, PRODUCTS, MATERIALS, COUNTRIES, study, region, 0.65)
    assert table["product_id"].to_list() == ["metal_mine"]
    return table.to_dicts()[0]


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.66, 0.9, "above"),
        (0.60, 0.7, "not_decided"),
        (0.65, 0.7, "not_decided"),
        (0.1, 0.65, "below"),
        (None, 0.9, "not_measurable"),
    ],
)
def test_verdict_holds_only_where_the_whole_interval_does(low: float | None, high: float, verdict: str) -> None:
    assert verdict_of(low, high, 0.65) == verdict


def test_region_members_and_residuals_are_no_third_country() -> None:
    row = single(scores_of_shares(EU27=0.5, ROW=0.3, EU_UNSPECIFIED=0.1, CHN=0.1))
    assert (row["country"], row["share"], row["verdict"]) == ("CHN", 0.1, "below")
    dutch = single(scores_of_shares("NLD", DEU=0.9, CHN=0.1), "NLD")
    assert dutch["country"] == "CHN"


def test_another_country_that_may_pass_the_line_leaves_it_open() -> None:
    row = single(scores_of_shares(CHN=(0.5, 0.45, 0.55), CHL=(0.4, 0.1, 0.7)))
    assert (row["country"], row["verdict"]) == ("CHN", "not_decided")


@pytest.mark.parametrize(
    ("shares", "verdict", "reason", "unnamed"),
    [
        # 0.34 at most and 0.586 without a name: together 0.926 may come from one country.
        ({"CHN": (0.18, 0.09, 0.34), "ROW": 0.586}, "not_decided", "unnamed_may_pass_the_line", 0.586),
        ({"CHN": (0.18, 0.09, 0.34), "ROW": 0.31, "DEU": 0.5}, "below", None, 0.31),  # 0.34 + 0.31 is the line itself
        ({"CHN": (0.18, 0.09, 0.34), "ROW": 0.32, "DEU": 0.5}, "not_decided", "unnamed_may_pass_the_line", 0.32),
        ({"CHN": (0.18, 0.09, 0.34), "ROW": (0.3, 0.2, 0.4)}, "not_decided", "unnamed_may_pass_the_line", 0.3),
        ({"CHN": (0.6, 0.5, 0.7), "ROW": 0.1}, "not_decided", "range_holds_the_line", 0.1),
        ({"CHN": (0.8, 0.7, 0.9), "ROW": 0.1}, "above", None, 0.1),
        # EU output of unstated member is of no third country.
        ({"CHN": 0.3, "EU_UNSPECIFIED": 0.7}, "below", None, 0.0),
        # 0.004 in parts below a hundredth, which are not listed: all of it may be one country's.
        ({"CHN": (0.6, 0.5, 0.647), "DEU": 0.396}, "not_decided", "unnamed_may_pass_the_line", 0.004),
        ({"CHN": (0.6, 0.5, 0.645), "DEU": 0.396}, "below", None, 0.004),
    ],
)
def test_supply_without_a_name_may_all_be_of_one_country(
    shares: dict[str, Any], verdict: str, reason: str | None, unnamed: float
) -> None:
    row = single(scores_of_shares("NLD", **shares), "NLD")
    assert (row["verdict"], row["open_reason"], row["unnamed"]) == (verdict, reason, pytest.approx(unnamed))
    assert row["country"] == "CHN"


def test_without_a_third_country_by_name_its_share_is_not_known_to_be_nothing() -> None:
    own = single(scores_of_shares(DEU=0.996))
    assert (own["share"], own["low"], own["high"]) == (None, 0.0, pytest.approx(0.004))
    assert (own["verdict"], own["missing_reason"]) == ("below", "each_third_country_below_a_hundredth")
    rest = single(scores_of_shares(DEU=0.3, ROW=0.7))
    assert (rest["share"], rest["verdict"], rest["open_reason"]) == (None, "not_decided", "unnamed_may_pass_the_line")


def test_trade_that_was_moved_far_gives_neither_verdict_nor_range() -> None:
    for low, high in ((0.2, 0.46), (0.9, 0.99)):
        scores = scores_of_shares(CHN=((low + high) / 2, low, high), DEU=0.01)
        row = single(scores.with_columns(interval_kind=pl.lit(MOVED_LANES)))
        assert (row["country"], row["share"]) == ("CHN", (low + high) / 2)
        assert (row["low"], row["high"], row["verdict"], row["open_reason"]) == (
            None, None, "not_decided", "trade_moved_to_fit",
        )  # fmt: skip


def largest_share(*rows: tuple[str, float | None, float | None, float | None, str, str]) -> Measured:
    table = pl.DataFrame(rows, schema=["product_id", "share", "low", "high", "quality", "verdict"], orient="row")
    reason = pl.when(pl.col("verdict") == "not_measurable").then("quality")
    table = table.with_columns(
        open_reason=pl.when(pl.col("low").is_null() & (pl.col("verdict") == "not_decided")).then(pl.lit(MOVED)),
        missing_reason=reason,
    )
    row = {"metric": "share_from_one_third_country", "value": 65.0, "unit": "percent", "region": "EU27"}
    return measure_target(row, TargetInputs(NO_STUDY, table, PRODUCTS, MATERIALS, NO_STUDY, {}))


def test_a_share_by_assumption_without_a_range_is_not_the_value_of_the_target() -> None:
    assumed = ("dytb_refined", 1.0, 1.0, 1.0, "D", "above")
    found = largest_share(assumed, ("magnesium", 0.9, 0.8, 0.95, "C", "above"))
    assert found.product_id == "magnesium"
    assert (found.value, found.low, found.high) == pytest.approx((90.0, 80.0, 95.0))
    assert (found.verdict, found.with_figures) == ("not_met", 2)
    assert largest_share(assumed, ("copper", 0.3, 0.2, 0.4, "D", "below")).verdict == "not_decided"
    # A share from trade that is all of it stays a figure, and so does the assumed one where there is no other.
    assert largest_share(assumed, ("boron", 1.0, 1.0, 1.0, "C", "above")).product_id == "boron"
    assert largest_share(assumed).value == 100.0


def test_the_line_is_met_once_all_that_is_used_keeps_to_it() -> None:
    below = ("copper", 0.3, 0.2, 0.4, "C", "below")
    unused = ("lithium", None, None, None, NOTHING_USED, "not_measurable")
    found = largest_share(below, unused)
    assert (found.verdict, found.on_right_side, found.with_figures) == ("met", 1, 1)
    assert (found.concerned, found.not_used) == (1, 1)
    unknown = largest_share(below, unused, ("pgm", None, None, None, "place_of_use_unknown", "not_measurable"))
    assert (unknown.verdict, unknown.concerned, unknown.not_used) == ("not_decided", 2, 1)


def test_a_share_that_trade_does_not_tell_is_not_the_value_of_the_target_and_keeps_it_open() -> None:
    moved = ("nickel_mine", 0.9, None, None, "D", "not_decided")
    found = largest_share(moved, ("copper", 0.3, 0.2, 0.4, "C", "below"))
    assert (found.product_id, found.verdict) == ("copper", "not_decided")
    assert (found.on_right_side, found.with_figures, found.concerned) == (1, 2, 2)


def test_gaps_keep_their_reason() -> None:
    gap: dict[str, Any] = dict.fromkeys(SCHEMA)
    gap |= {"metric": "import_dependence", "product_id": "metal_mine", "scope": "EU27", "scenario": "base"}
    scores = pl.DataFrame([gap | {"missing_reason": "place_of_use_unknown"}], schema=dict(SCHEMA))
    row = single(scores)
    assert (row["share"], row["verdict"], row["missing_reason"]) == (None, "not_measurable", "place_of_use_unknown")


def test_shares_of_the_study_stand_beside() -> None:
    study = pl.DataFrame(
        [
            (2023, "metal", "extraction", "eu_sourcing", code, share, None)
            for code, share in (("DEU", 0.2), ("CHL", 0.7))
        ],
        schema=NO_STUDY.schema,
        orient="row",
    )
    row = single(scores_of_shares(CHN=0.1), study=study)
    assert (row["study_country"], row["study_share"], row["study_verdict"]) == ("CHL", 0.7, "above")
    assert row["share"] == 0.1


@pytest.mark.parametrize(
    ("shares", "verdict"),
    [
        ({"CHL": 0.62, "DEU": 0.35}, "below"),  # with the 0.03 that it names nobody for: 0.65
        ({"CHL": 0.62, "DEU": 0.34}, "not_decided"),
        ({"DEU": 0.9}, "below"),
        ({"DEU": 0.3}, "not_decided"),
    ],
)
def test_what_shares_of_the_study_leave_of_one_has_no_name(shares: dict[str, float], verdict: str) -> None:
    rows = [(2023, "metal", "extraction", "eu_sourcing", code, share, None) for code, share in shares.items()]
    row = single(scores_of_shares(CHN=0.1), study=pl.DataFrame(rows, schema=NO_STUDY.schema, orient="row"))
    assert (row["study_verdict"], row["study_share"]) == (verdict, shares.get("CHL"))


def test_only_strategic_raw_materials_are_asked() -> None:
    assert strategic_products(PRODUCTS, MATERIALS) == {"metal_mine": "metal"}


def recycling_inputs(rates: dict[str, float]) -> TargetInputs:
    """Of metal, metals a and b of one group, and a rare one without a rate."""
    materials = pl.DataFrame(
        [
            ("metal", True, "a) metal", "entry"),
            ("group", True, "b) group", "entry"),
            ("group_a", True, "b) group", "member"),
            ("group_b", True, "b) group", "member"),
            ("rare", True, "c) rare", "entry"),
            ("sand", False, None, "none"),
        ],
        schema=["material_id", "strategic_2024", "annex_i_entry", "list_level"],
        orient="row",
    )
    eol_rir = pl.DataFrame({"material_id": list(rates), "edition": 2023, "eol_rir_share": list(rates.values())})
    empty = pl.DataFrame()
    return TargetInputs(empty, empty, PRODUCTS, materials, eol_rir, {})


RECYCLING = {"metric": "recycling_capacity_of_consumption", "unit": "percent", "region": "EU27"}


def recycled(rates: dict[str, float], line: float) -> Measured:
    return measure_target(RECYCLING | {"value": line}, recycling_inputs(rates))


def test_recycling_counts_a_group_once_and_is_missed_where_even_the_high_end_is() -> None:
    # metal 0.3, the group (0.1 + 0.2)/2 = 0.15, the rare one unknown: 0.45/2, 0.45/3 to 1.45/3.
    found = recycled({"metal": 0.3, "group_a": 0.1, "group_b": 0.2, "sand": 0.9}, 25.0)
    assert (found.mean, found.mean_low, found.mean_high) == pytest.approx((22.5, 15.0, 145 / 3))
    assert (found.on_right_side, found.with_figures, found.concerned) == (1, 2, 3)
    assert found.verdict == "not_decided"
    assert recycled({"metal": 0.3, "group_a": 0.1, "group_b": 0.2}, 50.0).verdict == "not_met"
    assert recycled({"metal": 0.3, "group": 0.3, "rare": 0.3}, 25.0).verdict == "met"


def test_metals_of_a_group_without_a_rate_count_at_nothing_and_at_all_at_the_ends() -> None:
    # metal 0.3; group one of two known: 0.1, (0.1 + 0)/2 to (0.1 + 1)/2; rare 0.2.
    found = recycled({"metal": 0.3, "group_a": 0.1, "rare": 0.2}, 25.0)
    assert (found.mean, found.mean_low, found.mean_high) == pytest.approx((20.0, 55 / 3, 105 / 3))
    assert (found.on_right_side, found.with_figures, found.concerned) == (1, 2, 3)
    assert found.verdict == "not_decided"  # as if exact, 20 would miss 25
    assert recycled({"metal": 0.3, "group_a": 0.1, "rare": 0.2}, 15.0).verdict == "not_decided"  # one is not whole
    # The group's own rate stands for all of it.
    assert recycled({"metal": 0.3, "group": 0.1, "rare": 0.2}, 25.0).verdict == "not_met"


def test_both_measures_decide_where_there_are_two() -> None:
    def stage(worth: tuple[float, float, float], mean: tuple[float, float, float], line: float) -> str:
        given = {"scope": "EU27", "scenario": "base", "stage": "extraction", "materials_covered": 1}
        rows = [{**dict.fromkeys(SCHEMA), **given, "metric": OF_MATERIAL, "value": 0.5}]
        for metric, ends in ((BY_VALUE, worth), (UNWEIGHTED, mean)):
            row = {"metric": metric, "materials_concerned": 1} | dict(zip(("low", "value", "high"), ends, strict=True))
            rows.append({**dict.fromkeys(SCHEMA), **given, **row})
        inputs = replace(recycling_inputs({}), scores=pl.DataFrame(rows, schema=dict(SCHEMA)))
        asked = {"metric": "extraction_capacity_of_consumption", "unit": "percent", "region": "EU27", "value": line}
        return measure_target(asked, inputs).verdict

    high, low = (0.3, 0.4, 0.5), (0.1, 0.15, 0.2)
    assert [stage(high, high, 25.0), stage(low, low, 25.0)] == ["met", "not_met"]
    assert [stage(high, low, 25.0), stage(low, high, 25.0)] == ["not_decided", "not_decided"]


def test_a_target_with_a_mean_alone_has_its_gap_from_the_mean() -> None:
    words = dict.fromkeys(("subject", "legal_basis", "source_ids", "year", "date"))
    row = {**words, **RECYCLING, "target_id": "a", "kind": "benchmark", "direction": "minimum", "value": 40.0}
    (missed,) = targets_table(pl.DataFrame([row]), recycling_inputs({"metal": 0.3, "group_a": 0.1})).to_dicts()
    assert (missed["verdict"], missed["value"], missed["mean"]) == ("not_decided", None, pytest.approx(20.0))
    assert missed["gap"] is None
    # One measure known without the other gives no verdict, and no gap either.
    asked = row | {"metric": "extraction_capacity_of_consumption", "region": "EU27"}
    mean = {"scope": "EU27", "scenario": "base", "stage": "extraction", "metric": UNWEIGHTED}
    scores = pl.DataFrame([mean | {"value": 0.2, "low": 0.1, "high": 0.3}], schema=dict(SCHEMA))
    (alone,) = targets_table(pl.DataFrame([asked]), replace(recycling_inputs({}), scores=scores)).to_dicts()
    assert (alone["verdict"], alone["mean"], alone["gap"]) == ("not_measurable", pytest.approx(20.0), None)
    all_known = recycling_inputs({"metal": 0.3, "group": 0.3, "rare": 0.3})
    (missed,) = targets_table(pl.DataFrame([row]), all_known).to_dicts()
    assert (missed["verdict"], missed["gap"]) == ("not_met", pytest.approx(10.0))


def test_the_list_has_seventeen_entries() -> None:
    materials = pl.read_csv(ROOT / "data" / "materials.csv", infer_schema_length=None)
    entries = strategic_entries(materials)
    assert len(set(entries.values())) == 17
    assert (entries["palladium"], entries["bauxite"], entries["dysprosium"]) == (
        "pgm", "aluminium", "rare_earths_magnet",
    )  # fmt: skip


def test_partners_by_hand() -> None:
    scores = scores_of_shares(EU27=0.1, CHL=0.3, KAZ=0.2, NOR=0.1, CHN=0.15, ROW=0.1)
    row = partner_table(scores, COUNTRIES, SOURCES, "EU27", AS_OF).to_dicts()[0]
    expected = {
        "own_region": 0.1,
        "other_eu_members": 0.0,
        "partnership_only": 0.2,  # Kazakhstan
        "partnership_and_agreement": 0.3,  # Chile
        "agreement_only": 0.1,  # Norway: its partnership is of 2030, so later than the year
        "neither": 0.15,
        "secondary": 0.0,
        "not_named": 0.15,  # the rest of the world, and what is too small to be listed
        "eu_partnership": 0.5,
        "nl_partnership": 0.2,
        "trade_agreement": 0.4,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    assert row["largest_neither"] == "CHN"


@pytest.mark.parametrize(
    ("as_of", "partnership"),
    [(date(2022, 12, 30), 0.0), (date(2022, 12, 31), 0.5), (date(2023, 3, 31), 0.5), (date(2026, 3, 31), 0.7)],
)
def test_a_partnership_counts_once_its_year_is_over_on_the_day_of_the_report(as_of: date, partnership: float) -> None:
    # Kazakhstan signed in 2022, Chile in 2023, Norway in 2030.
    scores = scores_of_shares(KAZ=0.5, CHL=0.2, NOR=0.1)
    row = partner_table(scores, COUNTRIES, SOURCES, "EU27", as_of).to_dicts()[0]
    assert row["eu_partnership"] == pytest.approx(partnership)


@pytest.mark.parametrize(
    ("as_of", "held"), [(date(2005, 12, 31), 0.0), (date(2023, 5, 8), 0.0), (date(2023, 5, 9), 0.3)]
)
def test_what_has_no_year_counts_from_the_day_its_sources_were_public(as_of: date, held: float) -> None:
    row = partner_table(scores_of_shares(ZAF=0.3), COUNTRIES, SOURCES, "EU27", as_of).to_dicts()[0]
    assert (row["trade_agreement"], row["nl_partnership"]) == pytest.approx((held, held))


@pytest.mark.parametrize(("as_of", "held"), [(date(2021, 12, 30), 0.0), (date(2021, 12, 31), 0.3)])
def test_a_dutch_partnership_counts_once_its_year_is_over(as_of: date, held: float) -> None:
    row = partner_table(scores_of_shares(KAZ=0.3), COUNTRIES, SOURCES, "EU27", as_of).to_dicts()[0]
    assert row["nl_partnership"] == pytest.approx(held)


def test_scrap_behind_an_end_product_is_a_part_of_its_own() -> None:
    # A tenth is mined in the EU, 0.06 in China, 0.79 is met by scrap: 0.05 is left without a name.
    mined = scores_of_shares(EU27=0.1, CHN=0.06).with_columns(
        pl.lit("look_through_share").alias("metric"), pl.lit("refined").alias("end_product")
    )
    scrap = scores_of_shares(EU27=0.79).with_columns(
        pl.lit("look_through_secondary").alias("metric"),
        pl.lit("refined").alias("end_product"),
        pl.lit(None, dtype=pl.String).alias("country"),
    )
    (row,) = partner_table(pl.concat([mined, scrap]), COUNTRIES, SOURCES, "EU27", AS_OF).to_dicts()
    parts = ("own_region", "neither", "secondary", "not_named")
    assert [row[part] for part in parts] == pytest.approx([0.1, 0.06, 0.79, 0.05])
    assert sum(row[part] for part in PARTS) == pytest.approx(1.0)
    (other,) = partner_table(mined, COUNTRIES, SOURCES, "EU27", AS_OF).to_dicts()
    assert (other["secondary"], other["not_named"]) == pytest.approx((0.0, 0.84))


@given(st.lists(st.floats(0.0, 1.0), min_size=6, max_size=6))
def test_parts_add_up_to_one(weights: list[float]) -> None:
    total = sum(weights) + 0.1
    codes = ("NLD", "DEU", "CHL", "KAZ", "NOR", "CHN")
    shares = {code: weight / total for code, weight in zip(codes, weights, strict=True)}
    row = partner_table(scores_of_shares("NLD", **shares), COUNTRIES, SOURCES, "NLD", AS_OF).to_dicts()[0]
    assert sum(row[part] for part in PARTS) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def view(run_2026q1: Run) -> TargetsView:
    return targets_view(run_2026q1.package, run_2026q1.scores.table, run_2026q1.focus, 0.65)


def test_no_target_is_dropped(view: TargetsView, run_2026q1: Run) -> None:
    policy = run_2026q1.package.table("policy_targets")
    assert view.targets.height == policy.filter(pl.col("kind").is_in(list(TARGET_KINDS))).height
    told = view.targets.select(pl.col("value").is_null() == pl.col("missing_reason").is_not_null()).to_series()
    assert told.all()
    crma = view.targets.filter(pl.col("target_id") == "crma_single_country_2030").to_dicts()[0]
    printed = policy.filter(pl.col("target_id") == "crma_single_country_2030").to_dicts()[0]
    assert (crma["legal_basis"], crma["source_ids"]) == (printed["legal_basis"], printed["source_ids"])


def test_value_added_falls_short_of_more_than_half(view: TargetsView) -> None:
    row = view.targets.filter(pl.col("metric") == "european_value_added").to_dicts()[0]
    assert row["verdict"] == "not_met"
    assert row["gap"] == pytest.approx(50.0 - row["value"])
    assert (row["year"], row["value_covered"]) == (2024, None)
    assert row["low"] < row["value"] < row["high"] < 50.0


def test_single_suppliers_of_the_eu(view: TargetsView) -> None:
    eu = {row["product_id"]: row for row in view.single_country.filter(pl.col("region") == "EU27").to_dicts()}
    assert (eu["lithium_chemicals"]["country"], eu["lithium_chemicals"]["verdict"]) == ("CHL", "above")
    assert (eu["ndfeb_magnet"]["country"], eu["ndfeb_magnet"]["verdict"]) == ("CHN", "above")
    assert eu["aluminium_primary"]["verdict"] == "below"
    assert (eu["nickel_mine"]["verdict"], eu["nickel_mine"]["open_reason"]) == ("not_decided", MOVED)
    # Annex 7 of the study of 2023: 79 % of EU lithium at processing from Chile, 97 % of magnesium from China.
    assert (eu["lithium_chemicals"]["study_country"], eu["lithium_chemicals"]["study_share"]) == ("CHL", 0.79)
    assert (eu["magnesium_metal"]["study_country"], eu["magnesium_metal"]["study_share"]) == ("CHN", 0.97)


def test_a_view_there_is_not_is_told_before_anything_is_computed() -> None:
    with pytest.raises(InputError, match="Did you mean 'partners'"):
        targets_of(ROOT, None, None, "partner", [])


def test_projects_and_imports_are_told_without_scores(view: TargetsView, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_scores(*asked: object) -> None:
        raise AssertionError("scores are worked out")

    monkeypatch.setattr("supplyrisk.runs.targets_run.scores_of", no_scores)
    assert targets_of(ROOT, "2026Q1", None, "projects", []).equals(view.projects)
    imports = targets_of(ROOT, "2026Q1", None, "imports", [])
    assert imports.columns == view.imports.columns
    assert "lithium_chemicals" in imports["product_id"].to_list()
