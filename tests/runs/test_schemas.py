"""The JSON Schemas for editors, and the shipped files against them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.yaml_reader import read_yaml
from supplyrisk.runs.schemas import SCHEMAS, schema_file, schema_of
from tests.conftest import ROOT

MODELS = ROOT / "models"
FOLDERS = {"scenario": "scenarios", "measure": "measures"}
READY = [(kind, path) for kind, folder in FOLDERS.items() for path in sorted((MODELS / folder).glob("*.yaml"))]
SHIPPED = [*READY, ("config", ROOT / "config.yaml")]


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_published_schema_is_current(kind: str) -> None:
    current = (MODELS / schema_file(kind)).read_text(encoding="utf-8")
    assert current == schema_of(kind), f"run supplyrisk schema {kind} --out models/{schema_file(kind)}"


@pytest.mark.parametrize(("kind", "path"), SHIPPED, ids=lambda value: getattr(value, "stem", value))
def test_shipped_files_fit_their_schema_and_point_to_it(kind: str, path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    head, _, target = first.partition("$schema=")
    assert head == "# yaml-language-server: "
    assert (path.parent / target).resolve() == MODELS / schema_file(kind)
    errors = list(Draft202012Validator(json.loads(schema_of(kind))).iter_errors(read_yaml(path).data))
    assert errors == []


@pytest.mark.parametrize(
    ("kind", "wrong"), [("scenario", {"horizon": 12}), ("measure", {"lead": 3}), ("config", {"langauge": "nl"})]
)
def test_a_schema_refuses_a_mistyped_key(kind: str, wrong: dict[str, object]) -> None:
    path = next(path for found, path in SHIPPED if found == kind)
    schema = Draft202012Validator(json.loads(schema_of(kind)))
    assert schema.is_valid(read_yaml(path).data)
    assert not schema.is_valid(read_yaml(path).data | wrong)


@pytest.mark.parametrize(("key", "value"), [("draws", 99), ("language", "fr"), ("focus", [])])
def test_the_schema_of_the_config_knows_ranges_and_words(key: str, value: object) -> None:
    schema = Draft202012Validator(json.loads(schema_of("config")))
    assert not schema.is_valid(read_yaml(ROOT / "config.yaml").data | {key: value})


def test_a_kind_without_schema_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'measures' is not a kind of file with a schema\. Did you mean 'measure'\?"):
        schema_of("measures")
