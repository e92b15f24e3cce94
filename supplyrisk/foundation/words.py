"""Words of a file that only the data know, as types of its model: products, countries, rows.

The model says of which kind a word is, and who reads the file (``load_model``) which words of the kind there are, so
that a wrong word is told together with everything else that is wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Discriminator, Field, Tag, ValidationInfo
from pydantic_core import PydanticCustomError

PRODUCT = "product of the chains"
MATERIAL = "material"
COUNTRY = "country"
REGION = "region"
HAZARD = "class of hazard"
ROW = "row of the data package"
PARAMETER = "parameter of disruption.yaml"
DEMAND_PATH = "path of demand"
EDITION = "edition of production"

UNKNOWN_WORD = "unknown_word"
"""Type of the error, for ``load_model``; its context has the ``kind`` and the ``known`` words."""

KnownWords = Mapping[str, Collection[str]]
"""The words there are, by kind."""


def word(kind: str) -> AfterValidator:
    """Mark of a text that must be a known word of a kind. A model made in code rather than read is not checked."""

    def check(found: str, info: ValidationInfo) -> str:
        if info.context is not None and found not in info.context[kind]:
            told = {"kind": kind, "known": tuple(info.context[kind])}
            raise PydanticCustomError(UNKNOWN_WORD, "not a {kind}", told)
        return found

    return AfterValidator(check)


Product = Annotated[str, word(PRODUCT)]
Material = Annotated[str, word(MATERIAL)]
Country = Annotated[str, word(COUNTRY)]
Region = Annotated[str, word(REGION)]
Hazard = Annotated[str, word(HAZARD)]
RowId = Annotated[str, word(ROW)]
ParameterName = Annotated[str, word(PARAMETER)]
Edition = Annotated[str, word(EDITION)]
DemandPathName = Annotated[str, word(DEMAND_PATH)]


def _all_or_list(found: object) -> str:
    return "all" if found == "all" else "list"


Word = TypeVar("Word")
AnyNumber = Annotated[tuple[Word, ...], Field(strict=False)]
"""A list that may be empty."""
Words = Annotated[tuple[Word, ...], Field(strict=False, min_length=1)]
"""A list with something in it."""
WordsOrAll = Annotated[
    Annotated[Words[Word], Tag("list")] | Annotated[Literal["all"], Tag("all")], Discriminator(_all_or_list)
]
"""A list with something in it, or the word all."""
