"""A way to more European value as a measure, so that its effect on risk is simulated like that of any other."""

from __future__ import annotations

from collections.abc import Collection

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import apply_measures
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import MeasureFile
from supplyrisk.mitigation.value_path_options import PathAnswer
from supplyrisk.network.places import EU_REGION

VALUE_PATH = "value_path"

TITLE = {"en": "Way to the target for European value", "nl": "Weg naar het doel voor Europese meerwaarde"}
SUMMARY = {
    "en": "What the plan of this chapter builds, as part of what European makers buy elsewhere, moved to European "
    "makers in the network of the base year.",
    "nl": "Wat het plan van dit hoofdstuk bouwt, als deel van wat Europese makers elders kopen, verplaatst naar "
    "Europese makers in het netwerk van het basisjaar.",
}


def path_measure(answer: PathAnswer, outside: Collection[str], lead_months: int) -> Measure | None:
    """Purchases of each product built moved to European makers; None where nothing is built.

    Part moved: what is built over what European makers buy elsewhere, those of the plan included. ``outside``: codes of
    all other places.
    """
    built = {item.product: item.output for item in answer.path.built or ()}
    changes = []
    for item in answer.products:
        if item.product in built:
            bought = item.free_need + sum(
                per_unit * built.get(user, 0.0) for user, per_unit in item.need_per_unit.items()
            )
            changes.append(
                {
                    "kind": "diversification",
                    "region": EU_REGION,
                    "products": [item.product],
                    "away_from": sorted(outside),
                    "share": min(1.0, built[item.product] / bought),
                    "to": [EU_REGION],
                }
            )
    if not changes:
        return None
    text = {"title": TITLE, "summary": SUMMARY, "rests_on": {"reason": "models/assumptions/value_path.yaml"}}
    return Measure(VALUE_PATH, MeasureFile.model_validate({**text, "lead_months": lead_months, "changes": changes}))


def fitting(measure: Measure, bare: NamedGraph) -> tuple[Measure | None, tuple[str, ...]]:
    """The measure without what touches nothing in a graph (no European maker yet), and the products left out."""
    kept, left = [], []
    for change in measure.file.changes:
        one = Measure(measure.measure_id, measure.file.model_copy(update={"changes": (change,)}))
        try:
            apply_measures(bare, [one])
        except InputError:
            left += sorted(one.products)
        else:
            kept.append(change)
    if not kept:
        return None, tuple(left)
    return Measure(measure.measure_id, measure.file.model_copy(update={"changes": tuple(kept)})), tuple(left)
