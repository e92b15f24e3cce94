"""Parts of a change between two score tables: they add up, and each kind of change falls into its class."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.scores.change import LISTED, PARTS, Compared, changes, columns_of_changes
from supplyrisk.scores.change_inputs import InputFacts
from supplyrisk.scores.table import SCHEMA

FACTS = InputFacts(
    pl.DataFrame(
        {
            "row_id": ["old.2024", "new.2024", "new.2025", "shares.2018", "wgi.2023", "wgi.2024", "cells.2024"],
            "table": ["production"] * 4 + ["governance"] * 2 + ["production"],
            "subject": ["cobalt", "cobalt", "cobalt", "cobalt", None, None, "cells"],
            "year": [2024, 2024, 2025, 2018, 2023, 2024, 2024],
        }
    )
)


def score(value: float | None, rows: tuple[str, ...] = (), **words: Any) -> dict[str, Any]:
    """One row of a score table."""
    base = {
        "metric": "hhi",
        "method_version": "1",
        "product_id": "cobalt",
        "scope": "world",
        "year": 2024,
        "as_of": date(2026, 3, 31),
        "scenario": "base",
        "edition": "old",
        "missing_reason": None if value is not None else "no_edition_known",
    }
    return {**dict.fromkeys(SCHEMA), **base, "value": value, "input_row_ids": list(rows), **words}


def table(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict(SCHEMA))


def compare(
    before: pl.DataFrame,
    after: pl.DataFrame,
    printed: pl.DataFrame | None = None,
    older_year: pl.DataFrame | None = None,
    older_events: pl.DataFrame | None = None,
    facts: InputFacts = FACTS,
) -> list[dict[str, Any]]:
    nothing = table()
    other = [nothing if one is None else one for one in (older_year, older_events)]
    found = changes(Compared(printed, before, after, other[0], other[1], facts, (1000, 1000)))
    assert tuple(found.columns) == columns_of_changes()
    return found.to_dicts()


def parts(row: dict[str, Any]) -> tuple[float | None, ...]:
    return tuple(row[name] for name in PARTS)


OLD = score(5000.0, ("old.2024",))


def test_equal_values_are_no_change() -> None:
    (row,) = compare(table(OLD), table(OLD), table(OLD))
    assert (row["class"], row["change"], parts(row)) == ("no_change", 0.0, (0.0, 0.0, 0.0, 0.0))


def test_another_edition_of_the_same_year_is_a_revision() -> None:
    (row,) = compare(table(OLD), table(score(5200.0, ("new.2024",), edition="new")), table(OLD))
    assert (row["class"], parts(row)) == ("data_revision", (0.0, 200.0, 0.0, 0.0))
    assert (row["edition_before"], row["edition_after"], row["rows_in"], row["rows_out"]) == (
        "old",
        "new",
        ["new.2024"],
        1,
    )


def test_a_later_year_splits_at_the_older_year_of_the_newer_edition() -> None:
    after = score(5500.0, ("new.2025",), edition="new", year=2025)
    middle = score(5200.0, ("new.2024",), edition="new", year=2024)
    (row,) = compare(table(OLD), table(after), table(OLD), older_year=table(middle))
    assert (row["class"], parts(row), row["moved"]) == (
        "real_change",
        (0.0, 200.0, 300.0, 0.0),
        "production 2024 > 2025",
    )


def test_a_later_year_that_the_newer_edition_alone_describes_is_not_split() -> None:
    before = score(5000.0, ("shares.2018",), year=2018)
    (row,) = compare(table(before), table(score(5200.0, ("new.2024",), edition="new")), table(before))
    assert (row["class"], parts(row)) == ("not_split", (0.0, 0.0, 0.0, 200.0))


def test_a_year_that_moved_in_two_tables_is_not_split() -> None:
    after = score(5.5, ("new.2025", "wgi.2024"), metric="hhi_governance", edition="new", year=2025)
    before = score(5.0, ("old.2024", "wgi.2023"), metric="hhi_governance")
    middle = score(5.2, metric="hhi_governance", edition="new", year=2024)
    (row,) = compare(table(before), table(after), older_year=table(middle))
    assert row["class"] == "not_split"
    assert row["moved"] == "governance 2023 > 2024; production 2024 > 2025"


def test_what_was_printed_otherwise_is_a_change_of_method_and_the_rest_stands_beside_it() -> None:
    after = score(5200.0, ("new.2024",), edition="new")
    (row,) = compare(table(OLD), table(after), table(score(4500.0, ("old.2024",))))
    assert (row["class"], row["change"], parts(row)) == ("method_change", 700.0, (500.0, 200.0, 0.0, 0.0))


def test_parts_that_cancel_are_not_called_no_change() -> None:
    (row,) = compare(table(OLD), table(score(4500.0, ("new.2024",))), table(score(4500.0, ("old.2024",))))
    assert (row["class"], row["change"], parts(row)) == ("data_revision", 0.0, (500.0, -500.0, 0.0, 0.0))


def test_without_the_older_report_the_method_is_not_known() -> None:
    (row,) = compare(table(OLD), table(score(5200.0, ("new.2024",))))
    assert parts(row) == (None, 200.0, 0.0, 0.0)


def test_a_score_that_had_no_figure_is_new_coverage_without_a_number() -> None:
    missing = score(None, year=None, edition=None)
    (row,) = compare(table(missing), table(OLD), table(missing))
    assert (row["class"], row["before"], row["after"], row["change"]) == ("new_coverage", None, 5000.0, None)
    assert (parts(row), row["missing_reason"]) == ((None,) * 4, "no_edition_known")


def test_a_score_that_has_no_figure_any_more_is_lost_coverage() -> None:
    (row,) = compare(table(OLD), table(score(None)), table(OLD))
    assert (row["class"], row["change"], row["missing_reason"]) == ("coverage_lost", None, "no_edition_known")


def test_what_is_missing_in_both_quarters_is_left_out() -> None:
    assert compare(table(score(None)), table(score(None))) == []


def test_a_score_that_todays_program_withholds_for_the_older_day_is_not_split() -> None:
    (row,) = compare(table(score(None)), table(score(5200.0, ("new.2024",))), table(OLD))
    assert (row["class"], parts(row)) == ("not_split", (None, None, None, 200.0))


@pytest.mark.parametrize("metric", [name for name in LISTED if name != "hhi_forecast"])
def test_a_country_below_the_smallest_share_listed_is_no_new_coverage(metric: str) -> None:
    large, small = score(0.8, metric=metric, country="COD"), score(0.01, metric=metric, country="FIN")
    found = {row["country"]: row["class"] for row in compare(table(large), table(large, small))}
    assert found == {"COD": "no_change", "FIN": "not_listed"}


def test_another_largest_supplier_is_the_same_score() -> None:
    before = score(0.5, ("old.2024",), metric="top1_share", country="CHN")
    (row,) = compare(table(before), table(score(0.4, ("new.2024",), metric="top1_share", country="RUS")))
    assert (row["country_before"], row["country"], row["class"]) == ("CHN", "RUS", "data_revision")


def test_a_series_is_compared_at_its_latest_year_and_its_other_years_each_with_itself() -> None:
    series: dict[str, Any] = {"metric": "hhi_series", "edition": "new"}
    before = table(score(100.0, year=2023, **series), score(200.0, ("old.2024",), metric="hhi_series", edition="old"))
    after = table(
        score(110.0, ("shares.2018",), year=2023, **series),
        score(230.0, ("new.2024",), year=2024, **series),
        score(270.0, ("new.2025",), year=2025, **series),
    )
    found = {(row["year_before"], row["year_after"]): (row["class"], parts(row)[1:]) for row in compare(before, after)}
    assert found == {
        (2023, 2023): ("data_revision", (10.0, 0.0, 0.0)),
        (2024, 2025): ("real_change", (30.0, 40.0, 0.0)),
    }


def test_a_series_whose_newer_edition_lacks_the_older_year_is_not_split() -> None:
    before = table(score(200.0, ("old.2024",), metric="hhi_series"))
    after = table(
        score(200.0, ("old.2024",), metric="hhi_series"),
        score(260.0, ("new.2025",), metric="hhi_series", edition="new", year=2025),
    )
    (row,) = compare(before, after)
    assert (row["class"], parts(row)[1:]) == ("not_split", (0.0, 0.0, 60.0))


def test_what_export_restrictions_change_is_real() -> None:
    live = {"metric": "supply_risk_live", "material_id": "cobalt", "scope": "EU27"}
    before = table(score(2.0, ("old.2024",), **live))
    after, under_older = table(score(2.75, ("new.2024",), **live)), table(score(2.25, ("new.2024",), **live))
    (row,) = compare(before, after, before, older_events=under_older)
    assert (row["class"], parts(row)) == ("real_change", (0.0, 0.25, 0.5, 0.0))


def test_a_network_with_another_product_cannot_tell_a_revision() -> None:
    before = score(0.5, ("old.2024",), metric="import_dependence", scope="EU27")
    after = score(0.6, ("new.2024",), metric="import_dependence", scope="EU27")
    facts = InputFacts(FACTS.rows, frozenset({"old.2024"}), frozenset({"new.2024", "cells.2024"}))
    (row,) = compare(table(before), table(after), facts=facts)
    assert (row["class"], row["moved"]) == ("not_split", "production +cells")
    same = InputFacts(FACTS.rows, frozenset({"old.2024"}), frozenset({"new.2024"}))
    (row,) = compare(table(before), table(after), facts=same)
    assert (row["class"], row["moved"]) == ("data_revision", None)


def test_a_value_that_changed_without_any_row_of_its_own_is_not_called_a_revision() -> None:
    (row,) = compare(table(OLD), table(score(5200.0, ("old.2024",))))
    assert row["class"] == "not_split"


def test_a_part_of_draws_that_changes_within_twice_its_error_is_noise() -> None:
    # The error of a change from 0.30 to 0.33 with 1000 draws each: √(0.30·0.70/1000 + 0.33·0.67/1000) = 0.0208.
    drawn = {"metric": "top_ten_share_data", "material_id": "cobalt", "scope": "EU27"}
    before = table(score(0.30, ("old.2024",), **drawn))
    (near,) = compare(before, table(score(0.33, ("new.2024",), **drawn)))
    (far,) = compare(before, table(score(0.36, ("new.2024",), **drawn)))
    assert near["class"] == "sampling_noise"
    assert near["sampling_error"] == pytest.approx(0.0208, abs=1e-4)
    assert far["class"] == "data_revision"


def test_a_score_that_does_not_come_from_draws_has_no_sampling_error() -> None:
    (row,) = compare(table(OLD), table(score(5000.1, ("new.2024",))))
    assert (row["class"], row["sampling_error"]) == ("data_revision", None)


values = st.none() | st.floats(0.0, 10_000.0)
years = st.sampled_from([2018, 2024, 2025])
inputs = st.sampled_from([(), ("old.2024",), ("new.2024",), ("new.2025",), ("shares.2018",), ("old.2024", "wgi.2024")])
metrics = st.sampled_from(["hhi", "hhi_governance", "supply_risk_live", "import_dependence", "top_ten_share_data"])


@given(data=st.data(), metric=metrics, kept=st.booleans())
def test_parts_always_add_up_to_the_change(data: st.DataObject, metric: str, kept: bool) -> None:
    words = {"metric": metric, "material_id": "cobalt" if "_live" in metric or "top_ten" in metric else None}
    printed, before, after, middle, events = (
        table(score(data.draw(values), data.draw(inputs), year=data.draw(years), **words)) for _ in range(5)
    )
    for row in compare(before, after, printed if kept else None, middle, events):
        told = [part for part in parts(row) if part is not None]
        if row["change"] is None:
            assert told == []
            assert row["class"] in ("new_coverage", "coverage_lost")
        else:
            assert row["change"] == row["after"] - row["before"]
            assert sum(told) == pytest.approx(row["change"], abs=1e-8)
            assert (row["method_change"] is None) == (not kept or before["value"][0] is None)


@given(order=st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    rows = [score(100.0 * i, ("old.2024",), product_id=f"metal_{i}") for i in range(6)]
    newer = [score(130.0 * i, ("new.2024",), product_id=f"metal_{i}") for i in range(6)]
    assert compare(table(*(rows[i] for i in order)), table(*newer)) == compare(table(*rows), table(*newer))


def test_scores_of_a_material_at_two_stages_are_compared_each_with_itself() -> None:
    words: dict[str, Any] = {
        "metric": "stage_capacity_of_material",
        "product_id": None,
        "material_id": "tungsten",
        "scope": "EU27",
    }
    before = table(score(0.5, **words, stage="extraction"), score(0.9, **words, stage="refining"))
    after = table(score(0.6, **words, stage="extraction"), score(0.9, **words, stage="refining"))
    rows = {row["stage"]: row for row in compare(before, after)}
    assert {stage: (row["before"], row["after"]) for stage, row in rows.items()} == {
        "extraction": (0.5, 0.6),
        "refining": (0.9, 0.9),
    }


def test_the_stage_of_an_official_score_only_describes_it() -> None:
    words: dict[str, Any] = {
        "metric": "supply_risk_published",
        "product_id": None,
        "material_id": "tungsten",
        "scope": "EU27",
    }
    (row,) = compare(table(score(1.0, **words, stage="extraction")), table(score(1.2, **words, stage="processing")))
    assert (row["before"], row["after"]) == (1.0, 1.2)
