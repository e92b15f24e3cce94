"""Reading measures: every word checked, all problems told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from supplyrisk.disruption.assumptions import Bounds, check_entry
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.yaml_reader import load_model, read_yaml
from supplyrisk.mitigation.specification import (
    ChangeSpecification,
    Demand,
    Diversification,
    MeasureFile,
    Substitution,
)
from supplyrisk.scenario.compose import Vocabulary

_NOT_NEGATIVE = Bounds(0.0, float("inf"))


@dataclass(frozen=True)
class Measure:
    """A measure and the name of its file."""

    measure_id: str
    file: MeasureFile

    @property
    def products(self) -> frozenset[str]:
        """Products that its changes name."""
        return frozenset(product for change in self.file.changes for product in products_in(change))


def read_measures(paths: Sequence[Path], words: Vocabulary) -> tuple[Measure, ...]:
    """The measures of some files, which may be taken together.

    Raises ``InputError`` with every problem at once: file, line, key path, range or nearest word; two measures that
    move the use of one product up and down in the same region contradict each other.
    """
    collector = ProblemCollector()
    found = []
    for path in paths:
        file = load_model(path, MeasureFile, collector)
        if file is not None:
            _check_words(path, file, words, collector)
            found.append(Measure(path.stem, file))
    _check_together(found, collector)
    collector.raise_if_any("The measures cannot be used")
    return tuple(found)


def products_in(change: ChangeSpecification) -> tuple[str, ...]:
    """Products that a change names."""
    return (change.from_product, change.to_product) if isinstance(change, Substitution) else change.products


def _check_words(path: Path, file: MeasureFile, words: Vocabulary, collector: ProblemCollector) -> None:
    document = read_yaml(path)

    def check(keys: tuple[str | int, ...], word: str, kind: str) -> None:
        known = words.products if kind == "product of the chains" else words.countries
        collector.unknown(file=path.name, where=document.where(keys), word=word, kind=kind, known=known)

    if file.ramp_months > file.lead_months:
        collector.add(
            file=path.name,
            where=document.where(("ramp_months",)),
            message=f"{file.ramp_months} is longer than lead_months {file.lead_months}: it would work before its start",
            mend="Shorten one or lengthen the other.",
        )
    for number, change in enumerate(file.changes):
        keys = ("changes", number)
        check((*keys, "region"), change.region, "country")
        if isinstance(change, Substitution):
            check((*keys, "from_product"), change.from_product, "product of the chains")
            check((*keys, "to_product"), change.to_product, "product of the chains")
        else:
            for place, product in enumerate(change.products):
                check((*keys, "products", place), product, "product of the chains")
        if isinstance(change, Diversification):
            for field in ("away_from", "to"):
                for place, code in enumerate(getattr(change, field)):
                    check((*keys, field, place), code, "country")
    for key in ("capex_eur", "opex_eur_per_year"):
        entry = getattr(file.cost, key, None)
        if entry is not None:
            check_entry(collector, path, document, ("cost", key), entry, _NOT_NEGATIVE, words.rows)
    for place, row in enumerate(file.rests_on.rows):
        where = document.where(("rests_on", "rows", place))
        collector.unknown(file=path.name, where=where, word=row, kind="row of the data package", known=words.rows)


def _check_together(measures: Sequence[Measure], collector: ProblemCollector) -> None:
    seen: dict[tuple[str, str], tuple[str, float]] = {}
    for measure in measures:
        for change in measure.file.changes:
            if not isinstance(change, Demand):
                continue
            for product in change.products:
                other, sign = seen.setdefault((product, change.region), (measure.measure_id, change.change_share))
                if sign * change.change_share < 0.0:
                    collector.add(
                        file=f"{measure.measure_id}.yaml",
                        where="changes",
                        message=f"use of {product} in {change.region} goes the other way in {other}.yaml",
                        mend="Leave one of the two out.",
                    )
