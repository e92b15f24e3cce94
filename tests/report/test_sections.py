"""Which products a material's section follows."""

from __future__ import annotations

import polars as pl

from supplyrisk.chain.graph import Chain, Recipe
from supplyrisk.chain.specification import ProductSpecification
from supplyrisk.report.sections import MaterialSection, material_sections
from supplyrisk.runs.opening import chain_of
from supplyrisk.runs.project import Project
from supplyrisk.runs.quarterly import Run

# cell ← cathode ← cobalt_refined ← cobalt_mine, cathode ← lithium_mine; aluminium ← bauxite; gallium apart.
INPUTS = {
    "cell": ("cathode",),
    "cathode": ("cobalt_refined", "lithium_mine"),
    "cobalt_refined": ("cobalt_mine",),
    "cobalt_mine": (),
    "lithium_mine": (),
    "aluminium": ("bauxite",),
    "bauxite": (),
}
CHAIN = Chain(
    products=tuple(INPUTS),
    recipes=tuple(
        Recipe(given, made, None, 1.0, 1.0, 1.0, "t/t", "derived", "B", f"recipes.{given}.{made}")
        for made, inputs in INPUTS.items()
        for given in inputs
    ),
    specifications={
        product: ProductSpecification(inputs=inputs, surplus="other_uses") for product, inputs in INPUTS.items()
    },
    chain_of=dict.fromkeys(INPUTS, "battery"),
    final_products=("cell",),
    groups=(),
    bundled="battery",
)
PRODUCTS = pl.DataFrame(
    [
        ("cell", None, 5),
        ("cathode", None, 4),
        ("cobalt_refined", "cobalt", 2),
        ("cobalt_mine", "cobalt", 1),
        ("lithium_mine", "lithium", 1),
        ("aluminium", "aluminium", 2),
        ("bauxite", "bauxite", 1),
        ("platinum_mine", "platinum", 1),
        ("palladium_mine", "palladium", 1),
    ],
    schema={"product_id": pl.String, "material_id": pl.String, "tier": pl.Int64},
    orient="row",
)
MATERIALS = pl.DataFrame(
    [
        ("cobalt", None),
        ("lithium", None),
        ("aluminium", None),
        ("bauxite", None),
        ("platinum_group", None),
        ("platinum", "platinum_group"),
        ("palladium", "platinum_group"),
    ],
    schema={"material_id": pl.String, "parent_id": pl.String},
    orient="row",
)
SECTIONS = {section.section_id: section for section in material_sections(CHAIN, PRODUCTS, MATERIALS)}


def test_section_follows_a_material_from_the_mine_and_names_what_it_goes_into() -> None:
    assert SECTIONS["cobalt"] == MaterialSection("cobalt", ("cobalt_mine", "cobalt_refined"), ("cathode", "cell"))


def test_product_made_from_a_single_root_stands_with_that_root() -> None:
    assert SECTIONS["bauxite"] == MaterialSection("bauxite", ("bauxite", "aluminium"), ())
    assert "aluminium" not in SECTIONS


def test_materials_of_one_family_share_a_section() -> None:
    assert SECTIONS["platinum_group"].own == ("palladium_mine", "platinum_mine")


def test_products_that_mix_materials_have_a_section_of_their_own() -> None:
    assert SECTIONS["mixed"] == MaterialSection("mixed", ("cathode", "cell"), ())


def test_sections_are_in_the_order_of_their_ids() -> None:
    assert list(SECTIONS) == sorted(SECTIONS)


def test_every_product_of_the_shipped_data_stands_in_one_section(project: Project, run_2026q1: Run) -> None:
    package = run_2026q1.package
    sections = material_sections(chain_of(project, package), package.table("products"), package.table("materials"))
    own = [product for section in sections for product in section.own]
    assert sorted(own) == sorted(package.table("products")["product_id"])


def test_sections_of_the_shipped_data_lead_from_cobalt_to_the_cell(project: Project, run_2026q1: Run) -> None:
    package = run_2026q1.package
    sections = material_sections(chain_of(project, package), package.table("products"), package.table("materials"))
    (cobalt,) = (section for section in sections if section.section_id == "cobalt")
    assert cobalt.own == ("cobalt_mine", "cobalt_refined")
    assert {"cathode_nmc", "battery_cell_nmc", "battery_pack_nmc"} <= set(cobalt.onward)
    assert "battery_cell_lfp" not in cobalt.onward
