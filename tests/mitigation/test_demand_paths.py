"""Paths of demand for batteries: worked out by hand, what is told where nothing is known, and measures made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.mitigation.demand_assumptions import known_paths, read_demand_assumptions
from supplyrisk.mitigation.demand_paths import (
    CARS,
    LFP,
    NMC,
    STORAGE,
    TRUCKS,
    Figure,
    PackChange,
    RegionDemand,
    between,
    changes_of,
)
from supplyrisk.mitigation.demand_tables import last_whole_year, material_table, path_table, sensitivity_table
from supplyrisk.mitigation.read import Measure
from supplyrisk.mitigation.specification import Demand, DemandPath, MeasureFile
from supplyrisk.mitigation.worked_out import Workings, worked_out
from supplyrisk.scenario.known_paths import path_problem
from supplyrisk.scenario.specification import Basis, Title
from tests.conftest import ROOT
from tests.data_words import every_row, first_cells

SHIPPED = ROOT / "models" / "assumptions" / "demand_paths.yaml"


def of(value: float, low: float | None = None, high: float | None = None, basis: str = "observed") -> Figure:
    return Figure(value, value if low is None else low, value if high is None else high, basis, (f"row{value:g}",))


BY_HAND = RegionDemand(
    vehicles={2024: of(100.0), 2030: of(200.0, 150.0, 250.0, "derived")},
    trucks={2024: of(10_000.0), 2030: of(100_000.0, 50_000.0, 150_000.0, "derived")},
    storage={2024: of(20.0), 2028: of(40.0)},
    car_lfp_share={2024: of(0.1), 2030: of(0.3)},
    truck_lfp_share={2024: of(0.7), 2030: of(0.7)},
    storage_lfp_share={2024: of(1.0), 2030: of(0.95, basis="assumed")},
    truck_kwh=of(400.0, 200.0, 800.0, "derived"),
    trucks_of_eu=of(1.0),
    inside=(of(10_000.0), of(100.0)),
)


def test_a_hundred_thousand_trucks_of_400_kwh_take_40_gwh() -> None:
    assert BY_HAND.gwh(TRUCKS, 2030, {}) == pytest.approx({LFP: 28.0, NMC: 12.0})
    assert BY_HAND.gwh(TRUCKS, 2030, {"truck_kwh": "high"}) == pytest.approx({LFP: 56.0, NMC: 24.0})
    a_tenth = replace(BY_HAND, trucks_of_eu=of(0.1))
    assert a_tenth.gwh(TRUCKS, 2030, {}) == pytest.approx({LFP: 2.8, NMC: 1.2})


def test_trucks_inside_the_figure_of_all_vehicles_are_taken_out_of_cars() -> None:
    # 10,000 × 400 kWh are 4 of 100 GWh: 96 % of 200 GWh are cars, of which 30 % LFP.
    assert BY_HAND.gwh(CARS, 2030, {}) == pytest.approx({LFP: 57.6, NMC: 134.4})
    # Bigger batteries of trucks leave less for cars.
    assert BY_HAND.gwh(CARS, 2030, {"truck_kwh": "high"}) == pytest.approx({LFP: 0.3 * 184.0, NMC: 0.7 * 184.0})


def test_between_known_years_lines_are_straight_and_nothing_is_carried_on() -> None:
    assert between({2024: of(1.0), 2030: of(4.0, 1.0)}, 2026, "value") == pytest.approx(2.0)
    assert between({2024: of(1.0), 2030: of(4.0, 1.0)}, 2026, "low") == pytest.approx(1.0)
    assert between({2024: of(1.0)}, 2023, "value") is between({2024: of(1.0)}, 2025, "value") is None
    assert between({}, 2024, "value") is None
    assert BY_HAND.gwh(STORAGE, 2029, {}) is None
    assert BY_HAND.whole(2029, {}) is None
    assert last_whole_year(BY_HAND) == 2028
    # An application without any figure is left out; one that ends before the year is not.
    assert replace(BY_HAND, storage={}).whole(2030, {}) == pytest.approx({LFP: 28.0 + 57.6, NMC: 12.0 + 134.4})


def test_what_a_path_changes_is_told_against_the_central_one_of_the_same_year() -> None:
    central = replace(BY_HAND, trucks={2024: of(10_000.0), 2030: of(20_000.0)}, storage={})
    path = replace(BY_HAND, storage={})
    # 32 GWh more in trucks: 22.4 of LFP on 57.6 + 5.6, 9.6 of nickel on 134.4 + 2.4.
    lfp, nmc = changes_of(path, central, 2030)
    assert (lfp.pack, lfp.applications, nmc.pack, nmc.applications) == (LFP, (TRUCKS,), NMC, (TRUCKS,))
    assert (lfp.share, nmc.share) == pytest.approx((22.4 / 63.2, 9.6 / 136.8))
    assert changes_of(path, path, 2030) == ()
    with pytest.raises(ValueError, match="2031 is not known of both"):
        changes_of(path, central, 2031)


def test_the_table_has_ranges_the_weakest_basis_rows_and_reasons() -> None:
    table = path_table("mine", "EU27", BY_HAND, range(2024, 2031))
    assert table.height == 7 * 3 * 2
    trucks = table.row(by_predicate=pl.col("pack").eq(LFP) & pl.col("year").eq(2030) & pl.col("application").eq(TRUCKS),
                       named=True)  # fmt: skip
    assert (trucks["gwh"], trucks["low"], trucks["high"]) == pytest.approx((28.0, 14.0, 56.0))
    assert (trucks["basis"], trucks["between_years"]) == ("derived", False)
    assert trucks["rows"].split(";") == ["row100000", "row0.7", "row400", "row1"]
    storage = table.filter(pl.col("application") == STORAGE)
    assert storage.filter(pl.col("year") > 2028)["gwh"].null_count() == 4
    assert set(storage.filter(pl.col("year") > 2028)["missing_reason"]) == {"known_to_2028"}
    assert storage.filter(pl.col("year") == 2026)["between_years"].all()
    assert set(storage.filter(pl.col("year") == 2026)["basis"]) == {"assumed"}
    none = path_table("mine", "NLD", replace(BY_HAND, storage={}), range(2024, 2025))
    assert none.filter(pl.col("application") == STORAGE)["missing_reason"].to_list() == ["no_figure_in_the_data"] * 2


def test_tonnes_stand_beside_those_of_the_first_year_and_name_what_is_not_in_them() -> None:
    without = replace(BY_HAND, storage={})
    table = material_table("mine", "NLD", without, range(2024, 2032), {"cobalt": {LFP: 0.0, NMC: 100.0}},
                           {"cobalt": ("row.of.use", 7.0)})  # fmt: skip
    first, last, after = (table.row(by_predicate=pl.col("year") == year, named=True) for year in (2024, 2030, 2031))
    # 96 GWh × 0.9 + 4 × 0.3 of nickel-based packs in 2024; 134.4 + 12 in 2030.
    assert (first["tonnes"], first["times"]) == pytest.approx((100.0 * 87.6, 1.0))
    assert (last["tonnes"], last["times"]) == pytest.approx((100.0 * 146.4, 146.4 / 87.6))
    assert (last["without_figure"], last["use_today"], last["use_today_row"]) == (STORAGE, 7.0, "row.of.use")
    assert after["tonnes"] is after["low"] is after["times"] is None


def test_the_widest_number_comes_first_and_those_without_a_range_are_left_out() -> None:
    told = sensitivity_table("mine", "EU27", replace(BY_HAND, storage={}), 2030).filter(pl.col("pack") == NMC)
    assert told["number"].to_list() == ["vehicles", "trucks", "truck_kwh"]
    # 0.96 × 0.7 × 150 and 250 GWh, beside 12 in trucks.
    assert told.row(0)[6:] == pytest.approx((100.8 + 12.0, 168.0 + 12.0, 67.2))


def test_wrong_paths_are_told_all_at_once(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    text = text.replace("as: central  ", "as: centrl  ", 1).replace("baseline.stationary]}", "basline.stationary]}", 1)
    text = text.replace("{rows: [parameters.trucks_sold.electrically_chargeable_eu27.2024.acea2024]}",
                        "{rows: [demand.battery_pack_all.eu27.2030.steps.ev]}", 1)  # fmt: skip
    path = tmp_path / "demand_paths.yaml"
    path.write_text(text.replace("    cobalt_refined: {}", "    cobalt_refind: {}"), encoding="utf-8")
    ids = first_cells()
    with pytest.raises(InputError) as caught:
        read_demand_assumptions(path, ids["products"], ids["countries"], every_row())
    told = str(caught.value)
    for part in (
        "3 problems",
        "Did you mean 'cobalt_refined'?",
        "baseline.stationary'?",
        "'demand.battery_pack_all.eu27.2030.steps.ev' is not a row of the table parameters",
    ):
        assert part in told, told
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace("as: central  ", "as: centrl  ", 1), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"'centrl' is not a path that says everything itself\. Did you mean 'central'"
    ):
        read_demand_assumptions(path, ids["products"], ids["countries"], every_row())


def test_what_may_be_chosen_is_read_from_whatever_stands_there(tmp_path: Path) -> None:
    known = known_paths(SHIPPED)
    assert tuple(known) == ("central", "truck_heavy", "slow", "storage_fleet")
    assert known["storage_fleet"]["EU27"]["storage"] == (2024, 2030)
    assert set(known["slow"]["NLD"]) == {"cars", "trucks"}
    assert known_paths(tmp_path / "none.yaml") == {}
    broken = tmp_path / "demand_paths.yaml"
    broken.write_text(SHIPPED.read_text(encoding="utf-8").replace("truck_kwh:", "truck_kw:", 1), encoding="utf-8")
    assert known_paths(broken) == {name: {} for name in known}
    # A correct measure is not blamed for the mistake of that file.
    assert path_problem(known_paths(broken), "slow", "EU27", 2030) is None


KNOWN = {"central": {"EU27": {"cars": (2024, 2035)}}, "mine": {"EU27": {"cars": (2026, 2040)}}}


@pytest.mark.parametrize(
    ("words", "key", "told"),
    [
        (("mine", "EU27", 2030), None, ""),
        (("min", "EU27", 2030), None, ""),  # told as a wrong word
        (("central", "EU27", 2030), "path", "'central' is the path that others are measured against"),
        (("mine", "DEU", 2030), "region", "there are no figures of demand for batteries in DEU"),
        (("mine", "EU27", 2025), "year", "figures of cars in EU27 go from 2026 to 2040 on the path mine, not to 2025"),
        (("mine", "EU27", 2036), "year", "go from 2024 to 2035 on the path central, not to 2036"),
    ],
)
def test_region_and_year_of_a_path_are_checked(words: tuple[str, str, int], key: str | None, told: str) -> None:
    found = path_problem(KNOWN, *words)
    assert (None if found is None else found.key) == key
    assert found is None or told in found.message


def measure(name: str, change: Demand | DemandPath) -> Measure:
    text = Title(en="a", nl="b")
    file = MeasureFile(title=text, summary=text, lead_months=12, rests_on=Basis(reason="why"), changes=(change,))
    return Measure(name, file)


PATH = measure("path", DemandPath(kind="demand_path", region="EU27", path="truck_heavy", year=2030))
MORE = (PackChange(LFP, 0.2, (TRUCKS,)), PackChange(NMC, 0.03, (TRUCKS,)))


def workings(*packs: PackChange) -> Workings:
    return Workings(lambda change: {}, (), lambda change: packs, ())


def test_a_path_becomes_a_change_of_use_a_pack() -> None:
    (found,) = worked_out([PATH], workings(*MORE))
    assert not any(isinstance(change, DemandPath) for change in found.file.changes)
    told = [(one.products, one.change_share, one.region) for one in found.file.changes if isinstance(one, Demand)]
    assert told == [((LFP,), 0.2, "EU27"), ((NMC,), 0.03, "EU27")]
    with pytest.raises(InputError, match=r"path\.yaml: use of battery_pack_lfp would change by 600%"):
        worked_out([PATH], workings(PackChange(LFP, 6.0, (TRUCKS,))))


def test_a_path_contradicts_what_lowers_the_same_use() -> None:
    def less(**others: object) -> Measure:
        words = {"kind": "demand", "region": "EU27", "products": (NMC,), "change_share": -0.1} | others
        return measure("less", Demand.model_validate(words))

    for clash in (less(), less(applications=("trucks", "storage"))):
        with pytest.raises(InputError, match=r"use of battery_pack_nmc in EU27 goes the other way in path\.yaml"):
            worked_out([PATH, clash], workings(*MORE))
        with pytest.raises(InputError, match=r"goes the other way in less\.yaml"):
            worked_out([clash, PATH], workings(*MORE))
    for beside in (less(applications=("cars",)), less(region="NLD"), less(change_share=0.1)):
        assert len(worked_out([PATH, beside], workings(*MORE))) == 2
