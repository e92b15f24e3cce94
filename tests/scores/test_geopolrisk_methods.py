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
from supplyrisk.scores.geopolrisk.copper import CopperReference, with_factors
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


def mended_of(
    folder: Path, *units: str, reference: CopperReference = "eu27_and_year", year: int = 2024
) -> pl.DataFrame:
    region = {"EU27": ["NLD", "DEU"]}
    files = read_geopolrisk_files(folder, [year])
    return mended_scores(files, {unit: region.get(unit, [unit]) for unit in units}, 20.0, region, reference)


@pytest.fixture
def mended(tmp_path: Path) -> pl.DataFrame:
    return mended_of(write_raw_files(tmp_path), "NLD", "EU27", "CHN")


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


@pytest.mark.parametrize(("bulk", "reason"), [(40, "weights_in_doubt"), (4, None)])
def test_no_score_on_tonnes_where_nothing_tells_the_usual_value_of_one(
    tmp_path: Path, bulk: int, reason: str | None
) -> None:
    # To Germany `bulk` tonnes for 0.5 kUSD each, to the Netherlands 10 t for 100 each and 5 kUSD without a weight: with
    # 40 t, half of all tonnes says 0.5 a tonne and half of the worth 100: nobody can tell what 5 kUSD weigh, nor
    # whether the 40 t are mistaken.
    trade = f"t,i,j,k,v,q\n2024,1,4,10101,{bulk * 0.5},{bulk}\n2024,1,3,10101,1000,10\n2024,1,3,10101,5,\n"
    write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade.replace("2024,1,3,10101,5,", "2024,2,3,10101,5,")})
    table = mended_of(tmp_path, "NLD", "DEU")
    assert [rows_of(table, *unit)["Metal"]["missing_reason"] for unit in ((), ("DEU",))] == [reason, reason]


# EU27: 200,000 t from Australia at 3 kUSD/t and g 0.2, with 1 t of own output. Metal: 10 t at 5 kUSD/t.
COPPER_TRADE = """t,i,j,k,v,q
2024,1,3,20202,150000,50000
2024,1,4,20202,450000,150000
2024,1,3,10101,50,10
"""
COPPER_SCORE = (3000**2 + 1000**2) / 4000**2 * 0.2
METAL_SCORE = (6.9**2 + 4**2 + 9**2) / 19.9**2 * 10 * 0.2 / (10 + 9)


def factors(folder: Path, reference: CopperReference, trade: str = COPPER_TRADE) -> dict[str, dict[str, Any]]:
    write_raw_files(folder, **{"baci_hs92_2018_2024.csv.gz": trade})
    return rows_of(mended_of(folder, "NLD", "DEU", reference=reference))


def test_copper_of_the_region_is_the_reference_of_every_unit(tmp_path: Path) -> None:
    rows = factors(tmp_path, "eu27_and_year")
    midpoint = COPPER_SCORE * 200_000 / 200_001 * 3.0
    assert rows["Metal"]["copper_midpoint_usd_per_kg"] == pytest.approx(midpoint)
    assert rows["Metal"]["cf"] == pytest.approx(METAL_SCORE * 5.0 / midpoint)
    assert (rows["Metal"]["copper_reference"], rows["Metal"]["cf_missing_reason"]) == ("EU27 2024", None)
    assert rows["Metal"]["imports_t"] == 10.0
    # Copper of the Netherlands differs from that of the region by its own output: 50,000 of 50,001 t.
    assert rows["Copper"]["cf"] == pytest.approx(50_000 / 50_001 / (200_000 / 200_001))


def test_copper_of_the_unit_is_a_reference_only_where_it_imports_enough(tmp_path: Path) -> None:
    folder = write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": COPPER_TRADE + "2024,1,4,10101,8,2\n"})
    table = mended_of(folder, "NLD", "DEU", reference="unit_and_year")
    dutch, german = rows_of(table)["Metal"], rows_of(table, "DEU")["Metal"]
    assert (dutch["cf"], dutch["cf_missing_reason"]) == (None, "copper_imports_small")  # 50,000 t
    assert dutch["score"] == pytest.approx(METAL_SCORE)
    assert german["copper_reference"] == "DEU 2024"
    assert german["cf"] == pytest.approx(german["score"] * 4.0 / (COPPER_SCORE * 3.0))


def test_the_constant_of_the_package_is_a_reference(tmp_path: Path) -> None:
    metal = factors(tmp_path, "constant")["Metal"]
    assert (metal["copper_reference"], metal["copper_midpoint_usd_per_kg"]) == ("constant", 0.409412948)
    assert metal["cf"] == pytest.approx(METAL_SCORE * 5.0 / 0.409412948)


def test_a_factor_that_is_missing_says_why(tmp_path: Path) -> None:
    rows = factors(tmp_path, "eu27_and_year", COPPER_TRADE.replace("2024,1,3,10101,50,10", "2024,1,3,10101,,10"))
    assert (rows["Metal"]["cf"], rows["Metal"]["cf_missing_reason"]) == (None, "price_missing")
    assert rows["Natural gas"]["cf_missing_reason"] == rows["Natural gas"]["missing_reason"] == "no_imports_recorded"
    rows = factors(tmp_path, "eu27_and_year", "t,i,j,k,v,q\n2024,1,3,10101,50,10\n")
    assert (rows["Metal"]["cf"], rows["Metal"]["cf_missing_reason"]) == (None, "copper_reference_missing")
    metal = pl.DataFrame(
        {"economic_unit_iso3": ["NLD"], "year": [2024], "score": [0.1], "price_kusd_per_t": [5.0], "imports_t": [1.0]}
    ).with_columns(missing_reason=pl.lit(None, dtype=pl.String))
    (alone,) = with_factors(metal, metal.clear(), "eu27_and_year").to_dicts()
    assert (alone["cf"], alone["cf_missing_reason"]) == (None, "copper_reference_missing")


OUTPUT = """Sheet_name,Country,Country_Code,Country_ISO,{years},unit
Metal (oxide),Northland,1,AUS,{north},metr. t
Metal (oxide),Southland,2,CHN,{south},metr. t
Metal (oxide),Netherlands,3,NLD,{dutch},metr. t
Metal (oxide),Total,DELETE,DELETE,{total},metr. t
Copper,Northland,1,AUS,{north},kg
Natural Gas,Northland,1,AUS,{north},Mio m3
"""


def metal_with_output(folder: Path, reference_year: str = "2023", **cells: str) -> dict[str, Any]:
    """Metal of the Netherlands in 2024, output in two years: cells as 'a,b'; 50 t imported (g of Australia)."""
    given = {"north": "70,80", "south": "10,10", "dutch": "20,20", "total": "100,110"} | cells
    output = OUTPUT.format(years=f"{reference_year},2024", **given)
    trade = "t,i,j,k,v,q\n2024,1,3,10101,50,50\n"
    write_raw_files(folder, **{"world_mining_data.csv.gz": output, "baci_hs92_2018_2024.csv.gz": trade})
    return rows_of(mended_of(folder, "NLD"))["Metal"]


@pytest.mark.parametrize(
    ("year", "cells", "reason", "empty"),
    [
        ("2023", {"south": "10,", "total": "100,100"}, "world_output_incomplete", 1),  # it made 10 of 100
        ("2025", {"south": ",10"}, None, 0),  # the empty cell is of the other year
        ("2025", {"south": "10,"}, "world_output_incomplete", 1),  # no year before: that after
        ("2023", {"south": "9,"}, None, 1),  # it made 9 of 99
        ("2023", {"south": ","}, None, 1),  # no year tells
        ("2023", {"south": "10,0", "total": "100,100"}, None, 0),  # nought is a figure
        ("2023", {"south": "10,10", "total": "100,123"}, "world_output_not_as_printed", 0),  # 110 of 123
        ("2023", {"south": "10,10", "total": "100,122"}, None, 0),
        ("2023", {"north": "700,700", "dutch": "6,", "total": "716,710"}, "own_output_not_given", 1),  # 6 of 56 t
        ("2023", {"north": "700,700", "dutch": "5,", "total": "715,710"}, None, 1),  # 5 of 55 t
        ("2023", {"north": "0,0", "south": "0,0", "dutch": "0,0"}, "no_world_production", 0),
    ],
)
def test_empty_cells_of_output_are_no_zeros(
    tmp_path: Path, year: str, cells: dict[str, str], reason: str | None, empty: int
) -> None:
    metal = metal_with_output(tmp_path, year, **cells)
    assert (metal["missing_reason"], metal["empty_output_cells"]) == (reason, empty)
    assert (metal["score"] is None) == (reason is not None)


def test_a_run_tells_how_many_cells_are_empty(tmp_path: Path) -> None:
    metal_with_output(tmp_path, south="10,")
    mended, exact = (geopolrisk(ROOT, tmp_path, ["NLD"], [2024], compat, None).notes for compat in (None, NAME))
    incomplete = "a tenth or more of world production is in empty cells"
    assert mended == (
        "empty cells of production: 1, told in the column empty_output_cells.",
        f"{incomplete}, no score: Metal 2024.",
    )
    assert exact == (
        "empty cells of production: 1, taken for zero, as in the package.",
        f"{incomplete}, figures as in the package, wrong by it: Metal 2024.",
    )
    metal_with_output(tmp_path, total="100,130")
    told = "producers add up to a tenth or more off the printed total"
    assert geopolrisk(ROOT, tmp_path, ["NLD"], [2024], None, None).notes == (f"{told}, no score: Metal 2024.",)


def test_a_flow_without_a_value_keeps_its_weight_and_tells_no_price(tmp_path: Path) -> None:
    # Copper: 10 t from Australia (g 0.2) at 4 kUSD/t, 90 t from China (g 0.6) without a value, 1 t of own output.
    trade = "t,i,j,k,v,q\n2024,1,3,20202,40,10\n2024,2,3,20202,NA,90\n"
    folder = write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade})
    copper = rows_of(mended_of(folder, "NLD"))["Copper"]
    assert copper["import_risk"] == pytest.approx((10 * 0.2 + 90 * 0.6) / (100 + 1))
    assert (copper["mended_share"], copper["price_kusd_per_t"]) == pytest.approx((0.0, 4.0))


@pytest.mark.parametrize(("value", "tonnes", "mended"), [("20", "20", 0.0), ("0.9", "20", 0.9), ("0", "20", 0.0)])
def test_only_a_weight_whose_value_tells_so_is_mistaken(tmp_path: Path, value: str, tonnes: str, mended: float) -> None:
    # Usual value 1 kUSD/t: under 0.05 a tonne the weight is mistaken, and 0.9 kUSD are 0.9 t; no value tells nothing.
    trade = f"t,i,j,k,v,q\n2024,1,3,20202,100,100\n2024,2,3,20202,{value},{tonnes}\n"
    folder = write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade})
    copper = rows_of(mended_of(folder, "NLD"))["Copper"]
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
    assert sorted(geopolrisk(ROOT, folder, [], [], None, None).rows["year"].unique()) == [2023, 2024, 2025]
    assert geopolrisk(ROOT, folder, [], [2022], None, None).rows["year"].unique().to_list() == [2022]
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
    folder = write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": trade})
    table = mended_of(folder, "EU27")
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


WRONG_FILES = {
    "world_mining_data.csv.gz": """Sheet_name,Country,Country_Code,Country_ISO,2024,unit
Metal oxide,Northland,1,AUS,6,metr. t
Metal oxide,Southland,2,CHN,-1000000,kg
Copper,Northland,1,AUS,3000,kilotons
Copper,Northland,1,AUS,3000,kg
Natural Gas,Total,DELETE,DELETE,50,Mio m3
Metal oxide,Westland,3,NLD,7,metr. t
""",
    "baci_hs92_2018_2024.csv.gz": """t,i,j,k,v,q
2024,1,3,10101,10,-10
2024,1,3,10102,-10,10
2024,1,3,010101,7,NA
2024,99,3,10102,inf,1
""",
    "geopolrisk_hs_code_map.csv": """Sheet_name,Reference ID,Symbol,HS Code,HS Code - Complementary
Metal (oxide),Metal,Me,010101,010101
Copper,Copper,Cu,020202,
Natural Gas,Natural gas,NG,30303,
Copper,Metal,Me,010102,
""",
    "wgi_pv_normalized_geopolrisk.csv": "Country/Territory,2024,country_code\nNorthland,1.2,1\nSouthland,-0.1,2\n",
    "wgi.csv": "code,year,indicator,estimate\nAUS,2023,pv,55\nCHN,2023,pv,0.1\nCHN,2023,pv,0.2\n",
    "baci_country_codes_V202401b.csv": "country_code,country_iso3\n1,AUS\n2,CHN\n3,NLD\n3,DEU\n",
}
OUTPUT_FILE, TRADE_FILE, MAP = "world_mining_data.csv.gz", "baci_hs92_2018_2024.csv.gz", "geopolrisk_hs_code_map.csv"
TOLD = (
    f"{OUTPUT_FILE}, row 4, column unit: 'kilotons' is not a unit of production. Known: Mio m3, ct, kg, metr. t.",
    f"{OUTPUT_FILE}, row 3, column unit: 'kg', and other rows of Metal oxide are in 'metr. t'. A table is in one unit.",
    f"{OUTPUT_FILE}, row 3, column 2024: -1e+06 is output below zero. Mend the cell",
    f"{OUTPUT_FILE}, row 5, column Country: Copper, AUS is there already, in row 4. Leave one",
    "column Sheet_name: the table 'Metal (oxide)' of the raw material 'Metal' is missing. Did you mean 'Metal oxide'?",
    f"{OUTPUT_FILE}, column Sheet_name: the table 'Natural Gas' of the raw material 'Natural gas' is missing",
    f"{TRADE_FILE}, row 2, column q: -10 is quantity below zero",
    f"{TRADE_FILE}, row 3, column v: -10 is value below zero",
    f"{TRADE_FILE}, row 4, columns t, i, j, k: 2024, 1, 3, 010101 is there already, in row 2",
    f"{TRADE_FILE}, row 5, column i: '99' is not among the country codes",
    f"{TRADE_FILE}, row 5, column v: 'inf' is not a number",
    f"{MAP}, row 2: '010101' of 'Metal' is there twice",
    f"{MAP}, row 4: '30303' of 'Natural gas' is not an HS code of six digits",
    f"{MAP}, row 5: 'Metal' has another table of production",
    "wgi_pv_normalized_geopolrisk.csv, row 2, column 2024: 1.2 lies outside 0 to 1",
    "wgi_pv_normalized_geopolrisk.csv, row 3, column 2024: -0.1 lies outside 0 to 1",
    "wgi.csv, row 2, column estimate: 55 lies outside -4 to 4",
    "wgi.csv, row 4, columns code, year, indicator: CHN, 2023.0, pv is there already, in row 3",
    "baci_country_codes_V202401b.csv, row 5, column country_code: 3 is there already, in row 4",
)


@pytest.mark.parametrize("compat", [None, NAME])
def test_every_wrong_row_of_every_file_is_told(tmp_path: Path, compat: str | None) -> None:
    write_raw_files(tmp_path, **WRONG_FILES)
    with pytest.raises(InputError) as error:
        geopolrisk(ROOT, tmp_path, ["NLD"], [], compat, None)
    told = str(error.value)
    assert [part for part in TOLD if part not in told] == []
    assert told.startswith(f"The raw files cannot be used: {len(TOLD)} problems.")


def test_of_many_like_problems_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    flows = "".join(f"2024,{code},3,10101,-1,1\n" for code in (1, 2, 4, 9)) + "2024,1,4,10101,-1,1\n"
    write_raw_files(tmp_path, **{"baci_hs92_2018_2024.csv.gz": f"t,i,j,k,v,q\n{flows}"})
    with pytest.raises(InputError) as error:
        read_geopolrisk_files(tmp_path)
    assert "row 4, column v: -1 is value below zero (and 2 more such rows)." in str(error.value)
    assert "row 5" not in str(error.value)


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
    table = geopolrisk(ROOT, SHARED / "raw", ["all"], [], NAME, None).rows
    assert table.height == 53 * 28 * 3
