"""Products of the chains that a material stands for: what an event or a measure on the material is about."""

from __future__ import annotations

from collections.abc import Mapping

from supplyrisk.tables.package import DataPackage


def products_of(package: DataPackage) -> Mapping[tuple[str, str], frozenset[str]]:
    """Products by material and stage.

    A family of materials has those of its members; a member without any of its own those of its family, no further up
    (dysprosium is in dysprosium and terbium, samarium in nothing that the chains know).
    """
    own: dict[tuple[str, str], set[str]] = {}
    for product, material, stage in package.table("products").select("product_id", "material_id", "stage").iter_rows():
        if material is not None:
            own.setdefault((material, stage), set()).add(product)
    parents = dict(package.table("materials").select("material_id", "parent_id").iter_rows())
    stages = sorted({stage for _, stage in own})

    def family(material: str) -> set[str]:
        return {material} | {one for child, parent in parents.items() if parent == material for one in family(child)}

    found: dict[tuple[str, str], frozenset[str]] = {}
    for material, parent in parents.items():
        for name in (material, parent):
            members = family(name) if name is not None else set()
            by_stage = {stage: frozenset(p for m in members for p in own.get((m, stage), ())) for stage in stages}
            if any(by_stage.values()):
                found |= {(material, stage): products for stage, products in by_stage.items() if products}
                break
    return found


def mined_of_family(package: DataPackage) -> Mapping[str, frozenset[str]]:
    """Mined products of the family of a material that has refined products and no mined one of its own.

    The nearest family above with any: dysprosium comes out of mines of rare earths. Materials that mine something
    themselves, and those whose families mine nothing, are not in it.
    """
    known = products_of(package)
    parents = dict(package.table("materials").select("material_id", "parent_id").iter_rows())
    found = {}
    for material in sorted({material for material, _ in known if (material, "extraction") not in known}):
        above = parents.get(material)
        while above is not None and (above, "extraction") not in known:
            above = parents.get(above)
        if above is not None:
            found[material] = known[above, "extraction"]
    return found


def mined_and_refined(package: DataPackage) -> Mapping[str, frozenset[str]]:
    """Mined and refined products of each material; package with the tables products and materials."""
    found: dict[str, frozenset[str]] = {}
    for (material, stage), products in products_of(package).items():
        if stage in ("extraction", "refining"):
            found[material] = found.get(material, frozenset()) | products
    return found
