"""What a report says, ready for any renderer: sentences, tables and figures in one language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ROOT = re.compile(r"<svg\b[^>]*>")
_POINTS = {"pt": 1.0, "px": 0.75, "": 0.75}


@dataclass(frozen=True)
class Sentence:
    """A rendered finding, how sure it is, and the keys of the scores it comes from."""

    text: str
    confidence: str
    score_keys: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A chart as SVG with its caption; ``alt`` says in words what it shows and may not be empty.

    ``data``: what the chart shows as CSV text, with its full digits; a figure written as a file has to have it. A
    ``wide`` one scrolls sideways on a narrow screen instead of shrinking until its text cannot be read.
    """

    name: str
    svg: str
    caption: str
    alt: str
    wide: bool = False
    data: str = ""

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise ValueError(f"the figure {self.name} has no alt text")

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points. Raises ``ValueError`` where the chart states none."""
        root = _ROOT.search(self.svg)
        stated = dict(re.findall(r'\s(width|height)="([\d.]+(?:pt|px)?)"', root.group() if root else ""))
        if len(stated) != 2:
            raise ValueError(f'the figure {self.name} states no width and height in points (width="…pt")')
        return _points(stated["width"]), _points(stated["height"])


def _points(length: str) -> float:
    number = length.rstrip("ptx")
    return float(number) * _POINTS[length.removeprefix(number)]


@dataclass(frozen=True)
class Table:
    """A table with a caption; ``numeric`` names the columns (by position) that are set to the right.

    ``folded``: on a screen its rows show when asked for. ``anchors``: a name for each row that links may lead to;
    ``addresses``: a web address for each row (empty for none), set on the cell of ``address_column``.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    folded: bool = False
    anchors: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    address_column: int = 0


@dataclass(frozen=True)
class ProductPart:
    """One product inside a material's section."""

    anchor: str
    title: str
    subtitle: str
    sentences: tuple[Sentence, ...]
    rows: Table | None


@dataclass(frozen=True)
class MaterialPart:
    """One material's section."""

    anchor: str
    title: str
    figure: Figure | None
    products: tuple[ProductPart, ...]
    onward: tuple[ProductPart, ...]


@dataclass(frozen=True)
class ChapterPart:
    """A part of a chapter, or of what it says of a region: findings, how to read it, then pictures and tables."""

    anchor: str
    title: str
    note: str
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A chapter of parts, each with a note on how to read it."""

    anchor: str
    title: str
    lead: str
    parts: tuple[ChapterPart, ...]


@dataclass(frozen=True)
class RegionPart:
    """What one region uses and who made it."""

    anchor: str
    title: str
    sentences: tuple[Sentence, ...]
    parts: tuple[ChapterPart, ...]


@dataclass(frozen=True)
class NetworkChapter:
    """Who supplies whom, region by region, and what that rests on; without regions ``gap`` says why."""

    gap: str | None
    regions: tuple[RegionPart, ...]
    weak_sentences: tuple[Sentence, ...]
    weak_tables: tuple[Table, ...]


@dataclass(frozen=True)
class WhatIfPart:
    """What a report says on one scenario: sentences by the name of the region."""

    anchor: str
    title: str
    summary: str
    sentences: Mapping[str, tuple[Sentence, ...]]
    figure: Figure | None
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class DisruptionChapter:
    """Choke points region by region, scenarios, and in ``gaps`` scenarios that could not run, with the reason."""

    anchor: str
    title: str
    lead: str
    choke: tuple[ChapterPart, ...]
    scenarios_note: str
    scenarios: tuple[WhatIfPart, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class RiskChapter:
    """Simulated risk region by region, what happened after earlier forecasts, and what events do not cover.

    Without a simulation (too few events known on the day) ``gap`` says why, and the rest is empty.
    """

    anchor: str
    title: str
    lead: str
    gap: str | None
    regions: tuple[RegionPart, ...]
    validation: tuple[ChapterPart, ...]
    cannot_title: str
    cannot: tuple[str, ...]


@dataclass(frozen=True)
class AlertsChapter:
    """Alerts in sentences, how many more there are (``rest``), what was not looked at (``gaps``), and all in tables."""

    anchor: str
    title: str
    lead: str
    gaps: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    rest: str
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class ChangeChapter:
    """What changed since the quarter before: findings, notes on how to read them, tables."""

    anchor: str
    title: str
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class SourceLine:
    """One source as listed at the end."""

    source_id: str
    title: str
    publisher: str
    edition: str
    url: str
    licence: str
    status: str
    used: int

    @property
    def full_title(self) -> str:
        """Its title, with the edition where it has one."""
        return f"{self.title} ({self.edition})" if self.edition else self.title


@dataclass(frozen=True)
class ReportContent:
    """The whole report."""

    language: str
    page: Mapping[str, object]
    title: str
    as_of: str
    headlines: tuple[Sentence, ...]
    alerts: AlertsChapter
    changes: ChangeChapter
    ranking: Table
    ranking_figure: Figure
    heat_figure: Figure
    battery_figure: Figure
    trend_figure: Figure | None
    network: NetworkChapter
    official: Chapter
    policy: Chapter
    disruption: DisruptionChapter
    risk: RiskChapter
    measures: Chapter
    materials: tuple[MaterialPart, ...]
    quality: Sequence[Table]
    cannot: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    made_with: str
