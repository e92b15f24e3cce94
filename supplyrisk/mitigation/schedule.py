"""When a measure works: nothing until its ramp begins, a part that rises linearly, and all of it from then on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from supplyrisk.disruption.shocks import Integers
from supplyrisk.mitigation.specification import MeasureFile

_GOLDEN_SECTION = 0.5 * (5.0**0.5 - 1.0)


def first_month(file: MeasureFile) -> int:
    """Month of a run (from 1) in which some of a measure works for the first time."""
    return full_month(file) - max(0, file.ramp_months - 1)


def full_month(file: MeasureFile) -> int:
    """Month of a run (from 1) from which all of it works: ``lead_months`` after the month in which it is decided."""
    return file.start_month + file.lead_months


def phases(files: Mapping[str, MeasureFile], months: int) -> list[frozenset[str]]:
    """Measures that work together one after the other in a run of so many months: each set holds that before it.

    A set begins when all of its measures do, and they begin in the order of the months from which all of them works.
    """
    within = {name: full_month(file) for name, file in files.items() if first_month(file) <= months}
    return [frozenset(name for name in within if within[name] <= full) for full in sorted(set(within.values()))]


def part_in_place(file: MeasureFile, month: int) -> float:
    """Part of a measure that works in a month of a run (from 1): 0 before its ramp, then 1/ramp, 2/ramp … 1."""
    ramp = max(1, file.ramp_months)
    return min(1.0, max(0.0, (month - full_month(file) + ramp) / ramp))


def months_before(file: MeasureFile, draws: Integers) -> Integers:
    """Months of each draw (by its number) without the measure; after them it works in full.

    Evenly spread over the ramp: in a month, the measure is there in as many of the draws as the part of it that is in
    place. The n-th draw takes the fractional part of n times the golden section, which is even in any run of draws.
    """
    ramp = max(1, file.ramp_months)
    step = np.floor((draws * _GOLDEN_SECTION) % 1.0 * ramp).astype(np.int64)
    return np.asarray(first_month(file) - 1 + step)
