"""Entries of the list of strategic raw materials: what counts as one of them, and which materials each holds."""

from __future__ import annotations

import polars as pl


def strategic_entries(materials: pl.DataFrame) -> dict[str, str]:
    """Entry, by the id of the material that stands for it, of every strategic material: a group counts as one.

    ``materials``: with ``strategic_2024``, ``annex_i_entry`` and ``list_level`` (``entry`` or ``member``).
    Source: Regulation (EU) 2024/1252, Annex I, section 1, seventeen entries.
    """
    strategic = materials.filter(pl.col("strategic_2024"))
    named = dict(strategic.filter(pl.col("list_level") == "entry").select("annex_i_entry", "material_id").iter_rows())
    members = strategic.select("material_id", "annex_i_entry").sort("material_id")
    return {material: named[entry] for material, entry in members.iter_rows()}
