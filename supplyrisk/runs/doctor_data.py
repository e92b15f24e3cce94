"""Checks of the data package: does it hold, how old is what is used, and may it be passed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from supplyrisk.runs.assumptions import AgeLimit
from supplyrisk.runs.doctor_check import Check, Examined, Verdict, counted, told_problems, worst
from supplyrisk.runs.hazard_run import known_events
from supplyrisk.tables.editions import choose_score_edition, score_gaps
from supplyrisk.tables.release import MEND, compare_with_release

_NAMED = 6
"""So many are named in a line; the details have all."""


def check_data(examined: Examined) -> Check:
    """Every contract and every rule between tables."""
    tables, rows = len(examined.data.frames), sum(frame.height for frame in examined.data.frames.values())
    sound = f"{counted(tables, 'table')} with {counted(rows, 'row')}: every contract and rule holds"
    problems = map(str, examined.data.problems)
    return told_problems("data", sound, problems, "Mend the tables; `supplyrisk data check` tells every problem.")


def check_release(examined: Examined) -> Check:
    """Every table beside its hash in datapackage.json; files of the overlay are no part of it."""
    states = compare_with_release(examined.project.data)
    details = tuple({"table": one.table, "as_released": one.is_as_released, "told": one.told} for one in states)
    changed = [one for one in states if not one.is_as_released]
    if not changed:
        return Check("release", f"{counted(len(states), 'table')} as released", details=details)
    named = f"not as released: {_named(one.table for one in changed)}; {changed[0].table}: {changed[0].told}"
    return Check("release", named, Verdict.FAULT, MEND, details)


def check_editions(examined: Examined) -> Check:
    """Which edition stands for how many products on the day, and products that none stands for."""
    chosen = _chosen(examined)
    gaps = score_gaps(examined.package.table("products"), examined.package.table("edition_choice"), chosen)
    counts = (
        chosen.select("product_id", "edition")
        .unique()
        .group_by("edition")
        .len("products")
        .sort("products", "edition", descending=[True, False])
    )
    told = ", ".join(f"{edition} for {count}" for edition, count in counts.iter_rows())
    details = (*counts.iter_rows(named=True), *gaps.iter_rows(named=True))
    if chosen.is_empty():
        mend = "Look from a later day, or leave fewer sources out."
        return Check("editions", "no edition of production was known on the day", Verdict.FAULT, mend, details)
    if gaps.is_empty():
        return Check("editions", f"output of every product is known: {told}", details=details)
    missing = _named(gaps["product_id"])
    found = f"{told}; without an edition: {missing}"
    mend = "The report shows them as missing; a later day or fewer sources left out may fill them."
    return Check("editions", found, Verdict.NOTE, mend, details)


def check_age_of_output(examined: Examined) -> Check:
    """Months since the figures that stand for each product were published.

    Of the rows of a product, the day by which those with half of its output had been published; a row is as old as the
    latest of its sources. A source that came out after the day gave its value in an earlier edition: then the day the
    row was known from counts.
    """
    chosen = _chosen(examined)
    chosen = chosen.with_columns(_published(examined, chosen).alias("published"))
    half = pl.col("value").cum_sum() >= pl.col("value").sum() / 2
    ages = (
        chosen.sort("product_id", "published")
        .group_by("product_id", maintain_order=True)
        .agg(pl.col("edition", "year").first(), pl.col("published").filter(half).first())
    )
    rows = ages.with_columns(_months("published", examined.day)).sort("published", "product_id")
    named = list(rows.select("product_id", "months").iter_rows())
    mend = "Look for a newer edition, or add rows of your own (`overlay:` in the config)."
    return _ages("age_of_output", "product", named, examined.lines().figures_months, mend, rows)


def check_age_of_tables(examined: Examined) -> Check:
    """Months since the newest source of each table of yearly or monthly figures was published."""
    newest = {
        name: _published(examined, examined.package.table(name)).max()
        for name, contract in examined.data.contracts.items()
        if contract.is_fact and contract.period is not None and name in examined.data.frames
    }
    rows = pl.DataFrame(
        list(newest.items()), schema={"table": pl.String, "published": pl.Date}, orient="row"
    ).drop_nulls()
    rows = rows.with_columns(_months("published", examined.day)).sort("published", "table")
    named = list(rows.select("table", "months").iter_rows())
    mend = "Look for a newer edition of its sources."
    return _ages("age_of_tables", "table", named, examined.lines().figures_months, mend, rows)


def _ages(
    check_id: str,
    noun: str,
    named: list[tuple[str, int]],
    limit: AgeLimit,
    mend: str,
    rows: pl.DataFrame,
) -> Check:
    """Ages in months (``named``: the oldest first) beside the two lines."""
    old = [one for one in named if one[1] >= limit.warning]
    ageing = [one for one in named if limit.note <= one[1] < limit.warning]
    young = len(named) - len(old) - len(ageing)
    parts = [
        f"{since} months or older: {_named(f'{name} ({months})' for name, months in group)}"
        for group, since in ((old, limit.warning), (ageing, limit.note))
        if group
    ]
    told = f"{counted(young, noun)} with figures published less than {limit.note} months before"
    if not parts and named:
        told += f", the oldest {named[0][0]} ({named[0][1]})"
    verdict = Verdict.WARNING if old else Verdict.NOTE if ageing else Verdict.OK
    details = tuple(rows.iter_rows(named=True))
    return Check(check_id, "; ".join([*parts, told]), verdict, mend if parts else "", details)


def check_news(examined: Examined) -> Check:
    """Days since the newest event and the newest export restriction that were known and had begun.

    A start told as a month or a year counts from its first day. Restrictions count from the day they were announced,
    where that is told, or began.
    """
    limit = examined.lines().news_days
    events = known_events(examined.package).select("event_id", "what", _day("start").alias("day"))
    announced = pl.max_horizontal(
        pl.when(_day(name) <= examined.day).then(_day(name)) for name in ("announced", "start")
    )
    measures = examined.package.table("export_restrictions").select("measure_id", announced.alias("day"))
    details, verdicts, parts = [], [], []
    for what, rows in (("event", events), ("export restriction", measures)):
        newest = rows.filter(pl.col("day") <= examined.day).sort("day", rows.columns[0]).tail(1)
        if newest.is_empty():
            verdicts.append(Verdict.WARNING)
            parts.append(f"no {what} was known")
            continue
        row = newest.row(0, named=True)
        days = (examined.day - row["day"]).days
        details.append({"newest": what, **row, "days": days})
        verdicts.append(
            Verdict.WARNING if days >= limit.warning else Verdict.NOTE if days >= limit.note else Verdict.OK
        )
        parts.append(f"newest {what} {row['day']}, {counted(days, 'day')} before ({row[rows.columns[0]]})")
    verdict = worst(verdicts)
    mend = "" if verdict is Verdict.OK else "Read the news since then, and add what happened with an overlay."
    return Check("news", "; ".join(parts), verdict, mend, tuple(details))


def check_licences(examined: Examined) -> Check:
    """Rows known on the day that rest on sources of which it is not clear whether they may be passed on.

    Sources that must not be passed on are a fault of the data (tables.checks).
    """
    status = dict(examined.data.frames["sources"].select("source_id", "licence_status").iter_rows())
    marked = [source for source, mark in status.items() if mark == "unclear"]
    rows_of: dict[str, dict[str, int]] = {}
    resting = 0
    for name, contract in examined.data.contracts.items():
        if not contract.is_fact or name not in examined.data.frames:
            continue
        cited = (
            examined.package.table(name)
            .with_columns(pl.col("source_ids").str.split(";").list.set_intersection(marked).alias("marked"))
            .filter(pl.col("marked").list.len() > 0)
        )
        resting += cited.height
        for sources in cited["marked"].to_list():
            for source in sources:
                counts = rows_of.setdefault(source, {})
                counts[name] = counts.get(name, 0) + 1
    details = tuple(
        {"source_id": source, "licence_status": status[source], "rows": sum(counts.values()), "tables": counts}
        for source, counts in sorted(rows_of.items())
    )
    if resting:
        listed = _named(f"{row['source_id']} ({row['rows']:,})" for row in sorted(details, key=_most_first))
        found = f"{counted(resting, 'row')} on sources of unclear licence: {listed}"
        mend = "Ask before you publish these rows, or leave the sources out (`exclude_sources:`)."
        return Check("licences", found, Verdict.WARNING, mend, details)
    return Check("licences", "no row rests on a source of unclear licence", details=details)


def _most_first(row: Mapping[str, object]) -> tuple[int, str]:
    return -int(str(row["rows"])), str(row["source_id"])


def _months(column: str, day: date) -> pl.Expr:
    """Whole months from a day in a column to ``day``."""
    then = pl.col(column).dt
    unfinished = (then.day() > day.day).cast(pl.Int32)
    return ((day.year - then.year()) * 12 + day.month - then.month().cast(pl.Int32) - unfinished).alias("months")


def _chosen(examined: Examined) -> pl.DataFrame:
    package = examined.package
    return choose_score_edition(package.marked_table("production"), package.table("edition_choice"))


def _published(examined: Examined, rows: pl.DataFrame) -> pl.Series:
    """Day each row was published: that of its latest source, or ``known_from`` where that came after the day."""
    sources = examined.data.frames["sources"].select(pl.col("source_id").alias("source_ids"), "published")
    latest = (
        rows.with_row_index("row")
        .select("row", "known_from", pl.col("source_ids").str.split(";"))
        .explode("source_ids")
        .join(sources, on="source_ids", how="left")
        .group_by("row")
        .agg(pl.col("published").max(), pl.col("known_from").first())
        .sort("row")
    )
    told = pl.when(pl.col("published") <= examined.day).then(pl.col("published")).otherwise(pl.col("known_from"))
    return latest.select(told.alias("published"))["published"]


def _day(column: str) -> pl.Expr:
    """A day told as YYYY, YYYY-MM or YYYY-MM-DD: its first."""
    text = pl.col(column)
    rest = pl.when(text.str.len_chars() == 4).then(pl.lit("-01-01")).when(text.str.len_chars() == 7).then(pl.lit("-01"))
    return (text + rest.otherwise(pl.lit(""))).str.to_date("%Y-%m-%d", strict=False)


def _named(words: Iterable[str]) -> str:
    listed = list(words)
    rest = len(listed) - _NAMED
    return ", ".join(listed[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
