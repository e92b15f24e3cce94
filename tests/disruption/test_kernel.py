"""What is kept compiled must not outlive the sources that it was made of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from supplyrisk.disruption.kernel.compiling import SOURCES, source_key
from supplyrisk.disruption.kernel.draws import run_draws

_STEP = """
import os
from toy_numbers import NUMBER
from numba import njit

def keyed(key):
    @njit(cache=True)
    def step():
        _ = key
        return NUMBER
    return step

step = keyed(int(os.environ["STEP_KEY"]))
print(step(), sum(step.stats.cache_hits.values()))
"""

_KERNEL = "supplyrisk.disruption.kernel."


def test_every_file_that_the_step_calls_counts() -> None:
    names = {path.name for path in SOURCES}
    used = {Path(str(module.__file__)).name for name, module in sys.modules.items() if name.startswith(_KERNEL)}
    assert used <= names
    assert {"lanes.py", "rules.py", "shocks.py"} <= names


def test_the_key_changes_with_any_byte(tmp_path: Path) -> None:
    first, second = tmp_path / "a.py", tmp_path / "b.py"
    first.write_bytes(b"x = 1\n")
    second.write_bytes(b"y = 2\n")
    before = source_key((first, second))
    assert before == source_key((first, second))
    second.write_bytes(b"y = 3\n")
    assert source_key((first, second)) != before
    assert 0 <= before < 2**63


def test_the_step_closes_over_the_key() -> None:
    assert run_draws.py_func.__code__.co_freevars == ("key",)
    assert run_draws.py_func.__closure__[0].cell_contents == source_key()


def test_another_key_is_compiled_anew_and_the_same_is_taken_from_the_cache(tmp_path: Path) -> None:
    """Of the compiler: what is kept is told apart by closed-over values, and not by other files."""

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
