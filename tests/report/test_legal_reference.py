"""Laws as a language cites them."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.report.legal_reference import legal_reference
from supplyrisk.report.wording import Names, Wording
from tests.conftest import ROOT

NL, EN = (Wording(language, Names({}, {}, {})) for language in ("nl", "en"))


@pytest.mark.parametrize(
    ("printed", "dutch"),
    [
        ("Regulation (EU) 2024/1252", "Verordening (EU) 2024/1252"),
        ("Regulation (EU) 2023/1542 Art. 8", "Verordening (EU) 2023/1542, art. 8"),
        ("Regulation (EU) 2024/1252 Art. 5(1)(b)", "Verordening (EU) 2024/1252, art. 5, lid 1, onder b)"),
        ("Regulation (EU) 2024/1252 Art. 5(1)(a)(iii)", "Verordening (EU) 2024/1252, art. 5, lid 1, onder a), iii)"),
        ("Regulation (EU) 2023/1542 Annex XII Part C", "Verordening (EU) 2023/1542, bijlage XII, deel C"),
    ],
)
def test_dutch_names_article_paragraph_and_point(printed: str, dutch: str) -> None:
    assert legal_reference(printed, NL) == dutch


def test_english_stays_as_the_regulations_are_printed() -> None:
    table = pl.read_csv(ROOT / "data" / "policy_targets.csv", infer_schema_length=0)
    printed = table["legal_basis"].drop_nulls().unique().to_list()
    assert printed
    assert [basis for basis in printed if legal_reference(basis, EN) != basis] == []


def test_a_document_that_is_not_translated_stands_as_printed() -> None:
    assert legal_reference("COM(2025) 125", NL) == "COM(2025) 125"
