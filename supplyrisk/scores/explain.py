"""From a score back to its rows: recomputing it from the rows listed with it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl

from supplyrisk.scores.by_product import recomputed_share
from supplyrisk.scores.concentration import HHI_SCALE, herfindahl_hirschman_index, residual_contribution
from supplyrisk.scores.dependency_scores import FLAG_METRICS
from supplyrisk.scores.governance import governance_weighted_hhi, latest_governance_risk
from supplyrisk.scores.reserves import years_of_cover
from supplyrisk.scores.series import hhi_series
from supplyrisk.scores.trade_dependency import (
    CORE,
    GEODEP,
    LIMITS,
    WINDOW_YEARS,
    Flag,
    Indicator,
    flag,
    held_in_most_years,
    indicators,
)
from supplyrisk.scores.trade_frames import flows_of, region_trade, years_of
from supplyrisk.scores.trend import TrendRules, fit_trend

Score = Mapping[str, Any]


def recompute(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float | None:
    """Value of a score from its input rows alone; None for a score that rests on the network as a whole.

    ``score``: a row of the score table; ``rows``: the rows of ``input_row_ids`` by table; ``countries``: the table of
    that name (which codes are countries, who is a member of EU27).
    """
    formula = _FORMULAS.get(score["metric"])
    return None if formula is None else formula(score, rows, countries)


def _quantities(rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Shares of countries, shares of residuals, and the countries."""
    source = rows["reserves"].filter(pl.col("value") > 0) if "reserves" in rows else rows["production"]
    frame = source.join(countries.select("iso3", "kind"), on="iso3", maintain_order="left")
    total = frame["value"].sum()
    named = frame.filter(pl.col("kind") == "country")
    rest = frame.filter(pl.col("kind") != "country")
    return named["value"].to_numpy() / total, rest["value"].to_numpy() / total, named["iso3"].to_list()


def _hhi(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    shares, residual, _ = _quantities(rows, countries)
    smallest = shares[shares > 0.0].min() if (shares > 0.0).any() else 0.0
    return float(herfindahl_hirschman_index(shares) + residual_contribution(residual, smallest))


def _effective_suppliers(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    return HHI_SCALE / _hhi(score, rows, countries)


def _top(count: int) -> Callable[[Score, Mapping[str, pl.DataFrame], pl.DataFrame], float]:
    def formula(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
        shares, _, _ = _quantities(rows, countries)
        return float(sum(sorted(shares, reverse=True)[:count]))

    return formula


def _n_minus_one(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    return 1.0 - _top(1)(score, rows, countries)


def _share(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    members = {score["country"]}
    if score["country"] == "EU27":
        members |= set(countries.filter("eu27")["iso3"])
    inside = rows["production"].filter(pl.col("iso3").is_in(list(members)))
    return float(inside["value"].sum()) / float(rows["production"]["value"].sum())


def _governance(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    shares, residual, names = _quantities(rows, countries)
    risks = dict(latest_governance_risk(rows["governance"]).select("iso3", "governance_risk").iter_rows())
    terms = residual_contribution(residual, shares[shares > 0.0].min()) / HHI_SCALE
    return float(governance_weighted_hhi(shares, [risks.get(name, np.nan) for name in names], terms).centre)


def _years(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    return years_of_cover(rows["reserves"].filter(pl.col("value").is_not_null() & (pl.col("output_value") > 0.0)))


def _printed(column: str) -> Callable[[Score, Mapping[str, pl.DataFrame], pl.DataFrame], float]:
    def formula(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
        return float(rows["eu_assessment"][column][0])

    return formula


def _trade_years(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> list[dict[str, Indicator]]:
    """Indicators of each year of the trade rows, for the region of the score's scope."""
    union = countries.filter(pl.col("eu27") & (pl.col("kind") == "country"))["iso3"].to_list()
    members = union if score["scope"] == "EU27" else [] if score["scope"] == "world" else [score["scope"]]
    return [
        indicators(region_trade(flows_of(group), members, union, group["record_kind"][0]))
        for _, group in years_of(rows["trade"])
    ]


def _trade(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    (found,) = _trade_years(score, rows, countries)
    value = found[score["metric"]].value
    return np.nan if value is None else value


def _dependent_core(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    (found,) = _trade_years(score, rows, countries)
    return _number(flag(found, CORE))


def _dependent_geodep(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    flags = [flag(found, GEODEP) for found in _trade_years(score, rows, countries)]
    return _number(held_in_most_years([*flags, *[None] * (WINDOW_YEARS - len(flags))]))


def _number(answer: Flag) -> float:
    return np.nan if answer.value is None else float(answer.value)


def _by_product(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    return recomputed_share(rows)


def _trend(score: Score, rows: Mapping[str, pl.DataFrame], countries: pl.DataFrame) -> float:
    kinds = dict(countries.select("iso3", "kind").iter_rows())
    series = list(hhi_series(rows["production"].sort("year", "iso3"), kinds, {score["product_id"]: score["stage"]}))
    years, editions = [row.basis.year or 0 for row in series], [str(row.basis.edition) for row in series]
    fit = fit_trend(years, [row.value or 0.0 for row in series], editions, TrendRules(0, 0, 0.0))
    return np.nan if fit is None else fit.slope


_FORMULAS: Mapping[str, Callable[[Score, Mapping[str, pl.DataFrame], pl.DataFrame], float]] = {
    "hhi": _hhi,
    "hhi_series": _hhi,
    "hhi_forecast": _hhi,
    "hhi_trend": _trend,
    "reserves_hhi": _hhi,
    "effective_suppliers": _effective_suppliers,
    "top1_share": _top(1),
    "top3_share": _top(3),
    "reserves_top1_share": _top(1),
    "n_minus_one_output": _n_minus_one,
    "share_of_world_output": _share,
    "hhi_governance": _governance,
    "reserves_years": _years,
    "supply_risk_published": _printed("supply_risk"),
    "economic_importance_published": _printed("economic_importance"),
    **dict.fromkeys(LIMITS, _trade),
    FLAG_METRICS[CORE]: _dependent_core,
    FLAG_METRICS[GEODEP]: _dependent_geodep,
    "by_product_share": _by_product,
}
