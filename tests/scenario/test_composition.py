"""Scenario files: composition, and every error with file, line and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.scenario.compose import Scenario, Vocabulary, read_scenario
from supplyrisk.scenario.specification import ExportRestriction

WORDS = Vocabulary(
    products=("cobalt_mine", "cobalt_refined", "gallium"),
    countries=("CHN", "COD", "EU27", "FIN"),
    hazards=("strike", "energy"),
    parameters={"cover_days": (0.0, 720.0)},
    rows=frozenset({"events.e0161", "parameters.x"}),
    eu_members=("FIN",),
)
STOP = """\
  stop:
    kind: export_restriction
    products: [cobalt_mine]
    from: [COD]
    to: all
    share: {share}
    start_month: 2
    months: 8
    rests_on: {{rows: [events.e0161]}}
"""
HEAD = "title: {en: a, nl: b}\nsummary: {en: a, nl: b}\n"

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(name: str, text: str) -> Path:
        path = tmp_path / f"{name}.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return to_file


def stop(share: str = "1.0") -> str:
    return "shocks:\n" + STOP.format(share=share)


def read(path: Path) -> Scenario:
    return read_scenario(path, WORDS)


def test_a_scenario_without_parents(write: Write) -> None:
    scenario = read(write("cobalt", stop()))
    assert scenario.scenario_id == "cobalt"
    assert (scenario.base_year, scenario.horizon_months, scenario.running_measures) == (2024, 36, False)
    shock = scenario.shocks["stop"]
    assert isinstance(shock, ExportRestriction)
    assert (shock.from_, shock.to, shock.share, shock.recovery_months) == (("COD",), "all", 1.0, 0)


def test_only_a_scenario_that_says_so_is_a_replay(write: Write) -> None:
    assert not read(write("new", stop())).replay
    assert read(write("past", "replay: true\n" + stop())).replay


def test_a_child_adds_to_its_parents_and_says_what_holds(write: Write) -> None:
    write("one", "horizon_months: 24\nassumptions: {cover_days: 10}\n" + stop())
    write("two", "horizon_months: 12\n" + stop().replace("stop:", "halt:").replace("COD", "FIN"))
    child = write(
        "both",
        "extends: [one, two]\nhorizon_months: 18\nshocks:\n" + STOP.format(share="0.5").replace(
            "    kind", "    replaces: true\n    kind"
        ),
    )  # fmt: skip
    scenario = read(child)
    assert scenario.horizon_months == 18
    assert dict(scenario.assumptions) == {"cover_days": 10.0}
    assert {name: shock.share for name, shock in scenario.shocks.items()} == {"stop": 0.5, "halt": 1.0}  # type: ignore[union-attr]
    assert [file.stem for file in scenario.files] == ["one", "two", "both"]


def test_a_shock_of_a_parent_can_be_dropped(write: Write) -> None:
    write("one", stop())
    text = "extends: [one]\ndrop: [stop]\nshocks:\n" + STOP.format(share="0.3").replace("stop:", "less:")
    assert list(read(write("child", text)).shocks) == ["less"]


def test_parents_that_say_different_things_collide(write: Write) -> None:
    write("one", "horizon_months: 24\n" + stop())
    write("two", "horizon_months: 12\n" + stop("0.5"))
    with pytest.raises(InputError) as caught:
        read(write("both", "extends: [one, two]\n"))
    assert str(caught.value) == (
        "The scenario both cannot be used: 2 problems.\n"
        "  both.yaml, line 3, extends: horizon_months is different in one.yaml, line 3 and in two.yaml, line 3. "
        "Say in both.yaml what holds.\n"
        "  both.yaml, line 3, extends: shocks.stop is different in one.yaml, line 5 and in two.yaml, line 5. "
        "Say in both.yaml what holds."
    )


def test_the_same_parent_by_two_ways_is_no_collision(write: Write) -> None:
    write("root", stop())
    write("left", "extends: [root]\n")
    write("right", "extends: [root]\nhorizon_months: 48\n")
    assert read(write("both", "extends: [left, right]\n")).horizon_months == 48


def test_all_mistakes_are_told_at_once(write: Write) -> None:
    text = (
        "horizon_months: 12\n"
        "assumptions: {cover_day: 3, cover_days: 900}\n"
        "extends: [nobody]\n"
        "shocks:\n"
        "  stop:\n"
        "    kind: export_restriction\n"
        "    products: [cobalt_mines]\n"
        "    from: [COG]\n"
        "    to: all\n"
        "    share: 0.5\n"
        "    start_month: 13\n"
        "    months: 2\n"
        "    rests_on: {rows: [events.e161]}\n"
        "  quake:\n"
        "    kind: hazard\n"
        "    hazard: strikes\n"
        "    countries: all\n"
        "    share: 0.2\n"
        "    start_month: 1\n"
        "    months: 2\n"
        "    replaces: true\n"
        "    rests_on: {reason: assumed}\n"
    )
    with pytest.raises(InputError) as caught:
        read(write("wrong", text))
    lines = str(caught.value).splitlines()
    assert lines[0] == "The scenario wrong cannot be used: 9 problems."
    assert {line.strip() for line in lines[1:]} == {
        "wrong.yaml, line 4, assumptions.cover_day: 'cover_day' is not a parameter of disruption.yaml. "
        "Did you mean 'cover_days'?",
        "wrong.yaml, line 9, shocks.stop.products[0]: 'cobalt_mines' is not a product of the chains. "
        "Did you mean 'cobalt_mine'?",
        "wrong.yaml, line 10, shocks.stop.from[0]: 'COG' is not a country. Did you mean 'COD'?",
        "wrong.yaml, line 15, shocks.stop.rests_on.rows[0]: 'events.e161' is not a row of the data package. "
        "Did you mean 'events.e0161'?",
        "wrong.yaml, line 18, shocks.quake.hazard: 'strikes' is not a class of hazard. Did you mean 'strike'?",
        "wrong.yaml, line 4, assumptions.cover_days: 900 is outside the range 0 to 720.",
        "wrong.yaml, line 5, extends[0]: there is no scenario 'nobody'. There is nothing to choose from.",
        "wrong.yaml, line 16, shocks.quake: replaces: true, but no parent has a shock of this name. Take it out.",
        "wrong.yaml, line 7, shocks.stop.start_month: month 13 lies beyond the horizon of 12 months. "
        "Lengthen horizon_months.",
    }


def test_wrong_keys_words_and_parents_are_told_together(write: Write) -> None:
    wrong = stop("1.5").replace("from:", "form:").replace("cobalt_mine", "cobalt_mien")
    with pytest.raises(InputError) as caught:
        read(write("wrong", f"extends: [nobody]\nhorizon: 12\n{wrong}"))
    told = str(caught.value)
    for part in (
        "extends[0]: there is no",
        "'horizon' is not a key here",
        "'form' is not a key here",
        "'cobalt_mien' is",
    ):
        assert part in told, part
    assert "1.5 is above the maximum of 1" in told


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("share: 1.0", "share: 1.2"), "line 9, shocks.stop.share: 1.2 is above the maximum of 1"),
        (("kind: export_restriction", "kind: export_restrictions"), "Did you mean 'export_restriction'?"),
        (("months: 8", "month: 8"), "'month' is not a key here. Did you mean 'months'?"),
        (("from: [COD]", "from: []"), "line 7, shocks.stop.from"),
        (("{rows: [events.e0161]}", "{}"), "rests_on needs rows of the data package or a reason"),
        (("start_month: 2", "start_month: 0"), "0 is below the minimum of 1"),
    ],
)
def test_mistyped_fields_name_line_and_remedy(write: Write, change: tuple[str, str], told: str) -> None:
    with pytest.raises(InputError) as caught:
        read(write("typed", stop().replace(*change)))
    assert told in str(caught.value)


def test_an_empty_scenario_a_double_shock_and_a_taken_name_are_refused(write: Write) -> None:
    with pytest.raises(InputError, match="there is no shock"):
        read(write("empty", "horizon_months: 12\n"))
    twice = stop() + STOP.format(share="1.0").replace("stop:", "again:")
    with pytest.raises(InputError, match="it is the same as shock 'stop' and would count twice"):
        read(write("twice", twice))
    write("one", stop())
    with pytest.raises(InputError, match=r"the name stands in one\.yaml, line 4 already\. Choose another name"):
        read(write("child", "extends: [one]\n" + stop("0.4")))


def test_bids_and_allocation_by_price_need_each_other(write: Write) -> None:
    with pytest.raises(InputError, match="price needs bids: who offers more than others"):
        read(write("unpriced", "allocation: price\n" + stop()))
    with pytest.raises(InputError, match="bids count only with allocation: price"):
        read(write("unused", "bids: {CHN: 1.2}\n" + stop()))
    with pytest.raises(InputError, match=r"line 3, bids\.CHM: 'CHM' is not a country.* 'CHN'"):
        read(write("typed", "bids: {CHM: 1.2}\nallocation: price\n" + stop()))
    write("one", "allocation: price\nbids: {CHN: 1.2}\n" + stop())
    write("two", "allocation: price\nbids: {CHN: 1.3, FIN: 1.1}\n" + stop())
    with pytest.raises(InputError, match=r"bids\.CHN is different in one\.yaml, line 4 and in two\.yaml, line 4"):
        read(write("both", "extends: [one, two]\n"))
    both = read(write("settled", "extends: [one, two]\nbids: {CHN: 1.4}\n"))
    assert both.bids == {"CHN": 1.4, "FIN": 1.1}


def test_scenarios_that_extend_each_other_are_refused(write: Write) -> None:
    write("left", "extends: [right]\n" + stop())
    with pytest.raises(InputError, match=r"in a circle: left → right → left|in a circle: right → left → right"):
        read(write("right", "extends: [left]\n"))
