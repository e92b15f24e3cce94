"""Sets of measures on one graph, each applied once."""

from __future__ import annotations

from collections.abc import Sequence

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.mitigation.apply import Applied, apply_measures
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.secondary import with_recyclers_for


class InPlace:
    """The graph with sets of measures in place; ``base`` without any. Raises as ``apply_measures`` does, at once."""

    def __init__(self, bare: NamedGraph, measures: Sequence[Measure]) -> None:
        self.base = with_recyclers_for(bare, measures)
        self.by_name = {measure.measure_id: measure for measure in measures}
        self._found: dict[frozenset[str], Applied] = {}
        for name in self.by_name:
            self.alone(name)

    def together(self, names: frozenset[str]) -> Applied:
        """Some measures together."""
        if names not in self._found:
            self._found[names] = apply_measures(self.base, [self.by_name[name] for name in sorted(names)])
        return self._found[names]

    def alone(self, name: str) -> Applied:
        """One measure."""
        return self.together(frozenset([name]))
