"""datapackage.json as other tools read it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import frictionless
import pytest

from supplyrisk.runs.project import Project
from supplyrisk.tables.contract import read_contracts
from supplyrisk.tables.datapackage import describe_data_package, render_json


def describe(folder: Path) -> dict[str, Any]:
    """Descriptor of a data folder."""
    return describe_data_package(folder, read_contracts(folder), "supplyrisk", "Supply risk", "1.0.0")


def errors(folder: Path, table: str) -> list[str]:
    """What Frictionless finds in one table."""
    package = frictionless.Package(describe(folder), basepath=str(folder))
    return [str(item) for item in package.get_resource(table).validate().flatten(["type"])]


def test_the_descriptor_of_the_shipped_data_is_valid(project: Project) -> None:
    descriptor = describe(project.data)
    assert list(frictionless.Package.metadata_validate(descriptor)) == []
    package = frictionless.Package(descriptor, basepath=str(project.data))
    assert {resource.name for resource in package.resources} == set(read_contracts(project.data))


def test_every_resource_points_at_a_file_beside_the_descriptor(project: Project) -> None:
    paths = [resource["path"] for resource in describe(project.data)["resources"]]
    assert [path for path in paths if not (project.data / path).is_file()] == []


@pytest.mark.parametrize("table", ["countries", "products", "recipes", "edition_choice", "value_added"])
def test_the_shipped_data_are_valid_for_frictionless(project: Project, table: str) -> None:
    assert errors(project.data, table) == []


@pytest.mark.parametrize("table", ["colours", "sources", "facts"])
def test_sound_tables_are_valid_for_frictionless(mini_data: Path, table: str) -> None:
    assert errors(mini_data, table) == []


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("0.25", "1.25", "['constraint-error']"),
        ("0.25", "much", "['type-error']"),
        (",good,", ",best,", "['constraint-error']"),
        (",good,", ",,", "['constraint-error']"),
        ("facts.red", "facts.RED", "['constraint-error']"),
        (",red,2020", ",rad,2020", "['foreign-key']"),
        (",true,", ",yes,", "['type-error']"),
        (",2020,,", ",1999,,", "['constraint-error']"),
    ],
)
def test_what_breaks_the_contract_is_found_by_frictionless_too(mini_data: Path, old: str, new: str, error: str) -> None:
    path = mini_data / "facts.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert errors(mini_data, "facts") == [error]


def test_a_key_with_cells_that_may_be_empty_is_no_primary_key(mini_data: Path) -> None:
    schemas = {resource["name"]: resource["schema"] for resource in describe(mini_data)["resources"]}
    assert schemas["colours"]["primaryKey"] == ["colour_id"]
    assert "primaryKey" not in schemas["facts"]


def test_lists_of_references_are_no_foreign_keys(mini_data: Path) -> None:
    schemas = {resource["name"]: resource["schema"] for resource in describe(mini_data)["resources"]}
    assert schemas["facts"]["foreignKeys"] == [
        {"fields": ["colour_id"], "reference": {"resource": "colours", "fields": ["colour_id"]}}
    ]


def test_fields_carry_type_unit_and_limits_of_the_contract(mini_data: Path) -> None:
    facts = next(resource for resource in describe(mini_data)["resources"] if resource["name"] == "facts")
    fields = {field["name"]: field for field in facts["schema"]["fields"]}
    assert fields["share"] == {
        "name": "share",
        "type": "number",
        "description": "Share.",
        "unit": "fraction",
        "constraints": {"minimum": 0.0, "maximum": 1.0},
    }
    assert fields["grade"]["constraints"] == {"required": True, "enum": ["good", "fair", "poor"]}
    assert fields["year"]["constraints"] == {"required": True, "minimum": 2000, "maximum": 2030}
    assert list(fields) == list(read_contracts(mini_data)["facts"].column_names)


def test_the_text_is_the_same_for_the_same_content_and_reads_back(mini_data: Path) -> None:
    text = render_json(describe(mini_data))
    assert text == render_json(describe(mini_data))
    assert text.endswith("}\n")
    assert json.loads(text) == describe(mini_data)


def test_the_text_keeps_letters_with_accents() -> None:
    assert "Namibië" in render_json({"title": "Namibië"})
