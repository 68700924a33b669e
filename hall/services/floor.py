"""What staff see of a hall at work: windows, open tickets, and what may be done with each."""

from __future__ import annotations

from typing import Any

from hall.domain.tickets import MOVES, OPEN
from hall.services.office import WINDOW_NOTES
from hall.store.store import HallState

Row = dict[str, Any]

#: what a ticket's image holds for the store alone
_INNER = frozenset({"more_times", "slip_time", "unanswered_at"})
#: moves of MOVES that nobody asks for by name
_UNASKED = frozenset({"send_back", "expire", "close_out", "show"})
_MOVES = {
    state: sorted(name for name, (starts, _) in MOVES.items() if state in starts and name not in _UNASKED)
    for state in OPEN
}
_AT_WINDOW = {"open": ["call_next", "pause", "close"], "paused": ["resume", "close"], "closed": ["open", "call_next"]}


def ticket_row(ticket: Row) -> Row:
    """A ticket for staff, with the moves its state allows."""
    row = {name: value for name, value in ticket.items() if name not in _INNER}
    row["services"] = ticket["services"].split(",")
    row["unanswered"] = "unanswered_at" in ticket
    row["moves"] = _MOVES.get(ticket["state"], [])
    return row


def window_row(window: Row) -> Row:
    """A window for staff; `moves` hold while no ticket is there."""
    row = {name: value for name, value in window.items() if name != "passed"}
    row["moves"] = [] if window.get("ticket") else _AT_WINDOW[window["state"]]
    return row


def help_row(name: str, since: int) -> Row:
    """A kiosk where somebody asked for a person (帮办服务)."""
    return {"name": name, "since": since}


def note_row(note: Row) -> Row:
    """That a window calls for help, or is told something: since when, by whom. The words are for the window alone."""
    return {"since": note["since"], "by": note["by"]}


def is_window_note(name: str) -> bool:
    return name.split("/")[0] in WINDOW_NOTES


def tables(state: HallState) -> dict[str, dict[str, Row]]:
    return {
        "tickets": {ticket_id: ticket_row(ticket) for ticket_id, ticket in state.tickets.items()},
        "windows": {window_id: window_row(window) for window_id, window in state.windows.items()},
        "help": {kiosk: help_row(call["name"], call["since"]) for kiosk, call in state.help.items()},
        "notes": {name: note_row(note) for name, note in state.notes.items() if is_window_note(name)},
    }
