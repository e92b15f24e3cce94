"""Criticality scores as rows of the score table: official values of each edition, and the live score beside them."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from supplyrisk.scores.criticality.design import Standing
from supplyrisk.scores.criticality.live import GOVERNANCE_MISSING, NO_SERIES, WITHIN_STUDY, LiveScore
from supplyrisk.scores.criticality.live_core import CAUSES
from supplyrisk.scores.table import Basis, ScoreRow

SUPPLY_RISK, ECONOMIC_IMPORTANCE, LIVE = "supply_risk_published", "economic_importance_published", "supply_risk_live"
CHANGE = {cause: f"supply_risk_change_{cause}" for cause in CAUSES}
SOURCE_DIFFERENCE = "supply_risk_source_difference"
NO_PUBLISHED_SCORE = "no_published_score"
REGION = "EU27"
RANGE = "reliance_trade_parameter_series_and_p05_p95"


def published_rows(assessment: pl.DataFrame) -> Iterator[ScoreRow]:
    """Supply risk and economic importance as printed, by material and edition; year is that of the edition.

    Members of a group whose own score was not seen are missing with that reason.
    """
    for row in assessment.sort("material_id", "edition").iter_rows(named=True):
        basis = Basis(row["edition"], row["source_ids"], row["quality"], [row["row_id"]])
        for metric, column in ((SUPPLY_RISK, "supply_risk"), (ECONOMIC_IMPORTANCE, "economic_importance")):
            value = row[column]
            reason = "published_for_the_group_only" if row["score_level"] == "member" else NO_PUBLISHED_SCORE
            yield ScoreRow(
                metric,
                None,
                row["stage"],
                basis,
                value,
                missing_reason=reason if value is None else None,
                material_id=row["material_id"],
                scope=REGION,
            )


def live_rows(
    material: str, product: str | None, stage: str | None, basis: Basis, found: LiveScore | str
) -> Iterator[ScoreRow]:
    """The live score and the parts of its change, or each of them missing with the reason.

    Where no series carries the shares of world supply to today the score and its change through shares are missing;
    what governance and restrictions change at the shares of the study is told all the same. Where measures are in force
    and the study's t is already as high as that of each, what they change is missing with that reason: it is no nought.
    """

    def row(metric: str, value: float | None, reason: str | None) -> ScoreRow:
        missing = reason if value is None else None
        return ScoreRow(
            metric, product, stage, basis, value, missing_reason=missing, material_id=material, scope=REGION
        )

    if isinstance(found, str):
        for metric in (LIVE, *CHANGE.values(), SOURCE_DIFFERENCE):
            yield row(metric, None, found)
        return
    if found.is_complete:
        yield ScoreRow(
            LIVE,
            product,
            stage,
            basis,
            found.value,
            found.low,
            found.high,
            RANGE,
            material_id=material,
            scope=REGION,
            draws=found.draws,
        )
    else:
        yield row(LIVE, None, NO_SERIES)
    for cause, metric in CHANGE.items():
        told = found.is_complete or cause != "shares"
        hidden = cause == "restrictions" and found.hidden
        reason = WITHIN_STUDY if hidden else GOVERNANCE_MISSING if told else NO_SERIES
        yield row(metric, found.change.get(cause) if told else None, reason)
    difference = found.source_difference if found.is_complete else None
    yield row(SOURCE_DIFFERENCE, difference, GOVERNANCE_MISSING if found.is_complete else NO_SERIES)


def standing_rows(
    material: str, product: str | None, stage: str | None, basis: Basis, found: Standing | None
) -> Iterator[ScoreRow]:
    """How often the live score is in the top ten, and its ranks over designs; missing where a design has no score."""
    values = {
        "top_ten_share_design": None if found is None else found.design_share,
        "top_ten_share_data": None if found is None else found.data_share,
        "rank_best_design": None if found is None else float(found.best),
        "rank_worst_design": None if found is None else float(found.worst),
        "critical_share_design": None if found is None else found.critical_share,
    }
    for metric, value in values.items():
        reason = "governance_missing" if value is None else None
        yield ScoreRow(metric, product, stage, basis, value, missing_reason=reason, material_id=material, scope=REGION)
