"""The tables and figures of a report's folder: CSV files, what describes them, and one workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from supplyrisk.report import folder_datapackage, workbook
from supplyrisk.report.content import Figure, SourceLine
from supplyrisk.report.figure_files import write_figures
from supplyrisk.report.issue import Issue
from supplyrisk.report.output_tables import Output, check_described, output_tables
from supplyrisk.tables.datapackage import render_json


def write_tables(
    outputs: Sequence[Output],
    figures: Mapping[str, Sequence[Figure]],
    sources: Sequence[SourceLine],
    issue: Issue,
    folder: Path,
    with_workbook: bool = True,
) -> None:
    """Every table as CSV, ``figures`` by the folder they go to, tables.xlsx and datapackage.json into ``folder``.

    Raises ``ValueError`` for a table that is not as output_tables.yaml describes it, and for a figure without data.
    """
    for output in outputs:
        check_described(output)
        output.frame.write_csv(folder / output.path)
    described = {output.path: output.described for output in outputs}
    for name, some in figures.items():
        for path in write_figures(some, folder / name):
            described[f"{name}/{path.name}"] = output_tables().of_figure(path.name)
    if with_workbook:
        (folder / workbook.FILE).write_bytes(workbook.render_workbook(outputs, sources, issue))
    descriptor = folder_datapackage.describe_folder(folder, described, sources, issue)
    (folder / folder_datapackage.FILE).write_text(render_json(descriptor), encoding="utf-8")
