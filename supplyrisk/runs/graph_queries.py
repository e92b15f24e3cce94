"""What `supplyrisk graph` asks for: the network of a project, its lanes, what is behind a use, and paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.network.build_report import build_report
from supplyrisk.network.graph_view import Tier
from supplyrisk.network.look_through import cut_off, look_through, used_in
from supplyrisk.network.model import Network
from supplyrisk.network.paths import paths_from
from supplyrisk.network.places import EU_REGION
from supplyrisk.report.chain_figures import material_figures, value_figure
from supplyrisk.report.compose import names_in
from supplyrisk.report.network_given import NetworkGiven
from supplyrisk.report.wording import Wording
from supplyrisk.runs.asked_words import check_words
from supplyrisk.runs.network_facts import network_facts
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.opening import open_package
from supplyrisk.runs.project_scores import network_of
from supplyrisk.runs.quarterly import REPORT_TABLES
from supplyrisk.runs.scoring import stages_of
from supplyrisk.scores.origin import origin_scores
from supplyrisk.scores.sourcing import shares_by_maker
from supplyrisk.scores.table import score_table
from supplyrisk.tables.package import DataPackage

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FoundNetwork:
    """The network of a project as known on a day, with the package it comes from."""

    run: NetworkRun
    package: DataPackage

    @property
    def network(self) -> Network:
        """The network at the calibrated home preference."""
        return self.run.network

    @property
    def stages(self) -> dict[str, str]:
        """Stage of every product."""
        return stages_of(self.package)

    @property
    def tiers(self) -> dict[str, Tier]:
        """Stage and tier of every product."""
        rows = self.package.table("products").select("product_id", "stage", "tier").iter_rows()
        return {product: Tier(stage, tier) for product, stage, tier in rows}

    def summary(self) -> list[str]:
        """What the network is and what it rests on, in words."""
        network, report = self.network, build_report(self.network)
        links = network.links
        on_trade = links.filter(pl.col("evidence") == "trade").height
        products = report.filter(pl.col("evidence") == "trade").height
        low, high = self.run.preference_range
        unknown = report.filter(~pl.col("use_place_known")).height
        worst, dropped = (float(str(report[name].max() or 0.0)) for name in ("residual", "truncated_share"))
        lines = [
            f"Network of {network.year} as known on {self.package.as_of}: {report.height} products, "
            f"{len(network.places.codes)} places, {links.height:,} links.",
            f"On trade tables rest {products} products and {on_trade:,} links, on the home preference alone "
            f"{report.height - products} products and {links.height - on_trade:,} links.",
            f"Home preference {network.home_preference:.3f} ({low:.3f} to {high:.3f} at the ends of its anchor; "
            "0 = everyone buys the world mix, 1 = what is made at home is used first).",
            f"Largest residual of a balance {worst:.1e} of world output; lanes dropped as too small "
            f"carried at most {dropped:.2%} of a product.",
            f"For {unknown} products the place of other uses is not known: no regional score.",
        ]
        if network.gaps:
            gaps = ", ".join(f"{product} ({reason})" for product, reason in sorted(network.gaps.items()))
            lines.append(f"Not in the network, and not looked through beyond: {gaps}.")
        return lines

    def report(self) -> pl.DataFrame:
        """What every product rests on (network.build_report)."""
        return build_report(self.network)

    def lanes(self, products: Sequence[str], country: str | None) -> pl.DataFrame:
        """Lanes of products (empty: all), from or to a country or the EU; the largest quantity of a product first."""
        for product in products:
            self._check_product(product)
        links = self.network.links
        if products:
            links = links.filter(pl.col("product_id").is_in(list(products)))
        if country is not None:
            places = self.network.places
            own = [
                code
                for code, inside in zip(places.codes, places.of_region(self._place(country)), strict=True)
                if inside
            ]
            links = links.filter(pl.col("supplier").is_in(own) | pl.col("user").is_in(own))
        order = ["product_id", "quantity", "supplier", "user"]
        return links.sort(order, descending=[False, True, False, False])

    def behind(self, end: str, focus: str) -> pl.DataFrame:
        """What is behind the use of an end product in a region, by product and place of making, with intervals.

        ``share``: of the whole with scrap; ``quantity``: what was made there, so scrap is in none.
        """
        products, used = self._used(end, focus)
        looked, network = look_through(self.network, used), self.network
        scores = score_table(
            origin_scores(self.run.drawn, end, products, used, self._place(focus), self.stages), self.package.as_of
        ).filter(pl.col("metric") == "look_through_share")
        order = {product: place for place, product in enumerate(network.chain.products)}
        volumes = [
            (product, code, network.products[product].unit, float(volume))
            for product, made in looked.made.items()
            for code, (volume, _) in shares_by_maker(network.places, made, self._place(focus)).items()
        ]
        schema = ["product_id", "country", "quantity_unit", "quantity"]
        quantities = pl.DataFrame(volumes, schema=schema, orient="row")
        return (
            scores.join(quantities, on=["product_id", "country"], how="left")
            .drop("unit")
            .rename({"quantity_unit": "unit"})
            .with_columns(pl.col("product_id").replace_strict(order, return_dtype=pl.Int64).alias("place_in_chain"))
            .sort("place_in_chain", "value", descending=[False, True])
            .select("product_id", "stage", "country", "value", "low", "high", "quantity", "unit")
            .rename({"country": "place", "value": "share"})
        )

    def paths(self, origin: str, focus: str, end: str, material: str | None, count: int) -> PathTable:
        """Ways of a raw material from a country to the use of an end product in a region."""
        products, used = self._used(end, focus)
        place = self._place(origin)
        if place not in self.network.places.index:
            raise InputError(f"--from: {origin} makes nothing in this network.")
        cut = cut_off(self.network, products)
        looked = look_through(self.network, used)
        made = looked.made
        roots = [product for product in made if not self.network.chain.inputs[product]]
        mined = [root for root in roots if float(made[root][self.network.places.index[place]]) > 0.0]
        if material is not None:
            self._check_product(material)
            if material not in made:
                raise InputError(f"--material: {material} is not behind {end}. {did_you_mean(material, roots)}")
            mined = [material]
        stopped = sorted({gap for root in mined or cut for gap in cut.get(root, ())})
        if stopped:
            raise InputError(
                f"The chain is cut: no quantity of output of {', '.join(stopped)} was known on {self.package.as_of}."
            )
        if not mined:
            raise InputError(
                f"--from: no raw material behind {end} comes from {origin}. Raw materials: {', '.join(roots)}."
            )
        records, notes = [], ["Uses are not told apart: cars, lorries and storage take the same ways here."]
        index = self.network.places.index[place]
        for root in sorted(mined, key=lambda name: (-float(looked.shares(name)[index]), name)):
            found = paths_from(self.network, used, root, place)
            whole = float(looked.shares(root)[index])
            shown = found[:count]
            covered = sum(path.share for path in shown)
            notes.append(
                f"{root}: {whole:.1%} of what is behind {end} used in {focus}, scrap included, comes from {place}; "
                f"ways listed: {len(shown)}, with {covered / whole if whole > 0.0 else 0.0:.1%} of that."
            )
            records += [(root, path.share, str(path)) for path in shown]
        table = pl.DataFrame(
            records, schema={"material": pl.String, "share": pl.Float64, "path": pl.String}, orient="row"
        )
        return PathTable(table, tuple(notes))

    def picture(self, focus: str, material: str | None, language: str) -> str:
        """The battery chain of a region as SVG, by value, or by tonnes of a raw material (see report.chain_figures)."""
        region = self._place(focus)
        package, run = self.package, self.run
        given = NetworkGiven(
            network=run.network,
            bounds=run.range.bounds,
            bundles=run.bundles,
            values=run.values,
            facts=network_facts(package, run, [region], 1.0),
        )
        tables = {name: package.table(name) for name in ("countries", "products", "sources")}
        wording = Wording(language, names_in(language, tables))
        if material is None:
            figure = value_figure(given, self.stages, region, wording)
        else:
            self._check_product(material)
            drawn = {f.name: f for f in material_figures(given, self.stages, region, wording)}
            figure = drawn.get(f"network_{material}_{region}")
        if figure is None:
            what = "the battery chain" if material is None else material
            raise InputError(f"There is no picture of {what} for {focus}: nothing of it is known there.")
        return figure.svg

    def _used(self, end: str, focus: str) -> tuple[tuple[str, ...], dict[str, Array]]:
        bundles = {**{product: (product,) for product in self.network.chain.products}, **self.run.bundles}
        if end not in bundles:
            raise InputError(f"--end: '{end}' is not an end product. {did_you_mean(end, bundles)}")
        region = self._place(focus)
        used = used_in(self.network, bundles[end], region)
        partly = sorted(self.network.partly_known_demand & set(bundles[end]))
        if not used and partly:
            out = sorted(self.package.exclude_sources)
            mend = f"Take {', '.join(out)} out of exclude_sources, or a later day." if out else "Take a later --as-of."
            raise InputError(
                f"Where {end} is used is not known: only part of the final demand for {', '.join(partly)} was public "
                f"on {self.package.as_of} by sources that are not left out, and a part would pass for the whole. {mend}"
            )
        if not used:
            raise InputError(
                f"Nothing is known of the use of {end} in {focus}: "
                "either the figures show none, or no table tells where it is used."
            )
        return bundles[end], used

    def _place(self, text: str) -> str:
        code = self.package.country_names().resolve(text)
        if code != EU_REGION and code not in self.network.places.index:
            raise InputError(f"{text} ({code}) is no place of the network: it makes nothing and is pooled with ROW.")
        return code

    def _check_product(self, product: str) -> None:
        if product not in self.network.products:
            known = sorted(self.network.products)
            reason = self.network.gaps.get(product)
            told = f"'{product}' is not in the network ({reason})." if reason else f"'{product}' is not a product."
            raise InputError(f"{told} {did_you_mean(product, known)}")


@dataclass(frozen=True)
class PathTable:
    """Paths with their share of the material behind the use, and what they cover in words."""

    table: pl.DataFrame
    notes: tuple[str, ...]


def network_query(
    folder: Path | None,
    quarter: str | None,
    as_of: str | None,
    whole: bool = False,
    products: Sequence[str] = (),
    countries: Sequence[str] = (),
) -> FoundNetwork:
    """The network of a project as known on the last day of a quarter or on another day; ``whole``: with its bounds.

    Raises ``InputError`` for ``products`` and ``countries`` that are none, before the network is built.
    """
    project, config, package = open_package(folder, quarter, as_of, REPORT_TABLES)
    check_words(package, products=products, countries=countries)
    return FoundNetwork(network_of(project, config, package, whole), package)
