"""The figures of the report: frames shaped, charts drawn, alt text written from the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.report import charts
from supplyrisk.report.content import Figure
from supplyrisk.report.sections import MaterialSection
from supplyrisk.report.shares import (
    OTHER,
    RESIDUAL,
    draw_together,
    labels,
    large_elsewhere,
    leading_codes,
    region_shares,
    tier_shares,
)
from supplyrisk.report.theme import colours_of, render_svg
from supplyrisk.report.wording import Wording
from supplyrisk.scores.concentration import HHI_SCALE

Tables = Mapping[str, pl.DataFrame]

_BATTERY_COUNTRIES, _MATERIAL_COUNTRIES, _HEAT_COUNTRIES = 8, 6, 14
_SHOWN_FROM, _WORDS_FIT_FROM, _CODE_LENGTH = 0.005, 0.28, 3
_NAMED_FROM = 0.12
"""Share of one product from which a country is named in its bar although it has no colour of its own."""


def ranking_figure(scores: pl.DataFrame, count: int, line: float, wording: Wording) -> Figure:
    """Dots with intervals of the most concentrated products."""
    top = (
        scores.filter((pl.col("metric") == "hhi") & pl.col("value").is_not_null())
        .sort("value", "product_id", descending=[True, False])
        .head(count)
    )
    names = [wording.names.products[product] for product in top["product_id"]]
    frame = top.select("value", "low", "high").with_columns(pl.Series("name", names, dtype=pl.String))
    alt = wording.page("ranking_alt", count=len(names), first=names[0], value=wording.integer(top["value"][0]))
    caption = wording.page("ranking_chart")
    svg = render_svg(charts.interval_dots(frame, wording.page("hhi"), wording.axis_number, line, HHI_SCALE))
    data = frame.select(pl.col("name").alias("product"), pl.col("value").alias("hhi"), "low", "high", line=line)
    return Figure("ranking", svg, caption, alt, data=data.write_csv())


def heat_figure(production: pl.DataFrame, tables: Tables, wording: Wording) -> Figure:
    """Mean share of world output, countries by tier of each chain."""
    shares = region_shares(production, tables["countries"])
    tiers = tier_shares(shares, tables["products"])
    codes = leading_codes(tiers, _HEAT_COUNTRIES)
    stages = wording.catalogue["stages"]
    headings = {chain: str(name).replace(" ", "\n") for chain, name in wording.catalogue["chains"].items()}
    frame = tiers.filter(pl.col("code").is_in(codes)).with_columns(
        pl.col("chain").replace_strict(headings, return_dtype=pl.String),
        pl.col("stage").replace_strict(dict(stages), return_dtype=pl.String),
        pl.col("code")
        .replace_strict({code: _country(code, wording) for code in codes}, return_dtype=pl.String)
        .alias("row"),
        pl.col("share")
        .map_elements(
            lambda share: wording.format_percent(share) if share >= _SHOWN_FROM else "", return_dtype=pl.String
        )
        .alias("label"),
    )
    rows = [_country(code, wording) for code in codes]
    darkest = frame.sort("share", "row", "stage", descending=[True, False, False]).row(0, named=True)
    alt = wording.page(
        "heat_alt",
        rows=len(rows),
        columns=frame.select("chain", "stage").n_unique(),
        country=darkest["row"],
        tier=f"{darkest['chain']}, {darkest['stage']}".replace("\n", " "),
        value=wording.format_percent(darkest["share"]),
    )
    used = set(frame["stage"])
    order = [str(name) for name in stages.values() if name in used]
    svg = render_svg(charts.heat_map(frame, rows, list(headings.values()), order))
    data = frame.select(pl.col("chain").str.replace_all("\n", " "), "stage", pl.col("row").alias("country"), "share")
    return Figure("tiers_by_country", svg, wording.page("heat_chart"), alt, data=data.write_csv())


def battery_figure(production: pl.DataFrame, tables: Tables, wording: Wording) -> Figure:
    """Bars of every product of the battery chain, from mine to pack."""
    products = (
        tables["products"].filter((pl.col("chain") == "battery") & ~pl.col("reporting")).sort("tier", "product_id")
    )
    shares = region_shares(production, tables["countries"]).join(
        products.select("product_id"), on="product_id", how="semi"
    )
    order = [product for product in products["product_id"] if product in set(shares["product_id"])]
    top = shares.filter(pl.col("code") != RESIDUAL).group_by("product_id", maintain_order=True).first()
    leader, leads = top.group_by("code").len().sort("len", "code", descending=[True, False]).row(0)
    alt = wording.page("battery_alt", count=len(order), country=_country(leader, wording), leads=leads)
    names = {product: wording.names.products[product] for product in order}
    svg, key, data = _bars(shares, order, names, _BATTERY_COUNTRIES, wording)
    return Figure("battery_chain", svg, f"{wording.page('battery_chart')}. {key}", alt, data=data)


def material_figure(
    production: pl.DataFrame,
    tables: Tables,
    section: MaterialSection,
    title: str,
    wording: Wording,
    size: tuple[float, float] = charts.WIDE,
) -> Figure | None:
    """Bars of a material from its reserves through every tier; None where nothing is known of any of them."""
    shares = region_shares(production, tables["countries"])
    names = {product: wording.names.products[product] for product in (*section.own, *section.onward)}
    reserves = _reserve_rows(tables["reserves"], section)
    if reserves.height:
        word = str(wording.catalogue["words"]["reserves"])
        groups = reserves["product_id"].unique().sort().to_list()
        names = {f"reserves:{g}": word if len(groups) == 1 else f"{word}: {names[g]}" for g in groups} | names
        held = region_shares(reserves, tables["countries"])
        shares = pl.concat([shares, held.with_columns(("reserves:" + pl.col("product_id")).alias("product_id"))])
    shares = shares.filter(pl.col("product_id").is_in(list(names)))
    order = [name for name in names if name in set(shares["product_id"])]
    if not order:
        return None
    top = shares.filter(pl.col("code") != RESIDUAL).group_by("product_id", maintain_order=True).first()
    largest = {p: (c, s) for p, c, s in top.select("product_id", "code", "share").iter_rows()}
    bars = "; ".join(
        f"{names[p]}: {_country(largest[p][0], wording)} {wording.format_percent(largest[p][1])}"
        for p in order
        if p in largest
    )
    svg, key, data = _bars(shares, order, names, _MATERIAL_COUNTRIES, wording, size)
    alt = wording.page("material_alt", name=title, bars=bars)
    return Figure(f"material_{section.section_id}", svg, f"{title}. {key}", alt, data=data)


def trend_figure(scores: pl.DataFrame, products: Sequence[str], wording: Wording) -> Figure | None:
    """Index by year, a panel a product, broken where the edition changes; None where no series is known."""
    series = scores.filter((pl.col("metric") == "hhi_series") & pl.col("product_id").is_in(list(products))).sort(
        "product_id", "year"
    )
    if series.is_empty():
        return None
    runs = series.with_columns(
        (pl.col("edition") != pl.col("edition").shift().over("product_id"))
        .fill_null(True)
        .cum_sum()
        .over("product_id")
        .alias("run")
    )
    names = [wording.names.products[product] for product in products if product in set(series["product_id"])]
    frame = runs.with_columns(
        pl.col("product_id").replace_strict(dict(wording.names.products), return_dtype=pl.String).alias("name"),
        (pl.col("product_id") + ":" + pl.col("run").cast(pl.String)).alias("stretch"),
        ((pl.col("run") + 1) % 2).alias("shade"),
    )
    alt = wording.page("trends_alt", count=len(names), first=series["year"].min(), last=series["year"].max())
    svg = render_svg(charts.trend_lines(frame, names, wording.page("hhi")))
    data = frame.select(pl.col("name").alias("product"), "edition", "year", pl.col("value").alias("hhi"), "low", "high")
    return Figure("trends", svg, wording.page("trends_chart"), alt, data=data.write_csv())


def _bars(
    shares: pl.DataFrame,
    order: Sequence[str],
    names: Mapping[str, str],
    count: int,
    wording: Wording,
    size: tuple[float, float] = charts.WIDE,
) -> tuple[str, str, str]:
    """The bars as SVG, the key to the country codes in them, and their data."""
    leading = leading_codes(shares, count)
    codes = [*leading, *large_elsewhere(shares, leading, _NAMED_FROM)]
    words = {OTHER: str(wording.catalogue["words"]["other_countries"])}
    short = labels(codes, words)
    drawn = draw_together(shares, codes).with_columns(
        pl.col("product_id").replace_strict(dict(names), return_dtype=pl.String).alias("bar"),
        pl.col("code").alias("part"),
        pl.struct("code", "share")
        .map_elements(lambda part: _label(short[part["code"]], part["share"], wording), return_dtype=pl.String)
        .alias("label"),
    )
    colours = colours_of(leading, codes, OTHER, RESIDUAL)
    chart = charts.share_bars(drawn, [names[product] for product in order], colours, wording.page("share"), size)
    key = ", ".join(f"{short[code]} {_country(code, wording)}" for code in codes)
    place = {part: position for position, part in enumerate(colours)}
    data = drawn.sort(
        pl.col("product_id").replace_strict({product: i for i, product in enumerate(order)}, return_dtype=pl.Int64),
        pl.col("code").replace_strict(place, return_dtype=pl.Int64),
    ).select(pl.col("bar").alias("product"), "code", "share")
    return render_svg(chart), wording.page("key", codes=key), data.write_csv()


def _label(short: str, share: float, wording: Wording) -> str:
    if not short:
        return ""
    if len(short) > _CODE_LENGTH and share < _WORDS_FIT_FROM:
        return wording.format_percent(share) if share >= 0.1 else ""
    return f"{short} {wording.format_percent(share)}" if share >= 0.12 else short


def _country(code: str, wording: Wording) -> str:
    return wording.names.countries[code]


def _reserve_rows(reserves: pl.DataFrame, section: MaterialSection) -> pl.DataFrame:
    """Reserves of a section's products; what is printed once for a group of metals is drawn once, under its id."""
    own = reserves.filter(pl.col("product_id").is_in(list(section.own)) & (pl.col("value") > 0))
    return own.select(pl.col("reserve_group").alias("product_id"), "iso3", "value").unique().sort("product_id", "iso3")
