"""What compiled code freezes in its cache must not change elsewhere without it."""

from __future__ import annotations

import runpy
from enum import IntEnum

import pytest

from supplyrisk.disruption import kernel

Swapped = IntEnum("Swapped", ["RAMP", "DEMAND", "PREFERENCE", "LANE", "CAPACITY"], start=0)
OneMore = IntEnum("OneMore", ["CAPACITY", "LANE", "PREFERENCE", "DEMAND", "RAMP", "STOCK"], start=0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("lanes.LANES", 8), ("rules.NEGLIGIBLE", 1e-8), ("shocks.Hit", Swapped), ("shocks.Hit", OneMore)],
)
def test_a_number_changed_elsewhere_is_not_taken_from_an_old_cache(
    name: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"supplyrisk.disruption.{name}", value)
    with pytest.raises(ImportError, match="so that its cache is renewed"):
        runpy.run_path(str(kernel.__file__))
