"""`supplyrisk mitigate`."""

from __future__ import annotations

from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session, refuse_unused
from supplyrisk.foundation.errors import InputError

_USED = {
    "--value-path": ("value_path", "view", "focus", "draws", "seed"),
    "--recycling": ("recycling", "view", "goods"),
    "--demand": ("demand", "view", "focus"),
}
"""Options that each question takes, beside day and form."""


def mitigate(
    context: typer.Context,
    measures: Annotated[
        list[str] | None,
        typer.Argument(metavar="[MEASURE…]", help="Measure files, or names of ready ones [all]; paths of --demand."),
    ] = None,
    view: Annotated[
        str | None,
        typer.Option(
            help="measures (default), products (days of use lost), pairs, third-countries (strategic products and the "
            "65 % line), timing (when each works, and what it avoids in a run of three years), sensitivity (what the "
            "first three per euro hang on), or market (what each asks for beside world output); with --value-path: "
            "path (default), cases, sensitivity (what the answer hangs on), or effect (on days of use lost); with "
            "--recycling: supply (default), sensitivity, capacity (recyclers by place), or of base metals checks "
            "(published figures beside) and gaps; with --demand: path (default), materials (tonnes behind it) or "
            "sensitivity."
        ),
    ] = None,
    value_path: Annotated[
        bool,
        typer.Option("--value-path", help="Cheapest new makers to the target for European value in batteries instead."),
    ] = False,
    recycling: Annotated[
        bool,
        typer.Option("--recycling", help="Metal won back in EU27 from what comes back, beside its targets, instead."),
    ] = False,
    goods: Annotated[
        str | None, typer.Option(help="With --recycling: batteries (of vehicles; default), magnets or base_metals.")
    ] = None,
    demand: Annotated[
        bool,
        typer.Option("--demand", help="Batteries sold to 2035 on a path of demand [central] instead; name others."),
    ] = False,
    focus: Annotated[list[str] | None, typer.Option(help="Region in focus; may be repeated.")] = None,
    draws: Annotated[int, typer.Option(min=10, help="Draws for each set of measures.")] = 500,
    leader_draws: Annotated[
        int | None, typer.Option(min=80, help="Fresh draws for the measures that lead per euro [ten times --draws].")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers [that of the config].")] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What would help: supplyrisk mitigate stock_90_days lfp_shift --focus EU27"""
    import sys

    from supplyrisk.cli.output import print_frame

    session: Session = context.obj
    words = (quarter, as_of, session.progress)
    asked_for = (("--value-path", value_path), ("--recycling", recycling), ("--demand", demand))
    instead = [name for name, asked in asked_for if asked]
    if len(instead) > 1:
        raise InputError(f"{' and '.join(instead)} are two questions: ask one at a time.")
    if instead and measures and not demand:
        raise InputError(f"{instead[0]} takes no measure: leave out {', '.join(measures)}.")
    if goods is not None and not recycling:
        raise InputError("--goods says what comes back: add --recycling.")
    if instead:
        refuse_unused(context, instead[0], _USED[instead[0]])
        if value_path and view != "effect":
            refuse_unused(context, f"--value-path --view {view or 'path'}", ("value_path", "view", "focus"))
    if value_path:
        from supplyrisk.runs.value_path_command import run_path

        table, note = run_path(session.project, view or "path", focus or [], draws, seed, *words)
    elif recycling:
        from supplyrisk.runs.recycling_command import run_recycling

        table, note = run_recycling(session.project, goods or "batteries", view or "supply", *words)
    elif demand:
        from supplyrisk.runs.demand_path_command import run_demand

        table, note = run_demand(session.project, measures or [], view or "path", focus or [], *words)
    else:
        from supplyrisk.runs.mitigate_command import run_mitigation

        asked = (measures or [], view or "measures", focus or [], draws, leader_draws, seed)
        table, note = run_mitigation(session.project, *asked, *words)
    print_frame(table, form)
    if form is Format.table:
        sys.stdout.write(note)
