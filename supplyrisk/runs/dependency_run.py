"""What `supplyrisk dependency` asks for: goods judged by trade for a region, and how the list changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.runs.opening import open_package
from supplyrisk.runs.scoring import eu_members, regions_of
from supplyrisk.scores.dependency_churn import churn, heading_flags
from supplyrisk.scores.dependency_scores import (
    NO_TABLE,
    JudgedGood,
    JudgedYear,
    judge,
)
from supplyrisk.scores.trade_dependency import CORE, TESTS, Flag
from supplyrisk.scores.trade_frames import flows_of, region_trade, single_headings, tabled, traded_goods
from supplyrisk.scores.world import Region
from supplyrisk.tables.package import DataPackage

TABLES = ("countries", "country_names", "products", "trade")

_TRANSIT = (
    "Trade of the Netherlands holds goods on their way to other members: imports and exports grow alike, so that the "
    "ratio is drawn to 1, and goods that come in through another member count as imports from there."
)
_CHURN = (
    "Published comparison, over all goods of trade: about one in five goods flagged in 2018 is not flagged in 2019 "
    "(CEPII Policy Brief 2023-41). The list here is of raw materials only."
)


@dataclass(frozen=True)
class DependencyQuery:
    """The trade table as known on a day, the region, and the method."""

    package: DataPackage
    region: Region
    method: str

    def goods(self, names: Sequence[str], only_flagged: bool) -> pl.DataFrame:
        """A row for each good and year: the three tests with their ends, the answers, the largest supplier.

        A product with several headings has a row for them together and one for each. Dependent goods come first. Raises
        ``InputError`` for a name that is neither a product nor a good of the trade table.
        """
        rows, products = tabled(self.package.table("trade")), self.package.table("products")["product_id"]
        self._check_names(names, {*rows["good"], *products})
        goods = traded_goods(rows)
        several = {good.name for good in goods if len(good.headings) > 1}
        goods += [good for good in single_headings(rows) if good.name in several]
        wanted = [good for good in goods if not names or good.name in names]
        eu = eu_members(self.package)
        records = []
        for good in wanted:
            judged = judge(rows, good, self.region, eu)
            records += [self._record(judged, year, eu) for year in judged.years]
        records += [self._gap(name) for name in sorted(set(names) - {good.name for good in goods})]
        table = pl.DataFrame(records, schema=self._schema())
        if only_flagged:
            listed = (pl.col("flagged") == 1).any().over("good", "headings")
            table = table.filter(listed.fill_null(False))
        return table.sort(
            pl.col("dependent").fill_null(-1),
            "good",
            pl.col("headings").str.len_chars(),
            "headings",
            "year",
            descending=[True, False, True, False, False],
        )

    def churn(self) -> pl.DataFrame:
        """Churn of the list of flagged headings for each pair of years."""
        flags = heading_flags(self.package.table("trade"), self.region, eu_members(self.package), self.method)
        return pl.DataFrame(
            [
                {
                    "year_from": one.year_from,
                    "year_to": one.year_to,
                    "headings_judged": one.judged_in_both,
                    "share_that_stays": one.share_that_stays,
                    **{name: ";".join(getattr(one, name)) for name in ("stays", "dropped", "new")},
                }
                for one in churn(flags)
            ],
            schema={
                "year_from": pl.Int64,
                "year_to": pl.Int64,
                "headings_judged": pl.Int64,
                "share_that_stays": pl.Float64,
                "stays": pl.String,
                "dropped": pl.String,
                "new": pl.String,
            },
        )

    def notes(self, of_churn: bool) -> list[str]:
        """What a reader of the table has to know."""
        alone = " (the Commission judges single years)" if self.method == CORE else ""
        first = (
            f"Method {self.method}, {self.region.code}, by value. Flagged: all three tests hold in the year; "
            f"dependent: they do in two of three years{alone}. Empty: not decided."
        )
        transit = [_TRANSIT] if self.region.code == "NLD" else []
        return [first, *transit, *([_CHURN] if of_churn else [])]

    def _check_names(self, names: Sequence[str], known: set[str]) -> None:
        wrong = [
            f"'{name}' is not a product or good. {did_you_mean(name, known)}" for name in names if name not in known
        ]
        if wrong:
            raise InputError("--product: " + " ".join(wrong))

    def _record(self, judged: JudgedGood, year: JudgedYear, eu: frozenset[str]) -> dict[str, object]:
        flagged, dependent = year.flag(self.method), judged.dependent(self.method)
        supplier, share = self._largest(judged, year, eu)
        doubtful = float(year.rows.filter(~pl.col("is_trusted"))["value_kusd"].sum())
        whole = float(year.rows["value_kusd"].sum())
        tests: dict[str, object] = {}
        for name in TESTS[self.method]:
            one = None if year.found is None else year.found[name]
            ends = (None, None, None) if one is None else (one.value, one.low, one.high)
            tests |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
        found = year.found or {}
        own = dict.fromkeys(found[name].missing_reason for name in TESTS[self.method] if name in found)
        reasons = [reason for reason in own if reason is not None]
        return {
            "good": judged.good.name,
            "product_id": judged.good.product_id,
            "headings": ";".join(judged.good.headings),
            "record_kind": judged.good.record_kind,
            "scope": self.region.code,
            "year": year.year,
            **tests,
            **_answers("flagged", flagged),
            **_answers("dependent", dependent),
            "largest_supplier": supplier,
            "largest_supplier_share": share,
            "doubtful_share_of_world": doubtful / whole if whole else None,
            "missing_reason": year.missing_reason or ";".join(reasons) or None,
        }

    def _largest(self, judged: JudgedGood, year: JudgedYear, eu: frozenset[str]) -> tuple[str | None, float | None]:
        if year.found is None:
            return None, None
        flows = flows_of(year.rows.filter("is_trusted"))
        trade = region_trade(flows, self.region.members, eu, judged.good.record_kind)
        imports = trade.extra_eu if self.method == CORE else trade.imports
        if not imports:
            return None, None
        first = max(sorted(imports), key=lambda code: imports[code])
        return first, imports[first] / sum(imports.values())

    def _gap(self, name: str) -> dict[str, object]:
        empty = dict.fromkeys(self._schema())
        return empty | {"good": name, "product_id": name, "scope": self.region.code, "missing_reason": NO_TABLE}

    def _schema(self) -> dict[str, type[pl.DataType]]:
        words = dict.fromkeys(("good", "product_id", "headings", "record_kind", "scope"), pl.String)
        tests = [f"{name}{end}" for name in TESTS[self.method] for end in ("", "_low", "_high")]
        answers = [f"{name}{end}" for name in ("flagged", "dependent") for end in ("", "_low", "_high")]
        return {
            **words,
            "year": pl.Int64,
            **dict.fromkeys(tests, pl.Float64),
            **dict.fromkeys(answers, pl.Int64),
            "largest_supplier": pl.String,
            "largest_supplier_share": pl.Float64,
            "doubtful_share_of_world": pl.Float64,
            "missing_reason": pl.String,
        }


def _answers(name: str, answer: Flag | None) -> dict[str, int | None]:
    if answer is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    value = None if answer.value is None else int(answer.value)
    return {name: value, f"{name}_low": int(answer.low), f"{name}_high": int(answer.high)}


def dependency_query(
    folder: Path | None, quarter: str | None, as_of: str | None, scope: str, method: str
) -> DependencyQuery:
    """Trade of a project as known on a day.

    Raises ``InputError`` for an unknown method or region, and for ``core`` outside the EU.
    """
    if method not in TESTS:
        raise InputError(f"--method: '{method}' is not a method. {did_you_mean(method, TESTS)}")
    _, _, package = open_package(folder, quarter, as_of, TABLES)
    (region,) = regions_of(package, [scope])
    if region.code not in set(package.table("countries").filter(pl.col("kind") == "country")["iso3"]) | {"EU27"}:
        raise InputError(f"--scope: '{scope}' is no country and not EU27.")
    if method == CORE and not region.members <= eu_members(package):
        raise InputError(
            f"--method core: the Commission's indicators are of the EU and its members, not of {region.code}."
        )
    return DependencyQuery(package, region, method)
