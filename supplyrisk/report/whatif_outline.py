"""The document of scenarios: a chapter each, how they compare, and what a run cannot tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from supplyrisk.report.content import Table, WhatIfPart
from supplyrisk.report.document import Bullets, Document, Item, Paragraph, Section
from supplyrisk.report.outline import whatif_blocks
from supplyrisk.report.wording import Wording


def whatif_outline(parts: Sequence[WhatIfPart], beside: Table | None, as_of: date, wording: Wording) -> Document:
    """Scenarios in the order given; ``beside`` sets them next to each other where there are several."""
    words = wording.catalogue["page"]
    chapters = [Section(part.anchor, part.title, tuple(whatif_blocks(part, 3))) for part in parts]
    if beside is not None:
        chapters.append(Section("comparison", wording.page("whatif_comparison"), (beside,)))
    limits = Bullets(tuple(Item(text) for text in words["whatif_cannot"]))
    chapters.append(Section("cannot", wording.page("cannot"), (limits,), boxed=True))
    lead = Paragraph(wording.page("whatif_lead")), Paragraph(wording.page("as_of", day=wording.day(as_of)) + ".")
    return Document(wording.language, wording.page("whatif_title"), lead, tuple(chapters), "", words)
