"""Targets, benchmarks and duties of policy beside what the data give for them; what cannot be measured stays a row."""

from __future__ import annotations

import polars as pl

from supplyrisk.scores.target_measures import MET, NOT_MET, Measured, TargetInputs, measure_target

SCHEMA = {
    "target_id": pl.String,
    "region": pl.String,
    "kind": pl.String,
    "subject": pl.String,
    "metric": pl.String,
    "direction": pl.String,
    "target": pl.Float64,
    "unit": pl.String,
    "due": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "value_covered": pl.Int64,
    "year": pl.Int64,
    "gap": pl.Float64,
    "outlook": pl.Float64,
    "outlook_low": pl.Float64,
    "outlook_high": pl.Float64,
    "verdict": pl.String,
    "missing_reason": pl.String,
    "on_right_side": pl.Int64,
    "with_figures": pl.Int64,
    "concerned": pl.Int64,
    "not_used": pl.Int64,
    "mean": pl.Float64,
    "mean_low": pl.Float64,
    "mean_high": pl.Float64,
    "earlier": pl.Float64,
    "earlier_from": pl.Int64,
    "earlier_until": pl.Int64,
    "later": pl.Float64,
    "later_from": pl.Int64,
    "later_until": pl.Int64,
    "compared": pl.Int64,
    "trend_missing_reason": pl.String,
    "product_id": pl.String,
    "legal_basis": pl.String,
    "source_ids": pl.String,
}

TARGET_KINDS = ("target", "benchmark", "obligation")

_AS_PRINTED = ("target_id", "region", "kind", "subject", "metric", "direction", "unit", "legal_basis", "source_ids")


def targets_table(policy_targets: pl.DataFrame, given: TargetInputs) -> pl.DataFrame:
    """Every target, benchmark and duty in ``SCHEMA``.

    ``gap``: what is still missing, in the unit of the target, positive when it is missed (value below a minimum or
    above a maximum); None unless it is met or missed; of the ``mean`` where there is no ``value``. The aggregate
    benchmarks of Regulation (EU) 2024/1252 are on consumption of all strategic raw materials together: ``value`` adds
    ``value_covered`` of them by worth (scores.stage_capacity), ``mean`` is the plain mean of those with a figure,
    ``on_right_side`` counts those that reach the line alone, ``with_figures`` those that have a figure, ``concerned``
    all that are used, ``not_used`` products of which nothing is. Output stands for capacity; for recycling there is no
    worth to add by.
    ``earlier`` and ``later``: of ``compared`` products, how many one country supplied more than the line of in imports
    of the EU in the study's years and of late (``from`` … ``until``); where nothing can be compared a reason.
    """
    rows = []
    for row in policy_targets.filter(pl.col("kind").is_in(list(TARGET_KINDS))).sort("target_id").iter_rows(named=True):
        found = measure_target(row, given)
        gap, measured = None, found.mean if found.value is None else found.value
        if measured is not None and row["value"] is not None and found.verdict in (MET, NOT_MET):
            apart = row["value"] - measured
            gap = -apart if row["direction"] == "maximum" else apart
        rows.append(
            {
                **{name: row[name] for name in _AS_PRINTED},
                "target": row["value"],
                "due": row["date"] or (None if row["year"] is None else str(row["year"])),
                "gap": gap,
                **{name: getattr(found, name) for name in Measured.__dataclass_fields__},
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)
