"""What is missing, and why: of each score and place the products, materials or stages without a figure, each once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from supplyrisk.report.content import Table
from supplyrisk.report.wording import Wording, in_sentence
from supplyrisk.scores.metrics import MATERIAL_METRICS, OF_MATERIAL_AND_STAGE

Row = Mapping[str, Any]

_OUTLOOK = "outlook_"
_OF = ("metric", "place", "scenario", "at_stage")
_SUBJECT = ("kind", "subject")


def gaps_table(scores: pl.DataFrame, wording: Wording) -> Table:
    """Missing scores by metric, place and reason, with the number and the names of what they are of.

    ``scores``: with ``is_focus`` (country is a focus region). A name stands once however many years or end products
    lack the score; years in brackets where others have it, or lack it for another reason.
    """
    told = scores.filter(pl.col("country").is_null() | pl.col("is_focus")).select(
        "metric",
        "scenario",
        "year",
        "missing_reason",
        pl.coalesce(pl.col("scope").replace("world", None), "country").alias("place"),
        pl.when(pl.col("metric").is_in(OF_MATERIAL_AND_STAGE)).then("stage").alias("at_stage"),
        _by_subject("material_id", "product_id", "end_product", "stage").alias("subject"),
        _by_subject(*(pl.lit(kind) for kind in ("material", "product", "end", "stage"))).alias("kind"),
    )
    years = told.group_by(*_OF, *_SUBJECT).agg(pl.col("year").drop_nulls().unique().alias("all_years"))
    gaps = (
        told.filter(pl.col("missing_reason").is_not_null())
        .group_by(*_OF, "missing_reason", *_SUBJECT)
        .agg(pl.col("year").drop_nulls().unique().sort().alias("years"))
        .join(years, on=[*_OF, *_SUBJECT], nulls_equal=True)
        .sort(*_OF, "missing_reason", *_SUBJECT)
        .group_by(*_OF, "missing_reason", maintain_order=True)
        .agg(pl.struct(*_SUBJECT, "years", "all_years").alias("named"))
    )
    rows = tuple(
        (
            _score(row, wording),
            wording.format_reason(row["missing_reason"]),
            str(len(row["named"])),
            wording.listed([_name(one, wording) for one in row["named"]]),
        )
        for row in gaps.iter_rows(named=True)
    )
    page = wording.page
    header = (page("metric"), page("reason"), page("count"), page("gap_of"))
    return Table(page("quality_gaps"), header, rows, frozenset({2}))


def _by_subject(material: Any, product: Any, end: Any, stage: Any) -> pl.Expr:
    """The one of four that says what a score is of; a material's live score names its product too, and is not of it."""
    return (
        pl.when(pl.col("metric").is_in(MATERIAL_METRICS))
        .then(material)
        .when(pl.col("product_id").is_not_null())
        .then(product)
        .when(pl.col("end_product").is_not_null())
        .then(end)
        .otherwise(stage)
    )


def _score(row: Row, wording: Wording) -> str:
    """A metric with its stage, place and year of the outlook, where it has these."""
    parts = [str(wording.catalogue["metrics"][row["metric"]])]
    if row["at_stage"] is not None:
        parts.append(in_sentence(str(wording.catalogue["stages"][row["at_stage"]])))
    if row["place"] is not None:
        parts.append(wording.names.countries[row["place"]])
    told = ", ".join(parts)
    if not row["scenario"].startswith(_OUTLOOK):
        return told
    return str(wording.catalogue["change"]["outlook"]).format(subject=told, year=row["scenario"].removeprefix(_OUTLOOK))


def _name(one: Row, wording: Wording) -> str:
    subject = one["subject"]
    if one["kind"] == "stage":
        name = in_sentence(str(wording.catalogue["stages"][subject]))
    else:
        name = str(getattr(wording, f"format_{one['kind']}")(subject))
    is_part = len(one["years"]) < len(one["all_years"])
    return f"{name} ({', '.join(str(year) for year in one['years'])})" if is_part and one["years"] else name
