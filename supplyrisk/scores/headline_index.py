"""A headline index of products in a region: a weighted mean of a few scores, beside which it always stands.

Weights are a choice, not a finding: they lie in models/assumptions/headline_index.yaml with their reasons, and a user
can set others. A product that lacks one of the parts has no index: a mean over what is left would make it look safer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.scores.table import Basis, ScoreRow

HEADLINE = "headline_index"
RANGE = "ends_of_all_parts"
_WORLD = "world"
_OF_PART = ("metric", "scope", "product_id")


@dataclass(frozen=True)
class IndexPart:
    """A score that enters with ``weight``; ``full``: its value that counts as 1.

    ``falling``: a high value is good, so it enters as 1 − value/full.
    """

    metric: str
    weight: float
    full: float
    falling: bool = False

    def scaled(self, value: float) -> float:
        """The part on 0 … 1, 1 the worst."""
        share = min(max(value / self.full, 0.0), 1.0)
        return 1.0 - share if self.falling else share


def headline_rows(scores: pl.DataFrame, parts: Sequence[IndexPart], regions: Sequence[str]) -> Iterator[ScoreRow]:
    """Σ w·part / Σ w by product and region; parts of the world count alike in every region.

    Parts of weight 0 are left out. Low and high: all parts at their better or worse ends. Missing with the reason of
    the first part that is; products that no part knows of are not listed.
    """
    used = [part for part in parts if part.weight > 0.0]
    total = sum(part.weight for part in used)
    own = scores.filter(
        pl.col("metric").is_in([part.metric for part in used])
        & (pl.col("scenario") == "base")
        & pl.col("end_product").is_null()
        & pl.col("product_id").is_not_null()
    )
    latest = own.filter((pl.col("year") == pl.col("year").max().over(_OF_PART)).fill_null(True))
    # A score that is listed by country is no single number, and so no part.
    single = latest.filter(pl.len().over(_OF_PART) == 1)
    found = {(row["metric"], row["scope"], row["product_id"]): row for row in single.iter_rows(named=True)}
    stages = dict(own.select("product_id", "stage").unique(maintain_order=True).sort("product_id").iter_rows())
    for region in regions:
        for product, stage in stages.items():
            rows = [found.get((p.metric, region, product)) or found.get((p.metric, _WORLD, product)) for p in used]
            reason = _first_reason(rows)
            if reason is not None:
                yield ScoreRow(HEADLINE, product, stage, Basis(), None, scope=region, missing_reason=reason)
                continue
            known = [row for row in rows if row is not None]
            value, low, high = (
                sum(part.weight * end for part, end in zip(used, ends, strict=True)) / total
                for ends in zip(*(_ends(part, row) for part, row in zip(used, known, strict=True)), strict=True)
            )
            yield ScoreRow(HEADLINE, product, stage, _basis(known), value, low, high, RANGE, scope=region)


def _ends(part: IndexPart, row: Mapping[str, object]) -> tuple[float, float, float]:
    """Value, better end and worse end of a part."""
    value = part.scaled(float(str(row["value"])))
    ends = [part.scaled(float(str(row[name]))) for name in ("low", "high") if row[name] is not None]
    return value, min([value, *ends]), max([value, *ends])


def _first_reason(rows: Sequence[Mapping[str, object] | None]) -> str | None:
    for row in rows:
        if row is None or row["value"] is None:
            return "part_of_the_index_missing" if row is None else str(row["missing_reason"])
    return None


def _basis(rows: Sequence[Mapping[str, object]]) -> Basis:
    years = [int(str(row["year"])) for row in rows if row["year"] is not None]
    listed = [row["input_row_ids"] for row in rows]
    # Rows of trade stand with the parts; here they would be many thousands.
    ids = [name for some in listed if isinstance(some, list) for name in some if not str(name).startswith("trade.")]
    quality = max(str(row["quality"] or "D") for row in rows)
    return Basis(max(years, default=None), "parts", quality, list(dict.fromkeys(ids)))
