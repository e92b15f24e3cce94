"""The wheel carries data and models, so that an installed command works in an empty folder."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def test_the_wheel_runs_in_an_empty_folder(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    tracked = ("supplyrisk", "data", "models", "config.yaml", "pyproject.toml", "setup.py", "README.md", "LICENSE")
    for name in tracked:
        subprocess.run(["cp", "-r", str(ROOT / name), str(tree)], check=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(tree)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    assert {
        "supplyrisk/data/production.csv",
        "supplyrisk/models/chains/battery.yaml",
        "supplyrisk/config.yaml",
    } <= names
    empty = tmp_path / "empty"
    empty.mkdir()
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from supplyrisk.cli.main import run; run()"

    def called(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, str(tmp_path / "installed"), *words]
        return subprocess.run(command, check=False, cwd=empty, capture_output=True, text=True)

    found = called("score", "--metric", "hhi", "--product", "gallium", "--format", "csv")
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("\n") == 2
    assert list(empty.iterdir()) == []
    made = called("init", "copy")
    assert made.returncode == 0, made.stderr
    scored = called("--project", "copy", "score", "--metric", "hhi", "--product", "gallium", "--format", "csv")
    assert scored.stdout == found.stdout
    for words in (("validate",), ("--project", "copy", "validate")):
        checked = called(*words, "--check", "data_as_released", "--format", "csv")
        assert checked.returncode == 0, checked.stderr
