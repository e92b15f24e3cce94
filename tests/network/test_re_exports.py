"""Origin seen through hubs, against a worked example."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from supplyrisk.network.re_exports import clip_exports, remove_re_exports

# Country 1 makes 100, the hub 2 nothing, 3 makes 10; 1 sells 60 to 2 and 20 to 3, 2 sells 50 to 3.
PRODUCTION = np.array([100.0, 0.0, 10.0])
TRADE = np.array([[0.0, 60.0, 20.0], [0.0, 0.0, 50.0], [0.0, 0.0, 0.0]])


def test_the_hub_originates_nothing() -> None:
    # By hand: x = (100, 60, 80); own use = (20, 10, 80); of the 80 in country 3 70 were made in 1, 10 at home.
    view = remove_re_exports(PRODUCTION, TRADE)
    assert view.use_by_origin.sum(axis=0) == pytest.approx([20.0, 10.0, 80.0])
    assert view.origin_share[:, 2] == pytest.approx([0.875, 0.0, 0.125])
    assert view.use_by_origin[1] == pytest.approx([0.0, 0.0, 0.0])
    assert view.dropped == pytest.approx([0.0, 0.0, 0.0])


def test_exports_above_output_plus_imports_are_held_back_and_told() -> None:
    # Country 2 makes 0, imports 60 and reports 90 of exports: 0.999·60 can be kept.
    kept, dropped = clip_exports(PRODUCTION, np.array([[0.0, 60.0, 20.0], [0.0, 0.0, 90.0], [0.0, 0.0, 0.0]]))
    assert kept[1, 2] == pytest.approx(59.94)
    assert dropped == pytest.approx([0.0, 30.06, 0.0])


@given(
    arrays(np.float64, 4, elements=st.floats(1.0, 100.0)),
    arrays(np.float64, (4, 4), elements=st.floats(0.0, 50.0)),
)
def test_what_is_used_was_made(production: np.ndarray, trade: np.ndarray) -> None:
    view = remove_re_exports(production, trade)
    assert view.use_by_origin.sum() == pytest.approx(production.sum(), rel=1e-9)
    assert view.origin_share.sum(axis=0) == pytest.approx(np.ones(4), rel=1e-9)
    assert view.use_by_origin.sum(axis=1) == pytest.approx(production, rel=1e-9)
