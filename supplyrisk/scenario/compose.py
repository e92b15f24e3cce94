"""Reading a scenario with its parents: what they say together, without one silently overruling another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import COUNTRY, DEMAND_PATH, HAZARD, PARAMETER, PRODUCT, ROW, KnownWords
from supplyrisk.foundation.yaml_reader import YamlDocument, read_yaml
from supplyrisk.scenario.known_paths import KnownPaths, path_problem
from supplyrisk.scenario.specification import (
    Demand,
    DemandPath,
    ExportRestriction,
    HazardLoss,
    LaneClosure,
    OutputLoss,
    ScenarioFile,
    Tariff,
    TechnologyControl,
    Title,
)

DEFAULT_BASE_YEAR = 2024
DEFAULT_HORIZON = 36
_SINGLE = ("base_year", "horizon_months", "allocation", "running_measures")

ShockKind = OutputLoss | HazardLoss | ExportRestriction | LaneClosure | TechnologyControl | Demand | DemandPath | Tariff


@dataclass(frozen=True)
class Vocabulary:
    """Words that scenarios and measures may use; of parameters the range as well. ``eu_members``: countries of EU27."""

    products: Collection[str]
    countries: Collection[str]
    hazards: Collection[str]
    parameters: Mapping[str, tuple[float, float]]
    rows: Collection[str]
    eu_members: Collection[str]
    demand_paths: KnownPaths = field(default_factory=dict)

    @property
    def known(self) -> KnownWords:
        """The same by the kind of word."""
        return {
            PRODUCT: self.products,
            COUNTRY: self.countries,
            HAZARD: self.hazards,
            PARAMETER: self.parameters,
            ROW: self.rows,
            DEMAND_PATH: self.demand_paths,
        }


@dataclass(frozen=True)
class Scenario:
    """A scenario with everything resolved. ``shocks`` by name, in the order of the files; ``files``: itself last.

    ``replay``: it repeats the past to check the model.
    """

    scenario_id: str
    title: Title
    summary: Title
    base_year: int
    horizon_months: int
    allocation: Literal["proportional", "home_first", "price"] | None
    bids: Mapping[str, float]
    running_measures: bool
    assumptions: Mapping[str, float]
    shocks: Mapping[str, ShockKind]
    files: tuple[Path, ...]
    replay: bool = False


@dataclass(frozen=True)
class _Said:
    """A value and where it stands."""

    value: Any
    file: str
    line: int


def read_scenario(path: Path, words: Vocabulary) -> Scenario:
    """The scenario of a file and its parents.

    Raises ``InputError`` with every problem at once: file, line, key path, allowed range or nearest word. Two parents
    that say different things are a problem unless the file itself says what holds; a shock takes the place of one of
    the same name in a parent only with ``replaces: true``.
    """
    collector = ProblemCollector()
    reader = _Reader(words, collector)
    merged = reader.read(path, ())
    if merged is not None:
        reader.check_whole(path, merged)
    collector.raise_if_any(f"The scenario {path.stem} cannot be used")
    assert merged is not None
    return Scenario(
        scenario_id=path.stem,
        title=merged.specification.title,
        summary=merged.specification.summary,
        base_year=merged.single("base_year", DEFAULT_BASE_YEAR),
        horizon_months=merged.single("horizon_months", DEFAULT_HORIZON),
        allocation=merged.single("allocation", None),
        running_measures=merged.single("running_measures", False),
        bids={code: said.value for code, said in merged.bids.items()},
        assumptions={name: said.value for name, said in merged.assumptions.items()},
        shocks={name: said.value for name, said in merged.shocks.items()},
        files=merged.files,
        replay=merged.specification.replay,
    )


@dataclass(frozen=True)
class _Merged:
    specification: ScenarioFile
    singles: Mapping[str, _Said]
    bids: Mapping[str, _Said]
    assumptions: Mapping[str, _Said]
    shocks: Mapping[str, _Said]
    files: tuple[Path, ...]

    def single(self, name: str, default: Any) -> Any:
        return self.singles[name].value if name in self.singles else default


class _Reader:
    """Reads files once each and collects what is wrong with them."""

    def __init__(self, words: Vocabulary, collector: ProblemCollector) -> None:
        self.words, self.collector = words, collector
        self.done: dict[Path, _Merged | None] = {}

    def read(self, path: Path, way: tuple[Path, ...]) -> _Merged | None:
        if path not in self.done:
            self.done[path] = self._read(path, way)
        return self.done[path]

    def _read(self, path: Path, way: tuple[Path, ...]) -> _Merged | None:
        document = read_yaml(path)
        found = load_model(path, ScenarioFile, self.collector, self.words.known)
        self._check_ranges(path, document)
        parents = self._parents(path, document, (*way, path))
        if found is None:
            return None
        own_singles = {
            name: _Said(getattr(found, name), path.name, document.line_of((name,)))
            for name in _SINGLE
            if getattr(found, name) is not None
        }
        own_numbers = {
            key: {name: _Said(value, path.name, document.line_of((key, name))) for name, value in numbers.items()}
            for key, numbers in (("bids", found.bids), ("assumptions", found.assumptions))
        }
        singles = self._together([parent.singles for parent in parents], own_singles, path, document, "")
        bids = self._together([parent.bids for parent in parents], own_numbers["bids"], path, document, "bids.")
        assumptions = self._together(
            [parent.assumptions for parent in parents], own_numbers["assumptions"], path, document, "assumptions."
        )
        self._check_demand_paths(path, document, found)
        shocks = self._shocks(path, document, found, parents)
        files = tuple(dict.fromkeys([*(file for parent in parents for file in parent.files), path]))
        return _Merged(found, singles, bids, assumptions, shocks, files)

    def _parents(self, path: Path, document: YamlDocument, way: tuple[Path, ...]) -> list[_Merged]:
        """The parents that can be read; taken from what is written, so that one with a mistake is told of as well."""
        parents = []
        written = document.data.get("extends") if isinstance(document.data, dict) else None
        names = [name for name in written if isinstance(name, str)] if isinstance(written, list) else []
        siblings = sorted(file.stem for file in path.parent.glob("*.yaml") if file != path)
        for position, name in enumerate(names):
            parent = path.parent / f"{name}.yaml"
            where = document.where(("extends", position))
            if parent in way:
                circle = " → ".join(file.stem for file in (*way[way.index(parent) :], parent))
                self._add(path, where, f"the scenarios extend each other in a circle: {circle}", "Take one out.")
            elif not parent.is_file():
                self._add(path, where, f"there is no scenario '{name}'", did_you_mean(name, siblings))
            else:
                merged = self.read(parent, way)
                if merged is not None:
                    parents.append(merged)
        return parents

    def _together(
        self,
        inherited: list[Mapping[str, _Said]],
        own: Mapping[str, _Said],
        path: Path,
        document: YamlDocument,
        prefix: str,
    ) -> dict[str, _Said]:
        result: dict[str, _Said] = {}
        for parent in inherited:
            for name, said in parent.items():
                other = result.setdefault(name, said)
                if other.value != said.value and name not in own:
                    self._collision(path, document, f"{prefix}{name}", other, said)
        return result | dict(own)

    def _shocks(
        self, path: Path, document: YamlDocument, found: ScenarioFile, parents: list[_Merged]
    ) -> dict[str, _Said]:
        inherited: dict[str, _Said] = {}
        for parent in parents:
            for name, said in parent.shocks.items():
                other = inherited.setdefault(name, said)
                same = other.value == said.value
                settled = name in found.drop or (name in found.shocks and found.shocks[name].replaces)
                if not same and not settled:
                    self._collision(path, document, f"shocks.{name}", other, said)
        for position, name in enumerate(found.drop):
            if name not in inherited:
                where = document.where(("drop", position))
                self._add(path, where, f"no parent has a shock '{name}'", did_you_mean(name, inherited))
        for name, shock in found.shocks.items():
            where = document.where(("shocks", name))
            if name in inherited and not shock.replaces and name not in found.drop:
                other = inherited[name]
                self._add(
                    path,
                    where,
                    f"the name stands in {other.file}, line {other.line} already",
                    "Choose another name, or add 'replaces: true'.",
                )
            if shock.replaces and name not in inherited:
                self._add(path, where, "replaces: true, but no parent has a shock of this name",
                          did_you_mean(name, inherited) if inherited else "Take it out.")  # fmt: skip
        kept = {name: said for name, said in inherited.items() if name not in found.drop}
        own = {
            name: _Said(shock, path.name, document.line_of(("shocks", name))) for name, shock in found.shocks.items()
        }
        return kept | own

    def _collision(self, path: Path, document: YamlDocument, key: str, one: _Said, other: _Said) -> None:
        self._add(
            path,
            document.where(("extends",)),
            f"{key} is different in {one.file}, line {one.line} and in {other.file}, line {other.line}",
            f"Say in {path.name} what holds.",
        )

    def check_whole(self, path: Path, merged: _Merged) -> None:
        """What can only be seen once everything stands together."""
        horizon = merged.single("horizon_months", DEFAULT_HORIZON)
        seen: dict[str, str] = {}
        for name, said in merged.shocks.items():
            if said.value.start_month > horizon:
                where = f"line {said.line}, shocks.{name}.start_month"
                message = f"month {said.value.start_month} lies beyond the horizon of {horizon} months"
                self.collector.add(file=said.file, where=where, message=message, mend="Lengthen horizon_months.")
            told = said.value.model_dump_json(exclude={"rests_on", "replaces"})
            if told in seen:
                self.collector.add(
                    file=said.file,
                    where=f"line {said.line}, shocks.{name}",
                    message=f"it is the same as shock '{seen[told]}' and would count twice",
                    mend="Take one out.",
                )
            seen.setdefault(told, name)
        by_price = merged.single("allocation", None) == "price"
        if by_price and not merged.bids:
            self._add(path, "allocation", "price needs bids: who offers more than others", "Add 'bids: {USA: 1.2}'.")
        if merged.bids and not by_price:
            self._add(path, "bids", "bids count only with allocation: price", "Add it, or take the bids out.")
        if not merged.shocks and not merged.single("running_measures", False):
            self._add(path, "shocks", "there is no shock", "Add one, or running_measures: true.")

    def _check_demand_paths(self, path: Path, document: YamlDocument, found: ScenarioFile) -> None:
        for name, shock in found.shocks.items():
            if not isinstance(shock, DemandPath):
                continue
            problem = path_problem(self.words.demand_paths, shock.path, shock.region, shock.year)
            if problem is not None:
                self._add(path, document.where(("shocks", name, problem.key)), problem.message, problem.mend)

    def _check_ranges(self, path: Path, document: YamlDocument) -> None:
        """Assumptions outside their range, whatever else is wrong with the file."""
        assumptions = document.data.get("assumptions") if isinstance(document.data, dict) else None
        for name, value in assumptions.items() if isinstance(assumptions, dict) else ():
            low, high = self.words.parameters.get(name, (float("-inf"), float("inf")))
            if isinstance(value, int | float) and not low <= value <= high:
                where = document.where(("assumptions", name))
                self._add(path, where, f"{value:g} is outside the range {low:g} to {high:g}", "")

    def _add(self, path: Path, where: str, message: str, mend: str) -> None:
        self.collector.add(file=path.name, where=where, message=message, mend=mend)
