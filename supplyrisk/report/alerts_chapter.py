"""Alerts as the report tells them: the largest in sentences, all in a table, and what was looked at for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from supplyrisk.findings.alert import Alert, FoundAlerts, Looked, shown_first
from supplyrisk.findings.sign_off import SignOff
from supplyrisk.foundation.errors import NotKnown
from supplyrisk.report.content import AlertsChapter, Sentence, Table
from supplyrisk.report.wording import Wording

_NOT_SHOWN = "–"


@dataclass(frozen=True)
class AlertsGiven:
    """What the chapter is made from; ``sign_offs`` by alert, ``shown``: how many are told in sentences."""

    found: FoundAlerts
    sign_offs: Mapping[str, SignOff]
    shown: int


def alerts_chapter(given: AlertsGiven, as_of: date, wording: Wording) -> AlertsChapter:
    """Open alerts on top; accepted ones are counted and stand in the table."""
    alerts = given.found.alerts
    still_open = [alert for alert in alerts if given.sign_offs[alert.alert_id].is_open]
    shown = shown_first(still_open, given.shown)
    rest, accepted = len(still_open) - len(shown), len(alerts) - len(still_open)
    lead = _text(wording, "lead" if alerts else "lead_none", day=wording.day(as_of), count=len(still_open))
    return AlertsChapter(
        anchor="alerts",
        title=_text(wording, "title"),
        lead=lead,
        gaps=tuple(
            _text(wording, "not_looked", kind=_kind(one, wording), reason=_reason(one.not_looked, wording))
            for one in given.found.not_looked
            if one.not_looked is not None
        ),
        sentences=tuple(_sentence(alert, given, wording) for alert in shown),
        rest=_text(wording, "rest", rest=rest, accepted=accepted) if rest or accepted else "",
        tables=(*_alert_table(given, wording), _looked_table(given.found, wording)),
    )


def alert_sentence(alert: Alert, wording: Wording) -> str:
    """What an alert says, with the day since when."""
    since = str(wording.catalogue["alerts"]["since"][alert.kind]).format(day=wording.day(alert.since))
    return f"{wording.alert(alert)} {since}"


def looked_lines(found: FoundAlerts, wording: Wording) -> list[str]:
    """What was looked at for each kind, in lines of text."""
    table = _looked_table(found, wording)
    names = [name.lower() for name in table.header]
    return [f"{row[0]}: {row[1]}; {names[2]} {row[2]}, {names[3]} {row[3]}; {names[4]}: {row[4]}" for row in table.rows]


def _sentence(alert: Alert, given: AlertsGiven, wording: Wording) -> Sentence:
    text = alert_sentence(alert, wording)
    signed = given.sign_offs[alert.alert_id]
    if signed.status == "changed_since_accepted":
        text += f" {wording.capital(_signed(signed, wording))}."
    return Sentence(text, alert.confidence, (*alert.score_keys, *alert.row_ids))


def _alert_table(given: AlertsGiven, wording: Wording) -> tuple[Table, ...]:
    if not given.found.alerts:
        return ()
    rows = tuple(
        (
            wording.alert(alert),
            wording.day(alert.since),
            _signed(given.sign_offs[alert.alert_id], wording),
            alert.alert_id,
        )
        for alert in given.found.alerts
    )
    header = tuple(_text(wording, key) for key in ("column_alert", "column_since", "column_sign_off", "column_id"))
    return (Table(_text(wording, "table"), header, rows, folded=True),)


def _looked_table(found: FoundAlerts, wording: Wording) -> Table:
    rows = []
    for looked in found.looked:
        count = sum(alert.kind == looked.kind for alert in found.alerts)
        rows.append(
            (
                _kind(looked, wording),
                _line(looked, wording),
                str(looked.assessed) if looked.state == "looked_at" else _NOT_SHOWN,
                str(count) if looked.state == "looked_at" else _NOT_SHOWN,
                _gaps(looked, wording),
            )
        )
    columns = ("column_kind", "column_line", "column_assessed", "column_count", "column_gaps")
    header = tuple(_text(wording, key) for key in columns)
    return Table(_text(wording, "looked_table"), header, tuple(rows), frozenset({2, 3}), folded=bool(found.alerts))


def _line(looked: Looked, wording: Wording) -> str:
    if looked.threshold is None:
        return _text(wording, "off")
    pattern = str(wording.catalogue["alerts"]["lines"][looked.kind])
    return wording.vformat(pattern, (), {"line": looked.threshold})


def _gaps(looked: Looked, wording: Wording) -> str:
    told = [_text(wording, "gap", count=len(names), reason=_reason(why, wording)) for why, names in looked.gaps.items()]
    if looked.not_looked is not None:
        told.append(_reason(looked.not_looked, wording))
    if looked.source is not None:
        told.append(_text(wording, "from_run", run=looked.source))
    return "; ".join(told) or _NOT_SHOWN


def _signed(signed: SignOff, wording: Wording) -> str:
    day = "" if signed.day is None else wording.day(signed.day)
    told = _text(wording, signed.status, owner=signed.owner or "", day=day)
    return f"{told} ({signed.note})" if signed.note else told


def _kind(looked: Looked, wording: Wording) -> str:
    return str(wording.catalogue["alerts"]["kinds"][looked.kind])


def _reason(reason: str | NotKnown, wording: Wording) -> str:
    if isinstance(reason, NotKnown):
        return wording.not_known(reason)
    own = wording.catalogue["alerts"]["reasons"]
    return str(own[reason]) if reason in own else wording.format_reason(reason)


def _text(wording: Wording, key: str, **values: object) -> str:
    return str(wording.catalogue["alerts"][key]).format(**values)
