"""What changed since last quarter: sentences, counts by reason, and the largest changes with their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from supplyrisk.findings.change import HEADLINE_METRICS
from supplyrisk.findings.finding import Finding
from supplyrisk.report.content import ChangeChapter, Sentence, Table
from supplyrisk.report.moved_words import moved_words
from supplyrisk.report.wording import Wording
from supplyrisk.scores.change import PARTS, ChangeClass

_OUTLOOK = "outlook_"
_SHOWN = 25
_TOLD_IN_A_NOTE = 3
"""Rows that give the same reason before it is told once, in a note."""


@dataclass(frozen=True)
class ChangeGiven:
    """A comparison of two quarters (scores.change) and what it rests on.

    ``run``: the kept older report, None where it was not kept; ``other_settings``: settings in which it differs from
    today's; ``other_runs``: further kept runs of that quarter; ``printed_otherwise``: number of scores that the kept
    newer report printed otherwise.
    """

    older: str
    newer: str
    days: tuple[date, date]
    run: str | None
    other_settings: Sequence[str]
    other_runs: Sequence[str]
    printed_otherwise: int | None
    changes: pl.DataFrame
    findings: Sequence[Finding]


def change_chapter(given: ChangeGiven | None, wording: Wording) -> ChangeChapter:
    """The chapter: findings, how to read them and what they rest on, counts by reason and the largest changes.

    Without a kept report of the quarter before (``given`` None) it says so.
    """
    texts = wording.catalogue["change"]
    if given is None:
        return ChangeChapter("change", str(texts["title"]), (), (str(texts["none_kept"]),), ())
    shown = headlines(given.changes).filter(pl.col("change").is_not_null()).head(_SHOWN)
    shared = _shared(shown, wording)
    tables = (summary_table(given, wording), _largest(shown, shared, given, wording))
    told = (str(texts["shared"]).format(number=number, why=why) for why, number in shared.items())
    notes = (*change_notes(given, wording), *told)
    return ChangeChapter("change", str(texts["title"]), change_sentences(given, wording), notes, tables)


def change_sentences(given: ChangeGiven, wording: Wording) -> tuple[Sentence, ...]:
    """The findings in words."""
    return tuple(
        Sentence(_sentence(finding, given, wording), finding.confidence, finding.score_keys)
        for finding in given.findings
    )


def change_notes(given: ChangeGiven, wording: Wording) -> list[str]:
    """How to read the comparison, and what is to be known of the older and the newer report."""
    texts = wording.catalogue["change"]
    older_day, newer_day = (wording.day(day) for day in given.days)
    words = {"older": given.older, "newer": given.newer, "older_day": older_day, "newer_day": newer_day}
    notes = [str(texts["note"]).format(**words), str(texts["risk"]).format(**words)]
    notes.append(str(texts["not_kept" if given.run is None else "kept"]).format(run=given.run))
    if given.other_settings:
        notes.append(str(texts["other_settings"]).format(settings=", ".join(given.other_settings)))
    if given.other_runs:
        notes.append(str(texts["other_runs"]).format(older=given.older, runs=", ".join(given.other_runs)))
    if given.printed_otherwise:
        notes.append(str(texts["printed_otherwise"]).format(newer=given.newer, count=given.printed_otherwise))
    return notes


def summary_table(given: ChangeGiven, wording: Wording) -> Table:
    """Number of scores by reason; every reason is listed, also with none."""
    texts = wording.catalogue["change"]
    counts = dict(given.changes.group_by("class").len().iter_rows())
    rows = tuple((str(texts["classes"][one.value]), wording.integer(counts.get(one.value, 0))) for one in ChangeClass)
    header = (str(texts["columns"]["class"]), str(texts["columns"]["count"]))
    return Table(str(texts["summary"]), header, rows, frozenset({1}))


def with_why(given: ChangeGiven, wording: Wording) -> pl.DataFrame:
    """The changes with ``why`` in words: editions, what moved on, rows that came in and went out."""
    why = ["; ".join(_why(row, wording)) or None for row in given.changes.iter_rows(named=True)]
    return given.changes.with_columns(pl.Series("why", why, dtype=pl.String))


def headlines(changes: pl.DataFrame) -> pl.DataFrame:
    """Changes of the main scores, those that did not change left out."""
    main = pl.col("metric").is_in(HEADLINE_METRICS)
    return changes.filter(main & (pl.col("class") != ChangeClass.no_change.value))


def _shared(shown: pl.DataFrame, wording: Wording) -> dict[str, str]:
    """Reasons that several rows give, the commonest first, with the number that stands for each: (1), (2)."""
    counts = Counter(part for row in shown.iter_rows(named=True) for part in _why(row, wording))
    several = [part for part, count in counts.most_common() if count >= _TOLD_IN_A_NOTE]
    return {part: f"({number})" for number, part in enumerate(several, 1)}


def _largest(shown: pl.DataFrame, shared: Mapping[str, str], given: ChangeGiven, wording: Wording) -> Table:
    texts = wording.catalogue["change"]
    columns: Mapping[str, str] = texts["columns"]
    rows = tuple(
        (
            _score(row, given, wording),
            _amount(row["before"], row["unit"], wording),
            _amount(row["after"], row["unit"], wording),
            *(_difference(row[name], row["unit"], wording, "") for name in ("change", *PARTS)),
            str(texts["classes"][row["class"]]),
            _years(row),
            "; ".join(shared.get(part, part) for part in _why(row, wording)),
        )
        for row in shown.iter_rows(named=True)
    )
    header = (
        columns["score"],
        columns["before"].format(quarter=given.older),
        columns["after"].format(quarter=given.newer),
        *(columns[name] for name in ("change", *PARTS, "class", "years", "why")),
    )
    return Table(str(texts["table"]), header, rows, frozenset(range(1, 8)))


def _years(row: Mapping[str, Any]) -> str:
    years = [str(row[name]) for name in ("year_before", "year_after") if row[name] is not None]
    return " → ".join(dict.fromkeys(years))


def _why(row: Mapping[str, Any], wording: Wording) -> list[str]:
    texts = wording.catalogue["change"]
    if row["class"] == ChangeClass.no_change.value:
        return []
    parts = []
    older, newer = row["edition_before"], row["edition_after"]
    if older is not None and newer is not None and older != newer:
        parts.append(str(texts["replaced"]).format(older=_edition(older, wording), newer=_edition(newer, wording)))
    if row["moved"]:
        parts.append(str(texts["moved"]).format(moved=moved_words(row["moved"], wording)))
    if row["country_before"]:
        older, newer = (wording.format_place(row[name]) for name in ("country_before", "country"))
        parts.append(str(texts["supplier"]).format(older=older, newer=newer))
    came = 0 if row["rows_in"] is None else len(row["rows_in"])
    if came or row["rows_out"]:
        parts.append(str(texts["rows"]).format(rows_in=came, rows_out=row["rows_out"] or 0))
    return parts


def _edition(edition: str, wording: Wording) -> str:
    """Name of an edition; several together, or a model's own, stand by their ids."""
    return wording.format_edition(edition) if edition in wording.names.editions else edition


def _sentence(finding: Finding, given: ChangeGiven, wording: Wording) -> str:
    text = str(wording.catalogue["change"]["findings"][finding.message_id])
    words = {"older": given.older, "newer": given.newer, **finding.numbers}
    if "metric" in words:
        unit = words["unit"]
        words["score"] = _score(words, given, wording)
        words |= {name: _amount(words[name], unit, wording) for name in ("before", "after")}
        words["part"] = _difference(words["part"], unit, wording, str(wording.catalogue["change"]["points"]))
    words |= {
        name: wording.integer(words[name])
        for name in ("total", "compared", "same", "changed", "single", "count")
        if name in words
    }
    return wording.capital(text.format(**words))


def _score(row: Mapping[str, Any], given: ChangeGiven, wording: Wording) -> str:
    """What a score is called: its metric, what it is of, and where."""
    texts = wording.catalogue["change"]
    name = str(wording.catalogue["metrics"][row["metric"]])
    if row["material_id"] is not None:
        material = wording.format_material(row["material_id"])
        name = str(texts["subject"]).format(metric=name, subject=material)
    elif row["product_id"] is not None:
        name = str(texts["subject"]).format(metric=name, subject=wording.format_product(row["product_id"]))
    elif row["stage"] is not None:
        name = str(texts["subject"]).format(metric=name, subject=str(wording.catalogue["stages"][row["stage"]]))
    if row["end_product"] is not None and row["product_id"] is not None:
        name = str(texts["behind"]).format(subject=name, end=wording.format_end(row["end_product"]))
    scope = None if row["scope"] == "world" else row["scope"]
    for place in (row["country"], scope):
        if place is not None:
            name = str(texts["in_place"]).format(subject=name, place=wording.format_place(place))
    if row["scenario"].startswith(_OUTLOOK):
        name = str(texts["outlook"]).format(subject=name, year=row["scenario"].removeprefix(_OUTLOOK))
    return name


def _amount(value: float, unit: str, wording: Wording) -> str:
    if unit == "fraction":
        return wording.format_percent1(value)
    return wording.number(value, _decimals(unit))


def _difference(value: float | None, unit: str, wording: Wording, points: str) -> str:
    """A difference with its sign; of shares in percentage points, followed by ``points``."""
    if value is None:
        return "–"
    if unit in ("fraction", "fraction_difference"):
        return wording.signed(100.0 * value, 1) + points
    return wording.signed(value, _decimals(unit))


def _decimals(unit: str) -> int:
    return {"index_10000": 0, "index_10000_per_year": 0, "count": 0, "flag": 0}.get(unit, 2)
