"""Ready measures whose effect can be known on the day: their products' chain is, and they touch the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import bought_in, touches
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.secondary import with_recyclers_for
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.mitigation.won_back import with_won_back
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.recycling_run import more_won_back, recycling_assumptions
from supplyrisk.tables.package import DataPackage


def known_measures(
    model: DisruptionModel, network: NetworkRun, package: DataPackage
) -> tuple[list[Measure], list[Measure]]:
    """Measures with what is won back worked out, and those that are left out; mistakes in files are raised.

    ``package`` opened with the tables of recycling_run.
    """
    recycled = recycling_assumptions(model.project, package)
    known, left_out = [], []
    for measure in read_measures(ready_files(model.project, "measures"), model.words):
        full = _in_full(measure, model.base, lambda change: more_won_back(network, package, recycled, change))
        if full is None or full.products & model.base.cut or not _touches(model.base, full):
            left_out.append(measure)
        else:
            known.append(full)
    return known, left_out


def _in_full(measure: Measure, bare: NamedGraph, more_of: Callable[[Recycling], Mapping[str, float]]) -> Measure | None:
    """The measure with what is won back worked out; None where that cannot be known on the day."""
    try:
        return with_won_back([measure], more_of, bought_in(bare, EU_REGION))[0]
    except InputError:
        return None


def _touches(bare: NamedGraph, measure: Measure) -> bool:
    return touches(with_recyclers_for(bare, [measure]), measure)
