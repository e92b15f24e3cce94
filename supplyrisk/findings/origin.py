"""Findings on one raw material: where what is inside an end product was refined, and what passed through where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from supplyrisk.findings.finding import Finding, confidence_of, score_key
from supplyrisk.findings.region_scores import RegionScores
from supplyrisk.scores.single_country import MOVED
from supplyrisk.scores.sourcing import UNNAMED_LARGER

NO_TRADE_TABLE = "no_trade_table"


@dataclass(frozen=True)
class Followed:
    """A raw material followed to an end product: its mine product and the refined product that stands for refining."""

    end_product: str
    root: str
    refined: str


FOLLOWED = (
    Followed("battery", "lithium_mine", "lithium_chemicals"),
    Followed("battery", "cobalt_mine", "cobalt_refined"),
    Followed("battery", "nickel_mine", "nickel_refined"),
    Followed("battery", "natural_graphite_mine", "graphite_spherical"),
    Followed("battery", "manganese_mine", "manganese_sulphate_hp"),
    Followed("ndfeb_magnet", "magnet_rare_earths_mine", "ndpr_refined"),
)
"""Materials with findings and pictures of their own."""


def origin_finding(own: RegionScores, followed: Followed) -> Finding | None:
    """Where the material was refined, through where it passed, and what direct purchases show; None where unknown."""
    end, refined = followed.end_product, followed.refined
    top = own.named_largest("look_through_share", "product_id", product_id=refined, end_product=end)
    if top.is_empty():
        return None
    row = top.row(0, named=True)
    numbers: dict[str, Any] = {
        "region": own.region,
        "end": end,
        "root": followed.root,
        "product": refined,
        "country": row["country"],
        "share": row["value"],
        "low": row["low"],
        "high": row["high"],
    }
    keys = [score_key(row)]
    passed = own.rows("pass_through", product_id=followed.root, end_product=end, country=row["country"])
    through = passed.row(0, named=True) if passed.height else None
    if through is not None:
        numbers |= {"passed": through["value"], "passed_low": through["low"], "passed_high": through["high"]}
        keys.append(score_key(through))
    message = "network_origin" if through is not None else "network_origin_short"
    direct = own.named_largest("sourcing_share", "product_id", product_id=refined)
    hidden = own.rows("hidden_dependency", product_id=refined, end_product=end, country=row["country"])
    if through is not None and direct.height and hidden.height:
        first = direct.row(0, named=True)
        numbers |= {
            "direct_country": first["country"],
            "direct": first["value"],
            "direct_low": first["low"],
            "direct_high": first["high"],
            "hidden": hidden["value"][0],
        }
        keys.append(score_key(first))
        message = "network_origin_open" if first["country"] == row["country"] else "network_origin_hidden"
    elif through is not None:
        numbers["reason"] = direct_gap(own, refined)
    return Finding("network", message, numbers, tuple(keys), confidence_of([row["quality"]]))


def direct_gap(own: RegionScores, product_id: str) -> str:
    """Why the largest direct supplier of a product is not known.

    The reason of its missing score, trade that moved far to fit or is not there, or supply without a name.
    """
    rows = own.rows("import_dependence", product_id=product_id).filter(pl.col("value").is_null())
    if rows.height:
        return str(rows["missing_reason"][0])
    if product_id in own.moved():
        return MOVED
    if own.rows("hidden_dependency", product_id=product_id).is_empty():
        return NO_TRADE_TABLE
    return UNNAMED_LARGER
