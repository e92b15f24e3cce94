"""What a unit of a product is worth, from value added per unit along its chain."""

from __future__ import annotations

from collections.abc import Mapping

from supplyrisk.chain.graph import Chain


def unit_values(chain: Chain, value_added: Mapping[str, float]) -> dict[str, float]:
    """EUR per unit of product: its own value added and the worth of its inputs.

    w_p = v_p + Σ_q a[q→p]·w_q, with the recipes that hold for all countries. A product is left out where its own value
    added, a recipe for all countries, or the worth of an input is not known: a part would look like the whole.
    """
    worth: dict[str, float] = {}
    recipes = {(r.input_product, r.output_product): r.coefficient for r in chain.recipes if r.iso3 is None}
    for product in reversed(chain.products):
        inputs = chain.inputs[product]
        known = all(part in worth and (part, product) in recipes for part in inputs)
        if product in value_added and known:
            worth[product] = value_added[product] + sum(recipes[part, product] * worth[part] for part in inputs)
    return worth
