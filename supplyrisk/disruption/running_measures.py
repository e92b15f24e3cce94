"""Export restrictions in force that the base year did not know yet, as shocks from the first month on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.disruption.assumptions import RunningMeasures
from supplyrisk.disruption.from_scenario import NamedShock, touched
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.disruption.shocks import Hit, Shock
from supplyrisk.foundation.units import MONTHS_PER_YEAR
from supplyrisk.network.places import WORLD


@dataclass(frozen=True)
class Running:
    """Measures as shocks, and ids of those in force that touch nothing in the network."""

    shocks: tuple[NamedShock, ...]
    without_lane: tuple[str, ...]


def running_measures(
    named: NamedGraph,
    restrictions: pl.DataFrame,
    products_of: Mapping[str, Collection[str]],
    cuts: RunningMeasures,
    base_year: int,
    as_of: date,
    months: int,
) -> Running:
    """Measures on goods in force on ``as_of`` that started after ``base_year``: the change since then.

    ``restrictions``: rows of data/export_restrictions.csv; ``products_of``: products of a material, for measures that
    name a material and no product. A quota of tonnes a year cuts exports at rest to it, other kinds by ``cuts``.
    Measures on the same lanes (elements of one product, each under its own licence) count once, with the largest cut.
    """
    found: dict[tuple[int, ...], NamedShock] = {}
    idle = []
    rows = restrictions.filter((pl.col("status") == "in_force") & (pl.col("subject") == "goods")).sort("measure_id")
    for row in rows.iter_rows(named=True):
        start = str(row["start"])
        if not f"{base_year}-12-31" < start <= as_of.isoformat() or row["measure"] not in RunningMeasures.model_fields:
            continue
        products = frozenset((row["product_ids"] or "").split(";")) - {""} or frozenset(
            products_of.get(row["material_id"], ())
        )
        target = row["target_iso3"]
        buyers = named.places.of_region(target or WORLD)
        links = named.links_of(products, named.places.of_region(row["iso3"]), buyers)
        if len(links) == 0:
            idle.append(row["measure_id"])
            continue
        share = float(getattr(cuts, row["measure"]).value)
        usual = MONTHS_PER_YEAR * float(named.graph.link_flow[links].sum())
        if row["quota"] is not None and row["quota_unit"] == "t/y":
            share = max(0.0, 1.0 - float(row["quota"]) / usual)
        members = tuple(int(link) for link in links)
        if members not in found or share > found[members].shock.severity:
            shock = Shock(Hit.LANE, members, 0, months, share)
            found[members] = NamedShock(row["measure_id"], shock, touched(named, Hit.LANE, links))
    return Running(tuple(found.values()), tuple(idle))
