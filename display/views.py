"""What hall screens see of the journal: numbers, windows, counts."""

from __future__ import annotations

from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.services import board
from hall.web.live import Audience, Message, counts_of

_RINGS = ("called", "recalled")
_LEFT = ("finished", "sent_back", "missed", "parked", "returned", "transferred", "cancelled", "expired", "undone")
_AT_WINDOW = ("called", "serving")


def view(entry: Entry, hall: Hall) -> Message | None:
    """One entry for the boards; most entries change nothing there but counts."""
    if entry.kind == "configured":
        return Message(again=True)
    if entry.kind == "reload_wanted":
        return Message(reload=str(entry.facts["display"]))
    message = Message(counts=counts_of(entry, hall))
    ticket = entry.ticket
    if ticket is not None and ticket["state"] in _AT_WINDOW and entry.kind in (*_RINGS, "undone"):
        row = board.current_row(ticket)
        message.put.append(("current", ticket["id"], row))
        if entry.kind in _RINGS:
            message.put.append(("recent", entry.id, board.ring_row(ticket["id"], row)))
    elif ticket is not None and entry.kind in _LEFT:
        message.remove.append(("current", ticket["id"]))
    return message if message.put or message.remove or message.counts else None


BOARD = Audience("board", "board", view, board.tables, keep={"recent": board.RECENT})
