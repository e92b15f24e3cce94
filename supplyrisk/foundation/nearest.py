"""The nearest valid word, for error messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_LIST = 12


def nearest_word(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word most like ``word``, or None when nothing is near."""
    words = {candidate.casefold(): candidate for candidate in sorted(allowed)}
    found = get_close_matches(word.casefold(), list(words), n=1, cutoff=0.6)
    return words[found[0]] if found else None


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
