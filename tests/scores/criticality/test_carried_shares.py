"""Shares of the study carried to today by one series: hand-worked, no change of source, gaps where none fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyrisk.scores.criticality.assumptions import CarriedShares
from supplyrisk.scores.criticality.carried import ShareSeries, carry, overlap
from supplyrisk.scores.criticality.import_series import ImportTables, import_series
from supplyrisk.scores.criticality.share_series import DrawnWith, known_outputs, output_series
from supplyrisk.scores.criticality.study import Mix

RULES = CarriedShares(
    reference_years=(2016, 2020),
    fewest_reference_years=3,
    years_behind=4,
    least_overlap=0.8,
    largest_unnamed_share=0.05,
    import_years=2,
    publishers={"survey": ("survey_2025", "survey_2022"), "bureau": ("bureau_2025",)},
)
KINDS = {"CHN": "country", "LAO": "country", "KOR": "country", "BEL": "country", "DEU": "country", "ROW": "rest"}
DRAWN = DrawnWith(KINDS, {"A": 0.0, "B": 0.0}, 1, 3)


def study(**shares: float) -> Mix:
    return Mix(tuple(shares), np.array(list(shares.values())), np.ones(len(shares)), ("study",))


def series(before: dict[str, float], after: dict[str, float]) -> ShareSeries:
    return ShareSeries(
        "survey", (2016, 2020), (2024, 2024), before, after, {c: np.full(3, s) for c, s in after.items()}, ("survey",)
    )


def test_the_study_moves_by_what_the_series_shows_and_keeps_its_level() -> None:
    # EU sourcing of a metal: China 0.50, Belgium 0.26, Thailand 0.09 and Korea 0.05 in the study, so 0.64 from outside.
    # Imports by trade: China 0.40 of them in the study's years and 0.90 of late, Korea 0.20 and 0.10, Laos 0.40 and 0.
    # China 0.50 + 0.64·0.5 = 0.82, Korea 0.05 − 0.064 → 0, Laos 0 − 0.256 → 0, Thailand 0.09 stays: 0.91, made 0.64.
    moved = carry(
        study(CHN=0.50, BEL=0.26, THA=0.09, KOR=0.05),
        series({"CHN": 0.4, "KOR": 0.2, "LAO": 0.4}, {"CHN": 0.9, "KOR": 0.1}),
        held={"BEL"},
    )
    after = dict(zip(moved.after.countries, moved.after.shares, strict=True))
    assert after == pytest.approx(
        {"CHN": 0.64 * 0.82 / 0.91, "THA": 0.64 * 0.09 / 0.91, "KOR": 0.0, "LAO": 0.0, "BEL": 0.26}
    )
    before = dict(zip(moved.before.countries, moved.before.shares, strict=True))
    assert before == pytest.approx({"CHN": 0.256, "KOR": 0.128, "LAO": 0.256, "THA": 0.0, "BEL": 0.26})
    assert moved.after.draws[:, 0] == pytest.approx(moved.after.shares)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_series_that_does_not_move_moves_nothing_however_far_from_the_study(share: float, other: float) -> None:
    still = {"CHN": other, "KOR": 1.0 - other}
    moved = carry(study(CHN=share, KOR=1.0 - share), series(still, still))
    assert dict(zip(moved.after.countries, moved.after.shares, strict=True)) == pytest.approx(
        {"CHN": share, "KOR": 1.0 - share}
    )


@given(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3), st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3))
def test_carried_shares_are_shares(before: list[float], after: list[float]) -> None:
    codes = ("CHN", "KOR", "LAO")
    parts = [{c: v / sum(values) for c, v in zip(codes, values, strict=True)} for values in (before, after)]
    moved = carry(study(CHN=0.5, KOR=0.3, LAO=0.2), series(*parts))
    assert moved.after.shares.sum() == pytest.approx(1.0)
    assert (moved.after.shares >= 0.0).all()


def found_in(rows: pl.DataFrame, this_year: int = 2026) -> list[ShareSeries]:
    """Series of the output that ``rows`` of ``metal`` hold."""
    outputs = known_outputs(rows, ("product_id",), DRAWN.widths)
    return output_series(outputs.get(("metal",), {}), "metal", RULES, this_year, DRAWN)


def production(*rows: tuple[str, int, str, float]) -> pl.DataFrame:
    """Rows of one product: edition, year, country, tonnes."""
    return pl.DataFrame(
        [
            ("metal", iso3, year, edition, value, None, None, "A", f"{edition}.{year}.{iso3}", True)
            for edition, year, iso3, value in rows
        ],
        schema={
            "product_id": pl.String,
            "iso3": pl.String,
            "year": pl.Int64,
            "edition": pl.String,
            "value": pl.Float64,
            "low": pl.Float64,
            "high": pl.Float64,
            "quality": pl.String,
            "row_id": pl.String,
            "is_known": pl.Boolean,
        },
        orient="row",
    )


def test_a_series_overlaps_the_study_by_what_both_give_each_country() -> None:
    # The study lists 0.9 in all, scaled to one: CHN 2/3, BEL 1/3. The series 0.5 and 0.2 of them: 0.5 + 0.2.
    study = Mix(("CHN", "BEL"), np.array([0.6, 0.3]), np.ones(2), ("a", "b"))
    assert overlap(study, series({"CHN": 0.5, "BEL": 0.2, "LAO": 0.3}, {"CHN": 1.0})) == pytest.approx(0.7)
    assert overlap(study, series({"CHN": 2 / 3, "BEL": 1 / 3}, {"CHN": 1.0})) == pytest.approx(1.0)


def test_imports_overlap_what_the_study_has_from_outside() -> None:
    # From outside the study has CHN 0.3 and KOR 0.1, scaled to one 0.75 and 0.25; imports 0.5 and 0.2 of them.
    of_eu = study(CHN=0.3, KOR=0.1, BEL=0.6)
    imported = series({"CHN": 0.5, "KOR": 0.2, "LAO": 0.3}, {"CHN": 1.0})
    assert overlap(of_eu, imported, {"BEL", "DEU"}) == pytest.approx(0.7)
    assert overlap(of_eu, imported) == pytest.approx(0.4)
    assert overlap(study(BEL=1.0), imported, {"BEL"}) == 0.0


REFERENCE = [("survey_2022", year, iso3, 50.0) for year in (2018, 2019, 2020) for iso3 in ("CHN", "KOR")]
LATE = [("survey_2025", 2023, "CHN", 90.0), ("survey_2025", 2023, "KOR", 10.0)]


def test_two_editions_of_one_publisher_are_one_series() -> None:
    (found,) = found_in(production(*REFERENCE, *LATE))
    assert (found.name, found.year) == ("survey", 2023)
    assert (found.before, found.after) == ({"CHN": 0.5, "KOR": 0.5}, {"CHN": 0.9, "KOR": 0.1})


def test_the_years_of_one_publisher_and_the_last_of_another_are_no_series() -> None:
    rows = [*REFERENCE, ("bureau_2025", 2024, "CHN", 90.0), ("bureau_2025", 2024, "KOR", 10.0)]
    assert found_in(production(*rows)) == []


@pytest.mark.parametrize(
    ("rows", "this_year"),
    [
        ([*REFERENCE[2:], *LATE], 2026),  # two of the study's years
        ([*REFERENCE, *LATE], 2028),  # the last year lies five years back
        (REFERENCE, 2024),  # no year after those of the study
        ([*REFERENCE, *LATE, ("survey_2025", 2023, "ROW", 6.0)], 2026),  # 6 of 106 without a country
    ],
)
def test_what_does_not_reach_or_names_too_little_is_no_series(
    rows: list[tuple[str, int, str, float]], this_year: int
) -> None:
    assert found_in(production(*rows), this_year) == []


def test_a_year_that_is_not_known_in_whole_is_not_used() -> None:
    rows = production(*REFERENCE, *LATE).with_columns(is_known=~((pl.col("year") == 2023) & (pl.col("iso3") == "KOR")))
    assert found_in(rows) == []


def imports(trade_years: tuple[int, ...]) -> ImportTables:
    flow = {"hs6": "810600", "record_kind": "reconciled", "importer_iso3": "DEU", "value_kusd": 1.0}
    late = [
        flow | {"row_id": f"trade.{year}.{code}", "year": year, "exporter_iso3": code, "quantity_t": tonnes}
        for year in trade_years
        for code, tonnes in (("CHN", 8.0), ("KOR", 2.0), ("BEL", 90.0))
    ]
    early = [
        {"row_id": f"eu.{year}.{code}", "product_id": "metal", "hs6": "810600", "year": year, "exporter_iso3": code}
        | {"quantity_t": tonnes, "value_kusd": 10.0 * tonnes}
        for year, first in ((2018, 1.0), (2019, 2.0), (2020, 3.0))
        for code, tonnes in (("CHN", first), ("KOR", 10.0 - first))
    ]
    content = {"product_id": ["metal"], "hs6": ["810600"], "use": ["prior"], "content": [0.9]}
    content |= {"shared": [False], "carried_stage": ["metal"]}
    return ImportTables(pl.DataFrame(early), pl.DataFrame(late), pl.DataFrame(content), {"DEU", "BEL"}, 20.0)


def test_imports_are_those_from_outside_as_means_over_years() -> None:
    # 0.1, 0.2 and 0.3 from China: 0.2; of late 8 of 10 t, what Germany buys in Belgium left out.
    found = import_series(imports((2023, 2024)), "metal", RULES, 2026, DRAWN)
    assert isinstance(found, ShareSeries)
    assert (found.name, found.early_years, found.late_years) == ("imports", (2018, 2020), (2023, 2024))
    assert found.before == pytest.approx({"CHN": 0.2, "KOR": 0.8})
    assert found.after == pytest.approx({"CHN": 0.8, "KOR": 0.2})


def test_mistaken_and_missing_weights_of_both_ends_are_found_by_value() -> None:
    # 2018: 1 t of China and 9 of Korea at 10 thousand USD a tonne; of Laos 9 t that are worth 4, which is 0.4 t.
    tables = imports((2023, 2024))
    more = tables.eu_imports.filter(pl.col("row_id") == "eu.2018.CHN").with_columns(
        row_id=pl.lit("eu.2018.LAO"), exporter_iso3=pl.lit("LAO"), quantity_t=9.0, value_kusd=4.0
    )
    unweighed = more.with_columns(quantity_t=pl.lit(None, dtype=pl.Float64))
    for extra in (more, unweighed):
        found = import_series(
            replace(tables, eu_imports=pl.concat([tables.eu_imports, extra])), "metal", RULES, 2026, DRAWN
        )
        assert isinstance(found, ShareSeries)
        of_2018 = {"CHN": 1.0 / 10.4, "KOR": 9.0 / 10.4, "LAO": 0.4 / 10.4}
        later = {"CHN": 0.5, "KOR": 1.5, "LAO": 0.0}
        assert found.before == pytest.approx({code: (of_2018[code] + later[code]) / 3.0 for code in later})
    lost = unweighed.with_columns(value_kusd=pl.lit(None, dtype=pl.Float64))
    found = import_series(replace(tables, eu_imports=pl.concat([tables.eu_imports, lost])), "metal", RULES, 2026, DRAWN)
    assert found == "no_trade_of_both_ends"


def test_a_series_names_the_flows_it_is_made_of_alone() -> None:
    found = import_series(imports((2023, 2024)), "metal", RULES, 2026, DRAWN)
    assert isinstance(found, ShareSeries)
    late = {f"trade.{year}.{code}" for year in (2023, 2024) for code in ("CHN", "KOR")}
    assert set(found.row_ids) == late | {f"eu.{year}.{code}" for year in (2018, 2019, 2020) for code in ("CHN", "KOR")}


def test_other_headings_change_no_series() -> None:
    whole = imports((2023, 2024))
    other = whole.hs_content.with_columns(product_id=pl.lit("ore"), hs6=pl.lit("260200"))
    mixed = replace(
        whole,
        hs_content=pl.concat([other, whole.hs_content]),
        trade=pl.concat([whole.trade.with_columns(hs6=pl.lit("260200"), quantity_t=1.0), whole.trade]),
    )
    found, expected = (import_series(one, "metal", RULES, 2026, DRAWN) for one in (mixed, whole))
    assert isinstance(found, ShareSeries)
    assert isinstance(expected, ShareSeries)
    assert (found.before, found.after, found.row_ids) == (expected.before, expected.after, expected.row_ids)
    assert import_series(mixed, "ore", RULES, 2026, DRAWN) == "heading_holds_other_goods"
    assert import_series(mixed, "nothing", RULES, 2026, DRAWN) == "no_trade_heading"


def test_years_that_name_no_country_outside_are_no_series() -> None:
    tables = imports((2023, 2024))
    rest = tables.eu_imports.with_columns(exporter_iso3=pl.lit("ROW"))
    assert import_series(replace(tables, eu_imports=rest), "metal", RULES, 2026, DRAWN) == "no_trade_of_both_ends"
    inside = tables.trade.filter((pl.col("exporter_iso3") == "BEL") | (pl.col("year") == 2024))
    assert import_series(replace(tables, trade=inside), "metal", RULES, 2026, DRAWN) == "no_trade_of_both_ends"


def test_too_few_years_of_trade_are_no_series() -> None:
    assert import_series(imports((2024,)), "metal", RULES, 2026, DRAWN) == "no_trade_of_both_ends"


def test_a_heading_that_carries_other_goods_or_another_stage_is_no_series() -> None:
    tables = imports((2023, 2024))
    for words in ({"shared": True}, {"carried_stage": "ore"}):
        content = tables.hs_content.with_columns(**{name: pl.lit(value) for name, value in words.items()})
        found = import_series(replace(tables, hs_content=content), "metal", RULES, 2026, DRAWN)
        assert found == "heading_holds_other_goods"
    pattern = tables.hs_content.with_columns(use=pl.lit("pattern"))
    assert import_series(replace(tables, hs_content=pattern), "metal", RULES, 2026, DRAWN) == "no_trade_heading"


def test_a_heading_that_either_end_lacks_is_no_series() -> None:
    tables = imports((2023, 2024))
    second = pl.concat([tables.hs_content, tables.hs_content.with_columns(hs6=pl.lit("282500"))])
    assert import_series(replace(tables, hs_content=second), "metal", RULES, 2026, DRAWN) == "no_trade_of_both_ends"
    early = pl.concat([tables.eu_imports, tables.eu_imports.with_columns(hs6=pl.lit("282500"))])
    both = replace(tables, hs_content=second, eu_imports=early)
    assert import_series(both, "metal", RULES, 2026, DRAWN) == "no_trade_of_both_ends"


def test_the_newest_year_of_trade_lies_no_further_back_than_that_of_output() -> None:
    assert isinstance(import_series(imports((2021, 2022)), "metal", RULES, 2026, DRAWN), ShareSeries)
    assert import_series(imports((2021, 2022)), "metal", RULES, 2027, DRAWN) == "no_trade_of_both_ends"


def test_years_of_the_study_are_not_taken_for_years_of_late() -> None:
    assert import_series(imports((2020, 2021)), "metal", RULES, 2022, DRAWN) == "no_trade_of_both_ends"
    found = import_series(imports((2019, 2020, 2021, 2022)), "metal", RULES, 2022, DRAWN)
    assert isinstance(found, ShareSeries)
    assert found.late_years == (2021, 2022)
