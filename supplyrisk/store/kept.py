"""Results that are kept between commands, under a name that changes with everything they were made from."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

import supplyrisk
from supplyrisk.foundation.errors import InputError
from supplyrisk.store.atomic import replace_file

_LIBRARIES = ("numpy", "polars", "scipy", "statsmodels")
_KEPT = 8
"""So many results stay; the one used longest ago goes first."""

Made = TypeVar("Made")


def fingerprint(files: Iterable[Path], words: Iterable[str]) -> str:
    """Hash of the content of files, of words (options), of the package's own source and of what it runs on.

    Source and versions of libraries are in it, so that no result outlives the code that made it.
    """
    own = Path(supplyrisk.__file__).parent
    digest = blake2b(digest_size=16)
    for path in (*sorted(own.rglob("*.py")), *sorted(files)):
        content = path.read_bytes()
        digest.update(f"{path}|{len(content)}|".encode())
        digest.update(content)
    digest.update("|".join((*words, sys.version, *map(version, _LIBRARIES))).encode())
    return digest.hexdigest()


def kept_folder() -> Path:
    """Where results are kept: SUPPLYRISK_CACHE, else the cache folder of the user."""
    if named := os.environ.get("SUPPLYRISK_CACHE"):
        return Path(named)
    local = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    return Path(local or Path.home() / ".cache") / "supplyrisk"


def kept(name: str, make: Callable[[], Made]) -> Made:
    """The result of that name, made (and kept) if it is not there.

    A cache only ever saves time: where it cannot be read or written, the result is made as if there were none.
    """
    path = kept_folder() / f"{name}.pickle"
    with suppress(Exception):  # whatever is wrong with a kept file, it is made anew
        found: Made = pickle.loads(path.read_bytes())  # noqa: S301 (of the own cache folder of the user)
        os.utime(path)
        return found
    made = make()
    with suppress(OSError, InputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replace_file(path) as draft:
            draft.write_bytes(pickle.dumps(made, protocol=5))
        for old in sorted(path.parent.glob("*.pickle"), key=lambda file: file.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    return made
