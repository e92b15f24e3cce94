"""Series of shares of world output, by publisher, that cover the study's years and a recent year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from supplyrisk.scores.criticality.assumptions import CarriedShares
from supplyrisk.scores.criticality.carried import ShareSeries
from supplyrisk.scores.supply import Output, output_columns, supply_of
from supplyrisk.tables.vintage import IS_KNOWN


@dataclass(frozen=True)
class DrawnWith:
    """How shares are drawn: log width by quality grade, seed, number of draws; what each code is (kind)."""

    kinds: Mapping[str, str]
    widths: Mapping[str, float]
    seed: int
    draws: int


EditionYear = tuple[str, int]
Outputs = Mapping[EditionYear, Output]
"""Output by edition and year."""


def known_outputs(
    rows: pl.DataFrame, by: Sequence[str], widths: Mapping[str, float]
) -> dict[tuple[str, ...], dict[EditionYear, Output]]:
    """Output by the columns ``by``, and of each by edition and year, where all rows of it are known.

    ``rows``: of ``production`` or ``world_output``, marked with ``is_known``; ``widths``: as for ``supplies``.
    """
    grouped = rows.filter(pl.col("iso3") != "WLD").group_by(*by, "edition", "year", maintain_order=True)
    whole = grouped.agg(*output_columns(widths), pl.col(IS_KNOWN).all()).filter(IS_KNOWN).drop(IS_KNOWN)
    found: dict[tuple[str, ...], dict[EditionYear, Output]] = {}
    for row in whole.iter_rows():
        key, (edition, year), listed = row[: len(by)], row[len(by) : len(by) + 2], row[len(by) + 2 :]
        found.setdefault(key, {})[edition, year] = Output(*listed)
    return found


def output_series(
    outputs: Outputs, product: str, rules: CarriedShares, this_year: int, with_draws: DrawnWith
) -> list[ShareSeries]:
    """Series of world output, the one that goes furthest first; empty where no publisher covers both ends.

    ``outputs``: of the product, known. Of each publisher (``rules.publishers``) and year the first of its
    editions that has the year whole and names the makers of nearly all of it. Shares of the study's years are a mean
    over years; those of late are of the last year, which may lie ``rules.years_behind`` before ``this_year``.
    """
    found = [
        one for name in rules.publishers if (one := _of_publisher(outputs, product, name, rules, this_year, with_draws))
    ]
    return sorted(found, key=lambda one: -one.year)


def _of_publisher(
    outputs: Outputs, product: str, name: str, rules: CarriedShares, this_year: int, with_draws: DrawnWith
) -> ShareSeries | None:
    chosen = _whole_years(outputs, rules.publishers[name], rules.largest_unnamed_share, with_draws.kinds)
    first, last = rules.reference_years
    reference = [year for year in sorted(chosen) if first <= year <= last]
    latest = max(chosen, default=last)
    if len(reference) < rules.fewest_reference_years or latest <= last or latest < this_year - rules.years_behind:
        return None
    earlier = [outputs[chosen[year], year] for year in reference]
    before = mean_shares([named_shares(one.places, one.values, with_draws.kinds) for one in earlier])
    of_late, edition = outputs[chosen[latest], latest], chosen[latest]
    supply = supply_of(product, latest, edition, of_late, with_draws.kinds, with_draws.seed, with_draws.draws)
    drawn = supply.share_draws / supply.share_draws.sum(axis=0)
    return ShareSeries(
        name,
        (min(reference), max(reference)),
        (latest, latest),
        before,
        dict(zip(supply.countries, (supply.shares / supply.shares.sum()).tolist(), strict=True)),
        dict(zip(supply.countries, drawn, strict=True)),
        (*(row for one in earlier for row in one.row_ids), *supply.row_ids),
    )


def _whole_years(
    outputs: Outputs, editions: Sequence[str], largest_unnamed: float, kinds: Mapping[str, str]
) -> dict[int, str]:
    """By year, the first edition that has it whole; years in which too much is unnamed are left out."""
    rank = {edition: position for position, edition in enumerate(editions)}
    of_publisher = sorted((rank[edition], year, edition) for edition, year in outputs if edition in rank)
    found: dict[int, str] = {}
    for _, year, edition in of_publisher:
        if year not in found and _is_named(outputs[edition, year], largest_unnamed, kinds):
            found[year] = edition
    return found


def _is_named(output: Output, largest_unnamed: float, kinds: Mapping[str, str]) -> bool:
    """Whether at most this share of it is of makers that are no countries."""
    made = sum(output.values)
    pairs = zip(output.places, output.values, strict=True)
    named = sum(value for code, value in pairs if kinds.get(code) == "country")
    return made > 0.0 and named >= (1.0 - largest_unnamed) * made


def named_shares(makers: Sequence[str], tonnes: Sequence[float], kinds: Mapping[str, str]) -> dict[str, float]:
    """Shares of countries (``kinds`` country) in what countries make."""
    values: dict[str, float] = {}
    for code, made in zip(makers, tonnes, strict=True):
        if kinds.get(code) == "country":
            values[code] = values.get(code, 0.0) + made
    total = sum(values[code] for code in sorted(values))
    return {code: values[code] / total for code in sorted(values)} if total else {}


def mean_shares(years: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Mean over years; a country without a share in a year has none of it."""
    countries = sorted({country for shares in years for country in shares})
    return {country: sum(shares.get(country, 0.0) for shares in years) / len(years) for country in countries}
