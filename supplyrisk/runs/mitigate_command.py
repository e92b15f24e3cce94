"""From words on the command line to measures beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.market import market
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.mitigation.worked_out import MoreWonBack, worked_out
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.known_measures import known_measures, unknown_products, workings_of
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.open_disruption import open_kept
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import Progress, open_package, tell_compiling
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.project_scores import NETWORK_TABLES, network_of
from supplyrisk.runs.ready_files import find_file, ready_files
from supplyrisk.runs.risk_run import RiskProgress
from supplyrisk.runs.won_back_run import TABLES as RECYCLING_TABLES
from supplyrisk.runs.won_back_run import more_won_back_of
from supplyrisk.store.kept import kept

VIEWS = ("measures", "products", "pairs", "third-countries", "timing", "sensitivity", "market")

_TIMES = 10
"""Draws of the measures that lead, as a multiple of those of the screening."""


def find_measures(project: Project, names: Sequence[str]) -> list[Path]:
    """Measure files by path or by name in models/measures; all ready ones where none is named."""
    return [find_file(project, "measures", text) for text in dict.fromkeys(names)] or ready_files(project, "measures")


def _more_won_back(folder: Path | None, quarter: str | None, as_of: str | None, progress: Progress) -> MoreWonBack:
    """What a measure of recycling wins back on top; the networks it takes are built once, and the answer is kept."""

    @cache
    def opened() -> MoreWonBack:
        progress("working out what is won back")
        names = tuple(dict.fromkeys((*NETWORK_TABLES, *RECYCLING_TABLES)))
        project, config, package = open_package(folder, quarter, as_of, names)
        return more_won_back_of(project, network_of(project, config, package), package)

    def of_change(change: Recycling) -> Mapping[str, float]:
        name = open_kept(find_project(folder), quarter, as_of).name
        own = blake2b(change.model_dump_json().encode(), digest_size=8).hexdigest()
        return kept(f"{name}-won-back-{own}", lambda: opened()(change))

    return of_change


def run_mitigation(
    folder: Path | None,
    names: Sequence[str],
    view: str,
    focus: Sequence[str],
    draws: int,
    leader_draws: int | None,
    seed: int | None,
    quarter: str | None,
    as_of: str | None,
    progress: Progress,
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` before anything is simulated."""
    if view not in VIEWS:
        raise InputError(f"--view: '{view}' is not a view of measures. {did_you_mean(view, VIEWS)}")
    project = find_project(folder)
    paths = find_measures(project, names)
    progress("reading the data package")
    risk = open_risk(project, quarter, as_of, focus, seed)
    measures = read_measures(paths, risk.model.words)
    more_won_back = _more_won_back(folder, quarter, as_of, progress)
    left_out: list[Measure] = []
    if names:
        measures = worked_out(measures, workings_of(risk.model, more_won_back))
        _check_known(risk.model, measures)
    else:
        known, left_out = known_measures(risk.model, measures, more_won_back)
        measures = tuple(known)
    if not measures:
        raise InputError("No ready measure is about products whose whole chain was known. Choose a later --as-of.")
    place = InPlace(risk.model.base, measures)
    beside = _not_reached(place) + _left_out(left_out, risk.model)
    if view == "market":
        note = "What is held is bought over the ramp, a year at least. Prices that this moves are not modelled.\n"
        return market(place), note + beside
    tell_compiling(progress)
    told = RiskProgress(progress)
    more = leader_draws or _TIMES * draws
    found = compare_measures(
        risk, measures, draws, more, lambda part: told("comparing measures", part),
        pairs=view == "pairs", timing="all" if view == "timing" else "none", sensitivity=view == "sensitivity",
    )  # fmt: skip
    taken = "avoided_in_run: decided in its start_month, in a run of three years." if view == "timing" else ""
    note = (
        f"EUR a year, {found.draws} draws over {found.sets} sets of uncertain numbers, the same for all; priced "
        f"products only. {taken or 'Measures are taken as in place; --view timing says when that is.'}\n"
    )
    if found.leader_draws > 0:
        note += f"Confirmed ones: {found.leader_draws} fresh draws over {found.leader_sets} sets.\n"
    table = getattr(found, view.replace("-", "_"))
    assert isinstance(table, pl.DataFrame)
    return table, note + beside


def _not_reached(place: InPlace) -> str:
    return "".join(
        f"{name}: {share:.0%} of {product} bought in {change.region} is made in the EU with it, not "
        f"{change.least_share:.0%}: idle capacity goes no further.\n"
        for name, product, change, share in place.content_not_reached()
    ) + "".join(
        f"{name}: {share:.0%} of {product} bought together comes from {country}, not {change.most_from_one:.0%}: some "
        "buyers have no other supplier.\n"
        for name, product, change, country, share in place.mix_not_reached()
    )


def _left_out(measures: Sequence[Measure], model: DisruptionModel) -> str:
    names = ", ".join(measure.measure_id for measure in measures)
    return f"Left out, as what they are about was not known on {model.package.as_of}: {names}.\n" if names else ""


def _check_known(model: DisruptionModel, measures: Sequence[Measure]) -> None:
    for measure in measures:
        if unknown := unknown_products(model, measure):
            raise InputError(
                f"{measure.measure_id}.yaml: {', '.join(unknown)} or what goes into it had no known maker on "
                f"{model.package.as_of}. Leave the measure out, or choose a later --as-of."
            )
