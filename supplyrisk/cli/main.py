"""The command line `supplyrisk`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from supplyrisk import __version__
from supplyrisk.cli import (
    alerts,
    brief,
    data,
    dependency,
    diff,
    doctor,
    explain,
    fit,
    geopolrisk,
    graph,
    history,
    init,
    mitigate,
    report,
    risk,
    schema,
    score,
    targets,
    validate,
    whatif,
)
from supplyrisk.cli.session import Session
from supplyrisk.foundation.errors import SupplyRiskError

_INTERNAL_FAULT = 3
_FLAGS_ANYWHERE = ("--quiet", "--verbose", "--debug")

app = typer.Typer(
    help="Supply risk of critical raw material chains: from published figures to a quarterly report.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog="Exit codes: 0 done, 1 a check did not hold, 2 wrong input or usage, 3 a fault of the program.",
)
app.command()(report.report)
app.command()(brief.brief)
app.command()(score.score)
app.command()(explain.explain)
app.command()(graph.graph)
app.command()(whatif.whatif)
app.command()(risk.risk)
app.command()(mitigate.mitigate)
app.command()(schema.schema)
app.command()(targets.targets)
app.command()(geopolrisk.geopolrisk)
app.command()(fit.fit)
app.command()(validate.validate)
app.command()(dependency.dependency)
app.command()(history.history)
app.command()(diff.diff)
app.command()(doctor.doctor)
app.command()(init.init)
app.add_typer(alerts.app, name="alerts")
app.add_typer(data.app, name="data")


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"supplyrisk {__version__}")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    project: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder with your own config.yaml, data or models.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on stderr.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say on stderr how long each step took.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Options of every command; --quiet, --verbose and --debug may also stand behind it."""
    context.obj = Session(project=project, quiet=quiet, verbose=verbose)


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; errors the user can mend are shown without traceback."""
    # One thread: sums in another order end in other digits, and matrices here are small. Read when numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    given = list(sys.argv[1:] if arguments is None else arguments)
    flags = [flag for flag in _FLAGS_ANYWHERE if flag in given]
    ordered = [*flags, *(word for word in given if word not in _FLAGS_ANYWHERE)]
    try:
        app(ordered, prog_name="supplyrisk")
    except SupplyRiskError as error:
        if "--debug" in flags:
            raise
        print(f"supplyrisk: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone: nothing is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if "--debug" in flags:
            raise
        print(
            f"supplyrisk: a fault of the program ({type(error).__name__}: {error}). "
            "Run again with --debug and report it.",
            file=sys.stderr,
        )
        sys.exit(_INTERNAL_FAULT)
