"""`supplyrisk graph`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from supplyrisk.cli.session import AsOfOption, Format, FormatOption, QuarterOption, Session, refuse_unused

_SHOWN = (
    "product_id",
    "evidence",
    "year",
    "output",
    "unit",
    "chain_need",
    "final_demand",
    "other_uses",
    "shortage_factor",
    "trade_dropped_share",
    "moved_mass",
    "links",
)


def graph(
    context: typer.Context,
    product: Annotated[list[str] | None, typer.Option(help="Lanes of this product; may be repeated.")] = None,
    country: Annotated[
        str | None, typer.Option(help="Lanes from or to this country, or EU27; by code or name.")
    ] = None,
    focus: Annotated[str | None, typer.Option(help="Region whose use is looked through, as EU27 or NLD.")] = None,
    end: Annotated[
        str, typer.Option(help="End product looked through: a product, or battery for all packs.")
    ] = "battery",
    origin: Annotated[str | None, typer.Option("--from", help="Ways from this country to the use in --focus.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="The same as --focus.")] = None,
    material: Annotated[
        str | None, typer.Option(help="Raw material of the ways [default: all of the country].")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="Ways listed for each material.")] = 20,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the network as .graphml, .parquet or .json.")
    ] = None,
    picture: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the chain behind the use in --focus as .svg.")
    ] = None,
    lang: Annotated[str, typer.Option(metavar="en|nl", help="Language of the picture.")] = "en",
    metals: Annotated[
        str | None,
        typer.Option(
            metavar="VIEW",
            help="Base metals by where they were melted and poured instead: summary (with self-sufficiency), origin "
            "(by country), or scrap (exports).",
        ),
    ] = None,
    quarter: QuarterOption = None,
    as_of: AsOfOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Show who supplies whom: supplyrisk graph --from COD --to NLD --end battery_pack_nmc"""
    from supplyrisk.cli.output import print_frame
    from supplyrisk.report.graph_out import write_graph
    from supplyrisk.runs.graph_queries import network_query
    from supplyrisk.store.atomic import replace_file

    session: Session = context.obj
    if metals is not None:
        of_region = ("focus", "to") if metals != "scrap" else ()
        refuse_unused(context, f"--metals {metals}", ("metals", *of_region))
        _metals(session, metals, _region(focus, to, None, None, None), quarter, as_of, form)
        return
    region = _region(focus, to, origin, picture, export)
    asked = [code for code in (region, origin, country) if code is not None]
    products = [*(product or []), *([] if material is None else [material])]
    found = network_query(session.project, quarter, as_of, picture is not None, products, asked)
    if export is not None:
        write_graph(found.network, found.tiers, export)
        session.progress(f"written {export}")
    if region is not None and picture is not None:
        svg = found.picture(region, material, lang)
        with replace_file(picture) as draft:
            draft.write_text(svg, encoding="utf-8")
        session.progress(f"written {picture}")
    elif region is not None and origin is not None:
        ways = found.paths(origin, region, end, material, count)
        _say(ways.notes, form)
        print_frame(ways.table, form)
    elif region is not None:
        print_frame(found.behind(end, region), form)
    elif product or country:
        print_frame(found.lanes(product or [], country), form)
    elif export is None:
        _say(found.summary(), form)
        report = found.report()
        print_frame(report.select(_SHOWN) if form is Format.table else report, form)


def _metals(
    session: Session, view: str, focus: str | None, quarter: str | None, as_of: str | None, form: Format
) -> None:
    from supplyrisk.cli.output import print_frame
    from supplyrisk.runs.base_metals_run import run_base_metals

    table, note = run_base_metals(session.project, view, focus, quarter, as_of)
    print_frame(table, form)
    _say([note.rstrip()], form)


def _region(
    focus: str | None, to: str | None, origin: str | None, picture: Path | None, export: Path | None
) -> str | None:
    """The region of use, after a look at whether the options go together (before anything is computed)."""
    from supplyrisk.foundation.errors import InputError
    from supplyrisk.report.graph_out import check_ending

    if focus is not None and to is not None and focus != to:
        raise InputError("--to and --focus name two regions. Give one of them.")
    if export is not None:
        check_ending(export)
    if picture is not None and picture.suffix != ".svg":
        raise InputError(f"--picture: '{picture.name}' does not end in .svg.")
    region = focus or to
    if region is None and (origin is not None or picture is not None):
        option = "--from" if origin is not None else "--picture"
        raise InputError(f"{option} needs the region of use: add --to EU27 or --to NLD.")
    return region


def _say(lines: Sequence[str], form: Format) -> None:
    """Lines above a table; CSV and JSON hold the rows alone."""
    if form is Format.table:
        for line in lines:
            print(line)
