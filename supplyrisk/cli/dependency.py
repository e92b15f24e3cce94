"""`supplyrisk dependency`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session


def dependency(
    context: typer.Context,
    scope: Annotated[str, typer.Option(metavar="EU27|NLD", help="Region whose imports are judged.")] = "EU27",
    method: Annotated[
        str, typer.Option(metavar="geodep|core", help="Tests: geodep (CEPII) or core (European Commission).")
    ] = "geodep",
    product: Annotated[
        list[str] | None, typer.Option(help="Only this product or good of the trade table; may be repeated.")
    ] = None,
    flagged: Annotated[bool, typer.Option("--flagged", help="Only goods flagged in some year.")] = False,
    churn: Annotated[bool, typer.Option("--churn", help="How the list of flagged headings changes by year.")] = False,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Show strategic dependency by trade: supplyrisk dependency --scope EU27 --method core --flagged"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.foundation.errors import InputError
    from supplyrisk.runs.dependency_run import dependency_query
    from supplyrisk.scores.trade_dependency import TESTS

    if churn and (product or flagged):
        raise InputError("--churn is of the whole list: give it without --product and --flagged.")
    session: Session = context.obj
    query = dependency_query(session.project, quarter, as_of, scope, method)
    table = query.churn() if churn else query.goods(product or [], flagged)
    if form is Format.table:
        for line in query.notes(churn):
            print(line)
        if not churn:
            shown = ["good", "headings", "year", *TESTS[method], "flagged", "dependent", "dependent_low"]
            table = table.select(
                *shown, "dependent_high", "largest_supplier", "largest_supplier_share", "missing_reason"
            )
    print_frame(table, form)
