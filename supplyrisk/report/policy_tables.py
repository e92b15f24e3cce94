"""Targets beside what the data give, the 65 % benchmark at every stage, and partners: tables of the policy chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.legal_reference import legal_reference
from supplyrisk.report.wording import Wording
from supplyrisk.scores.partners import PARTS
from supplyrisk.scores.single_country import NOT_MEASURABLE, by_assumption
from supplyrisk.scores.target_measures import MET, NOT_MET

Row = Mapping[str, Any]

_NOT_SHOWN = "–"


def targets_summary(targets: pl.DataFrame, wording: Wording) -> Table | None:
    """Targets that the data say something about: value, target, gap, outlook, verdict, counts."""
    told = targets.filter(pl.col("value").is_not_null() | pl.col("with_figures").is_not_null())
    if told.is_empty():
        return None
    page = wording.page
    header = tuple(
        page(key)
        for key in (
            "target_subject",
            "target_line",
            "target_due",
            "target_value",
            "target_gap",
            "target_outlook",
            "target_verdict",
            "target_counts",
            "target_basis",
        )
    )
    lines = tuple(
        (
            _subject(row, wording),
            f"{wording.catalogue['directions'][row['direction']]} {wording.number(row['target'], 0)} %",
            row["due"] or _NOT_SHOWN,
            _percent_range(row, ("value", "low", "high"), wording),
            _NOT_SHOWN if row["gap"] is None else wording.number(row["gap"], 0),
            _percent_range(row, ("outlook", "outlook_low", "outlook_high"), wording),
            _verdict(row, wording),
            _counts(row, wording),
            legal_reference(row["legal_basis"], wording) if row["legal_basis"] else _NOT_SHOWN,
        )
        for row in told.iter_rows(named=True)
    )
    return Table(page("targets_table"), header, lines, frozenset({3, 4, 5}))


def together_table(targets: pl.DataFrame, wording: Wording) -> Table | None:
    """Benchmarks over all strategic raw materials together: by worth, and as a mean of materials."""
    told = targets.filter(pl.col("mean").is_not_null()).sort("target_id")
    if told.is_empty():
        return None
    page = wording.page
    header = (page("target_subject"), page("target_line"), page("target_worth"), page("target_mean"))
    lines = tuple(
        (
            str(wording.catalogue["targets"][row["metric"]]),
            f"{wording.catalogue['directions'][row['direction']]} {wording.number(row['target'], 0)} %",
            _percent_range(row, ("value", "low", "high"), wording),
            _percent_range(row, ("mean", "mean_low", "mean_high"), wording),
        )
        for row in told.iter_rows(named=True)
    )
    return Table(page("together_table"), header, lines, frozenset({2, 3}))


def imports_table(imports: pl.DataFrame, wording: Wording) -> Table | None:
    """The largest share of one country in EU imports, in the years of the Commission's study and of late.

    Products of which it is known; the gaps stand in policy_imports.csv with their reasons.
    """
    imports = imports.filter(pl.col("missing_reason").is_null())
    if imports.is_empty():
        return None
    page = wording.page
    earlier, later = (
        page("imports_share", first=imports[f"{end}_from"].min(), last=imports[f"{end}_until"].max())
        for end in ("earlier", "later")
    )
    header = (page("product"), page("strategic"), page("third_country"), earlier, page("third_country"), later)
    lines = tuple(
        (
            wording.names.products[row["product_id"]],
            page("yes" if row["strategic"] else "no"),
            _country(row["earlier_country"], wording),
            _share(row["earlier"], wording),
            _country(row["later_country"], wording),
            _share(row["later"], wording),
        )
        for row in imports.iter_rows(named=True)
    )
    return Table(page("imports_table"), header, lines, frozenset({3, 5}))


def trend_gaps_table(targets: pl.DataFrame, wording: Wording) -> Table | None:
    """Targets that have a figure and no trend, by the reason."""
    told = targets.filter(pl.col("with_figures").is_not_null() | pl.col("value").is_not_null())
    without = told.filter(pl.col("trend_missing_reason").is_not_null()).sort("target_id")
    if without.is_empty():
        return None
    lines = tuple(
        (str(wording.catalogue["targets"][row["metric"]]), wording.format_reason(row["trend_missing_reason"]))
        for row in without.iter_rows(named=True)
    )
    page = wording.page
    return Table(page("trend_gaps_table"), (page("target_subject"), page("reason")), lines, frozenset())


def unmeasured_table(targets: pl.DataFrame, wording: Wording) -> Table | None:
    """How many targets and duties are not measured, by the reason."""
    untold = targets.filter(pl.col("value").is_null() & pl.col("with_figures").is_null())
    if untold.is_empty():
        return None
    page = wording.page
    names = wording.catalogue["targets"]
    counted = untold.group_by("missing_reason").agg(pl.len(), pl.col("metric").unique().sort()).sort("missing_reason")
    lines = tuple(
        (wording.format_reason(reason), str(count), ", ".join(str(names[metric]) for metric in metrics))
        for reason, count, metrics in counted.iter_rows()
    )
    return Table(page("targets_unmeasured"), (page("reason"), page("count"), page("metric")), lines, frozenset({1}))


def single_country_lines(single: pl.DataFrame, region: str, wording: Wording) -> Table | None:
    """Products of strategic raw materials with a figure, by our network and by the Commission's study."""
    own = single.filter(
        (pl.col("region") == region) & ((pl.col("verdict") != NOT_MEASURABLE) | pl.col("study_share").is_not_null())
    )
    if own.is_empty():
        return None
    page = wording.page
    header = (
        page("product"),
        page("stage"),
        page("third_country"),
        page("share"),
        page("target_verdict"),
        page("dispatched_from"),
        page("share"),
        page("study_country"),
        page("share"),
        page("grade"),
    )
    lines = tuple(
        (
            wording.names.products[row["product_id"]],
            str(wording.catalogue["stages"][row["stage"]]),
            _country(row["country"], wording),
            _share_range(row, wording),
            _with_reason(row, row["open_reason"] or row["missing_reason"], wording),
            _country(row["dispatch_country"], wording),
            _share(row["dispatch_share"], wording),
            _country(row["study_country"], wording),
            _share(row["study_share"], wording),
            row["quality"] or _NOT_SHOWN,
        )
        for row in own.iter_rows(named=True)
    )
    return Table(page("single_country_table", region=wording.format_place(region)), header, lines, frozenset({3, 6, 8}))


def unmeasured_products(single: pl.DataFrame, region: str, wording: Wording) -> Table | None:
    """Every product of strategic raw materials without a share in the region, not measured or not used, by reason."""
    own = single.filter((pl.col("region") == region) & (pl.col("verdict") == NOT_MEASURABLE))
    if own.is_empty():
        return None
    page = wording.page
    grouped = own.group_by("missing_reason").agg(pl.col("product_id").sort()).sort("missing_reason")
    lines = tuple(
        (wording.format_reason(reason), str(len(found)), wording.format_products(found))
        for reason, found in grouped.iter_rows()
    )
    caption = page("unmeasured_products", region=wording.format_place(region))
    return Table(caption, (page("reason"), page("count"), page("product")), lines, frozenset({1}))


def partners_lines(partners: pl.DataFrame, single: pl.DataFrame, region: str, wording: Wording) -> Table | None:
    """Where strategic raw materials used in the region come from, by kind of partner; parts add up to 100 %."""
    strategic = single.filter(pl.col("region") == region)["product_id"].to_list()
    own = partners.filter(
        (pl.col("region") == region) & (pl.col("view") == "direct") & pl.col("product_id").is_in(strategic)
    ).sort("neither", "product_id", descending=[True, False])
    if own.is_empty():
        return None
    page = wording.page
    empty = {"secondary"} | ({"other_eu_members"} if region == "EU27" else set())  # nought in the direct view, the EU
    parts = [part for part in PARTS if part not in empty]
    header = (page("product"), *(page(f"partner_{part}") for part in parts), page("largest_neither"))
    lines = tuple(
        (
            wording.names.products[row["product_id"]],
            *(wording.format_percent(row[part]) for part in parts),
            _country(row["largest_neither"], wording),
        )
        for row in own.iter_rows(named=True)
    )
    return Table(
        page("partners_table", region=wording.format_place(region)), header, lines, frozenset(range(1, len(parts) + 1))
    )


def projects_table(projects: pl.DataFrame, wording: Wording) -> Table | None:
    """Strategic projects known: how many have a capacity and a year of start."""
    if projects.is_empty():
        return None
    page = wording.page
    columns = ("projects", "with_materials", "with_capacity", "with_start_year")
    header = (page("selection"), *(page(f"projects_{column}") for column in columns))
    lines = tuple(
        (page(f"selection_{row['selection']}"), *(str(row[column]) for column in columns))
        for row in projects.iter_rows(named=True)
    )
    return Table(page("projects_table"), header, lines, frozenset({1, 2, 3, 4}))


def _subject(row: Row, wording: Wording) -> str:
    """Name of the target, with the product that its value is about."""
    name = str(wording.catalogue["targets"][row["metric"]])
    return name if row["product_id"] is None else f"{name}: {wording.format_product(row['product_id'])}"


def _country(code: str | None, wording: Wording) -> str:
    return _NOT_SHOWN if code is None else wording.names.countries[code]


def _share(value: float | None, wording: Wording) -> str:
    return _NOT_SHOWN if value is None else wording.format_percent(value)


def _share_range(row: Row, wording: Wording) -> str:
    if row["share"] is None or row["low"] is None or row["high"] is None:
        return _share(row["share"], wording)
    if by_assumption(row["quality"], row["low"], row["high"]):
        return wording.page("share_by_assumption", share=wording.format_percent(row["share"]))
    return wording.with_interval(*(wording.format_percent(row[name]) for name in ("share", "low", "high")))


def _percent_range(row: Row, names: tuple[str, str, str], wording: Wording) -> str:
    value, low, high = (row[name] for name in names)
    if value is None:
        return _NOT_SHOWN
    if low is None or high is None:
        return wording.format_percent(value / 100.0)
    return wording.with_interval(*(wording.format_percent(part / 100.0) for part in (value, low, high)))


def _verdict(row: Row, wording: Wording) -> str:
    return _with_reason(row, None if row["verdict"] in (MET, NOT_MET) else row["missing_reason"], wording)


def _with_reason(row: Row, reason: str | None, wording: Wording) -> str:
    told = str(wording.catalogue["measured_verdicts"][row["verdict"]])
    return told if reason is None else f"{told}: {wording.format_reason(reason)}"


def _counts(row: Row, wording: Wording) -> str:
    if row["with_figures"] is None:
        return _NOT_SHOWN
    counts = {"right": row["on_right_side"] or 0, "known": row["with_figures"], "all": row["concerned"]}
    if row["not_used"]:
        return wording.page("target_counted_used", **counts, unused=row["not_used"])
    return wording.page("target_counted", **counts)
