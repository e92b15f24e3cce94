"""Magnets used in a region by use and year, where only the world's demand is known by use."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from supplyrisk.disruption.supply_graph import Floats
from supplyrisk.mitigation.recycling import between_years


def used_by_year(
    own: float,
    world: Mapping[str, Mapping[int, float]],
    years: tuple[int, ...],
    growth_before: float,
    growth_after: float,
) -> dict[str, Floats]:
    """Tonnes by use: own use of the first known year × world demand of the use / all world demand of that year.

    ``world``: demand by use and year, the same years for every use; between them straight lines. ``growth_before``: a
    year, before the first; ``growth_after``: a year, of own use against the world's after it. Raises ``ValueError`` for
    a year after the last known one.
    """
    first = min(year for demand in world.values() for year in demand)
    whole = sum(demand[first] for demand in world.values())
    against_world = (1.0 + growth_after) ** np.maximum(0, np.array(years) - first)
    return {
        use: own / whole * between_years(demand, years, growth_before) * against_world for use, demand in world.items()
    }
