"""The contract files: what they must hold, and that the shipped tables keep to them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.project import Project
from supplyrisk.tables.contract import TableContract, read_contracts

SHIPPED = Path(__file__).parents[2] / "data"
CONTRACTS = read_contracts(SHIPPED)
every_table = pytest.mark.parametrize("contract", [pytest.param(c, id=c.name) for c in CONTRACTS.values()])


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_contract_holds_what_its_files_say(mini_data: Path) -> None:
    facts = read_contracts(mini_data)["facts"]
    assert (facts.file, facts.key, facts.period, facts.is_fact) == (
        "facts.csv",
        ("colour_id", "year", "place"),
        "year",
        True,
    )
    columns = {column.name: column for column in facts.columns}
    share, grade, sources = columns["share"], columns["grade"], columns["source_ids"]
    assert (share.type, share.unit, share.required, share.minimum, share.maximum) == ("number", "fraction", False, 0, 1)
    assert (grade.allowed, grade.required) == (("good", "fair", "poor"), True)
    assert sources.reference is not None
    assert (sources.reference.table, sources.reference.column, sources.reference.is_list) == (
        "sources",
        "source_id",
        True,
    )
    colour = columns["colour_id"].reference
    assert colour is not None
    assert not colour.is_list


def test_a_reference_list_is_no_fact_and_has_no_period(mini_data: Path) -> None:
    colours = read_contracts(mini_data)["colours"]
    assert (colours.is_fact, colours.period) == (False, None)


@pytest.mark.parametrize("file", ["columns.csv", "tables.csv"])
def test_a_missing_contract_file_is_an_input_error(mini_data: Path, file: str) -> None:
    (mini_data / file).unlink()
    with pytest.raises(InputError, match=rf"^{file}: the contract file is missing in .*mini\.$"):
        read_contracts(mini_data)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("columns.csv", "amount,number", "amount,decimal", r"facts\.amount has the unknown type 'decimal'"),
        ("columns.csv", "minimum,maximum", "min,maximum", r"the first row must be table,column,type,.*minimum"),
        (
            "columns.csv",
            "fraction,false,0,1",
            "fraction,false,0,one",
            r"maximum of facts\.share is 'one', which is not",
        ),
        ("columns.csv", "t,false,0,", "t,false,none,", r"minimum of facts\.amount is 'none', which is not a number"),
        ("columns.csv", "Row.\n", "Row.\nfacts,half\n", r"^columns\.csv, row 10: the row has 2 cells, the header 11"),
        ("columns.csv", "colours.colour_id", "colors.colour_id", r"colour_id refers to colors\.colour_id, which does"),
        ("columns.csv", "sources.source_id;", "sources.id;", r"source_ids refers to sources\.id, which does not exist"),
        ("tables.csv", "key,kind", "keys,kind", r"the first row must be table,file,key,kind"),
        ("tables.csv", "colour_id;year;place", "colour_id;yeer", r"the key column 'yeer' is not a column of facts"),
        ("tables.csv", "facts,facts.csv", "fact,facts.csv", r"the table 'fact' has no columns"),
    ],
)
def test_a_contract_that_does_not_hold_is_an_input_error(
    mini_data: Path, file: str, old: str, new: str, message: str
) -> None:
    _edit(mini_data / file, old, new)
    with pytest.raises(InputError, match=message):
        read_contracts(mini_data)


def test_a_contract_file_that_is_not_utf8_is_an_input_error(mini_data: Path) -> None:
    path = mini_data / "columns.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace("Colour.", "Couleur café.").encode("latin-1"))
    with pytest.raises(InputError, match=r"^columns\.csv: the file is not UTF-8 text"):
        read_contracts(mini_data)


@every_table
def test_every_table_has_its_file_and_the_header_equals_the_contract(contract: TableContract) -> None:
    with (SHIPPED / contract.file).open(encoding="utf-8", newline="") as stream:
        assert tuple(next(csv.reader(stream))) == contract.column_names


@every_table
def test_every_table_and_column_is_described_in_a_sentence(contract: TableContract) -> None:
    assert contract.title
    assert contract.description.endswith(".")
    assert [column.name for column in contract.columns if not re.search(r"\w.*\.$", column.description)] == []


@every_table
def test_every_fact_carries_source_quality_basis_derivation_and_first_day(contract: TableContract) -> None:
    needed = {"row_id", "source_ids", "quality", "basis", "derivation", "known_from"}
    required = {column.name for column in contract.columns if column.required}
    if contract.is_fact:
        assert needed <= set(contract.column_names)
        assert needed - {"derivation"} <= required
    else:
        assert "known_from" not in contract.column_names


@every_table
def test_no_column_of_shares_may_be_negative_without_limit(contract: TableContract) -> None:
    shares = [column for column in contract.columns if column.unit == "fraction"]
    assert [column.name for column in shares if column.minimum is None] == []


@every_table
def test_patterns_and_periods_of_the_contract_are_sound(contract: TableContract) -> None:
    for column in contract.columns:
        re.compile(column.pattern or "")
        assert column.minimum is None or column.maximum is None or column.minimum < column.maximum
    assert contract.period is None or contract.period in contract.column_names


def test_the_folder_holds_no_table_without_a_contract(project: Project) -> None:
    described = {contract.file for contract in CONTRACTS.values()} | {"columns.csv", "tables.csv"}
    assert {path.name for path in project.data.glob("*.csv")} == described


def test_no_column_is_described_for_a_table_that_does_not_exist(project: Project) -> None:
    with (project.data / "columns.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["table"] for row in csv.DictReader(stream)} == set(CONTRACTS)
