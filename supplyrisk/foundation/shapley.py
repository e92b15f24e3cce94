"""Exact Shapley values: a change split over what caused it, adding up whatever the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

MOST_PLAYERS = 8


def shapley_values(players: Sequence[str], value: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Σ over coalitions S without i of |S|!(n − |S| − 1)!/n! · (v(S ∪ i) − v(S)), for every player i.

    ``value``: v of a coalition; each is asked for once. The results add up to v(all) − v(none). Raises ``ValueError``
    above ``MOST_PLAYERS`` players. Source: Shapley 1953, A value for n-person games.
    """
    count = len(players)
    if count > MOST_PLAYERS:
        raise ValueError(f"{count} players need {2**count} coalitions; group them to at most {MOST_PLAYERS}")
    coalitions = [frozenset(some) for size in range(count + 1) for some in combinations(players, size)]
    known = {coalition: value(coalition) for coalition in coalitions}
    found = {}
    for player in players:
        parts = []
        for coalition in coalitions:
            if player not in coalition:
                size = len(coalition)
                weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                parts.append(weight * (known[coalition | {player}] - known[coalition]))
        found[player] = sum(parts)
    return found
