"""The command line as a user meets it: help, results on stdout, exit codes, errors without traceback."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from docs.generate import COMMANDS, ROOT, pages
from supplyrisk.cli import main
from supplyrisk.foundation.errors import ExitCode
from tests.raw_geopolrisk import write_raw_files

Output = pytest.CaptureFixture[str]


def call(*words: str) -> int:
    """Run the command line in this process; gives its exit code."""
    try:
        main.run(list(words))
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...], capsys: Output) -> None:
    assert call(*words, "--help") == ExitCode.DONE
    text = " ".join(capsys.readouterr().out.split())
    if words and words != ("data",):
        assert f"supplyrisk {' '.join(words)}" in text.partition("Usage:")[2].partition("Options:")[0].partition("]")[2]


@pytest.mark.parametrize("path", sorted(pages()))
def test_generated_pages_are_not_stale(path: str) -> None:
    assert (ROOT / path).read_text(encoding="utf-8") == pages()[path], "run make docs"


def test_help_loads_no_heavy_library() -> None:
    heavy = ("polars", "numpy", "scipy", "plotnine", "matplotlib", "jinja2", "babel", "pydantic")
    code = f"import sys, supplyrisk.cli.main; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "module", ["supplyrisk.runs.score_queries", "supplyrisk.runs.table_queries", "supplyrisk.cli.output"]
)
def test_questions_load_no_library_that_fits_draws_or_compiles(module: str) -> None:
    heavy = ("scipy", "statsmodels", "pandas", "numba", "plotnine", "matplotlib", "jinja2", "babel")
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


def test_the_shim_equals_the_command() -> None:
    shim = subprocess.run([sys.executable, "cli.py", "--version"], capture_output=True, text=True, check=True, cwd=ROOT)
    module = "from supplyrisk.cli.main import run; run()"
    command = subprocess.run([sys.executable, "-c", module, "--version"], capture_output=True, text=True, check=True)
    assert shim.stdout == command.stdout == "supplyrisk 0.1.0\n"


def test_score_prints_the_same_value_in_every_format(capsys: Output) -> None:
    asked = ("score", "--metric", "hhi", "--product", "cobalt_refined", "--quarter", "2026Q1", "--format")
    assert call(*asked, "json") == 0
    from_json = json.loads(capsys.readouterr().out)
    assert call(*asked, "csv") == 0
    from_csv = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(from_json) == len(from_csv) == 1
    assert float(from_csv[0]["value"]) == from_json[0]["value"]
    assert from_csv[0]["input_row_ids"].split(";") == from_json[0]["input_row_ids"]
    assert call(*asked, "table") == 0
    assert f"{from_json[0]['value']:,.0f}" in capsys.readouterr().out


def test_a_question_that_no_score_can_answer_is_refused_with_the_nearest_one(capsys: Output) -> None:
    assert call("score", "--metric", "headline_index", "--material", "gallium") == ExitCode.WRONG_INPUT
    assert "Ask by product: --product gallium." in capsys.readouterr().err
    assert call("score", "--metric", "hhi", "--product", "gallium", "--country", "CHN") == ExitCode.WRONG_INPUT
    assert "hhi is not a score of countries. Leave out --country." in capsys.readouterr().err


def test_explain_shows_formula_rows_and_the_same_number_again(capsys: Output) -> None:
    assert call("explain", "hhi", "cobalt_refined", "--format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    values = [row["value"] for row in told["rows"]["production"]]
    shares = [value / sum(values) for value in values]
    named = sum(share**2 for share, row in zip(shares, told["rows"]["production"], strict=True) if row["iso3"] != "ROW")
    rest = sum(shares) - sum(
        share for share, row in zip(shares, told["rows"]["production"], strict=True) if row["iso3"] != "ROW"
    )
    assert told["recomputed"] == pytest.approx(told["score"]["value"], rel=1e-12)
    # By hand: 10 000·Σ s² of the countries, and for the residual something between 0 and 10 000·r².
    assert 10_000 * named - 1e-6 <= told["score"]["value"] <= 10_000 * (named + rest**2) + 1e-6
    assert "Σ s²" in told["formula"]


def test_data_show_filters_by_name_of_a_country_in_dutch(capsys: Output) -> None:
    asked = (
        "data",
        "show",
        "production",
        "--product",
        "cobalt_mine",
        "--country",
        "Congo-Kinshasa",
        "--format",
        "json",
    )
    assert call(*asked) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert {row["iso3"] for row in rows} == {"COD"}


def test_data_show_hides_what_was_not_known(capsys: Output) -> None:
    asked = ("data", "show", "production", "--product", "cobalt_mine", "--format", "json", "--as-of", "2025-12-31")
    assert call(*asked) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows
    assert max(row["known_from"] for row in rows) <= "2025-12-31"
    assert "usgs_mcs_2026" not in {row["edition"] for row in rows}


def test_data_check_holds_for_the_shipped_data(capsys: Output) -> None:
    assert call("data", "check") == 0
    assert "every contract and rule holds" in capsys.readouterr().out


def test_data_check_names_all_problems_and_exits_1(
    copied_project: Path, edit: Callable[[str, str, str], None], capsys: Output
) -> None:
    edit("data/production.csv", ",CHN,2024,curated_2024,", ",CHNA,2024,curated_2024,")
    edit("data/products.csv", "battery", "batery")
    assert call("--project", str(copied_project), "data", "check") == ExitCode.CHECK_FAILED
    told = capsys.readouterr().err
    assert "'CHNA' is not known in countries.iso3" in told
    assert "Did you mean 'CHN'?" in told
    assert "'batery' is not allowed. Did you mean 'battery'?" in told
    assert "Traceback" not in told


def _truncate(folder: Path) -> None:
    path = folder / "data" / "production.csv"
    path.write_bytes(path.read_bytes()[:-40])


def _remove(folder: Path) -> None:
    (folder / "data" / "reserves.csv").unlink()


def _negative(folder: Path) -> None:
    path = folder / "data" / "production.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    cells = lines[1].split(",")
    cells[5] = "-5"
    path.write_text("".join([lines[0], ",".join(cells), *lines[2:]]), encoding="utf-8")


@pytest.mark.parametrize(
    ("breaking", "told"),
    [
        (_truncate, r"production\.csv, row \d+: the row has \d+ cells"),
        (_remove, r"reserves\.csv: the table is missing"),
        (_negative, r"production\.csv, row 2 \(.*\), column value: -5 is below the minimum of 0"),
    ],
    ids=["truncated", "missing", "negative"],
)
def test_a_broken_table_stops_the_report_and_leaves_the_last_one(
    copied_project: Path, capsys: Output, breaking: Callable[[Path], None], told: str
) -> None:
    last = copied_project / "reports" / "2026Q1" / "report.html"
    last.parent.mkdir(parents=True)
    last.write_text("the last report", encoding="utf-8")
    breaking(copied_project)
    assert call("--project", str(copied_project), "report", "--quarter", "2026Q1") == ExitCode.WRONG_INPUT
    message = capsys.readouterr().err
    assert re.search(told, message), message
    assert "Traceback" not in message
    assert last.read_text(encoding="utf-8") == "the last report"
    assert [path.name for path in (copied_project / "reports").iterdir()] == ["2026Q1"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("report", "--quarter", "2026Q5"), "'2026Q5' is not a quarter"),
        (("report", "--quarter", "2099Q4"), "has not come yet"),
        (("report", "--as-of", "2099-01-01"), "has not come yet"),
        (("report", "--as-of", "31-3-2026"), "Write it as 2026-03-31"),
        (("report", "--lang", "fr"), "'fr' is not a language of reports"),
        (("score", "--metric", "hhii"), "Did you mean 'hhi'?"),
        (("score", "--product", "cobalt_min"), "Did you mean 'cobalt_mine'?"),
        (("score", "--country", "Nederlnd"), "Did you mean 'nederland'?"),
        (("score", "--country", "Nederlnd", "--metric", "hhii", "--product", "galium"), "is not a product"),
        (("explain", "share_of_world_output", "cobalt_mine"), "give --country"),
        (("data", "show", "productoin"), "Did you mean 'production'?"),
        (("data", "sources", "--status", "unclaer"), "Did you mean 'unclear'?"),
        (("--project", "does-not-exist", "score"), "does not exist"),
    ],
)
def test_wrong_words_are_told_with_remedy_and_exit_2(words: tuple[str, ...], told: str, capsys: Output) -> None:
    assert call(*words) == ExitCode.WRONG_INPUT
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: Output) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert call("report", "--reports", str(blocked / "reports")) == ExitCode.WRONG_INPUT
    assert "Nothing can be written" in capsys.readouterr().err


def test_unknown_options_are_usage_errors(capsys: Output) -> None:
    assert call("score", "--produkt", "x") == ExitCode.WRONG_INPUT
    assert "--product" in capsys.readouterr().err


def test_debug_shows_the_traceback() -> None:
    with pytest.raises(Exception, match="is not a quarter"):
        main.run(["report", "--quarter", "2026Q5", "--debug"])


def test_geopolrisk_tells_of_empty_cells_beside_its_rows_and_refuses_bad_files(tmp_path: Path, capsys: Output) -> None:
    words = ("--project", str(ROOT), "geopolrisk", "--from-raw", str(write_raw_files(tmp_path)), "--format", "csv")
    assert call(*words) == ExitCode.DONE
    shown = capsys.readouterr()
    assert len(list(csv.DictReader(io.StringIO(shown.out)))) == 3
    assert shown.err == "supplyrisk: empty cells of production: 1, told in the column empty_output_cells.\n"
    write_raw_files(tmp_path, **{"wgi.csv": "code,year,indicator,estimate\nAUS,2023,pv,55\n"})
    assert call(*words) == ExitCode.WRONG_INPUT
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "wgi.csv, row 2, column estimate: 55 lies outside -4 to 4." in shown.err
