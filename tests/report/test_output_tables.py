"""The list of output tables: it describes the columns that the modules make, and says where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from supplyrisk.disruption.final_use import FINAL_USE
from supplyrisk.hazards.backtest import RESULTS
from supplyrisk.hazards.covariates import MODEL_SCORES
from supplyrisk.hazards.model import YEARLY_CHANCES
from supplyrisk.hazards.ranking import RELIABILITY
from supplyrisk.mitigation import (
    compare,
    market,
    order_sensitivity,
    recycler_capacity,
    recycling_tables,
    scrap_tables,
    third_countries,
    value_path_tables,
)
from supplyrisk.network import build_report
from supplyrisk.report import chain_figures, network_out
from supplyrisk.report.output_tables import Output, OutputTable, OutputTables, check_described, output_tables
from supplyrisk.report.tables_out import flat_scores
from supplyrisk.risk import causes, metrics
from supplyrisk.runs import chokepoints, measure_timing, mitigate_run, risk_run, targets_run
from supplyrisk.scores import import_shift, melted, partners, single_country, table, targets
from tests.network_builders import small_network

LIST = output_tables()

SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "scores": flat_scores(pl.DataFrame(schema=table.SCHEMA)).schema,
    "policy_targets": targets.SCHEMA,
    "policy_single_country": single_country.SCHEMA,
    "policy_imports": import_shift.SCHEMA,
    "policy_partners": partners.SCHEMA,
    "policy_projects": targets_run.PROJECTS,
    "choke_points": chokepoints.SINGLE,
    "whatif": FINAL_USE,
    "measures": mitigate_run.MEASURES,
    "measure_products": compare.PRODUCTS,
    "measure_third_countries": third_countries.SCHEMA,
    "measure_timing": measure_timing.TIMING,
    "measure_market": market.MARKET,
    "measure_sensitivity": order_sensitivity.SENSITIVITY,
    "value_path_path": value_path_tables.PATH,
    "value_path_cases": value_path_tables.CASE_ROWS,
    "value_path_sensitivity": value_path_tables.SENSITIVITY,
    "recycling": recycling_tables.SUPPLY,
    "recycling_magnets": recycling_tables.SUPPLY,
    "recycling_capacity": recycler_capacity.PLACES,
    "recycling_base_metals": scrap_tables.SUPPLY,
    "recycling_base_metals_checks": scrap_tables.CHECKS,
    "risk_products": metrics.PRODUCTS,
    "risk_value": metrics.VALUE,
    "risk_causes": causes.CAUSES,
    "risk_supply": risk_run.SUPPLY_LOSS,
    "risk_forecast": YEARLY_CHANCES,
    "backtest_results": RESULTS,
    "backtest_reliability": RELIABILITY,
    "backtest_models": MODEL_SCORES,
    "network_links": small_network().links.schema,
    "network_products": build_report.SCHEMA,
    "value_added": network_out.VALUE_SCHEMA,
    "base_metals": melted.SUMMARY,
    "base_metals_origin": melted.ORIGIN,
    "base_metals_scrap": melted.SCRAP,
}


def test_every_table_of_the_list_is_compared_with_what_makes_it() -> None:
    assert set(SCHEMAS) == set(LIST.tables)


@pytest.mark.parametrize("name", SCHEMAS)
def test_columns_and_types_are_those_of_the_module_that_makes_them(name: str) -> None:
    check_described(Output(name, pl.DataFrame(schema=dict(SCHEMAS[name])), "x"))


def test_a_column_that_is_not_described_is_refused() -> None:
    frame = pl.DataFrame(schema={**SCHEMAS["risk_supply"], "more": pl.String})
    with pytest.raises(ValueError, match=r"risk_supply.csv has the columns .*'more'.*, described are"):
        check_described(Output("risk_supply", frame))


def test_a_described_column_that_is_not_written_is_refused() -> None:
    with pytest.raises(ValueError, match=r"described are .*'lost_share_per_year'"):
        check_described(Output("risk_supply", pl.DataFrame(schema={"product_id": pl.String})))


def test_another_type_than_described_is_refused() -> None:
    frame = pl.DataFrame(schema={"product_id": pl.String, "lost_share_per_year": pl.String})
    with pytest.raises(ValueError, match=r"another type: lost_share_per_year \(String\)"):
        check_described(Output("risk_supply", frame))


def test_a_member_of_a_family_has_a_file_of_its_own() -> None:
    assert Output("whatif", pl.DataFrame(), "drc_cobalt_stop").path == "whatif_drc_cobalt_stop.csv"
    assert Output("measures", pl.DataFrame()).path == "measures.csv"


@pytest.mark.parametrize(
    ("figure", "title"),
    [
        ("network_battery_EU27", "Chain picture by value"),
        ("network_cobalt_mine_NLD", "Chain picture of a material"),
        ("network_passed_NLD", "Chart of what passes through a country"),
        ("risk_causes_eu27", "Map of causes"),
        ("risk_eu27", "Chart of simulated risk"),
    ],
)
def test_a_figure_finds_its_own_description_first(figure: str, title: str) -> None:
    assert LIST.of_figure(f"{figure}.csv").title == title


def test_a_figure_without_description_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"unheard.csv are described nowhere"):
        LIST.of_figure("unheard.csv")


def test_the_data_of_chain_pictures_are_described() -> None:
    for name in ("chain_by_value", "chain_of_a_material"):
        assert list(LIST.figures[name].columns) == list(chain_figures.DATA)


def test_a_unit_has_to_stand_in_a_column_that_there_is() -> None:
    column = {"type": "number", "description": "A quantity.", "unit_in": "unit"}
    with pytest.raises(ValidationError, match="unit_in names no column of the table: unit"):
        OutputTable.model_validate({"path": "a.csv", "title": "Title", "row": "One row.", "columns": {"x": column}})


def test_the_column_of_a_family_has_to_be_described() -> None:
    family = {"path": "a_{thing}.csv", "title": "Title", "row": "One row.", "columns": {}}
    with pytest.raises(ValidationError, match="shared describes no column for the members of a"):
        OutputTables.model_validate({"shared": {}, "tables": {"a": family}, "figures": {}})
