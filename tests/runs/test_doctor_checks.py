"""The checks of `supplyrisk doctor`, one by one, on the shipped project and on what is broken in it."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import polars as pl
import pytest

from supplyrisk.disruption.kernel.compiling import source_key
from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.assumptions import read_doctor_limits
from supplyrisk.runs.config import Config
from supplyrisk.runs.doctor import Examination
from supplyrisk.runs.doctor_check import Check, Examined, Verdict, told_problems, worst
from supplyrisk.runs.doctor_data import (
    check_age_of_output,
    check_age_of_tables,
    check_data,
    check_editions,
    check_licences,
    check_news,
    check_release,
)
from supplyrisk.runs.doctor_folders import check_kept, check_overlay, check_reports
from supplyrisk.runs.doctor_installation import check_compiled, check_fonts, check_libraries, check_versions
from supplyrisk.runs.doctor_models import check_config, check_models
from supplyrisk.runs.fitting import StoredFit
from supplyrisk.runs.project import Project, find_project
from supplyrisk.tables.checks import CheckedData, read_and_check
from tests.conftest import ROOT

STEP_FILE = f"draws.run_draws_{source_key()}-1.nbi"

DAY = date(2026, 3, 31)


@pytest.fixture(scope="session")
def shipped(project: Project, config: Config) -> Examined:
    """The project as shipped, as known on the last day of 2026Q1."""
    limits = read_doctor_limits(project.models / "assumptions" / "doctor.yaml")
    return Examined(ROOT, project, "2026Q1", DAY, config, (), None, read_and_check(project.data), limits)


def with_frames(shipped: Examined, **frames: pl.DataFrame) -> Examined:
    """The same with other tables."""
    return replace(shipped, data=CheckedData(shipped.data.contracts, shipped.data.frames | frames, ()))


def with_config(shipped: Examined, home: Path, **keys: object) -> Examined:
    """The same with other keys of the config, in another folder."""
    return replace(shipped, project=replace(shipped.project, home=home), config=shipped.config.model_copy(update=keys))


def rows_of(check: Check) -> dict[str, dict[str, object]]:
    """Details by what stands in their first column."""
    return {str(next(iter(row.values()))): dict(row) for row in check.details}


def test_the_worst_verdict_counts_and_none_is_ok() -> None:
    assert worst([Verdict.NOTE, Verdict.FAULT, Verdict.WARNING]) is Verdict.FAULT
    assert worst([Verdict.OK, Verdict.NOTE]) is Verdict.NOTE
    assert worst([]) is Verdict.OK


def test_problems_are_counted_and_the_first_is_told() -> None:
    assert told_problems("data", "sound", [], "Mend.") == Check("data", "sound")
    one = told_problems("data", "sound", ["a"], "Mend.")
    assert (one.found, one.verdict, one.mend) == ("a", Verdict.FAULT, "Mend.")
    two = told_problems("data", "sound", ["a", "b"], "Mend.")
    assert two.found == "2 problems, the first: a"
    assert [row["problem"] for row in two.details] == ["a", "b"]


def test_libraries_are_set_beside_what_the_package_declares(shipped: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = ["polars>=999", "no-such-library>=1", 'pytest>=999; extra == "development"', "pyyaml>=6.0"]
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: declared)
    check = check_libraries(shipped)
    assert check.verdict is Verdict.FAULT
    assert f"polars {pl.__version__}, asked for >=999; no-such-library is missing, asked for >=1" in check.found
    assert [row["holds"] for row in check.details] == [False, False, True]


def test_a_python_or_an_installation_that_does_not_fit_is_told(
    shipped: Examined, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_versions(shipped).verdict is Verdict.OK
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: {"Requires-Python": ">=3.99", "Version": "0.1.0"})
    assert check_versions(shipped).verdict is Verdict.FAULT
    monkeypatch.setattr(importlib.metadata, "metadata", lambda name: {"Requires-Python": ">=3.11", "Version": "9.9"})
    assert "but installed as 9.9" in check_versions(shipped).found


def test_without_an_installation_versions_are_a_note(shipped: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "metadata", absent)
    monkeypatch.setattr(importlib.metadata, "requires", absent)
    assert {check_versions(shipped).verdict, check_libraries(shipped).verdict} == {Verdict.NOTE}


def test_a_missing_font_is_a_fault(shipped: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_fonts(shipped).verdict is Verdict.OK
    monkeypatch.setattr(matplotlib, "get_data_path", lambda: str(tmp_path))
    check = check_fonts(shipped)
    assert (check.verdict, check.mend) == (Verdict.FAULT, "Install matplotlib anew.")


def test_a_step_that_is_not_compiled_or_cannot_be_kept_is_told(
    shipped: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kept_in(folder: Path) -> None:
        step = SimpleNamespace(stats=SimpleNamespace(cache_path=str(folder)))
        monkeypatch.setattr("supplyrisk.disruption.kernel.draws.run_draws", step)

    kept_in(tmp_path / "new")
    assert check_compiled(shipped).verdict is Verdict.NOTE
    (tmp_path / STEP_FILE).write_bytes(b"")
    kept_in(tmp_path)
    assert check_compiled(shipped).verdict is Verdict.OK
    kept_in(tmp_path / STEP_FILE / "cache")
    check = check_compiled(shipped)
    assert check.verdict is Verdict.WARNING
    assert "NUMBA_CACHE_DIR" in check.mend
    assert [path.name for path in tmp_path.iterdir()] == [STEP_FILE]


def test_the_folder_of_kept_results_is_measured_and_never_a_fault(
    shipped: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPLYRISK_CACHE", str(tmp_path / "kept"))
    assert check_kept(shipped).found == f"nothing yet in {tmp_path / 'kept'}"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "a.pickle").write_bytes(bytes(3_000_000))
    assert check_kept(shipped).found == f"1 result kept in {tmp_path / 'kept'}, 3 MB"
    monkeypatch.setenv("SUPPLYRISK_CACHE", str(tmp_path / "kept" / "a.pickle" / "deeper"))
    assert check_kept(shipped).verdict is Verdict.WARNING


def test_the_folder_of_reports_is_tried_and_left_as_it_was(shipped: Examined, tmp_path: Path) -> None:
    assert check_reports(with_config(shipped, tmp_path, reports="a/b")).verdict is Verdict.OK
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    check = check_reports(with_config(shipped, tmp_path, reports="blocked/reports"))
    assert (check.verdict, check.found[:27]) == (Verdict.FAULT, "Nothing can be written to /")


@pytest.mark.parametrize(
    ("free", "verdict"),
    [(500, Verdict.OK), (499, Verdict.WARNING), (100, Verdict.WARNING), (99, Verdict.FAULT)],
)
def test_little_space_is_told(
    shipped: Examined, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, verdict: Verdict
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=free * 1_000_000))
    assert check_reports(with_config(shipped, tmp_path)).verdict is verdict


def test_an_overlay_is_listed_and_a_file_that_is_no_table_is_not_passed_over(shipped: Examined, tmp_path: Path) -> None:
    assert check_overlay(shipped).verdict is Verdict.OK
    own = with_config(shipped, tmp_path, overlay="own")
    check = check_overlay(own)
    assert (check.verdict, check.found) == (Verdict.FAULT, f"{tmp_path / 'own'} does not exist")
    (tmp_path / "own").mkdir()
    assert check_overlay(own).found == f"{tmp_path / 'own'}: no table"
    (tmp_path / "own" / "production.csv").write_text("head\none\ntwo\n", encoding="utf-8")
    assert check_overlay(own).found == f"{tmp_path / 'own'}: production (2 rows)"
    (tmp_path / "own" / "productoin.csv").write_text("head\n", encoding="utf-8")
    check = check_overlay(own)
    assert check.verdict is Verdict.WARNING
    assert check.found.endswith("not read, since no table has its name: productoin.csv")
    assert check.mend.endswith("Did you mean 'production.csv'?")


def test_shipped_data_hold_and_every_product_has_an_edition(shipped: Examined) -> None:
    assert check_data(shipped).verdict is Verdict.OK
    check = check_editions(shipped)
    assert check.verdict is Verdict.OK
    products = shipped.data.frames["products"].height
    assert sum(int(str(row["products"])) for row in check.details) == products


def test_a_table_that_is_not_as_released_is_a_fault_with_a_mend(shipped: Examined, copied_project: Path) -> None:
    assert (check_release(shipped).verdict, check_release(shipped).found) == (Verdict.OK, "35 tables as released")
    path = copied_project / "data" / "export_restrictions.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(rows[:-1]), encoding="utf-8")
    check = check_release(replace(shipped, project=find_project(copied_project)))
    assert check.verdict is Verdict.FAULT
    assert check.found.startswith("not as released: export_restrictions; export_restrictions: ")
    assert f"{len(rows) - 2:,} rows here, {len(rows) - 1:,} rows released: 1 missing" in check.found
    assert "overlay" in check.mend


def test_products_that_no_edition_stands_for_are_named(shipped: Examined) -> None:
    check = check_editions(replace(shipped, day=date(2024, 3, 31)))
    assert check.verdict is Verdict.NOTE
    assert "without an edition: anode_active" in check.found
    nothing = check_editions(replace(shipped, day=date(1990, 1, 1)))
    assert nothing.verdict is Verdict.FAULT


PRODUCTION = pl.DataFrame(
    {
        "row_id": ["a", "b", "c", "d"],
        "product_id": ["gallium", "gallium", "gallium", "bauxite"],
        "iso3": ["CHN", "JPN", "RUS", "GIN"],
        "year": [2024] * 4,
        "edition": ["first"] * 4,
        "value": [60.0, 30.0, 10.0, 5.0],
        "source_ids": ["old", "young", "young", "young;late"],
        "known_from": [date(2023, 3, 31), date(2026, 1, 1), date(2026, 1, 1), date(2024, 10, 1)],
    }
)
SOURCES = pl.DataFrame(
    {
        "source_id": ["old", "young", "late"],
        "published": [date(2023, 3, 31), date(2026, 1, 1), date(2026, 11, 21)],
        "licence_status": ["open", "unclear", "no_redistribution"],
    }
)


@pytest.fixture
def small(shipped: Examined) -> Examined:
    """Two products, one edition, three sources."""
    choice = pl.DataFrame(
        {"product_id": ["gallium", "bauxite"], "edition": ["first"] * 2, "use": ["score"] * 2, "rank": [1, 1]}
    )
    return with_frames(shipped, production=PRODUCTION, sources=SOURCES, edition_choice=choice)


def test_a_product_is_as_old_as_the_source_of_half_its_output(small: Examined) -> None:
    check = check_age_of_output(small)
    rows = rows_of(check)
    # 60 of 100 stood in a source of 2023-03-31: 36 whole months. Of bauxite a source came out after the day, so that
    # its row is as old as it was known: 2024-10-01 to 2026-03-31 are 17 whole months.
    assert (rows["gallium"]["published"], rows["gallium"]["months"]) == (date(2023, 3, 31), 36)
    assert (rows["bauxite"]["published"], rows["bauxite"]["months"]) == (date(2024, 10, 1), 17)
    assert check.verdict is Verdict.WARNING
    assert check.found.startswith("36 months or older: gallium (36); 1 product with figures published less than 18")


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(date(2026, 3, 30), Verdict.NOTE), (date(2026, 3, 31), Verdict.WARNING), (date(2024, 9, 29), Verdict.OK)],
)
def test_ages_are_whole_months(small: Examined, day: date, verdict: Verdict) -> None:
    only = PRODUCTION.filter(pl.col("row_id") == "a")
    check = check_age_of_output(replace(with_frames(small, production=only), day=day))
    assert check.verdict is verdict


def test_tables_are_as_old_as_their_newest_source(small: Examined) -> None:
    only = CheckedData(small.data.contracts, {"production": PRODUCTION, "sources": SOURCES}, ())
    check = check_age_of_tables(replace(small, data=only))
    assert (check.verdict, check.details) == (
        Verdict.OK, ({"table": "production", "published": date(2026, 1, 1), "months": 2},),
    )  # fmt: skip
    assert check.found.endswith("the oldest production (2)")


def test_rows_on_sources_of_unclear_licence_are_counted(small: Examined) -> None:
    frames = {"production": PRODUCTION.filter(pl.col("row_id") != "d"), "sources": SOURCES}
    check = check_licences(replace(small, data=CheckedData(small.data.contracts, frames, ())))
    assert (check.verdict, check.found) == (Verdict.WARNING, "2 rows on sources of unclear licence: young (2)")
    left_out = small.config.model_copy(update={"exclude_sources": ("late", "young")})
    cleared = replace(small, config=left_out, data=CheckedData(small.data.contracts, frames, ()))
    assert check_licences(cleared).verdict is Verdict.OK


def news(shipped: Examined, events: list[str], measures: list[tuple[str | None, str]], day: date) -> Check:
    """The check with events of these starts and restrictions of these announcements and starts."""
    event = shipped.data.frames["events"].head(1)
    restriction = shipped.data.frames["export_restrictions"].head(1)
    rows = [
        event.with_columns(event_id=pl.lit(f"E{n}"), start=pl.lit(s), end=pl.lit(None, pl.String))
        for n, s in enumerate(events)
    ]
    ways = [
        restriction.with_columns(measure_id=pl.lit(f"m{n}"), announced=pl.lit(a, pl.String), start=pl.lit(s))
        for n, (a, s) in enumerate(measures)
    ]
    return check_news(
        replace(
            with_frames(
                shipped,
                events=pl.concat([event.clear(), *rows]),
                export_restrictions=pl.concat([restriction.clear(), *ways]),
            ),
            day=day,
        )
    )


def test_news_count_from_the_newest_that_has_begun(shipped: Examined) -> None:
    check = news(
        shipped, ["2025-12", "2025-06-30", "2026-04-01"], [(None, "2026-01-01"), ("2026-02", "2029-01-01")], DAY
    )
    # 2025-12-01 to 2026-03-31 are 120 days; the restriction of 2029 was announced in February: 58 days.
    assert [(row["day"], row["days"]) for row in check.details] == [(date(2025, 12, 1), 120), (date(2026, 2, 1), 58)]
    assert check.verdict is Verdict.NOTE


@pytest.mark.parametrize(
    ("start", "verdict"),
    [
        ("2025-12-30", Verdict.OK),
        ("2025-12-29", Verdict.NOTE),
        ("2025-09-30", Verdict.NOTE),
        ("2025-09-29", Verdict.WARNING),
    ],
)
def test_old_news_are_told_at_the_lines(shipped: Examined, start: str, verdict: Verdict) -> None:
    assert news(shipped, [start], [(None, "2026-03-30")], DAY).verdict is verdict


def test_no_news_at_all_are_a_warning(shipped: Examined) -> None:
    check = news(shipped, [], [(None, "2026-03-30")], DAY)
    assert check.verdict is Verdict.WARNING
    assert check.found.startswith("no event was known; newest export restriction 2026-03-30, 1 day before")


def test_words_of_the_config_that_the_data_do_not_know_are_all_told(shipped: Examined) -> None:
    report = shipped.config.report.model_copy(update={"trend_products": ("galium",)})
    keys = {"report": report, "focus": ("EU27", "Nederlnd"), "exclude_sources": ("iea_cmd_2025",)}
    check = check_config(with_config(shipped, shipped.project.home, **keys))
    told = [str(row["problem"]) for row in check.details]
    assert check.verdict is Verdict.FAULT
    assert len(told) == 3
    for line, near in zip(told, ("gallium", "nederland", "iea_cmde_2025"), strict=True):
        assert f"Did you mean '{near}'?" in line


def test_all_problems_of_the_models_are_told_together(
    shipped: Examined, copied_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("models/scenarios/suez_detour.yaml", "title:", "titel:")
    edit("models/scenarios/drc_cobalt_stop.yaml", "[cobalt_mine]", "[cobalt_min]")
    edit("models/measures/lfp_shift.yaml", "share: 0.33", "share: 33")
    edit("models/measures/truck_heavy_demand.yaml", "year: 2030", "year: 2040")
    edit("models/assumptions/thresholds.yaml", "value: 4000", "value: high")
    (copied_project / "models" / "measures" / "stock_90_days.yaml").write_text("a: [", encoding="utf-8")
    check = check_models(replace(shipped, project=find_project(copied_project)))
    told = " ".join(str(row["problem"]) for row in check.details)
    assert check.verdict is Verdict.FAULT
    for part in ("suez_detour.yaml", "Did you mean 'cobalt_mine'?", "lfp_shift.yaml", "thresholds.yaml",
                 "truck_heavy_demand.yaml, line 12, changes[0].year: figures of cars in EU27 go from 2024 to 2035",
                 "stock_90_days.yaml, line 1: this is not valid YAML"):  # fmt: skip
        assert part in told


def test_a_scenario_of_ones_own_that_cannot_be_read_is_a_warning(shipped: Examined, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text("titel: x\n", encoding="utf-8")
    check = check_models(with_config(shipped, tmp_path))
    assert check.verdict is Verdict.WARNING
    assert "mine.yaml, line 1" in check.found


def test_a_broken_chain_is_told_and_ends_the_reading_of_models(
    shipped: Examined, copied_project: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("models/chains/magnet.yaml", "ndfeb_magnet:", "ndfeb_magnt:")
    check = check_models(replace(shipped, project=find_project(copied_project)))
    assert check.verdict is Verdict.FAULT
    assert "Did you mean 'ndfeb_magnet'?" in " ".join(str(row["problem"]) for row in check.details)
    assert check.mend.endswith("What rests on the chains was not read.")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("note: 18", "note: 36", "note 36 must lie below warning 36"),
        ("fault: 100", "fault: 500", "fault 500 must lie below warning 500"),
    ],
)
def test_limits_in_the_wrong_order_are_told(
    copied_project: Path, edit: Callable[[str, str, str], None], old: str, new: str, told: str
) -> None:
    edit("models/assumptions/doctor.yaml", old, new)
    with pytest.raises(InputError, match=told):
        read_doctor_limits(copied_project / "models" / "assumptions" / "doctor.yaml")


def test_stale_fits_are_a_warning_with_the_file(shipped: Examined, monkeypatch: pytest.MonkeyPatch) -> None:
    from supplyrisk.runs import doctor_models

    fits = [StoredFit(Path("trends.yaml"), DAY, None), StoredFit(Path("hazards.yaml"), DAY, "hazards.yaml is stale.")]
    monkeypatch.setattr(doctor_models, "stored_fits", lambda folder: fits)
    check = doctor_models.check_fits(shipped)
    assert (check.verdict, check.found) == (Verdict.WARNING, "hazards.yaml is stale.")
    own = with_config(replace(shipped, overlay=Path("overlay")), Path("elsewhere"))
    assert doctor_models.check_fits(own).verdict is Verdict.NOTE
    monkeypatch.setattr(doctor_models, "stored_fits", lambda folder: fits[:1])
    assert doctor_models.check_fits(shipped).found.endswith("trends (2026-03-31)")


def test_the_text_is_short_and_json_holds_everything() -> None:
    checks = (
        Check("data", "sound", details=({"day": DAY},)),
        Check("news", "old", Verdict.NOTE, "Read."),
        Check("config", "wrong", Verdict.FAULT, "Mend it."),
    )
    found = Examination(Path("config.yaml"), "2026Q1", DAY, checks)
    assert found.as_text().splitlines() == [
        "2026Q1, as known on 2026-03-31",
        "ok       data    sound",
        "note     news    old",
        "                 → Read.",
        "fault    config  wrong",
        "                 → Mend it.",
        "A report cannot be relied on: 1 fault, 0 warnings, 1 note.",
    ]
    record = json.loads(found.as_json())
    assert (record["fit"], record["as_of"], record["checks"][0]["details"]) == (
        False,
        "2026-03-31",
        [{"day": "2026-03-31"}],
    )
