"""Strict models from YAML: every problem named with line, key path and remedy; words that only the data know."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from supplyrisk.foundation.model_reader import load_model
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.foundation.words import COUNTRY, PRODUCT, Country, Product, Words, WordsOrAll

Write = Callable[[str], Path]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Range(_Strict):
    low: float = 0.0
    high: float = Field(1.0, lt=10.0)


class _Measure(_Strict):
    rate: float = Field(ge=0.0, le=1.0)
    kind: Literal["stockpile", "recycling"] = "stockpile"
    step: Literal[1, 2] = 1
    speed: float = Field(1.0, gt=0.0)
    span: _Range | None = None


class _Policy(_Strict):
    title: str
    measures: list[_Measure] = []
    by_name: dict[str, Annotated[_Measure, "one"]] = {}
    by_grade: dict[Literal["A", "B"], float] = {}
    lead: _Measure | None = None
    either: _Measure | _Range | None = None


def _problems(path: Path) -> list[str]:
    collector = ProblemCollector()
    assert load_model(path, _Policy, collector) is None
    return [str(problem) for problem in collector.problems]


@pytest.mark.parametrize("text", ["", "# only a remark\n", "- a\n- b\n", "just text\n"])
def test_a_file_without_keys_is_a_problem_on_line_one(write: Write, text: str) -> None:
    assert _problems(write(text)) == ["model.yaml, line 1: the file must be a list of keys and values."]


def test_a_sound_file_becomes_the_model(write: Write) -> None:
    collector = ProblemCollector()
    found = load_model(write("title: x\nmeasures:\n  - rate: 0.5\n    kind: recycling\n"), _Policy, collector)
    assert found == _Policy(title="x", measures=[_Measure(rate=0.5, kind="recycling")])
    assert collector.problems == ()


def test_an_unknown_key_names_the_nearest_one(write: Write) -> None:
    assert _problems(write("title: x\nmesures: []\n")) == [
        "model.yaml, line 2, mesures: 'mesures' is not a key here. Did you mean 'measures'?"
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("measures:\n  - {rate: 1.0, kindd: stockpile}", "measures[0].kindd"),
        ("by_name:\n  gallium: {rate: 1.0, kindd: stockpile}", "by_name.gallium.kindd"),
        ("by_name:\n  rate: {rate: 1.0, kindd: stockpile}", "by_name.rate.kindd"),
        ("lead:\n  {rate: 1.0, kindd: stockpile}", "lead.kindd"),
    ],
)
def test_an_unknown_key_deeper_down_names_the_nearest_key_of_that_place(write: Write, text: str, path: str) -> None:
    assert _problems(write(f"title: x\n{text}\n")) == [
        f"model.yaml, line 3, {path}: 'kindd' is not a key here. Did you mean 'kind'?"
    ]


def test_an_unknown_key_inside_optional_parts_names_the_nearest_key(write: Write) -> None:
    assert _problems(write("title: x\nlead:\n  rate: 1.0\n  span:\n    lw: 0.1\n")) == [
        "model.yaml, line 5, lead.span.lw: 'lw' is not a key here. Did you mean 'low'?"
    ]


def test_an_unknown_key_where_several_models_fit_still_says_what_to_do(write: Write) -> None:
    problems = _problems(write("title: x\neither:\n  lw: 0.1\n"))
    assert any("'lw' is not a key here. Take it out." in problem for problem in problems)


def test_a_word_outside_the_list_names_the_nearest_one_with_path_and_line(write: Write) -> None:
    assert _problems(write("title: x\nmeasures:\n  - rate: 1.0\n  - rate: 1.0\n    kind: recycle\n")) == [
        "model.yaml, line 5, measures[1].kind: 'recycle' is not allowed. Did you mean 'recycling'?"
    ]


def test_a_word_like_none_of_the_list_shows_the_list(write: Write) -> None:
    assert _problems(write("title: x\nlead:\n  rate: 1.0\n  kind: 7\n")) == [
        "model.yaml, line 4, lead.kind: '7' is not allowed. Known: recycling, stockpile."
    ]


def test_a_number_outside_the_list_shows_the_list(write: Write) -> None:
    assert _problems(write("title: x\nlead:\n  rate: 1.0\n  step: 3\n")) == [
        "model.yaml, line 4, lead.step: '3' is not allowed. Allowed: 1 or 2."
    ]


def test_a_wrong_key_of_a_mapping_shows_the_keys_it_may_have(write: Write) -> None:
    assert _problems(write("title: x\nby_grade:\n  A: 1.0\n  E: 1.0\n")) == [
        "model.yaml, line 4, by_grade.E: 'E' is not allowed. Known: A, B."
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rate: 1.5", "measures[1].rate: 1.5 is above the maximum of 1.0."),
        ("rate: -0.5", "measures[1].rate: -0.5 is below the minimum of 0.0."),
        ("{rate: 0.5, speed: 0.0}", "measures[1].speed: 0.0 is not above 0.0."),
        ("{rate: 0.5, span: {high: 10.0}}", "measures[1].span.high: 10.0 is not below 10.0."),
    ],
)
def test_a_number_out_of_range_is_named_with_its_path_and_bound(write: Write, line: str, expected: str) -> None:
    assert _problems(write(f"title: x\nmeasures:\n  - rate: 0.5\n  - {line}\n")) == [f"model.yaml, line 4, {expected}"]


def test_a_missing_key_is_named_with_the_line_of_its_place(write: Write) -> None:
    assert _problems(write("title: x\nmeasures:\n  - rate: 0.5\n  - kind: stockpile\n")) == [
        "model.yaml, line 4, measures[1].rate: the key 'rate' is missing. Add it."
    ]


def test_a_value_of_the_wrong_type_is_shown(write: Write) -> None:
    problems = _problems(write("title: 5\nlead:\n  rate: fast\n"))
    assert problems[0].startswith("model.yaml, line 1, title: ")
    assert problems[0].endswith("(found 5).")
    assert problems[1].startswith("model.yaml, line 3, lead.rate: ")
    assert problems[1].endswith("(found 'fast').")


def test_all_problems_of_a_file_are_reported_at_once(write: Write) -> None:
    text = "titel: x\nmeasures:\n  - rate: 2.0\n  - rate: 0.5\n    kind: stock\n  - speed: 1.0\n"
    places = {problem.split(":")[0] for problem in _problems(write(text))}
    assert places == {
        "model.yaml, line 1, title",
        "model.yaml, line 1, titel",
        "model.yaml, line 3, measures[0].rate",
        "model.yaml, line 5, measures[1].kind",
        "model.yaml, line 6, measures[2].rate",
    }


class _Square(_Strict):
    shape: Literal["square"]
    side: float


class _Circle(_Strict):
    shape: Literal["circle"]
    radius: float = Field(gt=0.0)
    span: _Range | None = None


class _Drawing(_Strict):
    shapes: dict[str, Annotated[_Square | _Circle, Field(discriminator="shape")]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("shape: circel", "line 3, shapes.one.shape: 'circel' is not allowed. Did you mean 'circle'?"),
        ("radius: 1.0", "line 2, shapes.one.shape: the key 'shape' is missing. Add it."),
        ("shape: circle\n    radius: 0.0", "line 4, shapes.one.radius: 0.0 is not above 0.0."),
        ("shape: square\n    sied: 1.0", "line 4, shapes.one.sied: 'sied' is not a key here. Did you mean 'side'?"),
        (
            "shape: circle\n    radius: 1.0\n    span:\n      lw: 0.1",
            "line 6, shapes.one.span.lw: 'lw' is not a key here. Did you mean 'low'?",
        ),
    ],
)
def test_a_value_of_several_kinds_is_told_by_the_kind_it_names(write: Write, lines: str, expected: str) -> None:
    collector = ProblemCollector()
    assert load_model(write(f"shapes:\n  one:\n    {lines}\n"), _Drawing, collector) is None
    assert f"model.yaml, {expected}" in [str(problem) for problem in collector.problems]


class _Stop(_Strict):
    kind: Literal["stop"]
    products: WordsOrAll[Product]
    to: Words[Country] = ("NLD",)
    share: float = Field(1.0, le=1.0)


class _Rise(_Strict):
    kind: Literal["rise"]
    product: Product


class _Story(_Strict):
    bids: dict[Country, float] = {}
    shocks: dict[str, Annotated[_Stop | _Rise, Field(discriminator="kind")]] = {}


KNOWN = {COUNTRY: ("CHN", "NLD"), PRODUCT: ("cobalt_mine", "cobalt_refined")}


def _story(path: Path) -> list[str]:
    collector = ProblemCollector()
    assert (load_model(path, _Story, collector, KNOWN) is None) == bool(collector.problems)
    return [str(problem) for problem in collector.problems]


def test_wrong_words_are_told_together_with_everything_else(write: Write) -> None:
    text = (
        "bids: {CHM: 1.0}\n"
        "shocks:\n"
        "  stop: {kind: stop, products: [cobalt_refined, cobalt_mines], to: [NDL], shar: 0.5}\n"
        "  rise: {kind: rise, product: cobald_mine}\n"
        "  free: {kind: stop, products: all, share: 1.5}\n"
    )
    assert _story(write(text)) == [
        "model.yaml, line 1, bids.CHM: 'CHM' is not a country. Did you mean 'CHN'?",
        "model.yaml, line 3, shocks.stop.products[1]: 'cobalt_mines' is not a product of the chains. "
        "Did you mean 'cobalt_mine'?",
        "model.yaml, line 3, shocks.stop.to[0]: 'NDL' is not a country. Did you mean 'NLD'?",
        "model.yaml, line 3, shocks.stop.shar: 'shar' is not a key here. Did you mean 'share'?",
        "model.yaml, line 4, shocks.rise.product: 'cobald_mine' is not a product of the chains. "
        "Did you mean 'cobalt_mine'?",
        "model.yaml, line 5, shocks.free.share: 1.5 is above the maximum of 1.0.",
    ]


@pytest.mark.parametrize(
    ("products", "told"),
    [
        ("cobalt_mine", "'cobalt_mine' is not a list. Write it as one: [cobalt_mine]. Or write all."),
        ("[]", "Tuple should have at least 1 item after validation, not 0 (found [])."),
        ("3", "Input should be a valid tuple (found 3)."),
    ],
)
def test_a_list_or_all_is_told_once(write: Write, products: str, told: str) -> None:
    text = f"shocks:\n  stop:\n    kind: stop\n    products: {products}\n"
    assert _story(write(text)) == [f"model.yaml, line 4, shocks.stop.products: {told}"]


class _Rising(_Strict):
    made_in: Country
    low: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> _Rising:
        if self.low > self.high:
            raise ValueError("low and high must be in rising order")
        return self


class _Grown(_Strict):
    rising: _Rising


def test_a_wrong_word_does_not_hide_what_is_wrong_with_several_fields_together(write: Write) -> None:
    collector = ProblemCollector()
    path = write("rising:\n  made_in: CNN\n  low: 2.0\n  high: 1.0\n")
    assert load_model(path, _Grown, collector, {COUNTRY: ["CHN", "AUS"]}) is None
    assert [str(problem) for problem in collector.problems] == [
        "model.yaml, line 2, rising.made_in: 'CNN' is not a country. Did you mean 'CHN'?",
        "model.yaml, line 1, rising: low and high must be in rising order.",
    ]


def test_sound_words_pass_and_a_kind_that_the_reader_does_not_know_is_no_mistake_of_the_file(write: Write) -> None:
    path = write("bids: {NLD: 1.0}\nshocks: {stop: {kind: stop, products: [cobalt_mine]}}\n")
    assert _story(path) == []
    with pytest.raises(KeyError, match=COUNTRY):
        load_model(path, _Story, ProblemCollector())


def test_a_model_made_in_code_is_not_checked_against_words() -> None:
    assert _Rise(kind="rise", product="anything").product == "anything"
