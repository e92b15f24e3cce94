"""The chapter on risk: simulated losses by region, causes, the back-test, and the forecast of the year to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.report import charts
from supplyrisk.report.backtest_part import BacktestGiven, backtest_parts, forecast_part
from supplyrisk.report.content import ChapterPart, Figure, RegionPart, RiskChapter, Sentence, Table
from supplyrisk.report.price_part import price_part
from supplyrisk.report.theme import render_svg
from supplyrisk.report.wording import Wording

_RANKED, _MAPPED, _COUNTRIES = 15, 10, 7
_SHOWN_FROM = 0.005
_SHOWN_RISE = 0.5
"""Days a year by which a figure has to rise with measures in force to be listed."""


@dataclass(frozen=True)
class RiskGiven:
    """What the chapter is made from; tables as in risk.metrics and risk.causes.

    ``supply``: product_id, lost_share_per_year; ``copper``: yardstick low and high; ``events``: number counted since
    ``first_year``, worth ``exposure_years``; not counted: ``false_alarms``, ``outside``, ``one_buyer``,
    ``unplaced`` with ``union_wide`` among them (hazards.events). ``running``: region, product_id, without and with
    (days lost a year) the ``measures`` in force. ``forecast_size``: what the chances add up to, beside the years of
    the back-test. ``price``: see risk.price_signal.
    ``cut``: end products without a figure, because something that goes into them had no known maker.
    """

    draws: int
    sets: int
    horizon_months: int
    long_months: int
    short_share: float
    products: pl.DataFrame
    value: pl.DataFrame
    causes: pl.DataFrame
    supply: pl.DataFrame
    copper: tuple[float, float]
    findings: Sequence[Finding]
    events: int
    first_year: int
    exposure_years: float
    false_alarms: int
    outside: int
    one_buyer: Sequence[str]
    unplaced: Sequence[str]
    union_wide: Sequence[str]
    backtest: BacktestGiven
    forecast: pl.DataFrame
    forecast_size: Finding
    running: pl.DataFrame
    price: pl.DataFrame
    measures: int
    cut: Sequence[str]


def risk_chapter(given: RiskGiven | NotKnown, focus: Sequence[str], wording: Wording) -> RiskChapter:
    """The chapter, or why there can be none on that day."""
    head = {
        "anchor": "risk",
        "title": wording.page("risk"),
        "lead": wording.page("risk_lead"),
        "cannot_title": wording.page("risk_cannot"),
    }
    if isinstance(given, NotKnown):
        gap = wording.page("risk_gap", reason=wording.not_known(given))
        return RiskChapter(**head, gap=gap, regions=(), validation=(), cannot=())
    items = wording.catalogue["page"]["risk_cannot_items"]
    copper = given.supply.filter(pl.col("product_id") == "copper_mine")["lost_share_per_year"][0]
    told = {
        "outside": given.outside,
        "one_buyer": _listed(given.one_buyer, wording),
        "unplaced": _listed(given.unplaced, wording),
        "union_wide": _listed(given.union_wide, wording),
        "false_alarms": given.false_alarms,
        "copper": wording.format_percent1(copper),
        "low": wording.format_percent1(given.copper[0]),
        "high": wording.format_percent1(given.copper[1]),
    }
    return RiskChapter(
        **head,
        gap=None,
        regions=tuple(_region(given, region, wording) for region in focus),
        validation=(
            price_part(given.price, wording),
            *backtest_parts(given.backtest, wording),
            forecast_part(given.forecast, given.forecast_size, wording),
        ),
        cannot=tuple(str(item).format(**told) for item in items),
    )


def _listed(events: Sequence[str], wording: Wording) -> str:
    return ", ".join(events) or wording.page("risk_no_event")


def _region(given: RiskGiven, region: str, wording: Wording) -> RegionPart:
    place = wording.format_place(region)
    own = given.products.filter(pl.col("region") == region).sort("rank")
    note = wording.page(
        "risk_table_note",
        draws=wording.integer(given.draws),
        sets=given.sets,
        months=given.horizon_months,
        events=given.events,
        year=given.first_year,
        exposure=wording.number(given.exposure_years, 1),
        short=wording.format_percent(given.short_share),
        long=given.long_months,
    )
    if given.cut:
        note = f"{note} {wording.page('risk_cut', products=wording.format_products(list(given.cut)))}"
    code = region.lower()
    ranking = ChapterPart(
        anchor=f"risk-{code}-ranking",
        title=wording.page("risk_ranking"),
        note=note,
        figures=(_dots(own.head(_RANKED), region, wording),),
        tables=(_table(own.head(_RANKED), given, region, wording),),
    )
    causes = ChapterPart(
        anchor=f"risk-{code}-causes",
        title=wording.page("risk_causes"),
        note=wording.page("risk_causes_note"),
        figures=_map(own.head(_MAPPED), given, region, wording),
    )
    return RegionPart(
        anchor=f"risk-{code}",
        title=wording.capital(place),
        sentences=tuple(
            Sentence(wording.sentence(finding), finding.confidence, finding.score_keys)
            for finding in given.findings
            if finding.topic == region
        ),
        parts=(ranking, causes, _running(given, region, wording)),
    )


def _table(own: pl.DataFrame, given: RiskGiven, region: str, wording: Wording) -> Table:
    main = {
        row["product_id"]: row
        for row in given.causes.filter(pl.col("region") == region)
        .group_by("product_id", maintain_order=True)
        .first()
        .iter_rows(named=True)
    }

    def cause(product: str) -> str:
        row = main.get(product)
        if row is None:
            return "–"
        hazard = str(wording.catalogue["hazards"][row["hazard"]])
        return f"{hazard}, {wording.format_country(row['country'])} ({wording.format_percent(row['part'])})"

    rows = tuple(
        (
            wording.names.products[row["product_id"]],
            wording.format_days(row["lost_days_per_year"]),
            wording.interval(wording.format_days(row["lost_low"]), wording.format_days(row["lost_high"])),
            wording.format_percent(row["long_shortage_chance"]),
            wording.interval(wording.format_percent(row["chance_low"]), wording.format_percent(row["chance_high"])),
            wording.format_days(row["cvar95_days"]),
            f"{row['rank_low']}–{row['rank_high']}",
            cause(row["product_id"]),
        )
        for row in own.iter_rows(named=True)
    )
    keys = ("product", "days", "interval", "chance", "interval", "tail", "rank_range", "cause")
    header = tuple(wording.page(f"risk_{key}") for key in keys)
    caption = wording.page("risk_table", region=wording.format_place(region))
    return Table(caption, header, rows, frozenset({1, 2, 3, 4, 5, 6}))


def _running(given: RiskGiven, region: str, wording: Wording) -> ChapterPart:
    """What rises when measures in force act in every draw."""
    own = given.running.filter((pl.col("region") == region) & (pl.col("with") - pl.col("without") > _SHOWN_RISE)).sort(
        pl.col("with") - pl.col("without"), "product_id", descending=[True, False]
    )
    rows = tuple(
        (wording.names.products[product], wording.format_days(without), wording.format_days(now))
        for product, without, now in own.select("product_id", "without", "with").head(_MAPPED).iter_rows()
    )
    note = wording.page("risk_running_note", count=given.measures)
    header = tuple(wording.page(f"risk_{key}") for key in ("product", "without", "with"))
    caption = wording.page("risk_running_table", region=wording.format_place(region))
    return ChapterPart(
        anchor=f"risk-{region.lower()}-running",
        title=wording.page("risk_running"),
        note=note if rows else f"{note} {wording.page('risk_none')}",
        tables=(Table(caption, header, rows, frozenset({1, 2})),) if rows else (),
    )


def _dots(own: pl.DataFrame, region: str, wording: Wording) -> Figure:
    names = [wording.names.products[product] for product in own["product_id"]]
    frame = own.select(
        pl.Series("name", names, dtype=pl.String),
        pl.col("lost_days_per_year").alias("value"),
        pl.col("lost_low").alias("low"),
        pl.col("lost_high").alias("high"),
    )
    svg = render_svg(charts.interval_dots(frame, wording.page("risk_days_axis"), wording.axis_number))
    place = wording.format_place(region)
    alt = wording.page(
        "risk_dots_alt", count=len(names), first=names[0], value=wording.format_days(own["lost_days_per_year"][0])
    )
    data = frame.rename({"name": "product", "value": "lost_days_per_year"}).write_csv()
    return Figure(f"risk_{region.lower()}", svg, wording.page("risk_dots", region=place), alt, data=data)


def _map(own: pl.DataFrame, given: RiskGiven, region: str, wording: Wording) -> tuple[Figure, ...]:
    """Parts of the expected loss by country where the event happens: products by countries."""
    parts = (
        given.causes.filter((pl.col("region") == region) & pl.col("product_id").is_in(own["product_id"].implode()))
        .group_by("product_id", "country", maintain_order=True)
        .agg(pl.col("part").sum())
    )
    if parts.is_empty():
        return ()
    weight = dict(own.select("product_id", "lost_days_per_year").iter_rows())
    parts = parts.with_columns(
        (pl.col("part") * pl.col("product_id").replace_strict(weight, return_dtype=pl.Float64)).alias("days")
    )
    totals = (
        parts.group_by("country", maintain_order=True)
        .agg(pl.col("days").sum())
        .sort("days", "country", descending=[True, False])
    )
    codes = totals.head(_COUNTRIES)["country"].to_list()
    columns = [wording.short_place(code) for code in codes]
    named = dict(zip(codes, columns, strict=True))
    rows = [wording.names.products[product] for product in own["product_id"]]
    frame = parts.filter(pl.col("country").is_in(codes)).select(
        pl.col("product_id").replace_strict(wording.names.products, return_dtype=pl.String).alias("row"),
        pl.col("country").replace_strict(named, return_dtype=pl.String).alias("column"),
        pl.col("part").clip(0.0, 1.0),
        pl.col("part")
        .map_elements(lambda part: wording.format_percent(part) if part >= _SHOWN_FROM else "", return_dtype=pl.String)
        .alias("label"),
    )
    darkest = frame.sort("part", "row", "column", descending=[True, False, False]).row(0, named=True)
    alt = wording.page(
        "risk_map_alt",
        rows=len(rows),
        columns=len(columns),
        product=darkest["row"],
        country=darkest["column"],
        value=wording.format_percent(darkest["part"]),
    )
    svg = render_svg(charts.part_map(frame, rows, columns))
    data = frame.select(pl.col("row").alias("product"), pl.col("column").alias("country"), "part").write_csv()
    return (Figure(f"risk_causes_{region.lower()}", svg, wording.page("risk_map"), alt, data=data),)
