"""Small hand-made inputs for tests of scores and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from hypothesis import strategies as st

from supplyrisk.scores.supply import Supply, supplies
from supplyrisk.scores.table import SCHEMA

WIDTHS: Mapping[str, float] = {"A": 0.03, "B": 0.06, "C": 0.15, "D": 0.30}
COUNTRIES = ("AUS", "BRA", "CHL", "CHN", "COD", "DEU", "IDN", "NLD", "POL", "USA", "ZAF")
KINDS: Mapping[str, str] = dict.fromkeys(COUNTRIES, "country") | {"EU27": "region", "ROW": "rest"}
EU27 = frozenset({"DEU", "NLD", "POL"})
COUNTRY_TABLE = pl.DataFrame(
    {
        "iso3": list(KINDS),
        "kind": list(KINDS.values()),
        "eu27": [code in EU27 or code == "EU27" for code in KINDS],
    }
)

_PRODUCTION_TYPES = {"year": pl.Int64, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64}


def production_rows(
    values: Mapping[str, float],
    *,
    product: str = "metal",
    year: int = 2024,
    edition: str = "edition_a",
    quality: str | Mapping[str, str] = "B",
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pl.DataFrame:
    """Rows of the table production: output by country."""
    ranges = ranges or {}
    return pl.DataFrame(
        [
            {
                "row_id": f"production.{product}.{code.lower()}.{year}.{edition}",
                "product_id": product,
                "iso3": code,
                "year": year,
                "edition": edition,
                "value": float(value),
                "unit": "t",
                "low": ranges.get(code, (None, None))[0],
                "high": ranges.get(code, (None, None))[1],
                "quality": quality if isinstance(quality, str) else quality[code],
            }
            for code, value in values.items()
        ],
        schema_overrides=_PRODUCTION_TYPES,
    )


def supply_of(rows: pl.DataFrame, seed: int = 7, draws: int = 200) -> Supply:
    """The one supply that rows of a single product and year make."""
    (supply,) = supplies(rows, KINDS, WIDTHS, seed, draws)
    return supply


def governance_rows(risks: Mapping[str, float], year: int = 2023) -> pl.DataFrame:
    """Rows of the table governance whose six dimensions all give the wanted risk on 0 … 10."""
    return pl.DataFrame(
        [
            {
                "row_id": f"governance.{code.lower()}.{year}.{dimension}",
                "iso3": code,
                "year": year,
                "dimension": dimension,
                "value": 2.5 - risk / 2.0,
            }
            for code, risk in risks.items()
            for dimension in ("cc", "ge", "pv", "rl", "rq", "va")
        ]
    )


def outputs(residuals: Sequence[str] = ("ROW", "EU27")) -> st.SearchStrategy[dict[str, float]]:
    """Output by code: one or more countries or residuals, some of them zero, at least one above zero."""
    amount = st.one_of(st.just(0.0), st.floats(0.01, 1e6, allow_nan=False))
    codes = st.sampled_from([*COUNTRIES, *residuals])
    return st.dictionaries(codes, amount, min_size=1, max_size=8).filter(lambda found: sum(found.values()) > 0.0)


def named_outputs(minimum: int = 1) -> st.SearchStrategy[dict[str, float]]:
    """Output above zero of countries only."""
    return st.dictionaries(
        st.sampled_from(COUNTRIES), st.floats(0.01, 1e6, allow_nan=False), min_size=minimum, max_size=8
    )


def score(metric: str, product: str, value: float | None = None, **given: Any) -> dict[str, Any]:
    """One row of the score table; low and high are the value unless given, and world scores of 2024 by default."""
    standard = {
        "metric": metric,
        "method_version": "1",
        "product_id": product,
        "stage": "extraction",
        "scope": "world",
        "year": 2024,
        "as_of": date(2026, 3, 31),
        "scenario": "base",
        "value": value,
        "low": value,
        "high": value,
        "interval_kind": "p05_p95",
        "unit": "fraction",
        "quality": "A",
        "edition": "edition_a",
        "input_row_ids": [],
    }
    return dict.fromkeys(SCHEMA) | standard | given


def score_frame(rows: Sequence[Mapping[str, Any]], focus: Sequence[str] = ("EU27", "NLD")) -> pl.DataFrame:
    """Rows of ``score`` as the score table that findings are made from."""
    frame = pl.DataFrame(list(rows), schema=SCHEMA)
    return frame.with_columns(pl.col("country").is_in(list(focus)).fill_null(False).alias("is_focus"))
