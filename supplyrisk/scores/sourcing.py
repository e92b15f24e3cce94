"""Where a region gets a product from: import dependence, sourcing shares, self-sufficiency, N-1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.model import Network, ProductFlows
from supplyrisk.network.places import NO_COUNTRY, Places
from supplyrisk.network.reached import direct_draws
from supplyrisk.network.use import uses_nothing
from supplyrisk.scores.concentration import HHI_SCALE, n_minus_one
from supplyrisk.scores.intervals import centre_draws, interval
from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import REGION_NOT_NAMED, RESIDUAL_ONLY

Array = NDArray[np.float64]

PLACE_OF_USE_UNKNOWN = "place_of_use_unknown"
DEMAND_PARTLY_KNOWN = "demand_partly_known"
NOTHING_USED = "nothing_used_in_region"
UNNAMED_LARGER = "unnamed_larger_than_largest"
DATA_AND_LANES = "p05_p95_lanes"
MOVED_LANES = "p05_p95_lanes_moved"
"""Interval of lanes that trade does not tell: it holds what the figures are unsure of, not who supplies whom."""

REGION_METRICS = (
    "import_dependence",
    "self_sufficiency",
    "sourcing_hhi",
    "n_minus_one",
    "n_minus_one_net",
)

SMALLEST_LISTED_SHARE = 0.01
"""Shares of single countries below this are not listed one by one."""

MOVED_FROM = 0.10
"""Share of flow that had to move for trade to fit output and use, above which trade does not tell who supplies whom.

A choice: the two products above it (ores of nickel and cobalt, 28 and 16 %) name suppliers that sent next to nothing,
the next one (magnets, 7 %) does not.
"""


def basis_of_flows(flows: ProductFlows) -> Basis:
    """Year, edition, grade and rows of a product's flows.

    With trade grade C (derived); on the prior alone, or where trade had to move by more than ``MOVED_FROM`` to fit, D.
    """
    fits = flows.evidence == "trade" and not moved_far(flows)
    return Basis(flows.year, flows.edition, "C" if fits else "D", flows.input_row_ids)


def moved_far(flows: ProductFlows) -> bool:
    """Whether trade had to move by more than ``MOVED_FROM`` to fit, so that it does not tell who supplies whom."""
    return flows.evidence == "trade" and flows.moved_mass > MOVED_FROM


def place_gap(network: Network, product: str) -> str:
    """Why the place of use of a product is not known."""
    return DEMAND_PARTLY_KNOWN if product in network.partly_known_demand else PLACE_OF_USE_UNKNOWN


def shares_by_maker(places: Places, shares: Array, region: str) -> dict[str, tuple[Array, bool]]:
    """Shares (over places, with or without draws) by country or region of making, and whether it counts as a country.

    The region itself is one maker under its own code; EU output of unstated member and ROW are no countries.
    """
    inside = places.of_region(region)
    found = {region: (np.asarray(shares[inside].sum(axis=0)), True)}
    for code, own, share in zip(places.codes, inside.tolist(), shares, strict=True):
        if not own:
            found[code] = (share, code not in NO_COUNTRY)
    return found


def makers_hhi(makers: Mapping[str, tuple[Array, bool]]) -> Array:
    """HHI of the makers that count as a country, by draw where shares are drawn."""
    return np.asarray(HHI_SCALE * sum(share * share for share, counts in makers.values() if counts))


def largest_makers(makers: Mapping[str, tuple[Array, bool]], smallest: float) -> list[tuple[str, float, bool]]:
    """Code, share and whether it counts as a country, of makers with at least the ``smallest`` share, largest first."""
    found = [(code, float(share), counts) for code, (share, counts) in makers.items() if share >= smallest]
    return sorted(found, key=lambda maker: (-maker[1], maker[0]))


def largest_outside(makers: dict[str, tuple[Array, bool]], region: str) -> str | None:
    """The country outside the region with the largest share; None where only the region or residuals supply."""
    outside = {code: float(share) for code, (share, counts) in makers.items() if counts and code != region}
    outside = {code: share for code, share in outside.items() if share > 0.0}
    return max(sorted(outside), key=outside.__getitem__) if outside else None


def sourcing_scores(drawn: NetworkDraws, product: str, stage: str, region: str) -> Iterator[ScoreRow]:
    """Every sourcing score of one product and region; missing with its reason where the place of use is not known.

    Where ROW and EU output of unstated member supply more than any country, who the largest supplier is and how
    concentrated supply is cannot be told; these are missing, as in the world scores. The low end of import dependence
    takes all that they supply as the region's own, and where they supply it and no maker in the region has a name,
    self-sufficiency is no zero but unknown up to what they supply.
    """
    network = drawn.network
    flows = network.products[product]
    basis, places = basis_of_flows(flows), network.places
    inside = places.of_region(region)
    used = np.where(inside, flows.demand, 0.0)
    reason = None if flows.use_place_known else place_gap(network, product)
    if reason is None and uses_nothing(flows, inside):
        reason = NOTHING_USED
    if reason is not None:
        for metric in REGION_METRICS:
            yield ScoreRow(metric, product, stage, basis, None, scope=region, missing_reason=reason)
        return
    volumes = flows.mix @ used
    shares = volumes / volumes.sum()
    drawn_volumes = direct_draws(drawn, product, used)
    draws = drawn_volumes / drawn_volumes.sum(axis=0)
    makers = shares_by_maker(places, shares, region)
    drawn_makers = shares_by_maker(places, draws, region)
    kind = MOVED_LANES if moved_far(flows) else DATA_AND_LANES

    def row(metric: str, value: float, draws: Array, maximum: float = 1.0, country: str | None = None) -> ScoreRow:
        low, high = interval(draws, value, 0.0, maximum)
        centred = np.clip(centre_draws(draws, value), 0.0, maximum)
        return ScoreRow(metric, product, stage, basis, value, low, high, kind, country, scope=region, draws=centred)

    own, own_draws = float(makers[region][0]), drawn_makers[region][0]
    dependence = row("import_dependence", 1.0 - own, 1.0 - own_draws)
    yield replace(dependence, low=min(_named_outside(makers, drawn_makers, region), dependence.low or 0.0))
    unnamed = sum(float(share) for share, counts in makers.values() if not counts)
    covered = ScoreRow("self_sufficiency", product, stage, basis, None, scope=region)
    yield _self_sufficiency(flows, places, volumes, float(used.sum()), covered)
    if unnamed > max(float(share) for share, counts in makers.values() if counts):
        yield ScoreRow("sourcing_hhi", product, stage, basis, None, scope=region, missing_reason=UNNAMED_LARGER)
    else:
        yield row("sourcing_hhi", float(makers_hhi(makers)), makers_hhi(drawn_makers), HHI_SCALE)
    top = largest_outside(makers, region)
    if unnamed > (0.0 if top is None else float(makers[top][0])):
        for metric in ("n_minus_one", "n_minus_one_net"):
            yield ScoreRow(metric, product, stage, basis, None, scope=region, missing_reason=UNNAMED_LARGER)
    elif top is None:
        yield row("n_minus_one", 1.0, np.ones(drawn.draws))
        yield ScoreRow("n_minus_one_net", product, stage, basis, 1.0, scope=region)
    else:
        share, share_draws = float(makers[top][0]), drawn_makers[top][0]
        yield row("n_minus_one", n_minus_one(1.0, share, 1.0), 1.0 - share_draws, country=top)
        place = places.index[top]
        demand = float(flows.demand.sum() - flows.demand[place])
        if demand > 0.0:
            supply = float(flows.supply.sum())
            net = n_minus_one(supply, float(flows.supply[place]), float(flows.demand.sum()), float(flows.demand[place]))
            yield ScoreRow("n_minus_one_net", product, stage, basis, net, country=top, scope=region)
    for code, value, _ in largest_makers(makers, SMALLEST_LISTED_SHARE):
        yield row("sourcing_share", value, drawn_makers[code][0], country=code)
    yield from _dispatch(flows, places, region, product, stage, basis)


def _named_outside(makers: dict[str, tuple[Array, bool]], drawn: dict[str, tuple[Array, bool]], region: str) -> float:
    """Low end of what countries outside supply that the figures name: makers without a name may be the region's own."""
    outside = [code for code, (_, counts) in makers.items() if counts and code != region]
    value = float(sum(makers[code][0] for code in outside))
    draws = np.sum([drawn[code][0] for code in outside], axis=0)
    return interval(draws, value, 0.0, 1.0)[0]


def dispatch_shares(flows: ProductFlows, places: Places, region: str) -> dict[str, float] | None:
    """Shares by country that goods used in a region were last sent from; None without a trade table or any use."""
    if flows.dispatch is None:
        return None
    inside = places.of_region(region)
    volumes = flows.dispatch[:, inside].sum(axis=1)
    # What members of the region pass on to each other was counted when it entered: its own part is output kept at home.
    sent_abroad = float(flows.dispatch[np.ix_(inside, ~inside)].sum())
    volumes[inside] = 0.0
    volumes[np.flatnonzero(inside)[0]] = max(float(flows.published_supply[inside].sum()) - sent_abroad, 0.0)
    if volumes.sum() <= 0.0:
        return None
    return {code: float(share) for code, (share, _) in shares_by_maker(places, volumes / volumes.sum(), region).items()}


def _self_sufficiency(flows: ProductFlows, places: Places, volumes: Array, used: float, row: ScoreRow) -> ScoreRow:
    """Output of a region over what it uses; ``volumes``: the same use by place of making."""
    if places.has_unnamed_makers(row.scope, flows.published_supply, volumes):
        most = float(volumes[places.unnamed_outside(row.scope)].sum()) / used
        return replace(row, low=0.0, high=most, interval_kind=RESIDUAL_ONLY, missing_reason=REGION_NOT_NAMED)
    return replace(row, value=float(flows.published_supply[places.of_region(row.scope)].sum()) / used)


def _dispatch(
    flows: ProductFlows, places: Places, region: str, product: str, stage: str, basis: Basis
) -> Iterator[ScoreRow]:
    shares = dispatch_shares(flows, places, region) or {}
    for code, value in sorted(shares.items(), key=lambda item: (-item[1], item[0])):
        if value >= SMALLEST_LISTED_SHARE:
            yield ScoreRow("dispatch_share", product, stage, basis, value, country=code, scope=region)
