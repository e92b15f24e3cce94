"""`supplyrisk validate`: green as shipped, red when one input is corrupted."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from supplyrisk.cli.main import app
from supplyrisk.foundation.errors import CheckFailed, InputError
from supplyrisk.runs.validation import raise_if_any_fails, summary_of, validate_project
from tests.conftest import ROOT


def test_every_published_score_is_reproduced() -> None:
    table = validate_project(ROOT)
    summary = {row["check"]: row for row in summary_of(table).to_dicts()}
    assert sum(row["fails"] for row in summary.values()) == 0
    assert summary["data_as_released"]["holds"] == 35
    assert summary["supply_risk_2017"]["holds"] == 78
    assert summary["implied_factor_2023"]["holds"] == 70
    assert (summary["critical_materials_2020"]["holds"], summary["critical_materials_2023"]["holds"]) == (1, 1)
    raise_if_any_fails(table)


def test_a_check_there_is_not_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match="Did you mean 'supply_risk_2017'"):
        validate_project(ROOT, ("supply_risk_2016",))


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "told"),
    [
        ("eu_assessment", "eu_assessment.cobalt.2017", "hhi_wgi_t_global", "6.3", "supply_risk_2017 of cobalt"),
        ("eu_assessment", "eu_assessment.gallium.2023", "supply_risk", "0.9", "critical_list_2023 of gallium"),
        (
            "eu_sourcing",
            "eu_sourcing.gallium.2023.processing.global_supply.chn",
            "share",
            "0.5",
            "implied_factor_2023 of gallium",
        ),
    ],
)
def test_one_corrupted_input_turns_it_red(
    copied_project: Path, file: str, row: str, column: str, value: str, told: str
) -> None:
    corrupt(copied_project / "data" / f"{file}.csv", row, column, value)
    with pytest.raises(CheckFailed, match=told):
        raise_if_any_fails(validate_project(copied_project))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        # World output of cobalt, of which the live score is made; a score of 2023 that its inputs only bound.
        ("world_output", r"(?m)^world_output\.cobalt\.cod\.2023\.[^\n]*\n", "", "1 missing"),
        ("governance", r"(?m)^(governance\.chn\.2023\.cc,.*?,)(-?\d+\.\d+)", r"\g<1>2.0", "the text differs"),
        ("eu_assessment", r"(?m)^(eu_assessment\.gallium\.2023,.*?,)3\.9,", r"\g<1>3.0,", "the text differs"),
    ],
)
def test_a_table_that_is_not_as_released_turns_it_red_and_tells_how_to_mend(
    copied_project: Path, file: str, old: str, new: str, told: str
) -> None:
    path = copied_project / "data" / f"{file}.csv"
    text, changed = re.subn(old, new, path.read_text(encoding="utf-8"), count=1)
    assert changed == 1
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CheckFailed) as found:
        raise_if_any_fails(validate_project(copied_project, ("data_as_released",)))
    lines = str(found.value).splitlines()
    assert lines[0] == "1 of 35 comparisons do not hold:"
    assert lines[1].startswith(f"  data_as_released: {file}: ")
    assert told in lines[1]
    assert "overlay folder (`overlay:` in the config)" in lines[2]
    assert "`make docs`" in lines[2]


def test_a_day_without_the_back_test_is_refused() -> None:
    found = CliRunner().invoke(app, ["validate", "--as-of", "2022-12-31"])
    assert isinstance(found.exception, InputError)
    assert str(found.exception).startswith("--as-of is of --backtest")


def test_an_overlay_is_no_change_of_the_tables(copied_project: Path, edit: Callable[[str, str, str], None]) -> None:
    edit("config.yaml", "overlay: null", "overlay: own ")
    (copied_project / "own").mkdir()
    head, first = (copied_project / "data/world_output.csv").read_text(encoding="utf-8").splitlines()[:2]
    (copied_project / "own/world_output.csv").write_text(f"{head}\n{first}\n", encoding="utf-8")
    table = validate_project(copied_project, ("data_as_released",))
    assert table["verdict"].unique().to_list() == ["holds"]


def corrupt(path: Path, row_id: str, column: str, value: str) -> None:
    table = pl.read_csv(path, infer_schema_length=0)
    assert (table["row_id"] == row_id).sum() == 1
    changed = pl.when(pl.col("row_id") == row_id).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    table.with_columns(changed).write_csv(path)
