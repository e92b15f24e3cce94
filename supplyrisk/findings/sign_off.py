"""Sign-off of alerts: open, accepted by an owner, or open again because the value moved since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from supplyrisk.findings.alert import Alert, FoundAlerts
from supplyrisk.foundation.nearest import did_you_mean
from supplyrisk.foundation.problems import ProblemCollector
from supplyrisk.store.alert_log import Acceptance

Status = Literal["open", "accepted", "changed_since_accepted"]


@dataclass(frozen=True)
class SignOff:
    """Status of an alert; who accepted it last, on which day and with which note, empty while nobody did."""

    status: Status = "open"
    owner: str | None = None
    day: date | None = None
    note: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody has yet to accept it."""
        return self.status != "accepted"


def sign_offs(alerts: Sequence[Alert], log: Sequence[Acceptance], tolerance: float) -> dict[str, SignOff]:
    """Sign-off by alert. The last line of the log counts.

    It holds while the value is within ``tolerance`` (a part of the value accepted) of the value then.
    """
    last = {accepted.alert_id: accepted for accepted in log}
    found = {}
    for alert in alerts:
        accepted = last.get(alert.alert_id)
        if accepted is None:
            found[alert.alert_id] = SignOff()
            continue
        status: Status = "accepted" if _holds(alert.value, accepted.value, tolerance) else "changed_since_accepted"
        found[alert.alert_id] = SignOff(status, accepted.owner, accepted.day, accepted.note or None)
    return found


def _holds(value: float | None, accepted: float | None, tolerance: float) -> bool:
    if value is None or accepted is None:
        return value is accepted
    return abs(value - accepted) <= tolerance * abs(accepted) + 1e-12


def acceptances(
    found: FoundAlerts,
    signed: Mapping[str, SignOff],
    alert_ids: Sequence[str],
    owner: str,
    note: str,
    day: date,
    quarter: str,
) -> tuple[Acceptance, ...]:
    """What is to be added to the log. Raises ``InputError`` with everything that is wrong with the words given."""
    collector = ProblemCollector()
    alerts = {alert.alert_id: alert for alert in found.alerts}
    if not owner.strip():
        collector.add(file="--owner", message="the name is empty", mend="Say who accepts the alert.")
    for alert_id in dict.fromkeys(alert_ids):
        if alert_ids.count(alert_id) > 1:
            collector.add(file=alert_id, message=f"it is named {alert_ids.count(alert_id)} times", mend="Name it once.")
        if alert_id not in alerts:
            kinds = [one for one in found.not_looked if alert_id.startswith(f"{one.kind}.")]
            mend = "Alerts of this kind were not looked at; make the report first." if kinds else ""
            mend = mend or did_you_mean(alert_id, alerts)
            collector.add(file=alert_id, message=f"this is no alert of {quarter}", mend=mend)
        elif not signed[alert_id].is_open:
            known = signed[alert_id]
            collector.add(file=alert_id, message=f"it is accepted already, by {known.owner} on {known.day}")
    collector.raise_if_any("No alert was accepted")
    return tuple(
        Acceptance(
            alert_id=name, owner=owner.strip(), day=day, quarter=quarter, value=alerts[name].value, note=note.strip()
        )
        for name in alert_ids
    )
