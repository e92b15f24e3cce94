"""The headline scores of a network as numbers with their draws, so that before and after can be set side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.places import NO_COUNTRY, Places
from supplyrisk.scores.headline_index import HEADLINE, IndexPart
from supplyrisk.scores.intervals import centre_draws
from supplyrisk.scores.sourcing import REGION_METRICS, sourcing_scores
from supplyrisk.scores.table import ScoreRow

Array = NDArray[np.float64]

WORLD_SCORES = ("hhi", "top1_share", "hhi_governance")
SOURCING_SCORES = (
    "import_dependence", "self_sufficiency", "sourcing_share", "sourcing_hhi", "n_minus_one", "n_minus_one_net",
)  # fmt: skip
ORIGIN_SCORES = ("look_through_share", "look_through_hhi", "hidden_dependency", "pass_through")
VALUE_SCORE = "value_added_share"
HEADLINE_SCORES = (*WORLD_SCORES, *SOURCING_SCORES, *ORIGIN_SCORES, VALUE_SCORE, HEADLINE)
"""Scores that are told before and after a measure; of a score by country that of the largest one (``ScoreValue``)."""
HIGHER_IS_BETTER = frozenset({"self_sufficiency", "n_minus_one", "n_minus_one_net", VALUE_SCORE})
"""Scores of which a higher value is better for the region; of all others a lower one is."""
INDEX_PART_MISSING = "part_of_the_index_missing"


@dataclass(frozen=True)
class ScoreKey:
    """What a score is of: a product, behind an end product for look-through."""

    score: str
    product_id: str | None = None
    end_product: str | None = None

    def of(self, score: str) -> ScoreKey:
        """The same of another score."""
        return replace(self, score=score)


@dataclass(frozen=True)
class ScoreValue:
    """A score at the centre and by draw, or why there is none.

    ``draws``: None where the score has no spread from draws; ``ends``: its values where what is open is taken at its
    ends instead (home preference). ``country``: whose share it is at the centre, of a score by country: the largest
    third country (``sourcing_share``), or the largest one outside the region; ``draws`` are those of whichever is the
    largest in each.
    """

    value: float | None
    draws: Array | None = field(default=None, repr=False, compare=False)
    ends: tuple[float, ...] | None = None
    country: str | None = None
    reason: str | None = None


Values = dict[ScoreKey, ScoreValue]


def value_of(row: ScoreRow) -> ScoreValue:
    """A row of the score table."""
    return ScoreValue(row.value, row.draws, country=row.country, reason=row.missing_reason)


def largest_of(parts: Sequence[ScoreValue]) -> ScoreValue:
    """The largest of the shares of several countries: at the centre that of one, in each draw of whichever it then is.

    Draws of each are moved to its share at the centre first. A measure that takes from one country makes another one
    the largest: one country before against another after would be a change that no draw has.
    """
    first = max(parts, key=lambda part: part.value or 0.0)
    drawn = [
        centre_draws(part.draws, part.value) for part in parts if part.draws is not None and part.value is not None
    ]
    return replace(first, draws=np.asarray(np.max(drawn, axis=0)) if drawn else None)


def world_values(rows: Iterable[ScoreRow]) -> Values:
    """Those of world supply, from the rows of scores.world."""
    return {ScoreKey(row.metric, row.product_id): value_of(row) for row in rows if row.metric in WORLD_SCORES}


def sourcing_values(drawn: NetworkDraws, products: Collection[str], region: str) -> Values:
    """Those of where a region gets ``products`` from (scores.sourcing); a gap of the network with its reason.

    ``n_minus_one`` is without the largest country outside the region of each draw, as ``largest_of``.
    """
    found: Values = {}
    third = third_countries(drawn.network.places, region)
    for product in products:
        reason = drawn.network.gaps.get(product)
        if reason is not None:
            found |= {ScoreKey(score, product): ScoreValue(None, reason=reason) for score in SOURCING_SCORES}
            continue
        shares = []
        for row in sourcing_scores(drawn, product, "", region):
            if row.metric in REGION_METRICS:
                found[ScoreKey(row.metric, product)] = value_of(row)
            elif row.metric == "sourcing_share" and row.country not in (region, *NO_COUNTRY):
                shares.append(value_of(row))  # those below a hundredth are no rows
        reason = found[ScoreKey("import_dependence", product)].reason
        of_third = [share for share in shares if share.country in third] or [ScoreValue(0.0, np.zeros(drawn.draws))]
        share = largest_of(of_third) if reason is None else ScoreValue(None, reason=reason)
        found[ScoreKey("sourcing_share", product)] = share
        left = found[ScoreKey("n_minus_one", product)]
        if left.value is not None and shares:
            outside = largest_of(shares).draws
            assert outside is not None, "shares of the network are drawn"
            found[ScoreKey("n_minus_one", product)] = replace(left, draws=1.0 - outside)
    return found


def third_countries(places: Places, region: str) -> frozenset[str]:
    """Countries outside the EU and outside the region."""
    inside = places.of_region(region) | places.in_eu
    return frozenset(code for code, own in zip(places.codes, inside, strict=True) if not own and code not in NO_COUNTRY)


def index_values(values: Mapping[ScoreKey, ScoreValue], parts: Sequence[IndexPart], products: Iterable[str]) -> Values:
    """The headline index of ``products`` by draw, Σ w·part/Σ w as in scores.headline_index, all parts in one draw.

    Missing with the reason of the first part that is.
    """
    used = [part for part in parts if part.weight > 0.0]
    return {ScoreKey(HEADLINE, product): _index(values, used, product) for product in products}


def _index(values: Mapping[ScoreKey, ScoreValue], parts: Sequence[IndexPart], product: str) -> ScoreValue:
    total = sum(part.weight for part in parts)
    value, draws = 0.0, np.zeros(1)
    for part in parts:
        own = values.get(ScoreKey(part.metric, product))
        if own is None or own.value is None:
            return ScoreValue(None, reason=INDEX_PART_MISSING if own is None else own.reason)
        value += part.weight * part.scaled(own.value) / total
        scaled = np.clip((own.value if own.draws is None else own.draws) / part.full, 0.0, 1.0)
        draws = draws + part.weight * (1.0 - scaled if part.falling else scaled) / total
    return ScoreValue(value, draws)
