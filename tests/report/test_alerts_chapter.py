"""Alerts in the report and in alerts.json: the largest told, the rest counted, what was not looked at never hidden."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from supplyrisk.findings.alert import KINDS, Alert, FoundAlerts, Kind, Looked
from supplyrisk.findings.sign_off import SignOff
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.report.alerts_chapter import AlertsGiven, alerts_chapter, looked_lines
from supplyrisk.report.alerts_out import alerts_document, alerts_frame, write_alerts
from supplyrisk.report.wording import LANGUAGES, Names, Wording, read_catalogue
from supplyrisk.runs.project import Project
from supplyrisk.tables.contract import read_contracts

DAY = date(2026, 3, 31)
NAMES = Names(
    countries={"COD": "DR Congo", "CHL": "Chile", "EU27": "EU", "USA": "United States"},
    products={"bauxite": "Bauxite", "lithium_chemicals": "Lithium chemicals"},
    editions={},
    materials={"cobalt": "Cobalt"},
)
EN = Wording("en", NAMES)
NUMBERS: Mapping[str, Any] = {
    "country": "COD", "measure": "quota", "good": "material:cobalt", "start": "2026-01", "target": "USA",
    "change": 1.5, "value": 25.0, "before": 10.0, "when": "2025", "when_before": "2024", "unit": "USD/lb",
    "share": 0.77, "low": 0.72, "high": 0.81, "product_id": "bauxite", "region": "EU27", "limit": 0.65,
    "published": 2.8, "year": 2023, "more": 1.85, "line": 1.0, "part": "shares", "of_part": 1.28, "hhi": 6237.0,
    "second": "governance", "of_second": 0.5, "days": 14.4, "shares": 2022,
}  # fmt: skip


def alert(name: str, kind: Kind = "control", message: str = "control", value: float | None = 1.0) -> Alert:
    return Alert(name, kind, message, NUMBERS, value, 1.0, "fraction", DAY, 1.0, ("key",), ("row",), "low")


def given(*alerts: Alert, shown: int = 2, **signed: SignOff) -> AlertsGiven:
    looked = [Looked(kind, 1.0, 5) for kind in KINDS[:-2]]
    looked += [Looked("concentration", None), Looked("shortfall", 7.0, not_looked="no_kept_run")]
    every = {one.alert_id: SignOff() for one in alerts} | signed
    return AlertsGiven(FoundAlerts(alerts, tuple(looked)), every, shown)


MESSAGES = sorted(read_catalogue("en")["alerts"]["messages"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_is_rendered_whole(language: str, message: str) -> None:
    text = Wording(language, NAMES).alert(alert("a", message=message))
    assert text[0].isupper()
    assert not set("{}") & set(text)
    assert "None" not in text


@pytest.mark.parametrize(
    ("language", "told"), [("en", "25.0 USD per troy ounce in"), ("nl", "25,0 dollar per troy ounce in")]
)
def test_the_unit_of_a_price_is_told_in_words(language: str, told: str) -> None:
    ounces = replace(alert("a", message="price_rises"), numbers={**NUMBERS, "unit": "USD/troy_oz"})
    assert told in Wording(language, NAMES).alert(ounces)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_that_a_price_may_have_has_words(language: str, project: Project) -> None:
    allowed = {column.name: column.allowed for column in read_contracts(project.data)["prices"].columns}
    for currency, per in product(allowed["currency"], allowed["per"]):
        assert Wording(language, NAMES).format_price_unit(f"{currency}/{per}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_and_lines_use_known_format_words(language: str) -> None:
    part = read_catalogue(language)["alerts"]
    for text in (*part["messages"].values(), *part["lines"].values()):
        for _, name, spec, _ in string.Formatter().parse(text):
            assert name is None or hasattr(Wording, f"format_{spec}"), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_name_a_line_and_words_on_its_date(language: str) -> None:
    part = read_catalogue(language)["alerts"]
    assert set(part["kinds"]) == set(part["lines"]) == set(part["since"]) == set(KINDS)


def test_sentence_of_a_control_names_good_and_start() -> None:
    chapter = alerts_chapter(given(alert("a")), DAY, EN)
    assert [one.text for one in chapter.sentences] == [
        "DR Congo: export quota on cobalt since January 2026. In force on the day of the report."
    ]
    assert chapter.sentences[0].score_keys == ("key", "row")


def test_rest_and_accepted_alerts_are_counted_and_stand_in_the_table() -> None:
    signed = SignOff("accepted", "Jansen", date(2026, 4, 2), "known")
    chapter = alerts_chapter(given(*(alert(name) for name in "abcd"), a=signed), DAY, EN)
    assert len(chapter.sentences) == 2
    assert "Open alerts as known on 31 March 2026: 3." in chapter.lead
    assert chapter.rest == "Further open alerts in the table: 1. Accepted alerts: 1."
    table = chapter.tables[0]
    assert [row[3] for row in table.rows] == list("abcd")
    assert table.rows[0][2] == "accepted by Jansen on 2 April 2026 (known)"


def test_alert_that_changed_since_says_so_on_top() -> None:
    signed = SignOff("changed_since_accepted", "Jansen", date(2026, 4, 2))
    (sentence,) = alerts_chapter(given(alert("a"), a=signed), DAY, EN).sentences
    assert sentence.text.endswith("Changed since accepted by Jansen on 2 April 2026.")


def test_without_alerts_the_lines_that_were_looked_at_are_named() -> None:
    chapter = alerts_chapter(given(), DAY, EN)
    assert chapter.lead.startswith("No alerts as known on 31 March 2026")
    (table,) = chapter.tables
    assert not table.folded
    assert [row[2:4] for row in table.rows] == [("5", "0")] * 5 + [("–", "–")] * 2
    assert table.rows[5][1] == "switched off"


def test_what_was_not_looked_at_is_never_told_as_no_alert() -> None:
    (gap,) = alerts_chapter(given(), DAY, EN).gaps
    assert gap.startswith("Not looked at: expected shortfall (the simulation takes minutes")
    assert "does not mean that there is none" in gap
    assert looked_lines(given().found, EN)[-1].startswith("expected shortfall: 7.0 days of normal use a year; held")


def test_json_holds_text_rows_and_the_sign_off_of_every_alert(tmp_path: Path) -> None:
    signed = SignOff("accepted", "Jansen", date(2026, 4, 2), "known")
    write_alerts(given(alert("a"), alert("b", value=None), a=signed), "2026Q1", DAY, [EN], tmp_path)
    told = json.loads((tmp_path / "alerts.json").read_text(encoding="utf-8"))
    assert (told["quarter"], told["as_of"]) == ("2026Q1", "2026-03-31")
    first, second = told["alerts"]
    assert first["sign_off"] == {"status": "accepted", "owner": "Jansen", "day": "2026-04-02", "note": "known"}
    assert second["sign_off"] == {"status": "open", "owner": None, "day": None, "note": None}
    assert (first["since"], first["score_keys"], first["row_ids"]) == ("2026-03-31", ["key"], ["row"])
    assert second["value"] is None
    assert first["text"]["en"].startswith("DR Congo: export quota on cobalt")


def test_json_tells_apart_what_was_looked_at_what_is_off_and_what_was_not() -> None:
    looked = alerts_document(given(), "2026Q1", DAY, [EN])["looked_at"]
    states = {one["kind"]: (one["state"], one["assessed"]) for one in looked}
    assert states["control"] == ("looked_at", 5)
    assert (states["concentration"], states["shortfall"]) == (("off", None), ("not_looked_at", None))


def test_table_has_a_row_for_every_alert_and_its_columns_without_any() -> None:
    frame = alerts_frame(given(alert("a"), alert("b")), EN)
    assert frame.select("alert_id", "status").rows() == [("a", "open"), ("b", "open")]
    assert alerts_frame(given(), EN).columns == frame.columns


@pytest.mark.parametrize(("language", "told"), [("en", "Bauxite in 2030 was not known"), ("nl", "2030")])
def test_what_was_not_known_is_told_with_its_numbers(language: str, told: str) -> None:
    why = NotKnown("output", {"product": "bauxite", "year": 2030})
    found = FoundAlerts((), (Looked("shortfall", 7.0, not_looked=why),))
    wording = Wording(language, NAMES)
    without = AlertsGiven(found, {}, 2)
    chapter = alerts_chapter(without, DAY, wording)
    for text in (*chapter.gaps, chapter.tables[-1].rows[0][-1], *looked_lines(found, wording)):
        assert told.lower() in text.lower()
        assert not set("{}") & set(text)
    (looked,) = alerts_document(without, "2026Q1", DAY, [wording])["looked_at"]
    assert looked["reason"] == "output"
