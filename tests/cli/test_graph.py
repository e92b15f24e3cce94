"""`supplyrisk graph` as a user meets it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from supplyrisk.foundation.errors import ExitCode
from tests.cli.test_commands import call

Output = pytest.CaptureFixture[str]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_summary_tells_what_rests_on_trade_and_what_on_the_assumption(capsys: Output) -> None:
    assert call("graph") == ExitCode.DONE
    text = capsys.readouterr().out
    assert "Network of 2024 as known on 2026-03-31: 75 products" in text
    assert "On trade tables rest" in text
    assert "Home preference 0." in text


def test_lanes_of_a_product_and_a_country(capsys: Output) -> None:
    assert call("graph", "--product", "cobalt_mine", "--country", "Netherlands", "--format", "csv") == ExitCode.DONE
    found = rows(capsys.readouterr().out)
    assert {row["product_id"] for row in found} == {"cobalt_mine"}
    assert all("NLD" in (row["supplier"], row["user"]) for row in found)
    assert sum(float(row["share_of_user"]) for row in found if row["user"] == "NLD") == pytest.approx(1.0)
    assert call("graph", "--product", "cobalt_mine", "--country", "EU27", "--format", "csv") == ExitCode.DONE
    of_union = rows(capsys.readouterr().out)
    assert [row for row in of_union if "NLD" in (row["supplier"], row["user"])] == found
    assert {"FIN", "COD"} <= {row["supplier"] for row in of_union}


def test_what_is_behind_magnets_used_in_the_union(capsys: Output) -> None:
    assert call("graph", "--focus", "EU27", "--end", "ndfeb_magnet", "--format", "csv") == ExitCode.DONE
    found = rows(capsys.readouterr().out)
    (row,) = (row for row in found if row["product_id"] == "ndpr_refined" and row["place"] == "CHN")
    assert float(row["low"]) < float(row["share"]) < float(row["high"])
    assert row["unit"] == "t"


def test_ways_of_congolese_cobalt_to_batteries_in_the_netherlands(capsys: Output) -> None:
    words = ("--from", "COD", "--to", "NLD", "--end", "battery_pack_nmc", "--material", "cobalt_mine")
    assert call("graph", *words, "--count", "1000", "--format", "json") == ExitCode.DONE
    ways = json.loads(capsys.readouterr().out)
    assert call("graph", "--focus", "NLD", "--end", "battery_pack_nmc", "--format", "csv") == ExitCode.DONE
    behind = rows(capsys.readouterr().out)
    (origin,) = (row for row in behind if row["product_id"] == "cobalt_mine" and row["place"] == "COD")
    listed = sum(way["share"] for way in ways)
    assert 0.97 * float(origin["share"]) < listed <= float(origin["share"]) * (1 + 1e-9)
    assert ways[0]["path"].startswith("cobalt_mine COD → cobalt_refined ")
    assert ways[0]["path"].endswith("→ use NLD")
    assert [way["share"] for way in ways] == sorted((way["share"] for way in ways), reverse=True)


def test_ways_say_that_uses_are_not_told_apart(capsys: Output) -> None:
    assert call("graph", "--from", "COD", "--to", "NLD", "--count", "1") == ExitCode.DONE
    text = capsys.readouterr().out
    assert "Uses are not told apart" in text
    assert "used in NLD, scrap included, comes from COD; ways listed: 1, with " in text
    assert text.index("cobalt_mine:") < text.index("copper_mine:")


def test_picture_is_written(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "cobalt.svg"
    words = ("graph", "--to", "EU27", "--material", "cobalt_mine", "--lang", "nl", "--picture", str(file))
    assert call(*words) == ExitCode.DONE
    assert file.read_text(encoding="utf-8").lstrip().startswith(("<?xml", "<svg"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--product", "cobalt_min"), "'cobalt_min' is not a product. Did you mean 'cobalt_mine'?"),
        (("--country", "Nederlnd"), "'Nederlnd' is not a country or region. Did you mean 'nederland'?"),
        (("--focus", "EU27", "--end", "batery"), "'batery' is not an end product. Did you mean 'battery'?"),
        (("--focus", "EU27", "--end", "gallium"), "Nothing is known of the use of gallium in EU27"),
        (("--from", "COD"), "--from needs the region of use"),
        (("--focus", "EU27", "--to", "NLD"), "name two regions"),
        (("--picture", "chain.png", "--to", "NLD"), "does not end in .svg"),
        (("--export", "network.gexf"), "ends in none of .graphml, .parquet, .json"),
        (("--from", "COD", "--to", "EU27", "--material", "cobalt"), "'cobalt' is not a product."),
        (
            ("--from", "COD", "--to", "EU27", "--quarter", "2025Q4"),
            "only part of the final demand for battery_pack_lfp, battery_pack_nmc was public on 2025-12-31",
        ),
    ],
)
def test_wrong_words_are_told_with_what_to_do(words: tuple[str, ...], told: str, capsys: Output) -> None:
    assert call("graph", *words) == ExitCode.WRONG_INPUT
    assert told in capsys.readouterr().err
