"""A way to more European value as a measure, so that its effect on risk is simulated like that of any other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.mitigation.apply import touches
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Diversification, MeasureFile
from supplyrisk.mitigation.value_path_assumptions import ValuePathAssumptions
from supplyrisk.mitigation.value_path_options import PathAnswer
from supplyrisk.network.places import EU_REGION
from supplyrisk.scenario.specification import Basis

VALUE_PATH = "value_path"


def path_measure(
    answer: PathAnswer, outside: Collection[str], lead_months: int, assumed: ValuePathAssumptions
) -> Measure | None:
    """Purchases of each product built moved to European makers; None where nothing is built.

    Part moved: what is built over what European makers buy elsewhere, those of the plan included. ``outside``: codes of
    all other places.
    """
    built = {item.product: item.output for item in answer.path.built or ()}
    changes = []
    for item in answer.products:
        if item.product in built:
            added = sum(per_unit * built.get(user, 0.0) for user, per_unit in item.need_per_unit.items())
            changes.append(
                Diversification(
                    kind="diversification",
                    region=EU_REGION,
                    products=(item.product,),
                    away_from=tuple(sorted(outside)),
                    share=min(1.0, built[item.product] / (item.free_need + added)),
                    to=(EU_REGION,),
                )
            )
    if not changes:
        return None
    file = MeasureFile(
        title=assumed.title,
        summary=assumed.summary,
        lead_months=lead_months,
        rests_on=Basis(reason="models/assumptions/value_path.yaml"),
        changes=tuple(changes),
    )
    return Measure(VALUE_PATH, file)


def part_that_touches(measure: Measure, bare: NamedGraph) -> tuple[Measure | None, tuple[str, ...]]:
    """The measure without what touches nothing in a graph (no European maker yet), and the products left out."""
    alone = [replace(measure, file=measure.file.model_copy(update={"changes": (c,)})) for c in measure.file.changes]
    moved = [touches(bare, one) for one in alone]
    pairs = list(zip(alone, moved, strict=True))
    kept = tuple(change for one, moves in pairs if moves for change in one.file.changes)
    left = tuple(product for one, moves in pairs if not moves for product in sorted(one.products))
    found = replace(measure, file=measure.file.model_copy(update={"changes": kept})) if kept else None
    return found, left
