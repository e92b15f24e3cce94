"""Alerts on what happened or is expected: new controls on exports, expected shortfall."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.findings.alert import Alert, Looked, gaps_of, reaches
from supplyrisk.findings.finding import Confidence, confidence_of
from supplyrisk.findings.risk import confidence_of_range
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.scores.criticality.restrictions import first_day, restrictions_in_force

Row = Mapping[str, Any]
Part = tuple[tuple[Alert, ...], Looked]

NO_START, NO_REGION = "start_not_stated", "region_not_simulated"


def control_alerts(
    restrictions: pl.DataFrame, quarters: int | None, seen_until: date, as_of: date, buyers: Collection[str]
) -> Part:
    """Controls on goods in force on ``as_of`` that began after ``seen_until`` and bind exports to ``buyers``.

    ``value`` is the permitted volume or the rate of a tax, where stated.
    """
    if quarters is None:
        return (), Looked("control", None)
    rows = {row["row_id"]: row for row in restrictions.iter_rows(named=True)}

    def found() -> Iterator[Alert]:
        for measure in restrictions_in_force(restrictions, as_of, seen_until, buyers):
            row = rows[measure.row_id]
            since = date.fromisoformat(first_day(row["start"]))
            grade: Confidence = confidence_of([row["quality"]]) if measure.certain else "low"
            of_material = row["material_id"] is not None
            good = f"material:{row['material_id']}" if of_material else f"product:{row['product_ids'].split(';')[0]}"
            yield Alert(
                alert_id=f"control.{row['measure_id']}",
                kind="control",
                message_id="control_to" if row["target_iso3"] else "control",
                numbers={
                    "country": row["iso3"],
                    "measure": row["measure"],
                    "good": good,
                    "start": row["start"],
                    "target": row["target_iso3"],
                },
                value=row["quota"] if row["quota"] is not None else row["rate_share"],
                threshold=float(quarters),
                unit=row["quota_unit"] or "fraction",
                since=since,
                size=float(since.toordinal()),
                score_keys=(),
                row_ids=(row["row_id"],),
                confidence=grade,
            )

    undated = restrictions.filter(pl.col("start").is_null()).with_columns(pl.lit(NO_START).alias("reason"))
    gaps = gaps_of(undated, "measure_id", "reason")
    return tuple(found()), Looked("control", float(quarters), restrictions.height - undated.height, gaps)


def shortfall_alerts(
    risk: pl.DataFrame | str | NotKnown,
    regions: Sequence[str],
    days: float | None,
    day: date,
    source: str | None = None,
) -> Part:
    """Products of which at least ``days`` of normal use are expected to be lost a year, as in risk.metrics.

    ``risk``: the word of a reason, or what was not known, where no simulation is at hand; ``source``: run of the
    history that it comes from.
    """
    if days is None:
        return (), Looked("shortfall", None)
    if not isinstance(risk, pl.DataFrame):
        return (), Looked("shortfall", days, not_looked=risk)
    own = risk.filter(pl.col("region").is_in(list(regions)))
    valued = own.drop_nulls("lost_days_per_year")
    found = tuple(
        Alert(
            alert_id=f"shortfall.{row['region']}.{row['product_id']}",
            kind="shortfall",
            message_id="shortfall",
            numbers={
                "region": row["region"],
                "product_id": row["product_id"],
                "days": row["lost_days_per_year"],
                "low": row["lost_low"],
                "high": row["lost_high"],
            },
            value=row["lost_days_per_year"],
            threshold=days,
            unit="days_per_year",
            since=day,
            size=row["lost_days_per_year"],
            score_keys=(f"risk/{row['region']}/{row['product_id']}",),
            row_ids=(),
            confidence=confidence_of_range(row["lost_low"], row["lost_high"]),
        )
        for row in valued.iter_rows(named=True)
        if reaches(row["lost_days_per_year"], days)
    )
    absent = [region for region in regions if region not in set(own["region"])]
    gaps = {NO_REGION: tuple(absent)} if absent else {}
    return found, Looked("shortfall", days, valued.height, gaps, source=source)
