"""What a hall screen shows: numbers, windows, counts. Nothing else ever."""

from __future__ import annotations

from typing import Any

from hall.domain.halls import Hall
from hall.store.store import HallState

Row = dict[str, Any]


def call_row(ring: str, ticket: dict[str, Any], window: str, at: int) -> Row:
    """A number and where to go; `ring` is the journal id that rang, so each rings once."""
    return {"number": ticket["number"], "window": window, "ring": ring, "at": at}


def recent_rows(state: HallState) -> dict[str, Row]:
    """The last rings by journal id."""
    return {ring["id"]: call_row(ring["id"], ring, ring["window"], ring["at"]) for ring in state.calls}


def current_rows(state: HallState) -> dict[str, Row]:
    """Tickets at windows, by ticket id, with the ring that called them last."""
    rows: dict[str, Row] = {}
    for ring in reversed(state.calls):
        ticket = state.tickets.get(ring["ticket"])
        if ticket and ticket["state"] in ("called", "serving"):
            rows[ticket["id"]] = call_row(ring["id"], ticket, ticket["window"], ring["at"])
    return rows


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
