"""Sources of a report: every row that it rests on counts once for each of its sources."""

from __future__ import annotations

import polars as pl

from supplyrisk.report.quality_annex import SOURCED, source_lines

SOURCES = pl.DataFrame(
    {
        "source_id": ["a", "b", "c"], "title": ["A", "B", "C"], "publisher": ["P", "P", "P"],
        "edition": [None, "2", "3"], "url": [None, "u", "u"], "licence": ["l", None, "l"],
        "licence_status": ["open", "open", "unclear"],
    }
)  # fmt: skip


def test_a_row_counts_once_for_each_of_its_sources() -> None:
    empty = pl.DataFrame(schema={"row_id": pl.String, "source_ids": pl.String})
    tables = dict.fromkeys(SOURCED, empty) | {
        "sources": SOURCES,
        "production": pl.DataFrame({"row_id": ["production.x", "production.y"], "source_ids": ["a;b", "c"]}),
        "parameters": pl.DataFrame({"row_id": ["parameters.x"], "source_ids": ["b"]}),
    }
    scores = pl.DataFrame({"input_row_ids": [["production.x"], ["production.x"]]})
    lines = source_lines(tables, scores, frozenset({"parameters.x"}))
    assert {line.source_id: line.used for line in lines} == {"a": 1, "b": 2}
