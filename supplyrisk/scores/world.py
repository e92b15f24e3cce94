"""Scores of world supply, product by product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.scores.concentration import (
    HHI_SCALE,
    effective_suppliers,
    herfindahl_hirschman_index,
    n_minus_one,
    residual_contribution,
    top_share,
)
from supplyrisk.scores.governance import LARGEST_MISSING_GOVERNANCE, WORST, governance_weighted_hhi
from supplyrisk.scores.intervals import centre_draws, interval
from supplyrisk.scores.supply import Supply
from supplyrisk.scores.table import Basis, ScoreRow

Array = NDArray[np.float64]

DATA_AND_RESIDUAL = "p05_p95_and_residual"
DATA_ONLY = "p05_p95"
RESIDUAL_ONLY = "residual_ends"
REGION_NOT_NAMED = "region_not_named"

WORLD_METRICS = (
    "hhi",
    "effective_suppliers",
    "top1_share",
    "top3_share",
    "hhi_governance",
    "n_minus_one_output",
    "share_of_world_output",
)

_SMALLEST_INDEX = 1e-9


@dataclass(frozen=True)
class Region:
    """Countries reported together, by code: EU27 with its members, NLD alone."""

    code: str
    members: frozenset[str]


def world_scores(
    supply: Supply,
    stage: str,
    risks: Mapping[str, float],
    risk_row_ids: Mapping[str, Sequence[str]],
    regions: Sequence[Region],
) -> Iterator[ScoreRow]:
    """All world scores of one product. ``risks``: governance risk by country (see scores.governance), with its rows."""
    yield from concentration_scores(supply, stage, risks, risk_row_ids)
    yield from _shares(supply, stage, regions)


def concentration_scores(
    supply: Supply, stage: str, risks: Mapping[str, float], risk_row_ids: Mapping[str, Sequence[str]]
) -> Iterator[ScoreRow]:
    """Those of ``world_scores`` that are no country's or region's own share."""
    yield from _concentration(supply, stage)
    yield from _largest(supply, stage)
    yield _governance(supply, stage, risks, risk_row_ids)


def missing_scores(product_id: str, stage: str, reason: str) -> Iterator[ScoreRow]:
    """The same scores for a product that cannot be scored, each with the reason."""
    for metric in WORLD_METRICS:
        yield ScoreRow(metric, product_id, stage, Basis(), None, missing_reason=reason)


def basis_of(supply: Supply) -> Basis:
    """What the scores of a supply rest on."""
    return Basis(supply.year, supply.edition, supply.quality, supply.row_ids)


def hhi_draws(supply: Supply) -> tuple[Array, Array, Array]:
    """HHI by draw: residuals spread thin, at the centre, each as one country."""
    named = herfindahl_hirschman_index(supply.share_draws)
    centre = named + residual_contribution(supply.residual_draws, _smallest_drawn(supply))
    return named, centre, named + herfindahl_hirschman_index(supply.residual_draws)


def hhi_point(supply: Supply) -> tuple[float, float, float]:
    """HHI of the published figures: residuals spread thin, at the centre, each as one country."""
    named = float(herfindahl_hirschman_index(supply.shares))
    centre = named + float(residual_contribution(supply.residual_shares, supply.smallest_named))
    return named, centre, named + float(herfindahl_hirschman_index(supply.residual_shares))


def hhi_interval(supply: Supply) -> tuple[float, float, float]:
    """Low, value and high of the HHI: noise of the figures, and residuals from spread thin to one country each."""
    low, value, high = hhi_point(supply)
    low_draws, _, high_draws = hhi_draws(supply)
    return (
        max(interval(low_draws, low)[0], _SMALLEST_INDEX),
        value,
        interval(high_draws, high, maximum=HHI_SCALE)[1],
    )


def _smallest_drawn(supply: Supply) -> Array:
    if supply.smallest_named == 0.0:
        return np.zeros(supply.residual_draws.shape[1])
    return np.asarray(supply.share_draws[supply.shares > 0.0].min(axis=0))


def _concentration(supply: Supply, stage: str) -> Iterator[ScoreRow]:
    low, value, high = hhi_interval(supply)
    centred = np.clip(centre_draws(hhi_draws(supply)[1], value), _SMALLEST_INDEX, HHI_SCALE)
    hhi = ScoreRow(
        "hhi", supply.product_id, stage, basis_of(supply), value, low, high, DATA_AND_RESIDUAL, draws=centred
    )
    yield hhi
    yield replace(
        hhi,
        metric="effective_suppliers",
        value=float(effective_suppliers(value)),
        low=float(effective_suppliers(high)),
        high=float(effective_suppliers(low)),
        draws=effective_suppliers(centred),
    )


def _largest(supply: Supply, stage: str) -> Iterator[ScoreRow]:
    if supply.largest is None:
        for metric in ("top1_share", "top3_share", "n_minus_one_output"):
            reason = "unnamed_larger_than_largest"
            yield ScoreRow(metric, supply.product_id, stage, basis_of(supply), None, missing_reason=reason)
        return
    first, first_draws = float(top_share(supply.shares, 1)), top_share(supply.share_draws, 1)
    left = n_minus_one(supply=1.0, largest=first, demand=1.0)
    yield _fraction(supply, stage, "top1_share", first, first_draws, supply.largest)
    yield _fraction(
        supply, stage, "top3_share", float(top_share(supply.shares, 3)), top_share(supply.share_draws, 3), None
    )
    yield _fraction(supply, stage, "n_minus_one_output", left, 1.0 - first_draws, supply.largest)


def _fraction(supply: Supply, stage: str, metric: str, value: float, draws: Array, country: str | None) -> ScoreRow:
    low, high = interval(draws, value, 0.0, 1.0)
    centred = np.clip(centre_draws(draws, value), 0.0, 1.0)
    return ScoreRow(
        metric, supply.product_id, stage, basis_of(supply), value, low, high, DATA_ONLY, country, draws=centred
    )


def _governance(
    supply: Supply, stage: str, risks: Mapping[str, float], risk_row_ids: Mapping[str, Sequence[str]]
) -> ScoreRow:
    risk = np.array([risks.get(country, np.nan) for country in supply.countries])
    rows = [*supply.row_ids, *(row for country in supply.countries for row in risk_row_ids.get(country, ()))]
    basis = replace(basis_of(supply), input_row_ids=rows)
    smallest, drawn_smallest = supply.smallest_named, _smallest_drawn(supply)
    centre = governance_weighted_hhi(supply.shares, risk, _terms(supply.residual_shares, smallest))
    if not supply.countries or float(centre.missing_part) > LARGEST_MISSING_GOVERNANCE:
        return ScoreRow("hhi_governance", supply.product_id, stage, basis, None, missing_reason="governance_missing")
    drawn = governance_weighted_hhi(supply.share_draws, risk, _terms(supply.residual_draws, drawn_smallest))
    as_one = governance_weighted_hhi(supply.shares, risk, _terms(supply.residual_shares, 1.0))
    drawn_as_one = governance_weighted_hhi(supply.share_draws, risk, _terms(supply.residual_draws, 1.0))
    value = float(centre.centre)
    low = interval(drawn.low, float(centre.low), 0.0, WORST)[0]
    high = interval(drawn_as_one.high, float(as_one.high), 0.0, WORST)[1]
    centred = np.clip(centre_draws(drawn.centre, value), 0.0, WORST)
    return ScoreRow(
        "hhi_governance",
        supply.product_id,
        stage,
        basis,
        value,
        min(low, value),
        max(high, value),
        DATA_AND_RESIDUAL,
        draws=centred,
    )


def _terms(residual_shares: Array, smallest: Array | float) -> Array:
    return residual_contribution(residual_shares, smallest) / HHI_SCALE


def _shares(supply: Supply, stage: str, regions: Sequence[Region]) -> Iterator[ScoreRow]:
    """Share of every named country and every region; what is not named may belong to a region: its high end."""
    groups = {country: frozenset({country}) for country in supply.countries}
    groups |= {region.code: region.members | {region.code} for region in regions}
    for code, members in groups.items():
        inside = np.array([country in members for country in supply.countries], dtype=bool)
        filed = np.array([name in members for name in supply.residuals], dtype=bool)
        rest = 0.0 if code in supply.countries else float(supply.residual_shares[~filed].sum())
        row = ScoreRow("share_of_world_output", supply.product_id, stage, basis_of(supply), None, country=code)
        if rest > 0.0 and not inside.any() and not filed.any():
            yield replace(row, low=0.0, high=rest, interval_kind=RESIDUAL_ONLY, missing_reason=REGION_NOT_NAMED)
            continue
        value = min(float(supply.shares[inside].sum() + supply.residual_shares[filed].sum()), 1.0)
        draws = supply.share_draws[inside].sum(axis=0) + supply.residual_draws[filed].sum(axis=0)
        low, high = interval(draws, value, 0.0, 1.0)
        kind = DATA_AND_RESIDUAL if rest else DATA_ONLY
        yield replace(row, value=value, low=low, high=min(high + rest, 1.0), interval_kind=kind)
