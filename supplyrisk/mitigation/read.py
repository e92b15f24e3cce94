"""Reading measures: every word checked, all problems told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.mitigation.contradictions import tell_contradictions
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    DemandPath,
    EuContentRequirement,
    IntegratedSupply,
    MeasureFile,
    Recycling,
    SecondarySupply,
    Substitution,
)
from supplyrisk.scenario.compose import Vocabulary
from supplyrisk.scenario.known_paths import path_problem
from supplyrisk.scenario.specification import Title


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
    def acts_on(self) -> frozenset[str]:
        """Products that it changes, or that others may hold back because of it."""
        answers = [change.retaliation for change in self.file.changes if isinstance(change, EuContentRequirement)]
        return self.products.union(*(answer.products for answer in answers if answer is not None))

    @property
    def rows(self) -> tuple[str, ...]:
        """Ids of data rows that its numbers and its cost rest on, wherever its file names them."""
        return tuple(dict.fromkeys(_rows_in(self.file.model_dump())))

    @property
    def only_adds_use(self) -> bool:
        """Whether it is no more than a growth of use: no measure against risk, but a demand to set beside them."""
        return all(isinstance(change, Demand) and change.change_share > 0.0 for change in self.file.changes)

    @property
    def replaced_by(self) -> tuple[Title, ...]:
        """Goods outside the network that take over use: what their makers and chains may suffer is not counted."""
        found = [change.replaced_by for change in self.file.changes if isinstance(change, Demand)]
        return tuple(goods for goods in found if goods is not None)

    @property
    def stands_alone(self) -> bool:
        """Whether it is told alone and is part of nothing else: its losses are not those of all that is used."""
        return self.only_adds_use or bool(self.replaced_by)


def read_measures(paths: Sequence[Path], words: Vocabulary) -> tuple[Measure, ...]:
    """The measures of some files, which may be taken together.

    Raises ``InputError`` with every problem at once: file, line, key path, range or nearest word, and measures that
    contradict each other (mitigation.contradictions).
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
            _check_places(path, file, words, collector)
            found.append(Measure(path.stem, file))
    tell_contradictions(by_file(found), words.eu_members, collector)
    collector.raise_if_any("The measures cannot be used")
    return tuple(found)


def _rows_in(part: Any) -> Iterator[str]:
    """What stands under ``rows`` on any level."""
    if isinstance(part, Mapping):
        for name, value in part.items():
            yield from value if name == "rows" else _rows_in(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _rows_in(value)


def _check_demand_paths(path: Path, file: MeasureFile, words: Vocabulary, collector: ProblemCollector) -> None:
    for position, change in enumerate(file.changes):
        if not isinstance(change, DemandPath):
            continue
        problem = path_problem(words.demand_paths, change.path, change.region, change.year)
        if problem is not None:
            where = read_yaml(path).where(("changes", position, problem.key))
            collector.add(file=path.name, where=where, message=problem.message, mend=problem.mend)


def _check_places(path: Path, file: MeasureFile, words: Vocabulary, collector: ProblemCollector) -> None:
    for position, change in enumerate(file.changes):
        if isinstance(change, IntegratedSupply) and change.place not in words.eu_members:
            where = read_yaml(path).where(("changes", position, "place"))
            message = f"'{change.place}' is no member state of the EU"
            collector.add(file=path.name, where=where, message=message, mend="New makers are modelled in the EU alone.")


def products_in(change: ChangeSpecification) -> tuple[str, ...]:
    """Products that a change names; none where assumptions say which."""
    if isinstance(change, Substitution):
        return (change.from_product, change.to_product)
    if isinstance(change, SecondarySupply):
        return tuple(change.shares)
    if isinstance(change, IntegratedSupply):
        return tuple(change.quantities_per_year)
    return () if isinstance(change, Recycling | DemandPath) else change.products


def by_file(measures: Sequence[Measure]) -> dict[str, tuple[ChangeSpecification, ...]]:
    """Changes of measures by the name of their file."""
    return {f"{measure.measure_id}.yaml": measure.file.changes for measure in measures}


def check_together(measures: Sequence[Measure], eu_members: Collection[str]) -> None:
    """Raises ``InputError`` where measures contradict each other (mitigation.contradictions)."""
    collector = ProblemCollector()
    tell_contradictions(by_file(measures), eu_members, collector)
    collector.raise_if_any("The measures cannot be used together")
