"""The tables and figures of a report's folder: CSV files, what describes them, and one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from supplyrisk.report import folder_datapackage, workbook
from supplyrisk.report.content import Figure, SourceLine
from supplyrisk.report.figure_files import write_figures
from supplyrisk.report.issue import Issue
from supplyrisk.report.output_tables import Output, check_described, output_tables
from supplyrisk.tables.datapackage import render_json


def write_tables(
    outputs: Sequence[Output], figures: Sequence[Figure], sources: Sequence[SourceLine], issue: Issue, folder: Path
) -> None:
    """Every table as CSV, figures/, tables.xlsx and datapackage.json into ``folder``.

    Raises ``ValueError`` for a table that is not as output_tables.yaml describes it, and for a figure without data.
    """
    for output in outputs:
        check_described(output)
        output.frame.write_csv(folder / output.path)
    of_figures = write_figures(figures, folder)
    described = {output.path: output.described for output in outputs}
    described |= {path: output_tables().of_figure(path) for path in of_figures}
    (folder / workbook.FILE).write_bytes(workbook.render_workbook(outputs, sources, issue))
    descriptor = folder_datapackage.describe_folder(folder, described, sources, issue)
    (folder / folder_datapackage.FILE).write_text(render_json(descriptor), encoding="utf-8")
