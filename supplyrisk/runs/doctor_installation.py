"""Checks of the installation: versions, fonts, and where compiled steps are kept."""

from __future__ import annotations

import platform
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

import supplyrisk
from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.doctor_check import Check, Examined, Verdict, counted
from supplyrisk.store.atomic import check_replaceable

_PACKAGE = "supplyrisk"
_FONT = "DejaVu Sans"
_INSTALL = "Install the package anew, with the versions of its lock file."


def check_versions(_: Examined) -> Check:
    """Python and supplyrisk themselves."""
    python, own = platform.python_version(), supplyrisk.__version__
    told = f"Python {python}, supplyrisk {own}"
    try:
        about = metadata.metadata(_PACKAGE)
    except metadata.PackageNotFoundError:
        return Check(
            "versions",
            f"{told}, run from its folder without being installed",
            Verdict.NOTE,
            "Install it to have the versions of its libraries checked.",
        )
    asked = SpecifierSet(about["Requires-Python"])
    if not asked.contains(python, prereleases=True):
        return Check("versions", f"{told}; it asks for Python {asked}", Verdict.FAULT, "Use a Python that it asks for.")
    if about["Version"] != own:
        found = f"{told}, but installed as {about['Version']}"
        return Check("versions", found, Verdict.WARNING, "Install the package anew: what it asks for may have changed.")
    return Check("versions", told)


def check_libraries(_: Examined) -> Check:
    """Every library that the package declares, at a version that it declares."""
    try:
        declared = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return Check("libraries", "not told, since supplyrisk is not installed", Verdict.NOTE, _INSTALL)
    rows = [row for text in declared if (row := _library(text)) is not None]
    wrong = [row for row in rows if not row["holds"]]
    if not wrong:
        return Check("libraries", f"all {len(rows)} at the versions asked for", details=tuple(rows))
    told = "; ".join(f"{row['library']} {row['installed'] or 'is missing'}, asked for {row['asked']}" for row in wrong)
    return Check("libraries", told, Verdict.FAULT, _INSTALL, tuple(rows))


def _library(text: str) -> dict[str, object] | None:
    """A declared library beside the one installed; None for one of an extra."""
    try:
        asked = Requirement(text)
    except InvalidRequirement as error:
        raise InputError(f"'{text}', which supplyrisk declares, is not a requirement. {_INSTALL}") from error
    if asked.marker is not None and not asked.marker.evaluate({"extra": ""}):
        return None
    try:
        installed: str | None = metadata.version(asked.name)
    except metadata.PackageNotFoundError:
        installed = None
    holds = installed is not None and asked.specifier.contains(installed, prereleases=True)
    return {"library": asked.name, "installed": installed, "asked": str(asked.specifier), "holds": holds}


def check_fonts(_: Examined) -> Check:
    """The font of charts and pages, from the files that matplotlib brings along."""
    import matplotlib
    import typst

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    families = typst.Fonts(include_system_fonts=False, font_paths=[str(folder)]).families() if folder.is_dir() else ()
    if _FONT not in families:
        found = f"{_FONT} is not among the fonts of matplotlib ({folder})"
        return Check("fonts", found, Verdict.FAULT, "Install matplotlib anew.", ({"folder": str(folder)},))
    return Check("fonts", f"{_FONT} is there", details=({"folder": str(folder)},))


def check_compiled(_: Examined) -> Check:
    """The compiled monthly step: made already, and a folder where it can be kept."""
    try:
        from supplyrisk.disruption.kernel import draws
    except RuntimeError as error:  # numba finds no folder that it may write to
        mend = "Name a folder that can be written to in NUMBA_CACHE_DIR."
        return Check("compiled", f"the monthly step cannot be compiled ({error})", Verdict.FAULT, mend)
    folder, made = draws.kept_in(), draws.compiled_versions()
    details = ({"folder": str(folder), "compiled": made},)
    try:
        check_replaceable(folder / "probe")
    except InputError:
        found = f"nothing can be written to {folder}"
        mend = (
            "Mend its rights, or name another folder in NUMBA_CACHE_DIR; else every command compiles (half a minute)."
        )
        return Check("compiled", found, Verdict.NOTE if made else Verdict.WARNING, mend, details)
    if not made:
        found = "the monthly step is not compiled yet"
        mend = "Nothing to do: the first run takes half a minute longer."
        return Check("compiled", found, Verdict.NOTE, mend, details)
    return Check("compiled", f"the monthly step is compiled ({counted(made, 'version')})", details=details)
