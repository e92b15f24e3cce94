"""Alerts on prices that moved, each series held against itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.findings.alert import Alert, Kind, Looked, gaps_of, reaches
from supplyrisk.findings.finding import confidence_of

Row = Mapping[str, Any]
Part = tuple[tuple[Alert, ...], Looked]
Key = tuple[str, str | None]
Move = tuple[Row, Row]

MONTHS_COMPARED = 3
_MONTHS = 12
_OLDEST_MONTHS, _OLDEST_YEAR_END = 4, 14
"""Months before the day that the latest month, and the end of the latest year, of a price may lie."""
UNIT_VALUE, OLD, NONE_BEFORE = "unit_value_only", "price_too_old", "no_price_before"
NO_PRICE, NOT_PRICED = "no_price_known", "no_price_in_the_data"
_SAME = ("price_id", "product_id", "series", "currency", "per", "content", "kind", "terms", "source_ids")


def price_alerts(
    prices: pl.DataFrame, products: pl.DataFrame, months: float | None, year: float | None, as_of: date
) -> tuple[Part, Part]:
    """Prices of products that moved by at least ``months`` over three months or ``year`` over a year, up or down.

    The main series of each source is compared with itself, never across sources. A price that has a recent monthly
    series counts there only. Prices of which nothing was known and products without one are told beside the yearly
    prices, beside the monthly ones where those are off. Unit values of trade are left out: they move with the mix.
    """
    materials = _materials(products)
    wanted = prices.filter(pl.col("main") & pl.col("price_id").is_in(list(materials)))
    series = [list(own.sort("period").iter_rows(named=True)) for _, own in wanted.group_by(_SAME, maintain_order=True)]
    monthly = {} if months is None else _moves(series, 7, MONTHS_COMPARED, as_of)
    recent: dict[Key, Move | str] = {key: move for key, move in monthly.items() if not isinstance(move, str)}
    yearly = {key: move for key, move in _moves(series, 4, 1, as_of).items() if key not in recent}
    monthly = recent | {key: why for key, why in monthly.items() if key not in recent and key not in yearly}
    absent = {NO_PRICE: tuple(sorted(set(materials) - {price for price, _ in (*monthly, *yearly)}))}
    absent[NOT_PRICED] = tuple(sorted(products.filter(pl.col("price_id").is_null())["product_id"]))
    return (
        _price_part("price_months", monthly, materials, months, {} if year is not None else absent),
        _price_part("price_year", yearly, materials, year, absent),
    )


def _materials(products: pl.DataFrame) -> dict[str, str]:
    """Material that each price stands for: that of the first product that refers to it."""
    rows = products.drop_nulls("price_id").sort("tier", "product_id", descending=[True, True])
    return dict(rows.select("price_id", "material_id").iter_rows())


def _moves(series: Iterable[Sequence[Row]], letters: int, step: int, as_of: date) -> dict[Key, Move | str]:
    """Latest price and the one ``step`` periods before, or why there is none, by price and product."""
    found: dict[Key, Move | str] = {}
    for rows in series:
        if len(rows[-1]["period"]) != letters:
            continue
        key = (rows[-1]["price_id"], rows[-1]["product_id"])
        move = _move(rows, step, as_of)
        known = found.get(key)
        if known is None or isinstance(known, str) or (not isinstance(move, str) and _newer(move, known)):
            found[key] = move
    return found


def _move(rows: Sequence[Row], step: int, as_of: date) -> Move | str:
    last = rows[-1]
    if last["kind"] == "unit_value":
        return UNIT_VALUE
    number, yearly = _month_number(last["period"]), len(last["period"]) == 4
    if _month_number(as_of.isoformat()[:7]) - number > (_OLDEST_YEAR_END if yearly else _OLDEST_MONTHS):
        return OLD
    wanted = number - step * (_MONTHS if yearly else 1)
    before = next((row for row in rows if _month_number(row["period"]) == wanted and row["value"] > 0.0), None)
    return NONE_BEFORE if before is None else (last, before)


def _month_number(period: str) -> int:
    """Months counted through; a year stands for its December."""
    return _MONTHS * int(period[:4]) + int(period[5:] or _MONTHS)


def _newer(move: Move, known: Move) -> bool:
    return (move[0]["period"], move[0]["known_from"]) > (known[0]["period"], known[0]["known_from"])


def _price_part(
    kind: Kind,
    moves: Mapping[Key, Move | str],
    materials: Mapping[str, str],
    limit: float | None,
    absent: Mapping[str, tuple[str, ...]],
) -> Part:
    if limit is None:
        return (), Looked(kind, None)
    alerts, missing, assessed = [], [], 0
    for (price, product), move in sorted(moves.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        name = f"{price}.{product}" if product else price
        if isinstance(move, str):
            missing.append({"price": name, "missing_reason": move})
            continue
        assessed += 1
        last, before = move
        change = last["value"] / before["value"] - 1.0
        if not reaches(abs(change), limit):
            continue
        message = f"price_{'rises' if change > 0.0 else 'falls'}"
        alerts.append(
            Alert(
                alert_id=f"price.{name}.{last['period']}",
                kind=kind,
                message_id=f"{message}_estimated" if last["mark"] == "estimated" else message,
                numbers={
                    "good": f"product:{product}" if product else f"material:{materials[price]}",
                    "change": abs(change),
                    "value": last["value"],
                    "before": before["value"],
                    "when": last["period"],
                    "when_before": before["period"],
                    "unit": f"{last['currency']}/{last['per']}",
                },
                value=change,
                threshold=limit,
                unit="fraction",
                since=last["known_from"],
                size=abs(change),
                score_keys=(),
                row_ids=(last["row_id"], before["row_id"]),
                confidence=confidence_of([last["quality"], before["quality"]]),
            )
        )
    gaps = gaps_of(pl.DataFrame(missing, schema={"price": pl.String, "missing_reason": pl.String}), "price")
    gaps |= {reason: names for reason, names in absent.items() if names}
    return tuple(alerts), Looked(kind, limit, assessed, gaps)
