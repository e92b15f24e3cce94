"""The way of the data: a package imports only from those before it."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
ORDER = (
    "foundation", "tables", "chain", "scenario", "network", "scores", "hazards", "disruption", "risk", "mitigation",
    "store", "findings", "report", "runs", "cli",
)  # fmt: skip


def imported(path: Path) -> set[str]:
    """Packages of supplyrisk that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("supplyrisk.")}
    return found


def test_imports_never_run_back() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {other}"
        for place, package in enumerate(ORDER)
        for path in sorted((ROOT / "supplyrisk" / package).rglob("*.py"))
        for other in imported(path)
        if other not in ORDER[: place + 1]
    ]
    assert wrong == []


def test_every_package_is_in_the_order_in_the_wheel_and_in_the_readme() -> None:
    packages = {path.parent.name for path in (ROOT / "supplyrisk").glob("*/__init__.py")}
    assert packages == set(ORDER)
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert {f"supplyrisk.{name}" for name in packages} <= set(listed)
    assert " → ".join(f"`{name}`" for name in ORDER) in (ROOT / "README.md").read_text(encoding="utf-8").replace(
        "\n", " "
    )
