"""The home preference at which the model meets a published import share."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from supplyrisk.network.assumptions import HomePreference
from supplyrisk.network.lanes import PreferenceEnds, preference_ends
from supplyrisk.network.places import Places

Array = NDArray[np.float64]


def anchor_known(assumption: HomePreference, places: Places, final_demand: Mapping[str, Array]) -> bool:
    """Whether all products of the anchor are there and its region uses them; else the home preference is the reserve.

    ``final_demand``: by product with known output. Without any in the region there is no import share to meet.
    """
    anchor = assumption.anchor
    if not all(product in final_demand for product in (*anchor.end_products, *anchor.products)):
        return False
    inside = places.of_region(anchor.region)
    return sum(float(final_demand[product][inside].sum()) for product in anchor.end_products) > 0.0


def calibrate_home_preference(
    assumption: HomePreference,
    places: Places,
    totals: Mapping[str, tuple[Array, Array]],
    final_demand: Mapping[str, Array],
    coefficients: Mapping[str, Mapping[str, Array]],
    imported: float,
) -> float:
    """Home preference between low and high at which the anchor's import share is ``imported``.

    ``totals``: supply and demand by product; ``coefficients``: by product and user, units of product per unit of user.
    The import share falls as the preference rises; where the anchor lies outside what can be reached, the nearer end
    is taken. Without the products of the anchor or use of them (not known on that day) it is the ``reserve``.
    """
    anchor = assumption.anchor
    if not anchor_known(assumption, places, final_demand):
        return assumption.reserve.value

    inside = places.of_region(anchor.region)
    ends = {name: preference_ends(places, *totals[name]) for name in (*anchor.end_products, *anchor.products)}

    def excess(preference: float) -> float:
        used = {
            name: _mix(ends[name], preference) @ np.where(inside, final_demand[name], 0.0)
            for name in anchor.end_products
        }
        domestic = total = 0.0
        for product in anchor.products:
            need = np.zeros(inside.size)
            for name in anchor.end_products:
                if name in coefficients[product]:
                    need += coefficients[product][name] * used[name]
            made = _mix(ends[product], preference) @ need
            domestic += float(made[inside].sum())
            total += float(made.sum())
        return (1.0 - domestic / total if total > 0.0 else 0.0) - imported

    low, high = assumption.low, assumption.high
    at_low, at_high = excess(low), excess(high)
    if at_low <= 0.0:
        return low
    if at_high >= 0.0:
        return high
    from scipy.optimize import brentq  # loads half a second of solvers: only where it is used

    return float(brentq(excess, low, high, xtol=1e-10))


def _mix(ends: PreferenceEnds, preference: float) -> Array:
    flows = ends.at(preference)
    total = flows.sum(axis=0)
    return np.asarray(np.divide(flows, total[None, :], out=np.zeros_like(flows), where=total > 0.0))
