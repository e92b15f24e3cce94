"""Charts of the chapters on official scores and targets: official beside live, and shares against their limit."""

from __future__ import annotations

import polars as pl

from supplyrisk.report import charts
from supplyrisk.report.content import Figure
from supplyrisk.report.criticality_tables import live_scores, one_decimal, published_of
from supplyrisk.report.theme import render_svg
from supplyrisk.report.wording import Wording
from supplyrisk.scores.criticality.formulas import SUPPLY_RISK_THRESHOLD


def official_figure(scores: pl.DataFrame, wording: Wording) -> Figure | None:
    """Supply risk of the latest edition beside the live one with its range, by material, the highest first."""
    live, published = live_scores(scores), published_of(scores)
    year = max((edition for _, edition in published), default=0)
    live = live.filter(pl.col("material_id").is_in([name for name, edition in published if edition == year]))
    if live.is_empty():
        return None
    names = [wording.names.materials[name] for name in live["material_id"]]
    frame = live.select(
        pl.Series("name", names, dtype=pl.String),
        pl.Series("other", [published[name, year] for name in live["material_id"]], dtype=pl.Float64),
        "value",
        "low",
        "high",
    )
    labels = (wording.page("official_supply_risk", year=year), wording.page("live_supply_risk"))
    chart = charts.beside_dots(frame, wording.page("official_axis"), wording.axis_number, labels, SUPPLY_RISK_THRESHOLD)
    first = one_decimal(live["value"][0], wording)
    alt = wording.page("official_alt", count=live.height, first=names[0], value=first)
    told = frame.rename({"name": "material", "other": "published", "value": "live"})
    data = told.with_columns(live["year"].alias("shares_until")).write_csv()
    reached = live["year"].to_list()
    caption = wording.page("official_figure", year=year, shares=wording.format_years((min(reached), max(reached))))
    return Figure("official_scores", render_svg(chart), caption, alt, data=data)


def single_country_figure(single: pl.DataFrame, region: str, wording: Wording) -> Figure | None:
    """Largest share of one third country in what a region uses, by product, against the limit of the verdicts."""
    own = single.filter((pl.col("region") == region) & pl.col("low").is_not_null() & pl.col("country").is_not_null())
    if own.is_empty():
        return None
    names = [
        f"{wording.names.products[product]}: {wording.short_place(country)}"
        for product, country in own.select("product_id", "country").iter_rows()
    ]
    frame = own.select(
        pl.Series("name", names, dtype=pl.String), *(pl.col(name) * 100.0 for name in ("share", "low", "high"))
    ).rename({"share": "value"})
    line = 100.0 * float(own["limit"][0])
    place = wording.format_place(region)
    chart = charts.interval_dots(frame, wording.page("single_country_axis"), wording.axis_number, line, 100.0)
    alt = wording.page(
        "single_country_alt", count=own.height, region=place, first=names[0], above=own.filter(verdict="above").height
    )
    caption = wording.page("single_country_figure", region=place, line=wording.number(line, 0))
    data = frame.rename({"name": "product", "value": "share_percent"}).write_csv()
    return Figure(f"single_country_{region.lower()}", render_svg(chart), caption, alt, data=data)
