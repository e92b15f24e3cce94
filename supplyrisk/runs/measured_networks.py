"""The network of a project with sets of measures in place, and at the ends of what is open about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from supplyrisk.disruption.from_network import graph_of_network
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import apply_measures
from supplyrisk.mitigation.changed_network import network_after
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.path_measure import VALUE_PATH
from supplyrisk.mitigation.per_euro import ALL
from supplyrisk.mitigation.secondary import with_recyclers_for
from supplyrisk.network.model import Network
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.scores.value_share import NetworkRange

_IDLE_ENDS: tuple[Literal["low", "high"], ...] = ("low", "high")


@dataclass(frozen=True)
class MeasuredNetworks:
    """Networks with measures in place; ``place`` holds the measures on the graph of ``run.network``."""

    run: NetworkRun
    place: InPlace

    @property
    def sets(self) -> dict[str, frozenset[str]]:
        """Each measure by its name, and all together where there are several.

        What only adds use, and the way to the target for European value, are no part of all (runs.mitigate_run).
        """
        found = {name: frozenset([name]) for name in self.place.by_name}
        joined = frozenset(
            name for name, one in self.place.by_name.items() if not (one.only_adds_use or name == VALUE_PATH)
        )
        return found | ({ALL: joined} if len(joined) > 1 else {})

    def after(self, names: frozenset[str]) -> Network:
        """The network with some measures in place."""
        return network_after(self.run.network, self.place.base, self.place.together(names).named)

    def at_idle_ends(self, names: frozenset[str]) -> list[Network]:
        """The same with idle capacity of European makers at both ends of its range, where something hangs on it."""
        again = self.place.together(names).again
        if again is None:
            return []
        graphs = [again(lambda change, product, end=end: float(getattr(change.idle_share, end))) for end in _IDLE_ENDS]
        return [network_after(self.run.network, self.place.base, graph) for graph in graphs]

    def range_after(self, names: frozenset[str], centre: Network) -> NetworkRange:
        """``centre`` and, at the bounds of the home preference, the networks with the measures applied there.

        A measure that does nothing at a bound, as content that is European there already, leaves it as it is.
        """
        measures = [self.place.by_name[name] for name in sorted(names)]
        bounds = []
        for network, base in self._bounds:
            try:
                bounds.append(network_after(network, base, apply_measures(base, measures).named))
            except InputError:
                bounds.append(network)
        return NetworkRange(centre, tuple(bounds), self.run.range.kind)

    @cached_property
    def _bounds(self) -> list[tuple[Network, NamedGraph]]:
        measures = list(self.place.by_name.values())
        return [
            (network, with_recyclers_for(graph_of_network(network, {}), measures))
            for network in self.run.range.bounds
        ]
