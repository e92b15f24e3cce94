"""Scores of one region, looked up the way findings ask for them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from supplyrisk.findings.finding import score_key
from supplyrisk.network.places import NO_COUNTRY, REST_OF_WORLD
from supplyrisk.scores.sourcing import MOVED_LANES

EU, BASE = "EU27", "base"


@dataclass(frozen=True)
class RegionScores:
    """Scores of one scenario whose scope is ``region``; ``countries``: iso3, kind, eu27."""

    region: str
    scores: pl.DataFrame
    countries: pl.DataFrame

    @classmethod
    def of(cls, scores: pl.DataFrame, countries: pl.DataFrame, region: str, scenario: str = BASE) -> RegionScores:
        """The scores of ``region`` among all scores: of the base year, or of an outlook by its name."""
        own = (pl.col("scope") == region) & (pl.col("scenario") == scenario)
        return cls(region, scores.filter(own), countries)

    def rows(self, metric: str, **where: str) -> pl.DataFrame:
        """Rows of a metric, narrowed to given columns."""
        found = self.scores.filter(pl.col("metric") == metric)
        for column, value in where.items():
            found = found.filter(pl.col(column) == value)
        return found

    def countries_only(self, rows: pl.DataFrame, inside_eu: bool = True) -> pl.DataFrame:
        """Rows of named countries and of the EU; without ``inside_eu`` only of countries outside it."""
        named = self.countries.filter(pl.col("kind") == "country")
        if not inside_eu:
            named = named.filter(~pl.col("eu27"))
        codes = named["iso3"].to_list()
        return rows.filter(pl.col("country").is_in([*codes, EU] if inside_eu else codes))

    def largest(self, metric: str, by: str, inside_eu: bool = True, **where: str) -> pl.DataFrame:
        """The row of the largest named country in each group, the group with the largest value first."""
        rows = self.countries_only(self.rows(metric, **where), inside_eu).filter(pl.col("value").is_not_null())
        ordered = rows.sort("value", by, "country", descending=[True, False, False])
        return ordered.group_by(by, maintain_order=True).first().select(rows.columns)

    def named_largest(self, metric: str, by: str, inside_eu: bool = True, **where: str) -> pl.DataFrame:
        """``largest`` without groups of which makers or senders without a name have more: one of them may be larger."""
        rows = self.largest(metric, by, inside_eu, **where)
        unnamed = self.unnamed(metric, by, inside_eu, **where)
        joined = rows.join(unnamed, on=by, how="left", maintain_order="left")
        return joined.filter(pl.col("unnamed").fill_null(0.0) <= pl.col("value")).select(rows.columns)

    def unnamed(self, metric: str, by: str, inside_eu: bool = True, **where: str) -> pl.DataFrame:
        """By group the share without a name; without ``inside_eu`` that of the rest of the world alone."""
        codes = NO_COUNTRY if inside_eu else {REST_OF_WORLD}
        rows = self.rows(metric, **where).filter(pl.col("country").is_in(list(codes)))
        return rows.group_by(by).agg(pl.col("value").sum().alias("unnamed"))

    def moved(self) -> frozenset[str]:
        """Products whose trade had to move so far to fit that it does not tell who supplies the region."""
        rows = self.rows("sourcing_share").filter(pl.col("interval_kind") == MOVED_LANES)
        return frozenset(rows["product_id"])

    def value(self, metric: str, product_id: str, country: str, end_product: str | None = None) -> float:
        """A share, 0 where it is too small to be listed."""
        found = self.rows(metric, product_id=product_id, country=country)
        if end_product is not None:
            found = found.filter(pl.col("end_product") == end_product)
        return float(found["value"][0]) if found.height else 0.0

    def primary_share(self, product_id: str, country: str, end_product: str) -> float:
        """Look-through share of a country in what has a maker, scrap left out; 0 where it is too small to be listed."""
        scrap = self.rows("look_through_secondary", product_id=product_id, end_product=end_product)["value"].sum()
        return self.value("look_through_share", product_id, country, end_product) / (1.0 - float(scrap))


def keys_of(rows: pl.DataFrame) -> tuple[str, ...]:
    """Keys of scores in the order of the rows."""
    return tuple(score_key(row) for row in rows.iter_rows(named=True))


def qualities_of(rows: pl.DataFrame) -> list[str | None]:
    """Grades of the rows."""
    return list(rows["quality"])
