"""Alarms of a hall, computed by its leader: raised and ended as journal entries, so that every page follows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from hall.domain.alarms import Behind, Seen, alarms, idle_now
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.services.access import Access
from hall.services.case_lists import CaseLists
from hall.services.days import Days
from hall.services.moves import Moves
from hall.store.office import OfficeStore
from hall.store.store import HallState
from hall.store.webhooks import WebhookStore

_HOUR: Final = 3600 * 1000
#: a note nobody took down is over after so long
_STALE: Final = {
    "help": ("backup_answered", 2 * _HOUR),
    "answer": ("message_read", 2 * _HOUR),
    "message": ("message_read", 12 * _HOUR),
}


@dataclass(slots=True)
class AlarmWatch:
    """One a process that leads. It remembers since when windows idle."""

    moves: Moves
    access: Access
    desk: CaseLists
    _idle: dict[str, dict[str, int]] = field(default_factory=dict)

    def watch(self, hall_id: str, now: int | None = None) -> list[str]:
        """Raise what should be on and end what should not. Returns the names of the alarms that are on."""
        store = OfficeStore(self.moves.store)
        hall = self.moves.halls.get(hall_id)
        on = alarms(self._look(hall, now))
        notes = store.notes(hall_id)
        caller = Caller(by="timer", now=now)
        for name, alarm in on.items():
            if name not in notes:
                note = {"alarm": alarm.kind, "subject": alarm.subject, "facts": alarm.facts}
                store.note(hall_id, caller, "alarm_raised", name, note)
        for name, note in notes.items():
            self._end(store, hall_id, caller, name, note, on)
        return sorted(on)

    def _end(self, store: OfficeStore, hall_id: str, caller: Caller, name: str, note: Any, on: Any) -> None:
        kind = name.split("/")[0]
        if kind == "alarm" and name not in on:
            store.end_note(hall_id, caller, "alarm_ended", name)
        ends, after = _STALE.get(kind, ("", 0))
        if ends and self.moves.now(caller) - note["since"] > after:
            store.end_note(hall_id, caller, ends, name)

    def _look(self, hall: Hall, now: int | None) -> Seen:
        store, state = OfficeStore(self.moves.store), self.moves.store.snapshot(hall.id, now=now)
        heard = store.heard(hall.id)
        devices = {
            name: {"name": record["name"], "kind": record["kind"], "seen": heard.get(name)}
            for name, record in self.access.devices(hall.id).items()
        }
        return Seen(
            hall=hall,
            now=state.now,
            tickets=state.tickets,
            idle=self._idle_since(hall, state),
            printers=state.printers,
            devices=devices,
            unarchived=self.moves.store.journal.oldest_unarchived(hall.id),
            year_missing=Days(self.moves).calendar_warning(hall.id, state.now),
            swept=store.swept(hall.id) or store.sweep_due_since(hall.id, state.now),
            cases=frozenset(alarm.kind for alarm in self.desk.alarms(hall.id, state.now)),
            webhooks={one.id: self._webhook(hall.id, one.id) for one in hall.webhooks if one.on},
        )

    def _webhook(self, hall_id: str, webhook: str) -> Behind:
        kept = WebhookStore(self.moves.store)
        progress = kept.progress(hall_id, webhook)
        stopped = progress is not None and progress.stopped is not None
        return Behind(stopped, kept.oldest_unsent(hall_id, webhook))

    def _idle_since(self, hall: Hall, state: HallState) -> dict[str, int]:
        """A window that rang since it was seen idle has not idled all the time."""
        rang = {ring["window"]: int(ring["at"]) for ring in reversed(state.calls)}
        known = {name: at for name, at in self._idle.get(hall.id, {}).items() if rang.get(name, 0) < at}
        idle = idle_now(hall, state.tickets, state.windows)
        self._idle[hall.id] = {name: known.get(name, state.now) for name in idle}
        return self._idle[hall.id]
