"""GeoPolRisk by hand on a tiny folder, and the results of geopolrisk-py 2.0.1."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.geopolrisk_run import geopolrisk
from supplyrisk.runs.geopolrisk_validation import COMPARED_COLUMNS
from supplyrisk.runs.validation import validate_project
from supplyrisk.scores.geopolrisk.compatible import COLUMNS, NAME, compatible_scores
from supplyrisk.scores.geopolrisk.mended import mended_scores
from supplyrisk.tables.raw.geopolrisk_files import read_geopolrisk_files
from tests.conftest import ROOT
from tests.raw_geopolrisk import FILES, write_raw_files

SHARED = Path(__file__).parents[3] / "shared"
REFERENCE = SHARED / "reference" / "geopolrisk_sample.csv"


def rows_of(table: pl.DataFrame, unit: str = "NLD") -> dict[str, dict[str, Any]]:
    return {row["raw_material"]: row for row in table.to_dicts() if row["economic_unit_iso3"] == unit}


@pytest.fixture
def compat(tmp_path: Path) -> pl.DataFrame:
    files = read_geopolrisk_files(write_raw_files(tmp_path), [2024])
    return compatible_scores(files, {"NLD": ["3"], "EU27": ["3", "4"]})


def test_rules_of_the_package(compat: pl.DataFrame) -> None:
    assert compat.columns == list(COLUMNS)
    metal = rows_of(compat)["Metal"]
    # Cells cut to 6, 4, 0 and 9: Σ P² = 133, (Σ P)² = 361; the printed total is no producer.
    assert metal["hhi"] == pytest.approx(133 / 361)
    # 10·0.2 + 20·0.6 (first row of the code) + 10·0.5 (no estimate) + 10·0.3 over 50 t, no domestic output (first row).
    assert metal["import_risk"] == pytest.approx((2.0 + 12.0 + 5.0 + 3.0) / 50.0)
    # The flow without a weight keeps its value: 57 over 50 t.
    assert metal["price_kusd_per_t"] == pytest.approx(57.0 / 50.0)
    assert metal["cf"] == pytest.approx(metal["score"] * 57.0 / 50.0 / 0.409412948)


def test_kilograms_are_converted_and_cubic_metres_are_not(compat: pl.DataFrame) -> None:
    rows = rows_of(compat)
    assert rows["Copper"]["hhi"] == pytest.approx((3000**2 + 1000**2) / 4000**2)
    assert rows["Copper"]["import_risk"] == pytest.approx(10 * 0.2 / (10 + 1))
    assert rows["Natural gas"]["import_risk"] == pytest.approx(100 * 0.2 / (100 + 50))


def test_trade_among_members_carries_no_risk_and_stays_in_the_imports(compat: pl.DataFrame) -> None:
    metal = rows_of(compat, "EU27")["Metal"]
    # 10·0.2 + 20·0.6 + 10·0.5 + 0 (from Germany) + 5·0.2 (to Germany) over 55 t.
    assert metal["import_risk"] == pytest.approx((2.0 + 12.0 + 5.0 + 1.0) / 55.0)


def test_materials_without_a_code_are_left_out(compat: pl.DataFrame) -> None:
    assert set(compat["raw_material"]) == {"Metal", "Copper", "Natural gas"}


@pytest.fixture
def mended(tmp_path: Path) -> pl.DataFrame:
    files = read_geopolrisk_files(write_raw_files(tmp_path), [2024])
    return mended_scores(files, {"NLD": ["NLD"], "EU27": ["NLD", "DEU"], "CHN": ["CHN"]}, 20.0)


def test_mended_rules(mended: pl.DataFrame) -> None:
    metal = rows_of(mended)["Metal"]
    # Nothing is cut: 6.9, 4, 9. A flow without a weight takes the usual 1 kUSD/t of its heading: 7 t.
    assert metal["hhi"] == pytest.approx((6.9**2 + 4**2 + 9**2) / 19.9**2)
    assert metal["mended_share"] == pytest.approx(7.0 / 57.0)
    assert metal["price_kusd_per_t"] == pytest.approx(1.0)
    assert metal["stability_year"] == 2023


def test_an_exporter_without_an_estimate_beyond_a_tenth_leaves_the_score_missing(mended: pl.DataFrame) -> None:
    metal = rows_of(mended)["Metal"]
    assert metal["missing_reason"] == "stability_missing"  # 10 of 57 t come from where no estimate is known
    assert metal["import_risk"] is None


def test_copper_is_the_reference_of_its_own_unit_and_year(mended: pl.DataFrame) -> None:
    copper = rows_of(mended)["Copper"]
    # g of Australia (2.5 − 1.5)/5 = 0.2, 10 t over 10 t and 1 t of own output.
    assert copper["import_risk"] == pytest.approx(2.0 / 11.0)
    assert copper["cf"] == pytest.approx(1.0)


def test_a_flow_without_a_value_keeps_its_weight_and_tells_no_price(tmp_path: Path) -> None:
    # Copper: 10 t from Australia (g 0.2) at 4 kUSD/t, 90 t from China (g 0.6) without a value, 1 t of own output.
    trade = "t,i,j,k,v,q\n2024,1,3,20202,40,10\n2024,2,3,20202,NA,90\n"
    files = read_geopolrisk_files(write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade}), [2024])
    copper = rows_of(mended_scores(files, {"NLD": ["NLD"]}, 20.0))["Copper"]
    assert copper["import_risk"] == pytest.approx((10 * 0.2 + 90 * 0.6) / (100 + 1))
    assert (copper["mended_share"], copper["price_kusd_per_t"]) == pytest.approx((0.0, 4.0))


@pytest.mark.parametrize(("value", "tonnes", "mended"), [("20", "20", 0.0), ("0.9", "20", 0.9), ("0", "20", 0.0)])
def test_only_a_weight_whose_value_tells_so_is_mistaken(tmp_path: Path, value: str, tonnes: str, mended: float) -> None:
    # Usual value 1 kUSD/t: under 0.05 a tonne the weight is mistaken, and 0.9 kUSD are 0.9 t; no value tells nothing.
    trade = f"t,i,j,k,v,q\n2024,1,3,20202,100,100\n2024,2,3,20202,{value},{tonnes}\n"
    files = read_geopolrisk_files(write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade}), [2024])
    copper = rows_of(mended_scores(files, {"NLD": ["NLD"]}, 20.0))["Copper"]
    assert copper["mended_share"] == pytest.approx(mended / (100 + mended))


def _with_years(folder: Path, *years: int) -> Path:
    """The tiny folder with the same figures in several years; trade files are named after them."""
    wide = ",".join(map(str, years))
    output = FILES["world_mining_data.csv.gz"].replace(",2024,", f",{wide},")
    lines = [line.rsplit(",", 2) for line in output.splitlines()[1:]]
    rows = "\n".join(f"{who},{','.join([cell] * len(years))},{unit}" for who, cell, unit in lines)
    trade = [line.removeprefix("2024") for line in FILES["baci_hs92_2018_2024.csv.gz"].splitlines()[1:]]
    write_raw_files(
        folder,
        **{
            "world_mining_data.csv.gz": f"{output.splitlines()[0]}\n{rows}\n",
            "baci_hs92_2018_2024.csv.gz": None,
            "wgi_pv_normalized_geopolrisk.csv": f"country_code,{wide}\n1,{','.join(['0.2'] * len(years))}\n",
        },
    )
    flows = "\n".join(f"{year}{line}" for year in years for line in trade)
    name = f"baci_hs92_{years[0]}_{years[-1]}.csv.gz"
    (folder / name).write_bytes(gzip.compress(f"t,i,j,k,v,q\n{flows}\n".encode()))
    return folder


def test_years_are_those_of_the_files(tmp_path: Path) -> None:
    folder = _with_years(tmp_path, 2022, 2023, 2024, 2025)
    assert sorted(geopolrisk(ROOT, folder, [], [], None, None)["year"].unique()) == [2023, 2024, 2025]
    assert geopolrisk(ROOT, folder, [], [2022], None, None)["year"].unique().to_list() == [2022]
    with pytest.raises(InputError) as error:
        geopolrisk(ROOT, folder, [], [2021, 2025], None, None)
    for file in ("world_mining_data.csv.gz", "wgi_pv_normalized_geopolrisk.csv", "baci_hs92_2022_2025.csv.gz"):
        assert f"{file}, years: it holds no 2021. It holds 2022, 2023, 2024, 2025." in str(error.value)


def test_two_trade_files_are_refused(tmp_path: Path) -> None:
    folder = write_raw_files(_with_years(tmp_path, 2024, 2025))
    with pytest.raises(InputError, match=r"2 files have such a name: baci_hs92_2018_2024.*, baci_hs92_2024_2025"):
        geopolrisk(ROOT, folder, [], [], None, None)


def test_units_that_differ_and_imports_that_are_not_are_missing(mended: pl.DataFrame) -> None:
    assert rows_of(mended)["Natural gas"]["missing_reason"] == "units_differ"
    china = rows_of(mended, "CHN")["Metal"]
    assert (china["missing_reason"], china["score"]) == ("no_imports_recorded", None)


def test_a_region_imports_from_outside_and_the_diluted_figure_stands_beside_it(tmp_path: Path) -> None:
    trade = "t,i,j,k,v,q\n2024,1,3,20202,10,10\n2024,4,3,20202,30,30\n2024,1,3,10101,1,1\n"
    files = read_geopolrisk_files(write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade}), [2024])
    table = mended_scores(files, {"EU27": ["NLD", "DEU"]}, 20.0)
    copper = rows_of(table, "EU27")["Copper"]
    assert copper["import_risk"] == pytest.approx(10 * 0.2 / (10 + 1))
    assert copper["import_risk_with_internal_trade"] == pytest.approx(10 * 0.2 / (40 + 1))


def test_every_problem_of_every_file_is_told(tmp_path: Path) -> None:
    write_raw_files(tmp_path, **{"world_mining_data.csv.gz": None})
    table = tmp_path / "wgi.csv"
    table.write_text(table.read_text().replace("1.5", "high"))
    codes = tmp_path / "baci_country_codes_V202401b.csv"
    codes.write_text(codes.read_text().replace("country_iso3", "country_iso"))
    with pytest.raises(InputError) as error:
        read_geopolrisk_files(tmp_path, [2024])
    told = str(error.value)
    assert "world_mining_data.csv.gz" in told
    assert "the file is not there" in told
    assert "wgi.csv, row 2, column estimate: 'high' is not a number" in told
    assert "the column 'country_iso3' is missing" in told
    assert "Did you mean 'country_iso'?" in told


def test_every_wrong_word_is_told_before_any_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        geopolrisk(ROOT, tmp_path, ["NLDD"], [], "geopolrisk-py", "constante")
    told = str(error.value)
    for part in ("'NLDD' is not a country", NAME, "Did you mean 'constant'?"):
        assert part in told


def test_the_reference_of_copper_is_refused_where_the_package_fixes_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"with --compat .* copper is the constant of the package\. Leave one"):
        geopolrisk(ROOT, tmp_path, [], [], NAME, "unit_and_year")


needs_shared = pytest.mark.skipif(not REFERENCE.exists(), reason="needs the results of the package and its raw files")


@needs_shared
def test_results_of_the_package_to_a_billionth() -> None:
    table = validate_project(ROOT, ("geopolrisk_py_2_0_1",), None, SHARED / "raw", REFERENCE)
    assert table.height == 54 * len(COMPARED_COLUMNS)
    assert set(table["verdict"]) == {"holds"}


@needs_shared
def test_all_units_and_years_are_there() -> None:
    table = geopolrisk(ROOT, SHARED / "raw", ["all"], [], NAME, None)
    assert table.height == 53 * 28 * 3
