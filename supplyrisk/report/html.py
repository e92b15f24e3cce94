"""The report as one HTML file that loads nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from supplyrisk.report.content import Figure, ReportContent, Table, WhatIfPart

_CHAPTERS = (
    "headlines",
    "cannot",
    "network",
    "official",
    "policy",
    "risk",
    "measures",
    "disruption",
    "ranking",
    "heat",
    "battery",
    "trends",
    "materials",
    "quality",
    "sources",
)


def render_html(report: ReportContent) -> str:
    """The whole report; pictures are embedded, so that it can be mailed as one file."""
    chapters = [name for name in _CHAPTERS if name != "trends" or report.trend_figure is not None]
    contents = [(name, report.page[name]) for name in chapters]
    return _render("report.html.j2", report=report, page=report.page, contents=contents)


def render_whatif(parts: Sequence[WhatIfPart], beside: Table | None, language: str, page: Mapping[str, object]) -> str:
    """Scenarios on one page, with a table that sets them beside each other where there are several."""
    return _render("whatif.html.j2", parts=parts, comparison=beside, language=language, page=page)


def _render(template: str, **given: object) -> str:
    environment = Environment(
        loader=PackageLoader("supplyrisk.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    style = (files("supplyrisk.report") / "templates" / "report.css").read_text(encoding="utf-8")
    return environment.get_template(template).render(
        **given,
        style=Markup(style),  # noqa: S704 - our own file
        picture=_picture,
    )


def _picture(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + b64encode(figure.svg.encode()).decode()
