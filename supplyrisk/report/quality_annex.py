"""The annex on data quality, and the list of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.report.content import SourceLine, Table
from supplyrisk.report.gaps_table import gaps_table
from supplyrisk.report.wording import Wording

SOURCED = (
    "production",
    "reserves",
    "governance",
    "trade",
    "demand",
    "hs_content",
    "value_added",
    "recipes",
    "production_outlook",
    "parameters",
    "policy_targets",
    "by_products",
    "by_products_materials",
    "eu_assessment",
    "eu_sourcing",
    "export_restrictions",
)
"""Tables whose rows lead to the sources of the report."""


def quality_tables(scores: pl.DataFrame, wording: Wording) -> tuple[Table, ...]:
    """Products by grade, editions used, and what is missing with its reason."""
    return (_grades(scores, wording), _editions(scores, wording), gaps_table(scores, wording))


def _grades(scores: pl.DataFrame, wording: Wording) -> Table:
    hhi = scores.filter((pl.col("metric") == "hhi") & pl.col("value").is_not_null())
    grades = hhi.group_by("quality").agg(pl.len(), pl.col("product_id").sort()).sort("quality")
    rows = tuple((row[0], str(row[1]), wording.format_products(row[2])) for row in grades.iter_rows())
    page = wording.page
    return Table(page("quality_products"), (page("grade"), page("count"), page("product")), rows, frozenset({1}))


def _editions(scores: pl.DataFrame, wording: Wording) -> Table:
    used = (
        scores.filter(pl.col("metric").is_in(["hhi", "reserves_hhi"]) & pl.col("edition").is_not_null())
        .group_by("edition", "metric", "year")
        .agg(pl.len())
        .sort("edition", "metric", "year")
    )
    metrics, page = wording.catalogue["metrics"], wording.page
    rows = tuple((wording.format_edition(r[0]), str(metrics[r[1]]), str(r[2]), str(r[3])) for r in used.iter_rows())
    return Table(
        page("quality_editions"),
        (page("edition"), page("metric"), page("year"), page("count")),
        rows,
        frozenset({2, 3}),
    )


def source_lines(
    tables: Mapping[str, pl.DataFrame],
    scores: pl.DataFrame,
    further: frozenset[str],
    looked_in: Sequence[str] = SOURCED,
) -> tuple[SourceLine, ...]:
    """Sources that rows behind the scores, and ``further`` rows by id, rest on, with the number of those rows."""
    used = pl.concat([scores["input_row_ids"].explode(), pl.Series(sorted(further), dtype=pl.String)]).unique()
    rows = pl.concat([tables[name].select("row_id", "source_ids") for name in looked_in])
    counts = (
        rows.filter(pl.col("row_id").is_in(used.implode()))
        .with_columns(pl.col("source_ids").str.split(";").alias("source_id"))
        .explode("source_id")
        .group_by("source_id")
        .len()
    )
    listed = tables["sources"].join(counts, on="source_id").sort("source_id")
    return tuple(
        SourceLine(
            source_id=row["source_id"],
            title=row["title"],
            publisher=row["publisher"],
            edition=row["edition"] or "",
            url=row["url"] or "",
            licence=row["licence"] or "",
            status=row["licence_status"],
            used=row["len"],
        )
        for row in listed.iter_rows(named=True)
    )
