"""Ready measures whose effect can be known on the day: their products' chain is, and they touch the network."""

from __future__ import annotations

from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.apply import bought_in, touches
from supplyrisk.mitigation.read import Measure, check_together, read_measures
from supplyrisk.mitigation.specification import DemandPath
from supplyrisk.mitigation.worked_out import Workings, worked_out
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.ready_files import ready_files
from supplyrisk.runs.recycling_run import more_won_back, recycling_assumptions
from supplyrisk.tables.package import DataPackage


def known_measures(
    model: DisruptionModel, network: NetworkRun, package: DataPackage
) -> tuple[list[Measure], list[Measure]]:
    """Measures worked out, and those that are left out; mistakes in files are raised.

    ``package`` opened with the tables of recycling_run.
    """
    recycled = recycling_assumptions(model.project, package)
    workings = Workings(
        lambda change: more_won_back(network, package, recycled, change),
        bought_in(model.base, EU_REGION),
        model.more_used,
    )
    known, left_out = [], []
    for measure in read_measures(ready_files(model.project, "measures"), model.words):
        _check_paths(measure, model)
        full = _in_full(measure, workings)
        if full is None or not fits(model, full):
            left_out.append(measure)
        else:
            known.append(full)
    check_together(known)
    return known, left_out


def fits(model: DisruptionModel, measure: Measure) -> bool:
    """Whether the chains of a measure's products are known on the day, and it moves what it names."""
    return not measure.products & model.base.cut and touches(model.base, measure)


def _in_full(measure: Measure, workings: Workings) -> Measure | None:
    """The measure with what is won back and used worked out; None where that cannot be known on the day."""
    try:
        return worked_out([measure], workings)[0]
    except NotKnownError:
        return None


def _check_paths(measure: Measure, model: DisruptionModel) -> None:
    """Raises ``InputError`` for a path of demand that no day knows for the region and year."""
    for change in measure.file.changes:
        if isinstance(change, DemandPath):
            problem = model.demand_paths.assumed.problem_of(change.path, change.region, change.year)
            if problem:
                raise InputError(f"{measure.measure_id}.yaml: {problem}")
