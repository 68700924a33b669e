"""The halls of this installation, and their descriptions, kept in memory by version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from hall.domain.callers import Caller
from hall.domain.errors import PrinterPath, ReasonMissing, StaleConfig, UnknownHall
from hall.domain.halls import Hall
from hall.domain.office import Today
from hall.domain.texts import plain
from hall.paper.place import place
from hall.services import hall_file
from hall.store.store import Store


class Versioned(NamedTuple):
    version: int
    hall: Hall


@dataclass(slots=True)
class Halls:
    store: Store
    _known: dict[str, Versioned]
    #: where printers of kind `file` may have files; None: only devices
    print_dir: Path | None = None

    def ids(self) -> list[str]:
        return self.store.hall_ids()

    def get(self, hall_id: str) -> Hall:
        """A hall's description. Raises `UnknownHall`."""
        return self.current(hall_id).hall

    def current(self, hall_id: str) -> Versioned:
        known = self._known.get(hall_id)
        if known is None:
            version, data = self.store.config(hall_id)
            known = self._known[hall_id] = Versioned(version, hall_file.from_data(data))
        return known

    def forget(self, hall_id: str) -> None:
        """The description changed: read it again at the next use."""
        self._known.pop(hall_id, None)

    def load(self, path: Path, by: str = "cli") -> Hall:
        """Load a file as the hall's new description. Raises `BadHallFile`, `PrinterPath`."""
        hall = hall_file.parse(path.read_text("utf-8"))
        self._check_paths(hall)
        if hall.id in self.ids():  # what was changed for today alone is not in the file
            self.forget(hall.id)
            hall = replace(hall, today=self.get(hall.id).today)
        self.save(hall, Caller(by=by))
        return hall

    def save(self, hall: Hall, caller: Caller) -> int:
        """Make this the hall's description; the very next call follows it. Returns the version. Raises
        `PartInUse` when a line or window that it lacks still has numbers, or a letter changed during the day."""
        self.forget(hall.id)
        gone = _gone(self.get(hall.id), hall, self._now(caller)) if hall.id in self.ids() else None
        version = self.store.configure(hall.id, caller, hall_file.as_data(hall), gone=gone, told=_told(hall))
        self.forget(hall.id)
        return version

    def change(self, hall_id: str, caller: Caller, change: Callable[[Hall], Hall], what: str, reason: str) -> Hall:
        """Change part of a description while the hall runs; the very next call follows it. `change` may run
        twice: once more when somebody else changed the hall meanwhile. Raises `ReasonMissing`, `BadHallFile`,
        `PrinterPath`."""
        said = plain(reason, "reason", 200)
        if not said:
            raise ReasonMissing(move=what)
        while True:
            self.forget(hall_id)
            version, old = self.current(hall_id)
            hall = change(old)
            self.check(hall, old)
            try:
                why = {"what": what, "reason": said}
                gone = _gone(old, hall, self._now(caller))
                data, told = hall_file.as_data(hall), _told(hall)
                self.store.configure(hall_id, caller, data, made_from=version, why=why, gone=gone, told=told)
            except StaleConfig:
                continue
            self.forget(hall_id)
            return hall

    def check(self, hall: Hall, old: Hall) -> None:
        """Raises `BadHallFile` for a description that contradicts itself, `PrinterPath` for one that would have a
        printer write where none may. A path that an older version took must not stop a manager from closing the hall:
        printers that stay as they are are not looked at."""
        hall_file.check(hall)
        if hall.printers != old.printers:
            self._check_paths(hall)

    def _check_paths(self, hall: Hall) -> None:
        for one in hall.printers:
            if one.kind == "file" and place(one.path, self.print_dir) is None:
                raise PrinterPath(field="path", path=one.path, printer=one.id)

    def _now(self, caller: Caller) -> int:
        return caller.now or self.store.clock()

    def toml(self, hall_id: str) -> str:
        """The description in the file's format."""
        return hall_file.as_toml(self.export(hall_id))

    def export(self, hall_id: str) -> dict[str, Any]:
        if hall_id not in self.ids():
            raise UnknownHall(hall=hall_id)
        return hall_file.as_data(replace(self.get(hall_id), today=Today()))


def _gone(old: Hall, new: Hall, now: int) -> dict[str, Any]:
    """What the new description takes away; the store refuses it while it is in use."""
    letters = {line.id: line.letter for line in new.lines}
    was = {line.letter: line.id for line in old.lines}
    moved = {line for line, letter in letters.items() if was.get(letter, line) != line}
    return {
        "lines_gone": {line.id: True for line in old.lines if line.id not in letters},
        "windows_gone": {one.id: True for one in old.windows if one.id not in {w.id for w in new.windows}},
        "webhooks_gone": [one.id for one in old.webhooks if one.id not in {w.id for w in new.webhooks}],
        "relettered": {line.id: True for line in old.lines if letters.get(line.id, line.letter) != line.letter}
        | {was[letters[line]]: True for line in moved},
        "date": new.calendar.date_of(now).isoformat(),
    }


def _told(hall: Hall) -> dict[str, Any]:
    """What reports must know of the description as it was then; and who is told of events from now on."""
    webhooks = [webhook.id for webhook in hall.webhooks]
    return {"zone": hall.zone, "test": hall.test, "bound": hall.bound, "webhooks": webhooks}
