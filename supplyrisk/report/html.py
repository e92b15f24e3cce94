"""The report as one HTML file that loads nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from supplyrisk.report.content import Figure, ReportContent

_CHAPTERS = (
    "headlines",
    "cannot",
    "network",
    "official",
    "policy",
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
    environment = Environment(
        loader=PackageLoader("supplyrisk.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    style = (files("supplyrisk.report") / "templates" / "report.css").read_text(encoding="utf-8")
    chapters = [name for name in _CHAPTERS if name != "trends" or report.trend_figure is not None]
    return environment.get_template("report.html.j2").render(
        report=report,
        page=report.page,
        contents=[(name, report.page[name]) for name in chapters],
        style=Markup(style),  # noqa: S704 - our own file
        picture=picture,
    )


def picture(figure: Figure) -> str:
    """A figure as the address of an embedded picture."""
    return "data:image/svg+xml;base64," + b64encode(figure.svg.encode()).decode()
