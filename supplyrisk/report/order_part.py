"""What the order of measures per euro hangs on, as the chapter on measures says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.mitigation.order_sensitivity import CENTRAL, ORDER, OTHERS, SAME
from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording

_EUROS = ("avoided", "capex_eur", "opex_eur_per_year")
_PRICE = "prices."
_SMALL = 100_000.0
"""EUR below which an amount is told in euros, as millions would leave nothing of it."""


def order_part(
    own: pl.DataFrame, titles: Mapping[str, str], units: Mapping[str, str], place: str, wording: Wording
) -> tuple[str, Table | None]:
    """How many ends of assumptions change the first three of a region, and a table of those that do.

    ``units``: in which products are counted, as their price is one of a unit.
    """
    cases = own.filter(pl.col("assumption") != CENTRAL)
    if cases.is_empty():
        return "", None
    counts = dict(cases.group_by("changes").len().iter_rows())
    changing = cases.filter(pl.col("changes") != SAME)
    numbers = {"count": cases.height, "others": counts.get(OTHERS, 0), "order": counts.get(ORDER, 0)}
    text = wording.page(
        "measures_hangs" if changing.height else "measures_hangs_nothing",
        **{name: wording.integer(number) for name, number in numbers.items()},
    )
    if changing.is_empty():
        return text, None
    keys = ("assumption", "of", "at", "first_then")
    rows = tuple(
        (
            _assumption(row["assumption"], wording),
            titles.get(row["measure"], "–"),
            _value(row, units, wording),
            "; ".join(titles[row[name]] for name in ("first", "second", "third") if row[name] is not None),
        )
        for row in changing.iter_rows(named=True)
    )
    header = tuple(wording.page(f"measures_{key}") for key in keys)
    return text, Table(wording.page("measures_hangs_table", region=place), header, rows, frozenset({2}))


def _assumption(name: str, wording: Wording) -> str:
    if name.startswith(_PRICE):
        return wording.page("measures_number_price", product=wording.format_product(name.removeprefix(_PRICE)))
    return wording.page(f"measures_number_{name}")


def _value(row: Mapping[str, Any], units: Mapping[str, str], wording: Wording) -> str:
    if row["assumption"] in _EUROS:
        if abs(row["value"]) < _SMALL:
            return wording.page("measures_euros", value=wording.integer(float(f"{row['value']:.3g}")))
        return wording.page("measures_millions", value=wording.format_millions(row["value"]))
    if row["assumption"].startswith(_PRICE):
        unit = wording.catalogue["quantity_units"][units[row["assumption"].removeprefix(_PRICE)]]
        return wording.page("measures_price", value=wording.format_quantity(row["value"]), unit=unit)
    return wording.format_percent(row["value"])
