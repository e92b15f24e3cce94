"""The way to the target for European value in the report: how far it is, what it takes, and what that hangs on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.value_path_tables import VALUE_OF, ValuePathTables
from supplyrisk.report import charts
from supplyrisk.report.content import ChapterPart, Figure, Table
from supplyrisk.report.theme import render_svg
from supplyrisk.report.wording import Wording

_SHOWN_NUMBERS = 8
_OF_CAPITAL = ("capex_eur", "utilisation")
"""Numbers that move the capital alone, shown beside those that move what can be reached most."""
_MILLION = 1e6


def value_path_parts(given: ValuePathTables | NotKnown, focus: Sequence[str], wording: Wording) -> list[ChapterPart]:
    """A part a region of whose batteries something is known, or why there is no answer that day."""
    if isinstance(given, NotKnown):
        note = wording.page("answer_gap", reason=wording.not_known(given))
        return [ChapterPart("value-path", wording.page("path_gap_title"), note)]
    return [_part(given, region, wording) for region in focus if region in given.answers]


def _part(given: ValuePathTables, region: str, wording: Wording) -> ChapterPart:
    cases = given.cases.filter(pl.col("region") == region)
    place = wording.format_place(region)
    plan = plan_table(given, region, wording)
    tables = (*([plan] if plan else []), _sensitivity(given, region, wording))
    return ChapterPart(
        anchor=f"value-path-{region.lower()}",
        title=wording.page("path_title", target=wording.format_percent(given.target), region=place),
        note=_note(given, region, cases, wording),
        figures=(_figure(given, region, cases, wording),),
        tables=tables,
    )


def _note(given: ValuePathTables, region: str, cases: pl.DataFrame, wording: Wording) -> str:
    percent, path = wording.format_percent, given.answers[region].path
    shares = cases["share"].drop_nulls()
    told = [
        wording.page(
            "path_now", year=given.year, share=percent(path.share), low=percent(float(shares.min())),  # type: ignore[arg-type]
            high=percent(float(shares.max())), target=percent(given.target), region=wording.format_place(region),  # type: ignore[arg-type]
        )
    ]  # fmt: skip
    if path.built is None:
        told.append(wording.page("path_out", reach=percent(path.reachable)))
    elif not path.built:
        told.append(wording.page("path_met", reach=percent(path.reachable)))
    else:
        told.append(_takes(given, region, wording))
    met = cases.filter(pl.col("share") >= given.target).height
    out = cases.filter(pl.col("capex_eur").is_null()).height
    told.append(wording.page("path_cases", count=cases.height, met=met, within=cases.height - met - out, out=out))
    missing = given.path.filter((pl.col("region") == region) & (pl.col("limit") == "no_capex_figure"))
    told.append(
        wording.page(
            "path_means",
            part=percent(float(missing["value_part"].sum())),
            names=wording.format_products(missing.sort("value_part", descending=True)["product_id"].head(4).to_list()),
        )
    )
    return " ".join(told)


def _takes(given: ValuePathTables, region: str, wording: Wording) -> str:
    path = given.answers[region].path
    assert path.built is not None
    assert path.capex is not None
    largest = sorted(path.built, key=lambda item: -item.capex)
    low, high = given.capex_range[region]
    return wording.page(
        "path_within",
        reach=wording.format_percent(path.reachable),
        names=wording.format_products([item.product for item in largest]),
        capex=wording.format_billions(path.capex),
        low=wording.format_billions(low),
        high=wording.format_billions(high),
        region=wording.format_place(region),
    )


def plan_table(given: ValuePathTables, region: str, wording: Wording, limits: bool = True) -> Table | None:
    """What the cheapest further makers are, and what keeps each from being more; None where none is built."""
    built = given.path.filter((pl.col("region") == region) & (pl.col("built") > 0.0)).sort("capex_eur", descending=True)
    if built.is_empty():
        return None
    rows = tuple(
        (
            wording.capital(wording.format_product(row["product_id"])),
            wording.format_percent(row["share_before"]),
            wording.format_percent(row["share_after"]),
            _built(row, wording),
            wording.format_millions(row["capex_eur"]),
            *((wording.page(f"path_limit_{row['limit']}"),) if limits else ()),
        )
        for row in built.iter_rows(named=True)
    )
    keys = ("product", "before", "after", "built", "capex", *(("limit",) if limits else ()))
    header = tuple(wording.page(f"path_{key}") for key in keys)
    caption = wording.page("path_plan", year=given.year, region=wording.format_place(region))
    return Table(caption, header, rows, frozenset(range(1, 5)))


def _built(row: Mapping[str, Any], wording: Wording) -> str:
    if row["built"] >= _MILLION:
        return wording.page("path_millions", value=wording.quantity(row["built"] / _MILLION), unit=row["unit"])
    return f"{wording.quantity(row['built'])} {row['unit']}"


def _sensitivity(given: ValuePathTables, region: str, wording: Wording) -> Table:
    own = given.sensitivity.filter(pl.col("region") == region)
    rows = []
    numbers = own["number"].unique(maintain_order=True).to_list()
    for number in dict.fromkeys((*numbers[:_SHOWN_NUMBERS], *_OF_CAPITAL)):
        at = {row["at"]: row for row in own.filter(pl.col("number") == number).iter_rows(named=True)}
        cells = [text for end in ("low", "high") for text in _end(at[end], wording)]
        rows.append((_number(number, wording), *cells))
    header = (
        wording.page("path_number"),
        *(
            wording.page(f"path_{end}", what=wording.page(f"path_{what}"))
            for end in ("low", "high")
            for what in ("share", "reach", "capital")
        ),
    )
    caption = wording.page("path_sensitivity", region=wording.format_place(region))
    return Table(caption, header, tuple(rows), frozenset(range(1, 7)))


def _end(row: dict[str, float | None], wording: Wording) -> tuple[str, str, str]:
    share, reach, capex = row["share"], row["reachable"], row["capex_eur"]
    return (
        "–" if share is None else wording.format_percent(share),
        "–" if reach is None else wording.format_percent(reach),
        wording.page("path_none") if capex is None else wording.format_billions(capex),
    )


def _number(name: str, wording: Wording) -> str:
    if name.startswith(VALUE_OF):
        product = wording.format_product(name.removeprefix(VALUE_OF))
        return wording.page("path_value_of", product=product)
    return wording.page(f"path_number_{name}")


def _figure(given: ValuePathTables, region: str, cases: pl.DataFrame, wording: Wording) -> Figure:
    rows = cases.drop_nulls("share")
    names = [
        wording.page(f"path_case_{case}", preference=wording.number(preference, 2))
        for case, preference in rows.select("case", "home_preference").iter_rows()
    ]
    frame = rows.select(
        pl.Series("name", names, dtype=pl.String),
        pl.col("share").alias("value"),
        pl.col("share").alias("low"),
        pl.col("reachable").alias("high"),
    )
    svg = render_svg(charts.interval_dots(frame, wording.page("path_axis"), wording.format_percent, given.target, 1.0))
    alt = wording.page("path_alt", count=len(names), target=wording.format_percent(given.target))
    caption = wording.page("path_figure", year=given.year, region=wording.format_place(region))
    data = frame.select(pl.col("name").alias("case"), pl.col("value").alias("share"), pl.col("high").alias("reachable"))
    told = data.with_columns(target=given.target).write_csv()
    return Figure(f"value_path_{region.lower()}", svg, caption, alt, data=told)
