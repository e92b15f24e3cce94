"""Which uncertain numbers drive a result: each at both ends in turn, on common draws."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from supplyrisk.risk.simulate import Simulated
from supplyrisk.risk.uncertain import UNCERTAIN, Numbers

ENDS = (0.05, 0.95)
DRIVERS = {
    "region": pl.String, "product_id": pl.String, "number": pl.String, "at_low": pl.Float64, "at_high": pl.Float64,
    "centre": pl.Float64,
}  # fmt: skip


def drivers(simulate: Callable[[Numbers], Simulated], progress: Callable[[float], None]) -> pl.DataFrame:
    """Expected lost share with every uncertain number at its 5 and 95 %, the others in the middle.

    A row a region, product and number, the largest swing first. One at a time on the same random numbers: it tells
    which number matters most around the centre, not how they act together.
    """
    cases = [Numbers({}), *(Numbers({name: end}) for name in UNCERTAIN for end in ENDS)]
    found = []
    for number, case in enumerate(cases):
        found.append(simulate(case))
        progress((number + 1) / len(cases))
    means = [run.lost.mean(axis=0, dtype=np.float64) for run in found]
    rows = [
        (
            group.region,
            group.product,
            name,
            float(means[1 + 2 * place][number]),
            float(means[2 + 2 * place][number]),
            float(means[0][number]),
        )
        for number, group in enumerate(found[0].groups)
        for place, name in enumerate(UNCERTAIN)
    ]
    swing = (pl.col("at_high") - pl.col("at_low")).abs()
    return pl.DataFrame(rows, schema=DRIVERS, orient="row").sort(
        pl.col("region"), pl.col("product_id"), swing, pl.col("number"), descending=[False, False, True, False]
    )
