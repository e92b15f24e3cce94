"""Findings on a region: where what it uses is really made, and what of that cannot be seen at its border."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.findings.origin import FOLLOWED, origin_finding
from supplyrisk.findings.region_scores import RegionScores, keys_of, qualities_of

HUB_FLOOR = 0.001
"""Products of which a region uses less than this share of world use are left out of statements on hubs."""

CHAIN_CUT = "chain_cut"

_MOSTLY, _WHOLLY = 0.5, 0.995


@dataclass(frozen=True)
class NetworkFacts:
    """What findings on the network are made from besides scores.

    ``products``: report of the build, a row a product; ``use``: use by region (network.regional_use); ``gaps``:
    products without flows, with the reason; ``countries``: kind and eu27 by iso3; ``goal``: European value added aimed
    at, with its year, or None where none was set on that day; ``line``: share of one country from which dependence is
    named; ``cut``: by end product the gaps behind it, beyond which nothing is looked through; ``partly_known_demand``:
    products whose final demand was public only in part on that day.
    """

    products: pl.DataFrame
    use: pl.DataFrame
    gaps: Mapping[str, str]
    countries: pl.DataFrame
    goal: tuple[float, int] | None
    line: float
    cut: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    partly_known_demand: frozenset[str] = frozenset()


def region_topic(region: str) -> str:
    """Topic of the findings on a region that are not among the headlines."""
    return f"network_{region}"


NETWORK_TOPIC = "network"
"""Topic of findings on the network as a whole."""


def network_findings(scores: pl.DataFrame, facts: NetworkFacts, regions: Sequence[str]) -> Iterator[Finding]:
    """Findings of every region, the strongest as headlines, then those on what the network rests on."""
    yield from (replace(finding, topic="headline") for finding in _cuts(facts))
    for position, region in enumerate(regions):
        own = RegionScores.of(scores, facts.countries, region)
        strongest, rest = _of_region(own, facts, leads=position == 0)
        yield from (replace(finding, topic="headline") for finding in strongest)
        yield from (replace(finding, topic=region_topic(region)) for finding in (*_cuts(facts), *rest))
    yield from _evidence(facts)
    if facts.partly_known_demand:
        products = sorted(facts.partly_known_demand)
        yield Finding(NETWORK_TOPIC, "network_demand_partly", {"products": products}, (), "high")
    for reason in sorted(set(facts.gaps.values())):
        products = sorted(product for product, why in facts.gaps.items() if why == reason)
        numbers = {"products": products, "count": len(products), "reason": reason}
        yield Finding(NETWORK_TOPIC, "network_stops", numbers, (), "high")


def _of_region(own: RegionScores, facts: NetworkFacts, leads: bool) -> tuple[list[Finding], list[Finding]]:
    """The strongest findings, best first, and the rest in the order of reading.

    The first region leads with European value added and the most hidden material of each end product. Of the others
    much is the same, so that they lead with single suppliers, the most hidden material, and hubs.
    """
    found = [(followed, finding) for followed in FOLLOWED if (finding := origin_finding(own, followed)) is not None]
    by_end: dict[str, list[Finding]] = {}
    for followed, finding in found:
        by_end.setdefault(followed.end_product, []).append(finding)
    best = [max(listed, key=_hiddenness) for listed in by_end.values()][: None if leads else 1]
    value, single, hub = [*_value(own, facts, "value_added_share")], [*_single_country(own, facts)], [*_hub(own, facts)]
    rest = [finding for _, finding in found if not any(finding is named for named in best)]
    rest += [*_hidden(own), *_value(own, facts, "value_added_share_made"), *_imports(own)]
    coverage = [*_coverage(own, facts)]
    if leads:
        return [*value, *best, *single], [*rest, *hub, *coverage]
    return [*single, *best, *hub], [*value, *rest, *coverage]


def _cuts(facts: NetworkFacts) -> Iterator[Finding]:
    for end, products in facts.cut.items():
        if products:
            numbers = {"end": end, "products": list(products), "count": len(products)}
            yield Finding(NETWORK_TOPIC, "network_cut", numbers, (), "high")


def _hiddenness(finding: Finding) -> float:
    """What of a share is not seen in direct purchases; where these are not known, nothing can be said to be hidden."""
    return float(finding.numbers.get("hidden", -1.0))


def _value(own: RegionScores, facts: NetworkFacts, metric: str) -> Iterator[Finding]:
    rows = own.rows(metric).filter(pl.col("stage").is_null())
    if rows.is_empty():
        return
    row = rows.row(0, named=True)
    numbers: dict[str, Any] = {"region": own.region}
    if row["value"] is None or facts.cut.get(row["end_product"]):
        numbers["reason"] = row["missing_reason"] or CHAIN_CUT
        yield Finding(NETWORK_TOPIC, f"network_{metric}_gap", numbers, (score_key(row),), "high")
        return
    numbers |= {"value": row["value"], "low": row["low"], "high": row["high"]}
    message = f"network_{metric}"
    if facts.goal is not None and metric == "value_added_share":
        aim, year = facts.goal
        verdict = "below" if row["high"] <= aim else "above" if row["low"] > aim else "within"
        numbers |= {"goal": aim, "goal_year": year, "verdict": verdict}
        message = "network_value_added_share_goal"
    yield Finding(NETWORK_TOPIC, message, numbers, (score_key(row),), confidence_of([row["quality"]]))


def _single_country(own: RegionScores, facts: NetworkFacts) -> Iterator[Finding]:
    """Products that come for the most part from one country outside the EU, by direct sourcing.

    Where trade moved far to fit, who supplies is not known: such a product is possibly one of them. So is one of which
    the country and what has no name come to the line, and one that an assumption alone gives a share.
    """
    known = own.rows("import_dependence").filter(pl.col("value").is_not_null())
    if known.is_empty():
        return
    moved = own.moved() & set(known["product_id"])
    outside = own.largest("sourcing_share", "product_id", inside_eu=False)
    outside = outside.filter(~pl.col("product_id").is_in(list(moved)))
    unnamed = own.unnamed("sourcing_share", "product_id", inside_eu=False)
    outside = outside.join(unnamed, on="product_id", how="left", maintain_order="left")
    is_assumed = (pl.col("quality") == "D") & (pl.col("low") == pl.col("high"))
    above = outside.filter(pl.col("value") >= facts.line)
    numbers: dict[str, Any] = {
        "region": own.region,
        "count": above.height,
        "total": known.height,
        "surely": outside.filter((pl.col("low") >= facts.line) & ~is_assumed).height,
        "possibly": outside.filter(pl.col("high") + pl.col("unnamed").fill_null(0.0) >= facts.line).height + len(moved),
        "line": facts.line,
    }
    message = "network_single_none"
    if above.height:
        leader, count = above.group_by("country").len().sort("len", "country", descending=[True, False]).row(0)
        numbers |= {"country": leader, "country_count": count}
        message = "network_single"
    yield Finding(NETWORK_TOPIC, message, numbers, keys_of(above), confidence_of(qualities_of(above)))


def _hidden(own: RegionScores) -> Iterator[Finding]:
    """The largest hidden dependency that is above nothing even at the low end.

    Where what has no name is the largest direct supply, the country may be in it: nothing is said to be hidden.
    """
    rows = own.countries_only(own.rows("hidden_dependency")).filter(pl.col("low") > 0.0)
    unnamed = set(own.unnamed("sourcing_share", "product_id")["product_id"])
    unnamed -= set(own.named_largest("sourcing_share", "product_id")["product_id"])
    rows = rows.filter((pl.col("country") != own.region) & ~pl.col("product_id").is_in(list(unnamed)))
    if rows.is_empty():
        return
    row = rows.sort("value", "end_product", "product_id", "country", descending=[True, False, False, False]).row(
        0, named=True
    )
    through = own.primary_share(row["product_id"], row["country"], row["end_product"])
    numbers = {
        "region": own.region,
        "country": row["country"],
        "product": row["product_id"],
        "end": row["end_product"],
        "difference": row["value"],
        "low": row["low"],
        "high": row["high"],
        "through": through,
        "direct": max(through - row["value"], 0.0),
    }
    yield Finding(NETWORK_TOPIC, "network_hidden", numbers, (score_key(row),), confidence_of([row["quality"]]))


def _imports(own: RegionScores) -> Iterator[Finding]:
    """How many products are mostly and wholly imported; where trade moved far to fit, any share is possible."""
    known = own.rows("import_dependence").filter(pl.col("value").is_not_null())
    if known.is_empty():
        return
    mostly = known.filter(pl.col("value") > _MOSTLY)
    is_moved = pl.col("product_id").is_in(list(own.moved()))
    open_ends = {"low": pl.lit(0.0), "high": pl.lit(1.0)}
    ranges = known.with_columns(
        pl.when(is_moved).then(end).otherwise(name).alias(name) for name, end in open_ends.items()
    )
    numbers = {
        "region": own.region,
        "count": mostly.height,
        "total": known.height,
        "surely": ranges.filter(pl.col("low") > _MOSTLY).height,
        "possibly": ranges.filter(pl.col("high") > _MOSTLY).height,
        "wholly": known.filter(pl.col("value") >= _WHOLLY).height,
        "wholly_surely": ranges.filter(pl.col("low") >= _WHOLLY).height,
        "wholly_possibly": ranges.filter(pl.col("high") >= _WHOLLY).height,
    }
    yield Finding(NETWORK_TOPIC, "network_imports", numbers, keys_of(mostly), confidence_of(qualities_of(known)))


def _hub(own: RegionScores, facts: NetworkFacts) -> Iterator[Finding]:
    """How often the country that goods were last sent from is not the one that made most, where both are known."""
    sizeable = facts.use.filter((pl.col("region") == own.region) & (pl.col("share_of_world") >= HUB_FLOOR))
    products = sizeable["product_id"].to_list()
    sent = own.named_largest("dispatch_share", "product_id")
    made = own.named_largest("sourcing_share", "product_id").filter(~pl.col("product_id").is_in(list(own.moved())))
    both = sent.join(made.select("product_id", pl.col("country").alias("maker")), on="product_id").filter(
        pl.col("product_id").is_in(products)
    )
    if both.is_empty():
        return
    apart = (
        both.filter(pl.col("country") != pl.col("maker"))
        .join(sizeable.select("product_id", "share_of_world"), on="product_id")
        .sort("share_of_world", "product_id", descending=[True, False])
    )
    numbers: dict[str, Any] = {"region": own.region, "count": apart.height, "total": both.height}
    message = "network_hub_none"
    if apart.height:
        row = apart.row(0, named=True)
        numbers |= {
            "product": row["product_id"],
            "country": row["country"],
            "share": row["value"],
            "maker": row["maker"],
            "made": own.value("sourcing_share", row["product_id"], row["maker"]),
        }
        message = "network_hub"
    yield Finding(NETWORK_TOPIC, message, numbers, keys_of(apart), "medium")


def _coverage(own: RegionScores, facts: NetworkFacts) -> Iterator[Finding]:
    counts = facts.use.filter(pl.col("region") == own.region)["known_from"].value_counts()
    by_kind: dict[str, int] = dict(counts.iter_rows())
    if by_kind:
        numbers = {
            "region": own.region,
            "total": sum(by_kind.values()) + len(facts.gaps),
            "known": sum(by_kind.get(kind, 0) for kind in ("trade", "final_demand", "makers")),
            "trade": by_kind.get("trade", 0),
            "derived": by_kind.get("final_demand", 0) + by_kind.get("makers", 0),
            "nothing": by_kind.get("nothing", 0),
            "unknown": by_kind.get("unknown", 0) + len(facts.gaps),
        }
        yield Finding(NETWORK_TOPIC, "network_coverage", numbers, (), "high")


def _evidence(facts: NetworkFacts) -> Iterator[Finding]:
    total = facts.products.height
    if total:
        prior = facts.products.filter(pl.col("evidence") == "prior")
        numbers = {"total": total, "prior": prior.height, "trade": total - prior.height}
        yield Finding(NETWORK_TOPIC, "network_evidence", numbers, (), "high")
