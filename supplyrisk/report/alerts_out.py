"""Alerts as a table and as alerts.json: what they say, what they rest on, and who signed them off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from supplyrisk.foundation.errors import NotKnown
from supplyrisk.report.alerts_chapter import AlertsGiven, alert_sentence
from supplyrisk.report.wording import Wording

_COLUMNS = {
    "alert_id": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "value": pl.Float64,
    "threshold": pl.Float64,
    "unit": pl.String,
    "since": pl.Date,
    "status": pl.String,
    "owner": pl.String,
    "day": pl.Date,
    "note": pl.String,
}


def alerts_frame(given: AlertsGiven, wording: Wording) -> pl.DataFrame:
    """A row for every alert, in the order of the report."""
    rows = [
        {name: getattr(alert, name) for name in ("alert_id", "kind", "value", "threshold", "unit", "since")}
        | {"text": alert_sentence(alert, wording), **asdict(given.sign_offs[alert.alert_id])}
        for alert in given.found.alerts
    ]
    return pl.DataFrame(rows, schema=_COLUMNS)


def alerts_document(given: AlertsGiven, quarter: str, as_of: date, wordings: Sequence[Wording]) -> dict[str, Any]:
    """Everything on the alerts of a quarter, ready for JSON; ``looked_at`` has a line for every kind.

    ``state``: looked_at, off (no threshold) or not_looked_at; ``assessed`` is null where nothing was looked for.
    """
    alerts = [
        {
            "id": alert.alert_id,
            "kind": alert.kind,
            "text": {wording.language: alert_sentence(alert, wording) for wording in wordings},
            "numbers": dict(alert.numbers),
            "value": alert.value,
            "threshold": alert.threshold,
            "unit": alert.unit,
            "since": alert.since.isoformat(),
            "confidence": alert.confidence,
            "score_keys": list(alert.score_keys),
            "row_ids": list(alert.row_ids),
            "sign_off": {name: _plain(value) for name, value in asdict(given.sign_offs[alert.alert_id]).items()},
        }
        for alert in given.found.alerts
    ]
    looked = [
        {
            "kind": one.kind,
            "state": one.state,
            "threshold": one.threshold,
            "assessed": one.assessed,
            "not_assessed": {reason: list(names) for reason, names in one.gaps.items()},
            "reason": one.not_looked.reason if isinstance(one.not_looked, NotKnown) else one.not_looked,
            "from_run": one.source,
        }
        for one in given.found.looked
    ]
    return {"quarter": quarter, "as_of": as_of.isoformat(), "alerts": alerts, "looked_at": looked}


def write_alerts(given: AlertsGiven, quarter: str, as_of: date, wordings: Sequence[Wording], folder: Path) -> None:
    """alerts.json into ``folder``, its texts in every language there is a wording of."""
    (folder / "alerts.json").write_text(render(alerts_document(given, quarter, as_of, wordings)), encoding="utf-8")


def render(document: Mapping[str, Any]) -> str:
    """The document as text."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
