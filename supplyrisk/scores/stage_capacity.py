"""Output over use of all strategic raw materials together at one stage: by value, and as a plain mean of materials.

Regulation (EU) 2024/1252, Article 5(1)(a): capacity of the Union at a stage as a part of its annual consumption of
strategic raw materials, all together. Tonnes of different materials cannot be added. Their worth can where they are
traded at that stage; a mean of materials needs no price and gives each the same say. Neither is the official figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from supplyrisk.scores.table import Basis, ScoreRow
from supplyrisk.scores.world import REGION_NOT_NAMED, RESIDUAL_ONLY

BY_VALUE, UNWEIGHTED = "stage_capacity_by_value", "stage_capacity_unweighted"
OF_MATERIAL = "stage_capacity_of_material"
NO_VALUE, NO_USE, NO_PRODUCT = "value_per_unit_missing", "place_of_use_unknown", "no_product_of_the_material"
NOT_COVERED_RANGE, LEFT_OUT_RANGE = "not_covered_none_to_all", "one_product_left_out"


@dataclass(frozen=True)
class StageProduct:
    """A product of a strategic raw material at a stage: output and use of the region, and worth of a unit in trade.

    ``used`` None: its use in the region is not known; zero: nothing is used there, so it has no part in consumption.
    ``unnamed``: where no maker in the region is named, what users there get from makers without a name, which may be
    its own.
    """

    product: str
    material: str
    made: float
    used: float | None
    unit_value: float | None
    row_ids: tuple[str, ...]
    unnamed: float = 0.0

    @property
    def ratio(self) -> float | None:
        """Output over use; None where use is not known, or nothing."""
        return None if self.used is None or self.used <= 0.0 else self.made / self.used

    @property
    def high_ratio(self) -> float | None:
        """The same with all that is unnamed."""
        return None if self.used is None or self.used <= 0.0 else (self.made + self.unnamed) / self.used


@dataclass(frozen=True)
class Aggregate:
    """Part of consumption, with its ends, and what it covers: ``covered`` of ``concerned`` materials."""

    value: float
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
            later.ratio is not None and later.material == one.material and later.product in users.get(one.product, ())
            for later in products
        )
    ]


def consumed(products: Sequence[StageProduct], materials: Collection[str]) -> list[str]:
    """Those of ``materials`` that are used at the stage or may be: not those of whose products none is used."""
    used: dict[str, list[float | None]] = {material: [] for material in materials}
    for one in products:
        used[one.material].append(one.used)
    return [material for material, some in used.items() if not some or any(amount != 0.0 for amount in some)]


def by_value(products: Sequence[StageProduct], concerned: Collection[str]) -> Aggregate | None:
    """Σ min(output, use)·v / Σ use·v over products with a use and a value v; None without any.

    ``concerned``: all materials of which it is a part of consumption (``consumed``).
    More output than use of one material feeds no use of another, so it counts up to its use; the high end counts all of
    it, and what is unnamed. Ends also over leaving out any one product: so much hangs on single prices.
    """
    known = [one for one in products if one.ratio is not None and one.unit_value is not None]
    if not known:
        return None
    sets = [known, *([other for other in known if other is not one] for one in known if len(known) > 1)]
    capped = [_share(some, whole=False) for some in sets]
    return Aggregate(
        capped[0],
        min(capped),
        max(_share(some, whole=True) for some in sets),
        len({one.material for one in known}),
        len(concerned),
    )


def _share(products: Sequence[StageProduct], whole: bool) -> float:
    worth = [
        (one.made + one.unnamed if whole else one.made, one.used or 0.0, one.unit_value or 0.0) for one in products
    ]
    met = sum((made if whole else min(made, used)) * value for made, used, value in worth)
    return met / sum(used * value for _, used, value in worth)


def unweighted(
    ratios: Mapping[str, Sequence[float | None]], high: Mapping[str, Sequence[float | None]] | None = None
) -> Aggregate | None:
    """Plain mean over materials of output over use, up to one; None where no material has a figure.

    ``ratios``: of each product of each material; several products of one are a mean first. ``high``: the same with
    what is unnamed, where it differs. Ends: materials without a figure at 0 and at 1.
    """
    known = _means(ratios)
    if not known:
        return None
    missing, highest = len(ratios) - len(known), known if high is None else _means(high)
    return Aggregate(
        sum(known) / len(known),
        sum(known) / len(ratios),
        (sum(highest) + missing) / len(ratios),
        len(known),
        len(ratios),
    )


def _means(ratios: Mapping[str, Sequence[float | None]]) -> list[float]:
    own = [[min(ratio, 1.0) for ratio in some if ratio is not None] for some in ratios.values()]
    return [sum(some) / len(some) for some in own if some]


def stage_capacity_rows(
    products: Sequence[StageProduct], materials: Collection[str], stage: str, region: str, year: int
) -> Iterator[ScoreRow]:
    """Both aggregates of one stage and region as scores, and the material's own figure of each that is used there.

    ``materials``: all strategic ones, those without a product at the stage too. The edition of an aggregate says how
    many materials it covers (``covered_of``).
    """
    ratios: dict[str, list[float | None]] = {material: [] for material in consumed(products, materials)}
    high: dict[str, list[float | None]] = {material: [] for material in ratios}
    for one in products:
        if one.material in ratios and one.used != 0.0:
            ratios[one.material].append(one.ratio)
            high[one.material].append(one.high_ratio)
    rows = list(dict.fromkeys(row for one in products for row in one.row_ids))
    for metric, kind, reason, found in (
        (BY_VALUE, LEFT_OUT_RANGE, NO_VALUE, by_value(products, ratios)),
        (UNWEIGHTED, NOT_COVERED_RANGE, NO_USE, unweighted(ratios, high)),
    ):
        if found is None:
            yield ScoreRow(metric, None, stage, Basis(), None, missing_reason=reason, scope=region)
            continue
        basis = Basis(year, f"{found.covered}_of_{found.concerned}_materials", "D", rows)
        yield ScoreRow(metric, None, stage, basis, found.value, found.low, found.high, kind, scope=region)
    for material, some in ratios.items():
        known = [ratio for ratio in some if ratio is not None]
        own = [row for one in products if one.material == material for row in one.row_ids]
        value = sum(known) / len(known) if known else None
        basis = Basis(year, None, "D", own) if known else Basis()
        why = None if known else NO_USE if some else NO_PRODUCT
        row = ScoreRow(OF_MATERIAL, None, stage, basis, value, missing_reason=why, material_id=material, scope=region)
        most = [ratio for ratio in high[material] if ratio is not None]
        if value is not None and sum(most) > sum(known):
            top = sum(most) / len(most)
            row = replace(
                row, value=None, low=value, high=top, interval_kind=RESIDUAL_ONLY, missing_reason=REGION_NOT_NAMED
            )
        yield row


def covered_of(edition: str) -> tuple[int, int]:
    """How many materials an aggregate covers, and of how many, from the edition of its score."""
    covered, _, concerned, _ = edition.split("_")
    return int(covered), int(concerned)
