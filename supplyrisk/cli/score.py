"""`supplyrisk score`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session

_SHOWN = (
    "metric",
    "product_id",
    "material_id",
    "stage",
    "scope",
    "end_product",
    "country",
    "year",
    "value",
    "low",
    "high",
    "rank",
    "rank_low",
    "rank_high",
    "unit",
    "quality",
    "edition",
    "missing_reason",
)
_IMPORTANT = (
    "metric",
    "product_id",
    "material_id",
    "value",
    "country",
    "year",
    "low",
    "high",
    "scope",
    "unit",
    "quality",
    "missing_reason",
    "end_product",
    "rank",
    "stage",
)


def score(
    context: typer.Context,
    metric: Annotated[list[str] | None, typer.Option(help="Only this score; may be repeated.")] = None,
    product: Annotated[list[str] | None, typer.Option(help="Only this product; may be repeated.")] = None,
    material: Annotated[list[str] | None, typer.Option(help="Only this material; may be repeated.")] = None,
    stage: Annotated[list[str] | None, typer.Option(help="Only this stage; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only this country or region, by code or name.")] = None,
    weights: Annotated[
        list[str] | None, typer.Option(help="Weight of a part of headline_index, as hhi_governance=2; may be repeated.")
    ] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Print scores: supplyrisk score --metric hhi --product cobalt_mine"""
    import sys

    import polars as pl

    from supplyrisk.cli.output import print_frame
    from supplyrisk.foundation.errors import InputError
    from supplyrisk.runs.score_queries import scores_of
    from supplyrisk.scores.headline_index import HEADLINE

    session: Session = context.obj
    if weights and (metric or material) and HEADLINE not in (metric or []):
        raise InputError(f"--weights are those of {HEADLINE}: add --metric {HEADLINE}.")
    words = (metric or [], product or [], country or [], material or [])
    found = scores_of(session.project, quarter, as_of, *words, weights or [])
    asked = (metric or [], product or [], stage or [], country or [], material or [])
    wanted = found.filter(*asked)
    without = found.without_rows(*asked)
    if wanted.is_empty():
        raise InputError("\n".join(without))
    for reason in without:
        print(f"supplyrisk: {reason}", file=sys.stderr)
    if form is Format.table:
        wanted = wanted.select(_SHOWN).sort("metric", pl.col("rank").fill_null(10**6), "product_id", "material_id")
    print_frame(wanted, form, important=_IMPORTANT)
