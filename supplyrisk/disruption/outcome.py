"""What one run of shocks means, as tables: final use, makers, stocks, who stepped in, who is left without orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.disruption.engine import Months
from supplyrisk.disruption.final_use import final_use, unmet_by_month
from supplyrisk.disruption.makers import makers, surplus
from supplyrisk.disruption.named_graph import Masks, NamedGraph
from supplyrisk.disruption.purchases import stocks, switching
from supplyrisk.disruption.shocks import Shock


@dataclass(frozen=True)
class Outcome:
    """Tables of one run; see the functions of the same names, and ``unmet_by_month``."""

    final_use: pl.DataFrame
    makers: pl.DataFrame
    stocks: pl.DataFrame
    switching: pl.DataFrame
    surplus: pl.DataFrame
    unmet: pl.DataFrame


def outcome_of(named: NamedGraph, run: Months, shocks: Sequence[Shock], regions: Masks) -> Outcome:
    """All tables. ``regions``: places of each region by its code."""
    return Outcome(
        final_use=final_use(named, run, shocks, regions),
        makers=makers(named, run, regions),
        stocks=stocks(named, run, regions),
        switching=switching(named, run, shocks, regions),
        surplus=surplus(named, run),
        unmet=unmet_by_month(named, run, shocks, regions),
    )
