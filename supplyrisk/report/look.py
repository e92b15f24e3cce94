"""Looks of a report: the colours of headings, links, rules and boxes in every format. Charts keep their own palette."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Look:
    """Colours as #rrggbb. On white, ``ink``, ``muted`` and ``accent`` reach the 4.5 : 1 of WCAG 2.1 AA.

    So does ``ink`` on ``head`` (heads of tables) and on ``warning`` (boxes that must not be overlooked).
    """

    name: str
    ink: str
    muted: str
    accent: str
    rule: str
    head: str
    warning: str
    warning_rule: str


LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        look.name: look
        for look in (
            Look("neutral", "#1a1a1a", "#595959", "#0b4f7d", "#c8c8c8", "#f0f0f0", "#fff6e5", "#b36b00"),
            # The blues and the yellow of Dutch central government; no logo and no fonts of its own.
            Look("government", "#1a1a1a", "#535353", "#154273", "#b8c6d6", "#e9f1f8", "#fff8d9", "#c89400"),
        )
    }
)
