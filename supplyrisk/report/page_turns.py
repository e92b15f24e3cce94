"""Where the pages of a printed document turn on their side and back, for PDF and Word alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

LEGIBLE = 0.7
"""Below this part of its own size the letters of a picture (8 points) are too small for print."""

T = TypeVar("T")


def cut_at_turns(
    blocks: Sequence[T], needs_turned: Callable[[T], bool], needs_upright: Callable[[T], bool]
) -> list[tuple[bool, list[T]]]:
    """What stands below one heading in pieces, each with whether its pages lie on their side.

    One block that needs a turned page turns all, but for those that cannot be read there; what fits both kinds of page
    goes with what follows it, and at the end stays on turned pages.
    """
    if not any(map(needs_turned, blocks)):
        return [(False, list(blocks))]
    pieces: list[tuple[bool, list[T]]] = []
    turned = True
    for block in reversed(blocks):
        turned = needs_turned(block) or (turned and not needs_upright(block))
        if pieces and pieces[-1][0] == turned:
            pieces[-1][1].insert(0, block)
        else:
            pieces.append((turned, [block]))
    return pieces[::-1]
