"""What the clerks' consoles see of the journal: the floor."""

from __future__ import annotations

from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.domain.tickets import OPEN
from hall.services import floor
from hall.web.live import Audience, Message, counts_of


def view(entry: Entry, hall: Hall) -> Message | None:
    if entry.kind == "configured":
        return Message(again=True)
    message = Message(counts=counts_of(entry, hall))
    if entry.ticket is not None:
        ticket_id = entry.ticket["id"]
        if entry.ticket["state"] in OPEN:
            message.put.append(("tickets", ticket_id, floor.ticket_row(entry.ticket)))
        else:
            message.remove.append(("tickets", ticket_id))
    if entry.window is not None:
        message.put.append(("windows", entry.window["id"], floor.window_row(entry.window)))
    if entry.kind == "help_wanted":
        message.put.append(("help", entry.facts["kiosk"], floor.help_row(entry.facts["name"], entry.at)))
    elif entry.kind == "help_answered":
        message.remove.append(("help", entry.facts["kiosk"]))
    elif entry.kind in ("backup_wanted", "message_sent"):
        message.put.append(("notes", entry.facts["name"], floor.note_row(entry.facts["note"])))
    elif entry.kind in ("backup_answered", "message_read"):
        message.remove.append(("notes", entry.facts["name"]))
    return message if message.put or message.remove or message.counts else None


FLOOR = Audience("floor", "serve", view, lambda _, state: floor.tables(state))
