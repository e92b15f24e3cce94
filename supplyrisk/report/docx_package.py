"""DOCX packages: parts under their names, written so that the same parts give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

CONTENT_TYPES = "[Content_Types].xml"
_FIRST = (CONTENT_TYPES, "_rels/.rels")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The package: types and relationships first, then by name; no clock, no name of a system."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name in sorted(parts, key=lambda name: (name not in _FIRST, name)):
            entry = ZipInfo(name, _EARLIEST)
            entry.create_system = _UNIX
            entry.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return stream.getvalue()


def unpacked(package: bytes) -> dict[str, bytes]:
    """The parts of a package by name. Raises ``BadZipFile`` for bytes that are none."""
    with ZipFile(BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
