"""How exposed a region is at every product of a chain: who makes it, who supplies the region, who is behind its use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from supplyrisk.findings.finding import score_key
from supplyrisk.findings.origin import FOLLOWED
from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.scores.single_country import MOVED, by_assumption
from supplyrisk.scores.sourcing import MOVED_LANES, UNNAMED_LARGER

Row = Mapping[str, Any]

STAGES = ("extraction", "refining", "precursor", "active_material", "component", "cell", "magnet", "pack")
"""Stages in the order of making."""

_ENDS = frozenset(followed.end_product for followed in FOLLOWED)
"""End products that are looked into; what is inside refined goods is another question."""
ASSUMED, TRADE_MOVED, NO_ENDS = "assumed", "trade_moved", "no_ends"
"""Why a share has no range: it is an assumption alone, trade had to move too far to fit, or none was worked out."""


@dataclass(frozen=True)
class Share:
    """Part of one country in something in a year, with the score it comes from; ``end``: what it is behind.

    ``without_range``: why low and high, which are then the value, are no range and must not be told as one; else None.
    """

    country: str
    value: float
    low: float
    high: float
    quality: str
    key: str
    year: int
    end: str | None = None
    without_range: str | None = None

    @property
    def range(self) -> tuple[float, float, float]:
        """Value, low, high."""
        return self.value, self.low, self.high


@dataclass(frozen=True)
class Exposure:
    """One product: its largest maker in the world, and by region the largest supplier from outside the EU.

    ``output_quality``: grade of the figures of world output, None where there are none. ``direct``: of what the region
    itself uses, by country of making; ``behind``: of what is inside the batteries or magnets used there; None where not
    known, or where supply without a name is larger. ``untold``: why direct supply is not known, by region; a region
    that is in neither buys less than a hundredth from any one country outside the EU.
    """

    product_id: str
    stage: str
    tier: int
    maker: Share | None
    output_quality: str | None
    direct: Mapping[str, Share]
    behind: Mapping[str, Share]
    untold: Mapping[str, str]

    def strongest(self, region: str) -> Share | None:
        """The larger of the two shares of a region, direct or behind, of those with a range first; None without any."""
        known = [listed[region] for listed in (self.direct, self.behind) if region in listed]
        return max(known, key=lambda share: (share.without_range is None, share.value), default=None)


def exposures(
    scores: pl.DataFrame, countries: pl.DataFrame, products: pl.DataFrame, chosen: Sequence[str], regions: Sequence[str]
) -> tuple[Exposure, ...]:
    """The ``chosen`` products in the order of making; ``products``: product_id, stage, tier."""
    own = {region: RegionScores.of(scores, countries, region) for region in regions}
    rows = products.filter(pl.col("product_id").is_in(list(chosen))).select("product_id", "stage", "tier").rows()
    rows.sort(key=lambda row: (row[2], STAGES.index(row[1]), row[0]))
    return tuple(_exposure(scores, own, *row) for row in rows)


def most_exposed(found: Sequence[Exposure], region: str, most: int, always: Sequence[str] = ()) -> tuple[Exposure, ...]:
    """At most ``most`` in the order of making: those named ``always``, then the strongest of one a further stage.

    Of a stage it is the product with the strongest supplier of ``region``.
    """

    def strength(one: Exposure) -> float:
        share = one.strongest(region)
        return -1.0 if share is None else share.value

    if len(found) <= most:
        return tuple(found)
    named = [one for one in found if one.product_id in always][:most]
    best: dict[str, Exposure] = {}
    for one in found:
        if one.stage not in {other.stage for other in named}:
            best[one.stage] = max(best.get(one.stage, one), one, key=strength)
    chosen = [*named, *sorted(best.values(), key=strength, reverse=True)[: most - len(named)]]
    return tuple(one for one in found if one in chosen)


def _exposure(scores: pl.DataFrame, own: Mapping[str, RegionScores], product: str, stage: str, tier: int) -> Exposure:
    world = scores.filter((pl.col("product_id") == product) & (pl.col("scope") == "world"))
    hhi = next(_rows(world, "hhi"), None)
    maker = next(_rows(world, "top1_share"), None)
    direct, behind, untold = {}, {}, {}
    for region, region_scores in own.items():
        supplied = region_scores.largest("sourcing_share", "product_id", inside_eu=False, product_id=product)
        named = region_scores.named_largest("sourcing_share", "product_id", inside_eu=False, product_id=product)
        inside = region_scores.named_largest("look_through_share", "end_product", inside_eu=False, product_id=product)
        inside = inside.filter(pl.col("end_product").is_in(list(_ENDS)))
        unnamed = region_scores.unnamed("sourcing_share", "product_id", inside_eu=False, product_id=product)
        if product in region_scores.moved():
            untold[region] = MOVED
        elif named.height:
            direct[region] = _share(named.row(0, named=True))
        elif supplied.height or unnamed.height:
            untold[region] = UNNAMED_LARGER
        if inside.height:
            behind[region] = _share(inside.row(0, named=True))
        dependence = region_scores.rows("import_dependence", product_id=product)
        if dependence.is_empty() or dependence["value"][0] is None:
            untold[region] = str(dependence["missing_reason"][0]) if dependence.height else "no_supply_known"
    return Exposure(
        product_id=product,
        stage=stage,
        tier=tier,
        maker=None if maker is None or maker["country"] is None else _share(maker, of_output=True),
        output_quality=None if hhi is None else hhi["quality"],
        direct=direct,
        behind=behind,
        untold=untold,
    )


def _rows(world: pl.DataFrame, metric: str) -> Iterator[dict[str, Any]]:
    return world.filter((pl.col("metric") == metric) & pl.col("value").is_not_null()).iter_rows(named=True)


def _share(row: Row, of_output: bool = False) -> Share:
    value, low, high = float(row["value"]), row["low"], row["high"]
    return Share(
        country=row["country"],
        value=value,
        low=value if low is None else low,
        high=value if high is None else high,
        quality=row["quality"] or "D",
        key=score_key(row),
        year=row["year"],
        end=row["end_product"],
        without_range=_without_range(row, of_output),
    )


def _without_range(row: Row, of_output: bool) -> str | None:
    """Of shares of output no assumption on who supplies whom is made: one country may well make all of it."""
    if row["low"] is None or row["high"] is None:
        return NO_ENDS
    if row["interval_kind"] == MOVED_LANES:
        return TRADE_MOVED
    return ASSUMED if not of_output and by_assumption(row["quality"], row["low"], row["high"]) else None
