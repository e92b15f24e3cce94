"""What measures do to headline scores and to targets: a table a region, one a measure, and one of all targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from supplyrisk.mitigation.compliance import AS_MEAN, RECYCLED_CONTENT, STATED, moved
from supplyrisk.mitigation.score_changes import ONLY_STOCKS, SCALES, UNMOVED
from supplyrisk.mitigation.score_values import HEADLINE_SCORES, HIGHER_IS_BETTER
from supplyrisk.network.places import WORLD
from supplyrisk.report.content import ChapterPart, Table
from supplyrisk.report.wording import Wording

_COUNTED = ("better", "worse", "open", "no_range", "stay", "unknown")
"""Scores that get better, that get worse, of which the direction is open, that have no range, that stay, not known."""


def scores_part(
    scores: pl.DataFrame, titles: Mapping[str, str], focus: Sequence[str], wording: Wording
) -> ChapterPart | None:
    """A table a region of what all measures do to the scores; None where nothing was worked out.

    ``scores`` in score_changes.SCORES; ``titles`` by measure, in the order of the rows.
    """
    tables = [table for region in focus if (table := scores_table(scores, titles, region, wording)) is not None]
    if not tables:
        return None
    note = wording.page("measures_scores_note")
    return ChapterPart("measures-scores", wording.page("measures_scores"), note, tables=tuple(tables))


def scores_table(scores: pl.DataFrame, titles: Mapping[str, str], region: str, wording: Wording) -> Table | None:
    """How many scores of a region each measure moves for the better and the worse, and the largest move of each."""
    own = scores.filter(pl.col("region") == region)
    if own.is_empty():
        return None
    rows = []
    for measure, title in titles.items():
        of_measure = own.filter(pl.col("measure") == measure)
        if of_measure.is_empty():
            continue
        first = next(iter(_largest(of_measure).iter_rows(named=True)), None)
        only_stocks = not of_measure.filter(pl.col("reason") == ONLY_STOCKS).is_empty()
        told = wording.page("measures_no_share") if only_stocks else "–"
        if first is not None:
            told = wording.page("measures_largest_of", of=_of(first, wording), **_ends(first, wording))
        rows.append((title, *map(wording.integer, _counts(of_measure).values()), told))
    keys = ("measure", *_COUNTED, "largest")
    header = tuple(wording.page(f"measures_{key}") for key in keys)
    caption = wording.page("measures_scores_table", region=wording.format_place(region))
    return Table(caption, header, tuple(rows), frozenset(range(1, len(keys) - 1)))


def scores_of_measure(
    scores: pl.DataFrame, measure: str, title: str, focus: Sequence[str], wording: Wording
) -> tuple[str, Table | None]:
    """What is said of the scores on the page of a measure, and each where it moves most, by region and in the world."""
    own = scores.filter(pl.col("measure") == measure)
    if own.is_empty():
        return "", None
    if not own.filter(pl.col("reason") == ONLY_STOCKS).is_empty():
        count = own.filter(pl.col("reason") == ONLY_STOCKS)["scores"].sum()
        return wording.page("measures_only_stocks", count=wording.integer(count)), None
    parts, rows = [], []
    for region in (*focus, WORLD):
        here = own.filter(pl.col("region") == region)
        if here.is_empty():
            continue
        place = wording.format_place(region)
        counts = {name: wording.integer(count) for name, count in _counts(here).items()}
        parts.append(wording.page("measures_scores_counts", region=place, **counts))
        first = _largest(here).unique("score", keep="first", maintain_order=True)
        order = pl.col("score").replace_strict({name: place for place, name in enumerate(HEADLINE_SCORES)})
        rows += [_row(row, place, wording) for row in first.sort(order).iter_rows(named=True)]
    keys = ("region", "score", "score_of", "days_before", "days_after", "score_change")
    header = tuple(wording.page(f"measures_{key}") for key in keys)
    table = Table(wording.page("measures_scores_of", measure=title), header, tuple(rows), frozenset({3, 4, 5}))
    return wording.page("measures_scores_moved", parts="; ".join(parts)), table if rows else None


def compliance_part(compliance: pl.DataFrame, titles: Mapping[str, str], wording: Wording) -> ChapterPart | None:
    """Targets that a measure moves, before and after, with the verdict on both; None where nothing was looked at."""
    if compliance.is_empty():
        return None
    told = moved(compliance)
    rows = tuple(
        (
            title,
            _target(row, wording),
            f"{wording.catalogue['directions'][row['direction']]} {wording.number(row['target'], 0)} %",
            _percent(row["before"], wording),
            _percent(row["after"], wording),
            wording.interval(_percent(row["low_after"], wording), _percent(row["high_after"], wording)),
            _verdicts(row, wording),
        )
        for measure, title in titles.items()
        for row in told.filter(pl.col("measure") == measure).iter_rows(named=True)
    )
    keys = ("measure", "target", "line", "days_before", "days_after", "after_range", "verdicts")
    header = tuple(wording.page(f"measures_{key}") for key in keys)
    caption = wording.page("measures_targets_table")
    table = Table(caption, header, rows, frozenset({2, 3, 4, 5}))
    counts = {
        "count": compliance.height, "moved": told.height,
        "unknown": compliance.filter(pl.col("before").is_null() & pl.col("after").is_null()).height,
    }  # fmt: skip
    note = wording.page("measures_targets_note", **{name: wording.integer(count) for name, count in counts.items()})
    return ChapterPart("measures-targets", wording.page("measures_targets"), note, tables=(table,) if rows else ())


def _counts(own: pl.DataFrame) -> dict[str, int]:
    """Scores by what they do, as ``_COUNTED``: the direction is open where the range holds nought.

    What moves without a range is no sure change either way, and what is not known on one side is not known.
    """
    change = pl.when(pl.col("score").is_in(list(HIGHER_IS_BETTER))).then(-pl.col("change")).otherwise(pl.col("change"))
    known = own.filter(pl.col("change").is_not_null())
    ranged = known.filter(pl.col("low").is_not_null() & pl.col("high").is_not_null())
    sure = ranged.filter((pl.col("low") >= 0.0) | (pl.col("high") <= 0.0))
    better = sure.filter(change < 0.0).height
    stay = int(own.filter(pl.col("reason").is_in(list(UNMOVED)))["scores"].sum())
    unknown = int(own["scores"].sum()) - known.height - stay
    found = (better, sure.height - better, ranged.height - sure.height, known.height - ranged.height, stay, unknown)
    return dict(zip(_COUNTED, found, strict=True))


def _largest(own: pl.DataFrame) -> pl.DataFrame:
    scale = pl.col("unit").replace_strict(SCALES, default=1.0, return_dtype=pl.Float64)
    known = own.filter(pl.col("change").is_not_null())
    size = (pl.col("change").abs() / scale).round(9)
    return known.sort(size, "score", "product_id", "end_product", descending=[True, False, False, False])


def _row(row: Mapping[str, Any], place: str, wording: Wording) -> tuple[str, ...]:
    ends = _ends(row, wording)
    change = _signed(row["change"], row["unit"], wording)
    if row["low"] is not None:
        change = wording.with_interval(change, *(_signed(row[end], row["unit"], wording) for end in ("low", "high")))
    name = wording.capital(str(wording.catalogue["metrics"][row["score"]]))
    return (wording.capital(place), name, _subject(row, wording), ends["before"], ends["after"], change)


def _of(row: Mapping[str, Any], wording: Wording) -> str:
    subject = _subject(row, wording)
    return f"{wording.catalogue['metrics'][row['score']]}, {subject}"


def _subject(row: Mapping[str, Any], wording: Wording) -> str:
    """What a score is of, and of which country where it is that of one."""
    product, end = row["product_id"], row["end_product"]
    if product is None:
        told = wording.format_end(end)
    elif end is None:
        told = wording.format_product(product)
    else:
        told = wording.page("measures_behind", product=wording.format_product(product), end=wording.format_end(end))
    codes = dict.fromkeys(code for code in (row["country_before"], row["country_after"]) if code)
    return f"{told} ({' → '.join(map(wording.format_place, codes))})" if codes else told


def _ends(row: Mapping[str, Any], wording: Wording) -> dict[str, str]:
    return {end: _value(row[end], row["unit"], wording) for end in ("before", "after")}


def _value(value: float, unit: str, wording: Wording) -> str:
    if unit == "index_10000":
        return wording.integer(round(value))
    return wording.number(value, 1) if unit == "index_10" else wording.format_percent(value)


def _signed(value: float, unit: str, wording: Wording) -> str:
    if unit == "index_10000":
        return wording.signed(value, 0)
    return wording.signed(value, 1) if unit == "index_10" else wording.signed_points(value)


def _target(row: Mapping[str, Any], wording: Wording) -> str:
    name = wording.capital(wording.format_target(row["metric"]))
    if row["metric"] == RECYCLED_CONTENT:
        due, material = row["due"][:4], wording.format_material(row["material_id"])
        if row["year"] is None or str(row["year"]) == due:
            return wording.page("measures_content_of", name=name, material=material, year=due)
        words = {"name": name, "material": material, "year": due}
        return wording.page("measures_content_of_year", known=row["year"], **words)
    return wording.page("measures_as_mean", name=name) if row["counted_as"] == AS_MEAN else name


def _percent(value: float | None, wording: Wording) -> str:
    return "–" if value is None else wording.format_percent1(value / 100.0)


def _verdicts(row: Mapping[str, Any], wording: Wording) -> str:
    names = wording.catalogue["measured_verdicts"]
    before, after = (str(names[row[f"verdict_{end}"]]) for end in ("before", "after"))
    told = before if before == after else f"{before} → {after}"
    if row["concerned"] is not None and row["reached_before"] != row["reached_after"]:
        words = {"before": row["reached_before"], "after": row["reached_after"], "concerned": row["concerned"]}
        told = f"{told}; {wording.page('measures_reached', known=row['with_figures_after'], **words)}"
    return f"{told} {wording.page('measures_stated')}" if row["reason"] == STATED else told
