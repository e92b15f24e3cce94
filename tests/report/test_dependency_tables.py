"""Import dependency by trade in the report: each method beside its own figures, and no yes where the ends differ."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from supplyrisk.findings.dependency import answer_of, dependency_findings, newest_answers
from supplyrisk.report.dependency_tables import dependency_table
from supplyrisk.report.wording import LANGUAGES, Names, Wording
from supplyrisk.scores.table import SCHEMA
from supplyrisk.scores.trade_dependency import CORE, GEODEP, TESTS

NAMES = Names(
    countries={"EU27": "European Union", "NLD": "Netherlands"},
    products={
        "antimony_mine": "Antimony, mine",
        "bauxite": "Bauxite",
        "fluorspar": "Fluorspar",
        "tin_mine": "Tin, mine",
        "gallium": "Gallium",
    },
    editions={},
)
Ends = tuple[float | None, float | None, float | None]
SURE_YES, SURE_NO, OPEN_YES, OPEN_NO = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 0.0, 1.0), (0.0, 0.0, 1.0)
UNKNOWN: Ends = (None, None, None)
EXPORTS = {2022: (5000.0, 5000.0, 5000.0), 2023: (5000.0, 5000.0, 5000.0), 2024: (3900.0, 3800.0, 4100.0)}


@pytest.fixture(params=LANGUAGES)
def wording(request: pytest.FixtureRequest) -> Wording:
    """Both languages."""
    return Wording(request.param, NAMES)


def score(metric: str, product: str, ends: Ends, year: int | None = 2024, scope: str = "NLD") -> dict[str, Any]:
    reason = ("no_trade_table" if year is None else "not_decided") if ends[0] is None else None
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"metric": metric, "product_id": product, "year": year, "scope": scope, "scenario": "base", "quality": "A"}
    return row | dict(zip(("value", "low", "high"), ends, strict=True)) | {"missing_reason": reason}


def scores() -> pl.DataFrame:
    answers = {"fluorspar": SURE_YES, "antimony_mine": OPEN_YES, "bauxite": OPEN_NO, "tin_mine": SURE_NO}
    rows = [score("import_dependent_core", product, ends) for product, ends in answers.items()]
    rows += [
        score("import_dependent_core", "fluorspar", SURE_NO, 2023),
        score("import_dependent_core", "gallium", UNKNOWN),
        score("import_dependent_core", "rhenium", UNKNOWN, None),
        score("import_dependent_geodep", "fluorspar", SURE_YES),
        # As antimony ore of the Netherlands in 2024.
        score("extra_eu_import_hhi", "antimony_mine", (10_000.0, 920.4, 10_000.0)),
        score("extra_eu_import_share", "antimony_mine", (0.9996, 0.40, 1.0)),
        score("extra_eu_imports_to_exports", "antimony_mine", (59.12, 0.588, 188.6)),
        score("extra_eu_import_hhi", "antimony_mine", (1.0, 1.0, 1.0), 2023),
        score("import_hhi", "fluorspar", (9000.0, 9000.0, 9000.0), 2023),
        score("imports_to_exports", "fluorspar", (2.0, 2.0, 2.0), 2023),
        score("import_hhi", "fluorspar", (9000.0, 9000.0, 9000.0)),
        score("imports_to_exports", "fluorspar", (2.0, 2.0, 2.0)),
        *(score("world_export_hhi", "fluorspar", ends, year, "world") for year, ends in EXPORTS.items()),
    ]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


@pytest.mark.parametrize(
    ("ends", "answer"),
    [(SURE_YES, "yes"), (OPEN_YES, "open_yes"), (OPEN_NO, "open_no"), (SURE_NO, "no"), (UNKNOWN, "unknown")],
)
def test_an_answer_is_sure_only_where_both_ends_give_it(ends: Ends, answer: str) -> None:
    assert answer_of(*ends) == answer


def test_the_newest_year_of_each_product_answers() -> None:
    found = newest_answers(scores(), "NLD", CORE)
    assert dict(found.select("product_id", "answer").iter_rows()) == {
        "antimony_mine": "open_yes",
        "bauxite": "open_no",
        "fluorspar": "yes",
        "gallium": "unknown",
        "rhenium": "unknown",
        "tin_mine": "no",
    }


def test_an_open_answer_is_told_as_not_sure_with_its_ranges(wording: Wording) -> None:
    table = dependency_table(scores(), "NLD", CORE, wording)
    assert table is not None
    assert table.header[1:4] == tuple(wording.capital(wording.catalogue["metrics"][metric]) for metric in TESTS[CORE])
    assert [row[0] for row in table.rows] == ["Fluorspar", "Antimony, mine", "Bauxite"]
    told = {row[0]: row for row in table.rows}
    comma = {"en": ",", "nl": "."}[wording.language]
    point = {"en": ".", "nl": ","}[wording.language]
    percent = "\u00a0%"
    assert told["Antimony, mine"][1:5] == (
        f"10{comma}000 (920–10{comma}000)",
        f"100{percent} (40–100{percent})",
        f"59{point}1 (0{point}59–189)",
        "2024",
    )
    said = {
        "en": ["yes", "not sure (yes at the central value)", "not sure (no at the central value)"],
        "nl": ["ja", "niet zeker (ja bij de centrale waarde)", "niet zeker (nee bij de centrale waarde)"],
    }
    assert [row[-1] for row in table.rows] == said[wording.language]


def test_cepii_stands_beside_its_own_figures_and_the_years_that_hold(wording: Wording) -> None:
    table = dependency_table(scores(), "NLD", GEODEP, wording)
    assert table is not None
    assert table.header[1:4] == tuple(wording.capital(wording.catalogue["metrics"][metric]) for metric in TESTS[GEODEP])
    # In 2022 only world exports are known; in 2024 their 3,900 lies below the limit, and the answer is of three years.
    assert table.rows[0][2].startswith(wording.integer(3900.0))
    assert table.rows[0][4:] == ("2023", {"en": "yes", "nl": "ja"}[wording.language])
    assert dependency_table(scores(), "EU27", GEODEP, wording) is None


def test_sentences_count_sure_answers_and_open_ones_apart(wording: Wording) -> None:
    found = list(dependency_findings(scores(), ["EU27", "NLD"]))
    assert [one.message_id for one in found] == ["dependency_core", "dependency_geodep"]
    counts = {"judged": 4, "sure": 1, "open": 2, "open_yes": 1, "no": 1, "unknown": 1, "without": 1}
    assert found[0].numbers == {"region": "NLD", "years": (2024, 2024), **counts}
    told = {
        "en": ": 1; not sure: 2 (at the central value dependent: 1); not",
        "nl": ": 1; niet zeker: 2 (bij de centrale",
    }
    assert told[wording.language] in wording.sentence(found[0])
    assert "(2024)" in wording.sentence(found[0])
