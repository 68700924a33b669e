"""What a manager does to a running hall, what a window asks of its colleagues, and what is told to windows.

Changes for today are part of the hall's description, with their date: the next call follows them as it follows every
change, and on the next day they say nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from hall.domain.callers import Caller
from hall.domain.errors import TextNotPlain
from hall.domain.halls import Hall
from hall.domain.office import Today
from hall.domain.texts import Text, plain
from hall.services.moves import Moves
from hall.store.office import OfficeStore

Json = dict[str, Any]
_LONGEST = 200
#: notes that are about one window: it calls for help, who comes, what it is told
WINDOW_NOTES: Final = ("help", "answer", "message")


@dataclass(frozen=True, slots=True)
class Office:
    moves: Moves

    @property
    def _store(self) -> OfficeStore:
        return OfficeStore(self.moves.store)

    # For today -------------------------------------------------------------------------------

    def close(self, caller: Caller, hall_id: str, told: Text, reason: str) -> Hall:
        """No more numbers today; whoever has one is served. `told` is shown everywhere. Raises `ReasonMissing`."""
        said = _checked(told)
        return self._change(caller, hall_id, "today closed", reason, lambda _, day: replace(day, closed=said))

    def open(self, caller: Caller, hall_id: str, reason: str) -> Hall:
        """Take `close` back."""
        return self._change(caller, hall_id, "today open", reason, lambda _, day: replace(day, closed=None))

    def pause_line(self, caller: Caller, hall_id: str, line: str, told: Text, reason: str) -> Hall:
        """A line gives no numbers until it goes on, or until tomorrow. Raises `UnknownLine`."""
        said = _checked(told)

        def changed(hall: Hall, day: Today) -> Today:
            return replace(day, paused={**day.paused, hall.line(line).id: said})

        return self._change(caller, hall_id, f"line {line} paused", reason, changed)

    def resume_line(self, caller: Caller, hall_id: str, line: str, reason: str) -> Hall:
        """Take `pause_line` back. Raises `UnknownLine`."""

        def changed(hall: Hall, day: Today) -> Today:
            gone = hall.line(line).id
            return replace(day, paused={name: text for name, text in day.paused.items() if name != gone})

        return self._change(caller, hall_id, f"line {line} resumed", reason, changed)

    def set_contingent(self, caller: Caller, hall_id: str, line: str, count: int | None, reason: str) -> Hall:
        """Today's number of numbers of a line; None: the usual. Raises `UnknownLine`."""

        def changed(hall: Hall, day: Today) -> Today:
            here = hall.line(line).id
            others = {name: value for name, value in day.contingents.items() if name != here}
            return replace(day, contingents=others if count is None else {**others, here: count})

        return self._change(caller, hall_id, f"line {line} contingent {count}", reason, changed)

    def _change(
        self, caller: Caller, hall_id: str, what: str, reason: str, change: Callable[[Hall, Today], Today]
    ) -> Hall:
        now = self.moves.now(caller)

        def changed(hall: Hall) -> Hall:
            day = hall.calendar.date_of(now)
            return replace(hall, today=change(hall, replace(hall.on(day), date=day)))

        return self.moves.halls.change(hall_id, caller, changed, what, reason)

    # Notes -----------------------------------------------------------------------------------

    def notes(self, hall_id: str) -> dict[str, Json]:
        """Alarms (`alarm/<kind>/<subject>`), calls for help (`help/<window>`), their answers
        (`answer/<window>`) and messages (`message/<window>`) that are not over."""
        self.moves.halls.get(hall_id)
        return self._store.notes(hall_id)

    def see_alarm(self, caller: Caller, hall_id: str, name: str) -> bool:
        """Somebody knows of an alarm; it stays until its cause is gone. `since` becomes the time of this, `raised` when
        it began. False: there is none, or somebody said so already."""
        note = self.notes(hall_id).get(name)
        if note is None or "alarm" not in note or "seen_by" in note:
            return False
        # One that ends meanwhile is put up once more; whoever watches takes it down at the next turn.
        known = {**note, "raised": note["since"], "seen_by": caller.by}
        return self._store.note(hall_id, caller, "alarm_seen", name, known, again=True)

    def help(self, caller: Caller, hall_id: str, window: str) -> bool:
        """A window needs help now. Colleagues see it until one of them answers. False: it called already."""
        name = f"help/{self._window(hall_id, window)}"
        return self._store.note(hall_id, caller, "backup_wanted", name, {"by": caller.by})

    def answer_help(self, caller: Caller, hall_id: str, window: str) -> bool:
        """Somebody comes, which the window is told (`answer/<window>`); or whoever called needs nobody any more. False:
        another one was faster."""
        name = f"help/{self._window(hall_id, window)}"
        own = self._store.notes(hall_id).get(name, {}).get("by") == caller.by
        told = None if own else {"name": f"answer/{window}", "note": {"by": caller.by}}
        return self._store.end_note(hall_id, caller, "backup_answered", name, told=told)

    def read(self, caller: Caller, hall_id: str, window: str, kind: str, since: int) -> bool:
        """The window has read the `answer` or the `message` (`kind`) put up at `since`, ms UTC. False: it is over,
        or a newer one took its place, which stays."""
        name = f"{kind}/{self._window(hall_id, window)}"
        return self._store.end_note(hall_id, caller, "message_read", name, since=since)

    def told(self, caller: Caller, hall_id: str, window: str) -> dict[str, Json]:
        """What stands at a window by kind: `help` it called for, `answer` who comes, `message`. Nothing for a clerk who
        does not sit there."""
        here = self._window(hall_id, window)
        state = self.moves.store.snapshot(hall_id)
        if caller.clerk is not None and state.windows.get(here, {}).get("clerk") != caller.clerk:
            return {}
        return {kind: note for kind in WINDOW_NOTES if (note := state.notes.get(f"{kind}/{here}"))}

    def message(self, caller: Caller, hall_id: str, window: str, text: str) -> bool:
        """Tell a window something; a newer message takes the place of one that was not read."""
        said = plain(text, "text", _LONGEST)
        if not said:
            raise TextNotPlain(field="text")
        name, note = f"message/{self._window(hall_id, window)}", {"by": caller.by, "text": said}
        return self._store.note(hall_id, caller, "message_sent", name, note, again=True)

    def hear(self, hall_id: str, device: str, now: int) -> None:
        """A paired device is there."""
        self._store.hear(hall_id, device, now)

    def heard(self, hall_id: str) -> dict[str, int]:
        """When each paired device was heard of last, ms UTC."""
        return self._store.heard(hall_id)

    def _window(self, hall_id: str, window: str) -> str:
        return self.moves.halls.get(hall_id).window(window).id


def _checked(told: Text) -> Text:
    said = Text(zh=plain(told.zh, "zh", _LONGEST), en=plain(told.en, "en", _LONGEST))
    if not said.zh:
        raise TextNotPlain(field="zh")
    return said


def is_today(hall: Hall, day: date) -> bool:
    """Whether something is changed for the date alone."""
    return hall.on(day) != Today()
