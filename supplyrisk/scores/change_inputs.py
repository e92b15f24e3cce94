"""What came in behind a score between two quarters: rows, later years, events, and changes of the whole network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from supplyrisk.scores.criticality.rows import LIVE
from supplyrisk.scores.metrics import LIVE_METRICS, NETWORK_METRICS

RELATIVE = tuple(name for name in LIVE_METRICS if name.startswith(("top_ten_", "rank_")))
"""Scores of one material that compare it with all others."""

_NAMED = 3
"""So many products that came in or went out are named; more are counted."""

_FACTS = {"row_id": pl.String, "table": pl.String, "subject": pl.String, "year": pl.Int64}


@dataclass(frozen=True)
class InputFacts:
    """What rows are of, and the rows that the network rested on.

    ``rows``: row_id, table, subject (the product where the table has one) and year, null where the table has none.
    """

    rows: pl.DataFrame
    network_before: frozenset[str] = field(default=frozenset())
    network_after: frozenset[str] = field(default=frozenset())


def moves(pairs: pl.DataFrame, facts: InputFacts) -> pl.DataFrame:
    """What moved behind each pair of scores.

    By ``pair``: whether a year moved on (``is_moved``), in one table alone (``is_one_table``), what moved in words
    (``moved``), rows that came in and how many went out.

    ``pairs``: metric, year, year_after, input_row_ids and input_row_ids_after. A score of which no own
    row changed although its value did is taken as moved: what changed lies elsewhere.
    """
    own = _own_moves(pairs, facts.rows)
    network = tuple(_network_moves(facts))
    on_network = pl.col("metric").is_in(NETWORK_METRICS)
    relative = pl.col("metric").is_in(RELATIVE)
    told = pairs.join(own, on="pair", how="left").with_columns(
        pl.col("own_moved").fill_null([]),
        (on_network | relative).alias("is_whole"),
    )
    # A relative score moves when anything behind any of the live scores does.
    of_others = sorted(set(told.filter(pl.col("metric") == LIVE)["own_moved"].explode().drop_nulls()))
    added = (
        pl.when(relative)
        .then(pl.lit(of_others, dtype=pl.List(pl.String)))
        .when("is_whole")
        .then(pl.lit(list(network), dtype=pl.List(pl.String)))
        .otherwise(pl.lit([], dtype=pl.List(pl.String)))
    )
    year_moved = (pl.col("year") != pl.col("year_after")).fill_null(False)
    unexplained = ~pl.col("is_whole") & (pl.col("rows_in").list.len() == 0) & (pl.col("rows_out") == 0)
    listed = pl.col("own_moved").list.concat(added).list.unique(maintain_order=True)
    return told.with_columns(listed.alias("all_moved")).select(
        "pair",
        (year_moved | (pl.col("all_moved").list.len() > 0) | unexplained).alias("is_moved"),
        (~pl.col("is_whole") & (pl.col("own_moved").list.len() <= 1)).alias("is_one_table"),
        pl.col("all_moved").list.join("; ").replace("", None).alias("moved"),
        "rows_in",
        "rows_out",
    )


def _own_moves(pairs: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """By ``pair``: tables of its own rows whose last year differs, and rows that came in and went out."""
    ids = pairs.select(
        "pair",
        pl.col("input_row_ids").fill_null([]).alias("old"),
        pl.col("input_row_ids_after").fill_null([]).alias("new"),
    )
    crossed = ids.select(
        "pair",
        pl.col("new").list.set_difference("old").list.sort().alias("rows_in"),
        pl.col("old").list.set_difference("new").list.len().cast(pl.Int64).alias("rows_out"),
    )
    changed = crossed.filter((pl.col("rows_in").list.len() > 0) | (pl.col("rows_out") > 0)).select("pair")
    sides = [
        _last_years(ids.join(changed, on="pair", how="semi").select("pair", pl.col(side).alias("row_id")), rows)
        for side in ("old", "new")
    ]
    both = sides[0].join(sides[1], on=["pair", "table", "subject"], nulls_equal=True, suffix="_new")
    moved = (
        both.filter(pl.col("year") != pl.col("year_new"))
        .group_by("pair", "table")
        .agg(pl.col("year").max(), pl.col("year_new").max())
        .sort("pair", "table")
        .group_by("pair", maintain_order=True)
        .agg(_told().alias("own_moved"))
    )
    return crossed.join(moved, on="pair", how="left")


def _last_years(ids: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return (
        ids.explode("row_id")
        .join(rows.filter(pl.col("year").is_not_null()), on="row_id")
        .group_by("pair", "table", "subject")
        .agg(pl.col("year").max())
    )


def _told() -> pl.Expr:
    return pl.format("{} {} > {}", "table", "year", "year_new")


def _network_moves(facts: InputFacts) -> Iterable[str]:
    """What moved behind the network: later years by table, and products that came in or went out."""
    sides = [
        _last_years(
            pl.DataFrame({"pair": 0, "row_id": [sorted(ids)]}, schema_overrides={"row_id": pl.List(pl.String)}),
            facts.rows,
        )
        for ids in (facts.network_before, facts.network_after)
    ]
    both = sides[0].join(sides[1], on=["table", "subject"], nulls_equal=True, suffix="_new")
    moved = (
        both.filter(pl.col("year") != pl.col("year_new"))
        .group_by("table")
        .agg(pl.col("year").max(), pl.col("year_new").max())
        .sort("table")
    )
    yield from moved.select(_told()).to_series()
    for sign, one, other in (("+", sides[1], sides[0]), ("-", sides[0], sides[1])):
        only = one.join(other, on=["table", "subject"], how="anti", nulls_equal=True)
        for table, subjects in (
            only.sort("table", "subject").group_by("table", maintain_order=True).agg("subject").iter_rows()
        ):
            named = [subject for subject in subjects if subject is not None]
            few = 0 < len(named) <= _NAMED
            yield f"{table} {sign}{','.join(named) if few else len(subjects)}"
