"""Files that a user names: one of their own by its path, or a ready one of models/ by its name."""

from __future__ import annotations

from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.project import Project


def ready_files(project: Project, kind: str) -> list[Path]:
    """All ready files of a kind, a folder of models/ (scenarios, measures), in the order of their names."""
    return sorted((project.models / kind).glob("*.yaml"))


def find_file(project: Project, kind: str, text: str) -> Path:
    """A file by its path, or by its name in models/``kind``. Raises ``InputError`` with the nearest name."""
    path = Path(text)
    if path.suffix in (".yaml", ".yml"):
        if path.is_file():
            return path
        raise InputError(f"{text}: the file does not exist.")
    ready = {file.stem: file for file in ready_files(project, kind)}
    if text not in ready:
        raise InputError(f"'{text}' is neither a file nor one of models/{kind}. {did_you_mean(text, ready)}")
    return ready[text]
