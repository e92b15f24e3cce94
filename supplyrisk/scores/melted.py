"""Melted and poured: where the metal that a region uses was melted first, beside where it was last sent from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.look_through import LookThrough, cut_off, look_through, used_in
from supplyrisk.network.places import EU_REGION, EU_UNSPECIFIED, REST_OF_WORLD, Places
from supplyrisk.network.reached import direct_draws, look_through_draws
from supplyrisk.network.use import uses_nothing
from supplyrisk.scores.base_metals import BaseMetal
from supplyrisk.scores.intervals import interval
from supplyrisk.scores.origin import CHAIN_CUT
from supplyrisk.scores.sourcing import (
    NOTHING_USED,
    PLACE_OF_USE_UNKNOWN,
    SMALLEST_LISTED_SHARE,
    dispatch_shares,
    shares_by_maker,
)
from supplyrisk.scores.world import REGION_NOT_NAMED

Array = NDArray[np.float64]

AS_METAL = "as_metal"
"""Bought as metal by whoever uses it in the region; other names of ``form`` are end products that it is inside of."""
NO_FIGURE = "no_figure_in_the_data"

_KEY = {"metal": pl.String, "product_id": pl.String, "region": pl.String, "form": pl.String}
SUMMARY = _KEY | {
    "tonnes": pl.Float64, "melted_in_region": pl.Float64, "melted_in_eu": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "last_sent_from_eu": pl.Float64, "changed_origin": pl.Float64, "largest_outside": pl.String,
    "largest_share": pl.Float64, "evidence": pl.String, "self_sufficiency": pl.Float64,
    "published_self_sufficiency": pl.Float64, "missing_reason": pl.String,
}  # fmt: skip
ORIGIN = _KEY | {
    "country": pl.String, "melted": pl.Float64, "low": pl.Float64, "high": pl.Float64, "last_sent": pl.Float64,
    "difference": pl.Float64,
}  # fmt: skip
SCRAP = {
    "metal": pl.String, "product_id": pl.String, "scrap_heading": pl.String, "region": pl.String,
    "subject": pl.String, "period": pl.String, "exported_tonnes": pl.Float64, "bound": pl.String, "nature": pl.String,
    "row_id": pl.String, "source_ids": pl.String, "missing_reason": pl.String, "missing_for_stocks": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class MeltedTables:
    """``summary``: a row a metal, region and form; ``origin``: a row a country of these; ``scrap``: a row a metal.

    Shares are of use, scrap behind end products in the whole. ``low`` and ``high``: 5 and 95 % of draws, in the summary
    of ``melted_in_eu``, the high end with all that makers without a name supply. Where no maker in a place is named and
    part of use comes from makers without a name, what was melted there, what was last sent from there and
    self-sufficiency are unknown, not zero. ``changed_origin``: see there. ``largest_outside``: of the countries outside
    the EU.
    ``evidence``: what lanes of the metal rest on, trade or the assumed home preference (prior).
    """

    summary: pl.DataFrame
    origin: pl.DataFrame
    scrap: pl.DataFrame


def changed_origin(melted: Mapping[str, float], last_sent: Mapping[str, float]) -> float:
    """Part of use whose country changes when it is told by melting instead of last dispatch: ½ Σ |melted − last sent|.

    0 where both views agree, 1 where they share no country.
    """
    return 0.5 * sum(abs(melted.get(code, 0.0) - last_sent.get(code, 0.0)) for code in {*melted, *last_sent})


def melted_and_poured(
    drawn: NetworkDraws,
    metals: Mapping[str, BaseMetal],
    ends: Mapping[str, tuple[str, ...]],
    regions: Sequence[str],
    checks: pl.DataFrame,
    parameters: pl.DataFrame,
    missing_for_stocks: Mapping[str, Sequence[str]],
) -> MeltedTables:
    """All of it.

    ``ends``: end products that metal is looked through behind, by the name they go under together; ``checks``:
    self-sufficiency as published and of the network (network.checks); ``parameters``: the table, as known on the day;
    ``missing_for_stocks``: figures without which scrap of a metal cannot be told year by year.
    """
    behind = {(name, region): _behind(drawn, products, region) for name, products in ends.items() for region in regions}
    checked = {(row["product_id"], row["region"]): row["published"] for row in checks.iter_rows(named=True)}
    summary: list[tuple[object, ...]] = []
    origin: list[tuple[object, ...]] = []
    for name, metal in metals.items():
        for region in regions:
            for form, found in _forms(drawn, metal.product, region, ends, behind):
                key = (name, metal.product, region, form)
                published = checked.get((metal.product, region)) if form == AS_METAL else None
                if isinstance(found, str):
                    summary.append((*key, *(None,) * 11, published, found))
                else:
                    reason = REGION_NOT_NAMED if found.is_unnamed or found.is_unnamed_in_eu else None
                    summary.append((*key, *found.summary(drawn.network.places), published, reason))
                    origin += [(*key, *row) for row in found.by_country()]
    return MeltedTables(
        pl.DataFrame(summary, schema=SUMMARY, orient="row"),
        pl.DataFrame(origin, schema=ORIGIN, orient="row"),
        pl.DataFrame(
            [_scrap(name, metal, parameters, missing_for_stocks.get(name, ())) for name, metal in metals.items()],
            schema=SCRAP,
            orient="row",
        ),
    )


@dataclass(frozen=True)
class _Used:
    """Metal used in one form: shares by country of melting with draws, and by country of last dispatch if traded.

    ``is_unnamed``, ``is_unnamed_in_eu``: no maker in the region, in the EU, is named, and some of use has no name.
    """

    region: str
    tonnes: float
    melted: Mapping[str, float]
    drawn: Mapping[str, Array]
    last_sent: Mapping[str, float] | None
    evidence: str
    self_sufficiency: float | None
    is_unnamed: bool
    is_unnamed_in_eu: bool

    def summary(self, places: Places) -> tuple[object, ...]:
        """Columns of ``SUMMARY`` after the key, but for the published self-sufficiency and the reason."""
        inside = {self.region, EU_UNSPECIFIED, *places.eu_members}
        in_eu = sum(share for code, share in self.melted.items() if code in inside)
        drawn_in_eu = np.sum([draws for code, draws in self.drawn.items() if code in inside], axis=0)
        outside = {code: share for code, share in self.melted.items() if code not in inside | {REST_OF_WORLD}}
        largest = max(sorted(outside), key=outside.__getitem__, default=None)
        sent = None if self.is_unnamed_in_eu else self.last_sent
        low, high = interval(drawn_in_eu, in_eu, 0.0, 1.0)
        unnamed = interval(drawn_in_eu + self.drawn[REST_OF_WORLD], in_eu + self.melted[REST_OF_WORLD], 0.0, 1.0)[1]
        return (
            self.tonnes,
            None if self.is_unnamed else self.melted[self.region],
            None if self.is_unnamed_in_eu else in_eu,
            low,
            max(high, unnamed),
            None if sent is None else sum(share for code, share in sent.items() if code in inside),
            None if sent is None else changed_origin(self.melted, sent),
            None if largest is None or outside[largest] <= 0.0 else largest,
            None if largest is None or outside[largest] <= 0.0 else outside[largest],
            self.evidence,
            None if self.is_unnamed else self.self_sufficiency,
        )

    def by_country(self) -> Iterator[tuple[object, ...]]:
        for code, share in sorted(self.melted.items(), key=lambda item: (-item[1], item[0])):
            sent = None if self.last_sent is None else self.last_sent.get(code, 0.0)
            if max(share, sent or 0.0) >= SMALLEST_LISTED_SHARE:
                ends = interval(self.drawn[code], share, 0.0, 1.0)
                yield code, share, *ends, sent, None if sent is None else share - sent


@dataclass(frozen=True)
class _Behind:
    """What is behind the use of an end product, with draws, and what a gap cuts off from it."""

    looked: LookThrough
    drawn: Mapping[str, Array]
    cut: Collection[str]


def _behind(drawn: NetworkDraws, products: tuple[str, ...], region: str) -> _Behind:
    used = used_in(drawn.network, products, region)
    return _Behind(look_through(drawn.network, used), look_through_draws(drawn, used), cut_off(drawn.network, products))


def _forms(
    drawn: NetworkDraws,
    product: str,
    region: str,
    ends: Mapping[str, tuple[str, ...]],
    behind: Mapping[tuple[str, str], _Behind],
) -> Iterator[tuple[str, _Used | str]]:
    """The metal as such and behind every end product that it is part of; a text where that is not known."""
    yield AS_METAL, _as_metal(drawn, product, region)
    for name, products in ends.items():
        if any(product in drawn.network.chain.above(end) for end in products):
            yield name, _inside(drawn, product, region, behind[name, region])


def _as_metal(drawn: NetworkDraws, product: str, region: str) -> _Used | str:
    network = drawn.network
    flows = network.products.get(product)
    if flows is None:
        return network.gaps[product]
    inside = network.places.of_region(region)
    used = np.where(inside, flows.demand, 0.0)
    if not flows.use_place_known:
        return PLACE_OF_USE_UNKNOWN
    if uses_nothing(flows, inside):
        return NOTHING_USED
    sent = dispatch_shares(flows, network.places, region)
    output = float(flows.published_supply[inside].sum())
    made_drawn, covered = direct_draws(drawn, product, used), output / float(used.sum())
    return _used(drawn, product, region, flows.mix @ used, made_drawn, sent, covered, 1.0)


def _inside(drawn: NetworkDraws, product: str, region: str, behind: _Behind) -> _Used | str:
    if product not in drawn.network.products:
        return drawn.network.gaps[product]
    if product in behind.cut:
        return CHAIN_CUT
    if product not in behind.looked.made:
        return NOTHING_USED
    primary = float(behind.looked.shares(product).sum())
    return _used(drawn, product, region, behind.looked.made[product], behind.drawn[product], None, None, primary)


def _used(
    drawn: NetworkDraws,
    product: str,
    region: str,
    made: Array,
    made_drawn: Array,
    last_sent: Mapping[str, float] | None,
    self_sufficiency: float | None,
    primary: float,
) -> _Used:
    """``made``: volume by place; ``primary``: part of the need that is made, the rest being scrap or other input."""
    places = drawn.network.places
    shares = shares_by_maker(places, primary * made / made.sum(), region)
    draws = shares_by_maker(places, primary * made_drawn / made_drawn.sum(axis=0), region)
    flows = drawn.network.products[product]
    return _Used(
        region,
        float(made.sum()),
        {code: float(share) for code, (share, _) in shares.items()},
        {code: drawn_share for code, (drawn_share, _) in draws.items()},
        last_sent,
        flows.evidence,
        self_sufficiency,
        *(places.has_unnamed_makers(place, flows.published_supply, made) for place in (region, EU_REGION)),
    )


def _scrap(
    name: str, metal: BaseMetal, parameters: pl.DataFrame, missing_for_stocks: Sequence[str]
) -> tuple[object, ...]:
    key, missing = (name, metal.product, metal.scrap_heading), ";".join(missing_for_stocks) or None
    told = ("iso3", "subject", "period", "value", "bound", "nature", "row_id", "source_ids")
    for row in parameters.filter(pl.col("row_id").is_in([metal.scrap_exports or ""])).iter_rows(named=True):
        return (*key, *(row[column] for column in told), None, missing)
    return (*key, *(None,) * len(told), NO_FIGURE, missing)
