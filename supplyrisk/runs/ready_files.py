"""Files that a user names: by their path, or by their name where they lie with the project or are ready in models/."""

from __future__ import annotations

from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.project import Project


def ready_files(project: Project, kind: str) -> list[Path]:
    """All ready files of a kind, a folder of models/ (scenarios, measures), in the order of their names."""
    return sorted((project.models / kind).glob("*.yaml"))


def own_files(project: Project, kind: str) -> list[Path]:
    """All files of a kind that lie with the project itself, in its folder of that name, in the order of their names."""
    return sorted((project.home / kind).glob("*.yaml"))


def find_file(project: Project, kind: str, text: str) -> Path:
    """A file by its path, or by its name in models/``kind`` or in the folder ``kind`` of the project.

    Raises ``InputError`` with the nearest name, and for a name that stands in both: neither may quietly win.
    """
    path = Path(text)
    if path.suffix in (".yaml", ".yml"):
        if path.is_file():
            return path
        raise InputError(f"{text}: the file does not exist.")
    ready = {file.stem: file for file in ready_files(project, kind)}
    own = {file.stem: file for file in own_files(project, kind)}
    if text in ready and text in own:
        raise InputError(f"'{text}' is one of models/{kind} and {own[text]} too. Give the path of the one you mean.")
    if text not in ready and text not in own:
        raise InputError(f"'{text}' is neither a file nor one of models/{kind}. {did_you_mean(text, ready | own)}")
    return own[text] if text in own else ready[text]
