"""Fits that are kept: models/fitted/*.yaml, with the sample they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import isclose
from pathlib import Path
from typing import Any

import yaml

from supplyrisk.foundation.errors import CheckFailed, InputError
from supplyrisk.runs.assumptions import read_trend_rules
from supplyrisk.runs.config import read_config
from supplyrisk.runs.hazard_fitting import render_hazards
from supplyrisk.runs.opening import open_project_data
from supplyrisk.runs.project import find_project
from supplyrisk.runs.scoring import TABLES, series_of
from supplyrisk.scores.table import ScoreRow
from supplyrisk.scores.trend import TrendRules, direction_of, fit_trend
from supplyrisk.store.atomic import replace_file

_HEADER = "# Written by `supplyrisk fit`: trends of HHI over the years as the figures gave them. No run reads it.\n"


def fit_all(folder: Path | None, as_of: date) -> list[Path]:
    """Fit trends and hazards on what was known on ``as_of`` and write models/fitted/*.yaml; gives the paths.

    Raises ``InputError`` for a day that has not come yet, and where too little was known; then nothing is written.
    """
    if as_of > date.today():
        raise InputError(f"The as-of day is {as_of}, which has not come yet. Give an earlier --as-of.")
    project = find_project(folder)
    texts = {name: render(folder, as_of) for name, render in _FITS.items()}
    targets = []
    for name, text in texts.items():
        target = project.models / "fitted" / f"{name}.yaml"
        target.parent.mkdir(exist_ok=True)
        with replace_file(target) as draft:
            draft.write_text(text, encoding="utf-8")
        targets.append(target)
    return targets


def check_stored_fits(folder: Path | None) -> list[Path]:
    """Raise ``CheckFailed`` unless the stored fits are those of the data; gives the paths of the files."""
    fits = stored_fits(folder)
    for fit in fits:
        if fit.problem is not None:
            raise CheckFailed(f"{fit.problem} Run `supplyrisk fit`.")
    return [fit.path for fit in fits]


@dataclass(frozen=True)
class StoredFit:
    """A file of models/fitted, the day its figures were known on, and why it is not that of the data (or None)."""

    path: Path
    as_of: date | None
    problem: str | None


def stored_fits(folder: Path | None) -> list[StoredFit]:
    """Every fit that is kept, made anew as known on its own day and set beside what is stored."""
    return [_stored_fit(folder, name, render) for name, render in _FITS.items()]


def _stored_fit(folder: Path | None, name: str, render: Callable[[Path | None, date], str]) -> StoredFit:
    path = find_project(folder).models / "fitted" / f"{name}.yaml"
    if not path.is_file():
        return StoredFit(path, None, f"{path.name} is not there.")
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        day = date.fromisoformat(str(found[name]["as_of"]))
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        return StoredFit(path, None, f"{path.name} is not a file that `supplyrisk fit` wrote.")
    if not _agree(found, yaml.safe_load(render(folder, day))):
        return StoredFit(path, day, f"{path.name} does not belong to the data or the rules any more.")
    return StoredFit(path, day, None)


def render_trends(folder: Path | None, as_of: date) -> str:
    """Trends of every product as a document."""
    project = find_project(folder)
    package = open_project_data(project, read_config(project.config_file), as_of, TABLES)
    rules = read_trend_rules(project.models / "assumptions" / "trend.yaml")
    by_product: dict[str, list[ScoreRow]] = {}
    for row in series_of(package):
        by_product.setdefault(str(row.product_id), []).append(row)
    fits = {product: _fit(rows, rules) for product, rows in sorted(by_product.items())}
    document = {"trends": {"as_of": as_of.isoformat(), "method": "ols_newey_west_fixed_b", "products": fits}}
    return _HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)


def _fit(unsorted: list[ScoreRow], rules: TrendRules) -> Mapping[str, Any]:
    rows = sorted(unsorted, key=lambda row: row.basis.year or 0)
    years, editions = [int(row.basis.year or 0) for row in rows], [str(row.basis.edition) for row in rows]
    values = [float(row.value or 0.0) for row in rows]
    listed = sorted(row_id for row in rows for row_id in row.basis.input_row_ids)
    sample = {
        "years": len(years),
        "first_year": years[0],
        "last_year": years[-1],
        "editions": list(dict.fromkeys(editions)),
        "rows_sha256": sha256("\n".join([*listed, *(f"{value:.6f}" for value in values)]).encode()).hexdigest(),
    }
    trend = fit_trend(years, values, editions, rules)
    if trend is None:
        return {"missing_reason": "too_few_years", "sample": sample}
    return {
        "direction": direction_of(trend.low, trend.high, trend.differs, rules.flat_margin),
        "slope": round(trend.slope, 3),
        "low": round(trend.low, 3),
        "high": round(trend.high, 3),
        "standard_error": round(trend.standard_error, 3),
        "years_used": len(trend.years),
        "breaks": list(trend.breaks),
        "lags": trend.lags,
        "durbin_watson": round(trend.durbin_watson, 3),
        "sample": sample,
    }


def _agree(one: Any, other: Any) -> bool:
    """Equal, numbers up to a hundredth: optimisers end a little apart on other machines, other data much further."""
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-2, abs_tol=1e-2)
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_agree(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_agree, one, other))
    return bool(one == other)


_FITS: Mapping[str, Callable[[Path | None, date], str]] = {"trends": render_trends, "hazards": render_hazards}
