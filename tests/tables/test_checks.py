"""The rules between tables, on the shipped data and on broken copies of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

import polars as pl
import pytest

from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.runs.project import Project
from supplyrisk.tables import checks
from supplyrisk.tables.checks import check_data
from supplyrisk.tables.contract import TableContract, read_contracts
from supplyrisk.tables.package import read_tables

Edit = Callable[[str, str, str], None]
Contracts = Mapping[str, TableContract]
Check = Callable[[Contracts, Mapping[str, pl.DataFrame], ProblemCollector], None]
TABLES = (
    "by_products",
    "edition_choice",
    "eol_rir",
    "events",
    "hs_content",
    "production",
    "products",
    "recipes",
    "source_aliases",
)


@pytest.fixture(scope="module")
def contracts(project: Project) -> Contracts:
    """The shipped contracts."""
    return MappingProxyType(read_contracts(project.data))


@pytest.fixture(scope="module")
def frames(project: Project, contracts: Contracts) -> Mapping[str, pl.DataFrame]:
    """Some of the shipped tables; a test takes a changed copy."""
    collector = ProblemCollector()
    loaded = read_tables(project.data, dict(contracts), [*TABLES, "sources"], collector)
    collector.raise_if_any("The shipped tables must be sound")
    return MappingProxyType(loaded)


Broken = Callable[..., list[str]]


@pytest.fixture
def broken(contracts: Contracts, frames: Mapping[str, pl.DataFrame]) -> Broken:
    """Problems that one check finds when, in one table, the row with this id has other cells."""

    def run(check: Check, table: str, identity: str, **cells: object) -> list[str]:
        column = "row_id" if "row_id" in frames[table].columns else contracts[table].key[0]
        frame = frames[table]
        hit = pl.col(column) == identity
        assert frame.filter(hit).height > 0
        changed = frame.with_columns(
            pl.when(hit).then(pl.lit(value, dtype=frame[name].dtype)).otherwise(pl.col(name)).alias(name)
            for name, value in cells.items()
        )
        collector = ProblemCollector()
        check(contracts, {**frames, table: changed}, collector)
        return [str(problem) for problem in collector.problems]

    return run


def test_the_shipped_data_hold_every_contract_and_rule(project: Project) -> None:
    assert check_data(project.data) == ()


def test_everything_wrong_in_a_copy_is_found_at_once(copied_project: Path, edit: Edit) -> None:
    edit("data/production.csv", "gallium,JPN,2024,usgs_mcs_2026,3,t,", "gallium,JPN,2024,usgs_mcs_2026,3,GWh,")
    edit("data/production.csv", "gallium,CHN,2024,usgs_mcs_2026,839,t", "gallium,CHN,2024,usgs_mcs_2026,-839,t")
    edit("data/production.csv", "gallium,CHN,2018,ec_crm_2023,93.8,", "gallium,CHN,2018,ec_crm_2023,98.8,")
    edit("data/production.csv", "gallium,KOR,2023,usgs_mcs_2025,3,t", "gallium,KOR,2023,usgs_mcs_2025,3,tt")
    edit("data/production.csv", "gallium,RUS,2023,usgs_mcs_2025", "galium,RUS,2023,usgs_mcs_2025")
    edit("data/eol_rir.csv", "aluminium,2023,0.32,", "aluminium,2023,1.3,")
    edit("data/edition_choice.csv", "gallium,wmd_2024,score", "gallium,iea_cmde_2025,score")
    edit("data/source_aliases.csv", "\nbaseline,", "\ncurated_2024,")
    edit("data/recipes.csv", "alumina,bauxite,,2.5,2,", "alumina,bauxite,,2.5,2.75,")
    problems = [str(problem) for problem in check_data(copied_project / "data")]
    expected = [
        "eol_rir.csv, row 2 (eol_rir.aluminium.2023), column eol_rir_share: 1.3 is above the maximum of 1 fraction. "
        "Shares are fractions between 0 and 1: write 0.45 for 45 %.",
        "production.csv, row N (production.gallium.chn.2024.usgs_mcs_2026), column value: "
        "-839 is below the minimum of 0. Allowed: 0 or more.",
        "production.csv, row N (production.gallium.kor.2023.usgs_mcs_2025), column unit: "
        "'tt' is not allowed. Did you mean 't'?",
        "production.csv, row N (production.gallium.rus.2023.usgs_mcs_2025), column product_id: "
        "'galium' is not known in products.product_id. Did you mean 'gallium'?",
        "recipes.csv, row recipes.alumina.bauxite: 2.75 ≤ 2.5 ≤ 3.01848484 does not hold. "
        "Put the three in rising order.",
        "production.csv, row production.gallium.jpn.2024.usgs_mcs_2026: the unit is GWh, the product is in t. "
        "Convert the value.",
        "production.csv, row production.gallium.kor.2023.usgs_mcs_2025: the unit is tt, the product is in t. "
        "Convert the value.",
        # 98.8 + 0.3 + 1 + 0.9 + 1.9 + 2.2
        "production.csv, row production.gallium.chn.2018.ec_crm_2023: the shares of gallium 2018 (ec_crm_2023) "
        "add up to 105.1 %. They must not exceed 100 %.",
        "production.csv, row production.gallium.chn.2024.usgs_mcs_2026: gallium 2024 (usgs_mcs_2026) mixes units. "
        "One edition of a product and year has one unit.",
        "production.csv, row production.gallium.chn.2023.usgs_mcs_2025: gallium 2023 (usgs_mcs_2025) mixes units. "
        "One edition of a product and year has one unit.",
        "edition_choice.csv, row gallium/score/5: the edition iea_cmde_2025 has no rows of gallium in production.csv. "
        "Take the choice out or add the rows.",
        "source_aliases.csv, row curated_2024: 'curated_2024' is an alias and a source. "
        "Keep it in one of the two tables.",
    ]
    rows = (copied_project / "data" / "production.csv").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(rows, start=1):
        row_id = row.partition(",")[0]
        expected = [text.replace(f"row N ({row_id})", f"row {number} ({row_id})") for text in expected]
    assert sorted(problems) == sorted(expected)


def test_tables_that_cannot_be_read_do_not_hide_the_faults_of_others(copied_project: Path, edit: Edit) -> None:
    (copied_project / "data" / "products.csv").unlink()
    (copied_project / "data" / "sources.csv").unlink()
    edit("data/eol_rir.csv", "aluminium,2023,0.32,", "aluminium,2023,1.3,")
    places = [str(problem).partition(": ")[0] for problem in check_data(copied_project / "data")]
    assert places == [
        "eol_rir.csv, row 2 (eol_rir.aluminium.2023), column eol_rir_share",
        "products.csv",
        "sources.csv",
    ]


def test_faults_of_an_overlay_are_found(project: Project, tmp_path: Path) -> None:
    header = (project.data / "eol_rir.csv").read_text(encoding="utf-8").partition("\n")[0]
    row = "eol_rir.tin.2023,tin,2023,0.3,cm_atlas_2026,D,observed,,2020-01-01"
    (tmp_path / "eol_rir.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    problems = [str(problem) for problem in check_data(project.data, tmp_path)]
    assert problems == [
        "eol_rir.csv, row eol_rir.tin.2023: known_from 2020-01-01 differs from 2026-11-21, which follows from its "
        "sources. Mend the date or the source."
    ]


def test_a_first_day_that_does_not_follow_from_the_sources_is_found(broken: Broken) -> None:
    row = "production.gallium.rus.2024.usgs_mcs_2026"
    assert broken(checks.check_release_dates, "production", row, known_from=date(2026, 2, 5)) == [
        f"production.csv, row {row}: known_from 2026-02-05 differs from 2026-02-06, which follows from its sources. "
        "Mend the date or the source."
    ]


def test_another_source_moves_the_first_day(broken: Broken) -> None:
    row = "production.gallium.rus.2024.usgs_mcs_2026"
    problems = broken(checks.check_release_dates, "production", row, source_ids="usgs_mcs_2025")
    assert len(problems) == 1
    assert "known_from 2026-02-06 differs from 2025-01-31" in problems[0]


def test_a_moved_publication_day_shows_in_every_table_that_cites_the_source(broken: Broken) -> None:
    problems = broken(checks.check_release_dates, "sources", "usgs_mcs_2026", published=date(2026, 2, 7))
    assert {problem.partition(",")[0].partition(":")[0] for problem in problems} == {"production.csv", "recipes.csv"}
    assert any(problem.startswith("production.csv: the same in ") for problem in problems)


def test_a_row_on_a_source_that_must_not_be_passed_on_is_found(broken: Broken) -> None:
    row = "production.gallium.rus.2024.usgs_mcs_2026"
    assert broken(checks.check_licences, "production", row, source_ids="usgs_mcs_2026;investing_li") == [
        f"production.csv, row {row}: a source of usgs_mcs_2026;investing_li must not be passed on. Take the row out."
    ]


def test_a_licence_that_is_barred_later_shows_in_every_table_that_cites_the_source(broken: Broken) -> None:
    problems = broken(checks.check_licences, "sources", "curated_2024", licence_status="no_redistribution")
    assert {problem.partition(",")[0].partition(":")[0] for problem in problems} >= {"hs_content.csv", "recipes.csv"}


@pytest.mark.parametrize("status", ["open", "cite_only", "unclear"])
def test_no_other_status_bars_a_row(broken: Broken, status: str) -> None:
    assert broken(checks.check_licences, "sources", "investing_li", licence_status=status) == []


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"low": 620.0, "high": 630.0}, "620.0 ≤ 621.0 ≤ 630.0"),
        ({"low": 622.0, "high": 630.0}, "622.0 ≤ 621.0 ≤ 630.0 does not hold"),
        ({"low": 600.0, "high": 620.0}, "600.0 ≤ 621.0 ≤ 620.0 does not hold"),
        ({"low": 622.0}, "622.0 ≤ 621.0 ≤ None does not hold"),
        ({"high": 620.0}, "None ≤ 621.0 ≤ 620.0 does not hold"),
    ],
)
def test_a_range_must_hold_its_value_also_when_one_end_is_open(
    broken: Broken, cells: dict[str, float], message: str
) -> None:
    problems = broken(checks.check_ranges, "production", "production.gallium.chn.2023.usgs_mcs_2025", **cells)
    if "does not hold" in message:
        assert len(problems) == 1
        assert message in problems[0]
    else:
        assert problems == []


def test_the_range_of_a_content_must_hold_its_centre(broken: Broken) -> None:
    problems = broken(checks.check_ranges, "hs_content", "hs_content.aluminium_primary.760110", content_low=1.5)
    assert problems == [
        "hs_content.csv, row hs_content.aluminium_primary.760110: 1.5 ≤ 1.0 ≤ 1.0 does not hold. "
        "Put the three in rising order."
    ]


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2006-08", "2006-07", "the end 2006-07 is before the start 2006-08"),
        ("2006-08-15", "2006-08-14", "the end 2006-08-14 is before the start 2006-08-15"),
        ("2006-08-15", "2006", None),
        ("2006-08-15", "2006-08", None),
        ("2006", "2006-01-01", None),
        ("2006-08", None, None),
    ],
)
def test_an_end_before_its_start_is_found_as_far_as_both_are_told(
    broken: Broken, start: str, end: str | None, told: str | None
) -> None:
    problems = broken(checks.check_days, "events", "events.e0004", start=start, end=end)
    assert problems == ([f"events.csv, row events.e0004: {told}. Swap or correct them."] if told else [])


def test_output_in_another_unit_than_its_product_is_found(broken: Broken) -> None:
    problems = broken(
        checks.check_production_units, "production", "production.gallium.chn.2024.usgs_mcs_2026", unit="GWh"
    )
    assert problems[0].endswith("the unit is GWh, the product is in t. Convert the value.")


def test_per_cent_of_the_world_beside_tonnes_in_one_edition_is_found(broken: Broken) -> None:
    problems = broken(
        checks.check_production_units, "production", "production.gallium.rus.2024.usgs_mcs_2026", unit="pct_world"
    )
    assert len(problems) == 1
    assert "gallium 2024 (usgs_mcs_2026) mixes units" in problems[0]


# Shares of gallium without China, ec_crm_2023: 0.3 + 1 + 0.9 + 1.9 + 2.2 = 6.3.
@pytest.mark.parametrize(("china", "found"), [(94.6, 0), (94.8, 1), (130.0, 1)])
def test_printed_shares_may_exceed_a_hundred_by_rounding_only(broken: Broken, china: float, found: int) -> None:
    problems = broken(
        checks.check_production_units, "production", "production.gallium.chn.2018.ec_crm_2023", value=china
    )
    assert len(problems) == found
    assert all("the shares of gallium 2018 (ec_crm_2023) add up to" in problem for problem in problems)


def test_a_product_in_a_unit_that_cannot_be_converted_is_found(broken: Broken) -> None:
    problems = broken(checks.check_production_units, "products", "gallium", unit="barrel")
    assert "products.csv, column unit: 'barrel' is not a known unit." in problems


def test_a_ranked_edition_without_rows_of_its_product_is_found(broken: Broken) -> None:
    problems = broken(checks.check_edition_choice, "edition_choice", "gallium", edition="iea_cmde_2025")
    assert problems[0] == (
        "edition_choice.csv, row gallium/score/1: the edition iea_cmde_2025 has no rows of gallium in production.csv. "
        "Take the choice out or add the rows."
    )
    # Gallium has nine ranked places: three are shown, six counted.
    assert len(problems) == 4
    assert problems[3] == "edition_choice.csv: the same in 6 more rows."


def test_an_alias_that_is_a_source_is_found(broken: Broken) -> None:
    assert broken(checks.check_source_aliases, "source_aliases", "baseline", alias_id="usgs_mcs_2025") == [
        "source_aliases.csv, row usgs_mcs_2025: 'usgs_mcs_2025' is an alias and a source. "
        "Keep it in one of the two tables."
    ]


@pytest.mark.parametrize("check", checks.CHECKS)
def test_no_check_fails_when_a_table_could_not_be_read(
    contracts: Contracts, frames: Mapping[str, pl.DataFrame], check: Check
) -> None:
    for missing in frames:
        collector = ProblemCollector()
        check(contracts, {name: frame for name, frame in frames.items() if name != missing}, collector)
        assert collector.problems == ()
