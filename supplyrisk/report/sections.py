"""Which products a material's section follows: its roots, and everything they go into, tier by tier."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from supplyrisk.chain.graph import Chain


@dataclass(frozen=True)
class MaterialSection:
    """One section: ``own`` products are described in full, ``onward`` ones are shared with other materials."""

    section_id: str
    own: tuple[str, ...]
    onward: tuple[str, ...]


def material_sections(chain: Chain, products: pl.DataFrame, materials: pl.DataFrame) -> list[MaterialSection]:
    """A section for each family of materials, by name of id, and one for the products that mix materials (``mixed``).

    A product made from a single root belongs to the family of that root's material (aluminium to bauxite, phosphorus to
    phosphate rock), any other to that of its own; a family is named after the topmost parent of the material. Within a
    section products stand in the order of making.
    """
    parents = dict(materials.select("material_id", "parent_id").iter_rows())
    material_of = dict(products.select("product_id", "material_id").iter_rows())
    tiers = dict(products.select("product_id", "tier").iter_rows())

    def topmost(material: str) -> str:
        above = parents.get(material)
        return material if above is None else topmost(above)

    members: dict[str, list[str]] = {}
    for product, material in material_of.items():
        roots = chain.roots_of(product) if product in chain.inputs else ()
        origin = material_of[roots[0]] if len(roots) == 1 and material is not None else material
        members.setdefault("mixed" if origin is None else topmost(origin), []).append(product)
    sections = []
    for family in sorted(members):
        own = sorted(members[family], key=lambda name: (tiers[name], name))
        below = {name for product in own if product in chain.inputs for name in chain.below(product)} - set(own)
        onward = [] if family == "mixed" else sorted(below, key=lambda name: (tiers[name], name))
        sections.append(MaterialSection(family, tuple(own), tuple(onward)))
    return sections
