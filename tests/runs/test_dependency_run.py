"""Trade dependency of the shipped data, beside sums made by hand and beside the whole of BACI."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from functools import cache

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.dependency_run import DependencyQuery, dependency_query
from supplyrisk.scores.dependency_scores import judge
from supplyrisk.scores.trade_dependency import CORE, GEODEP, TESTS
from supplyrisk.scores.trade_frames import TradedGood, tabled
from tests.conftest import ROOT

RAW = ROOT.parent / "shared" / "raw"


@cache
def query(scope: str = "EU27", method: str = GEODEP, quarter: str = "2026Q1") -> DependencyQuery:
    return dependency_query(ROOT, quarter, None, scope, method)


@pytest.fixture(scope="module")
def union() -> pl.DataFrame:
    """Every good for the EU by the tests of CEPII."""
    return query().goods([], only_flagged=False)


def one(table: pl.DataFrame, good: str, headings: str, year: int) -> dict[str, object]:
    same = (pl.col("good") == good) & (pl.col("headings") == headings) & (pl.col("year") == year)
    (row,) = table.filter(same).iter_rows(named=True)
    return row


# --- beside sums over the rows of the file, made without the package


@cache
def _file() -> list[dict[str, str]]:
    with (ROOT / "data" / "trade.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["record_kind"] == "reconciled" and not row["suspect"]]


@cache
def _members() -> frozenset[str]:
    with (ROOT / "data" / "countries.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return frozenset(row["iso3"] for row in rows if row["eu27"] == "true" and row["kind"] == "country")


@pytest.mark.parametrize(
    ("good", "heading", "supplier", "imports_musd", "share", "hhi", "ratio"),
    [
        # Magnets of metal, China 1 076.1 of 1 181.3 million USD; the EU sells 48.2 outside.
        ("ndfeb_magnet", "850511", "CHN", 1181.3, 0.911, 8314, 24.5),
        # Lithium carbonate, Chile 175.0 of 210.3 million USD; the EU sells 25.4 outside.
        ("lithium_chemicals", "283691", "CHL", 210.3, 0.832, 6989, 8.29),
        # Ferroniobium, Brazil 662.1 of 730.8 million USD; the EU sells 52.8 outside.
        ("ferroniobium", "720293", "BRA", 730.8, 0.906, 8293, 13.9),
    ],
)
def test_imports_of_the_union_in_2024_summed_from_the_file(
    union: pl.DataFrame,
    good: str,
    heading: str,
    supplier: str,
    imports_musd: float,
    share: float,
    hhi: int,
    ratio: float,
) -> None:
    inward: dict[str, float] = defaultdict(float)
    for row in _file():
        crosses = row["importer_iso3"] in _members() and row["exporter_iso3"] not in _members()
        if crosses and (row["hs6"], row["year"]) == (heading, "2024"):
            inward[row["exporter_iso3"]] += float(row["value_kusd"])
    total = sum(inward.values())
    assert total / 1000 == pytest.approx(imports_musd, abs=0.05)
    found = one(union, good, heading, 2024)
    assert (found["largest_supplier"], found["largest_supplier_share"]) == (supplier, pytest.approx(share, abs=5e-4))
    assert found["import_hhi"] == pytest.approx(10_000 * sum((v / total) ** 2 for v in inward.values()))
    assert found["import_hhi"] == pytest.approx(hhi, abs=0.6)
    assert found["imports_to_exports"] == pytest.approx(ratio, rel=5e-3)
    assert (found["flagged"], found["dependent"]) == (1, 1)


def test_mistaken_weight_of_bauxite_from_guinea_leaves_its_value_in(union: pl.DataFrame) -> None:
    # 6.4 of about 9 billion USD of world exports in 2023 are Guinea to China, with a mistaken tonnage.
    assert one(union, "bauxite", "260600", 2023)["doubtful_share_of_world"] < 0.01  # type: ignore[operator]
    assert one(union, "bauxite", "260600", 2023)["world_export_hhi"] > 5000.0  # type: ignore[operator]


def test_product_with_two_headings_has_them_together_and_apart(union: pl.DataFrame) -> None:
    rows = union.filter((pl.col("good") == "lithium_chemicals") & (pl.col("year") == 2024))
    assert set(rows["headings"]) == {"282520;283691", "282520", "283691"}
    together = one(union, "lithium_chemicals", "282520;283691", 2024)["import_hhi"]
    assert together != pytest.approx(one(union, "lithium_chemicals", "283691", 2024)["import_hhi"])


def test_table_of_imports_alone_decides_only_what_it_can(union: pl.DataFrame) -> None:
    rows = union.filter(pl.col("record_kind") == "eu_imports")
    assert rows["world_export_hhi"].null_count() == rows["imports_to_exports"].null_count() == rows.height
    assert set(rows["flagged"]) <= {0, None}
    assert rows.filter(pl.col("import_hhi") > 4000)["flagged"].null_count() == (rows["import_hhi"] > 4000).sum()


def test_lithium_ore_is_not_called_dependent_on_two_years_of_which_none_is_whole(union: pl.DataFrame) -> None:
    assert one(union, "lithium_mine", "25309040", 2022)["missing_reason"] == "year_not_in_table"
    assert one(union, "lithium_mine", "25309040", 2024)["dependent"] is None


def test_before_the_newest_year_was_public_the_window_ends_a_year_earlier() -> None:
    early = query(quarter="2025Q4").goods(["ndfeb_magnet"], only_flagged=False)
    assert early["year"].to_list() == [2021, 2022, 2023]
    assert early["flagged"].to_list() == [None, 1, 1]
    assert set(early["dependent"]) == {1}


def test_goods_flagged_in_no_year_can_be_left_out(union: pl.DataFrame) -> None:
    flagged = query().goods([], only_flagged=True)
    assert 0 < flagged.height < union.height
    assert flagged.group_by("good", "headings").agg(pl.col("flagged").max())["flagged"].to_list().count(1) == (
        flagged.select("good", "headings").n_unique()
    )


def test_netherlands_is_judged_with_its_partners_in_the_union_as_suppliers() -> None:
    table = query("Nederland", GEODEP).goods([], only_flagged=False)
    assert set(table["scope"]) == {"NLD"}
    assert _members() & set(table["largest_supplier"])
    core = query("NLD", CORE).goods([], only_flagged=False)
    assert not _members() & set(core["largest_supplier"])


@pytest.mark.parametrize("scope", ["EU27", "NLD"])
@pytest.mark.parametrize("method", [GEODEP, CORE])
def test_churn_agrees_with_the_yearly_list(scope: str, method: str) -> None:
    asked = query(scope, method)
    single = asked.goods([], only_flagged=False).filter(
        ~pl.col("headings").str.contains(";") & ~pl.col("headings").is_in(["252800", "811211"])
    )
    by_year = {
        year: dict(single.filter(pl.col("year") == year).select("headings", "flagged").iter_rows())
        for year in (2022, 2023, 2024)
    }
    for row in asked.churn().iter_rows(named=True):
        before, after = by_year[row["year_from"]], by_year[row["year_to"]]
        both = {name for name in before if before[name] is not None and after[name] is not None}
        assert row["headings_judged"] == len(both)
        stays = sorted(name for name in both if before[name] == after[name] == 1)
        assert row["stays"] == ";".join(stays)
        assert row["share_that_stays"] == pytest.approx(len(stays) / sum(before[name] for name in both))


def test_notes_tell_what_transit_trade_costs_the_netherlands() -> None:
    assert any("on their way" in line for line in query("NLD").notes(of_churn=False))
    assert len(query().notes(of_churn=False)) == 1
    assert any("CEPII Policy Brief 2023-41" in line for line in query().notes(of_churn=True))


@pytest.mark.parametrize(
    ("scope", "method", "told"),
    [
        ("EU27", "geodap", r"'geodap' is not a method\. Did you mean 'geodep'\?"),
        ("EU28", "geodep", r"'EU28' is not a country or region\."),
        ("ROW", "geodep", r"'ROW' is no country and not EU27"),
        ("GBR", "core", r"are of the EU and its members, not of GBR"),
    ],
)
def test_wrong_words_are_told(scope: str, method: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        query(scope, method)


def test_all_unknown_goods_are_told_at_once() -> None:
    with pytest.raises(InputError, match=r"'ndfeb_magnt' is not .*'ndfeb_magnet'\? 'magnesit' is not .*'magnesite'\?"):
        query().goods(["ndfeb_magnt", "magnesit", "ferroniobium"], only_flagged=False)


def test_product_without_a_trade_table_is_a_gap() -> None:
    (row,) = query().goods(["pcam"], only_flagged=False).iter_rows(named=True)
    assert (row["good"], row["flagged"], row["missing_reason"]) == ("pcam", None, "no_trade_table")


# --- beside the whole of BACI, small flows and doubtful ones in

HEADINGS = ("251910", "260300", "260400", "282200", "283691", "711011", "720293")


@cache
def _whole() -> dict[tuple[str, int], list[tuple[str, str, float]]]:
    with (RAW / "baci_country_codes_V202401b.csv").open(encoding="utf-8") as file:
        codes = {row["country_code"]: row["country_iso3"] for row in csv.DictReader(file)}
    flows: dict[tuple[str, int], list[tuple[str, str, float]]] = defaultdict(list)
    with gzip.open(RAW / "baci_hs92_2018_2024.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["k"].strip().zfill(6), int(row["t"]))
            if key[0] in HEADINGS and key[1] >= 2022:
                flows[key].append((codes[row["i"]], codes[row["j"]], float(row["v"])))
    return flows


def _published(heading: str, year: int, region: frozenset[str], union: frozenset[str]) -> dict[str, float]:
    inward: dict[str, float] = defaultdict(float)
    third: dict[str, float] = defaultdict(float)
    world: dict[str, float] = defaultdict(float)
    all_imports = exports = all_exports = 0.0
    for exporter, importer, value in _whole()[heading, year]:
        world[exporter] += value
        if importer in region:
            all_imports += value
            inward[exporter] += 0.0 if exporter in region else value
            third[exporter] += 0.0 if exporter in union else value
        if exporter in region:
            all_exports += value
            exports += 0.0 if importer in region else value
    totals = {name: sum(values.values()) for name, values in (("in", inward), ("third", third), ("world", world))}
    return {
        "import_hhi": 10_000 * sum((v / totals["in"]) ** 2 for v in inward.values()),
        "world_export_hhi": 10_000 * sum((v / totals["world"]) ** 2 for v in world.values()),
        "imports_to_exports": totals["in"] / exports,
        "extra_eu_import_hhi": 10_000 * sum((v / totals["third"]) ** 2 for v in third.values()),
        "extra_eu_import_share": totals["third"] / all_imports,
        "extra_eu_imports_to_exports": totals["third"] / all_exports,
    }


@pytest.mark.skipif(not (RAW / "baci_hs92_2018_2024.csv.gz").exists(), reason="the raw trade table is not here")
@pytest.mark.parametrize("scope", ["EU27", "NLD"])
@pytest.mark.parametrize("heading", HEADINGS)
def test_ends_hold_what_the_whole_of_baci_gives(heading: str, scope: str) -> None:
    asked = query(scope, GEODEP)
    rows = tabled(asked.package.table("trade"))
    name = rows.filter(pl.col("heading") == heading)["good"][0]
    product = rows.filter(pl.col("heading") == heading)["product_id"][0]
    judged = judge(rows, TradedGood(name, product, (heading,), "reconciled"), asked.region, _members())
    assert [year.year for year in judged.years] == [2022, 2023, 2024]
    for year in judged.years:
        assert year.found is not None
        published = _published(heading, year.year, asked.region.members, _members())
        for metric in (*TESTS[GEODEP], *TESTS[CORE]):
            found = year.found[metric]
            if found.value is not None:
                assert found.low is not None
                assert found.high is not None
                # Sums in the shipped table are rounded to a dollar.
                assert found.low * (1 - 1e-4) <= published[metric] <= found.high * (1 + 1e-4), (metric, year.year)
