"""The JSON Schemas of the files that a user writes, for editors that complete and check while one writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.specification import MeasureFile
from supplyrisk.runs.config import Config
from supplyrisk.scenario.specification import ScenarioFile

SCHEMAS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {"scenario": ScenarioFile, "measure": MeasureFile, "config": Config}
)
"""What a file of each kind may say."""


def schema_file(kind: str) -> str:
    """Where the schema of a kind lies in models/; the first line of each file points to it."""
    return f"schema/{kind}.schema.json"


def schema_of(kind: str) -> str:
    """JSON Schema (draft 2020-12) of one file of a kind as text, keys in a fixed order.

    Raises ``InputError`` for a kind that has none.
    """
    if kind not in SCHEMAS:
        raise InputError(f"'{kind}' is not a kind of file with a schema. {did_you_mean(kind, SCHEMAS)}")
    schema = SCHEMAS[kind].model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": f"supplyrisk {kind}"}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
