"""Scrap of base metals: a tiny stock worked out by hand, what must hold, and the project's figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from supplyrisk.foundation.errors import InputError, NotKnownError
from supplyrisk.mitigation.base_metal_scrap import metal_scrap, metal_use
from supplyrisk.mitigation.recycling import TreatmentLosses
from supplyrisk.mitigation.scrap_assumptions import SCRAP_NUMBERS, Published, read_scrap_assumptions
from supplyrisk.mitigation.scrap_tables import KnownFigure, check_rows
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.report.scrap_part import scrap_part
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.runs.base_metal_scrap_run import (
    ScrapModel,
    base_metal_scrap,
    more_melted_again,
    output_by_year,
    scrap_model,
)
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.won_back_run import more_won_back_of
from tests.cli.test_commands import call
from tests.conftest import ROOT
from tests.data_words import every_row, first_cells

SHIPPED = ROOT / "models" / "assumptions" / "base_metal_scrap.yaml"
# An exponential lifetime of 2 years: of a year's goods 1 - exp(-1/4) leave in it, exp(-1/4) - exp(-3/4) a year later.
LOSSES = TreatmentLosses(1.0, 2.0, 0.2, 0.5, 0.25, 0.9)
FIRST, SECOND = 1.0 - np.exp(-0.25), np.exp(-0.25) - np.exp(-0.75)


@pytest.fixture(scope="module")
def model(run_2026q1: Run) -> ScrapModel:
    return scrap_model(run_2026q1.project, run_2026q1.package)


def test_use_is_known_output_times_a_factor_and_grows_outside_the_known_years() -> None:
    found = metal_use({2012: 100.0, 2014: 120.0}, (2010, 2011, 2012, 2013, 2014, 2015, 2016), 1.5, 0.25, 0.1)
    assert found.used == pytest.approx([96.0, 120.0, 150.0, 165.0, 180.0, 198.0, 217.8])
    assert found.is_known.tolist() == [False, False, True, True, True, False, False]


def test_a_tiny_stock_worked_out_by_hand() -> None:
    use = metal_use({2021: 100.0}, (2020, 2021), 1.0, 1.0, 0.0)
    found = metal_scrap(use, 0.25, LOSSES)
    # Use of 50 and 100; a fifth is new scrap, a quarter of the goods leaves: 30 and 60 stay.
    assert found.flows.scrap == pytest.approx([10.0, 20.0])
    assert found.flows.sold == pytest.approx([30.0, 60.0])
    old = [30.0 * FIRST, 30.0 * SECOND + 60.0 * FIRST]
    assert found.flows.returned == pytest.approx(old)
    assert found.unseen == pytest.approx([old[0], 30.0 * SECOND])
    assert found.stock == pytest.approx([30.0 - old[0], 90.0 - sum(old)])
    assert found.flows.exported == pytest.approx([(10.0 + old[0] / 2) / 4, (20.0 + old[1] / 2) / 4])
    assert found.figures["old_scrap_collected"] == pytest.approx([old[0] / 2, old[1] / 2])
    assert found.old_treated == pytest.approx([old[0] * 0.375, old[1] * 0.375])
    assert found.share[1] == pytest.approx((20.0 + old[1] / 2) * 0.75 * 0.9 / 100.0)
    # New scrap goes round inside the making of goods: 20·0.75·0.9 of 100.
    assert found.input_rate[1] == pytest.approx(old[1] * 0.375 * 0.9 / (100.0 - 13.5))


_share = st.floats(0.0, 1.0)


@given(
    st.floats(1.0, 1e6), st.floats(-0.05, 0.1), st.floats(-0.5, 0.5), st.floats(1.0, 60.0), st.floats(0.5, 4.0),
    st.floats(0.0, 0.9), _share, _share, _share,
)  # fmt: skip
def test_nothing_arises_or_is_lost_outside_the_balance(
    known: float, growth: float, left: float, years: float, shape: float, new: float, collected: float, exported: float,
    kept: float,
) -> None:  # fmt: skip
    use = metal_use({2000: known, 2010: known}, tuple(range(1930, 2041)), 1.0, growth, growth)
    found = metal_scrap(use, left, TreatmentLosses(shape, years, new, collected, exported, kept))
    flows = found.flows
    near = 1e-9 * float(use.used.max())
    assert np.diff(found.stock, prepend=0.0) == pytest.approx(flows.sold - flows.returned, abs=near)
    assert flows.scrap == pytest.approx(new * use.used, abs=near)
    assert flows.won_back + sum(flows.lost.values()) == pytest.approx(flows.scrap + flows.returned, abs=near)
    for tonnes in (found.stock, flows.returned, found.unseen, flows.won_back, *flows.lost.values()):
        assert (tonnes >= -near).all()
    assert (flows.collected <= flows.scrap + flows.returned + near).all()
    assert (found.unseen <= flows.returned + near).all()
    assert (found.old_won_back <= flows.won_back + near).all()


def test_a_published_figure_is_apart_where_ranges_do_not_meet() -> None:
    own, low, high = (
        metal_scrap(metal_use({2020: used}, (2020,), 1.0, 0.0, 0.0), 0.0, LOSSES) for used in (10.0, 8.0, 12.0)
    )
    known = {
        "in": KnownFigure(2.3, None, None, "a study", "s"),
        "out": KnownFigure(2.5, None, None, "a study", "s"),
        "wide": KnownFigure(None, 2.4, 3.0, "a study", "s"),
    }
    published = [
        Published(figure="exported", year=2020, area="eu27", row=row) for row in ("in", "out", "wide", "later")
    ]
    published.append(Published(figure="exported", year=2020, area="eu27", row="out", fitted=True))
    rows = check_rows("tin", own, {"use": (low, high)}, published, known)
    # A quarter of new scrap of a fifth and of half of what leaves.
    exported = [(0.2 * used + 0.8 * used * FIRST / 2) / 4 for used in (10.0, 8.0, 12.0)]
    assert rows[0][4:7] == pytest.approx(exported)
    assert exported[2] < 2.4
    assert [row[10] for row in rows] == ["apart", "apart", "apart", "not_known", "fitted"]
    assert rows[3][7:] == (None, None, None, "not_known", None, "later", None)
    near = {"in": KnownFigure(None, exported[2] - 0.01, 3.0, "a study", "s")}
    assert check_rows("tin", own, {"use": (low, high)}, published[:1], near)[0][10] == "within"


def test_metals_of_the_project(model: ScrapModel) -> None:
    found = base_metal_scrap(model)
    supply = found.supply
    assert (supply["year"].min(), supply["year"].max()) == (2020, 2040)
    # Use of nickel was not known on that day; lead and tin have no figures at all.
    assert supply["metal"].unique(maintain_order=True).to_list() == ["steel", "aluminium", "copper", "zinc"]
    assert found.gaps["metal"].to_list() == ["nickel", "lead", "tin"]
    steel = supply.filter((pl.col("metal") == "steel") & (pl.col("year") == 2024)).row(0, named=True)
    # 135.75 Mt made in the EU in 2024; 0.15 of it new scrap; 18 % of what is collected leaves, 0.92 is kept.
    assert steel["used_tonnes"] == pytest.approx(135747549.0)
    assert steel["new_scrap_tonnes"] == pytest.approx(0.15 * 135747549.0)
    collected = steel["new_scrap_tonnes"] + 0.75 * steel["old_scrap_tonnes"]
    assert steel["remelted_tonnes"] == pytest.approx(collected * 0.82 * 0.92)
    assert steel["share_without_exports"] == pytest.approx(steel["share"] / 0.82)
    # Most of what leaves use was made before 2012: told, not hidden.
    assert (supply.filter(pl.col("metal") == "steel")["share_without_data"] > 0.7).all()
    for low, middle, high in (
        ("old_scrap_low", "old_scrap_tonnes", "old_scrap_high"),
        ("share_low", "share", "share_high"),
    ):
        assert (supply[low] <= supply[middle]).all()
        assert (supply[middle] <= supply[high]).all()
    assert set(found.sensitivity["number"]) == set(SCRAP_NUMBERS)
    verdicts = found.checks.select("metal", "figure", "year", "verdict").rows()
    assert ("steel", "scrap_used", 2022, "within") in verdicts
    assert ("steel", "in_use_stock", 2012, "fitted") in verdicts
    # Copper: 0.55 of input by the study of 2017 and 0.17 by that of 2023 contradict each other, and this.
    assert {("copper", "input_rate", 2012, "apart"), ("copper", "input_rate", 2018, "apart")} <= set(verdicts)
    assert ("copper", "input_rate", 2010, "within") in verdicts


def test_a_limit_of_exports_keeps_scrap_to_be_melted(model: ScrapModel) -> None:
    change = Recycling(kind="recycling", goods="copper", region="EU27", year=2030, numbers={"exported_share": 0.0})
    row = base_metal_scrap(model).supply.row(
        by_predicate=(pl.col("year") == 2030) & (pl.col("metal") == "copper"), named=True
    )
    # So many tonnes of what is bought, whatever all use is.
    more = row["exported_tonnes"] * 0.95
    assert more == pytest.approx((row["share_without_exports"] - row["share"]) * row["used_tonnes"])
    bought = {"copper_refined": 2_000_000.0}
    assert more_melted_again(model, change, bought) == {"copper_refined": pytest.approx(more / 2_000_000.0)}
    with pytest.raises(NotKnownError, match="Scrap of nickel in EU27 is not known for 2030 on 2026-03-31"):
        more_melted_again(model, change.model_copy(update={"goods": "nickel"}), bought)
    with pytest.raises(NotKnownError, match="What EU27 buys of crude_steel was not known on 2026-03-31"):
        more_melted_again(model, change.model_copy(update={"goods": "steel"}), bought)
    with pytest.raises(ValidationError, match="scrap_share is of batteries and magnets, not of copper"):
        Recycling(kind="recycling", goods="copper", region="EU27", year=2030, numbers={"scrap_share": 0.1})


def test_tonnes_melted_again_are_tonnes_not_bought(model: ScrapModel, run_2026q1: Run) -> None:
    run = run_2026q1
    change = Recycling(kind="recycling", goods="aluminium", region="EU27", year=2030, numbers={"exported_share": 0.0})
    (share,) = more_won_back_of(run.project, run.network, run.package)(change).values()
    network = run.network.network
    bought = network.products["aluminium_primary"].demand[network.places.in_eu].sum()
    row = base_metal_scrap(model).supply.row(
        by_predicate=(pl.col("year") == 2030) & (pl.col("metal") == "aluminium"), named=True
    )
    assert share * bought == pytest.approx(row["exported_tonnes"] * 0.95)


def test_of_several_editions_of_a_year_the_one_named_first_counts() -> None:
    rows = [("b", 2021, 20.0), ("a", 2021, 10.0), ("b", 2020, 2.0), ("c", 2022, 3.0), ("a", 2022, 30.0)]
    output = pl.DataFrame(rows, schema=["edition", "year", "tonnes"], orient="row")
    for shuffled in (output, output.reverse()):
        assert output_by_year(shuffled, ("a", "b")) == {2020: 2.0, 2021: 10.0, 2022: 30.0}
        assert output_by_year(shuffled, ("b", "a")) == {2020: 2.0, 2021: 20.0, 2022: 30.0}


def test_shares_of_new_scrap_give_the_published_ones_after_exports_and_melting(model: ScrapModel) -> None:
    def supplied(name: str) -> float:
        metal = model.assumed.metals[name]
        kept = (1.0 - metal.exported_share.value) * metal.kept_by_treatment.value
        return metal.new_scrap_share.value * kept

    # European Aluminium: 16 % of supply; Fraunhofer: half of input is scrap, 25 to 30 points of it old.
    assert supplied("aluminium") == pytest.approx(0.16, abs=0.001)
    assert supplied("copper") == pytest.approx(0.5 - 0.275, abs=0.002)


def test_use_of_aluminium_in_2024_is_what_is_published_of_it(model: ScrapModel) -> None:
    supply = base_metal_scrap(model).supply
    used = supply.filter((pl.col("metal") == "aluminium") & (pl.col("year") == 2024))["used_tonnes"][0]
    # 5 Mt of recycled aluminium are about 40 % of it.
    assert used == pytest.approx(5e6 / 0.4, rel=0.002)
    # Old scrap of Europe in 2019: 2.6 Mt used, 1.6 Mt lost, and its part of the 1.0 Mt of all scrap that is exported.
    old = 1.0 * 2.6 / (2.6 + 0.16 * 13.5)
    collected = model.assumed.metals["aluminium"].collected_share
    assert collected.value == pytest.approx((2.6 + old) / (2.6 + old + 1.6), abs=0.005)
    assert collected.low == pytest.approx(2.6 / (2.6 + 1.6), abs=0.005)


def test_without_any_figure_there_is_no_answer(model: ScrapModel) -> None:
    with pytest.raises(NotKnownError, match="Neither output nor use of base metals in EU27 was known on 2026-03-31"):
        base_metal_scrap(replace(model, known={name: {} for name in model.known}))


def test_wrong_assumptions_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8").replace("bgs_wms_2023_retab, curated_2024", "bgs_wms_2023_retap", 1)
    text = text.replace("product: copper_refined", "product: coper_refined", 1)
    text = text.replace("{value: 0.18, low: 0.12, high: 0.22", "{value: 0.18, low: 0.12, high: 1.22", 1)
    path = tmp_path / "base_metal_scrap.yaml"
    path.write_text(text, encoding="utf-8")
    editions = pl.read_csv(ROOT / "data" / "production.csv", infer_schema=False)["edition"].unique().to_list()
    with pytest.raises(InputError) as caught:
        read_scrap_assumptions(path, first_cells()["products"], editions, every_row())
    told = str(caught.value)
    for part in (
        "3 problems",
        "Did you mean 'bgs_wms_2023_retab'?",
        "Did you mean 'copper_refined'?",
        "1.22 is outside",
    ):
        assert part in told, told
    text = SHIPPED.read_text(encoding="utf-8").replace(
        "figure: in_use_stock, year: 2012", "figure: in_use_stock, year: 1912"
    )
    path.write_text(text.replace("old_scrap_used, year: 2019", "old_scrap_used, year: 2041"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scrap_assumptions(path, first_cells()["products"], editions, every_row())
    beyond = "steel in_use_stock of 1912, aluminium old_scrap_used of 2041: years are worked out from 1930 to 2040"
    assert beyond in str(caught.value)
    text = SHIPPED.read_text(encoding="utf-8").replace("    lead: [output", "    zinc: [output", 1)
    path.write_text(text.replace("      output_editions: [bgs_wms_2025, curated_2024]\n", "", 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scrap_assumptions(path, first_cells()["products"], editions, every_row())
    assert "give output_editions or use_rows" in str(caught.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_part_names_gaps_and_holds_three_tables(language: str, model: ScrapModel) -> None:
    found = base_metal_scrap(model)
    sources = {one: one for ids in found.checks["source_ids"].drop_nulls() for one in ids.split(";")}
    wording = Wording(language, Names({"EU27": "EU"}, {}, sources))
    part = scrap_part(found, wording)
    for metal in ("nickel", "lead", "tin"):
        assert wording.page(f"recycling_metal_{metal}") in part.note
    supply, checks, sensitivity = part.tables
    assert len(supply.rows) == 4 * 2
    assert len(checks.rows) == found.checks.height
    assert len(sensitivity.rows) == 4 * 2
    assert all(len(row) == len(table.header) for table in part.tables for row in table.rows)
    assert all(len(set(table.header)) == len(table.header) for table in part.tables)
    # 1.43 Mt of aluminium scrap are exported in 2030.
    assert supply.rows[2][6] == {"en": "1,430", "nl": "1.430"}[language]
    europe = [row for row in checks.rows if wording.page("recycling_area_europe") in row]
    assert len(europe) == found.checks.filter(pl.col("area") == "europe").height == 3
    assert {row[8] for row in supply.rows} == {wording.page("recycling_loss_collection")}


def test_wrong_words_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("mitigate", "--recycling", "--goods", "base_metal") == 2
    assert "Did you mean 'base_metals'?" in capsys.readouterr().err
    assert call("mitigate", "--recycling", "--goods", "base_metals", "--view", "capacity") == 2
    assert "'capacity' is nothing that --recycling knows of base_metals" in capsys.readouterr().err
