"""Headline findings: what stands out over all products."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key

_NAMED = 5


def headline_findings(
    scores: pl.DataFrame, products: pl.DataFrame, countries: pl.DataFrame, thresholds: Mapping[str, float]
) -> Iterator[Finding]:
    """Headlines in the order of the report. ``scores`` carries ``is_focus`` (report regions)."""
    yield from _concentrated(scores, thresholds["hhi_high"])
    yield from _most_concentrated(scores)
    yield from _leaders(scores)
    yield from _single_country(scores, countries, thresholds["single_country_share"])
    yield from _battery(scores, products)
    yield from _regions(scores, thresholds["negligible_share"])
    yield from _reserves(scores, thresholds["short_cover_years"])
    yield from _weak(scores)
    yield from _gaps(scores)


def _valued(scores: pl.DataFrame, metric: str) -> pl.DataFrame:
    return scores.filter((pl.col("metric") == metric) & pl.col("value").is_not_null())


def _keys(rows: pl.DataFrame) -> tuple[str, ...]:
    return tuple(score_key(row) for row in rows.iter_rows(named=True))


def _concentrated(scores: pl.DataFrame, line: float) -> Iterator[Finding]:
    hhi = _valued(scores, "hhi")
    if hhi.is_empty():
        return
    above = hhi.filter(pl.col("value") >= line)
    numbers = {
        "count": above.height,
        "total": hhi.height,
        "surely": hhi.filter(pl.col("low") >= line).height,
        "possibly": hhi.filter(pl.col("high") >= line).height,
        "line": line,
    }
    yield Finding("headline", "headline_concentrated", numbers, _keys(above), confidence_of(above["quality"].to_list()))


def _most_concentrated(scores: pl.DataFrame) -> Iterator[Finding]:
    top = _valued(scores, "hhi").sort("value", "product_id", descending=[True, False]).head(_NAMED)
    if top.height:
        numbers = {"products": top["product_id"].to_list(), "lowest": top["value"].min(), "count": top.height}
        yield Finding("headline", "headline_most", numbers, _keys(top), confidence_of(top["quality"].to_list()))


def _leaders(scores: pl.DataFrame) -> Iterator[Finding]:
    top = _valued(scores, "top1_share")
    counts = top.group_by("country").len().sort("len", "country", descending=[True, False])
    if counts.is_empty():
        return
    country, count = counts.row(0)
    own = top.filter(pl.col("country") == country)
    second = counts.row(1) if counts.height > 1 else None
    numbers = {"country": country, "count": count, "total": top.height}
    if second is not None:
        numbers |= {"second": second[0], "second_count": second[1]}
        yield Finding("headline", "headline_leader", numbers, _keys(own), confidence_of(own["quality"].to_list()))


def _single_country(scores: pl.DataFrame, countries: pl.DataFrame, line: float) -> Iterator[Finding]:
    members = countries.filter("eu27")["iso3"].to_list()
    top = _valued(scores, "top1_share").filter(~pl.col("country").is_in(members))
    above = top.filter(pl.col("value") >= line)
    if above.is_empty():
        return
    leader = above.group_by("country").len().sort("len", "country", descending=[True, False]).row(0)
    numbers = {
        "count": above.height,
        "total": _valued(scores, "top1_share").height,
        "surely": top.filter(pl.col("low") >= line).height,
        "possibly": top.filter(pl.col("high") >= line).height,
        "line": line,
        "country": leader[0],
        "country_count": leader[1],
    }
    yield Finding("headline", "headline_single", numbers, _keys(above), confidence_of(above["quality"].to_list()))


def _battery(scores: pl.DataFrame, products: pl.DataFrame) -> Iterator[Finding]:
    """Largest-producer shares of the battery chain from refining on."""
    chain = products.filter((pl.col("chain") == "battery") & (pl.col("tier") >= 2) & ~pl.col("reporting"))["product_id"]
    top = _valued(scores, "top1_share").filter(pl.col("product_id").is_in(chain.to_list()))
    if top.is_empty():
        return
    country, count = top.group_by("country").len().sort("len", "country", descending=[True, False]).row(0)
    own = top.filter(pl.col("country") == country).sort("value")
    numbers = {
        "country": country,
        "count": count,
        "total": top.height,
        "lowest": own["value"].min(),
        "lowest_product": own["product_id"][0],
        "highest": own["value"].max(),
        "highest_product": own["product_id"][-1],
    }
    yield Finding("headline", "headline_battery", numbers, _keys(own), confidence_of(own["quality"].to_list()))


def _regions(scores: pl.DataFrame, negligible: float) -> Iterator[Finding]:
    shares = scores.filter((pl.col("metric") == "share_of_world_output") & pl.col("is_focus"))
    for (region,), rows in shares.group_by(["country"], maintain_order=True):
        valued = rows.filter(pl.col("value").is_not_null())
        below = valued.filter(pl.col("high") < negligible)
        best = valued.filter(pl.col("value") > 0.0).sort("value", "product_id", descending=[True, False]).head(_NAMED)
        numbers = {
            "region": str(region),
            "below": below.height,
            "unknown": rows.height - valued.height,
            "total": rows.height,
            "line": negligible,
            "products": best["product_id"].to_list(),
            "made": valued.filter(pl.col("value") > 0.0).height,
        }
        message = "headline_region" if best.height else "headline_region_none"
        yield Finding(
            "headline", message, numbers, (*_keys(below), *_keys(best)), confidence_of(valued["quality"].to_list())
        )


def _reserves(scores: pl.DataFrame, line: float) -> Iterator[Finding]:
    years = (
        _valued(scores, "reserves_years").filter(pl.col("interval_kind") != "lower_bound").sort("value", "product_id")
    )
    short = years.filter(pl.col("value") < line)
    if years.height:
        numbers = {
            "count": short.height,
            "total": years.height,
            "line": line,
            "product": years["product_id"][0],
            "years": years["value"][0],
        }
        yield Finding("headline", "headline_reserves", numbers, _keys(years.head(max(short.height, 1))), "medium")


def _weak(scores: pl.DataFrame) -> Iterator[Finding]:
    hhi = _valued(scores, "hhi")
    weak = hhi.filter(pl.col("quality").is_in(["C", "D"]))
    if weak.height:
        numbers = {"count": weak.height, "total": hhi.height}
        yield Finding("headline", "headline_weak", numbers, _keys(weak), "high")


def _gaps(scores: pl.DataFrame) -> Iterator[Finding]:
    gaps = scores.filter((pl.col("metric") == "hhi") & pl.col("value").is_null())
    if gaps.height:
        products: Sequence[str] = gaps["product_id"].to_list()
        yield Finding("headline", "headline_gaps", {"count": gaps.height, "products": products}, _keys(gaps), "high")
