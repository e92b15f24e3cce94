"""When a measure works, what it avoids within three years, and how large what it asks for is, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from supplyrisk.chain.specification import RangedAssumption
from supplyrisk.mitigation.in_place import ContentNotReached, MixNotReached
from supplyrisk.mitigation.market import HELD
from supplyrisk.mitigation.specification import Retaliation
from supplyrisk.report.number_wording import MINUS
from supplyrisk.report.wording import Wording

_LARGE_PART_OF_WORLD, _LARGE_GROWTH = 0.02, 0.2
"""From which part of world output a stock, and from which growth of makers a move, is told as large."""


def measure_facts(
    measure: str, timing: pl.DataFrame, market: pl.DataFrame, focus: Sequence[str], wording: Wording
) -> str:
    """Sentences on one measure; ``timing`` and ``market`` as in runs.measure_timing and mitigation.market."""
    own = timing.filter(pl.col("measure") == measure)
    return " ".join((*_when(own, focus, wording), *_large(market.filter(pl.col("measure") == measure), wording)))


def replaced_facts(goods: Sequence[Mapping[str, str]], wording: Wording) -> str:
    """That goods outside the network, by their names in each language, bring risks that are not counted; or nothing."""
    if not goods:
        return ""
    return wording.page("measures_replaced", goods=wording.listed([names[wording.language] for names in goods]))


def later_facts(rows: Sequence[str], wording: Wording) -> str:
    """That a measure rests on ``rows`` of the data that were not public on the day of the report; or nothing."""
    return wording.page("measures_later_rows", rows=", ".join(rows)) if rows else ""


def later_note(titles: Sequence[str], wording: Wording) -> str:
    """Which measures rest on figures of a later day; or nothing."""
    names = wording.listed([wording.quoted(title) for title in titles])
    return wording.page("measures_later", names=names) if titles else ""


def retaliation_facts(retaliations: Sequence[Retaliation], wording: Wording) -> str:
    """What is assumed of the answer of others to a measure, a sentence for each; nothing where none is."""

    def share(number: RangedAssumption) -> str:
        value, low, high = (wording.format_percent(each) for each in (number.value, number.low, number.high))
        return wording.ranged(value, low, high)

    return " ".join(
        wording.page(
            "measures_retaliation",
            chance=share(own.probability),
            countries=wording.format_places(own.by),
            cut=share(own.share),
            months=own.months,
        )
        for own in retaliations
    )


def not_reached_facts(
    measure: str, contents: Sequence[ContentNotReached], mixes: Sequence[MixNotReached], wording: Wording
) -> str:
    """Where a measure falls short of what it asks for, a sentence for each product; nothing where it does not."""
    told = [
        wording.page(
            "measures_content_not_reached",
            share=wording.format_percent(share),
            product=wording.format_product(product),
            region=wording.format_place(change.region),
            least=wording.format_percent(change.least_share),
        )
        for name, product, change, share in contents
        if name == measure
    ]
    told += [
        wording.page(
            "measures_mix_not_reached",
            share=wording.format_percent(share),
            product=wording.format_product(product),
            country=wording.format_place(country),
            most=wording.format_percent(change.most_from_one),
        )
        for name, product, change, country, share in mixes
        if name == measure and change.most_from_one is not None
    ]
    return " ".join(told)


def retaliation_not_counted(
    own: pl.DataFrame, titles: Mapping[str, str], answered: Collection[str], wording: Wording
) -> str:
    """Which of the measures that others may answer (``answered``) add nothing when all others are there already."""
    nothing = own.filter(pl.col("measure").is_in(list(answered)) & (pl.col("avoided_last") == 0.0))
    if nothing.is_empty():
        return ""
    names = wording.listed([wording.quoted(titles[name]) for name in nothing["measure"]])
    return wording.page("measures_retaliation_last", measures=names)


def _when(own: pl.DataFrame, focus: Sequence[str], wording: Wording) -> Iterator[str]:
    rows = {row["region"]: row for row in own.iter_rows(named=True)}
    if not rows:
        return
    first, full = next((row["first_month"], row["full_month"]) for row in rows.values())
    at_once = "_at_once" if first == full else ""
    yield wording.page(f"measures_works{at_once}", first=wording.integer(first), full=wording.integer(full))
    for region in focus:
        row = rows.get(region)
        if row is not None and row["avoided_in_run"] is not None:
            ends = (row["avoided_in_run"], row["low"], row["high"])
            yield _in_run(*ends, wording.format_place(region), wording)


def _in_run(avoided: float, low: float, high: float, place: str, wording: Wording) -> str:
    """What is avoided within the run, or by how much losses grow."""
    if not wording.format_millions(avoided).startswith(MINUS):
        value, *ends = (wording.format_millions(each) for each in (avoided, low, high))
        return wording.page("measures_in_run", region=place, value=value, low=ends[0], high=ends[1])
    value, least, most = (wording.format_millions(-each) for each in (avoided, high, low))
    if least.startswith(MINUS):
        smaller = wording.format_millions(high)
        return wording.page("measures_in_run_either", region=place, value=value, smaller=smaller, high=most)
    return wording.page("measures_in_run_larger", region=place, value=value, low=least, high=most)


def _large(own: pl.DataFrame, wording: Wording) -> Iterator[str]:
    held = own.filter((pl.col("what") == HELD) & (pl.col("share_of_world") >= _LARGE_PART_OF_WORLD))
    large = pl.col("growth_of_sellers") >= _LARGE_GROWTH
    grown = own.filter(large).unique("product_id", keep="first", maintain_order=True)
    if held.height:
        taken = [
            wording.page(
                "measures_large_part", share=wording.format_percent(share), product=wording.format_product(one)
            )
            for one, share in held.select("product_id", "share_of_world").iter_rows()
        ]
        yield wording.page("measures_large_held", parts=wording.listed(taken))
    if grown.height:
        more = [
            wording.page(
                "measures_large_growth",
                product=wording.format_product(row["product_id"]),
                growth=wording.format_percent(row["growth_of_sellers"]),
                place=wording.format_place(row["growing_place"]),
                before=wording.quantity(row["made_before_per_year"]),
                after=wording.quantity(row["made_after_per_year"]),
                unit=row["unit"],
            )
            for row in grown.iter_rows(named=True)
        ]
        yield wording.page("measures_large_grown", parts="; ".join(more))
