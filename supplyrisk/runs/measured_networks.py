"""The network of a project with sets of measures in place, and at the ends of what is open about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from supplyrisk.disruption.assumptions import End
from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.mitigation.apply import apply_measures
from supplyrisk.mitigation.changed_draws import draws_after, first_draws
from supplyrisk.mitigation.changed_network import changed_products, network_after
from supplyrisk.mitigation.european_content import Idle
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.standalone import with_standalone_for
from supplyrisk.network.draws import NetworkDraws
from supplyrisk.network.model import Network
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.scores.value_share import NetworkRange

DRAWS = 200
"""Draws of a comparison: the first of those of the scores."""
_IDLE_ENDS: tuple[End, ...] = ("low", "high")


def _idle_at(end: End) -> Idle:
    return lambda change, product: float(getattr(change.idle_share, end))


@dataclass(frozen=True)
class MeasuredNetworks:
    """Networks with measures in place; ``place`` holds the measures on the graph of ``run.network``."""

    run: NetworkRun
    place: InPlace

    @property
    def sets(self) -> dict[str, frozenset[str]]:
        """Each measure by its name, and all together (``InPlace.joined``) where there are several."""
        found = {name: frozenset([name]) for name in self.place.by_name}
        joined = frozenset(self.place.joined)
        return found | ({ALL: joined} if len(joined) > 1 else {})

    @cached_property
    def drawn(self) -> NetworkDraws:
        """The network without measures, by draw."""
        return first_draws(self.run.drawn, DRAWS)

    def of(self, names: frozenset[str]) -> Measured:
        """The network with some measures in place."""
        return self._measured(names, self.place.together(names).named)

    def at_idle_ends(self, names: frozenset[str]) -> list[Measured]:
        """The same with idle capacity of European makers at both ends of its range, where something hangs on it."""
        again = self.place.together(names).again
        if again is None:
            return []
        idle = [_idle_at(end) for end in _IDLE_ENDS]
        return [self._measured(names, again(one), one) for one in idle]

    def _measured(self, names: frozenset[str], graph: NamedGraph, idle: Idle | None = None) -> Measured:
        after = network_after(self.run.network, self.place.base, graph)
        return Measured(self, tuple(self.place.by_name[name] for name in sorted(names)), after, idle)

    @cached_property
    def bounds(self) -> list[tuple[Network, NamedGraph]]:
        """Networks at the bounds of the home preference, each with its graph without measures."""
        measures = list(self.place.by_name.values())
        return [
            (network, with_standalone_for(graph_of_network(network, {}), measures)) for network in self.run.range.bounds
        ]


@dataclass(frozen=True)
class Measured:
    """A network with some measures in place; ``idle``: idle capacity of European makers, None: as the measures say."""

    networks: MeasuredNetworks
    measures: tuple[Measure, ...]
    network: Network
    idle: Idle | None

    @cached_property
    def changed(self) -> frozenset[str]:
        """Products that the measures change."""
        return changed_products(self.networks.run.network, self.network)

    @cached_property
    def drawn(self) -> NetworkDraws:
        """The same by draw."""
        return draws_after(self.networks.drawn, self.network)

    @cached_property
    def range(self) -> NetworkRange:
        """The same and, at the bounds of the home preference, the networks with the measures applied there.

        Measures that do nothing at a bound, as content that is European there already, leave it as it is; one that
        moves more than is bought there moves what there is.
        """
        bounds = []
        for network, base in self.networks.bounds:
            applied = apply_measures(base, self.measures, lenient=True)
            graph = applied.named
            if applied.again is not None and self.idle is not None:
                graph = applied.again(self.idle)
            bounds.append(network_after(network, base, graph))
        return NetworkRange(self.network, tuple(bounds), self.networks.run.range.kind)
