"""Design sensitivity: thresholds and the choice of series, by hand."""

from __future__ import annotations

import pytest

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.scores.criticality.assumptions import Thresholds
from supplyrisk.scores.criticality.design import Design, critical_share, standings
from supplyrisk.scores.criticality.live import LiveScore, live_supply_risk
from tests.scores.criticality.test_live_and_restrictions import RISKS, SAME, UNCHANGED, given_input, today

LINES_OF_IMPORTANCE = RangedAssumption(value=2.8, low=2.6, high=3.0, basis="observed")
LINES = Thresholds(
    supply_risk=RangedAssumption(value=1.0, low=0.9, high=1.1, basis="observed"),
    economic_importance=LINES_OF_IMPORTANCE,
).pairs


def test_the_lines_are_those_by_which_the_list_is_reproduced() -> None:
    moved = RangedAssumption(value=1.1, low=0.9, high=1.2, basis="assumed")
    with pytest.raises(
        ValueError, match=r"supply_risk: value 1\.1 is not the line of the Commission's method. Write 1"
    ):
        Thresholds(supply_risk=moved, economic_importance=LINES_OF_IMPORTANCE)


@pytest.mark.parametrize(
    ("risk", "importance", "share"),
    [
        (1.5, 4.0, 1.0),
        (0.5, 4.0, 0.0),
        (1.5, 2.5, 0.0),
        (1.04, 4.0, 2 / 3),  # 1.0 at one decimal: on the lines of 0.9 and 1.0
        (1.05, 2.8, 2 / 3),  # 1.1 at one decimal: on all three lines; importance on two of three
        (0.95, 2.8, 4 / 9),
    ],
)
def test_critical_under_so_many_of_the_pairs_of_lines(risk: float, importance: float, share: float) -> None:
    assert critical_share([risk], importance, LINES) == pytest.approx(share)


def test_the_choice_of_series_is_part_of_the_design() -> None:
    # The first material stays at 2.0 by one series and rises above the second one, 2.1, by the other.
    choices = [[UNCHANGED], [given_input(today(CHN=0.9, AUS=0.1), today(CHN=0.6, DEU=0.4))]]
    first, second = live_supply_risk(2.0, choices[0], SAME, choices[1:]), live_supply_risk(2.1, [UNCHANGED], SAME)
    found = {"first": first, "second": second}
    live = {name: score for name, score in found.items() if isinstance(score, LiveScore)}
    every = [Design("mean", "2024", RISKS, RISKS)]
    given = {"first": choices, "second": [[UNCHANGED]]}
    standing = standings({"first": 2.0, "second": 2.1}, given, live, SAME, every, dict.fromkeys(given, 4.0), LINES)
    assert (standing["first"].best, standing["first"].worst) == (1, 2)
    assert (standing["second"].best, standing["second"].worst) == (1, 2)
    assert standing["first"].critical_share == 1.0


def test_a_material_without_a_score_of_today_keeps_its_place_among_the_ranks() -> None:
    # Eleven materials at 3.0 without a score of today: the one that has one, at 2.0, ranks twelfth and not first.
    found = live_supply_risk(2.0, [UNCHANGED], SAME)
    assert isinstance(found, LiveScore)
    published = {"ours": 2.0, "low": 1.0} | {f"gap{i}": 3.0 for i in range(11)}
    every = [Design("mean", "2024", RISKS, RISKS)]
    standing = standings(published, {"ours": [[UNCHANGED]]}, {"ours": found}, SAME, every, {"ours": 4.0}, LINES)
    assert standing.keys() == {"ours"}
    assert (standing["ours"].best, standing["ours"].worst, standing["ours"].design_share) == (12, 12, 0.0)
    assert standing["ours"].data_share == 0.0
