"""What moved on behind a score (scores.change_inputs, column ``moved``), in words of a language."""

from __future__ import annotations

import re

from supplyrisk.report.wording import Wording

_LATER = re.compile(r"(?P<table>\w+) (?P<older>\d+) > (?P<newer>\d+)")
_CAME = re.compile(r"(?P<table>\w+) (?P<sign>[+-])(?P<what>.+)")


def moved_words(moved: str, wording: Wording) -> str:
    """``trade 2023 > 2024; demand +ndfeb_magnet; production +6`` in words of a language.

    Of what came in (+) or went out (-) the products are named, or counted where they are many. Raises ``ValueError``
    for a text that is no such list, ``KeyError`` for a table without a word.
    """
    return "; ".join(_part(part, wording) for part in moved.split("; "))


def _part(part: str, wording: Wording) -> str:
    texts = wording.catalogue["change"]
    if later := _LATER.fullmatch(part):
        return str(texts["later"]).format(
            table=texts["tables"][later["table"]], older=later["older"], newer=later["newer"]
        )
    came = _CAME.fullmatch(part)
    if came is None:
        raise ValueError(f"{part!r} does not tell what moved on.")
    what = came["what"]
    text = texts["came" if came["sign"] == "+" else "went"]
    named = f"{what} {texts['subjects']}" if what.isdigit() else wording.format_products(what.split(","))
    return str(text).format(table=texts["tables"][came["table"]], what=named)
