"""Paths of demand that a scenario or a measure may choose: of which regions and years there are figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from supplyrisk.foundation.nearest import did_you_mean

CENTRAL = "central"
"""The path that others are measured against."""

KnownPaths = Mapping[str, Mapping[str, Mapping[str, tuple[int, int]]]]
"""First and last year of every application that there is a figure of, by path and region."""


@dataclass(frozen=True)
class PathProblem:
    """What is wrong with a choice: the key it stands at, what, and how to mend it."""

    key: str
    message: str
    mend: str


def path_problem(known: KnownPaths, path: str, region: str, year: int) -> PathProblem | None:
    """What is wrong with the region or year of a path, or with choosing it at all; None where nothing is.

    A path that is none is told as a wrong word and passes here; so does one of which nothing could be read.
    """
    if path not in known:
        return None
    if path == CENTRAL:
        others = did_you_mean("", [name for name in known if name != CENTRAL])
        message = f"'{CENTRAL}' is the path that others are measured against, so that it changes nothing"
        return PathProblem("path", message, others)
    regions = known[path]
    if not regions:
        return None
    if region not in regions:
        message = f"there are no figures of demand for batteries in {region}"
        return PathProblem("region", message, did_you_mean(region, regions))
    for name in (path, CENTRAL):
        for application, (first, last) in known.get(name, {}).get(region, {}).items():
            if not first <= year <= last:
                return PathProblem(
                    "year",
                    f"figures of {application} in {region} go from {first} to {last} on the path {name}, not to {year}",
                    "Choose a year between.",
                )
    return None
