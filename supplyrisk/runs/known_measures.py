"""Measures whose effect can be known on the day: their products' chain is, and they move what they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.mitigation.apply import apply_measures, bought_in
from supplyrisk.mitigation.read import Measure, check_together
from supplyrisk.mitigation.worked_out import MoreWonBack, Workings, worked_out
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.disruption_run import DisruptionModel


def workings_of(model: DisruptionModel, more_won_back: MoreWonBack) -> Workings:
    """What it takes to work measures out on the network of a model."""
    return Workings(more_won_back, bought_in(model.base, EU_REGION), model.more_used, model.words.eu_members)


def known_measures(
    model: DisruptionModel, measures: Iterable[Measure], more_won_back: MoreWonBack
) -> tuple[list[Measure], list[Measure]]:
    """Measures worked out, and those left out whose users or makers were not known on the day.

    Raises ``InputError`` for every other thing that is wrong with a measure, as that it moves nothing.
    """
    workings = workings_of(model, more_won_back)
    known, left_out = [], []
    for measure in measures:
        full = _in_full(measure, workings)
        if full is None or unknown_products(model, full) or not _is_known(model, full):
            left_out.append(measure)
        else:
            known.append(full)
    check_together(known, model.words.eu_members)
    return known, left_out


def unknown_products(model: DisruptionModel, measure: Measure) -> Sequence[str]:
    """Products of a measure that had no known maker on the day, or something that goes into them had none."""
    return sorted(measure.products & model.base.cut)


def later_figures(model: DisruptionModel, measures: Iterable[Measure]) -> dict[str, tuple[str, ...]]:
    """By measure, the data rows that it or its cost rests on and that were not public yet on the day; without others.

    Files of measures are those of today: such a measure is told with that, and not taken for one of the day.
    """
    found = {one.measure_id: tuple(row for row in one.rows if row in model.rested_on.later) for one in measures}
    return {name: rows for name, rows in found.items() if rows}


def _in_full(measure: Measure, workings: Workings) -> Measure | None:
    """The measure with what is won back and used worked out; None where that cannot be known on the day."""
    try:
        return worked_out([measure], workings)[0]
    except NotKnownError:
        return None


def _is_known(model: DisruptionModel, measure: Measure) -> bool:
    try:
        apply_measures(model.base, [measure])
    except NotKnownError:
        return False
    return True
