"""datapackage.json of a report's folder: its CSV files for any Frictionless tool (Data Package, version 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from supplyrisk.report.content import SourceLine
from supplyrisk.report.issue import Issue
from supplyrisk.report.output_tables import OutputColumn, OutputTable

FILE = "datapackage.json"


def describe_folder(
    folder: Path, described: Mapping[str, OutputTable], sources: Sequence[SourceLine], issue: Issue
) -> dict[str, Any]:
    """Descriptor of the CSV files written to ``folder``, ``described`` by their paths."""
    return {
        "profile": "data-package",
        "name": f"supplyrisk-report-{issue.quarter.lower()}",
        "title": issue.title,
        "description": f"What was public on {issue.as_of.isoformat()}. Made with {issue.made_with}",
        "version": issue.version,
        "quarter": issue.quarter,
        "as_of": issue.as_of.isoformat(),
        "run_id": issue.run_id,
        "licenses": [{"name": "other-open", "title": "Figures under the terms of their sources, see sources"}],
        "sources": [_source(source) for source in sources],
        "resources": [_resource(folder, path, table) for path, table in described.items()],
    }


def _source(source: SourceLine) -> dict[str, str]:
    address = {"path": source.url} if source.url else {}
    return {
        "title": f"{source.publisher}: {source.full_title}",
        **address,
        "id": source.source_id,
        "license": source.licence,
    }


def _resource(folder: Path, path: str, table: OutputTable) -> dict[str, Any]:
    content = (folder / path).read_bytes()
    title = table.title if table.path == path else f"{table.title} ({Path(path).stem})"
    return {
        "name": path.removesuffix(".csv").replace("/", "-").lower(),
        "path": path,
        "profile": "tabular-data-resource",
        "title": title,
        "description": table.row,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "schema": {"fields": [_field(*item) for item in table.columns.items()], "missingValues": [""]},
    }


def _field(name: str, column: OutputColumn) -> dict[str, Any]:
    field = {"name": name, "type": column.type, "description": column.description}
    return {**field, "unit": column.told_unit} if column.told_unit else field
