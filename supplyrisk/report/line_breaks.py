"""Where a long word on paper (an id, an address, a path) may go on on the next line."""

from __future__ import annotations

import re
from collections.abc import Iterator

BREAK = "\u200b"
"""Zero width space: marks where a long word may break."""

_LONG_WORD = 16
"""Letters above which a word may break at its joints."""
_LONGEST_PIECE = 24
"""Letters above which a piece may break anywhere, as no column could hold it."""
_JOINT = re.compile(r"(?<=[._/:;=&?])(?=[^\W_])")


def breakable(text: str) -> str:
    """The text with a ``BREAK`` behind the joints of its long words, and within pieces that are still too long."""
    return "".join(_broken(word) if len(word) > _LONG_WORD else word for word in re.split(r"(\s+)", text))


def _broken(word: str) -> str:
    return BREAK.join(part for piece in _JOINT.split(word) for part in _chopped(piece))


def _chopped(piece: str) -> Iterator[str]:
    for start in range(0, len(piece), _LONGEST_PIECE):
        yield piece[start : start + _LONGEST_PIECE]
