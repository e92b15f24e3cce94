"""Ultimate origin behind an end product as numbers with their draws: the largest shares, hidden and passing through."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from supplyrisk.mitigation.score_values import ORIGIN_SCORES, ScoreKey, ScoreValue, Values, largest_of
from supplyrisk.network.draws import NetworkDraws
from supplyrisk.scores.origin import OriginPart, origin_parts

Array = NDArray[np.float64]


_PASSING = 3
"""Countries that may be the one through which most of a material passes in some draw."""


def origin_values(
    drawn: NetworkDraws, end_product: str, ends: tuple[str, ...], used: Mapping[str, Array], region: str
) -> Values:
    """``ORIGIN_SCORES`` of every product behind ``used``: each of the country outside with the largest one.

    Its draws are those of whichever country has the largest one in each (score_values.largest_of). Nought where makers
    are told and none of them is a country outside the region.
    """
    found: Values = {}
    by_country: dict[ScoreKey, list[ScoreValue]] = {}
    nothing = ScoreValue(0.0, np.zeros(drawn.draws))
    for part in origin_parts(drawn, ends, used, region, first_passing=_PASSING):
        if part.metric not in ORIGIN_SCORES:
            continue
        key = ScoreKey(part.metric, part.product, end_product)
        if part.country is None:
            found[key] = ScoreValue(part.value, part.draws, reason=part.reason)
            if part.reason is not None and part.metric == "look_through_hhi":
                found[key.of("look_through_share")] = ScoreValue(None, reason=part.reason)
            continue
        told = by_country.setdefault(key, [])
        if _is_outside(part, region):
            told.append(ScoreValue(part.value, part.draws, country=part.country))
    return found | {key: largest_of(parts) if parts else nothing for key, parts in by_country.items()}


def _is_outside(part: OriginPart, region: str) -> bool:
    return part.is_country and part.country != region
