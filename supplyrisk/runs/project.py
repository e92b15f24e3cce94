"""Where a project lies: its config, data and models, and where its reports go."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import supplyrisk
from supplyrisk.foundation.errors import InputError

CONFIG_FILE = "config.yaml"


@dataclass(frozen=True)
class Project:
    """Folders of a project. ``home`` is where relative paths of the config start."""

    config_file: Path
    data: Path
    models: Path
    home: Path


def find_project(folder: Path | None = None) -> Project:
    """The project in ``folder``; without one, that of the working folder, of the checkout, or the one shipped along.

    A folder of one's own may hold any of config.yaml, data/ and models/; what it lacks is taken from the shipped ones.
    Raises ``InputError`` when ``folder`` does not exist or holds none of them.
    """
    shipped = shipped_folder()
    if folder is None:
        here = Path.cwd()
        return _project(here if _is_project(here) else shipped, shipped, here)
    if not folder.is_dir():
        raise InputError(f"--project: the folder {folder} does not exist.")
    if not any((folder / part).exists() for part in (CONFIG_FILE, "data", "models")):
        raise InputError(f"--project: {folder} holds no {CONFIG_FILE}, data or models folder.")
    return _project(folder, shipped, folder)


def shipped_folder() -> Path:
    """The folder with config, data and models that are used where a project lacks them: the checkout or the package."""
    package = Path(supplyrisk.__file__).parent
    return package.parent if (package.parent / CONFIG_FILE).is_file() else package


def _is_project(folder: Path) -> bool:
    return (folder / CONFIG_FILE).is_file() and (folder / "data").is_dir()


def _project(folder: Path, shipped: Path, home: Path) -> Project:
    def part(name: str) -> Path:
        return folder / name if (folder / name).exists() else shipped / name

    return Project(config_file=part(CONFIG_FILE), data=part("data"), models=part("models"), home=home)
