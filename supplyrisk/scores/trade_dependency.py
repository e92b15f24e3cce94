"""Strategic dependency by the published trade indicators: three yes-or-no tests a year, and how long they hold.

Two methods, each with its own three tests of the trade of a region R in one good, by value:

* ``geodep`` (CEPII, GeoDep): concentration of R's imports by exporter, concentration of world exports by exporter, and
  imports over exports; a good is dependent when all three hold in at least two years of three.
* ``core`` (European Commission, SWD(2021) 352): concentration of imports from outside the EU, their part in all imports
  (trade between members included), and imports from outside the EU over all exports of R (to members as well, as a
  stand-in for output); judged year by year.

Every test is "larger than": a value on the limit does not hold. A test that cannot be made is unknown, never passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from supplyrisk.scores.concentration import HHI_SCALE

GEODEP, CORE = "geodep", "core"

TESTS: Mapping[str, tuple[str, str, str]] = {
    GEODEP: ("import_hhi", "world_export_hhi", "imports_to_exports"),
    CORE: ("extra_eu_import_hhi", "extra_eu_import_share", "extra_eu_imports_to_exports"),
}
"""The three indicators of each method, all of which must be larger than their limit."""

LIMITS: Mapping[str, float] = {
    "import_hhi": 0.4 * HHI_SCALE,
    "world_export_hhi": 0.4 * HHI_SCALE,
    "imports_to_exports": 1.0,
    "extra_eu_import_hhi": 0.4 * HHI_SCALE,
    "extra_eu_import_share": 0.5,
    "extra_eu_imports_to_exports": 1.0,
}
WINDOW_YEARS, YEARS_NEEDED = 3, 2

NO_IMPORTS = "no_imports_named"
NO_EXPORTS = "no_exports_named"
POOLED_IMPORTS = "imports_only_pooled"
POOLED_EXPORTS = "exports_only_pooled"
ONLY_DOUBTFUL = "only_doubtful_flows"
NO_EXPORT_TABLE = "exports_not_in_source"
NOT_DECIDED = "not_decided"

_SAME = 1e-12
"""Two values nearer than this part of the limit are the same: rounding of a sum of squares is no finding."""


@dataclass(frozen=True)
class RegionTrade:
    """Trade of a region in one good and year, by value, any one unit.

    ``imports``: from outside the region, by exporter; ``extra_eu``: from outside the EU, by exporter; ``all_imports``:
    with trade inside the region; ``exports``: to outside the region; ``all_exports``: to anywhere; ``world``: exports
    of the world by exporter. Each of these counts named partners only; ``unknown`` has by name of the field what the
    pooled flows may add to it at most (``inside``: to imports that are not from outside the EU). ``has_exports``: False
    where the table holds imports alone.
    """

    imports: Mapping[str, float]
    extra_eu: Mapping[str, float]
    all_imports: float
    exports: float
    all_exports: float
    world: Mapping[str, float]
    unknown: Mapping[str, float] = field(default_factory=dict)
    has_exports: bool = True


@dataclass(frozen=True)
class Indicator:
    """One indicator with its ends, or the reason why it is missing."""

    value: float | None
    low: float | None = None
    high: float | None = None
    missing_reason: str | None = None


@dataclass(frozen=True)
class Flag:
    """Whether all tests hold; None: not decided. ``low``, ``high``: the answer at the ends of the indicators."""

    value: bool | None
    low: bool
    high: bool


def share_hhi(values: Iterable[float], unknown: float = 0.0) -> tuple[float, float, float]:
    """Low, value and high of 10 000·Σ v²/(Σ v)² when ``unknown`` more may come from anybody.

    Spread thin it only dilutes: 10 000·Σ v²/(M + U)². Added to the largest it does most: with v₁ largest,
    10 000·((v₁ + U)² + Σ_{i>1} v_i²)/(M + U)². Both are bounds. Raises ``ValueError`` when nothing is traded.
    """
    amounts = np.sort(np.asarray(list(values), dtype=float))[::-1]
    total = float(amounts.sum())
    if total <= 0.0:
        raise ValueError("the HHI of no trade is not defined")
    squares = float(np.square(amounts).sum())
    above = squares + unknown * (2.0 * float(amounts[0]) + unknown)
    value = HHI_SCALE * squares / total**2
    whole = (total + unknown) ** 2
    return HHI_SCALE * squares / whole, value, max(value, min(HHI_SCALE, HHI_SCALE * above / whole))


def indicators(trade: RegionTrade) -> dict[str, Indicator]:
    """The six indicators of both methods (names of ``LIMITS``).

    Where no imports or exports are named, but some may be in a pool, the reason says so: they may well be there.
    """
    more = trade.unknown
    imported, extra = sum(trade.imports.values()), sum(trade.extra_eu.values())
    inside = trade.all_imports - extra
    return {
        "import_hhi": _hhi(trade.imports, more.get("imports", 0.0)),
        "world_export_hhi": _hhi(trade.world, more.get("world", 0.0), _no_exports)
        if trade.has_exports
        else Indicator(None, missing_reason=NO_EXPORT_TABLE),
        "imports_to_exports": _ratio(trade, imported, "imports", trade.exports, "exports"),
        "extra_eu_import_hhi": _hhi(trade.extra_eu, more.get("extra_eu", 0.0)),
        "extra_eu_import_share": _share(extra, more.get("extra_eu", 0.0), inside, more.get("inside", 0.0)),
        "extra_eu_imports_to_exports": _ratio(trade, extra, "extra_eu", trade.all_exports, "all_exports"),
    }


def _no_imports(pooled: float) -> Indicator:
    return Indicator(None, missing_reason=POOLED_IMPORTS if pooled > 0.0 else NO_IMPORTS)


def _no_exports(pooled: float) -> Indicator:
    return Indicator(None, missing_reason=POOLED_EXPORTS if pooled > 0.0 else NO_EXPORTS)


def _hhi(values: Mapping[str, float], unknown: float, without: Callable[[float], Indicator] = _no_imports) -> Indicator:
    if sum(values.values()) <= 0.0:
        return without(unknown)
    low, value, high = share_hhi(values.values(), unknown)
    return Indicator(value, low, high)


def _share(extra: float, more_extra: float, inside: float, more_inside: float) -> Indicator:
    if extra + inside <= 0.0:
        return _no_imports(more_extra + more_inside)
    low = extra / (extra + inside + more_inside)
    return Indicator(extra / (extra + inside), low, (extra + more_extra) / (extra + more_extra + inside))


def _ratio(trade: RegionTrade, above: float, above_name: str, below: float, below_name: str) -> Indicator:
    if not trade.has_exports:
        return Indicator(None, missing_reason=NO_EXPORT_TABLE)
    if below <= 0.0:
        return _no_exports(trade.unknown.get(below_name, 0.0))
    if above <= 0.0:
        return _no_imports(trade.unknown.get(above_name, 0.0))
    low = above / (below + trade.unknown.get(below_name, 0.0))
    return Indicator(above / below, low, (above + trade.unknown.get(above_name, 0.0)) / below)


def with_doubtful(trusted: Mapping[str, Indicator], whole: Mapping[str, Indicator]) -> dict[str, Indicator]:
    """Indicators of the trusted flows, their ends widened to those with the doubtful flows in.

    One that only doubtful flows would give is missing with that reason.
    """
    widened = {}
    for name, found in trusted.items():
        ends = [end for one in (found, whole[name]) for end in (one.low, one.value, one.high) if end is not None]
        if found.value is not None:
            widened[name] = Indicator(found.value, min(ends), max(ends))
        else:
            widened[name] = found if whole[name].value is None else Indicator(None, missing_reason=ONLY_DOUBTFUL)
    return widened


def exceeds(value: float, limit: float) -> bool:
    """``value`` > ``limit``, equal up to rounding counted as equal."""
    return value > limit * (1.0 + _SAME)


def flag(found: Mapping[str, Indicator], method: str) -> Flag:
    """All three tests of ``method``: yes, no as soon as one fails, None when none fails but one is unknown."""
    tests = [(found[name], LIMITS[name]) for name in TESTS[method]]
    values = [None if one.value is None else exceeds(one.value, limit) for one, limit in tests]
    low = all(one.low is not None and exceeds(one.low, limit) for one, limit in tests)
    high = all(one.high is None or exceeds(one.high, limit) for one, limit in tests)
    value = False if False in values else None if None in values else True
    return Flag(value, low, high)


def held_in_most_years(flags: Sequence[Flag | None]) -> Flag:
    """Whether a good is flagged in at least ``YEARS_NEEDED`` of the ``WINDOW_YEARS`` years; None: a year without trade.

    Decided only when the unknown years cannot change the answer. Raises ``ValueError`` for another number of years.
    """
    if len(flags) != WINDOW_YEARS:
        raise ValueError(f"{len(flags)} years given, the window has {WINDOW_YEARS}")
    known = [None if one is None else one.value for one in flags]
    yes, unknown = known.count(True), known.count(None)
    value = True if yes >= YEARS_NEEDED else None if yes + unknown >= YEARS_NEEDED else False
    low = sum(one is not None and one.low for one in flags) >= YEARS_NEEDED
    high = sum(one is None or one.high for one in flags) >= YEARS_NEEDED
    return Flag(value, low, high)
