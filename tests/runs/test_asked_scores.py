"""Only the groups of scores that a question needs are worked out, and what is worked out is the same."""

from __future__ import annotations

from collections import Counter

from supplyrisk.runs.asked_scores import (
    GROUPS,
    HEADLINE_INDEX,
    LIVE,
    NETWORK,
    OFFICIAL,
    RESERVES,
    STAGE_CAPACITY,
    WORLD,
    asked_scores,
    with_parts,
)
from supplyrisk.runs.config import Config
from supplyrisk.runs.project import Project
from supplyrisk.runs.project_scores import QUERY_TABLES, score_project, tables_of
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.scoring import Scores
from supplyrisk.scores.headline_index import HEADLINE
from supplyrisk.scores.metrics import METRICS
from supplyrisk.tables.package import DataPackage


def test_every_score_is_in_one_group() -> None:
    assert Counter(metric for group in GROUPS for metric in group) == Counter(list(METRICS))


def test_a_material_has_official_and_live_scores_and_those_of_its_stages_alone() -> None:
    asked = asked_scores([], [], ["gallium"], [])
    assert all(asked.includes(group) for group in (LIVE, OFFICIAL, STAGE_CAPACITY))
    assert not any(asked.includes(group) for group in (WORLD, RESERVES, NETWORK - STAGE_CAPACITY))


def test_the_outlook_is_for_what_goes_into_batteries(run_2026q1: Run) -> None:
    chain = run_2026q1.network.inputs.chain
    assert asked_scores([], ["cobalt_refined"], [], []).needs_outlook(chain)
    assert not asked_scores([], ["gallium"], [], []).needs_outlook(chain)
    assert asked_scores(["value_added_share"], [], [], []).needs_outlook(chain)
    assert not asked_scores(["self_sufficiency"], [], [], []).needs_outlook(chain)


def test_the_index_asks_for_the_groups_of_its_own_parts_and_shows_them() -> None:
    asked = asked_scores([HEADLINE], [], [], ["hhi", "reserves_years", "supply_risk_live"])
    assert all(asked.includes(group) for group in (WORLD, RESERVES, LIVE, HEADLINE_INDEX))
    assert not asked.includes(NETWORK)
    assert with_parts([HEADLINE], ["hhi"]) == [HEADLINE, "hhi"]
    assert with_parts(["hhi_governance"], ["hhi"]) == ["hhi_governance"]


def test_scores_asked_alone_are_those_of_the_whole_with_their_ranks(
    project: Project, config: Config, package: DataPackage, scores: Scores
) -> None:
    asked = asked_scores(["reserves_hhi"], [], [], [])
    alone = score_project(project, config, package, None, asked).table
    assert alone.equals(scores.table.filter(scores.table["metric"].is_in(sorted(RESERVES))))


def test_trade_and_the_tables_of_the_network_are_read_for_what_rests_on_them_alone() -> None:
    of_hhi, of_flags = (tables_of(asked_scores([name], [], [], ())) for name in ("hhi", "import_dependent_core"))
    assert {"trade", "recipes", "eu_sourcing"}.isdisjoint(of_hhi)
    assert set(of_flags) - set(of_hhi) == {"trade"}
    assert {"trade", "eu_sourcing"} <= set(tables_of(asked_scores(["supply_risk_live"], [], [], ())))
    assert tables_of(asked_scores([HEADLINE], [], [], ())) == tables_of(asked_scores([], [], [], ())) == QUERY_TABLES
