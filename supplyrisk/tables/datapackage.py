"""datapackage.json: the data folder described for any Frictionless tool (Data Package and Table Schema, version 1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supplyrisk.tables.contract import Column, TableContract
from supplyrisk.tables.release import HASH_PREFIX, contents_of

_TYPES = {
    "string": "string",
    "number": "number",
    "integer": "integer",
    "year": "year",
    "boolean": "boolean",
    "date": "date",
}


def describe_data_package(
    folder: Path, contracts: Mapping[str, TableContract], name: str, title: str, version: str
) -> dict[str, Any]:
    """Descriptor of the tables of ``contracts`` as they lie in ``folder``, with hash, size and rows of each.

    Paths are relative to the folder.
    """
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "version": version,
        "licenses": [{"name": "other-open", "title": "Rows under the terms of their sources, see sources.csv"}],
        "resources": [_resource(folder, contracts[table], contracts) for table in sorted(contracts)],
    }


def render_json(descriptor: Mapping[str, Any]) -> str:
    """Descriptor as text, the same bytes for the same content."""
    return json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"


def _resource(folder: Path, contract: TableContract, contracts: Mapping[str, TableContract]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in contract.columns],
        "missingValues": [""],
    }
    required = {column.name for column in contract.columns if column.required}
    if required.issuperset(contract.key):
        # Elsewhere an empty key cell has a meaning ("all other countries"), which a primary key may not have.
        schema["primaryKey"] = list(contract.key)
    foreign = [
        {
            "fields": [column.name],
            "reference": {"resource": column.reference.table, "fields": [column.reference.column]},
        }
        for column in contract.columns
        if column.reference is not None and not column.reference.is_list and column.reference.table in contracts
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    contents = contents_of((folder / contract.file).read_bytes())
    return {
        "name": contract.name,
        "path": contract.file,
        "profile": "tabular-data-resource",
        "title": contract.title,
        "description": contract.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"{HASH_PREFIX}{contents.sha256}",
        "bytes": contents.size_bytes,
        "rows": contents.rows,
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.minimum is not None:
        constraints["minimum"] = _number(column, column.minimum)
    if column.maximum is not None:
        constraints["maximum"] = _number(column, column.maximum)
    if column.allowed:
        constraints["enum"] = list(column.allowed)
    if column.pattern is not None:
        constraints["pattern"] = column.pattern
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type], "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    if constraints:
        field["constraints"] = constraints
    return field


def _number(column: Column, value: float) -> float | int:
    return int(value) if column.type in ("integer", "year") else value
