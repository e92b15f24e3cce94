"""A comparison of two quarters as the command shows it: sentences, counts, and the change table."""

from __future__ import annotations

import json

import polars as pl

from supplyrisk.report.change_part import (
    ChangeGiven,
    change_notes,
    change_sentences,
    headlines,
    summary_table,
    with_why,
)
from supplyrisk.report.compose import names_in
from supplyrisk.report.tables_out import records
from supplyrisk.report.wording import Wording
from supplyrisk.runs.diff_run import QuarterDiff
from supplyrisk.scores.change import PARTS, ChangeClass

_ROWS = 60
_OF = ("metric", "product_id", "material_id", "stage", "scope", "country", "end_product", "scenario", "unit")
_WHY = ("edition_before", "edition_after", "moved", "rows_out", "rows_in", "why", "missing_reason")
COLUMNS = (
    *_OF, "before", "after", "change", *PARTS, "class", "sampling_error", "year_before", "year_after", *_WHY,
)  # fmt: skip


def change_given(diff: QuarterDiff) -> ChangeGiven:
    """What the part of the report on changes is made from."""
    asked, older = diff.asked, diff.asked.runs[0]
    return ChangeGiven(
        older=str(asked.before),
        newer=str(asked.after),
        days=asked.days,
        run=None if older is None else older["run_id"],
        other_settings=diff.other_settings,
        other_runs=asked.alternatives,
        printed_otherwise=diff.printed_otherwise,
        changes=diff.changes,
        findings=diff.findings,
    )


class DiffView:
    """Texts and tables of a comparison in one language; ``everything``: also other metrics and what did not change."""

    def __init__(self, diff: QuarterDiff, language: str, everything: bool) -> None:
        self.given = change_given(diff)
        self.wording = Wording(language, names_in(language, diff.tables))
        rows = with_why(self.given, self.wording).select(COLUMNS)
        if not everything:
            changed = rows.filter(pl.col("class") != ChangeClass.no_change.value)
            rows = changed if diff.asked.metrics else headlines(changed)
        self.rows = rows

    def head(self) -> str:
        """Sentences, what they rest on, and the number of scores by reason."""
        sentences = [f"- {sentence.text}" for sentence in change_sentences(self.given, self.wording)]
        counts = summary_table(self.given, self.wording)
        width = max(len(name) for name, _ in counts.rows)
        listed = [f"  {name:<{width}}  {count:>8}" for name, count in counts.rows]
        return "\n".join([*sentences, "", *listed, "", *change_notes(self.given, self.wording), ""]) + "\n"

    def table(self) -> tuple[pl.DataFrame, str]:
        """The first rows for reading, with a line on those left out."""
        classes = dict(self.wording.catalogue["change"]["classes"])
        place = pl.concat_str(
            pl.when(pl.col("scope") != "world").then("scope"), "country", separator=" ", ignore_nulls=True
        )
        behind = [] if self.rows["end_product"].is_null().all() else ["end_product"]
        same_year = pl.col("year_before") == pl.col("year_after")
        earlier = pl.when(~same_year.fill_null(False)).then("year_before")
        shown = self.rows.head(_ROWS).select(
            "metric",
            pl.coalesce("material_id", "product_id", "stage").alias("of"),
            place.alias("place"),
            *behind,
            "before",
            "after",
            "change",
            *(pl.col(name).alias(name.removesuffix("_change").removeprefix("data_")) for name in PARTS),
            pl.col("class").replace(classes),
            pl.concat_str(earlier, "year_after", separator=" → ", ignore_nulls=True).alias("year"),
            "why",
            "missing_reason",
        )
        left = self.rows.height - shown.height
        more = str(self.wording.catalogue["change"]["more"]).format(count=left) + "\n" if left > 0 else ""
        return shown, more

    def as_json(self) -> str:
        """The whole comparison: quarters, days, counts, sentences and changes."""
        given = self.given
        counts = dict(given.changes.group_by("class").len().iter_rows())
        found = {
            "before": {"quarter": given.older, "as_of": given.days[0].isoformat(), "kept_run": given.run},
            "after": {"quarter": given.newer, "as_of": given.days[1].isoformat()},
            "summary": {one.value: counts.get(one.value, 0) for one in ChangeClass},
            "sentences": [sentence.text for sentence in change_sentences(given, self.wording)],
            "notes": change_notes(given, self.wording),
            "changes": records(self.rows),
        }
        return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
