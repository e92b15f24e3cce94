"""The figures of a report as files: SVG, PNG at 200 dots an inch, and what the chart shows as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from supplyrisk.report.content import Figure
from supplyrisk.report.raster import png_of


def write_figures(figures: Iterable[Figure], folder: Path) -> list[Path]:
    """``folder`` with three files a figure; gives the CSV files. Raises ``ValueError`` for a figure without data."""
    folder.mkdir()
    written = []
    for figure in figures:
        if not figure.data:
            raise ValueError(f"the figure {figure.name} has no data")
        data = folder / f"{figure.name}.csv"
        data.write_text(figure.data, encoding="utf-8")
        data.with_suffix(".svg").write_text(figure.svg, encoding="utf-8")
        data.with_suffix(".png").write_bytes(png_of(figure.svg))
        written.append(data)
    return written
