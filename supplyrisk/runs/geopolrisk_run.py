"""`supplyrisk geopolrisk`: units and years asked for, scored from a folder of raw files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.network.places import EU_REGION
from supplyrisk.runs.live_inputs import usual_unit_value_ratio
from supplyrisk.runs.project import find_project
from supplyrisk.runs.scoring import eu_members
from supplyrisk.scores.geopolrisk.compatible import NAME, compatible_scores
from supplyrisk.scores.geopolrisk.copper import CopperReference
from supplyrisk.scores.geopolrisk.mended import mended_scores
from supplyrisk.scores.geopolrisk.world_output import notes_on_output
from supplyrisk.tables.package import DataPackage, open_data
from supplyrisk.tables.raw.geopolrisk_files import GeoPolRiskFiles, read_geopolrisk_files

ALL_UNITS = "all"
REFERENCES: tuple[CopperReference, ...] = ("eu27_and_year", "unit_and_year", "constant")


@dataclass(frozen=True)
class GeoPolRiskScores:
    """Scores, a row each, and what the reader of them must be told."""

    rows: pl.DataFrame
    notes: tuple[str, ...]


def geopolrisk(
    folder: Path | None,
    raw: Path,
    units: Sequence[str],
    years: Sequence[int],
    compat: str | None,
    copper_reference: str | None,
) -> GeoPolRiskScores:
    """GeoPolRisk of every material for units and years; see scores.geopolrisk.mended and, with ``compat``, compatible.

    ``years`` none: the last three that all files hold; ``copper_reference`` None: copper of the EU27 in the same year.
    Raises ``InputError`` with every wrong word at once, before any file is read, and with every problem of the files,
    years among them that they do not hold.
    """
    project = find_project(folder)
    package = open_data(project.data, ("countries", "country_names", "products"), date.today(), (), None)
    wanted = _check(package, units, compat, copper_reference)
    files = read_geopolrisk_files(raw, years)
    members = {unit: _members(package, unit) for unit in wanted}
    _check_traded(files, members)
    notes = notes_on_output(files, as_in_package=compat is not None)
    if compat is not None:
        codes = {unit: _baci_codes(files, countries) for unit, countries in members.items()}
        return GeoPolRiskScores(compatible_scores(files, codes), notes)
    reference = next((one for one in REFERENCES if one == copper_reference), REFERENCES[0])
    yardstick = {EU_REGION: _members(package, EU_REGION)}
    ratio = usual_unit_value_ratio(project, package)
    return GeoPolRiskScores(mended_scores(files, members, ratio, yardstick, reference), notes)


def _check(package: DataPackage, units: Sequence[str], compat: str | None, copper_reference: str | None) -> list[str]:
    """Codes of the units asked for: EU27, countries, ``all`` for the EU and each of its members."""
    collector, names = ProblemCollector(), package.country_names()
    found: list[str] = []
    for unit in units or (EU_REGION,):
        if unit.casefold() == ALL_UNITS:
            found += [EU_REGION, *_members(package, EU_REGION)]
            continue
        try:
            found.append(names.resolve(unit))
        except InputError as error:
            collector.add(file="command line", where="--unit", message=str(error), mend=f"Or '{ALL_UNITS}'.")
    for option, word, known in (("--compat", compat, (NAME,)), ("--copper-reference", copper_reference, REFERENCES)):
        if word is not None and word not in known:
            message = f"'{word}' is not one of {', '.join(known)}"
            collector.add(file="command line", where=option, message=message, mend=did_you_mean(word, known))
    if compat == NAME and copper_reference in REFERENCES:
        message = f"with --compat {NAME} copper is the constant of the package"
        collector.add(
            file="command line", where="--copper-reference", message=message, mend="Leave one of the two out."
        )
    collector.raise_if_any("GeoPolRisk cannot be computed")
    return list(dict.fromkeys(found))


def _members(package: DataPackage, unit: str) -> list[str]:
    return sorted(eu_members(package)) if unit == EU_REGION else [unit]


def _baci_codes(files: GeoPolRiskFiles, members: Sequence[str]) -> list[str]:
    return files.countries.filter(pl.col("iso3").is_in(list(members)))["country_code"].to_list()


def _check_traded(files: GeoPolRiskFiles, members: dict[str, list[str]]) -> None:
    collector = ProblemCollector()
    for unit, codes in members.items():
        if not _baci_codes(files, codes):
            message = f"'{unit}' has no code in the trade files"
            collector.add(file="command line", where="--unit", message=message, mend="Give a country that trades.")
    collector.raise_if_any("GeoPolRisk cannot be computed")
