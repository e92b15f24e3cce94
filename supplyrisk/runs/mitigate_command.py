"""From words on the command line to measures beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

import polars as pl

from supplyrisk.foundation.errors import InputError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.in_place import InPlace
from supplyrisk.mitigation.market import market
from supplyrisk.mitigation.read import Measure, read_measures
from supplyrisk.mitigation.score_values import HEADLINE_SCORES
from supplyrisk.mitigation.specification import Recycling
from supplyrisk.mitigation.worked_out import MoreWonBack, worked_out
from supplyrisk.runs.config import Config
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.known_measures import known_measures, later_figures, unknown_products, workings_of
from supplyrisk.runs.measure_effects import MeasureEffects, measure_effects
from supplyrisk.runs.mitigate_run import compare_measures
from supplyrisk.runs.network_run import NetworkRun
from supplyrisk.runs.open_disruption import open_kept
from supplyrisk.runs.open_risk import open_risk
from supplyrisk.runs.opening import Progress, open_package, tell_compiling
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.project_scores import QUERY_TABLES, network_of
from supplyrisk.runs.ready_files import find_file, ready_files
from supplyrisk.runs.risk_run import RiskProgress
from supplyrisk.runs.won_back_run import TABLES as RECYCLING_TABLES
from supplyrisk.runs.won_back_run import more_won_back_of
from supplyrisk.store.kept import kept
from supplyrisk.tables.package import DataPackage

_EFFECTS = ("headline-scores", "compliance")
VIEWS = ("measures", "products", "pairs", "third-countries", "timing", "sensitivity", "market", *_EFFECTS)
_SCORES_NOTE = (
    "Measures as in place, on the network of the base year; before and after on the same draws. Rows without a product "
    "or end product count scores that stay as they are, or are not known, with the reason."
)
_COMPLIANCE_NOTE = (
    "Per cent of the target's own measure, for the EU, with the network of the base year; recycled content of the year "
    "that is due, or the last one known."
)

Made = TypeVar("Made")
_TIMES = 10
"""Draws of the measures that lead, as a multiple of those of the screening."""


def find_measures(project: Project, names: Sequence[str]) -> list[Path]:
    """Measure files by path or by name in models/measures; all ready ones where none is named."""
    return [find_file(project, "measures", text) for text in dict.fromkeys(names)] or ready_files(project, "measures")


@dataclass(frozen=True)
class _Networks:
    """The networks of a project and what they were made from, opened and built once, when first asked for."""

    folder: Path | None
    quarter: str | None
    as_of: str | None
    progress: Progress

    @cached_property
    def opened(self) -> tuple[Project, Config, DataPackage, NetworkRun]:
        names = tuple(dict.fromkeys((*QUERY_TABLES, *RECYCLING_TABLES)))
        project, config, package = open_package(self.folder, self.quarter, self.as_of, names)
        self.progress("building the network")
        return project, config, package, network_of(project, config, package)

    def kept(self, word: str, made_from: str, make: Callable[[], Made]) -> Made:
        """A result under the name of the project's state, of what it is and of what else it was made from."""
        name = open_kept(find_project(self.folder), self.quarter, self.as_of).name
        return kept(f"{name}-{word}-{blake2b(made_from.encode(), digest_size=8).hexdigest()}", make)


def _more_won_back(networks: _Networks) -> MoreWonBack:
    """What a measure of recycling wins back on top; the answer is kept."""

    def made(change: Recycling) -> Mapping[str, float]:
        networks.progress("working out what is won back")
        project, _, package, run = networks.opened
        return more_won_back_of(project, run, package)(change)

    return lambda change: networks.kept("won-back", change.model_dump_json(), lambda: made(change))


def _effects(
    networks: _Networks, place: InPlace, written: Sequence[Measure], focus: Sequence[str], progress: Progress
) -> MeasureEffects:
    """Headline scores and targets with the measures in place; the answer is kept."""
    texts = [f"{name}:{one.file.model_dump_json()}" for name, one in place.by_name.items()]

    def made() -> MeasureEffects:
        project, config, package, run = networks.opened
        told = RiskProgress(progress)
        own = [one for one in written if one.measure_id in place.by_name]
        words = (project, package, focus, config.seed)
        return measure_effects(run, place, own, *words, lambda part: told("scoring with measures", part))

    return networks.kept("effects", "|".join((*focus, *texts)), made)


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
    scores: Sequence[str] = (),
) -> tuple[pl.DataFrame, str]:
    """The table of a view, and what has to be read beside it. Raises ``InputError`` before anything is simulated."""
    if view not in VIEWS:
        raise InputError(f"--view: '{view}' is not a view of measures. {did_you_mean(view, VIEWS)}")
    _check_scores(scores, view)
    project = find_project(folder)
    paths = find_measures(project, names)
    progress("reading the data package")
    risk = open_risk(project, quarter, as_of, focus, seed)
    measures = read_measures(paths, risk.model.words)
    networks, written = _Networks(folder, quarter, as_of, progress), measures
    more_won_back = _more_won_back(networks)
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
    beside = _not_reached(place) + _left_out(left_out, risk.model) + _later(written, place, risk.model)
    if view == "market":
        note = "What is held is bought over the ramp, a year at least. Prices that this moves are not modelled.\n"
        return market(place), note + beside
    if view in _EFFECTS:
        effects = _effects(networks, place, written, risk.model.focus, progress)
        if view == "compliance":
            return effects.compliance, f"{_COMPLIANCE_NOTE}\n{beside}"
        told_scores = effects.scores.filter(pl.col("score").is_in(list(scores))) if scores else effects.scores
        return told_scores, f"{_SCORES_NOTE}\n{beside}"
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


def _check_scores(scores: Sequence[str], view: str) -> None:
    """Raises ``InputError`` for names that are no headline score, all at once, and beside a view without scores."""
    if scores and view != "headline-scores":
        raise InputError(f"--score picks rows of --view headline-scores; --view {view} has no scores.")
    wrong = [
        f"--score: '{name}' is not a headline score. {did_you_mean(name, HEADLINE_SCORES)}"
        for name in scores
        if name not in HEADLINE_SCORES
    ]
    if wrong:
        raise InputError("\n".join(wrong))


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


def _later(written: Sequence[Measure], place: InPlace, model: DisruptionModel) -> str:
    """Which of the measures rest on rows that were not public on the day."""
    later = later_figures(model, [one for one in written if one.measure_id in place.by_name])
    return "".join(
        f"{name} rests on figures of a later day than {model.package.as_of}: {', '.join(rows)}.\n"
        for name, rows in later.items()
    )


def _check_known(model: DisruptionModel, measures: Sequence[Measure]) -> None:
    for measure in measures:
        if unknown := unknown_products(model, measure):
            raise InputError(
                f"{measure.measure_id}.yaml: {', '.join(unknown)} or what goes into it had no known maker on "
                f"{model.package.as_of}. Leave the measure out, or choose a later --as-of."
            )
