"""The study of 2017 by every printed column, and what is deleted from any study: it fails, it does not vanish."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from supplyrisk.scores.criticality.reproduce import StudyTables, criticality_reproductions
from supplyrisk.scores.criticality.study_2017 import supply_risk_2017
from supplyrisk.scores.criticality.study_counts import figures_printed
from supplyrisk.scores.reproduction import Reproduction
from tests.conftest import ROOT

NAMES = ("eu_assessment", "eu_sourcing", "eu_material_uses", "governance", "materials")
TABLES = {name: pl.read_csv(ROOT / "data" / f"{name}.csv", infer_schema_length=None) for name in NAMES}


def failing(**changed: pl.DataFrame) -> dict[tuple[str, str], Reproduction]:
    rows = criticality_reproductions(StudyTables(**{**TABLES, **changed}))
    return {(row.check, row.subject): row for row in rows if row.verdict == "fails"}


def without(table: str, **given: object) -> dict[str, pl.DataFrame]:
    left = TABLES[table].filter(~pl.all_horizontal(pl.col(name) == value for name, value in given.items()))
    assert left.height < TABLES[table].height
    return {table: left}


def with_value(row_id: str, column: str, value: float | None) -> dict[str, pl.DataFrame]:
    rows = TABLES["eu_assessment"]
    assert row_id in set(rows["row_id"])
    changed = pl.when(pl.col("row_id") == row_id).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    return {"eu_assessment": rows.with_columns(changed)}


def test_every_printed_score_of_2017_follows_from_the_inputs() -> None:
    verdicts = Counter((row.check, row.verdict) for row in supply_risk_2017(TABLES["eu_assessment"]))
    assert verdicts == {
        ("supply_risk_2017", "holds"): 78,
        ("supply_risk_global_2017", "holds"): 78,
        ("supply_risk_eu_2017", "holds"): 77,
        ("supply_risk_eu_2017", "not_checked"): 1,
        ("supply_risk_both_2017", "holds"): 77,
        ("supply_risk_both_2017", "not_checked"): 1,
        ("supply_risk_mix_2017", "holds"): 78,
    }


def test_the_range_of_cobalt_of_2017_by_hand() -> None:
    # World supply alone, 3.6 ± 0.05 with EoL-RIR 0 ± 0.005 and SI 1 − 0.05: 3.55 · 0.995 · 0.95 to 3.65 · 1 · 1.
    rows = {(row.check, row.subject): row for row in supply_risk_2017(TABLES["eu_assessment"])}
    found = rows["supply_risk_global_2017", "cobalt"]
    assert (found.published, found.ours) == (3.6, 3.6)
    assert found.ours_low == pytest.approx(3.55 * 0.995 * 0.95)
    assert found.ours_high == pytest.approx(3.65)


@pytest.mark.parametrize(
    ("row_id", "column", "value", "check", "subject"),
    [
        ("eu_assessment.cobalt.2017", "hhi_wgi_t_global", 4.0, "supply_risk_global_2017", "cobalt"),
        ("eu_assessment.cobalt.2017", "hhi_wgi_t_eu", 1.7, "supply_risk_eu_2017", "cobalt"),
        ("eu_assessment.dysprosium.2017", "supply_risk", 5.0, "supply_risk_mix_2017", "dysprosium"),
        ("eu_assessment.erbium.2017", "supply_risk", 5.3, "supply_risk_mix_2017", "erbium"),
        ("eu_assessment.gallium.2017", "sr_both", 1.8, "supply_risk_both_2017", "gallium"),
        ("eu_assessment.gallium.2017", "eol_rir_share", None, "supply_risk_2017", "gallium"),
        ("eu_assessment.gallium.2023", "economic_importance", None, "figures_printed_2023", "economic_importance"),
    ],
)
def test_one_wrong_or_missing_figure_of_a_study_fails(
    row_id: str, column: str, value: float | None, check: str, subject: str
) -> None:
    assert (check, subject) in failing(**with_value(row_id, column, value))


def test_a_missing_input_is_named() -> None:
    found = failing(**with_value("eu_assessment.gallium.2017", "eol_rir_share", None))
    assert found["supply_risk_2017", "gallium"].note == "inputs missing: eol_rir_share"
    assert found["supply_risk_2017", "gallium"].ours is None


def test_a_material_without_its_shares_fails_by_name() -> None:
    found = failing(**without("eu_sourcing", material_id="cobalt", edition=2023))
    assert {("implied_factor_2023", "cobalt"), ("index_2023", "cobalt global_supply")} <= found.keys()
    assert ("main_supplier_2023", "cobalt global_supply") in found
    assert found["implied_factor_2023", "cobalt"].note.startswith("published 2.8; inputs missing: no shares")
    # Annex 7 has extraction and processing of cobalt, of world supply.
    assert found["figures_printed_2023", "lists of global_supply"].ours == 120.0


def test_a_material_without_its_uses_fails_by_name() -> None:
    found = failing(**without("eu_material_uses", material_id="cobalt"))
    assert found["implied_substitution_2023", "cobalt"].note == "inputs missing: none of 0 uses has a division"
    assert found["figures_printed_2023", "uses"].note == "8 missing"


def test_a_member_without_shares_leaves_its_group_without_a_factor() -> None:
    found = failing(**without("eu_sourcing", material_id="rhodium", edition=2023))
    assert found["implied_factor_2023", "pgm"].note.endswith("inputs missing: 4 of 5 members have shares")


def test_a_score_that_is_deleted_is_counted() -> None:
    left = without("eu_assessment", row_id="eu_assessment.cobalt.2020")
    found = list(figures_printed(left["eu_assessment"], TABLES["eu_sourcing"], TABLES["eu_material_uses"]))
    told = {(row.check, row.subject): (row.ours, row.note) for row in found if row.verdict == "fails"}
    assert told == {
        ("figures_printed_2020", "supply_risk"): (65.0, "1 missing"),
        ("figures_printed_2020", "economic_importance"): (65.0, "1 missing"),
    }


def test_the_implied_factor_of_graphite_is_told_as_a_range() -> None:
    # Both mixes at full import reliance: 1.8 / ((2.594 + 1.157) / 2) = 0.960; world supply alone 1.8 / 2.594 = 0.694.
    rows = {(row.check, row.subject): row for row in criticality_reproductions(StudyTables(**TABLES))}
    graphite = rows["implied_factor_2023", "natural_graphite"]
    assert graphite.ours == graphite.ours_low == pytest.approx(0.960, abs=0.0005)
    assert graphite.ours_high == pytest.approx(1.03)
    assert graphite.note.endswith("world supply alone 0.694")
    tungsten = rows["implied_factor_2023", "tungsten"]
    assert tungsten.ours_low is not None
    assert tungsten.ours_high is not None
    assert tungsten.ours_low < tungsten.ours_high
    cobalt = rows["implied_factor_2023", "cobalt"]  # no EU sourcing of extraction: one mix, one factor
    assert (cobalt.ours_low, cobalt.ours_high) == (None, None)
