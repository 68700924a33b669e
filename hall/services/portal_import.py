"""Appointments from a city portal: each row once, whatever became of the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from hall.domain.callers import Caller
from hall.domain.errors import HallError, StoreAway, StoreFull
from hall.domain.halls import Hall
from hall.domain.people import Person
from hall.services.appointments import Appointments, Change, Imported, Request
from hall.services.import_rows import Raw, Row, rows, understood

Result = Literal["accepted", "changed", "unchanged", "refused"]
RESULTS: Final[tuple[Result, ...]] = ("accepted", "changed", "unchanged", "refused")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one row; `code` and `facts` say why it was refused."""

    row: int
    external_id: str
    result: Result
    code: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    rows: tuple[Done, ...]

    def count(self, result: Result) -> int:
        return Counter(done.result for done in self.rows)[result]

    @property
    def refused(self) -> list[Done]:
        return [done for done in self.rows if done.result == "refused"]


@dataclass(frozen=True, slots=True)
class PortalImport:
    appointments: Appointments

    def run(self, caller: Caller, hall_id: str, data: bytes, *, is_json: bool) -> Report:
        """Import a file. The same row again changes nothing; a row with a known external id changes or cancels
        that appointment; what cannot be is refused alone. Raises `BadImport` when the file has no rows."""
        hall = self.appointments.moves.halls.get(hall_id)
        return Report(tuple(self._row(caller, hall, raw) for raw in rows(data, is_json=is_json)))

    def _row(self, caller: Caller, hall: Hall, raw: Raw) -> Done:
        external_id = raw.fields.get("external_id", "")
        try:
            return Done(raw.number, external_id, self._apply(caller, hall, understood(raw, hall)))
        except (StoreAway, StoreFull):
            raise  # no fault of the row: stop, and let the whole file be sent again
        except HallError as refusal:
            return Done(raw.number, external_id, "refused", refusal.code, refusal.facts)

    def _apply(self, caller: Caller, hall: Hall, row: Row) -> Result:
        here, hidden = self.appointments, self.appointments.secrets.hidden
        person = Person(row.name, row.phone, row.id_number)
        # Numbers of a portal may be made of a phone or identity number: only their keyed hash is kept.
        imported = Imported(
            external=hidden("external", hall.id, row.external_id),
            print=hidden(
                "row", hall.id, *row.services, str(row.slot), row.name, row.phone, row.id_number, row.language
            ),
        )
        known = here.kept.by_external(hall.id, imported.external)
        if known is None:
            if row.cancelled:
                return "unchanged"
            here.book(caller, hall.id, Request(row.services, row.slot, person, row.language), imported)
            return "accepted"
        kept = here.kept.get(hall.id, known)
        if row.cancelled:
            if kept.image["state"] == "cancelled":
                return "unchanged"
            here.give_up(caller, hall.id, known)
            return "changed"
        if kept.print == imported.print:
            return "unchanged"
        change = Change(row.slot, row.services, row.language)
        here.rebook(caller, hall.id, known, change, person=person, imported=imported)
        return "changed"
