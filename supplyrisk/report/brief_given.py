"""What a policy brief is made from, and the words it is told in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from supplyrisk.findings.brief import Hardest
from supplyrisk.findings.brief_measures import MOST_NAMED, Effect
from supplyrisk.findings.exposure import Exposure
from supplyrisk.findings.finding import Finding
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.mitigation.value_path_tables import ValuePathTables
from supplyrisk.report.brief_topics import Topic
from supplyrisk.report.content import Sentence, SourceLine
from supplyrisk.report.document import Findings
from supplyrisk.report.per_euro_part import ratio_with_range
from supplyrisk.report.wording import Names, Wording

Titles = Mapping[str, Mapping[str, str]]
_NAMED = 4


@dataclass(frozen=True)
class StageValue:
    """European part of the value added at one stage of the batteries used in a region, in a year."""

    stage: str
    region: str
    year: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class DrawsBehind:
    """Draws of events and sets of uncertain numbers behind losses that measures avoid.

    ``draws`` and ``sets`` of the screening, 0 where nothing was simulated; ``leader_draws`` and ``leader_sets``: fresh
    ones, on which what led there is told, 0 where nothing did.
    """

    draws: int = 0
    sets: int = 0
    leader_draws: int = 0
    leader_sets: int = 0


@dataclass(frozen=True)
class BriefGiven:
    """What a brief is made from, without language.

    ``message`` … ``helps``: findings by part; ``shown``: the exposures in the table, of ``followed`` products;
    ``value``: by stage, for the topic of value added, with ``path``, the way to the target; ``titles`` and
    ``summaries``: of scenarios and measures, by language; ``assumed``: how many of the products shown have suppliers
    that are assumed; ``weak``: how many have world output of grade C or D; ``drawn``: what the comparison of
    measures, or the way to the target, rests on; ``later``: measures that rest on figures not public yet on the day;
    ``without_measures``: why there is none, or no way to the target.
    """

    topic: Topic
    quarter: str
    as_of: date
    run: str
    regions: Sequence[str]
    message: Sequence[Finding]
    why: Sequence[Finding]
    whatif: Sequence[Finding]
    helps: Sequence[Finding]
    sources: Sequence[SourceLine]
    exposed: Sequence[Finding] = ()
    shown: Sequence[Exposure] = ()
    followed: int = 0
    value: Sequence[StageValue] = ()
    hardest: Hardest | None = None
    effects: Sequence[Effect] = ()
    titles: Titles = field(default_factory=dict)
    summaries: Titles = field(default_factory=dict)
    assumed: int = 0
    weak: int = 0
    drawn: DrawsBehind = DrawsBehind()
    later: frozenset[str] = frozenset()
    without_measures: NotKnown | None = None
    path: ValuePathTables | None = None


class BriefWording(Wording):
    """Wording with the names that briefs need besides: scenarios, measures, forms of goods."""

    def __init__(self, language: str, names: Names, titles: Titles) -> None:
        super().__init__(language, names)
        self.titles = titles

    def sentence(self, finding: Finding) -> str:
        """The sentence of a finding: of the brief, else of the report."""
        own: Mapping[str, str] = self.catalogue["brief"]["findings"]
        if finding.message_id not in own:
            return super().sentence(finding)
        return self.capital(self.vformat(own[finding.message_id], (), dict(finding.numbers)))

    def told(self, findings: Sequence[Finding]) -> tuple[Sentence, ...]:
        """Sentences with how sure they are and what they come from."""
        return tuple(Sentence(self.sentence(one), one.confidence, one.score_keys) for one in findings)

    def findings(self, findings: Sequence[Finding]) -> tuple[Findings, ...]:
        """The findings as a block of a document; nothing where there are none."""
        return (Findings(self.told(findings)),) if findings else ()

    def brief(self, key: str, **values: object) -> str:
        """A text of the brief, with plain values filled in."""
        return str(self.catalogue["brief"][key]).format(**values)

    def drawn(self, note: str, leaders: str, drawn: DrawsBehind) -> str:
        """The text ``note`` with draws and sets, then ``leaders`` with the fresh ones where there are any."""
        text = self.brief(note, draws=self.integer(drawn.draws), sets=drawn.sets)
        if drawn.leader_draws == 0:
            return text
        return f"{text} {self.brief(leaders, draws=self.integer(drawn.leader_draws), sets=drawn.leader_sets)}"

    def format_titled(self, name: str) -> str:
        """Title of a scenario or measure, in quotation marks of the language."""
        return self.quoted(self.titles[name][self.language])

    def format_titles(self, names: Sequence[str]) -> str:
        """Titles of several, as a list."""
        return self.listed([self.format_titled(name) for name in names])

    def format_first_titles(self, names: Sequence[str]) -> str:
        """Titles of the first few, and how many others there are."""
        named = [self.format_titled(name) for name in names[:MOST_NAMED]]
        more = len(names) - len(named)
        return self.listed([*named, *([self.brief("others", count=more)] if more else [])])

    def format_days(self, value: float) -> str:
        """Days, none as 0."""
        return "0" if abs(value) < 0.05 else super().format_days(value)

    def format_goods(self, goods: Sequence[str]) -> str:
        """Names of products and materials as a list, the first few."""
        products = self.names.products
        named = [self.format_product(name) if name in products else self.format_material(name) for name in goods]
        more = len(named) - _NAMED + 1
        return self.listed(named if len(named) <= _NAMED else [*named[: _NAMED - 1], self.brief("others", count=more)])

    def format_ratio(self, value: tuple[float, float | None, float | None]) -> str:
        """What an avoided euro costs, with its range: 2.1 (0.5 to > 1,000)."""
        return ratio_with_range(value, self).replace("> ", ">\u00a0")

    def share_cell(self, value: float, low: float, high: float) -> str:
        """A share with its range in a table: 86 % (79–92 %)."""
        return self.with_interval(*(self.format_percent(part) for part in (value, low, high)))

    def share_without_range(self, value: float, why: str) -> str:
        """A share that has no range in a table, with why: 100 %, by assumption."""
        return str(self.catalogue["brief"]["without_range"][why]).format(share=self.format_percent(value))

    def format_form(self, form: str) -> str:
        """Which forms of goods a restriction holds for; nothing is said where it holds for all."""
        return str(self.catalogue["brief"]["forms"].get(form, ""))

    def format_range(self, share: tuple[float, float, float]) -> str:
        """A share with its range: 86 % (79 % to 92 %); the share alone where both ends meet it."""
        value, low, high = (self.format_percent(part) for part in share)
        return self.ranged(value, low, high)
