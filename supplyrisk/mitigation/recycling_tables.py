"""What recycling of a good gives, in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.recycling import Secondary

SUPPLY = {
    "material_id": pl.String, "year": pl.Int64, "sold_tonnes": pl.Float64, "scrap_tonnes": pl.Float64,
    "returned_tonnes": pl.Float64, "collected_tonnes": pl.Float64, "exported_tonnes": pl.Float64,
    "over_capacity_tonnes": pl.Float64, "won_back_tonnes": pl.Float64, "largest_loss": pl.String,
    "share": pl.Float64, "share_low": pl.Float64, "share_high": pl.Float64, "target": pl.Float64,
    "target_year": pl.Int64,
}  # fmt: skip
SENSITIVITY = {
    "material_id": pl.String, "year": pl.Int64, "number": pl.String, "at_low": pl.Float64, "at_high": pl.Float64,
    "swing": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class RecyclingTables:
    """Tables for the EU.

    ``supply``: a row a metal and year; ``share`` of what is in goods sold, its low and high the smallest and
    largest with one number at an end of its range; the target that holds in the year, and for the last year the one
    to come; ``over_capacity_tonnes`` empty where capacity is no limit. ``sensitivity``: the share of the year of the
    first target with each number at its ends, widest first. ``capacity``: recyclers by place (recycler_capacity).
    """

    supply: pl.DataFrame
    sensitivity: pl.DataFrame
    capacity: pl.DataFrame


Ends = Mapping[str, tuple[Mapping[str, Secondary], Mapping[str, Secondary]]]
"""By number: metals with it at the low and at the high end of its range."""


def recycling_tables(
    years: Sequence[int],
    shown_from: int,
    centre: Mapping[str, Secondary],
    ends: Ends,
    targets: Mapping[str, Sequence[tuple[int, float]]],
    places: pl.DataFrame,
    limited: bool = False,
) -> RecyclingTables:
    """Tables over metals (``centre``, by name); ``targets``: year and share, earliest first.

    ``places``: recyclers; ``limited``: is their capacity a limit.

    Numbers that move nothing are left out of the sensitivity. Raises ``NotKnownError`` where the first target lies
    beyond the years.
    """
    first_target = min(asked[0][0] for asked in targets.values())
    if first_target not in years:
        raise NotKnownError(
            f"Sales are known to {years[-1]}, the first target is of {first_target}.",
            "before_target",
            last=years[-1],
            target=first_target,
        )
    supply: list[tuple[object, ...]] = []
    sensitivity: list[tuple[object, ...]] = []
    for name, own in centre.items():
        for place, year in enumerate(years):
            if year >= shown_from:
                moved = [float(other[name].share[place]) for pair in ends.values() for other in pair]
                goal = _target(targets[name], year, year == years[-1])
                supply.append(
                    (
                        name, year, own.sold[place], own.scrap[place], own.returned[place], own.collected[place],
                        own.exported[place], own.over_capacity[place] if limited else None, own.won_back[place],
                        largest_loss(own, place), own.share[place], min(*moved, own.share[place]),
                        max(*moved, own.share[place]), *goal,
                    )
                )  # fmt: skip
        place = years.index(first_target)
        for number, (low, high) in ends.items():
            at = (float(low[name].share[place]), float(high[name].share[place]))
            if at[0] != at[1]:
                sensitivity.append((name, first_target, number, *at, abs(at[1] - at[0])))
    return RecyclingTables(pl.DataFrame(supply, schema=SUPPLY, orient="row"), sensitivity_table(sensitivity), places)


def sensitivity_table(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """Rows of ``SENSITIVITY``, of each metal the number that moves most first."""
    found = pl.DataFrame(rows, schema=SENSITIVITY, orient="row")
    return found.sort("material_id", "swing", "number", descending=[False, True, False])


def largest_loss(own: Secondary, place: int) -> str | None:
    """Where most is lost in a year: collection, exports, capacity or treatment; None where nothing is."""
    lost = {name: float(tonnes[place]) for name, tonnes in own.lost.items()}
    most = max(lost, key=lost.__getitem__)
    return most if lost[most] > 0.0 else None


def _target(targets: Sequence[tuple[int, float]], year: int, is_last: bool) -> tuple[float | None, int | None]:
    """Share and year of the target in force; for the last year the one to come."""
    coming = next(((share, due) for due, share in targets if due > year), None) if is_last else None
    in_force = max((pair for pair in targets if pair[0] <= year), default=None)
    if coming is not None:
        return coming
    return (None, None) if in_force is None else (in_force[1], in_force[0])
