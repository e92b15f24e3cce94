"""The nearest valid word, for error messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LONGEST_LIST = 12
_EQUALS_SEEN = 50


def nearest_word(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word most like ``word``, or None when nothing is near; of equals the one that begins as it does."""
    typed = word.casefold()
    words = {candidate.casefold(): candidate for candidate in sorted(allowed)}

    def likeness(candidate: str) -> tuple[float, int]:
        alike = [one == other for one, other in zip(candidate, typed, strict=False)]
        return SequenceMatcher(None, candidate, typed).ratio(), [*alike, False].index(False)

    found = get_close_matches(typed, list(words), n=_EQUALS_SEEN, cutoff=0.6)
    return words[max(found, key=likeness)] if found else None


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """How to mend an unknown word: the nearest one, else the list when it is short."""
    words = sorted(set(allowed))
    near = nearest_word(word, words)
    if near is not None:
        return f"Did you mean '{near}'?"
    if not words:
        return "There is nothing to choose from."
    shown = ", ".join(words[:_LONGEST_LIST])
    return f"Known: {shown}{', …' if len(words) > _LONGEST_LIST else ''}."
