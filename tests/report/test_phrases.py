"""Products as they stand inside a sentence."""

from __future__ import annotations

import polars as pl
import pytest

from supplyrisk.report.wording import LANGUAGES, Names, Wording
from tests.conftest import ROOT

PRODUCTS = pl.read_csv(ROOT / "data" / "products.csv", infer_schema_length=0)


def wording(language: str) -> Wording:
    names = dict(PRODUCTS.select("product_id", f"name_{language}").iter_rows())
    return Wording(language, Names({}, names, {}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_product_breaks_a_sentence_with_a_comma_or_a_bracket(language: str) -> None:
    said = wording(language)
    told = {product: said.format_product(product) for product in PRODUCTS["product_id"]}
    assert {product: name for product, name in told.items() if set(name) & set(",()")} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_is_of_a_product_and_no_two_products_share_one(language: str) -> None:
    said = wording(language)
    assert set(said.catalogue["phrases"]) <= set(PRODUCTS["product_id"])
    told = [said.format_product(product) for product in PRODUCTS["product_id"]]
    assert len(set(told)) == len(told)


def test_a_product_without_a_phrase_stands_by_its_name() -> None:
    assert wording("nl").format_product("iron_ore") == "ijzererts"
    assert wording("en").format_product("battery_pack_nmc") == "nickel-based battery packs"
