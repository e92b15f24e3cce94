"""The way to more European value in tables: the plan, the cases, and what the answer hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from supplyrisk.mitigation.value_path_options import PathAnswer

PATH = {
    "region": pl.String, "product_id": pl.String, "need": pl.Float64, "unit": pl.String, "share_before": pl.Float64,
    "share_after": pl.Float64, "built": pl.Float64, "capex_eur": pl.Float64, "value_part": pl.Float64,
    "limit": pl.String,
}  # fmt: skip
CASE_ROWS = {
    "region": pl.String, "case": pl.String, "home_preference": pl.Float64, "share": pl.Float64,
    "reachable": pl.Float64, "capex_eur": pl.Float64,
}  # fmt: skip
SENSITIVITY = {
    "region": pl.String, "number": pl.String, "at": pl.String, "share": pl.Float64, "reachable": pl.Float64,
    "capex_eur": pl.Float64, "reach_swing": pl.Float64,
}  # fmt: skip
NO_FIGURE, NO_NEED, OUT_OF_REACH = "no_capex_figure", "not_needed", "out_of_reach"
VALUE_OF = "value_per_unit:"


@dataclass(frozen=True)
class ValuePathTables:
    """Tables over the regions in focus; ``months_left`` from the as-of day to the middle of the target year.

    ``path``: a row a product behind the batteries used: how much is needed (in ``unit`` a year), the European part
    before and after, output of new makers, their capital, the product's part of all value, and what kept more from
    being built; nothing of a plan where the target is out of reach. ``cases``: the outlook's cases at the calibrated
    home preference and its bounds: share before, the most that can be reached in time, capital (null where the target
    cannot be reached; 0 where nothing is needed). ``sensitivity``: the same with one number at the low or high end of
    its range; ``reach_swing``: how far the reachable share moves between the ends. ``capex_range``: capital of the plan
    by region with capital cost and utilisation both at their cheap, and both at their dear ends.
    """

    target: float
    year: int
    months_left: int
    path: pl.DataFrame
    cases: pl.DataFrame
    sensitivity: pl.DataFrame
    answers: Mapping[str, PathAnswer]
    capex_range: Mapping[str, tuple[float, float]]
