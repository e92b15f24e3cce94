"""Times the program against plain implementations in the same run and writes benchmarks/results.json."""

from __future__ import annotations

import json
import resource
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.plain_geopolrisk import plain_scores, synthetic_files, units
from benchmarks.plain_loops import plain_home_first, plain_look_through
from benchmarks.propagation import propagation_times
from benchmarks.risk import risk_times
from benchmarks.scores import score_times
from supplyrisk.disruption.parametrise import with_assumptions
from supplyrisk.disruption.planner import Planner
from supplyrisk.disruption.planner_model import PlannerLimits, planner_model
from supplyrisk.disruption.supply_graph import NOBODY
from supplyrisk.foundation.keyed_draws import keyed_normals
from supplyrisk.network.build import anchor_range, build_network
from supplyrisk.network.draws import draw_network
from supplyrisk.network.lanes import home_markets
from supplyrisk.network.look_through import used_in
from supplyrisk.network.prior import home_first_prior
from supplyrisk.network.reached import look_through_draws, reached_by
from supplyrisk.report.chosen_outputs import chosen_outputs
from supplyrisk.runs.asked_scores import asked_scores
from supplyrisk.runs.config import Config, read_config
from supplyrisk.runs.network_inputs import BASE_YEAR, network_inputs
from supplyrisk.runs.network_run import bundles_of
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.opening import chain_of, load_config, open_project_data, resolve_day
from supplyrisk.runs.project import Project, find_project
from supplyrisk.runs.project_scores import NETWORK_TABLES, SCORE_TABLES, network_of, score_project
from supplyrisk.runs.quarterly import compute_run
from supplyrisk.runs.ready_files import find_file
from supplyrisk.runs.report_files import write_report
from supplyrisk.runs.whatif import what_if
from supplyrisk.scores.geopolrisk.compatible import compatible_scores
from supplyrisk.scores.supply import supplies
from supplyrisk.scores.world import hhi_draws

RESULTS = Path(__file__).parent / "results.json"
DRAWS = 1_000
PLAIN_DRAWS = 5
"""Draws of the plain look-through; its time is scaled up to ``DRAWS``."""

HHI_BASE = "HHI draws alone"
ALL_BASE = "all scores with the network, warm"
GEOPOLRISK_BASE = "GeoPolRisk, 4,452 scores"
LOOK_THROUGH_BASE = "look-through of batteries, 1,000 draws"


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Best of several runs."""
    times = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def plain_hhi_intervals(draws: int) -> Callable[[], object]:
    """The same HHI draws for every product in plain Python loops over rows and draws."""
    project = find_project()
    package = open_project_data(project, read_config(project.config_file), date(2026, 3, 31), SCORE_TABLES)
    rows = package.table("production").filter(edition="curated_2024").select("product_id", "row_id", "value").rows()

    def work() -> dict[str, list[float]]:
        values: dict[str, list[tuple[float, list[float]]]] = {}
        for product, row_id, value in rows:
            values.setdefault(product, []).append((value, keyed_normals(1, row_id, draws).tolist()))
        result = {}
        for product, entries in values.items():
            found = []
            for d in range(draws):
                drawn = [value * float(np.exp(0.06 * noise[d])) for value, noise in entries]
                total = sum(drawn)
                found.append(sum((part / total) ** 2 for part in drawn))
            result[product] = sorted(found)
        return result

    return work


def vectorised_hhi_intervals(draws: int) -> Callable[[], object]:
    """The same work as ``plain_hhi_intervals`` by the program's own functions."""
    project = find_project()
    package = open_project_data(project, read_config(project.config_file), date(2026, 3, 31), SCORE_TABLES)
    rows = package.table("production").filter(edition="curated_2024")
    kinds = dict(package.table("countries").select("iso3", "kind").iter_rows())
    widths = dict.fromkeys("ABCD", 0.06)
    return lambda: [np.sort(hhi_draws(supply)[1]) for supply in supplies(rows, kinds, widths, 1, draws)]


def network_times(project: Project, config: Config, day: date) -> dict[str, float]:
    """Building the network, drawing it, and looking through it, the last also in plain loops."""
    package = open_project_data(project, config, day, NETWORK_TABLES)
    inputs = network_inputs(project, package, chain_of(project, package), BASE_YEAR)
    network = build_network(inputs)
    ends = anchor_range(inputs, network)
    drawn = draw_network(inputs, network, ends, config.seed, DRAWS)
    region = config.focus[0]
    used = {name: used_in(network, products, region) for name, products in bundles_of(network).items()}
    batteries = used[network.chain.bundled]

    def all_bundles() -> None:
        for use in used.values():
            look_through_draws(drawn, use)

    struck = [network.places.index[code] for code in ("CHN", "AUS", "CHL", "COD", "IDN", "JPN", "KOR", "USA")]
    sides = [(flows.supply, flows.demand) for flows in network.products.values()]
    markets = [home_markets(network.places, supply, demand) for supply, demand in sides]

    def home_first() -> None:
        for (supply, demand), levels in zip(sides, markets, strict=True):
            home_first_prior(supply, demand, levels)

    def home_first_plainly() -> None:
        for (supply, demand), levels in zip(sides, markets, strict=True):
            plain = [(sellers.tolist(), buyers.tolist()) for sellers, buyers in levels]
            plain_home_first(supply.tolist(), demand.tolist(), plain)

    def struck_plainly() -> None:
        for place in struck:
            plain_look_through(drawn, batteries, 1, place)

    look_through_draws(drawn, batteries)  # compiles where that was not done before
    plain = seconds(lambda: plain_look_through(drawn, batteries, PLAIN_DRAWS), 1)
    return {
        "network of the project with bounds, outlook and draws": seconds(lambda: network_of(project, config, package)),
        "home-first priors of all products": seconds(home_first),
        "home-first priors of all products, plain loops": seconds(home_first_plainly, 1),
        "batteries without each of 8 countries, 1,000 draws": seconds(
            lambda: reached_by(drawn, batteries).volume_left(struck)
        ),
        "batteries without each of 8 countries, plain loops": seconds(struck_plainly, 1) * DRAWS,
        "build the network": seconds(lambda: build_network(inputs)),
        "draw the network, 1,000 draws": seconds(lambda: draw_network(inputs, network, ends, config.seed, DRAWS)),
        LOOK_THROUGH_BASE: seconds(lambda: look_through_draws(drawn, batteries)),
        "look-through of batteries, plain loops": plain * DRAWS / PLAIN_DRAWS,
        "look-through of all bundles": seconds(all_bundles),
    }


def disruption_times(project: Project) -> dict[str, float]:
    """A scenario on the project's network, and every country taken out by the planner (least loss alone)."""
    model = open_model(project, None, None, [])
    scenario = find_file(project, "scenarios", "drc_cobalt_stop")
    what_if(model, scenario)
    named = with_assumptions(model.base, model.assumptions)
    graph = named.graph
    final = np.flatnonzero(graph.slot_node == NOBODY)
    product = named.pool_product[graph.slot_pool[final]]
    weight = 1.0 / np.bincount(product, graph.slot_demand[final], len(named.products))[product]
    limits = PlannerLimits(6.0, 0.1)
    programme = planner_model(graph, named.node_product, named.pool_product, weight, limits)
    planner = Planner(programme, limits.window_months, np.ones(len(final), dtype=np.bool_))
    countries = [np.flatnonzero(named.node_place == place).tolist() for place in np.unique(named.node_place)]

    def removals() -> None:
        for nodes in countries:
            planner.removal(nodes, ranges=False)

    return {
        "what-if, warm, with ranges": seconds(lambda: what_if(model, scenario)),
        "what-if, warm": seconds(lambda: what_if(model, scenario, sensitivity=False)),
        f"all {len(countries)} countries out, planner": seconds(removals),
    }


def main() -> None:
    """Print a table and write results.json: name, seconds, peak MB, and the ratio to a base of the same run."""
    project = find_project()
    config, quarter = load_config(project, None)
    day = resolve_day(config, quarter, None, date.today())
    package = open_project_data(project, config, day, NETWORK_TABLES)
    as_page = chosen_outputs("en", ["html"], "neutral", None)
    with tempfile.TemporaryDirectory() as folder:

        def report() -> None:
            run = compute_run(project, config, quarter, day, lambda text: None)
            write_report(project, run, Path(folder), as_page, lambda text: None)

        def asked(metrics: list[str]) -> None:
            score_project(project, config, package, None, asked_scores(metrics, [], [], []))

        def everything() -> None:
            score_project(project, config, package, network_of(project, config, package))

        timed = {
            "read and check the core tables": seconds(lambda: open_project_data(project, config, day, SCORE_TABLES)),
            "world scores, warm": seconds(lambda: score_project(project, config, package)),
            "live supply risk alone, warm": seconds(lambda: asked(["supply_risk_live"])),
            "concentration alone, warm": seconds(lambda: asked(["hhi"])),
            ALL_BASE: seconds(everything),
            HHI_BASE: seconds(vectorised_hhi_intervals(10_000)),
            "HHI draws alone, plain loops": seconds(plain_hhi_intervals(10_000), 1),
            "quarterly report": seconds(report, 1),
        }
    bases = dict.fromkeys(timed, HHI_BASE)
    bases |= {name: ALL_BASE for name in timed if name.endswith(", warm")}
    timed |= network_times(project, config, day)
    files = synthetic_files()
    geopolrisk = {
        GEOPOLRISK_BASE: seconds(lambda: compatible_scores(files, units())),
        "GeoPolRisk, plain loops": seconds(lambda: plain_scores(files), 1),
    }
    bases |= dict.fromkeys(geopolrisk, GEOPOLRISK_BASE)
    timed |= geopolrisk
    propagation, base_of_propagation = propagation_times(seconds)
    propagation |= disruption_times(project)
    bases |= dict.fromkeys(propagation, base_of_propagation)
    timed |= propagation
    scored, base_of_score = score_times(project, config, package, seconds)
    bases |= base_of_score
    timed |= scored
    simulated, base_of_risk = risk_times(project, seconds)
    bases |= dict.fromkeys(simulated, base_of_risk)
    timed |= simulated
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results = []
    for name, time in timed.items():
        base = bases.get(name, LOOK_THROUGH_BASE)
        ratio = round(time / timed[base], 2)
        results.append({"name": name, "seconds": round(time, 3), "peak_mb": round(peak), "ratio": ratio, "base": base})
        print(f"{name:40} {time:8.3f} s   {ratio:7.2f} × {base}")
    print(f"peak memory {peak:.0f} MB")
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
