"""The figures of a report as files: SVG, PNG at 200 dots an inch, and what the chart shows as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from supplyrisk.report.content import Figure
from supplyrisk.report.raster import png_of

FOLDER = "figures"


def write_figures(figures: Iterable[Figure], folder: Path) -> list[str]:
    """figures/ in ``folder`` with three files a figure; gives the paths of the CSV files, from ``folder`` on.

    Raises ``ValueError`` for a figure without data.
    """
    (folder / FOLDER).mkdir()
    written = []
    for figure in figures:
        if not figure.data:
            raise ValueError(f"the figure {figure.name} has no data")
        path = f"{FOLDER}/{figure.name}.csv"
        (folder / path).write_text(figure.data, encoding="utf-8")
        (folder / path).with_suffix(".svg").write_text(figure.svg, encoding="utf-8")
        (folder / path).with_suffix(".png").write_bytes(png_of(figure.svg))
        written.append(path)
    return written
