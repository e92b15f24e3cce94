"""The tables and figures of a report's folder: CSV files, what describes them, and one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from supplyrisk.report import folder_datapackage, workbook
from supplyrisk.report.content import SourceLine
from supplyrisk.report.issue import Issue
from supplyrisk.report.look import Look
from supplyrisk.report.output_tables import Output, check_described, output_tables
from supplyrisk.tables.datapackage import render_json


def write_tables(
    outputs: Sequence[Output],
    figure_data: Sequence[str],
    sources: Sequence[SourceLine],
    issue: Issue,
    folder: Path,
    look: Look | None,
) -> None:
    """Every table as CSV, tables.xlsx in its ``look`` (None: without it) and datapackage.json into ``folder``.

    ``figure_data``: paths, from ``folder`` on, of CSV files with the data of figures that are there already.
    Raises ``ValueError`` for a table that is not as output_tables.yaml describes it.
    """
    for output in outputs:
        check_described(output)
        output.frame.write_csv(folder / output.path)
    described = {output.path: output.described for output in outputs}
    described |= {path: output_tables().of_figure(Path(path).name) for path in figure_data}
    if look is not None:
        (folder / workbook.FILE).write_bytes(workbook.render_workbook(outputs, sources, issue, look))
    descriptor = folder_datapackage.describe_folder(folder, described, sources, issue)
    (folder / folder_datapackage.FILE).write_text(render_json(descriptor), encoding="utf-8")
