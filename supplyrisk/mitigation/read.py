"""Reading measures: every word checked, all problems told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    DemandPath,
    MeasureFile,
    Recycling,
    SecondarySupply,
    Substitution,
)
from supplyrisk.scenario.compose import Vocabulary
from supplyrisk.scenario.known_paths import path_problem


@dataclass(frozen=True)
class Measure:
    """A measure and the name of its file."""

    measure_id: str
    file: MeasureFile

    @property
    def products(self) -> frozenset[str]:
        """Products that its changes name."""
        return frozenset(product for change in self.file.changes for product in products_in(change))

    @property
    def only_adds_use(self) -> bool:
        """Whether it is no more than a growth of use: no measure against risk, but a demand to set beside them."""
        return all(isinstance(change, Demand) and change.change_share > 0.0 for change in self.file.changes)


def read_measures(paths: Sequence[Path], words: Vocabulary) -> tuple[Measure, ...]:
    """The measures of some files, which may be taken together.

    Raises ``InputError`` with every problem at once: file, line, key path, range or nearest word; two measures that
    move the same use of one product up and down in a region contradict each other.
    """
    collector = ProblemCollector()
    found: list[Measure] = []
    for path in paths:
        file = load_model(path, MeasureFile, collector, words.known)
        if file is not None:
            if path.stem in (ALL, *(measure.measure_id for measure in found)):
                collector.add(
                    file=str(path),
                    message=f"two measures would be called '{path.stem}'",
                    mend="Measures are named after their files: rename one.",
                )
            _check_demand_paths(path, file, words, collector)
            found.append(Measure(path.stem, file))
    _check_together(found, collector)
    collector.raise_if_any("The measures cannot be used")
    return tuple(found)


def _check_demand_paths(path: Path, file: MeasureFile, words: Vocabulary, collector: ProblemCollector) -> None:
    for position, change in enumerate(file.changes):
        if not isinstance(change, DemandPath):
            continue
        problem = path_problem(words.demand_paths, change.path, change.region, change.year)
        if problem is not None:
            where = read_yaml(path).where(("changes", position, problem.key))
            collector.add(file=path.name, where=where, message=problem.message, mend=problem.mend)


def products_in(change: ChangeSpecification) -> tuple[str, ...]:
    """Products that a change names; none where assumptions say which."""
    if isinstance(change, Substitution):
        return (change.from_product, change.to_product)
    if isinstance(change, SecondarySupply):
        return tuple(change.shares)
    return () if isinstance(change, Recycling | DemandPath) else change.products


def check_together(measures: Sequence[Measure]) -> None:
    """Raises ``InputError`` where measures contradict each other (see ``read_measures``)."""
    collector = ProblemCollector()
    _check_together(measures, collector)
    collector.raise_if_any("The measures cannot be used together")


def _check_together(measures: Sequence[Measure], collector: ProblemCollector) -> None:
    seen: dict[tuple[str, str], list[tuple[str, Demand]]] = {}
    for measure in measures:
        for change in measure.file.changes:
            if not isinstance(change, Demand):
                continue
            for product in change.products:
                others = seen.setdefault((product, change.region), [])
                for name, other in others:
                    if _same_use(change, other) and other.change_share * change.change_share < 0.0:
                        collector.add(
                            file=f"{measure.measure_id}.yaml",
                            where="changes",
                            message=f"use of {product} in {change.region} goes the other way in {name}.yaml",
                            mend="Leave one of the two out.",
                        )
                        break
                others.append((measure.measure_id, change))


def _same_use(one: Demand, other: Demand) -> bool:
    shared = set(one.applications) & set(other.applications)
    return bool(shared) or not one.applications or not other.applications
