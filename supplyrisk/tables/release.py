"""Tables as released: hash, size and rows of each stand in datapackage.json, so that a changed table is seen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from supplyrisk.foundation.errors import InputError
from supplyrisk.tables.contract import read_contracts

FILE = "datapackage.json"
HASH_PREFIX = "sha256:"
MEND = (
    "Take the released file back (`git checkout -- data` in a checkout, else install anew). Figures of your own belong "
    "in the overlay folder (`overlay:` in the config), which changes no table. Whoever changes the data on purpose "
    f"writes the hashes in {FILE} anew with `make docs` in a checkout."
)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Contents:
    """What a file holds: SHA-256 of its bytes, their number, and its rows (lines below the head)."""

    sha256: str
    size_bytes: int
    rows: int


def contents_of(data: bytes) -> Contents:
    """Hash, size and rows of the bytes of a table."""
    return Contents(sha256(data).hexdigest(), len(data), max(len(data.splitlines()) - 1, 0))


@dataclass(frozen=True)
class TableState:
    """A table beside its release. ``released`` is None where the release has no such table, ``here`` without a file.

    ``same_text``: equal but for line ends and byte order mark, which reading passes over.
    """

    table: str
    released: Contents | None
    here: Contents | None
    same_text: bool

    @property
    def is_as_released(self) -> bool:
        """Whether every figure is that of the release."""
        return self.same_text or (self.here is not None and self.here == self.released)

    @property
    def told(self) -> str:
        """Rows and hash beside those of the release, in words."""
        if self.released is None:
            return f"{FILE} has no such table"
        released = f"{self.released.rows:,} rows released"
        if self.here is None:
            return f"the file is missing, {released}"
        ours, theirs = (one.sha256[:_SHOWN_DIGITS] for one in (self.here, self.released))
        if self.here == self.released:
            return f"{released}, sha256 {theirs}"
        hashes = f"sha256 of the bytes is {ours}, released {theirs}"
        if self.same_text:
            return f"{released}, same text; only line ends or the byte order mark differ ({hashes})"
        lacking = self.released.rows - self.here.rows
        apart = f"{abs(lacking):,} {'missing' if lacking > 0 else 'too many'}" if lacking else "the text differs"
        return f"{self.here.rows:,} rows here, {released}: {apart} ({hashes})"


def compare_with_release(folder: Path) -> tuple[TableState, ...]:
    """Every table of a data folder, and of its datapackage.json, as it is and as it was released; by name.

    Raises ``InputError`` where datapackage.json is missing, cannot be read, or does not tell a hash.
    """
    released = _released(folder)
    files = {name: contract.file for name, contract in read_contracts(folder).items()}
    files |= {name: str(resource["path"]) for name, resource in released.items()}
    return tuple(_state(name, folder / files[name], released.get(name)) for name in sorted(files))


def _released(folder: Path) -> dict[str, dict[str, Any]]:
    path = folder / FILE
    if not path.is_file():
        raise InputError(f"{FILE}: the file is missing in {folder}, so nothing tells the tables as released. {MEND}")
    try:
        resources = {str(one["name"]): one for one in json.loads(path.read_text(encoding="utf-8"))["resources"]}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{FILE}: the file cannot be read ({error}). {MEND}") from error
    for name, resource in resources.items():
        lacking = [key for key in ("path", "hash", "bytes", "rows") if key not in resource]
        if lacking or not str(resource["hash"]).startswith(HASH_PREFIX):
            raise InputError(f"{FILE}: {name} lacks {', '.join(lacking) or f'a hash with {HASH_PREFIX}'}. {MEND}")
    return resources


def _state(table: str, path: Path, resource: dict[str, Any] | None) -> TableState:
    released = None
    if resource is not None:
        digest = str(resource["hash"]).removeprefix(HASH_PREFIX)
        released = Contents(digest, int(resource["bytes"]), int(resource["rows"]))
    if not path.is_file():
        return TableState(table, released, None, same_text=False)
    data = path.read_bytes()
    text = data.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n")
    same_text = released is not None and contents_of(text) == released
    return TableState(table, released, contents_of(data), same_text)
