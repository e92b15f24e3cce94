"""How a list of dependent goods changes from year to year: what stays, what is dropped, what is new."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from supplyrisk.scores.dependency_scores import judge
from supplyrisk.scores.trade_frames import single_headings, tabled
from supplyrisk.scores.world import Region

_PAIRS = ((True, True), (True, False), (False, True))


@dataclass(frozen=True)
class Churn:
    """How the list of flagged headings moves from one year to the next, over headings judged in both.

    ``stays``: flagged in both; ``dropped``: in the first only; ``new``: in the second only. Published comparison: about
    one in five goods flagged in 2018 is not in 2019 (CEPII Policy Brief 2023-41, all goods of trade).
    """

    year_from: int
    year_to: int
    judged_in_both: int
    stays: tuple[str, ...]
    dropped: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def share_that_stays(self) -> float | None:
        """Part of the first year's list that is in the second's; None where the first is empty."""
        before = len(self.stays) + len(self.dropped)
        return len(self.stays) / before if before else None


def churn(flags: Mapping[str, Mapping[int, bool | None]]) -> list[Churn]:
    """Churn of each pair of consecutive years. ``flags``: by name and year; None or absent: not judged."""
    years = sorted({year for by_year in flags.values() for year in by_year})
    found = []
    for first, second in pairwise(years):
        if second != first + 1:
            continue
        both = {
            name: (by_year[first], by_year[second])
            for name, by_year in sorted(flags.items())
            if by_year.get(first) is not None and by_year.get(second) is not None
        }
        listed = {pair: tuple(n for n, got in both.items() if got == pair) for pair in _PAIRS}
        found.append(Churn(first, second, len(both), *(listed[pair] for pair in _PAIRS)))
    return found


def heading_flags(
    trade: pl.DataFrame, region: Region, eu: Collection[str], method: str
) -> dict[str, dict[int, bool | None]]:
    """Yearly answer of every single heading, the unit of the published lists, by heading and year."""
    rows = tabled(trade)
    answers: dict[str, dict[int, bool | None]] = {}
    for good in single_headings(rows):
        for year in judge(rows, good, region, eu).years:
            one = year.flag(method)
            answers.setdefault(good.headings[0], {})[year.year] = None if one is None else one.value
    return answers
