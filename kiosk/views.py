"""What kiosks see of the journal: how many wait in each line, how the printers are, where somebody asked for help."""

from __future__ import annotations

from typing import Any

from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.services.paper import changed_row, printer_rows
from hall.services.screens import ALL
from hall.store.store import HallState
from hall.web.live import Audience, Message, counts_of


def view(entry: Entry, hall: Hall) -> Message | None:
    if entry.kind == "configured":
        return Message(again=True)
    if entry.kind == "reload_wanted" and entry.facts["display"] != ALL:
        return Message(reload=str(entry.facts["display"]))
    message = Message(counts=counts_of(entry, hall))
    changed = changed_row(hall, entry)
    if changed is not None:
        message.put.append(("printers", *changed))
    if entry.kind == "help_wanted":
        message.put.append(("help", entry.facts["kiosk"], {"since": entry.at}))
    elif entry.kind == "help_answered":
        message.remove.append(("help", entry.facts["kiosk"]))
    return message if message.counts or message.put or message.remove else None


def tables(hall: Hall, state: HallState) -> dict[str, dict[str, Any]]:
    return {
        "printers": printer_rows(hall, state.printers),
        "help": {kiosk: {"since": call["since"]} for kiosk, call in state.help.items()},
    }


KIOSK = Audience("kiosk", "issue", view, tables)
