"""What is kept compiled must not outlive the sources that it was made of."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from supplyrisk.disruption.engine import simulate_months
from supplyrisk.disruption.kernel.compiling import SOURCES, source_key
from supplyrisk.disruption.kernel.draws import compiled_versions, run_draws
from supplyrisk.disruption.rules import Rules
from tests.conftest import ROOT
from tests.disruption.random_graphs import random_graph

_STEP = """
import os
from toy_numbers import NUMBER
from numba import njit

def step():
    return NUMBER

step.__qualname__ = "step_" + os.environ["STEP_KEY"]
step = njit(cache=True)(step)
print(step(), sum(step.stats.cache_hits.values()))
"""


def test_every_file_that_the_step_is_made_of_counts() -> None:
    imported = re.compile(r"^from supplyrisk\.([\w.]+) import", re.MULTILINE)
    files = [path for path in SOURCES if path.parent.name == "kernel"]
    names = {name for path in files for name in imported.findall(path.read_text(encoding="utf-8"))}
    assert {ROOT / "supplyrisk" / f"{name.replace('.', '/')}.py" for name in names} <= set(SOURCES)
    assert len(names) > 10


def test_the_key_changes_with_any_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_bytes(b"x = 1\n")
    second.write_bytes(b"y = 2\n")
    before = source_key((first, second))
    assert before == source_key((first, second))
    second.write_bytes(b"y = 3\n")
    assert source_key((first, second)) != before


def test_the_step_is_kept_under_the_key_and_only_such_versions_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_draws.py_func.__qualname__ == f"run_draws_{source_key()}"
    simulate_months(random_graph(1, plain=True), [], 1, Rules())
    assert compiled_versions() >= 1
    monkeypatch.setattr("supplyrisk.disruption.kernel.draws.source_key", lambda: "0" * 16)
    assert compiled_versions() == 0


def test_another_key_is_compiled_anew_and_the_same_is_taken_from_the_cache(tmp_path: Path) -> None:
    """Of the compiler: what is kept is told apart by names, and not by other files."""

    step = tmp_path / "step.py"
    step.write_text(_STEP, encoding="utf-8")

    def run(number: int, key: int) -> str:
        (tmp_path / "toy_numbers.py").write_text(f"NUMBER = {number}\n", encoding="utf-8")
        own = {"NUMBA_CACHE_DIR": str(tmp_path / "kept"), "STEP_KEY": str(key)}
        command = [sys.executable, "-B", str(step)]
        return subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=True).stdout.strip()

    assert run(1, 7) == "1 0"
    assert run(2, 7) == "1 1"  # stale: this is what the key is for
    assert run(2, 8) == "2 0"
