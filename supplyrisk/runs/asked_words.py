"""Words that a command asks for, checked against the data before anything is worked out."""

from __future__ import annotations

from collections.abc import Sequence

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.scores.metrics import METRICS
from supplyrisk.tables.package import DataPackage


def check_words(
    package: DataPackage,
    metrics: Sequence[str] = (),
    products: Sequence[str] = (),
    countries: Sequence[str] = (),
    materials: Sequence[str] = (),
) -> list[str]:
    """Codes of the countries. Raises ``InputError`` with every word that is none of its kind, and the nearest one."""
    kinds = (
        ("metric", metrics, list(METRICS)),
        ("product", products, package.frames["products"]["product_id"].to_list()),
        ("material", materials, package.frames["materials"]["material_id"].to_list()),
    )
    wrong = [
        f"'{value}' is not a {kind}. {did_you_mean(value, known)}"
        for kind, values, known in kinds
        for value in values
        if value not in known
    ]
    names, codes = package.country_names(), []
    for text in countries:
        try:
            codes.append(names.resolve(text))
        except InputError as error:
            wrong.append(str(error))
    if wrong:
        raise InputError("\n".join(wrong))
    return codes
