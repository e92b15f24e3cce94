"""Units of quantity."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.units import UNITS, convert

values = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1500.0, "kg", "t", 1.5),
        (2.5, "kt", "t", 2500.0),
        (2.5, "Mt", "kt", 2500.0),
        (3.0, "Mt", "kg", 3e9),
        (1.2, "TWh", "GWh", 1200.0),
        (7.0, "Mm2", "m2", 7e6),
        (4e6, "m3", "Mm3", 4.0),
        (160.0, "Mm3", "m3", 1.6e8),
        (94.0, "pct_world", "pct_world", 94.0),
    ],
)
def test_values_convert_between_units_of_one_kind(value: float, unit: str, to: str, expected: float) -> None:
    assert convert(value, unit, to) == pytest.approx(expected, rel=1e-14)


@given(value=values, data=st.data())
def test_converting_there_and_back_gives_the_value(value: float, data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from(sorted(UNITS)))
    other = data.draw(st.sampled_from([name for name in sorted(UNITS) if UNITS[name][0] == UNITS[unit][0]]))
    assert convert(convert(value, unit, other), other, unit) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(("unit", "to"), [("tt", "t"), ("t", "tt")])
def test_an_unknown_unit_on_either_side_names_the_nearest(unit: str, to: str) -> None:
    with pytest.raises(InputError, match=r"^'tt' is not a known unit\. Did you mean '(kt|Mt|t)'\?$"):
        convert(1.0, unit, to)


def test_a_unit_like_none_shows_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"^'barrel' is not a known unit\. Known: .*GWh.*kt.*t"):
        convert(1.0, "barrel", "t")


@pytest.mark.parametrize(
    ("unit", "to", "kinds"),
    [
        ("t", "GWh", "'t' measures mass and 'GWh' measures energy"),
        ("m2", "m3", "'m2' measures area and 'm3' measures volume"),
        ("pct_world", "t", "'pct_world' measures share of world output and 't' measures mass"),
    ],
)
def test_units_of_different_kinds_do_not_convert(unit: str, to: str, kinds: str) -> None:
    with pytest.raises(InputError, match=f"^{kinds}: they cannot be converted"):
        convert(1.0, unit, to)
