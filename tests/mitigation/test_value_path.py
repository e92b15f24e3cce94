"""The way to a target for European value: worked out by hand, on the small network and on the project's outlook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.chain_products import chain_products
from supplyrisk.mitigation.path_measure import part_that_touches, path_measure
from supplyrisk.mitigation.value_path import BuildOption, Built, ChainProduct, value_path
from supplyrisk.mitigation.value_path_assumptions import most_share, read_value_path_assumptions
from supplyrisk.mitigation.value_path_options import PathAnswer
from supplyrisk.runs.quarterly import Run
from supplyrisk.runs.value_path_run import measure_of, read_assumptions, run_value_path
from tests.cli.test_commands import call
from tests.conftest import ROOT
from tests.data_words import every_row, first_cells
from tests.network_builders import CELL, CHEMICALS, PACK, VALUES, small_network

SHIPPED = ROOT / "models" / "assumptions" / "value_path.yaml"

# Cells: 100 used, 50 European, EUR 6 of value each; cathodes: 100, none European, EUR 4, one a cell. 1,000 of value,
# 300 of it European.
CELLS = ChainProduct("cell", 100.0, 50.0, 6.0, 50.0, {})
CATHODES = ChainProduct("cathode", 100.0, 0.0, 4.0, 50.0, {"cell": 1.0})


def options(cells: float, cathodes: float) -> list[BuildOption]:
    """EUR 2 of capital for a euro of value in cells, EUR 1 in cathodes."""
    return [BuildOption("cell", 12.0, cells), BuildOption("cathode", 4.0, cathodes)]


def test_the_cheapest_value_is_built_first() -> None:
    path = value_path([CELLS, CATHODES], options(30.0, 40.0), 0.5)
    assert path.share == pytest.approx(0.3)
    assert path.reachable == pytest.approx(0.64)  # 300 + 30·6 + 40·4
    # 200 of value are missing: 40 cathodes are 160, the rest 6.67 cells.
    assert path.built is not None
    cells, cathodes = path.built
    assert (cathodes.output, cathodes.capex, cathodes.limit) == (
        pytest.approx(40.0),
        pytest.approx(160.0),
        "build_rate",
    )
    assert (cells.output, cells.capex, cells.limit) == (pytest.approx(40.0 / 6.0), pytest.approx(80.0), "none")
    assert path.capex == pytest.approx(240.0)


def test_new_makers_need_buyers_in_europe() -> None:
    # 50 cathodes for the cells of today are 200 of 250; each further cell (12) lets one more cathode (4) be sold: 10 of
    # value for 16, less than cells alone.
    path = value_path([CELLS, CATHODES], options(30.0, 80.0), 0.55)
    assert path.built is not None
    built = {item.product: item for item in path.built}
    assert built["cell"].output == pytest.approx(5.0)
    assert built["cathode"].output == pytest.approx(55.0)
    assert built["cathode"].limit == "need_of_european_makers"
    assert path.capex == pytest.approx(280.0)


def test_nothing_is_built_where_the_target_is_met_and_no_plan_made_where_it_is_out_of_reach() -> None:
    assert value_path([CELLS, CATHODES], options(30.0, 40.0), 0.2).built == ()
    out = value_path([CELLS, CATHODES], options(30.0, 40.0), 0.7)
    assert out.built is None
    assert out.capex is None
    assert value_path([CELLS, CATHODES], [], 0.5).reachable == pytest.approx(0.3)


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.05, 0.95))
def test_a_plan_reaches_its_target_within_its_limits(cells: float, cathodes: float, target: float) -> None:
    path = value_path([CELLS, CATHODES], options(cells, cathodes), target)
    assert path.share <= path.reachable + 1e-9
    if path.built is None:
        assert path.reachable < target
        return
    made = {"cell": 0.0, "cathode": 0.0} | {item.product: item.output for item in path.built}
    assert (300.0 + 6.0 * made["cell"] + 4.0 * made["cathode"]) / 1000.0 >= min(target, path.reachable) - 1e-6
    assert made["cell"] <= min(cells, 50.0) + 1e-6
    assert made["cathode"] <= min(cathodes, 50.0 + made["cell"]) + 1e-6


def test_products_behind_european_use() -> None:
    found = {item.product: item for item in chain_products(small_network(), (PACK,), "EU27", VALUES)}
    # 14 packs used, 10 of them German; German makers of packs take 6 of 10 cells from China, which makes 10 in all.
    assert (found[PACK].total, found[PACK].inside) == (pytest.approx(14.0), pytest.approx(10.0))
    assert found[PACK].free_need == pytest.approx(4.0)
    assert (found[CELL].total, found[CELL].inside) == (pytest.approx(14.0), pytest.approx(4.0))
    assert found[CELL].free_need == pytest.approx(6.0)
    assert found[CELL].need_per_unit == {PACK: pytest.approx(1.0)}
    # Two of chemicals a cell: 8 for German makers, none of it European.
    assert (found[CHEMICALS].inside, found[CHEMICALS].free_need) == (0.0, pytest.approx(8.0))
    # 180 of 602 of value; 40 % are 240.8: 3.04 cells of 20.
    path = value_path([*found.values()], [BuildOption(CELL, 100.0, 5.0)], 0.4)
    assert path.built is not None
    assert path.built[0].output == pytest.approx(3.04)
    assert chain_products(small_network(without=PACK), (PACK,), "EU27", VALUES) == []


def test_what_is_built_is_moved_to_european_makers() -> None:
    assumed = read_value_path_assumptions(SHIPPED, first_cells()["products"], every_row())
    products = tuple(chain_products(small_network(), (PACK,), "EU27", VALUES))
    path = value_path(products, [BuildOption(CELL, 100.0, 5.0)], 0.4)
    measure = path_measure(PathAnswer(path, products), ["CHL", "CHN", "ROW"], 36, assumed)
    assert measure is not None
    (change,) = measure.file.changes
    assert change.kind == "diversification"
    assert (change.region, change.products, change.to) == ("EU27", (CELL,), ("EU27",))
    assert change.share == pytest.approx(3.04 / 6.0)
    assert path_measure(PathAnswer(replace(path, built=None), products), ["CHN"], 36, assumed) is None
    built = (*(path.built or ()), Built(CHEMICALS, 1.0, 1.0, "none"))
    assert path_measure(PathAnswer(replace(path, built=built), products), ["CHN"], 36, assumed) is not None


def test_new_makers_grow_from_their_lead_time_on() -> None:
    assert most_share(0.1, 24.0, 4.25) == pytest.approx(0.225)
    assert most_share(0.1, 60.0, 4.25) == 0.0


def test_wrong_assumptions_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("pcam:", "pcams:", 1).replace("value: 0.8, low: 0.5", "value: 0.8, low: 0.01", 1)
    text = text.replace("sk_nexilis.i_indins_skn", "sk_nexilis.i_indins_sk", 1).replace("lead_months", "lead_month", 1)
    path = tmp_path / "value_path.yaml"
    path.write_text(text, encoding="utf-8")
    ids = first_cells()
    with pytest.raises(InputError) as caught:
        read_value_path_assumptions(path, ids["products"], every_row())
    told = str(caught.value)
    for part in (
        "5 problems",
        "'pcams' is not a product of the chains. Did you mean 'pcam'?",
        "utilisation: 0.01 is outside the range 0.05 to 1",
        "Did you mean 'parameters.capex.battery_copper_foil_sk_nexilis.i_indins_skn'?",
        "'lead_month' is not a key here. Did you mean 'lead_months'?",
        "the key 'lead_months' is missing",
    ):
        assert part in told, told


def test_the_way_starts_from_the_published_share_and_ends_at_the_target(run_2026q1: Run) -> None:
    run = run_2026q1
    assumed = read_assumptions(run.model.project, run.package)
    found = run_value_path(run.network, run.package, assumed, ("EU27", "NLD"))
    scores = run.scores.table.filter(
        (pl.col("metric") == "value_added_share") & (pl.col("year") == found.year) & pl.col("stage").is_null()
    )
    for region, value, low, high in scores.select("scope", "value", "low", "high").iter_rows():
        cases = found.cases.filter(pl.col("region") == region)
        assert cases["share"][0] == pytest.approx(value)
        assert (cases["share"].min(), cases["share"].max()) == (pytest.approx(low), pytest.approx(high))
        # Capital is told just where the target can be reached.
        assert ((cases["reachable"] >= found.target) == cases["capex_eur"].is_not_null()).all()
        path = found.path.filter(pl.col("region") == region)
        assert path["value_part"].sum() == pytest.approx(1.0)
        after = (path["share_after"] * path["value_part"]).sum()
        planned = found.answers[region].path.built
        if planned:
            assert after == pytest.approx(found.target, abs=1e-6)
        else:
            assert (planned is None) == (path["share_after"].null_count() == path.height)
    measure, left = measure_of(found, run.network.network, run.model.base, assumed)
    built = {item.product for item in found.answers["EU27"].path.built or ()}
    assert measure is not None
    assert measure.products | set(left) == built
    assert part_that_touches(measure, run.model.base) == (measure, ())


def test_without_a_known_chain_there_is_no_way(run_2025q4: Run) -> None:
    run = run_2025q4
    assumed = read_assumptions(run.model.project, run.package)
    with pytest.raises(InputError, match="batteries of 2030 or what goes into them were not known in full"):
        run_value_path(run.network, run.package, assumed, ("EU27",))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--view", "sensitivty"), "Did you mean 'sensitivity'?"),
        (("stock_90_days",), "--value-path takes no measure: leave out stock_90_days."),
    ],
)
def test_wrong_words_are_told(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("mitigate", "--value-path", *words) == 2
    assert told in capsys.readouterr().err
