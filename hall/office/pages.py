"""The hall at a glance, and what every page of the office shares."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from hall.domain.calendar import Span
from hall.domain.halls import Hall, Line
from hall.domain.permissions import ROLES
from hall.domain.policy import MINUTE
from hall.domain.tickets import State
from hall.web.access import allow, current, sanban
from hall.web.api.shapes import both

#: what decides which parts of the office somebody sees
_PARTS = ("reports", "serve", "configure", "staff", "devices", "tokens", "privacy", "audit")
bp = Blueprint(
    "office_pages", __name__, template_folder="templates", static_folder="static", static_url_path="/office/static"
)


def frame() -> dict[str, Any]:
    """What the frame around every page needs."""
    who = current()
    may = {permission: who.may(permission) for permission in _PARTS}
    return {"hall": sanban().halls.get(who.hall), "name": who.name, "may": may}


@bp.get("/office/")
@allow("reports")
def live() -> str:
    """Windows, lines, machines and alarms; the page is live."""
    return render_template("office_live.html", **frame())


@bp.get("/office/state")
@allow("reports")
def state() -> dict[str, Any]:
    """What no journal entry tells: expected waits, when screens were heard of, what holds for today alone."""
    hall_id = current().hall
    hall, now = sanban().halls.get(hall_id), sanban().tickets.moves.clock()
    today = hall.on(hall.calendar.date_of(now))
    tickets = sanban().store.snapshot(hall_id, now=now).tickets
    waiting = sorted((one for one in tickets.values() if one["state"] == State.WAITING), key=_order)
    lines = {line.id: _line(hall, line, now, waiting) for line in hall.lines}
    windows = {w.id: {"label": w.label, "kind": w.kind, "lines": w.lines} for w in hall.windows}
    told = ("name", "unprinted", "dropped", "dropped_papers")
    printers = {name: {fact: row[fact] for fact in told} for name, row in sanban().papers.states(hall_id).items()}
    staff = (
        sorted(
            (
                {"id": name, "name": str(record["name"])}
                for name, record in sanban().access.staff(hall_id).items()
                if "serve" in ROLES[record["role"]]
            ),
            key=lambda one: one["name"],
        )
        if current().may("configure")
        else []
    )
    closed = {"closed": both(today.closed), "open": hall.calendar.is_open(now) and today.closed is None}
    order = {"lines": list(lines), "windows": list(windows)}  # JSON has its keys by the alphabet
    parts = {"lines": lines, "windows": windows, "devices": _devices(hall_id), "printers": printers}
    return {"now": now, "order": order, "today": closed, "staff": staff, **parts}


def _devices(hall_id: str) -> dict[str, dict[str, Any]]:
    """`seen`: when it was heard of last; `silent`: since when its browser forbids sound; `stale`: when it last showed
    an old state today, and how often."""
    heard, stale = sanban().office.heard(hall_id), sanban().screens.stale(hall_id)
    silent = sanban().voices.state(hall_id)["silent"]
    return {
        name: {
            **{fact: record[fact] for fact in ("kind", "name", "place")},
            "seen": heard.get(name),
            "silent": silent[name]["since"] if name in silent else None,
            "stale": stale.get(name),
        }
        for name, record in sanban().access.devices(hall_id).items()
    }


def _order(ticket: dict[str, Any]) -> tuple[int, str]:
    return int(ticket.get("queue_time") or ticket["arrived"]), str(ticket["id"])


def _line(hall: Hall, line: Line, now: int, waiting: list[dict[str, Any]]) -> dict[str, Any]:
    """`wait`: of somebody who takes a number now; `late`: they may be called after closing; `last`: the last number, in
    order, that is called before closing even when its wait is long, None while nobody is late."""
    day = hall.calendar.date_of(now)
    today, calendar = hall.on(day), hall.calendar_of(line)
    wait = sanban().waits.for_new(hall.id, {"line": line.id}, now)
    closes = max(
        (calendar.ms(day, span.closes) for span in _rest(calendar.spans(day), calendar.minutes(now))), default=now
    )
    late = bool(wait and now + wait.high * MINUTE > closes)
    return {
        "letter": line.letter,
        "name": both(line.name),
        "open": calendar.is_open(now),
        "paused": both(today.paused.get(line.id)),
        "contingent": hall.contingent(line, day),
        "raised": line.id in today.contingents,
        "wait": {"low": wait.low, "high": wait.high} if wait else None,
        "closes": closes,
        "late": late,
        "last": _last(hall.id, line, waiting, closes, late),
    }


def _last(hall_id: str, line: Line, waiting: list[dict[str, Any]], closes: int, late: bool) -> str | None:
    """See `_line`; an empty text when nobody who waits is called in time."""
    here = [one for one in waiting if one["line"] == line.id]
    known = sanban().store.forecasts.of_tickets(hall_id, [one["id"] for one in here])
    if known is None:
        return None
    calls = [(one["number"], known.at + wait.high * MINUTE) for one in here if (wait := known.tickets.get(one["id"]))]
    in_time = [number for number, call in calls if call <= closes]
    return (in_time or [""])[-1] if late or len(in_time) < len(calls) else None


def _rest(spans: list[Span], minutes: int) -> list[Span]:
    return [span for span in spans if span.closes > minutes]
