"""Units of quantity in the tables, and exact conversion between those of one kind."""

from __future__ import annotations

from types import MappingProxyType

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean

MONTHS_PER_YEAR = 12.0
DAYS_PER_YEAR = 365.25
SHARES_OF_WORLD = "pct_world"
"""Unit of output of which only the shares of the world's are known: no quantity."""
DAYS_PER_MONTH = DAYS_PER_YEAR / MONTHS_PER_YEAR

UNITS: MappingProxyType[str, tuple[str, float]] = MappingProxyType(
    {
        "kg": ("mass", 1e-3),
        "t": ("mass", 1.0),
        "kt": ("mass", 1e3),
        "Mt": ("mass", 1e6),
        "GWh": ("energy", 1.0),
        "TWh": ("energy", 1e3),
        "m2": ("area", 1.0),
        "Mm2": ("area", 1e6),
        "m3": ("volume", 1e-6),
        "Mm3": ("volume", 1.0),
        SHARES_OF_WORLD: ("share of world output", 1.0),
    }
)
"""Unit → (what it measures, size in the base unit: t, GWh, m2, million m3, per cent)."""


def convert(value: float, unit: str, to: str) -> float:
    """``value`` in ``unit`` expressed in ``to``.

    Raises ``InputError`` for an unknown unit or when the two measure different things.
    """
    for name in (unit, to):
        if name not in UNITS:
            raise InputError(f"'{name}' is not a known unit. {did_you_mean(name, UNITS)}")
    kind, size = UNITS[unit]
    other_kind, other_size = UNITS[to]
    if kind != other_kind:
        raise InputError(f"'{unit}' measures {kind} and '{to}' measures {other_kind}: they cannot be converted.")
    return value * size / other_size
