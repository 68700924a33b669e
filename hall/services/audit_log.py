"""The audit for the auditor: who did what, from the archive, and whether its chain is whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from hall.archive import audit
from hall.archive.archive import Archive
from hall.archive.chain import Broken, Head, key_of
from hall.services.halls import Halls
from hall.settings import Settings

#: entries on one page
PAGE = 100
#: whole images are told by their ids
_LEFT_OUT = frozenset({"kind", "at", "by", "waiting", "ticket", "window", "appointment", "case", "visit"})


class Line(NamedTuple):
    """One entry: `about` names what it is of (`("ticket", "A001")`), `facts` are its other facts."""

    id: str
    at: int
    by: str
    kind: str
    about: list[tuple[str, str]]
    facts: dict[str, Any]


class Page(NamedTuple):
    lines: list[Line]
    #: the entry after which the next page begins; None: this was the last
    older: str | None


@dataclass(slots=True)
class AuditLog:
    """The archive is opened at the first look."""

    halls: Halls
    settings: Settings
    _archive: list[Archive] = field(default_factory=list)

    def page(self, hall_id: str, day: date, *, by: str = "", kind: str = "", before: str | None = None) -> Page:
        """Entries of a local date, newest first; `by` is a part of who did it."""
        calendar = self.halls.get(hall_id).calendar
        start, end = calendar.ms(day, 0), calendar.ms(day + timedelta(days=1), 0)
        lines: list[Line] = []
        for entry_id, body in self._open().backwards(hall_id, start, end, before):
            line = _line(entry_id, json.loads(body))
            if by not in line.by or kind not in ("", line.kind):
                continue
            if len(lines) == PAGE:
                return Page(lines, lines[-1].id)
            lines.append(line)
        return Page(lines, None)

    def verify(self, hall_id: str) -> Head | Broken:
        """Walk the chain, against the heads that were exported."""
        heads = audit.exported(self.settings.data_dir / "audit", hall_id)
        return audit.verify(self._open(), key_of(self.settings.secret_key), hall_id, heads)

    def _open(self) -> Archive:
        if not self._archive:
            self._archive.append(Archive(self.settings.archive))
        return self._archive[0]


def _line(entry_id: str, body: dict[str, Any]) -> Line:
    images = {what: body[what] for what in ("ticket", "window", "appointment", "case", "visit") if body.get(what)}
    about = [(what, str(image["number" if what == "ticket" else "id"])) for what, image in images.items()]
    facts = {name: value for name, value in body.items() if name not in _LEFT_OUT}
    return Line(entry_id, body["at"], body["by"], body["kind"], about, facts)
