"""One wrong share or indicator turns the checks of the inputs red."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyrisk.scores.criticality.input_checks import SHARE_STEP, SHORT_LISTS, input_checks, shares_add_up
from tests.conftest import ROOT

NAMES = ("eu_assessment", "eu_sourcing", "eu_material_uses", "governance")
TABLES = {name: pl.read_csv(ROOT / "data" / f"{name}.csv", infer_schema_length=None) for name in NAMES}


def red(**changed: pl.DataFrame) -> list[tuple[str, str]]:
    rows = input_checks(*({**TABLES, **changed}[name] for name in NAMES))
    return [(row.check, row.subject) for row in rows if row.verdict == "fails"]


def with_value(table: str, row_id: str, column: str, value: float) -> dict[str, pl.DataFrame]:
    changed = pl.when(pl.col("row_id") == row_id).then(value).otherwise(column).alias(column)
    assert row_id in set(TABLES[table]["row_id"])
    return {table: TABLES[table].with_columns(changed)}


def test_all_hold_on_the_data_as_shipped() -> None:
    verdicts = [row.verdict for row in input_checks(*TABLES.values())]
    assert set(verdicts) == {"holds"}


@pytest.mark.parametrize(
    ("table", "row_id", "column", "value", "check"),
    [
        ("eu_sourcing", "eu_sourcing.gallium.2023.processing.global_supply.chn", "share", 0.99, "shares_add_up_2023"),
        ("eu_sourcing", "eu_sourcing.lithium.2023.processing.eu_sourcing.chl", "share", 0.39, "main_supplier_2023"),
        ("eu_sourcing", "eu_sourcing.cobalt.2023.extraction.global_supply.cod", "t", 1.0, "index_2023"),
        ("governance", "governance.chn.2020.cc", "value", 1.5, "index_2023"),
        ("governance", "governance.chn.2020.cc", "value", -2.4, "index_2023"),
        ("eu_material_uses", "eu_material_uses.cobalt.2023.batteries.c27", "share", 0.4, "uses_add_up_2023"),
        (
            "eu_material_uses",
            "eu_material_uses.cobalt.2023.batteries.c27",
            "value_added_meur",
            89000,
            "value_added_2023",
        ),
        (
            "eu_material_uses",
            "eu_material_uses.manganese.2023.metalware.c29",
            "value_added_meur",
            1,
            "value_added_2023",
        ),
        ("eu_assessment", "eu_assessment.gallium.2023", "main_global_share", 0.9, "main_supplier_2023"),
    ],
)
def test_one_wrong_figure_turns_them_red(table: str, row_id: str, column: str, value: float, check: str) -> None:
    assert check in {name for name, _ in red(**with_value(table, row_id, column, value))}


def test_a_main_supplier_that_is_left_out_is_a_difference() -> None:
    left = TABLES["eu_sourcing"].filter(pl.col("row_id") != "eu_sourcing.lithium.2023.processing.eu_sourcing.chl")
    assert ("main_supplier_2023", "lithium eu_sourcing") in red(eu_sourcing=left)


def test_a_use_with_the_value_added_of_another_division_fails_unless_it_is_marked() -> None:
    unmarked = TABLES["eu_material_uses"].with_columns(pl.lit(None, pl.String).alias("mark"))
    found = {subject for check, subject in red(eu_material_uses=unmarked) if check == "value_added_2023"}
    assert found == {"C24", "C25", "C28", "C29", "C30"}


@pytest.mark.parametrize("left", ["value", "division"])
def test_a_marked_use_with_nothing_to_compare_fails_by_name(left: str) -> None:
    uses, is_marked = TABLES["eu_material_uses"], (pl.col("mark") == "nace_differs").fill_null(value=False)
    value = pl.when(~is_marked).then("value_added_meur").alias("value_added_meur")
    changed = uses.with_columns(value) if left == "value" else uses.filter(is_marked)
    found = [subject for check, subject in red(eu_material_uses=changed) if check == "value_added_2023"]
    assert len(found) == 5
    assert all(subject.startswith("manganese: ") for subject in found)


WHOLE = TABLES["eu_sourcing"].filter(
    (pl.col("edition") == 2023)
    & (pl.col("scope") == "global_supply")
    & ~pl.concat_str("material_id", pl.lit(" "), "stage").is_in([" ".join(pair) for pair in SHORT_LISTS])
)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, WHOLE.height - 1), st.sampled_from([-1.0, 1.0]))
def test_any_share_of_world_supply_that_is_wrong_by_more_than_rounding_is_found(row: int, way: float) -> None:
    found = WHOLE.row(row, named=True)
    block = WHOLE.filter((pl.col("material_id") == found["material_id"]) & (pl.col("stage") == found["stage"]))
    wrong = way * 2.1 * (SHARE_STEP * block.height + 1e-6)
    changed = block.with_columns(
        pl.when(pl.col("row_id") == found["row_id"]).then(pl.col("share") + wrong).otherwise("share").alias("share")
    )
    (one,) = shares_add_up(changed)
    assert one.verdict == "fails"


def test_a_list_that_is_printed_in_part_may_fall_short_but_not_run_over() -> None:
    def sums(share: Callable[[float], float]) -> str:
        block = TABLES["eu_sourcing"].filter(
            (pl.col("material_id") == "vanadium") & (pl.col("stage") == "processing") & (pl.col("edition") == 2023)
        )
        scaled = block.with_columns(pl.Series("share", [share(one) for one in block["share"]]))
        (one,) = shares_add_up(scaled)
        return one.verdict

    assert sums(lambda share: share) == "holds"
    assert sums(lambda share: share * 1.3) == "fails"
