"""Events to count: one row an event, however many materials it hit, with the products of the chains it hit."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from supplyrisk.foundation.errors import NotKnownError
from supplyrisk.foundation.units import DAYS_PER_MONTH, DAYS_PER_YEAR

MEASURES = ("export_restriction", "policy", "sanction")
"""Classes of hazard that somebody decides on."""
PHYSICAL = ("accident", "conflict", "energy", "natural_hazard", "strike")
CLASSES = (*MEASURES, *PHYSICAL)
"""Classes that are simulated. Market collapse (closures at low prices, amid surplus) and logistics (transport, no
maker) are not: neither takes a country's supply away while it is wanted."""
EXPORT_RESTRICTION = "export_restriction"
ON_EXPORTS = (EXPORT_RESTRICTION, "sanction")
"""Classes that keep goods from leaving; the others take output away."""
SET_APART = "CHN"
"""The country without which results are told a second time: it carries most measures and most large events."""

LARGE_WORLD_SHARE = 0.05
LARGE_PRICE_CHANGE = 0.20
LARGE_COUNTRY_SHARE = 0.30
"""An event is large, and would always have been reported, from these on (halted rate of world supply; price change;
a measure of a country with that part of world output of what it hits)."""

_WHOLE_WORLD = "WLD"
_UNION = "EU27"
_FALSE_ALARM = ("announced", "not_enforced", "threat", "no_loss")
_ENDED = ("stated", "approximate")

Share = Callable[[str, str], float]
"""Part of world output of a product (first) that a country (second) makes; zero where it makes none."""


@dataclass(frozen=True)
class HitProducts:
    """What events can be about.

    ``of_material``: products by material and stage; ``mined_of_family``: what the family of a material mines, where the
    material has no mined product of its own.
    """

    of_material: Mapping[tuple[str, str], Collection[str]]
    mined_of_family: Mapping[str, Collection[str]]

    def at(self, material: str, *stages: str) -> set[str]:
        """Products of a material at some stages."""
        return {product for stage in stages for product in self.of_material.get((material, stage), ())}

    def of(self, row: Mapping[str, object]) -> set[str]:
        """Products that a row names, and all that are mined or refined of its material or made at its stage."""
        named = {product for product in str(row["product_ids"] or "").split(";") if product}
        return named | self.at(str(row["material_id"]), "extraction", "refining", str(row["stage"]))


@dataclass(frozen=True)
class EventSet:
    """Events of a window.

    ``events``: event_no, hazard, country, start, months (null where no end is known), censored (months is a lower
    bound), large, biting (an effect on output, exports or prices is documented); realised events of ``CLASSES`` only.
    ``rows``: those of data/events.csv that they are made from, with ``maker_share``, the largest part of world output
    that the country has of what the row hits, ``hit_products``, and ``of_family`` (these are what the family of its
    material mines: its figures are parts of something else). ``hits``: event_no, product_id. ``false_alarms``:
    number announced or feared but not realised. ``outside``: number of realised events of other classes, of other
    subjects than goods (technology), or of the world as a whole. ``one_buyer``: numbers of events left out because they
    stop deliveries to one buyer only, which is not the EU: draws stop them to all. ``unplaced``: numbers of events left
    out because their country makes none of what they hit; ``union_wide``: those among them that are told for the EU as
    a whole, without saying which members.
    """

    events: pl.DataFrame
    rows: pl.DataFrame
    hits: pl.DataFrame
    first_year: int
    last_day: date
    false_alarms: int
    outside: int
    one_buyer: tuple[str, ...]
    unplaced: tuple[str, ...]
    union_wide: tuple[str, ...]

    @property
    def years(self) -> float:
        """Length of the window."""
        return (self.last_day - date(self.first_year, 1, 1)).days / DAYS_PER_YEAR


def event_set(
    table: pl.DataFrame,
    chains: HitProducts,
    share: Share,
    in_force: Collection[str],
    first_year: int,
    last_day: date,
) -> EventSet:
    """Events of data/events.csv that started in the window.

    ``in_force``: numbers of events whose measures still stop deliveries. Raises ``NotKnownError`` for an empty window.
    """
    rows = table.with_columns(_day("start").alias("start_day"), _day("end").alias("end_day")).filter(
        (pl.col("start_day") >= date(first_year, 1, 1)) & (pl.col("start_day") <= last_day)
    )
    realised = rows.filter(~pl.col("status").is_in(_FALSE_ALARM))
    false_alarms = rows.filter(pl.col("status").is_in(_FALSE_ALARM))["event_no"].n_unique()
    counted = realised.filter(
        pl.col("hazard").is_in(CLASSES) & (pl.col("subject") == "goods") & (pl.col("iso3") != _WHOLE_WORLD)
    )
    outside = realised["event_no"].n_unique() - counted["event_no"].n_unique()
    aimed = pl.col("target_iso3").is_not_null() & (pl.col("target_iso3") != _UNION)
    one_buyer, counted = counted.filter(aimed), counted.filter(~aimed)
    _check_any(counted, first_year, last_day)
    kept = counted.to_dicts()
    hit_by_row = [products_hit(row, chains, share) for row in kept]
    largest = [
        max((share(product, country) for product in own), default=0.0)
        for own, country in zip(hit_by_row, counted["iso3"], strict=True)
    ]
    counted = counted.with_columns(
        pl.Series("maker_share", largest, dtype=pl.Float64),
        pl.Series("hit_products", [sorted(own) for own in hit_by_row], dtype=pl.List(pl.String)),
        pl.Series("of_family", [not own <= chains.of(row) for own, row in zip(hit_by_row, kept, strict=True)]),
    )
    made = (pl.col("maker_share").max() > 0.0).over("event_no")
    unplaced, counted = counted.filter(~made), counted.filter(made)
    _check_any(counted, first_year, last_day)
    hits = {
        (event, product) for event, own in counted.select("event_no", "hit_products").iter_rows() for product in own
    }
    events = []
    for (number,), own in counted.group_by(["event_no"], maintain_order=True):
        first = own.row(0, named=True)
        months, censored = _length(own, last_day, number in in_force)
        events.append(
            {
                "event_no": number,
                "hazard": first["hazard"],
                "country": first["iso3"],
                "start": own["start_day"].min(),
                "months": months,
                "censored": censored,
                "large": _is_large(own),
                "biting": _is_biting(own),
            }
        )
    return EventSet(
        events=pl.DataFrame(events, schema=_EVENTS).sort("event_no"),
        rows=counted,
        hits=pl.DataFrame(sorted(hits), schema={"event_no": pl.String, "product_id": pl.String}, orient="row"),
        first_year=first_year,
        last_day=last_day,
        false_alarms=false_alarms,
        outside=outside,
        one_buyer=_numbers(one_buyer.join(counted, on="event_no", how="anti")),
        unplaced=_numbers(unplaced),
        union_wide=_numbers(unplaced.filter(pl.col("iso3") == _UNION)),
    )


def _numbers(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(sorted(set(rows["event_no"])))


def _check_any(counted: pl.DataFrame, first_year: int, last_day: date) -> None:
    """Raise ``NotKnownError`` where no event is left to count."""
    if counted.is_empty():
        raise NotKnownError(
            f"data/events.csv: no realised event started between {first_year} and {last_day} that was known. "
            "Choose an earlier first year or a later --as-of.",
            "events",
        )


def products_hit(row: Mapping[str, object], chains: HitProducts, share: Share) -> set[str]:
    """Products of the chains that a row is about: those it names, else those of its material at its stage.

    Where its country makes none of these: at mines what the family of the material mines (dysprosium comes out of
    mines of rare earths); else those of the material that it does make (cobalt hydroxide is a refined good in the list
    of events and part of cobalt mining in the chains).
    """
    named = {product for product in str(row["product_ids"] or "").split(";") if product}
    material, stage = str(row["material_id"]), str(row["stage"])
    about = named or chains.at(material, *(("extraction", "refining") if stage == "trade" else (stage,)))
    at_all = chains.at(material, "extraction", "refining")
    family = set(chains.mined_of_family.get(material, ())) if stage == "extraction" else set()
    country = str(row["iso3"])
    if any(share(product, country) > 0.0 for product in about):
        return about
    for wider in (family, at_all):
        made = {product for product in wider if share(product, country) > 0.0}
        if made:
            return made
    return about or at_all


def _day(column: str) -> pl.Expr:
    """A day in the middle of what the text leaves open: 2012 is 1 July 2012, 2012-03 is 15 March 2012."""
    text = pl.col(column)
    length = text.str.len_chars()
    whole = pl.when(length == 4).then(text + "-07-01").when(length == 7).then(text + "-15").otherwise(text)
    return whole.str.to_date("%Y-%m-%d")


def _length(own: pl.DataFrame, last_day: date, in_force: bool) -> tuple[float | None, bool]:
    """Months an event lasted: its longest row with a stated end; else up to the last day, if it is known to go on.

    It is where a row says so, and where its measures are ``in_force``.
    """
    ended = own.filter(pl.col("end_mark").is_in(_ENDED) & (pl.col("end_day") <= last_day))
    start = own["start_day"].min()
    if not ended.is_empty():
        days = (ended["end_day"] - ended["start_day"]).dt.total_days().max()
        return max(float(days) / DAYS_PER_MONTH, 0.25), False  # type: ignore[arg-type]
    if own["end_mark"].is_in(["not_seen"]).all() and not in_force:
        return None, False
    assert isinstance(start, date)
    return max((last_day - start).days / DAYS_PER_MONTH, 0.25), True


def _is_large(own: pl.DataFrame) -> bool:
    halted = own.filter(pl.col("world_basis") == "halted_rate")["world_share"].max()
    price = own["price_change"].max()
    decided = own["hazard"][0] in MEASURES
    largest = float(own["maker_share"].max())  # type: ignore[arg-type]
    return (
        (halted is not None and float(halted) >= LARGE_WORLD_SHARE)  # type: ignore[arg-type]
        or (price is not None and float(price) >= LARGE_PRICE_CHANGE)  # type: ignore[arg-type]
        or (decided and largest >= LARGE_COUNTRY_SHARE)
    )


def _is_biting(own: pl.DataFrame) -> bool:
    lost = (pl.col("capacity_share") > 0.0) & (pl.col("capacity_basis") != "at_risk")
    halted = (pl.col("world_basis") == "halted_rate") & (pl.col("world_share") > 0.0)
    dearer = pl.col("price_change") >= LARGE_PRICE_CHANGE
    return bool(own.select((lost | halted | dearer | pl.col("eu_impact")).fill_null(False).any()).item())


_EVENTS = {
    "event_no": pl.String, "hazard": pl.String, "country": pl.String, "start": pl.Date, "months": pl.Float64,
    "censored": pl.Boolean, "large": pl.Boolean, "biting": pl.Boolean,
}  # fmt: skip
