"""YAML 1.2 reading and line numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.yaml_reader import read_yaml

Write = Callable[[str], Path]


def _value(write: Write, text: str) -> Any:
    return read_yaml(write(f"key: {text}\n")).data["key"]


# YAML 1.2.2, chapter 10.3.2 (core schema): the tags a plain scalar resolves to.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NO", "NO"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("2026-03-31", "2026-03-31"),
        ("2001-12-14t21:59:43Z", "2001-12-14t21:59:43Z"),
        ("1_000", "1_000"),
        ("0b101", "0b101"),
        ("-0o7", "-0o7"),
        ("0o8", "0o8"),
        ("tRUE", "tRUE"),
        ("nULL", "nULL"),
        ("=", "="),
        ("<<", "<<"),
        ("'123'", "123"),
        ('"true"', "true"),
        ("2026Q1", "2026Q1"),
    ],
)
def test_plain_words_that_the_core_schema_does_not_know_stay_text(write: Write, text: str, expected: str) -> None:
    assert _value(write, text) == expected
    assert isinstance(_value(write, text), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0123", 123),
        ("+12", 12),
        ("-7", -7),
        ("0o17", 15),  # 1·8 + 7
        ("0x1F", 31),  # 1·16 + 15
        ("20260101", 20260101),
    ],
)
def test_whole_numbers_follow_the_core_schema(write: Write, text: str, expected: int) -> None:
    assert _value(write, text) == expected
    assert isinstance(_value(write, text), int)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1e6", 1_000_000.0),
        ("1E-2", 0.01),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5e+3", -1500.0),
        ("+.inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_real_numbers_follow_the_core_schema(write: Write, text: str, expected: float) -> None:
    assert _value(write, text) == expected
    assert isinstance(_value(write, text), float)


def test_not_a_number_is_read_as_such(write: Write) -> None:
    assert math.isnan(_value(write, ".nan"))


@pytest.mark.parametrize("text", ["~", "null", "Null", "NULL", "", "   # a remark"])
def test_every_form_of_null_is_none(write: Write, text: str) -> None:
    assert _value(write, text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False)],
)
def test_only_true_and_false_are_booleans(write: Write, text: str, expected: bool) -> None:
    assert _value(write, text) is expected


@given(number=st.integers(min_value=-(10**15), max_value=10**15))
def test_decimal_numbers_keep_their_value_with_leading_zeros(
    tmp_path_factory: pytest.TempPathFactory, number: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "number.yaml"
    sign, digits = ("-", str(-number)) if number < 0 else ("", str(number))
    path.write_text(f"plain: {number}\npadded: {sign}000{digits}\n", encoding="utf-8")
    assert read_yaml(path).data == {"plain": number, "padded": number}


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_real_numbers_written_by_python_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, number: float
) -> None:
    path = tmp_path_factory.getbasetemp() / "real.yaml"
    path.write_text(f"key: {number!r}\n", encoding="utf-8")
    assert read_yaml(path).data == {"key": number}


def test_every_key_has_the_line_it_stands_on(write: Write) -> None:
    document = read_yaml(write("# remark\ntitle: x\n\nmeasures:\n  - rate: 1\n  - kind: y\n    rate: 2\n"))
    assert document.line_of(("title",)) == 2
    assert document.line_of(("measures",)) == 4
    assert document.line_of(("measures", 0, "rate")) == 5
    assert document.line_of(("measures", 1)) == 6
    assert document.line_of(("measures", 1, "rate")) == 7


def test_a_missing_key_has_the_line_of_its_nearest_ancestor(write: Write) -> None:
    document = read_yaml(write("title: x\nmeasures:\n  - rate: 1\n"))
    assert document.line_of(("measures", 0, "kind", "deeper")) == 3
    assert document.line_of(("absent",)) == 1


def test_all_duplicate_keys_are_reported_at_once_with_both_lines(write: Write) -> None:
    path = write("title: a\ntitle: b\nmeasures:\n  - rate: 1\n    kind: x\n    rate: 2\n")
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    assert str(caught.value).splitlines() == [
        "model.yaml cannot be read: 2 problems.",
        "  model.yaml, line 2, title: the key 'title' stands here a second time (first on line 1). "
        "Keep one of the two.",
        "  model.yaml, line 6, measures[0].rate: the key 'rate' stands here a second time (first on line 4). "
        "Keep one of the two.",
    ]


def test_the_same_key_in_two_places_is_no_duplicate(write: Write) -> None:
    assert read_yaml(write("a: {rate: 1}\nb: {rate: 2}\n")).data == {"a": {"rate": 1}, "b": {"rate": 2}}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a: 1\nb: [1, 2\n", 3, "expected ',' or ']'"),
        ("a: 1\n\tb: 2\n", 2, "character '\\\\t'"),
        ("a: 1\nb: c: 2\n", 2, "mapping values are not allowed here"),
        ("a: 1\n---\nb: 2\n", 2, "another document"),
        ("a: 1\nb: !model x\n", 2, "tag '!model'"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, "constructor for the tag"),
        ("a: 1\nb: !!int x\n", 2, "the value cannot be read as int"),
        ("a: 1\nb: !!bool x\n", 2, "the value cannot be read as bool"),
        ("a: 1\nb: !!timestamp x\n", 2, "the value cannot be read as timestamp"),
        ("a: 1\nb: *missing\n", 2, "undefined alias"),
        ("a: 1\n? [b]\n: 2\n", 2, "unhashable key"),
    ],
)
def test_broken_yaml_is_an_input_error_with_file_and_line(write: Write, text: str, line: int, what: str) -> None:
    with pytest.raises(InputError, match=rf"^model\.yaml, line {line}: this is not valid YAML: .*{what}"):
        read_yaml(write(text))


def test_a_number_too_long_for_python_is_an_input_error(write: Write) -> None:
    with pytest.raises(InputError, match=r"line 1: .*cannot be read as int"):
        read_yaml(write("a: " + "9" * 5000 + "\n"))


def test_an_alias_inside_its_own_anchor_is_an_input_error(write: Write) -> None:
    with pytest.raises(InputError, match=r"^model\.yaml: .*alias stands inside its own anchor"):
        read_yaml(write("a: &again [*again]\n"))


def test_control_characters_are_an_input_error(write: Write) -> None:
    with pytest.raises(InputError, match=r"^model\.yaml: this is not a YAML text file: special characters"):
        read_yaml(write("a: \x07\n"))


def test_a_file_that_is_not_utf8_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "model.yaml"
    path.write_bytes("naam: België\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"^model\.yaml: the file cannot be read as UTF-8 text .*0xeb"):
        read_yaml(path)


def test_a_byte_order_mark_is_no_part_of_the_first_key(write: Write) -> None:
    assert read_yaml(write("\ufefftitle: x\n")).data == {"title": "x"}


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^absent\.yaml: the file does not exist \(.*absent\.yaml\)\.$"):
        read_yaml(tmp_path / "absent.yaml")


def test_a_folder_in_the_place_of_the_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(tmp_path)
