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

from supplyrisk.foundation.keyed_draws import keyed_normals
from supplyrisk.runs.config import read_config
from supplyrisk.runs.project import find_project
from supplyrisk.runs.quarterly import compute_run, load_config, open_project_data, resolve_day, score_project
from supplyrisk.runs.report_files import write_report
from supplyrisk.runs.scoring import TABLES
from supplyrisk.scores.supply import supplies
from supplyrisk.scores.world import hhi_draws

RESULTS = Path(__file__).parent / "results.json"


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
    package = open_project_data(project, read_config(project.config_file), date(2026, 3, 31))
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
    package = open_project_data(project, read_config(project.config_file), date(2026, 3, 31))
    rows = package.table("production").filter(edition="curated_2024")
    kinds = dict(package.table("countries").select("iso3", "kind").iter_rows())
    widths = dict.fromkeys("ABCD", 0.06)
    return lambda: [np.sort(hhi_draws(supply)[1]) for supply in supplies(rows, kinds, widths, 1, draws)]


def main() -> None:
    """Print a table and write results.json: name, seconds, peak MB, ratio."""
    project = find_project()
    config, quarter = load_config(project, None)
    day = resolve_day(config, quarter, None, date.today())
    package = open_project_data(project, config, day, TABLES)
    with tempfile.TemporaryDirectory() as folder:

        def report() -> None:
            run = compute_run(project, config, quarter, day, lambda text: None)
            write_report(project, run, Path(folder), "en", lambda text: None)

        timed = {
            "read and check the core tables": seconds(lambda: open_project_data(project, config, day, TABLES)),
            "all scores, warm": seconds(lambda: score_project(project, config, package)),
            "HHI draws alone": seconds(vectorised_hhi_intervals(10_000)),
            "HHI draws alone, plain loops": seconds(plain_hhi_intervals(10_000), 1),
            "quarterly report": seconds(report, 1),
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    base = timed["HHI draws alone"]
    results = [
        {"name": name, "seconds": round(time, 3), "peak_mb": round(peak), "ratio": round(time / base, 2)}
        for name, time in timed.items()
    ]
    for row in results:
        print(f"{row['name']:36} {row['seconds']:8.3f} s   {row['ratio']:6.2f} × HHI draws alone")
    print(f"peak memory {peak:.0f} MB")
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
