"""The columnar GeoPolRisk equals plain loops."""

from __future__ import annotations

import pytest

from benchmarks.plain_geopolrisk import plain_scores, synthetic_files, units
from supplyrisk.scores.geopolrisk.compatible import compatible_scores


def test_columns_give_what_plain_loops_give() -> None:
    files = synthetic_files(materials=5, countries=40, flows=3_000)
    plain = plain_scores(files)
    table = compatible_scores(files, units())
    assert table.height == len(plain)
    for name, unit, year, score in table.select("raw_material", "economic_unit_iso3", "year", "score").iter_rows():
        assert score == pytest.approx(plain[name, unit, year], rel=1e-9)
