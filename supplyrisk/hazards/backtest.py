"""Back-test: fitted on events up to a year, the hazards rank what may happen next; then what did happen is looked up.

Retrospective: events were collected with knowledge of all years, so the list of materials leaks, and revised figures
stand for those of the time. Misses and hits are both kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.hashed_draws import hashed_uniforms
from supplyrisk.hazards.events import SET_APART, EventSet
from supplyrisk.hazards.model import Occurrence
from supplyrisk.hazards.ranking import RELIABILITY, average_precision, brier_skill, hit_rate, reliability

Array = NDArray[np.float64]

FIRST = (10, 20, 50)
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 1.01)
_REPEATS = 400

SCORES = ("model", "history", "share")
"""The model's yearly chance; number of earlier events at the same pair; the country's share of world output."""

RESULTS = {
    "units": pl.String, "outcome": pl.String, "countries": pl.String, "score": pl.String, "measure": pl.String,
    "value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "base_rate": pl.Float64, "number": pl.Int64,
    "happened": pl.Int64,
}  # fmt: skip
PAIRS = {
    "year": pl.Int64, "country": pl.String, "product_id": pl.String, "chance": pl.Float64, "rank": pl.Int64,
    "events": pl.String, "large": pl.Boolean, "history": pl.Int64, "share": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Backtest:
    """What came of it.

    ``results``: measures by units (pairs of country and product a year, or products a year), outcome (any or large
    event) and countries (all, or without China); low and high by bootstrap over events (5 and 95 %). ``pairs``: every
    pair of every year with its chance, rank within the year and what happened. ``reliability``: chance against part
    that happened, pairs and any event.
    """

    results: pl.DataFrame
    pairs: pl.DataFrame
    reliability: pl.DataFrame
    origins: tuple[tuple[int, int], ...]


def backtest(models: Mapping[int, Occurrence], later: EventSet, seed: int) -> Backtest:
    """Score every year of ``models`` (each fitted on earlier years only) against the events of ``later``.

    ``models``: by the year they predict.
    """
    frames = [_pairs_of(year, model, later) for year, model in sorted(models.items())]
    pairs = pl.concat(frames)
    events = sorted({event for text in pairs["events"] for event in text.split(";") if event})
    climatology = {year: _base_rate(model) for year, model in models.items()}
    rows: list[tuple[object, ...]] = []
    for countries, some in (("all", pairs), ("without_china", pairs.filter(pl.col("country") != SET_APART))):
        for units, frame in (("pairs", some), ("products", _by_product(some))):
            for outcome in ("any", "large"):
                rows += _measures(units, outcome, countries, frame, events, climatology, seed)
    chance, happened = pairs["chance"].to_numpy(), (pairs["events"] != "").to_numpy().astype(float)
    table = pl.DataFrame(reliability(chance, happened, EDGES), schema=RELIABILITY, orient="row")
    origins = tuple((model.events.last_day.year, year) for year, model in sorted(models.items()))
    return Backtest(pl.DataFrame(rows, schema=RESULTS, orient="row"), pairs, table, origins)


def _pairs_of(year: int, model: Occurrence, later: EventSet) -> pl.DataFrame:
    of_year = later.events.filter(pl.col("start").dt.year() == year)
    hits = later.hits.join(of_year.select("event_no", "country", "large"), on="event_no")
    happened = hits.group_by("country", "product_id").agg(
        pl.col("event_no").unique().sort().str.join(";").alias("events"), pl.col("large").any()
    )
    before = model.events.hits.join(model.events.events.select("event_no", "country"), on="event_no")
    history = before.group_by("country", "product_id").len("history")
    shares = [(country, product, share) for (product, country), share in model.makers.shares.items()]
    frame = (
        model.yearly_chances()
        .join(pl.DataFrame(shares, schema=["country", "product_id", "share"], orient="row"), ["country", "product_id"])
        .join(history, ["country", "product_id"], how="left")
        .join(happened, ["country", "product_id"], how="left")
        .sort("chance", "country", "product_id", descending=[True, False, False])
        .with_row_index("rank", offset=1)
        .select(
            pl.lit(year).alias("year").cast(pl.Int64),
            "country",
            "product_id",
            "chance",
            pl.col("rank").cast(pl.Int64),
            pl.col("events").fill_null(""),
            pl.col("large").fill_null(False),
            pl.col("history").fill_null(0).cast(pl.Int64),
            "share",
        )
    )
    return pl.DataFrame(frame.to_dict(), schema=PAIRS)


def _by_product(pairs: pl.DataFrame) -> pl.DataFrame:
    """Products a year: chance of an event at any maker, earlier events at all of them, share of the largest."""
    return (
        pairs.group_by("year", "product_id")
        .agg(
            (1.0 - (1.0 - pl.col("chance")).product()).alias("chance"),
            pl.col("events").filter(pl.col("events") != "").str.join(";").alias("events"),
            pl.col("large").any(),
            pl.col("history").sum(),
            pl.col("share").max(),
            pl.lit("").alias("country"),
        )
        .sort("year", "product_id")
    )


def _base_rate(model: Occurrence) -> float:
    """Climatology: events at a pair a year, as the training window (with complete reports) has them."""
    pairs = len(model.makers.shares)
    return model.events.hits.height / model.rates.exposure_years / pairs


def _measures(
    units: str, outcome: str, countries: str, frame: pl.DataFrame, events: Sequence[str],
    climatology: Mapping[int, float], seed: int,
) -> list[tuple[object, ...]]:  # fmt: skip
    own = [tuple(e for e in text.split(";") if e) for text in frame["events"]]
    real = np.array([bool(texts) for texts in own]) & (
        frame["large"].to_numpy() if outcome == "large" else np.ones(frame.height, dtype=bool)
    )
    happened = real.astype(float)
    weights = _event_weights(own, real, events, seed)
    base, number = float(happened.mean()), int(happened.sum())
    rows: list[tuple[object, ...]] = []
    head = (units, outcome, countries)
    columns = {"model": "chance", "history": "history", "share": "share"}
    # Ranked over all years together; equal scores (history) are put in an order that has nothing to do with outcomes.
    shuffled = np.argsort(hashed_uniforms(seed, "order", np.arange(frame.height)))
    for score, column in columns.items():
        values = frame[column].to_numpy().astype(float)[shuffled]
        for first in FIRST:
            drawn = [hit_rate(values, weight[shuffled], first) for weight in weights]
            rows.append((*head, score, f"hit_at_{first}", hit_rate(values, happened[shuffled], first), *_ends(drawn)))
        drawn = [average_precision(values, weight[shuffled]) for weight in weights]
        rows.append((*head, score, "average_precision", average_precision(values, happened[shuffled]), *_ends(drawn)))
    if units == "pairs" and outcome == "any":
        chance = frame["chance"].to_numpy()
        usual = np.array([climatology[year] for year in frame["year"]])
        rows.append((*head, "model", "brier_skill", brier_skill(chance, happened, usual), None, None))
    return [(*row, base, frame.height, number) for row in rows]


def _event_weights(own: Sequence[tuple[str, ...]], real: Array, events: Sequence[str], seed: int) -> Array:
    """Bayesian bootstrap over events: exponential weights of mean one, a pair bearing the mean of its events'."""
    place = {event: number for number, event in enumerate(events)}
    repeats = np.arange(_REPEATS)[:, None]
    drawn = -np.log(hashed_uniforms(seed, "bootstrap", repeats, np.arange(max(len(events), 1))[None, :]))
    weights = np.zeros((_REPEATS, len(own)))
    for number, texts in enumerate(own):
        if real[number]:
            weights[:, number] = drawn[:, [place[event] for event in texts]].mean(axis=1)
    return weights


def _ends(drawn: Sequence[float]) -> tuple[float, float]:
    return float(np.nanquantile(drawn, 0.05)), float(np.nanquantile(drawn, 0.95))


def first_ranked(pairs: pl.DataFrame, first: int) -> pl.DataFrame:
    """The highest chances over all years, and what happened there."""
    return pairs.sort("chance", "year", "country", "product_id", descending=[True, False, False, False]).head(first)


def missed(pairs: pl.DataFrame, first: int) -> pl.DataFrame:
    """Large events at pairs that were not among the ``first`` of their year, the worst ranked first."""
    found = pairs.filter(pl.col("large") & (pl.col("rank") > first))
    return found.sort("rank", "year", "country", "product_id", descending=[True, False, False, False])
