"""A document as one HTML page that loads nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import fields
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from supplyrisk.report.column_order import orders
from supplyrisk.report.content import Figure
from supplyrisk.report.document import Block, Document
from supplyrisk.report.look import Look


def render_html(document: Document, look: Look) -> str:
    """The whole document; pictures are embedded, so that it can be mailed as one file.

    The page lets a browser run its own style and script and show embedded pictures, and nothing else.
    """
    environment = Environment(
        loader=PackageLoader("supplyrisk.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    style, script = _colours(look) + _own_file("report.css"), _own_file("report.js")
    return environment.get_template("report.html.j2").render(
        document=document,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        policy=_policy(style, script),
        kind=_kind,
        orders=orders,
        picture=_picture,
    )


def _own_file(name: str) -> str:
    return (files("supplyrisk.report") / "templates" / name).read_text(encoding="utf-8")


def _colours(look: Look) -> str:
    """The look as custom properties: ``warning_rule`` is --warning-rule."""
    names = [field.name for field in fields(look) if field.name != "name"]
    return ":root { " + " ".join(f"--{name.replace('_', '-')}: {getattr(look, name)};" for name in names) + " }\n"


def _policy(style: str, script: str) -> str:
    """Content Security Policy (W3C, level 2): inline text is allowed by its hash, pictures from within the page."""
    style_hash, script_hash = (b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _kind(block: Block) -> str:
    return type(block).__name__


def _picture(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + b64encode(figure.svg.encode()).decode()
