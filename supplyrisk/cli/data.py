"""`supplyrisk data`: check, show, sources."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, Session

app = typer.Typer(help="The data package: check it, look at it, list its sources.", no_args_is_help=True)


@app.command()
def check(context: typer.Context) -> None:
    """Check every contract and every rule between tables: supplyrisk data check"""
    from supplyrisk.foundation.errors import CheckFailed
    from supplyrisk.foundation.problems import describe_problems
    from supplyrisk.runs.table_queries import check_project

    session: Session = context.obj
    problems, tables, rows = check_project(session.project)
    if problems:
        raise CheckFailed(describe_problems("The data package does not hold", problems))
    print(f"{tables} tables with {rows:,} rows: every contract and rule holds.")


@app.command()
def show(
    context: typer.Context,
    table: Annotated[str, typer.Argument(help="Table, as production.")],
    product: Annotated[list[str] | None, typer.Option(help="Only this product; may be repeated.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="Only this country or region, by code or name.")] = None,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows shown as a table; csv and json give all.")] = 50,
    form: FormatOption = Format.table,
) -> None:
    """Print rows of a table: supplyrisk data show production --product cobalt_mine"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.table_queries import table_rows

    session: Session = context.obj
    rows = table_rows(session.project, table, product or [], country or [], as_of)
    if form is Format.table and rows.height > limit:
        print_frame(rows.head(limit), form)
        session.progress(f"{limit} of {rows.height} rows shown; --limit {rows.height} shows all")
    else:
        print_frame(rows, form)


@app.command()
def sources(
    context: typer.Context,
    as_of: AsOfOption = None,
    status: Annotated[str | None, typer.Option(help="Only this licence status, as unclear.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """List sources with licence, edition, age and the tables that use them: supplyrisk data sources --status unclear"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.table_queries import source_rows

    session: Session = context.obj
    print_frame(source_rows(session.project, as_of, status), form)
