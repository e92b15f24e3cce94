"""A scenario's outcome for readers: findings, the page, plain records, and the files of a folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl

from supplyrisk.disruption.final_use import can_tell
from supplyrisk.disruption.outcome import Outcome
from supplyrisk.findings.finding import Finding
from supplyrisk.findings.whatif import whatif_findings
from supplyrisk.network.places import WORLD
from supplyrisk.report.compose import names_in
from supplyrisk.report.content import Table
from supplyrisk.report.html import render_html
from supplyrisk.report.look import LOOKS
from supplyrisk.report.tables_out import records
from supplyrisk.report.whatif_outline import whatif_outline
from supplyrisk.report.whatif_page import ShockLine, WhatIfGiven, whatif_part
from supplyrisk.report.wording import Wording
from supplyrisk.runs.disruption_run import DisruptionModel
from supplyrisk.runs.whatif import WhatIf
from supplyrisk.store.atomic import replace_folder

_TABLES = tuple(field.name for field in fields(Outcome))


def regions_shown(model: DisruptionModel) -> tuple[str, ...]:
    """The focus regions, then the world."""
    return (*model.focus, WORLD)


def findings_of(model: DisruptionModel, result: WhatIf) -> list[Finding]:
    """Findings of every region."""
    scenario = result.scenario
    touched = sorted({product for shock in result.shocks for product in shock.hit_per_month})
    regions = regions_shown(model)
    behind = set(touched).union(*(model.chain.below(product) for product in touched))
    cut = [product for product in model.chain.final_products if product in result.named.cut & behind]
    return list(
        whatif_findings(
            scenario.scenario_id, result.outcome, result.sensitivity, regions, scenario.horizon_months, touched, cut
        )
    )


def given_of(model: DisruptionModel, result: WhatIf) -> WhatIfGiven:
    """What the page of a scenario is made from."""
    scenario = result.scenario
    return WhatIfGiven(
        scenario_id=scenario.scenario_id,
        title=scenario.title.model_dump(),
        summary=scenario.summary.model_dump(),
        shocks=shock_lines(result),
        findings=findings_of(model, result),
        unmet=result.outcome.unmet,
        final_use=result.outcome.final_use,
        sensitivity=result.sensitivity,
        regions=regions_shown(model),
        idle=result.without_lane,
    )


def shock_lines(result: WhatIf) -> tuple[ShockLine, ...]:
    """The shocks as they fell on the network; running measures under their own id."""
    lines = []
    for named_shock in result.shocks:
        shock = named_shock.shock
        specification = result.scenario.shocks.get(named_shock.name)
        rests = named_shock.name if specification is None else "; ".join(
            (*specification.rests_on.rows, *([specification.rests_on.reason] if specification.rests_on.reason else []))
        )  # fmt: skip
        lines.append(
            ShockLine(
                name=named_shock.name,
                hit=shock.hit.name,
                first_month=shock.start + 1,
                last_month=min(shock.start + shock.length, result.scenario.horizon_months),
                recovery_months=shock.recovery,
                severity=shock.severity,
                touches=tuple(
                    (product, quantity, result.named.unit[product])
                    for product, quantity in named_shock.hit_per_month.items()
                ),
                rests_on=rests,
            )
        )
    return tuple(lines)


def wording_of(model: DisruptionModel, language: str) -> Wording:
    """Words of a language with the names of the data package."""
    tables = {name: model.package.table(name) for name in ("countries", "products", "sources")}
    return Wording(language, names_in(language, tables))


def as_record(model: DisruptionModel, result: WhatIf, wording: Wording) -> dict[str, Any]:
    """Everything of one scenario as plain values: what the JSON output holds."""
    scenario = result.scenario
    return {
        "scenario": scenario.scenario_id,
        "title": scenario.title.model_dump()[wording.language],
        "base_year": scenario.base_year,
        "horizon_months": scenario.horizon_months,
        "as_of": model.package.as_of.isoformat(),
        "shocks": [
            {
                "name": line.name,
                "hit": line.hit.lower(),
                "first_month": line.first_month,
                "last_month": line.last_month,
                "recovery_months": line.recovery_months,
                "share": line.severity,
                "touches_per_month": [
                    {"product_id": product, "quantity": quantity, "unit": unit}
                    for product, quantity, unit in line.touches
                ],
                "rests_on": line.rests_on,
            }
            for line in shock_lines(result)
        ],
        "running_measures_without_lane": list(result.without_lane),
        "findings": [
            {
                "region": finding.topic,
                "message_id": finding.message_id,
                "text": wording.sentence(finding),
                "numbers": dict(finding.numbers),
                "confidence": finding.confidence,
            }
            for finding in findings_of(model, result)
        ],
        **{name: records(getattr(result.outcome, name)) for name in _TABLES},
        "sensitivity": None if result.sensitivity is None else records(result.sensitivity),
    }


def comparison(results: Sequence[WhatIf]) -> pl.DataFrame:
    """Days of use lost, a row a region and product and a column a scenario; only what is lost somewhere."""
    parts = [
        result.outcome.final_use.filter(can_tell()).select(
            "region", "product_id", "use", pl.col("lost_days").alias(result.scenario.scenario_id)
        )
        for result in results
    ]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.join(part, on=["region", "product_id", "use"], how="full", coalesce=True)
    columns = [result.scenario.scenario_id for result in results]
    worst = pl.max_horizontal(*columns)
    return joined.filter(worst > 0.5).sort(pl.col("region"), worst, "product_id", descending=[False, True, False])


def comparison_table(results: Sequence[WhatIf], wording: Wording) -> Table:
    """The comparison as a table of the page."""
    frame = comparison(results)
    titles = [result.scenario.title.model_dump()[wording.language] for result in results]
    rows = tuple(
        (
            wording.format_place(row["region"]),
            wording.format_product(row["product_id"]),
            str(wording.catalogue["uses"][row["use"]]),
            *(
                "–" if row[result.scenario.scenario_id] is None else wording.number(row[result.scenario.scenario_id], 0)
                for result in results
            ),
        )
        for row in frame.iter_rows(named=True)
    )
    head = tuple(wording.page(f"whatif_{key}") for key in ("region", "product", "use"))
    return Table(wording.page("whatif_comparison_note"), (*head, *titles), rows, frozenset(range(3, 3 + len(results))))


def write_whatif(model: DisruptionModel, results: Sequence[WhatIf], folder: Path, language: str) -> Path:
    """A folder with whatif.html, a JSON file and tables (CSV and Parquet) for each scenario, all or nothing."""
    wording = wording_of(model, language)
    parts = [whatif_part(given_of(model, result), wording) for result in results]
    with replace_folder(folder) as draft:
        beside = comparison_table(results, wording) if len(results) > 1 else None
        page = whatif_outline(parts, beside, model.package.as_of, wording)
        (draft / "whatif.html").write_text(render_html(page, LOOKS["neutral"]), encoding="utf-8")
        for part, result in zip(parts, results, strict=True):
            name = result.scenario.scenario_id
            text = json.dumps(as_record(model, result, wording), ensure_ascii=False, indent=1)
            (draft / f"{name}.json").write_text(text + "\n", encoding="utf-8")
            if part.figure is not None:
                (draft / f"{name}.svg").write_text(part.figure.svg, encoding="utf-8")
            tables = {table: getattr(result.outcome, table) for table in _TABLES}
            if result.sensitivity is not None:
                tables["sensitivity"] = result.sensitivity
            for table, frame in tables.items():
                frame.write_csv(draft / f"{name}_{table}.csv")
                frame.write_parquet(draft / f"{name}_{table}.parquet")
    return folder
