"""The JSON Schema for editors, and the ready scenarios against it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.scenario.schema import SCHEMA_FILE, scenario_schema

MODELS = Path(__file__).parents[2] / "models"
READY = sorted((MODELS / "scenarios").glob("*.yaml"))


def test_the_published_schema_is_current() -> None:
    assert (MODELS / SCHEMA_FILE).read_text(encoding="utf-8") == scenario_schema()


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_ready_scenarios_fit_the_schema_and_point_to_it(path: Path) -> None:
    assert path.read_text(encoding="utf-8").splitlines()[0] == f"# yaml-language-server: $schema=../{SCHEMA_FILE}"
    errors = list(Draft202012Validator(json.loads(scenario_schema())).iter_errors(read_yaml(path).data))
    assert errors == []


def test_the_schema_refuses_a_mistyped_key() -> None:
    data = {**read_yaml(READY[0]).data, "horizon": 12}
    assert not Draft202012Validator(json.loads(scenario_schema())).is_valid(data)
