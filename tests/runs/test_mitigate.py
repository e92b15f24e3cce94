"""Ready measures on the project's own network, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from supplyrisk.cli.main import app
from supplyrisk.disruption.named_graph import NamedGraph
from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.apply import apply_measures, bought_in
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.standalone import with_standalone_for
from supplyrisk.mitigation.worked_out import Workings, worked_out
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.known_measures import known_measures, later_figures
from supplyrisk.runs.mitigate_command import find_measures, run_mitigation
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.project import Project
from tests.conftest import ROOT

READY = sorted(path.stem for path in (ROOT / "models" / "measures").glob("*.yaml"))


@pytest.fixture(scope="module")
def model(project: Project) -> DisruptionModel:
    return open_model(project, "2026Q1", None, [])


def in_full(model: DisruptionModel, names: list[str]) -> tuple[Measure, ...]:
    """Measures with a tenth of lithium won back where one asks for more recycling, and paths of demand as they are."""
    measures = read_measures(find_measures(model.project, names), model.words)
    bought = bought_in(model.base, EU_REGION)
    workings = Workings(lambda change: {"lithium_chemicals": 0.1}, bought, model.more_used, model.words.eu_members)
    return worked_out(measures, workings)


@pytest.mark.parametrize("name", READY)
def test_every_ready_measure_touches_the_network_and_leaves_it_at_rest(model: DisruptionModel, name: str) -> None:
    measures = in_full(model, [name])
    base = with_standalone_for(model.base, measures)
    applied = apply_measures(base, measures)
    applied.named.graph.check()
    assert applied.held or applied.named.graph is not base.graph


def test_all_ready_measures_go_together(model: DisruptionModel) -> None:
    measures = in_full(model, [])
    assert len(measures) == len(READY)
    apply_measures(with_standalone_for(model.base, measures), measures).named.graph.check()


def test_all_together_leaves_out_what_goods_outside_the_network_replace(model: DisruptionModel) -> None:
    place = InPlace(model.base, in_full(model, ["sodium_ion_packs", "stock_90_days"]))
    assert place.joined == ["stock_90_days"]
    assert place.by_name.keys() == {"sodium_ion_packs", "stock_90_days"}


def test_what_the_day_decides_is_left_out_and_mistakes_are_raised(model: DisruptionModel) -> None:
    (stock,) = in_full(model, ["stock_magnets_180_days"])

    def known(base: NamedGraph, measure: Measure) -> tuple[list[Measure], list[Measure]]:
        return known_measures(replace(model, graph_of=lambda year: base), [measure], lambda change: {})

    unplaced = replace(model.base, place_known={**model.base.place_known, "ndfeb_magnet": False})
    assert known(model.base, stock) == ([stock], [])
    assert known(unplaced, stock) == ([], [stock])
    (booster,) = in_full(model, ["battery_booster"])
    changes = tuple(change.model_copy(update={"quantity_per_year": 1e9}) for change in booster.file.changes)
    wrong = replace(booster, file=booster.file.model_copy(update={"changes": changes}))
    with pytest.raises(InputError, match=r"battery_booster\.yaml: 1e\+09 a year of .* is to move in EU27"):
        known(model.base, wrong)


def test_what_rests_on_figures_of_a_later_day_is_told_by_row(model: DisruptionModel) -> None:
    names = ["aluminium_scrap_stays", "stock_90_days"]
    measures = read_measures(find_measures(model.project, names), model.words)
    # Use of aluminium in 2024 has been public since 21 November 2026.
    late = "demand.aluminium_primary.eu27.2024.apparent_consumption.all"
    assert late in model.rested_on.later < model.rows
    assert later_figures(model, measures) == {"aluminium_scrap_stays": (late,)}
    nothing_later = replace(model, rested_on=replace(model.rested_on, later=frozenset()))
    assert later_figures(nothing_later, measures) == {}


def test_the_command_compares_and_refuses_wrong_words(tmp_path: Path) -> None:
    names = ["stock_90_days", "stock_cells_30_days", "truck_heavy_demand"]
    words = ["--quiet", "mitigate", *names, "--draws", "60", "--quarter", "2026Q1"]
    found = CliRunner().invoke(app, [*words, "--focus", "EU27", "--format", "json"])
    assert found.exit_code == 0
    rows = {row["measure"]: row for row in json.loads(found.stdout)}
    assert set(rows) == {*names, "all"}
    # What only adds use is told alone: "all together" is no smaller than what the stocks avoid.
    assert rows["truck_heavy_demand"]["avoided_last"] is None
    assert rows["all"]["avoided"] >= max(rows[name]["avoided"] for name in names)
    assert rows["all"]["lead_months"] == 24
    assert rows["stock_90_days"]["avoided"] > 0.0 > rows["truck_heavy_demand"]["avoided"]
    assert rows["stock_90_days"]["cost"] > rows["stock_90_days"]["cost_low"] > 0.0
    assert rows["truck_heavy_demand"]["missing_reason"] == "no_cost_figure"
    assert rows["truck_heavy_demand"]["rank_per_euro"] is None

    def ask(names: list[str], view: str = "measures") -> tuple[pl.DataFrame, str]:
        return run_mitigation(None, names, view, [], 20, None, None, "2026Q1", None, lambda text: None)

    with pytest.raises(InputError, match=r"'stock_90_day' is neither a file nor one of models/measures\. Did you mean"):
        ask(["stock_90_day"])
    with pytest.raises(InputError, match=r"'pair' is not a view of measures\. Did you mean 'pairs'"):
        ask([], "pair")
    with pytest.raises(InputError, match="the file does not exist"):
        ask([str(tmp_path / "none.yaml")])
