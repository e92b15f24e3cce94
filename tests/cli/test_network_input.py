"""Wrong input of the network at the command line: told with file and place, exit code 2, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.errors import ExitCode
from tests.cli.test_commands import call

Output = pytest.CaptureFixture[str]
Edit = Callable[[str, str, str], None]


def refused(folder: Path, capsys: Output) -> str:
    """What the report says when it refuses the project; nothing may have been written."""
    assert call("--project", str(folder), "report", "--quarter", "2026Q1") == ExitCode.WRONG_INPUT
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert not (folder / "reports").exists()
    return printed.err


def test_products_without_output_in_any_edition_are_told_all_at_once(copied_project: Path, capsys: Output) -> None:
    path = copied_project / "data" / "production.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    dropped = ("production.hafnium.", "production.nickel_refined.")
    path.write_text("".join(line for line in lines if not line.startswith(dropped)), encoding="utf-8")
    told = refused(copied_project, capsys)
    assert "The network cannot be built: 2 problems." in told
    assert (
        "models/chains/technology_metals.yaml, products.hafnium: no edition of data/production.csv has output of "
        "'hafnium'. Add rows of it, or take the product out of the chain."
    ) in told
    nickel = "models/chains/battery.yaml, products.nickel_refined: no edition of data/production.csv has output of"
    assert nickel in told
    assert "Did you mean 'nickel_mine'?" in told.partition(nickel)[2].partition("\n")[0]


def test_a_recipe_in_a_wrong_unit_names_file_and_row(copied_project: Path, edit: Edit, capsys: Output) -> None:
    edit("data/recipes.csv", "alumina,bauxite,,2.5,2,3.01848484,t/t", "alumina,bauxite,,2.5,2,3.01848484,t/GWh")
    told = refused(copied_project, capsys)
    assert "data/recipes.csv, row_id recipes.alumina.bauxite, unit" in told
    assert "is in t/GWh, the products are in t/t. Convert the coefficient to t/t." in told


def test_trade_of_an_unknown_country_in_an_overlay(copied_project: Path, edit: Edit, capsys: Output) -> None:
    edit("config.yaml", "overlay: null", "overlay: own")
    own = copied_project / "own"
    own.mkdir()
    row = (
        pl.read_csv(copied_project / "data" / "trade.csv", infer_schema=False).filter(record_kind="reconciled").head(1)
    )
    own_row = row.with_columns(pl.lit("trade.own").alias("row_id"), pl.lit("DUE").alias("importer_iso3"))
    own_row.write_csv(own / "trade.csv")
    told = refused(copied_project, capsys)
    assert "overlay/trade.csv, row 2 (trade.own), column importer_iso3: 'DUE' is not known in countries.iso3" in told
    assert "Did you mean 'DEU'?" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "support_weight: {value: 0.001",
            "suport_weight: {value: 0.001",
            "network.suport_weight: 'suport_weight' is not a key here. Did you mean 'support_weight'?",
        ),
        (
            "products: [battery_cell_nmc,",
            "products: [battery_cell_ncm,",
            "network.home_preference.anchor.products[0]: 'battery_cell_ncm' is not a product of the chains. "
            "Did you mean 'battery_cell_nmc'?",
        ),
        (
            "region: EU27",
            "region: EU72",
            "network.home_preference.anchor.region: 'EU72' is not a region. Did you mean 'EU27'?",
        ),
        ("value: 0.59", "value: 59.0", "anchor.imported_share.value: 59.0 is above the maximum of 1.0"),
        ("value: 0.59, low: 0.50", "value: 0.49, low: 0.50", "low 0.5, value 0.49 and high 0.65 must be in rising"),
        ("low: 0.0\n    high: 1.0", "low: 1.0\n    high: 0.0", "low 1 must be below high 0"),
        ("smallest_lane_share: 0.001", "smallest_lane_share: -0.001", "-0.001 is below the minimum of 0.0"),
        ("trade: {value: 0.38, low: 0.24", "trade: {value: 0.38, low: 0.0", "lane_spread.trade.low: 0.0 is not above"),
        (
            "unit_value_ratio: {value: 20.0, low: 10.0",
            "unit_value_ratio: {value: 20.0, low: 1.0",
            "low: 1.0 is not abo",
        ),
    ],
)
def test_mistakes_in_the_assumptions_of_the_network(
    copied_project: Path, edit: Edit, capsys: Output, old: str, new: str, told: str
) -> None:
    file = "models/assumptions/network.yaml"
    edit(file, old, new)
    text = (copied_project / file).read_text(encoding="utf-8")
    # Two bounds that do not fit each other are told where the part begins that holds both.
    at = text.partition("  home_preference:" if new.startswith("low: 1.0") else new)[0]
    message = refused(copied_project, capsys)
    assert told in message
    assert f"network.yaml, line {at.count(chr(10)) + 1}," in message


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cathode_lfp: {method: need}", "cathode_lfp: {method: nede}", "'nede' is not allowed. Did you mean 'need'?"),
        (
            "scenario: announced, utilisation: {value: 0.5",
            "scenario: anounced, utilisation: {value: 0.5",
            "'announced'?",
        ),
    ],
)
def test_mistakes_in_the_outlook(
    copied_project: Path, edit: Edit, capsys: Output, old: str, new: str, told: str
) -> None:
    file = "models/outlook/2030.yaml"
    edit(file, old, new)
    line = (copied_project / file).read_text(encoding="utf-8").partition(new)[0].count("\n") + 1
    message = refused(copied_project, capsys)
    assert told in message
    assert f"2030.yaml, line {line}, outlook.products.cathode_" in message
