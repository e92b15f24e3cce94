"""What measures do to headline scores and targets: both tables, each network with measures made once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.mitigation.compliance import COMPLIANCE
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.score_changes import SCORES
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.runs.measure_compliance import TargetsOfMeasures
from supplyrisk.runs.measure_scores import ScoresOfMeasures
from supplyrisk.runs.measured_networks import MeasuredNetworks
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.project import Project
from supplyrisk.tables.package import DataPackage


@dataclass(frozen=True)
class MeasureEffects:
    """``scores`` (mitigation.score_changes) and ``compliance`` (mitigation.compliance) with each measure."""

    scores: pl.DataFrame
    compliance: pl.DataFrame


def measure_effects(
    run: NetworkRun,
    place: InPlace,
    written: Iterable[Measure],
    project: Project,
    package: DataPackage,
    focus: Sequence[str],
    seed: int,
    progress: Callable[[float], None],
) -> MeasureEffects:
    """Every measure of ``place`` alone, and all together (``MeasuredNetworks.sets``).

    ``place`` on the graph of the network of ``run``, which is whole; ``written``: the measures as in their files,
    before they were worked out; ``package`` opened with quarterly.QUERY_TABLES and recycling_run.TABLES; ``seed``: that
    of the scores.
    """
    networks = MeasuredNetworks(run, place)
    recycled = {
        one.measure_id: found
        for one in written
        if (found := [own for own in one.file.changes if isinstance(own, Recycling)])
    }
    scores = ScoresOfMeasures(networks, package, project, tuple(focus), seed)
    targets = TargetsOfMeasures(networks, package, project, recycled)
    of_scores: list[tuple[object, ...]] = []
    of_targets: list[tuple[object, ...]] = []
    for number, (name, names) in enumerate(networks.sets.items()):
        own, at_ends = networks.of(names), networks.at_idle_ends(names)
        of_scores += scores.rows(name, own, at_ends)
        of_targets += targets.rows(name, own, at_ends)
        progress((number + 1) / len(networks.sets))
    return MeasureEffects(
        pl.DataFrame(of_scores, schema=SCORES, orient="row"),
        pl.DataFrame(of_targets, schema=COMPLIANCE, orient="row"),
    )
