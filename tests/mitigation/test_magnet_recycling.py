"""Metal won back from magnets: worked out by hand, and what must hold on the project's figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation import recycler_capacity
from supplyrisk.mitigation.magnet_assumptions import read_magnet_assumptions
from supplyrisk.mitigation.magnet_recycling import used_by_year
from supplyrisk.mitigation.recycling import GoodsYears, Secondary, TreatmentLosses, secondary_supply, together
from supplyrisk.mitigation.recycling_tables import recycling_tables
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.runs.magnet_recycling_run import (
    MagnetModel,
    magnet_model,
    magnet_recycling,
    more_magnets_won_back,
)
from supplyrisk.runs.quarterly import Run
from tests.cli.test_commands import call
from tests.conftest import ROOT
from tests.data_words import every_row, first_cells

SHIPPED = ROOT / "models" / "assumptions" / "magnet_recycling.yaml"
PLACES = pl.DataFrame(schema=recycler_capacity.PLACES)


@pytest.fixture(scope="module")
def model(run_2026q1: Run) -> MagnetModel:
    return magnet_model(run_2026q1.project, run_2026q1.network, run_2026q1.package)


def test_use_is_split_and_grows_as_that_of_the_world() -> None:
    world = {"cars": {2024: 20.0, 2026: 40.0}, "rest": {2024: 80.0, 2026: 80.0}}
    found = used_by_year(50.0, world, (2022, 2023, 2024, 2025, 2026), 0.25, -0.1)
    # Half of the world's use in 2024: 10 and 40; a quarter a year before; then a tenth less a year than the world.
    assert found["cars"] == pytest.approx([6.4, 8.0, 10.0, 15.0 * 0.9, 20.0 * 0.81])
    assert found["rest"] == pytest.approx([25.6, 32.0, 40.0, 40.0 * 0.9, 40.0 * 0.81])
    with pytest.raises(ValueError, match="nothing is known after 2026"):
        used_by_year(50.0, world, (2026, 2027), 0.0, 0.0)


@given(st.floats(1.0, 1e5), st.lists(st.floats(0.1, 1e5), min_size=1, max_size=4))
def test_uses_of_the_first_known_year_add_up_to_own_use(own: float, demand: list[float]) -> None:
    world = {str(place): {2024: tonnes, 2030: 2 * tonnes} for place, tonnes in enumerate(demand)}
    found = used_by_year(own, world, (2023, 2024), 0.1, 0.0)
    assert sum(float(tonnes[1]) for tonnes in found.values()) == pytest.approx(own)


def test_metal_of_two_uses_is_added_up() -> None:
    losses = TreatmentLosses(1.0, 2.0, 0.2, 0.5, 0.25, 0.8)
    kinds = [GoodsYears((2030,), np.array([[10.0]]), np.array([[made]])) for made in (8.0, 0.0)]
    found = together([secondary_supply(goods, np.array([0.3]), np.array([0.9]), losses) for goods in kinds])
    gone = 2 * 10.0 * (1.0 - np.exp(-0.25)) * 0.3
    # A fifth of what makers start with is scrap: a quarter of the 8 made.
    assert (found.sold[0], found.scrap[0], found.returned[0]) == pytest.approx((6.0, 0.6, gone))
    assert found.won_back[0] == pytest.approx((0.6 + 0.5 * gone) * 0.75 * 0.8 * 0.9)
    assert found.share[0] == pytest.approx(found.won_back[0] / 6.0)


def test_tables_hold_the_range_the_target_and_what_moves() -> None:
    def metal(won_back: float) -> dict[str, Secondary]:
        sold, none, back = np.full(3, 10.0), np.zeros(3), np.full(3, 5.0)
        return {"a": Secondary(sold, none, back, back, none, none, np.array([1.0, won_back, 2.0]))}

    ends = {"wide": (metal(1.0), metal(4.0)), "still": (metal(2.0), metal(2.0))}
    found = recycling_tables((2029, 2030, 2031), 2030, metal(2.0), ends, {"a": [(2030, 0.15), (2036, 0.25)]}, PLACES)
    with pytest.raises(NotKnownError, match="known to 2031, the first target is of 2036"):
        recycling_tables((2029, 2030, 2031), 2030, metal(2.0), ends, {"a": [(2036, 0.25)]}, PLACES)
    first, last = found.supply.rows(named=True)
    assert (first["year"], first["share"], first["share_low"], first["share_high"]) == (2030, 0.2, 0.1, 0.4)
    assert (first["target"], first["target_year"], last["target"], last["target_year"]) == (0.15, 2030, 0.25, 2036)
    # Nothing is limited, so nothing can be beyond capacity; what treatment loses is most of what is lost.
    assert (first["over_capacity_tonnes"], first["largest_loss"]) == (None, "treatment")
    assert found.sensitivity.rows() == [("a", 2030, "wide", 0.1, 0.4, pytest.approx(0.3))]


def test_magnets_of_the_project(model: MagnetModel) -> None:
    found = magnet_recycling(model)
    supply = found.supply
    assert (supply["year"].min(), supply["year"].max()) == (2020, 2040)
    # Exports alone, 0.2 to 0.95 instead of 0.7, make eight thirds of the share, or a sixth.
    assert (supply["share_high"] >= 8 / 3 * supply["share"] * (1.0 - 1e-9)).all()
    assert (supply["share_low"] <= supply["share"] / 6 * (1.0 + 1e-9)).all()
    base = supply.row(
        by_predicate=(pl.col("year") == 2024) & (pl.col("material_id") == "rare_earths_magnet"), named=True
    )
    # demand.csv: 20,000 t of magnets used; recipes.csv: 0.30 of it rare earths, 0.937068 of these Nd and Pr, beside
    # which 3.3 to 96.7 of Dy and Tb.
    metal = 0.30 * 0.937068 / 0.967
    assert base["sold_tonnes"] == pytest.approx(20000 * metal, rel=1e-6)
    # 883.76 t made in the EU, a scrap of 0.216 / 0.784 of it.
    assert base["scrap_tonnes"] == pytest.approx(883.7637 * 0.216 / 0.784 * metal, rel=1e-6)
    won = (base["scrap_tonnes"] + 0.05 * base["returned_tonnes"]) * 0.3 * 0.85 * 0.9
    assert base["won_back_tonnes"] == pytest.approx(won)
    assert set(found.sensitivity["number"]) == set(model.assumed.numbers)
    # No capacity of recyclers in the EU is known: none is a limit, and strategic projects are told without a figure.
    assert supply["over_capacity_tonnes"].null_count() == supply.height
    places = found.capacity
    assert set(places["counted_as"]) == {"not_counted"}
    assert places.filter(pl.col("site") == "MagFactory")["quantity"].to_list() == [None]
    # Argus: oxide of neodymium and praseodymium from magnet scrap in China, 2024.
    assert 26504.0 in places.filter(pl.col("place") == "CHN")["quantity"].to_list()
    # No number of one metal alone is known, so that no two rows tell the same.
    assert supply["material_id"].unique().to_list() == ["rare_earths_magnet"]


def test_collecting_half_of_the_magnets_adds_what_it_brings(model: MagnetModel) -> None:
    change = Recycling(kind="recycling", goods="magnets", region="EU27", year=2035, numbers={"collected_share": 0.5})
    row = magnet_recycling(model).supply.row(
        by_predicate=(pl.col("year") == 2035) & (pl.col("material_id") == "rare_earths_magnet"), named=True
    )
    more = (0.5 - 0.05) * row["returned_tonnes"] * 0.3 * 0.85 * 0.9
    assert more_magnets_won_back(model, change) == {"ndfeb_magnet": pytest.approx(more / row["sold_tonnes"])}
    with pytest.raises(NotKnownError, match="known to 2040, not to 2041"):
        more_magnets_won_back(model, change.model_copy(update={"year": 2041}))


def test_a_figure_that_was_not_known_is_told(model: MagnetModel) -> None:
    with pytest.raises(NotKnownError, match=r"Use of magnets rests on demand\..*, not known on 2026-03-31"):
        magnet_recycling(replace(model, demand={}))


def test_wrong_assumptions_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("[ndpr_refined,", "[ndpr_refind,", 1)
    text = text.replace("high: 0.3,", "high: 1.3,", 1)
    text = text.replace("        2040: demand.magnet_rare_earths_refined.wld.2040.steps.other_uses\n", "", 1)
    path = tmp_path / "magnet_recycling.yaml"
    path.write_text(text, encoding="utf-8")
    ids = first_cells()
    with pytest.raises(InputError) as caught:
        read_magnet_assumptions(path, ids["products"], ids["materials"], every_row())
    for part in ("2 problems", "Did you mean 'ndpr_refined'?", "1.3 is outside the range 0 to 1"):
        assert part in str(caught.value), str(caught.value)
    path.write_text(text.replace("ndpr_refind", "ndpr_refined").replace("high: 1.3,", "high: 0.3,"), encoding="utf-8")
    with pytest.raises(InputError, match="demand of every use is given for the same years"):
        read_magnet_assumptions(path, ids["products"], ids["materials"], every_row())


def test_a_use_may_be_named_like_a_number(model: MagnetModel) -> None:
    use = model.assumed.uses["other_uses"]
    assumed = model.assumed.model_copy(update={"uses": {"recovery": use}})
    assert (assumed.number("recovery"), assumed.number("recovery_years", "high")) == (0.9, 18.0)


def test_wrong_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("mitigate", "--recycling", "--goods", "magnet") == 2
    assert "Did you mean 'magnets'?" in capsys.readouterr().err
    assert call("mitigate", "--goods", "magnets") == 2
    assert "add --recycling" in capsys.readouterr().err
