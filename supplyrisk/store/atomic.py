"""Writing a folder or a file so that it is either complete or the one before it is left as it was."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from supplyrisk.foundation.errors import InputError


@contextmanager
def replace_folder(target: Path) -> Iterator[Path]:
    """Gives an empty folder beside ``target`` to write into; on success it takes the place of ``target``.

    On any error, Ctrl-C included, it is removed and ``target`` stays. Raises ``InputError`` when nothing can be written
    there.
    """
    draft = _empty_beside(target)
    previous = draft.with_name(draft.name + "-previous")
    try:
        yield draft
        draft.chmod(0o755)
        try:
            if target.exists():
                os.replace(target, previous)
            os.replace(draft, target)
        except BaseException:
            with suppress(OSError):
                os.replace(previous, target)
            raise
        shutil.rmtree(previous, ignore_errors=True)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def check_replaceable(target: Path) -> None:
    """Raise the ``InputError`` of ``replace_folder`` before work is done that could not be written; leaves nothing."""
    missing = [folder for folder in target.parents if not folder.exists()]
    _empty_beside(target).rmdir()
    for folder in missing:
        folder.rmdir()


def _empty_beside(target: Path) -> Path:
    if target.is_file():
        raise InputError(f"{target} is a file, a folder is to be written there. Move it away.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(
            f"Nothing can be written to {target.parent} ({error.strerror}). "
            "Give another folder with --reports or `reports:` in the config, or mend its rights."
        ) from error


@contextmanager
def replace_file(target: Path) -> Iterator[Path]:
    """Gives an empty file beside ``target`` to write into; on success it takes the place of ``target``.

    On any error, Ctrl-C included, it is removed and ``target`` stays. Raises ``InputError`` when nothing can be written
    there; its folder is not made.
    """
    if target.is_dir():
        raise InputError(f"{target} is a folder, a file is to be written there. Give the file another name.")
    draft = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        draft = Path(name)
        yield draft
        draft.chmod(0o644)
        os.replace(draft, target)
    except BaseException as error:
        if draft is not None:
            draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(
                f"Nothing can be written to {target.parent} ({error.strerror}). Give another folder or mend its rights."
            ) from error
        raise
