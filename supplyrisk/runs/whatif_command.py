"""From words on the command line to scenarios that have run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from supplyrisk.report.wording import Wording, read_catalogue
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.open_disruption import open_model
from supplyrisk.runs.opening import Progress, tell_compiling
from supplyrisk.runs.project import find_project
from supplyrisk.runs.ready_files import find_file
from supplyrisk.runs.whatif import WhatIf, what_if
from supplyrisk.runs.whatif_view import (
    as_record,
    comparison,
    findings_of,
    regions_shown,
    wording_of,
    write_whatif,
)

BASELINE = "baseline"


@dataclass(frozen=True)
class FoundWhatIf:
    """Scenarios that have run, in the order asked for, the one compared with last."""

    model: DisruptionModel
    results: tuple[WhatIf, ...]
    wording: Wording
    language: str

    def as_text(self) -> str:
        """Sentences of every scenario, region by region."""
        lines = []
        for result in self.results:
            texts = result.scenario.title.model_dump(), result.scenario.summary.model_dump()
            lines += [texts[0][self.language], texts[1][self.language], ""]
            findings = findings_of(self.model, result)
            for region in regions_shown(self.model):
                own = [finding for finding in findings if finding.topic == region]
                lines.append(self.wording.capital(self.wording.format_place(region)))
                lines += [f"  - {self.wording.sentence(finding)}" for finding in own]
            if result.without_lane:
                lines.append(self.wording.page("whatif_idle", measures=", ".join(result.without_lane)))
            lines.append("")
        return "\n".join(lines) + "\n"

    def as_json(self) -> str:
        """All scenarios with findings and tables."""
        found = [as_record(self.model, result, self.wording) for result in self.results]
        return json.dumps(found, ensure_ascii=False, indent=1) + "\n"

    def losses(self) -> pl.DataFrame:
        """What final use lost, with the scenario in the first column."""
        return pl.concat(
            result.outcome.final_use.select(pl.lit(result.scenario.scenario_id).alias("scenario"), pl.all())
            for result in self.results
        )

    def beside(self) -> pl.DataFrame:
        """Days of use lost, a column a scenario."""
        return comparison(self.results)

    def write(self, folder: Path) -> None:
        """The folder of the run."""
        write_whatif(self.model, self.results, folder, self.language)


def run_whatif(
    folder: Path | None,
    scenarios: Sequence[str],
    compare: str,
    focus: Sequence[str],
    quarter: str | None,
    as_of: str | None,
    sensitivity: bool,
    language: str,
    progress: Progress,
) -> FoundWhatIf:
    """Run the scenarios. Raises ``InputError`` for words and files that are wrong, before anything runs."""
    read_catalogue(language)
    project = find_project(folder)
    wanted = [*scenarios, *([] if compare == BASELINE else [compare])]
    paths = list(dict.fromkeys(find_file(project, "scenarios", text) for text in wanted))
    progress("reading the data package")
    model = open_model(project, quarter, as_of, focus)
    tell_compiling(progress)
    results = []
    for path in paths:
        progress(f"running {path.stem}")
        results.append(what_if(model, path, sensitivity))
    return FoundWhatIf(model, tuple(results), wording_of(model, language), language)
