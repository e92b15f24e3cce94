"""The hazards of a day as a document: coefficients with their errors, sample, diagnostics, hash of the events."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from supplyrisk.hazards.model import CALIBRATED_ON, HazardModel
from supplyrisk.runs.backtest_run import compare_rate_models
from supplyrisk.runs.config import read_config
from supplyrisk.runs.hazard_run import TABLES, hazards_of, known_events
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import find_project

_HEADER = "# Written by `supplyrisk fit`: hazards fitted on the events known on the day. No run reads it.\n"
_DIGITS = 4


def render_hazards(folder: Path | None, as_of: date) -> str:
    """The document. Raises ``InputError`` where too few events were known."""
    project = find_project(folder)
    config = read_config(project.config_file)
    package = open_project_data(project, config, as_of, TABLES)
    model = hazards_of(package)
    rows = known_events(package).filter(pl.col("event_no").is_in(model.events.events["event_no"].implode()))
    document = {
        "hazards": {
            "as_of": as_of.isoformat(),
            "sample": {
                "first_year": model.events.first_year,
                "events": model.events.events.height,
                "false_alarms": model.events.false_alarms,
                "outside": model.events.outside,
                "one_buyer": list(model.events.one_buyer),
                "unplaced": list(model.events.unplaced),
                "union_wide": list(model.events.union_wide),
                "rows_sha256": sha256(rows.sort("row_id").write_csv().encode()).hexdigest(),
            },
            **_of_model(model),
            "rate_models_log_score": {
                str(name): _round(score)
                for name, score in compare_rate_models(package)
                .group_by("model", maintain_order=True)
                .agg(pl.col("log_score").sum())
                .iter_rows()
            },
        }
    }
    return _HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def _of_model(model: HazardModel) -> dict[str, Any]:
    return {
        "reporting": {
            "exposure_years": _round(model.reporting.exposure_years),
            "periods": [
                {name: _round(value) if isinstance(value, float) else value for name, value in row.items()}
                for row in model.reporting.periods.iter_rows(named=True)
            ],
        },
        "rates": {
            "method": "poisson_glm_gamma_pooled",
            "dispersion": _round(model.rates.dispersion),
            "contagion_variance": _round(model.frailty),
            "coefficients": _coefficients(model.rates.coefficients),
        },
        "hits": {
            group: {
                "strength": _round(strength),
                "coefficients": _coefficients(model.hits.coefficients.filter(pl.col("group") == group)),
            }
            for group, strength in model.hits.strength.items()
        },
        "severity": {
            kind: {name: _round(value) for name, value in vars(fit).items()} for kind, fit in model.severity.items()
        },
        "durations": {
            "method": "lognormal_right_censored",
            "log_spread": _round(model.durations.log_spread),
            "classes": {
                hazard: {
                    "median_months": _round(median),
                    "log_error": _round(model.durations.log_error[hazard]),
                    "ended": model.durations.ended[hazard],
                    "running": model.durations.running[hazard],
                }
                for hazard, median in model.durations.median_months.items()
            },
        },
        "licence_part": _round(model.licence_part),
        "listed_loss_per_year": {CALIBRATED_ON: _round(model.calibrated_loss)},
    }


def _coefficients(frame: pl.DataFrame) -> dict[str, dict[str, float]]:
    return {
        row["name"]: {"value": _round(row["value"]), "standard_error": _round(row["standard_error"])}
        for row in frame.iter_rows(named=True)
    }


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
