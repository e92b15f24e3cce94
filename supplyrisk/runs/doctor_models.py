"""Checks of config and models: every file is read as the commands read it, and all problems are told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial

from supplyrisk.chain import Chain
from supplyrisk.disruption.assumptions import read_disruption_assumptions
from supplyrisk.foundation.errors import InputError, SupplyRiskError
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.mitigation.cost import read_measure_assumptions
from supplyrisk.mitigation.demand_assumptions import known_paths
from supplyrisk.mitigation.read import read_measures
from supplyrisk.network.assumptions import read_network_assumptions
from supplyrisk.report.docx_template import check_template
from supplyrisk.risk.assumptions import read_risk_assumptions
from supplyrisk.runs.assumptions import read_quality_widths, read_thresholds, read_trend_rules
from supplyrisk.runs.base_metal_scrap_run import scrap_assumptions
from supplyrisk.runs.base_metals_run import base_metals
from supplyrisk.runs.demand_path_run import demand_paths, file_of
from supplyrisk.runs.disruption_run import RESTED_ON, products_hit, row_ids, words_of
from supplyrisk.runs.doctor_check import Check, Examined, Verdict, counted, problem_lines, told_problems
from supplyrisk.runs.fitting import stored_fits
from supplyrisk.runs.headline import index_parts
from supplyrisk.runs.live_inputs import live_assumptions
from supplyrisk.runs.magnet_recycling_run import magnet_assumptions
from supplyrisk.runs.material_products import mined_and_refined
from supplyrisk.runs.network_inputs import outlook_plan
from supplyrisk.runs.opening import chain_of
from supplyrisk.runs.quarterly import check_products
from supplyrisk.runs.ready_files import own_files, ready_files
from supplyrisk.runs.recycling_run import recycling_assumptions
from supplyrisk.runs.scoring import alert_regions, regions_of
from supplyrisk.runs.value_path_run import read_assumptions as value_path_assumptions
from supplyrisk.scenario.compose import Vocabulary, read_scenario

MODEL_TABLES = (*RESTED_ON, "by_products", "chemistry_mix", "countries", "eol_rir", "eu_assessment", "materials",
                "production", "production_outlook", "products", "recycling")  # fmt: skip
_MEND = "Mend the files; every command that reads them tells the same."


def check_config(examined: Examined) -> Check:
    """The config: keys and values, the day, and words that only the data know, where these can be read."""
    problems = list(examined.config_problems)
    frames, readable = examined.data.frames, not examined.config_problems
    if readable and "products" in frames:
        problems += _raised(partial(check_products, examined.config, examined.package))
    if readable and {"countries", "country_names"} <= frames.keys():
        for code in examined.config.focus:
            problems += _raised(partial(regions_of, examined.package, [code]))
        if not problems:
            problems += _raised(
                partial(alert_regions, examined.package, examined.config.focus, examined.config.alerts.regions)
            )
    template = examined.config.report.template
    if readable and template is not None and "docx" in examined.config.report.formats:
        problems += _raised(partial(check_template, examined.project.home / template))
    if "sources" in frames:
        known = set(frames["sources"]["source_id"])
        problems += [
            f"config.yaml, exclude_sources: '{source}' is not a source. {did_you_mean(source, known)}"
            for source in examined.config.exclude_sources
            if source not in known
        ]
    config, file = examined.config, examined.project.config_file
    left_out = f", without {', '.join(config.exclude_sources)}" if config.exclude_sources else ""
    sound = f"{file}: {examined.quarter}, {config.language}, focus {', '.join(config.focus)}{left_out}"
    return told_problems("config", sound, problems, f"Mend {file}.")


def check_models(examined: Examined) -> Check:
    """Chains, assumptions, outlook, ready measures, and scenarios ready or one's own, each read as its command does."""
    try:
        chain = chain_of(examined.project, examined.package)
    except InputError as error:
        return told_problems("models", "", problem_lines(error), f"{_MEND} What rests on the chains was not read.")
    rows = row_ids(examined.package)
    hazards = products_hit(examined.package, mined_and_refined(examined.package))
    words = words_of(examined.package, chain, hazards, rows, known_paths(file_of(examined.project)))
    problems = [line for read in _assumptions(examined, chain, rows) for line in _raised(read)]
    scenarios, own = ready_files(examined.project, "scenarios"), own_files(examined.project, "scenarios")
    for path in scenarios:
        problems += _raised(partial(read_scenario, path, words))
    problems += list(_measure_problems(examined, words))
    of_own = [line for path in own for line in _raised(partial(read_scenario, path, words))]
    measures = ready_files(examined.project, "measures")
    sound = (
        f"{counted(len(chain.products), 'product')} in chains, {counted(len(scenarios + own), 'scenario')} and "
        f"{counted(len(measures), 'measure')} can be read, and so can the assumptions"
    )
    check = told_problems("models", sound, dict.fromkeys(problems + of_own), _MEND)
    # Scenarios of one's own do not enter the report.
    return replace(check, verdict=Verdict.WARNING) if of_own and not problems else check


def _measure_problems(examined: Examined, words: Vocabulary) -> Iterator[str]:
    """Problems of each measure, and where there are none, of all together."""
    paths = ready_files(examined.project, "measures")
    alone = [line for path in paths for line in _raised(partial(read_measures, [path], words))]
    yield from alone or _raised(lambda: read_measures(paths, words))


def _assumptions(examined: Examined, chain: Chain, rows: Collection[str]) -> tuple[Callable[[], object], ...]:
    """A reader for every file of assumptions and for the outlook."""
    project, package = examined.project, examined.package
    folder = project.models / "assumptions"
    frames = package.frames
    regions = frames["countries"].filter(frames["countries"]["kind"].is_in(["country", "region"]))["iso3"]
    return (
        lambda: read_thresholds(folder / "thresholds.yaml"),
        lambda: read_quality_widths(folder / "quality_width.yaml"),
        lambda: read_trend_rules(folder / "trend.yaml"),
        examined.lines,
        lambda: read_network_assumptions(folder / "network.yaml", chain.products, regions),
        lambda: live_assumptions(project, package),
        lambda: index_parts(project),
        lambda: read_disruption_assumptions(folder / "disruption.yaml", chain.products, rows),
        lambda: read_risk_assumptions(folder / "risk.yaml", rows),
        lambda: read_measure_assumptions(folder / "measures.yaml", chain.products, rows),
        lambda: base_metals(project, package),
        lambda: value_path_assumptions(project, package),
        lambda: recycling_assumptions(project, package),
        lambda: magnet_assumptions(project, package),
        lambda: scrap_assumptions(project, package),
        lambda: demand_paths(project, package),
        lambda: outlook_plan(project, package, chain),
    )


def check_fits(examined: Examined) -> Check:
    """The fits that are kept in models/fitted: are they those of today's data. No run reads them, readers may."""
    fits = stored_fits(examined.folder)
    details = tuple({"file": str(fit.path), "as_of": fit.as_of, "problem": fit.problem} for fit in fits)
    stale = [fit.problem for fit in fits if fit.problem is not None]
    if stale and examined.overlay is not None and examined.project.models.parent != examined.project.home:
        found = "the shipped ones, which rest on the data package without the rows of the overlay"
        return Check("fits", found, Verdict.NOTE, "Nothing to do: reports fit anew, on your rows too.", details)
    if stale:
        mend = "Reports fit anew and are right all the same; run `supplyrisk fit` for whoever reads the files."
        return Check("fits", " ".join(stale), Verdict.WARNING, mend, details)
    told = ", ".join(f"{fit.path.stem} ({fit.as_of})" for fit in fits)
    return Check("fits", f"those of the data, as known on the day they name: {told}", details=details)


def _raised(read: Callable[[], object]) -> list[str]:
    """Problems that reading tells; empty where there are none."""
    try:
        read()
    except SupplyRiskError as error:
        return list(problem_lines(error))
    return []
