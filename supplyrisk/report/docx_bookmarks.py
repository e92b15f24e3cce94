"""Places of a Word document that links lead to, under names that Word takes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from supplyrisk.report.content import Table
from supplyrisk.report.document import Document, Heading
from supplyrisk.report.docx_xml import bookmark

_LONGEST_NAME = 40


class Bookmarks:
    """The bookmarks of a document, each set once, where its anchor first stands."""

    def __init__(self, document: Document) -> None:
        self._names = bookmark_names(_anchors(document))
        self._numbers: dict[str, int] = {}

    def name(self, anchor: str) -> str | None:
        """Name of the bookmark of an anchor; None for one that the document does not have."""
        return self._names.get(anchor)

    def mark(self, anchor: str, content: str) -> str:
        """The content inside the bookmark of its anchor, if it has one that is not set yet."""
        name = self._names.get(anchor)
        if name is None or name in self._numbers:
            return content
        self._numbers[name] = len(self._numbers) + 1
        return bookmark(name, self._numbers[name], content)


def bookmark_names(anchors: Sequence[str]) -> dict[str, str]:
    """A name for each anchor that Word takes: a letter first, then letters, digits and _, 40 at most, none twice."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for anchor in dict.fromkeys(anchors):
        plain = re.sub(r"[^A-Za-z0-9_]", "_", anchor)
        plain = (plain if plain[:1].isalpha() else f"a_{plain}")[:_LONGEST_NAME]
        name, count = plain, 1
        while name.casefold() in taken:
            count += 1
            name = f"{plain[: _LONGEST_NAME - len(str(count)) - 1]}_{count}"
        taken.add(name.casefold())
        names[anchor] = name
    return names


def _anchors(document: Document) -> list[str]:
    anchors: list[str] = []
    for block in document.blocks():
        if isinstance(block, Heading):
            anchors.append(block.anchor)
        elif isinstance(block, Table) and not block.folded:
            anchors += block.anchors
    return [anchor for anchor in anchors if anchor]
