"""The history of runs."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.foundation.errors import InputError
from supplyrisk.store.history import keep_run, kept_runs, kept_table, render_manifest, run_id

MANIFEST: dict[str, Any] = {
    "quarter": "2026Q1",
    "as_of": "2026-03-31",
    "seed": 20260101,
    "config": {"language": "nl", "focus": ["EU27", "NLD"]},
    "inputs": {"data/production.csv": "0a1b"},
}
SCORES = pl.DataFrame({"metric": ["hhi", "top1"], "value": [0.5, None], "missing_reason": [None, "no_edition_fit"]})

manifests = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def test_a_run_is_named_by_twelve_characters_that_suit_a_folder() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", run_id(MANIFEST))


def test_the_same_manifest_in_another_order_is_the_same_run() -> None:
    shuffled = dict(reversed(MANIFEST.items())) | {"config": {"focus": ["EU27", "NLD"], "language": "nl"}}
    assert list(shuffled) != list(MANIFEST)
    assert run_id(shuffled) == run_id(MANIFEST)


@pytest.mark.parametrize(
    "change",
    [
        {"quarter": "2026Q2"},
        {"as_of": "2026-03-30"},
        {"seed": 20260102},
        {"seed": "20260101"},
        {"config": {"language": "en", "focus": ["EU27", "NLD"]}},
        {"config": {"language": "nl", "focus": ["NLD", "EU27"]}},
        {"inputs": {"data/production.csv": "0a1c"}},
        {"inputs": {}},
        {"more": None},
    ],
)
def test_any_change_of_the_manifest_makes_another_run(change: dict[str, Any]) -> None:
    assert run_id(MANIFEST | change) != run_id(MANIFEST)


@given(first=manifests, second=manifests)
def test_runs_have_the_same_name_just_when_their_manifests_have_the_same_text(first: Any, second: Any) -> None:
    same = json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
    assert (run_id({"x": first}) == run_id({"x": second})) == same


def test_a_kept_run_comes_back_with_its_manifest_and_scores(tmp_path: Path) -> None:
    folder = keep_run(tmp_path, run_id(MANIFEST), SCORES, MANIFEST)
    assert folder == tmp_path / "history" / f"run={run_id(MANIFEST)}"
    assert kept_runs(tmp_path) == [MANIFEST | {"run_id": run_id(MANIFEST)}]
    kept = pl.read_parquet(folder / "scores.parquet", hive_partitioning=False)
    assert kept.drop("run_id").equals(SCORES)
    assert kept["run_id"].unique().to_list() == [run_id(MANIFEST)]


def test_the_history_is_one_data_set_over_all_runs(tmp_path: Path) -> None:
    keep_run(tmp_path, "aaa", SCORES, MANIFEST)
    keep_run(tmp_path, "bbb", SCORES.head(1), MANIFEST | {"quarter": "2026Q2"})
    together = pl.read_parquet(tmp_path / "history" / "*" / "scores.parquet", hive_partitioning=True)
    assert together.group_by("run", "run_id").len().sort("run").rows() == [("aaa", "aaa", 2), ("bbb", "bbb", 1)]


def test_a_run_kept_again_replaces_itself(tmp_path: Path) -> None:
    keep_run(tmp_path, "aaa", SCORES, MANIFEST)
    folder = keep_run(tmp_path, "aaa", SCORES.head(1), MANIFEST)
    assert [path.name for path in (tmp_path / "history").iterdir()] == ["run=aaa"]
    assert pl.read_parquet(folder / "scores.parquet", hive_partitioning=False).height == 1


def test_a_manifest_that_cannot_be_written_leaves_the_kept_run(tmp_path: Path) -> None:
    keep_run(tmp_path, "aaa", SCORES, MANIFEST)
    with pytest.raises(TypeError, match="not JSON serializable"):
        keep_run(tmp_path, "aaa", SCORES.head(1), MANIFEST | {"seed": object()})
    assert [path.name for path in (tmp_path / "history").iterdir()] == ["run=aaa"]
    assert kept_runs(tmp_path) == [MANIFEST | {"run_id": "aaa"}]


def test_runs_are_listed_by_quarter_then_day_then_name(tmp_path: Path) -> None:
    for run, quarter, day in (
        ("aaa", "2026Q2", "2026-06-30"),
        ("ccc", "2026Q1", "2026-03-31"),
        ("bbb", "2026Q1", "2026-03-31"),
        ("ddd", "2026Q1", "2026-02-15"),
        ("eee", "2025Q4", "2025-12-31"),
    ):
        keep_run(tmp_path, run, SCORES, MANIFEST | {"quarter": quarter, "as_of": day})
    assert [run["run_id"] for run in kept_runs(tmp_path)] == ["eee", "ddd", "bbb", "ccc", "aaa"]


def test_a_folder_without_history_has_no_runs(tmp_path: Path) -> None:
    assert kept_runs(tmp_path) == []
    assert kept_runs(tmp_path / "absent") == []


def test_kept_table_is_that_of_the_run_with_most_draws(tmp_path: Path) -> None:
    scores, day = pl.DataFrame({"value": [1.0]}), date(2026, 3, 31)
    manifest = {"quarter": "2026Q1", "as_of": "2026-03-31"}
    fewer, more = ({**manifest, "config": {"risk_draws": draws}} for draws in (200, 4000))
    keep_run(tmp_path, "bbb", scores, fewer, {"risk_products": pl.DataFrame({"days": [1.0]})})
    keep_run(tmp_path, "aaa", scores, more, {"risk_products": pl.DataFrame({"days": [2.0]})})
    keep_run(tmp_path, "ccc", scores, manifest)
    keep_run(tmp_path, "ddd", scores, {**manifest, "quarter": "2025Q4"}, {"risk_products": scores})
    found = kept_table(tmp_path, "2026Q1", day, "risk_products")
    assert found is not None
    assert (found[0], found[1].to_dicts()) == ("aaa", [{"days": 2.0}])
    assert kept_table(tmp_path, "2026Q1", date(2026, 2, 1), "risk_products") is None
    (tmp_path / "history" / "run=aaa" / "risk_products.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match=r"run=aaa.risk_products\.parquet: it is damaged"):
        kept_table(tmp_path, "2026Q1", day, "risk_products")


def test_an_unfinished_run_is_not_listed(tmp_path: Path) -> None:
    keep_run(tmp_path, "aaa", SCORES, MANIFEST)
    (tmp_path / "history" / ".run=bbb-draft").mkdir()
    (tmp_path / "history" / ".run=bbb-draft" / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "history" / "run=ccc").mkdir()
    assert [run["run_id"] for run in kept_runs(tmp_path)] == ["aaa"]


def test_the_manifest_is_the_same_text_for_the_same_content() -> None:
    text = render_manifest(MANIFEST)
    assert text == render_manifest(dict(reversed(MANIFEST.items())))
    assert text.endswith("}\n")
    assert json.loads(text) == MANIFEST


def test_the_manifest_keeps_letters_with_accents() -> None:
    assert '"België"' in render_manifest({"focus": "België"})
