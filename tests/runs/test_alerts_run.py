"""Alerts of the project as shipped, by the command: listed, accepted, logged; regions checked against the focus."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from supplyrisk.foundation.errors import InputError
from supplyrisk.runs.alerts_run import AlertsView, accept_alerts, alerts_of, log_of
from supplyrisk.runs.scoring import alert_regions
from supplyrisk.store.alert_log import LOG
from supplyrisk.store.history import keep_run
from supplyrisk.tables.package import DataPackage
from tests.cli.test_commands import call
from tests.conftest import ROOT, TODAY


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> AlertsView:
    """Alerts of 2026Q1 beside a history that holds a simulation."""
    reports = tmp_path_factory.mktemp("reports")
    risk = {"region": ["EU27"], "product_id": ["cobalt_mine"], "lost_days_per_year": [9.0]}
    frame = pl.DataFrame(risk | {"lost_low": [0.0], "lost_high": [20.0]})
    manifest = {"quarter": "2026Q1", "as_of": "2026-03-31"}
    keep_run(reports, "abc", pl.DataFrame({"value": [1.0]}), manifest, {"risk_products": frame})
    return alerts_of(ROOT, "2026Q1", None, reports, TODAY, lambda text: None)


def test_shipped_lines_give_a_short_list_of_every_kind(view: AlertsView) -> None:
    alerts = view.given.found.alerts
    assert 10 <= len(alerts) <= 25
    assert len({alert.kind for alert in alerts}) == 7
    assert len({alert.alert_id for alert in alerts}) == len(alerts)
    assert all(alert.score_keys or alert.row_ids for alert in alerts)
    assert all(alert.since <= view.as_of for alert in alerts)


def test_shortfall_is_that_of_the_kept_run_and_says_so(view: AlertsView) -> None:
    (looked,) = (one for one in view.given.found.looked if one.kind == "shortfall")
    assert (looked.source, looked.not_looked) == ("abc", None)
    assert "shortfall.EU27.cobalt_mine" in {alert.alert_id for alert in view.given.found.alerts}


def test_accepted_alerts_stand_in_the_log_and_nothing_is_written_where_one_is_wrong(view: AlertsView) -> None:
    day = date(2026, 4, 2)
    with pytest.raises(InputError, match="this is no alert of 2026Q1"):
        accept_alerts(view, ["price.bismuth.2025", "price.bismut.2025"], "Jansen", "", day)
    assert not (view.reports / LOG).exists()
    _, path = accept_alerts(view, ["price.bismuth.2025", "price.antimony.2025"], "Jansen", "known", day)
    assert path == view.reports / LOG
    log = log_of(ROOT, view.reports)
    assert log.select("alert_id", "owner", "day", "note").rows() == [
        ("price.bismuth.2025", "Jansen", day, "known"),
        ("price.antimony.2025", "Jansen", day, "known"),
    ]


def test_damaged_log_is_told_before_anything_is_worked_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / LOG).write_text("{}\n", encoding="utf-8")
    for words in (("alerts",), ("alerts", "log"), ("report",)):
        assert call(*words, "--reports", str(tmp_path)) == 2
        told = capsys.readouterr().err
        assert "alerts_log.jsonl, line 1, alert_id: Field required" in told
        assert "scoring" not in told


def test_log_without_a_line_is_printed_as_an_empty_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("alerts", "log", "--reports", str(tmp_path), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_regions_of_alerts_must_be_in_focus(package: DataPackage) -> None:
    assert alert_regions(package, ("EU27", "NLD"), None) == ("EU27",)
    assert alert_regions(package, ("EU27", "NLD"), ("Netherlands", "NLD")) == ("NLD",)
    with pytest.raises(InputError, match=r"config\.yaml, alerts\.regions\[1\]: 'DEU' is not in focus.*EU27, NLD"):
        alert_regions(package, ("EU27", "NLD"), ("EU27", "DEU"))
