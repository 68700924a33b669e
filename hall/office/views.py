"""What the office sees of the journal: windows, who waits, printers, alarms and calls for help."""

from __future__ import annotations

from typing import Any

from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.domain.tickets import OPEN
from hall.services import floor
from hall.store.store import HallState
from hall.web.live import Audience, Message, counts_of

Row = dict[str, Any]
_NOTE_UP = frozenset({"alarm_raised", "alarm_seen", "backup_wanted", "message_sent"})
_NOTE_DOWN = frozenset({"alarm_ended", "backup_answered", "message_read"})
#: of a ticket; nothing of its holder
_TICKET = ("number", "line", "queue", "state", "lane", "arrived", "window", "started_at", "called_at")


def ticket_row(ticket: Row) -> Row:
    return {name: ticket[name] for name in _TICKET if name in ticket}


def tables(state: HallState) -> dict[str, dict[str, Row]]:
    return {
        "tickets": {ticket_id: ticket_row(ticket) for ticket_id, ticket in state.tickets.items()},
        "windows": {window_id: floor.window_row(window) for window_id, window in state.windows.items()},
        "printers": {name: {"state": row["state"], "since": row["since"]} for name, row in state.printers.items()},
        "help": {kiosk: floor.help_row(call["name"], call["since"]) for kiosk, call in state.help.items()},
        "notes": state.notes,
    }


def view(entry: Entry, hall: Hall) -> Message | None:
    if entry.kind == "configured":
        return Message(again=True)
    message = Message(counts=counts_of(entry, hall))
    if entry.ticket is not None:
        ticket_id = entry.ticket["id"]
        if entry.ticket["state"] in OPEN:
            message.put.append(("tickets", ticket_id, ticket_row(entry.ticket)))
        else:
            message.remove.append(("tickets", ticket_id))
    if entry.window is not None:
        message.put.append(("windows", entry.window["id"], floor.window_row(entry.window)))
    _told(entry, message)
    return message if message.put or message.remove or message.counts else None


def _told(entry: Entry, message: Message) -> None:
    facts = entry.facts
    if entry.kind == "printer_changed":
        message.put.append(("printers", facts["printer"], {"state": facts["state"], "since": entry.at}))
    elif entry.kind == "help_wanted":
        message.put.append(("help", facts["kiosk"], floor.help_row(facts["name"], entry.at)))
    elif entry.kind == "help_answered":
        message.remove.append(("help", facts["kiosk"]))
    elif entry.kind in _NOTE_UP:
        message.put.append(("notes", facts["name"], facts["note"]))
    elif entry.kind in _NOTE_DOWN:
        message.remove.append(("notes", facts["name"]))


OFFICE = Audience("office", "reports", view, lambda _, state: tables(state))
