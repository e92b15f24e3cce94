"""Part of use that own output meets, all strategic raw materials together at a stage: by value and as a plain mean.

Regulation (EU) 2024/1252, Article 5(1)(a): capacity of the Union at a stage as a part of its annual consumption of
strategic raw materials, all together. Tonnes of different materials cannot be added. Their worth can where they are
traded at that stage; a mean of materials needs no price and gives each the same say. Neither is the official figure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import REGION_NOT_NAMED, RESIDUAL_ONLY

BY_VALUE, UNWEIGHTED = "stage_capacity_by_value", "stage_capacity_unweighted"
OF_MATERIAL = "stage_capacity_of_material"
NO_VALUE, NO_USE, NO_PRODUCT = "value_per_unit_missing", "place_of_use_unknown", "no_product_of_the_material"
IN_PART = "use_of_a_product_unknown"
NOT_COVERED_RANGE, LEFT_OUT_RANGE = "not_covered_none_to_all", "one_product_left_out"


@dataclass(frozen=True)
class StageProduct:
    """A product of a strategic raw material at a stage: output and use of the region, and worth of a unit in trade.

    ``used`` None: its use in the region is not known; zero: nothing is used there, so it has no part in consumption.
    ``unnamed``: where no maker in the region is named, what users there get from makers without a name, which may be
    its own: then there is no figure of its own output but an upper end.
    """

    product: str
    material: str
    made: float
    used: float | None
    unit_value: float | None
    row_ids: tuple[str, ...]
    unnamed: float = 0.0

    @property
    def covers_use(self) -> bool:
        """Whether it has a use to set output against."""
        return self.used is not None and self.used > 0.0

    @property
    def is_range(self) -> bool:
        """Whether no maker in the region is named, so that output lies between nothing and what is unnamed."""
        return self.unnamed > 0.0

    @property
    def has_worth(self) -> bool:
        """Whether it has a use and the worth of a unit, so that it counts by value."""
        return self.covers_use and self.unit_value is not None

    @property
    def low(self) -> float:
        """Output over use, at most all of it; of a product with a use."""
        return min(self.made / (self.used or 1.0), 1.0)

    @property
    def high(self) -> float:
        """The same with all that is unnamed."""
        return min((self.made + self.unnamed) / (self.used or 1.0), 1.0)


@dataclass(frozen=True)
class MaterialShare:
    """Part of a material's use that own output would meet: between ``low`` and ``high``; a figure where they agree.

    ``known``: of a material known in part, the mean of what is known, within its ends.
    """

    low: float
    high: float
    known: float | None = None

    @property
    def is_figure(self) -> bool:
        """Whether it is one figure and not a range."""
        return self.low == self.high

    @property
    def central(self) -> float | None:
        """The figure, or the mean of what is known; None where only ends are."""
        return self.low if self.is_figure else self.known


@dataclass(frozen=True)
class Aggregate:
    """Part of consumption, with its ends, and what it covers: ``covered`` of ``concerned`` materials have a figure.

    A material is covered only where every product of it that is used, or may be, counts. ``value`` None: of no
    material anything is known but ends.
    """

    value: float | None
    low: float
    high: float
    covered: int
    concerned: int


def last_of_each(products: Sequence[StageProduct], users: Mapping[str, Collection[str]]) -> list[StageProduct]:
    """Without those that go into another product of the same material that has a figure: alumina is in aluminium.

    ``users``: products that take each in. Where the later product has no figure the earlier one stands for both.
    """
    return [
        one
        for one in products
        if not any(
            later.covers_use and later.material == one.material and later.product in users.get(one.product, ())
            for later in products
        )
    ]


def consumed(products: Sequence[StageProduct], materials: Collection[str]) -> list[str]:
    """Those of ``materials`` that are used at the stage or may be: not those of whose products none is used."""
    used: dict[str, list[float | None]] = {material: [] for material in materials}
    for one in products:
        used[one.material].append(one.used)
    return [material for material, some in used.items() if not some or any(amount != 0.0 for amount in some)]


def share_of_material(products: Sequence[StageProduct]) -> MaterialShare | None:
    """Mean of min(output/use, 1) over products of one material that are used or may be; None where no use is known.

    Each product counts up to its use: a surplus of one feeds no use of another, as in both aggregates. A product whose
    use is not known counts as nothing in the low end and as 1 in the high one.
    """
    known = [one for one in products if one.covers_use]
    gaps = sum(one.used is None for one in products)
    if not known:
        return None
    if not gaps or any(one.is_range for one in known):
        number = len(known) + gaps
        return MaterialShare(sum(one.low for one in known) / number, (sum(one.high for one in known) + gaps) / number)
    return mean_share([*(one.low for one in known), *[None] * gaps])


def mean_share(shares: Sequence[float | None]) -> MaterialShare | None:
    """Plain mean of shares 0 … 1, those that are not known at 0 and at 1 at its ends; None where none is known."""
    known = [share for share in shares if share is not None]
    if not known:
        return None
    total, gaps = sum(known), len(shares) - len(known)
    return MaterialShare(total / len(shares), (total + gaps) / len(shares), total / len(known))


def by_value(products: Sequence[StageProduct], concerned: Collection[str]) -> Aggregate | None:
    """Σ min(output, use)·v / Σ use·v over products with a use and a value v; None without any.

    ``concerned``: all materials of which it is a part of consumption (``consumed``).
    More output than use of one material feeds no use of another, so it counts up to its use; the high end counts all of
    it. A product without a named maker counts as the others do together, at most at what is unnamed; at nothing in the
    low end, at all that is unnamed in the high end. Ends also over leaving out any one product: so much hangs on single
    prices.
    """
    known = [one for one in products if one.has_worth]
    if not known:
        return None
    in_part = {one.material for one in products if one.used != 0.0 and (not one.has_worth or one.is_range)}
    sets = [known, *([other for other in known if other is not one] for one in known if len(known) > 1)]
    central = [_central(some) for some in sets]
    lows = [_worth(some, lambda one: min(one.made, one.used or 0.0)) for some in sets]
    return Aggregate(
        central[0],
        min(lows),
        max(_worth(some, lambda one: one.made + one.unnamed) for some in sets),
        len({one.material for one in known} - in_part),
        len(concerned),
    )


def _worth(products: Sequence[StageProduct], met: Callable[[StageProduct], float]) -> float:
    whole = sum((one.used or 0.0) * (one.unit_value or 0.0) for one in products)
    return sum(met(one) * (one.unit_value or 0.0) for one in products) / whole


def _central(products: Sequence[StageProduct]) -> float | None:
    figures = [one for one in products if not one.is_range]
    if not figures:
        return None
    mean = _worth(figures, lambda one: min(one.made, one.used or 0.0))

    def met(one: StageProduct) -> float:
        used = one.used or 0.0
        return min(mean * used, one.made + one.unnamed) if one.is_range else min(one.made, used)

    return _worth(products, met)


def unweighted(shares: Mapping[str, MaterialShare | None]) -> Aggregate | None:
    """Plain mean over materials of the part of use that own output would meet; None where nothing is known of any.

    A material of which nothing is known is left out, which is the same as taking it at the mean of the others. One with
    a range alone is taken there too, but within its range; one known in part at the mean of its parts. Ends: ranges at
    their ends, materials of which nothing is known at 0 and at 1.
    """
    known = [share for share in shares.values() if share is not None]
    if not known:
        return None
    centres = [share.central for share in known if share.central is not None]
    missing, value = len(shares) - len(known), None
    if centres:
        mean = sum(centres) / len(centres)
        taken = [min(max(mean, share.low), share.high) if share.central is None else share.central for share in known]
        value = sum(taken) / len(taken)
    return Aggregate(
        value,
        sum(share.low for share in known) / len(shares),
        (sum(share.high for share in known) + missing) / len(shares),
        sum(share.is_figure for share in known),
        len(shares),
    )


def stage_capacity_rows(
    products: Sequence[StageProduct], materials: Collection[str], stage: str, region: str, year: int
) -> Iterator[ScoreRow]:
    """Both aggregates of one stage and region as scores, and the material's own figure of each that is used there.

    ``materials``: all strategic ones, those without a product at the stage too.
    """
    concerned = consumed(products, materials)
    used = {
        material: [one for one in products if one.material == material and one.used != 0.0] for material in concerned
    }
    shares = {material: share_of_material(some) for material, some in used.items()}
    rows = list(dict.fromkeys(row for one in products for row in one.row_ids))
    for metric, kind, reason, found in (
        (BY_VALUE, LEFT_OUT_RANGE, NO_VALUE, by_value(products, concerned)),
        (UNWEIGHTED, NOT_COVERED_RANGE, NO_USE, unweighted(shares)),
    ):
        if found is None:
            yield ScoreRow(metric, None, stage, Basis(), None, missing_reason=reason, scope=region)
            continue
        yield ScoreRow(
            metric,
            None,
            stage,
            Basis(year, None, "D", rows),
            found.value,
            found.low,
            found.high,
            kind,
            missing_reason=REGION_NOT_NAMED if found.value is None else None,
            scope=region,
            materials_covered=found.covered,
            materials_concerned=found.concerned,
        )
    for material, share in shares.items():
        if share is None:
            why = NO_USE if used[material] else NO_PRODUCT
            yield ScoreRow(
                OF_MATERIAL, None, stage, Basis(), None, missing_reason=why, material_id=material, scope=region
            )
            continue
        own = list(dict.fromkeys(row for one in used[material] for row in one.row_ids))
        row = ScoreRow(
            OF_MATERIAL, None, stage, Basis(year, None, "D", own), share.low, material_id=material, scope=region
        )
        if not share.is_figure:
            in_part = any(one.used is None for one in used[material])
            kind, why = (NOT_COVERED_RANGE, IN_PART) if in_part else (RESIDUAL_ONLY, REGION_NOT_NAMED)
            row = replace(row, value=None, low=share.low, high=share.high, interval_kind=kind, missing_reason=why)
        yield row
