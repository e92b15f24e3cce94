"""Where a target stands in law, as a language cites it."""

from __future__ import annotations

import re

from supplyrisk.report.wording import Wording

_REGULATION = re.compile(
    r"Regulation \(EU\) (?P<number>\d+/\d+)"
    r"(?: Art\. (?P<article>\d+)(?:\((?P<paragraph>\d+)\))?(?P<points>(?:\([a-z]+\))*)"
    r"| Annex (?P<annex>[IVX]+)(?: Part (?P<part>[A-Z]))?)?"
)


def legal_reference(basis: str, wording: Wording) -> str:
    """A law cited as its language does it: Art. 5(1)(a)(i) is art. 5, lid 1, onder a), i), in Dutch.

    ``basis`` is as printed in data/policy_targets.csv. What is neither an EU regulation nor a document of the
    catalogue (``legal.documents``) stands as it is printed.
    """
    words = wording.catalogue["legal"]
    found = _REGULATION.fullmatch(basis)
    if found is None:
        return str(words["documents"].get(basis, basis))
    cited = found.groupdict()
    points = re.findall(r"\((\w+)\)", cited.pop("points") or "")
    parts = [words[name].format(value) for name, value in cited.items() if value is not None]
    parts += [words["point" if place == 0 else "below"].format(point) for place, point in enumerate(points)]
    return "".join(parts)
