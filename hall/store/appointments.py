"""Appointments as stored: reading them. Only scripts write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from hall.domain.errors import UnknownAppointment
from hall.store.keys import Keys
from hall.store.store import Store

Image = dict[str, Any]


class Kept(NamedTuple):
    """An appointment's image, and what never leaves the store with it."""

    image: Image
    desk_code: str
    print: str | None


@dataclass(frozen=True, slots=True)
class AppointmentStore:
    store: Store

    def get(self, hall_id: str, appointment_id: str) -> Kept:
        """Raises `UnknownAppointment`."""
        keys = Keys(hall_id)
        with self.store.reads.pipeline(transaction=True) as pipe:
            pipe.get(keys.of("appointment", appointment_id))
            pipe.hgetall(keys.of("booking", appointment_id))
            text, private = pipe.execute()
        if not text:
            raise UnknownAppointment()
        return Kept(json.loads(text), private.get("code", ""), private.get("print"))

    def by_desk_code(self, hall_id: str, code: str) -> str | None:
        """The id of the appointment with a desk code."""
        return cast(str | None, self.store.reads.get(Keys(hall_id).of("desk_code", code)))

    def by_external(self, hall_id: str, external: str) -> str | None:
        """The id of the appointment that was imported under an external id (keyed hash)."""
        return cast(str | None, self.store.reads.get(Keys(hall_id).of("external", external)))

    def between(self, hall_id: str, start: int, end: int) -> list[Image]:
        """Every appointment with a slot in [start, end), in order of slot and id."""
        return self._of(hall_id, Keys(hall_id).of("agenda"), start, end)

    def awaited(self, hall_id: str, until: int) -> list[Image]:
        """Booked appointments that have not checked in, with a slot before `until`."""
        return self._of(hall_id, Keys(hall_id).of("awaited"), 0, until)

    def of_person(self, hall_id: str, person_id: str, start: int, end: int) -> list[Image]:
        """A person's appointments with a slot in [start, end) that were not cancelled."""
        return self._of(hall_id, Keys(hall_id).of("bookings", person_id), start, end)

    def taken(self, hall_id: str, line: str, slots: Sequence[int]) -> list[int]:
        """How many places of each slot are taken; one that was given up a moment ago counts."""
        keys = Keys(hall_id)
        with self.store.reads.pipeline(transaction=False) as pipe:
            for slot in slots:
                pipe.scard(keys.of("places", line, str(slot)))
            return [int(count) for count in pipe.execute()]

    def _of(self, hall_id: str, key: str, start: int, end: int) -> list[Image]:
        rows = cast(Any, self.store.reads.zrange(key, start, cast(Any, f"({end}"), byscore=True))
        return self._images(hall_id, rows)

    def _images(self, hall_id: str, ids: Iterable[str]) -> list[Image]:
        keys = [Keys(hall_id).of("appointment", one) for one in ids]
        texts = cast(list[str | None], self.store.reads.mget(keys)) if keys else []
        return [json.loads(text) for text in texts if text]
