"""Alerts on scores: one supplier country, supply risk above the published score, concentration that rises."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.findings.alert import Alert, Looked, gaps_of, reaches
from supplyrisk.findings.finding import confidence_of, score_key
from supplyrisk.scores.criticality.formulas import SUPPLY_RISK_THRESHOLD, reaches_line
from supplyrisk.scores.criticality.rows import CHANGE, LIVE, NO_PUBLISHED_SCORE, SUPPLY_RISK
from supplyrisk.scores.single_country import MOVED, NOT_MEASURABLE, by_assumption
from supplyrisk.scores.trend import ROBUST_90, TREND

Row = Mapping[str, Any]
Part = tuple[tuple[Alert, ...], Looked]


class Since:
    """First day on which all rows behind a score were known; ``as_of`` where no row is named."""

    def __init__(self, known_from: Mapping[str, date], as_of: date) -> None:
        self._known_from = known_from
        self._as_of = as_of

    def __call__(self, row_ids: Sequence[str]) -> date:
        """The newest day of these rows."""
        days = [self._known_from[row_id] for row_id in row_ids if row_id in self._known_from]
        return max(days, default=self._as_of)


def single_country_alerts(
    single: pl.DataFrame, scores: pl.DataFrame, regions: Collection[str], limit: float | None, since: Since
) -> Part:
    """More than ``limit`` of what a region uses of a strategic raw material comes from one third country.

    ``single``: as in scores.single_country, whose figure decides; its interval says how surely. Where trade had to move
    far to fit it does not tell who supplies, and that is a gap.
    """
    if limit is None:
        return (), Looked("single_country", None)
    own = single.filter(pl.col("region").is_in(list(regions)))
    is_moved = pl.col("open_reason").eq_missing(MOVED)
    behind = _of(scores, "sourcing_share", "scope", "product_id", "country")

    def found() -> Iterator[Alert]:
        for row in own.filter(~is_moved).drop_nulls(["share", "country"]).iter_rows(named=True):
            if not row["share"] > limit:
                continue
            score = behind[row["region"], row["product_id"], row["country"]]
            names = ("region", "product_id", "country", "share", "low", "high")
            assumed = by_assumption(row["quality"], row["low"], row["high"])
            yield Alert(
                alert_id=f"single_country.{row['region']}.{row['product_id']}.{row['country']}",
                kind="single_country",
                message_id="single_country_assumed" if assumed else "single_country",
                numbers={name: row[name] for name in names} | {"limit": limit},
                value=row["share"],
                threshold=limit,
                unit="fraction",
                since=since(score["input_row_ids"]),
                size=row["share"],
                score_keys=(score_key(score),),
                row_ids=(),
                confidence=confidence_of([row["quality"]]),
            )

    untold = own.filter(is_moved | (pl.col("verdict") == NOT_MEASURABLE))
    missing = untold.with_columns(pl.coalesce("open_reason", "missing_reason").alias("missing_reason"))
    return tuple(found()), Looked("single_country", limit, own.height - missing.height, gaps_of(missing, "product_id"))


def supply_risk_alerts(scores: pl.DataFrame, rise: float | None, since: Since) -> Part:
    """Live supply risk at least ``rise`` above the last published score, or at the line that the latter lies below.

    The line is that of the Commission's method, at one decimal as it rounds.
    """
    if rise is None:
        return (), Looked("supply_risk", None)
    live = scores.filter(pl.col("metric") == LIVE)
    valued = live.drop_nulls("value")
    published = _of(scores.drop_nulls("value").sort("year"), SUPPLY_RISK, "material_id")
    changes = {part: _of(scores, metric, "material_id") for part, metric in CHANGE.items()}

    def found() -> Iterator[Alert]:
        for row in valued.iter_rows(named=True):
            material = row["material_id"]
            before = published.get((material,))
            if before is None:
                continue
            crosses = reaches_line(row["value"]) and not reaches_line(before["value"])
            more = row["value"] - before["value"]
            if not crosses and not reaches(more, rise):
                continue
            parts = {part: own[(material,)]["value"] for part, own in changes.items() if (material,) in own}
            known = {part: value for part, value in parts.items() if value is not None}
            names = ("value", "low", "high")
            numbers = {name: row[name] for name in names} | {
                "good": f"material:{material}",
                "region": row["scope"],
                "published": before["value"],
                "year": before["year"],
                "shares": row["year"],
                "more": more,
                "line": SUPPLY_RISK_THRESHOLD,
            }
            message = "supply_risk_crosses" if crosses else "supply_risk_rises"
            named = named_parts(known)
            for (part, of_part), names_of in zip(named, (("part", "of_part"), ("second", "of_second")), strict=False):
                numbers |= dict(zip(names_of, (part, of_part), strict=True))
            message += ("", "_part", "_parts")[len(named)]
            yield Alert(
                alert_id=f"supply_risk.{row['scope']}.{material}",
                kind="supply_risk",
                message_id=message,
                numbers=numbers,
                value=more,
                threshold=rise,
                unit="index_10_difference",
                since=since(row["input_row_ids"]),
                size=more,
                score_keys=(score_key(row), score_key(before)),
                row_ids=(),
                confidence=confidence_of([row["quality"]]),
            )

    missing = live.filter(pl.col("value").is_null())
    unpublished = [name for name in valued["material_id"] if (name,) not in published]
    gaps = gaps_of(missing, "material_id")
    if unpublished:
        gaps[NO_PUBLISHED_SCORE] = (*gaps.get(NO_PUBLISHED_SCORE, ()), *sorted(unpublished))
    return tuple(found()), Looked("supply_risk", rise, valued.height - len(unpublished), gaps)


def named_parts(parts: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The part of a rise that is more than half of all parts taken without their sign; without one the two largest.

    Parts that lower the score are never named: the result is empty where no two parts raise it and none is the half.
    """
    raising = sorted(((part, value) for part, value in parts.items() if value > 0.0), key=lambda one: -one[1])
    if raising and raising[0][1] > 0.5 * sum(abs(value) for value in parts.values()):
        return (raising[0],)
    return tuple(raising[:2]) if len(raising) > 1 else ()


def concentration_alerts(scores: pl.DataFrame, rise: float | None, line: float, since: Since) -> Part:
    """World output with an HHI of ``line`` or more whose trend is called rising, by at least ``rise`` a year."""
    if rise is None:
        return (), Looked("concentration", None)
    hhi = _of(scores.drop_nulls("value"), "hhi", "product_id")
    trend = scores.filter(pl.col("metric") == TREND)
    valued = trend.drop_nulls("value").filter(pl.col("product_id").is_in([name for (name,) in hhi]))

    def found() -> Iterator[Alert]:
        for row in valued.iter_rows(named=True):
            now = hhi[(row["product_id"],)]
            rises = row["interval_kind"] == f"{ROBUST_90}rising"
            if not (reaches(now["value"], line) and reaches(row["value"], rise) and rises):
                continue
            numbers = {name: row[name] for name in ("product_id", "value", "low", "high")}
            yield Alert(
                alert_id=f"concentration.{row['product_id']}",
                kind="concentration",
                message_id="concentration",
                numbers=numbers | {"hhi": now["value"], "line": line},
                value=row["value"],
                threshold=rise,
                unit="index_10000_per_year",
                since=since([*row["input_row_ids"], *now["input_row_ids"]]),
                size=row["value"],
                score_keys=(score_key(row), score_key(now)),
                row_ids=(),
                confidence=confidence_of([row["quality"], now["quality"]]),
            )

    missing = trend.filter(pl.col("value").is_null())
    return tuple(found()), Looked("concentration", rise, valued.height, gaps_of(missing, "product_id"))


def _of(scores: pl.DataFrame, metric: str, *names: str) -> dict[tuple[str, ...], Row]:
    """Scores of a metric in the base year by the values of columns; of equal ones the last."""
    own = scores.filter((pl.col("metric") == metric) & (pl.col("scenario") == "base"))
    return {tuple(row[name] for name in names): row for row in own.iter_rows(named=True)}
