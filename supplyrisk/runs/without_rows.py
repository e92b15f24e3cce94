"""Why a question about scores has no rows, and the nearest one that has some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from supplyrisk.scores.metrics import MATERIAL_METRICS

_WORDS = {"product_id": "products", "material_id": "materials", "stage": "stages", "country": "countries"}
_OPTIONS = {"product_id": "--product", "material_id": "--material", "stage": "--stage", "country": "--country"}
_MOST_NAMED = 8


def asked_of_materials(metrics: Sequence[str], materials: Sequence[str], products: pl.DataFrame) -> list[str]:
    """What is wrong with asking for scores of products by material; nothing where one of them is of materials.

    It is known without any score. ``products``: the table of that name.
    """
    if not metrics or not materials or not set(metrics).isdisjoint(MATERIAL_METRICS):
        return []
    of_material = products.filter(pl.col("material_id").is_in(list(materials)))["product_id"].sort().to_list()
    return [f"{metric} is not a score of materials. {_by_product(of_material)}" for metric in metrics]


def without_rows(table: pl.DataFrame, products: pl.DataFrame, asked: Mapping[str, Sequence[str]]) -> list[str]:
    """For every metric asked for (all together, where none is) that has no row: why, and what to ask instead.

    ``table``: scores; ``products``: the table of that name; ``asked``: words by column, countries as codes.
    """
    every = [(name, table.filter(pl.col("metric") == name)) for name in asked["metric"]] or [("", table)]
    told = [_told(name, rows, products, asked) for name, rows in every]
    return [text for text in told if text is not None]


def _told(name: str, rows: pl.DataFrame, products: pl.DataFrame, asked: Mapping[str, Sequence[str]]) -> str | None:
    subject = name or "No score"
    if rows.is_empty():
        return f"No {name or 'score'} is known on this day."
    narrowed = rows
    for column in (column for column in _WORDS if asked[column]):
        left = narrowed.filter(pl.col(column).is_in(list(asked[column])))
        if left.is_empty():
            if rows[column].null_count() == rows.height:
                instead = _instead(column, rows, products, asked[column])
                return f"{subject} is not a score of {_WORDS[column]}. {instead}"
            known = narrowed[column].drop_nulls().unique().sort().to_list()
            if column == "product_id":
                known = _of_same_material(asked[column], known, products) or known
            option, words = _OPTIONS[column], ", ".join(asked[column])
            has = f"{subject} has no row" if name else "No score has a row"
            also = "" if narrowed.height == rows.height else " for the rest of what was asked"
            return f"{has} with {option} {words}{also}. {_of_known(option, known)}"
        narrowed = left
    return None


def _of_same_material(words: Sequence[str], known: Sequence[str], products: pl.DataFrame) -> list[str]:
    materials = products.filter(pl.col("product_id").is_in(list(words)))["material_id"].drop_nulls().to_list()
    alike = set(products.filter(pl.col("material_id").is_in(materials))["product_id"])
    return [name for name in known if name in alike]


def _instead(column: str, rows: pl.DataFrame, products: pl.DataFrame, words: Sequence[str]) -> str:
    """The same of the products of a material, or of the material of a product; else without the option."""
    if column == "material_id":
        of_material = products.filter(pl.col("material_id").is_in(list(words)))["product_id"]
        return _by_product(sorted(set(of_material) & set(rows["product_id"])))
    if column == "product_id":
        of_product = products.filter(pl.col("product_id").is_in(list(words)))["material_id"]
        materials = sorted((set(of_product) & set(rows["material_id"])) - {None})
        if materials:
            return f"Ask by material: {' '.join(f'--material {name}' for name in materials)}."
    return f"Leave out {_OPTIONS[column]}."


def _by_product(names: Sequence[str]) -> str:
    if not names:
        return "No product of what was asked has one."
    return f"Ask by product: {' '.join(f'--product {name}' for name in names)}."


def _of_known(option: str, known: Sequence[str]) -> str:
    if not known:
        return f"Leave out {option}."
    more = f" and {len(known) - _MOST_NAMED} more" if len(known) > _MOST_NAMED else ""
    return f"There are rows with {', '.join(known[:_MOST_NAMED])}{more}."
