"""What kiosks see of the journal: how many wait in each line."""

from __future__ import annotations

from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.web.live import Audience, Message, counts_of


def view(entry: Entry, hall: Hall) -> Message | None:
    if entry.kind == "configured":
        return Message(again=True)
    counts = counts_of(entry, hall)
    return Message(counts=counts) if counts else None


KIOSK = Audience("kiosk", "issue", view, lambda _hall, _state: {})
