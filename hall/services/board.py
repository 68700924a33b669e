"""What a hall screen shows: numbers, windows, counts. Nothing else ever."""

from __future__ import annotations

from typing import Any

from hall.domain.halls import Hall
from hall.domain.texts import Text
from hall.store.store import HallState

Row = dict[str, Any]
#: how many rings a screen keeps
RECENT = 12


def current_row(ticket: dict[str, Any]) -> Row:
    """A number and the window it was called to; `at` is its last ring, `calls` how often it rang."""
    return {"number": ticket["number"], "window": ticket["window"], "calls": ticket["calls"], "at": ticket["rang_at"]}


def ring_row(ticket_id: str, ring: dict[str, Any]) -> Row:
    """One ring: what is shown, spoken, and acknowledged by ticket and ring."""
    return {"ticket": ticket_id, **{name: ring[name] for name in ("number", "window", "calls", "at")}}


def recent_rows(state: HallState) -> dict[str, Row]:
    """The last rings by journal id."""
    return {ring["id"]: ring_row(ring["ticket"], ring) for ring in state.calls[:RECENT]}


def current_rows(state: HallState) -> dict[str, Row]:
    """Tickets at windows, by ticket id."""
    return {
        ticket["id"]: current_row(ticket)
        for ticket in state.tickets.values()
        if ticket["state"] in ("called", "serving")
    }


def counts(hall: Hall, state: HallState) -> dict[str, int]:
    """Waiting tickets by line; every line is there."""
    waiting = state.waiting()
    return {line.id: waiting.get(line.id, 0) for line in hall.lines}


def window_rows(hall: Hall) -> dict[str, Row]:
    """Labels and directions of windows, in both languages."""
    return {
        window.id: {
            "label": window.label,
            "direction": {"zh": window.direction.zh, "en": window.direction.en} if window.direction else None,
            "zone": window.zone,
        }
        for window in hall.windows
    }


def line_rows(hall: Hall) -> dict[str, Row]:
    return {
        line.id: {"letter": line.letter, "name": {"zh": line.name.zh, "en": line.name.en}, "order": n}
        for n, line in enumerate(hall.lines)
    }


def told_rows(hall: Hall) -> dict[str, dict[str, Row]]:
    """What a manager tells everybody who closed the hall for today (`hall`) or paused lines. `until` is the end of that
    day: of all that is here only the page that shows it knows the time."""
    today = hall.today
    if today.closed is None and not today.paused:
        return {"closed": {}, "paused": {}}
    until = hall.calendar.closes_last(today.date)

    def row(text: Text) -> Row:
        return {"zh": text.zh, "en": text.en, "until": until}

    return {
        "closed": {"hall": row(today.closed)} if today.closed else {},
        "paused": {line: row(text) for line, text in today.paused.items()},
    }


def tables(hall: Hall, state: HallState) -> dict[str, dict[str, Row]]:
    """All a hall screen needs."""
    return {
        "current": current_rows(state),
        "recent": recent_rows(state),
        "windows": window_rows(hall),
        "lines": line_rows(hall),
        **told_rows(hall),
    }
