"""`supplyrisk explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session

if TYPE_CHECKING:
    import polars as pl

_READ = (
    "row_id",
    "iso3",
    "exporter_iso3",
    "importer_iso3",
    "host_product_id",
    "hosts_outside",
    "host_material_ids",
    "year",
    "dimension",
    "value",
    "value_kusd",
    "by_product_share",
    "share_scope",
    "unit",
    "low",
    "high",
    "output_value",
    "quality",
    "source_ids",
)


def explain(
    context: typer.Context,
    metric: Annotated[str, typer.Argument(help="Score, as hhi.")],
    product: Annotated[
        str, typer.Argument(help="Product, as cobalt_mine; material or stage where the score is of one.")
    ],
    country: Annotated[str | None, typer.Option(help="Country or region, where the score has one.")] = None,
    year: Annotated[int | None, typer.Option(help="Year, for scores that have several.")] = None,
    scope: Annotated[str | None, typer.Option(help="Region the score holds for, as EU27.")] = None,
    end_product: Annotated[str | None, typer.Option(help="End product it is behind, as battery.")] = None,
    stage: Annotated[str | None, typer.Option(help="Stage, of scores that a material has at several.")] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Go from a score to its formula and rows: supplyrisk explain hhi cobalt_mine"""
    import json

    from supplyrisk.cli.output import print_frame
    from supplyrisk.report.tables_out import records
    from supplyrisk.runs.score_queries import explain_score, scores_of

    session: Session = context.obj
    scores = scores_of(session.project, quarter, as_of, [metric])
    found = explain_score(scores, metric, product, country, year, scope, end_product, stage)
    if form is Format.json:
        body = {"score": records(found.score)[0], "formula": found.formula, "recomputed": found.recomputed}
        print(
            json.dumps(
                body | {"rows": {name: records(rows) for name, rows in found.rows.items()}},
                ensure_ascii=False,
                indent=1,
            )
        )
        return
    if form is Format.table:
        for line in found.lines():
            print(line)
    for name, rows in found.rows.items():
        print_frame(rows.select(_to_read(rows)) if form is Format.table else rows, form, title=name)


def _to_read(rows: pl.DataFrame) -> list[str]:
    """Columns worth a place on the screen: those of a number and its origin that hold anything."""
    return [name for name in _READ if name in rows.columns and rows[name].null_count() < rows.height]
