"""Which measures cut the risk most per euro, as the chapter on measures says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.findings.brief_measures import MOST_PER_AVOIDED
from supplyrisk.mitigation.order_sensitivity import FIRST
from supplyrisk.report import charts
from supplyrisk.report.content import Figure
from supplyrisk.report.theme import render_svg
from supplyrisk.report.wording import Wording

_LEAST, _MOST = 0.1, MOST_PER_AVOIDED
"""Ends of the chart in EUR per avoided EUR; what lies beyond is drawn at them, the table says what it is."""


def per_euro(row: Mapping[str, Any], wording: Wording) -> str:
    """What an avoided euro costs with its range, as 2.1 (0.5 to 343); a dash where it is not known."""
    if row["cost_per_avoided"] is None:
        return "–"
    low, high = (row[f"cost_per_avoided_{end}"] for end in ("low", "high"))
    return ratio_with_range((row["cost_per_avoided"], low, high), wording)


def first_three(own: pl.DataFrame, titles: Mapping[str, str], place: str, wording: Wording) -> str:
    """The answer for one region: whether any pays for itself on the losses it avoids, and which give most per euro.

    Then whether the draws of the screening give another answer, and which places stay open.
    """
    worth_telling = own.filter(pl.col("cost_per_avoided").fill_null(0.0) <= _MOST)
    ranked = worth_telling.filter(pl.col("rank_per_euro") <= FIRST).sort("rank_per_euro")
    if ranked.is_empty():
        return wording.page("measures_none_per_euro", region=place)

    def listed(measures: list[str], rows: pl.DataFrame) -> str:
        known = {row["measure"]: row for row in rows.iter_rows(named=True)}
        return "; ".join(
            f"({number}) {wording.quoted(titles[measure])}"
            + (f", {per_euro(known[measure], wording)}" if measure in known else "")
            for number, measure in enumerate(measures, 1)
        )

    first = ranked["measure"].to_list()
    again = worth_telling.drop_nulls("rank_screened").sort("rank_screened")["measure"].head(len(first)).to_list()
    text = wording.page("measures_per_euro", region=place, measures=listed(first, ranked))
    told = "same" if first == again else "order" if set(first) == set(again) else "other"
    screened = wording.page(f"measures_screened_{told}", measures=listed(again, own.clear()))
    return " ".join(
        (
            _paying(own, titles, wording),
            wording.page("measures_whole_cost", region=place),
            text,
            screened,
            _open_places(ranked, titles, wording),
        )
    )


def _paying(own: pl.DataFrame, titles: Mapping[str, str], wording: Wording) -> str:
    """Which measures with an order cost no more than the loss they avoid in the central case, or that none does."""
    ordered = own.filter(pl.col("rank_per_euro").is_not_null())
    # What costs nothing or less has no ratio and pays whatever it avoids.
    paying = ordered.filter(pl.col("cost_per_avoided").fill_null(0.0) <= 1.0).sort("rank_per_euro")
    if paying.is_empty():
        cheapest = ordered.sort("cost_per_avoided").row(0, named=True)
        return wording.page("measures_none_pays", cost=per_euro(cheapest, wording))
    return wording.page("measures_pays", measures="; ".join(wording.quoted(titles[name]) for name in paying["measure"]))


def _open_places(ranked: pl.DataFrame, titles: Mapping[str, str], wording: Wording) -> str:
    """Which of the first places draws leave open."""
    unsure = ranked.filter(pl.col("place_low") != pl.col("place_high"))
    if unsure.is_empty():
        return wording.page("measures_places_clear")
    places = [
        f"{wording.quoted(titles[row['measure']])}, {wording.interval(str(row['place_low']), str(row['place_high']))}"
        for row in unsure.iter_rows(named=True)
    ]
    return wording.page("measures_places_open", places="; ".join(places))


def cost_figure(own: pl.DataFrame, titles: Mapping[str, str], region: str, wording: Wording) -> Figure | None:
    """What an avoided euro costs by measure, cheapest first; None where no cost can be set against an effect."""
    ranked = own.filter(pl.col("cost_per_avoided").is_not_null() & pl.col("rank_per_euro").is_not_null())
    if ranked.is_empty():
        return None
    ranked = ranked.sort("rank_per_euro")
    frame = ranked.select(
        pl.col("measure").replace_strict(titles, return_dtype=pl.String).alias("name"),
        pl.col("cost_per_avoided").alias("value"),
        pl.col("cost_per_avoided_low").alias("low"),
        pl.col("cost_per_avoided_high").alias("high"),
    )
    place = wording.format_place(region)
    endless = frame.with_columns(pl.col("low").fill_null(0.0), pl.col("high").fill_null(float("inf")))
    svg = render_svg(
        charts.ratio_dots(endless, wording.page("measures_ratio_axis"), wording.axis_number, _LEAST, _MOST)
    )
    alt = wording.page(
        "measures_ratio_alt",
        count=frame.height,
        first=frame["name"][0],
        value=ratio(frame["value"][0], wording),
    )
    caption = wording.page("measures_ratio_figure", region=place)
    data = frame.rename({"name": "measure", "value": "cost_per_avoided"}).write_csv()
    return Figure(f"measures_per_euro_{region.lower()}", svg, caption, alt, data=data)


def ratio_with_range(told: tuple[float, float | None, float | None], wording: Wording) -> str:
    """What an avoided euro costs, low and high end, as 2.1 (0.5 to 343); without a low end it saves money there."""
    value, low, high = (ratio(part, wording) for part in told)
    if told[1] is None:
        return wording.page("measures_ratio_saves", value=value, high=high)
    return wording.ranged(value, low, high)


def ratio(value: float | None, wording: Wording) -> str:
    """What an avoided euro costs; more than ``_MOST``, or without an end, as such."""
    if value is None or value > _MOST:
        return f"> {wording.integer(_MOST)}"
    return wording.number(value, 1 if value < 100 else 0)
