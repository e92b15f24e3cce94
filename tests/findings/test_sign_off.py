"""Sign-off of alerts: accepted while the value stays, open again when it moves, and every mistake told at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from supplyrisk.findings.alert import Alert, FoundAlerts, Looked
from supplyrisk.findings.sign_off import acceptances, sign_offs
from supplyrisk.foundation.errors import InputError
from supplyrisk.store.alert_log import Acceptance

DAY = date(2026, 4, 2)


def alert(name: str = "supply_risk.EU27.cobalt", value: float | None = 2.0) -> Alert:
    return Alert(name, "supply_risk", "supply_risk_rises", {}, value, 0.7, "index_10", DAY, 1.0, (), (), "medium")


def accepted(owner: str = "Jansen", value: float | None = 2.0, day: date = DAY) -> Acceptance:
    return Acceptance(
        alert_id="supply_risk.EU27.cobalt", owner=owner, day=day, quarter="2026Q1", value=value, note="seen"
    )


def accept(names: Sequence[str], owner: str = "Jansen", log: Sequence[Acceptance] = ()) -> tuple[Acceptance, ...]:
    alerts = (alert(), alert("control.chn.gallium", None))
    looked = (Looked("supply_risk", 0.7, 1), Looked("shortfall", 7.0, not_looked="no_kept_run"))
    signed = sign_offs(alerts, log, 0.1)
    return acceptances(FoundAlerts(alerts, looked), signed, names, owner, " seen ", DAY, "2026Q1")


def test_alert_that_nobody_accepted_is_open() -> None:
    found = sign_offs([alert()], [], 0.1)["supply_risk.EU27.cobalt"]
    assert (found.status, found.owner, found.day, found.is_open) == ("open", None, None, True)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (2.0, "accepted"),
        (2.2, "accepted"),
        (1.8, "accepted"),
        (2.21, "changed_since_accepted"),
        (1.79, "changed_since_accepted"),
        (None, "changed_since_accepted"),
    ],
)
def test_accepted_alert_opens_again_when_its_value_moved_by_more_than_the_tolerance(
    value: float | None, status: str
) -> None:
    found = sign_offs([alert(value=value)], [accepted()], 0.1)["supply_risk.EU27.cobalt"]
    assert (found.status, found.owner, found.day, found.note) == (status, "Jansen", DAY, "seen")
    assert found.is_open == (status != "accepted")


def test_alert_without_a_value_stays_accepted() -> None:
    found = sign_offs([alert(value=None)], [accepted(value=None)], 0.1)["supply_risk.EU27.cobalt"]
    assert found.status == "accepted"


def test_of_two_owners_the_last_line_counts() -> None:
    log = [accepted("Jansen", 1.0), accepted("De Vries", 2.0, date(2026, 5, 1))]
    found = sign_offs([alert()], log, 0.1)["supply_risk.EU27.cobalt"]
    assert (found.status, found.owner, found.day) == ("accepted", "De Vries", date(2026, 5, 1))
    assert sign_offs([alert()], log[::-1], 0.1)["supply_risk.EU27.cobalt"].status == "changed_since_accepted"


def test_several_alerts_are_accepted_at_once_with_their_values() -> None:
    found = accept(["control.chn.gallium", "supply_risk.EU27.cobalt"], " Jansen ")
    assert [(one.alert_id, one.value) for one in found] == [
        ("control.chn.gallium", None),
        ("supply_risk.EU27.cobalt", 2.0),
    ]
    assert {(one.owner, one.note, one.day, one.quarter) for one in found} == {("Jansen", "seen", DAY, "2026Q1")}


def test_alert_that_changed_since_can_be_accepted_anew() -> None:
    assert accept(["supply_risk.EU27.cobalt"], "De Vries", [accepted(value=1.0)])[0].value == 2.0


def test_unknown_alert_is_told_with_the_nearest_one() -> None:
    with pytest.raises(
        InputError, match=r"cobald: this is no alert of 2026Q1\. Did you mean 'supply_risk\.EU27\.cobalt'\?"
    ):
        accept(["supply_risk.EU27.cobald"])


def test_alert_of_a_kind_that_was_not_looked_at_is_told_as_such() -> None:
    with pytest.raises(InputError, match="Alerts of this kind were not looked at; make the report first"):
        accept(["shortfall.EU27.cobalt_mine"])


def test_all_mistakes_are_told_at_once() -> None:
    names = ["supply_risk.EU27.cobalt", "nothing", "control.chn.gallium", "control.chn.gallium"]
    with pytest.raises(InputError, match="No alert was accepted: 4 problems") as caught:
        accept(names, "  ", [accepted()])
    text = str(caught.value)
    assert "--owner: the name is empty" in text
    assert "nothing: this is no alert of 2026Q1" in text
    assert "supply_risk.EU27.cobalt: it is accepted already, by Jansen on 2026-04-02" in text
    assert "control.chn.gallium: it is named 2 times" in text
