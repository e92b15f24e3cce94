"""`supplyrisk dependency` as a user meets it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from supplyrisk.foundation.errors import ExitCode
from tests.cli.test_commands import call

Output = pytest.CaptureFixture[str]


def test_list_of_the_union_names_magnets_and_their_supplier(capsys: Output) -> None:
    assert call("dependency", "--product", "ndfeb_magnet", "--format", "csv") == ExitCode.DONE
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["year"], row["flagged"], row["largest_supplier"]) for row in rows] == [
        ("2022", "1", "CHN"),
        ("2023", "1", "CHN"),
        ("2024", "1", "CHN"),
    ]
    assert all(float(r["import_hhi_low"]) <= float(r["import_hhi"]) <= float(r["import_hhi_high"]) for r in rows)


def test_commission_method_for_the_netherlands_as_json(capsys: Output) -> None:
    words = ("--scope", "NLD", "--method", "core", "--product", "ferroniobium", "--format", "json")
    assert call("dependency", *words) == ExitCode.DONE
    rows = json.loads(capsys.readouterr().out)
    assert {row["scope"] for row in rows} == {"NLD"}
    assert {"extra_eu_import_hhi", "extra_eu_import_share", "extra_eu_imports_to_exports"} <= set(rows[0])


def test_table_says_how_to_read_it(capsys: Output) -> None:
    assert call("dependency", "--flagged", "--scope", "NLD") == ExitCode.DONE
    text = capsys.readouterr().out
    assert text.startswith("Method geodep, NLD, by value.")
    assert "on their way to other members" in text


def test_churn_of_the_list(capsys: Output) -> None:
    assert call("dependency", "--churn", "--format", "json") == ExitCode.DONE
    rows = json.loads(capsys.readouterr().out)
    assert [(row["year_from"], row["year_to"]) for row in rows] == [(2022, 2023), (2023, 2024)]
    assert all("850511" in row["stays"] for row in rows)


def test_answer_is_explained_from_its_rows(capsys: Output) -> None:
    words = ("import_dependent_core", "magnesium_metal", "--scope", "EU27", "--year", "2024")
    assert call("explain", *words) == ExitCode.DONE
    text = capsys.readouterr().out
    assert "recomputed from the rows below: 1" in text
    assert "trade.2024.810411.chn.deu" in text


def test_hosts_are_seen_behind_the_share(capsys: Output) -> None:
    assert call("explain", "by_product_share", "cobalt_mine") == ExitCode.DONE
    text = capsys.readouterr().out
    assert "recomputed from the rows below: 0.98" in text
    assert "won with: copper_mine, nickel_mine" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--product", "ndfeb_magnt"), "'ndfeb_magnt' is not a product or good. Did you mean 'ndfeb_magnet'?"),
        (("--method", "cor"), "--method: 'cor' is not a method. Did you mean 'core'?"),
        (("--scope", "Nederlnd"), "'Nederlnd' is not a country or region. Did you mean 'nederland'?"),
        (("--scope", "GBR", "--method", "core"), "are of the EU and its members, not of GBR"),
        (("--churn", "--product", "ndfeb_magnet"), "--churn is of the whole list"),
        (("--as-of", "2999-01-01"), "has not come yet"),
    ],
)
def test_wrong_words_are_told_with_what_to_do(words: tuple[str, ...], told: str, capsys: Output) -> None:
    assert call("dependency", *words) == ExitCode.WRONG_INPUT
    assert told in capsys.readouterr().err
