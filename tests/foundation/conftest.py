"""A YAML file to read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes text to a YAML file."""

    def to_file(text: str) -> Path:
        path = tmp_path / "model.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file
