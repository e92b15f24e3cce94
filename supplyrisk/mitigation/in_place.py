"""Sets of measures on one graph, each applied once."""

from __future__ import annotations

from collections.abc import Sequence

from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.mitigation.apply import Applied, apply_measures
from supplyrisk.mitigation.bought_together import reached_mix
from supplyrisk.mitigation.european_content import european_share
from supplyrisk.mitigation.path_measure import VALUE_PATH
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import EuContentRequirement, JointPurchasing
from supplyrisk.mitigation.standalone import with_standalone_for
from supplyrisk.network.places import REST_OF_WORLD

ContentNotReached = tuple[str, str, EuContentRequirement, float]
"""Measure, product, change, and the part made in the EU that is reached."""
MixNotReached = tuple[str, str, JointPurchasing, str, float]
"""Measure, product, change, the country that gives most, and its part."""
_ROUNDING = 1e-6
_MIX_ROUNDING = 0.005
"""Part of what is bought together that a line may be passed by: fitting comes near a mix slowly where few lanes reach
it (bought_together.joint_flows)."""


class InPlace:
    """The graph with sets of measures in place; ``base`` without any. Raises as ``apply_measures`` does, at once."""

    def __init__(self, bare: NamedGraph, measures: Sequence[Measure]) -> None:
        self.base = with_standalone_for(bare, measures)
        self.by_name = {measure.measure_id: measure for measure in measures}
        self._found: dict[frozenset[str], Applied] = {}
        for name in self.by_name:
            self.alone(name)

    @property
    def joined(self) -> list[str]:
        """Measures that are part of all together.

        What stands alone (Measure.stands_alone) is not, nor is the way to the target for European value, which overlaps
        with ready measures.
        """
        return [name for name, one in self.by_name.items() if not (one.stands_alone or name == VALUE_PATH)]

    def together(self, names: frozenset[str]) -> Applied:
        """Some measures together."""
        if names not in self._found:
            self._found[names] = apply_measures(self.base, [self.by_name[name] for name in sorted(names)])
        return self._found[names]

    def content_not_reached(self) -> list[ContentNotReached]:
        """Requirements of European content that idle capacity cannot meet."""
        found = []
        for name, measure in self.by_name.items():
            for change in measure.file.changes:
                if isinstance(change, EuContentRequirement):
                    for product in change.products:
                        share = european_share(self.alone(name).named, product, change.region)
                        if share < change.least_share * (1.0 - _ROUNDING):
                            found.append((name, product, change, share))
        return found

    def mix_not_reached(self) -> list[MixNotReached]:
        """Joint contracts whose line lanes of buyers do not allow."""
        found = []
        for name, measure in self.by_name.items():
            for change in measure.file.changes:
                if isinstance(change, JointPurchasing) and change.most_from_one is not None:
                    for product in change.products:
                        mix = reached_mix(self.base, change, product)
                        first = max((place for place in self.base.places.codes if place != REST_OF_WORLD),
                                    key=lambda code: mix[self.base.places.index[code]])  # fmt: skip
                        share = float(mix[self.base.places.index[first]])
                        if share > change.most_from_one + _MIX_ROUNDING:
                            found.append((name, product, change, first, share))
        return found

    def alone(self, name: str) -> Applied:
        """One measure."""
        return self.together(frozenset([name]))
