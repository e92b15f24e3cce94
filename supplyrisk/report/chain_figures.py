"""Pictures of chains as figures: headings, names, and alt text written from the same numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from supplyrisk.findings.origin import FOLLOWED
from supplyrisk.network.look_through import cut_off
from supplyrisk.network.places import EU_REGION
from supplyrisk.report.chain_chart import Heading, chain_bands
from supplyrisk.report.chain_columns import (
    ChainColumns,
    draw_together,
    leading_countries,
    material_columns,
    value_columns,
)
from supplyrisk.report.chain_layout import place_bands, place_nodes
from supplyrisk.report.content import Figure
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.shares import OTHER, RESIDUAL
from supplyrisk.report.theme import colours_of, render_svg
from supplyrisk.report.wording import Wording

BATTERY = "battery"

Range = tuple[float, float, float]
"""Low, value, high."""

_COUNTRIES = 7
_VALUE_HEIGHT, _MATERIAL_HEIGHT = 4.8, 3.3
_NAMED_FROM = 0.15
"""Share of a tier from which a country is drawn apart although it is small elsewhere."""

_TOLD = 3
_USE, _USE_COLOUR = "use", "#4d4d4d"

DATA = {
    "shown_as": pl.String, "tier": pl.String, "country": pl.String, "to_country": pl.String, "share": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "weight": pl.Float64, "amount": pl.Float64,
}  # fmt: skip


def value_figure(given: NetworkGiven, stages: Mapping[str, str], region: str, wording: Wording) -> Figure | None:
    """The battery chain of a region by value; None where no battery is used there, or where the chain is cut."""
    used = {} if given.is_cut(BATTERY) else given.used(BATTERY, region)
    if not used:
        return None
    columns, *bounds = (
        value_columns(network, given.used(BATTERY, region, network), given.values, stages, region)
        for network in (given.network, *given.bounds)
    )
    if not columns.tiers:
        return None
    own = own_ranges(columns, bounds)
    place = wording.format_place(region)
    svg, data = _draw(columns, own, region, _VALUE_HEIGHT, wording)
    return Figure(
        name=f"network_battery_{region}",
        svg=svg,
        caption=f"{wording.page('network_value_picture', region=place)}. {wording.page('network_value_note')}",
        alt=wording.page("network_value_alt", region=place, tiers="; ".join(_told(columns, own, wording))),
        wide=True,
        data=data,
    )


def material_figures(given: NetworkGiven, stages: Mapping[str, str], region: str, wording: Wording) -> Iterator[Figure]:
    """One picture for each followed material, from the mine to the use.

    Those that are not reached, or that a gap in the chain cuts off from part of the use, are left out.
    """
    place = wording.format_place(region)
    for followed in FOLLOWED:
        used = given.used(followed.end_product, region)
        cut = cut_off(given.network, given.bundles.get(followed.end_product, ()))
        if not used or followed.root not in given.network.products or followed.root in cut:
            continue
        columns, *bounds = (
            material_columns(network, given.used(followed.end_product, region, network), followed.root, stages, region)
            for network in (given.network, *given.bounds)
        )
        if not columns.tiers:
            continue
        own = own_ranges(columns, bounds)
        words = {
            "material": wording.format_root(followed.root),
            "end": wording.format_end(followed.end_product),
            "region": place,
        }
        title = wording.page("network_material_picture", **words)
        svg, data = _draw(columns, own, region, _MATERIAL_HEIGHT, wording)
        yield Figure(
            name=f"network_{followed.root}_{region}",
            svg=svg,
            caption=f"{wording.capital(title)}.",
            alt=wording.page("network_material_alt", tiers="; ".join(_told(columns, own, wording)), **words),
            wide=True,
            data=data,
        )


def _draw(columns: ChainColumns, own: Sequence[Range], region: str, height: float, wording: Wording) -> tuple[str, str]:
    """The picture as SVG, and its data."""
    leading = leading_countries(columns, _COUNTRIES, _NAMED_FROM)
    drawn = draw_together(columns, leading)
    words = wording.catalogue["words"]
    order = [*leading, OTHER, RESIDUAL]
    placed = place_nodes(drawn, order)
    last = len(columns.tiers)
    nodes = [replace(node, code=_USE) if node.column == last else node for node in placed]
    names = {code: wording.short_place(code) for code in leading}
    names |= {OTHER: str(words["other_countries"]), RESIDUAL: str(words["residual"])}
    names[_USE] = f"{wording.page('network_used_in')}\n{wording.format_place(region)}"
    shares = {(node.column, node.code): wording.format_percent(node.share) for node in nodes}
    shares[last, _USE] = ""
    colours = colours_of(leading, leading, OTHER, RESIDUAL) | {_USE: _USE_COLOUR}
    # The bands of the EU and of the largest other country stand out.
    strong = leading[:2]
    bands = place_bands(drawn, placed)
    headings = _headings(columns, own, wording)
    svg = render_svg(chain_bands(nodes, bands, headings, names, shares, colours, strong, height))
    places = names | {region: wording.short_place(region), EU_REGION: wording.short_place(EU_REGION)}
    return svg, chain_data(drawn, own, [heading.title for heading in headings], places).write_csv()


def chain_data(
    drawn: ChainColumns, own: Sequence[Range], tiers: Sequence[str], names: Mapping[str, str]
) -> pl.DataFrame:
    """What a picture shows in ``DATA``: headings of the tiers, then bars, then bands, from left to right.

    ``tiers``: names of the columns, the use included; ``names`` by code.
    """
    weights = drawn.weights or [None] * len(drawn.tiers)
    headings = [
        ("tier", tiers[column], names[EU_REGION], None, value, low, high, weight, None)
        for column, ((low, value, high), weight) in enumerate(zip(own, weights, strict=True))
    ]
    nodes = drawn.nodes.sort("column", "share", "code", descending=[False, True, False])
    bars = [
        ("bar", tiers[column], names[code], None, share, None, None, None, None)
        for column, code, share in nodes.iter_rows()
    ]
    bands = [
        ("band", tiers[column], names[source], names[target], None, None, None, None, amount)
        for column, source, target, amount in drawn.flows.iter_rows()
    ]
    return pl.DataFrame([*headings, *bars, *bands], schema=DATA, orient="row")


def own_ranges(columns: ChainColumns, bounds: Sequence[ChainColumns]) -> list[Range]:
    """Share of the EU in every tier: low, value, high over the picture and the bounds."""
    found = []
    for column, tier in enumerate(columns.tiers):
        value = columns.share(column, EU_REGION)
        others = [bound.share(bound.tiers.index(tier), EU_REGION) for bound in bounds if tier in bound.tiers]
        found.append((min(value, *others), value, max(value, *others)) if others else (value, value, value))
    return found


def _shown(own: Range, wording: Wording) -> str:
    """A share of the EU with the range that the home preference leaves open, where there is one."""
    low, value, high = (wording.format_percent(share) for share in own)
    return wording.with_interval(value, low, high)


def _headings(columns: ChainColumns, own: Sequence[Range], wording: Wording) -> list[Heading]:
    found = []
    for column, tier in enumerate(columns.tiers):
        share = wording.page("network_own_share", share=_shown(own[column], wording))
        if columns.weights is None:
            notes: tuple[str, ...] = (share,)
        else:
            weight = wording.format_percent(columns.weights[column])
            notes = (wording.page("network_of_value", share=weight), share)
        found.append(Heading(_tier_name(tier, wording), notes))
    return [*found, Heading(wording.page("network_use"), ())]


def _tier_name(tier: tuple[str, ...], wording: Wording) -> str:
    """Name of a tier: that of its stage, or of the tier where it holds several."""
    tiers = wording.catalogue["tiers"]
    return str(tiers["_".join(tier)]) if "_".join(tier) in tiers else str(wording.catalogue["stages"][tier[0]])


def _told(columns: ChainColumns, own: Sequence[Range], wording: Wording) -> Iterator[str]:
    """Each tier in words: its largest countries, and the EU where it is not among them."""
    words = wording.catalogue["words"]
    for column, tier in enumerate(columns.tiers):
        makers = columns.nodes.filter(columns.nodes["column"] == column).sort("share", "code", descending=[True, False])
        shares = dict(makers.head(_TOLD).select("code", "share").iter_rows())
        shown = {code: wording.format_percent(share) for code, share in shares.items()}
        shown[EU_REGION] = _shown(own[column], wording)
        countries = ", ".join(
            f"{words['residual'] if code == RESIDUAL else wording.short_place(code)} {text}"
            for code, text in shown.items()
        )
        name = _tier_name(tier, wording)
        if columns.weights is None:
            yield wording.page("network_tier_alt", tier=name, countries=countries)
        else:
            weight = wording.format_percent(columns.weights[column])
            yield wording.page("network_tier_value_alt", tier=name, weight=weight, countries=countries)
