"""A working copy for an analyst: config, overlay and scenarios of one's own beside the shipped data and models."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from supplyrisk.foundation.errors import InputError
from supplyrisk.report.wording import read_catalogue
from supplyrisk.runs.project import CONFIG_FILE, shipped_folder
from supplyrisk.runs.schemas import schema_file, schema_of
from supplyrisk.store.atomic import replace_folder
from supplyrisk.tables.contract import read_contracts

_NAMED = 6
_EXAMPLE_TABLE = "production"


def make_working_copy(folder: Path, language: str) -> Path:
    """Write a working copy in ``folder``, whole or not at all, and give its path; it can be used as --project at once.

    Raises ``InputError`` for a language there is not, a folder that is not empty or is the working folder, and where
    nothing can be written.
    """
    read_catalogue(language)
    _check_free(folder)
    texts = _texts(language)
    with replace_folder(folder) as draft:
        for name, text in texts.items():
            target = draft / name
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return folder


def _check_free(folder: Path) -> None:
    if not folder.is_dir():
        return
    held = sorted(path.name for path in folder.iterdir())
    if held:
        rest = len(held) - _NAMED
        told = ", ".join(held[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        raise InputError(f"{folder} is not empty: it holds {told}. Give a new folder.")
    if folder.resolve() == Path.cwd().resolve():
        raise InputError(f"{folder} is the folder you are in, which is to be replaced. Give a new folder.")


def _texts(language: str) -> dict[str, str]:
    """Every file of a working copy: path → text."""
    templates = files("supplyrisk.report") / "templates"
    shipped = shipped_folder()
    config = (shipped / CONFIG_FILE).read_text(encoding="utf-8")
    for key, value in (("overlay", "overlay"), ("language", language)):
        config = _with_value(config, key, value)
    contract = read_contracts(shipped / "data")[_EXAMPLE_TABLE]
    return {
        CONFIG_FILE: _pointing_to(config, schema_file("config")),
        "README.md": (templates / f"working_copy.{language}.md").read_text(encoding="utf-8"),
        "overlay/README.md": (templates / f"working_copy_overlay.{language}.md").read_text(encoding="utf-8"),
        f"overlay/{contract.file}": ",".join(contract.column_names) + "\n",
        "scenarios/my_scenario.yaml": (templates / f"working_copy_scenario.{language}.yaml").read_text(
            encoding="utf-8"
        ),
        schema_file("scenario"): schema_of("scenario"),
        schema_file("config"): schema_of("config"),
    }


def _with_value(config: str, key: str, value: str) -> str:
    """The config with another value of a key; the comment behind it stays where it is."""

    def line(found: re.Match[str]) -> str:
        kept = len(found["value"]) + len(found["space"])
        return f"{found['key']}{value:<{kept - 1}} {found['rest']}".rstrip()

    changed, count = re.subn(
        rf"^(?P<key>{key}: *)(?P<value>\S+)(?P<space> *)(?P<rest>.*)$", line, config, count=1, flags=re.MULTILINE
    )
    return changed if count else f"{config}{key}: {value}\n"


def _pointing_to(config: str, schema: str) -> str:
    """The config with its first line pointing an editor to the schema."""
    lines = [line for line in config.splitlines(keepends=True) if not line.startswith("# yaml-language-server:")]
    return f"# yaml-language-server: $schema={schema}\n" + "".join(lines)
