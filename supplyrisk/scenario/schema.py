"""The JSON Schema of scenario files, for editors that complete and check while one writes."""

from __future__ import annotations

import json

from supplyrisk.scenario.specification import ScenarioFile

SCHEMA_FILE = "schema/scenario.schema.json"
"""Where it lies in models/; the first line of each scenario points to it."""


def scenario_schema() -> str:
    """JSON Schema (draft 2020-12) of one scenario file as text, keys in a fixed order."""
    schema = ScenarioFile.model_json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "supplyrisk scenario"}
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
