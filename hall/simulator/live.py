"""A day played on the services and a real store, with a clock that runs as fast as they do.

It is the product itself: what it does differently from the fast engine would be an error of one of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hall.bootstrap import Sanban, build
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.domain.office import Stop, Today
from hall.domain.voice import Voice
from hall.services.tickets import Booked, Wish
from hall.settings import Settings
from hall.simulator.day import Call, Guest, Seat
from hall.store.embedded import EmbeddedServer

_ALWAYS = Week(*[("00:00-24:00",)] * 7)
_KEY = b"a simulated day keeps no secrets"


def described(hall: Hall, seats: Sequence[Seat]) -> Hall:
    """The hall with the plan's windows, and nothing that refuses a number."""
    known = {seat.id: seat for seat in seats}
    windows = tuple(
        replace(w, lines=known[w.id].lines, kind="priority" if known[w.id].kind == "priority" else "general")
        for w in hall.windows
        if w.id in known
    )
    lines = tuple(replace(line, hours=None, contingent=None, appointments=None) for line in hall.lines)
    bare = replace(hall, days=(), printers=(), readers=(), voice=Voice(), today=Today(), stop=Stop())
    return replace(bare, id="simulated", hours=_ALWAYS, windows=windows, lines=lines, test=True)


@contextmanager
def throw_away() -> Iterator[Sanban]:
    """Services on a store without a disk, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sanban-day-") as directory:
        server = EmbeddedServer(Path(directory) / "store", durable=False).start()
        try:
            yield build(Settings(data_dir=Path(directory), secret_key=_KEY, redis_url=server.url))
        finally:
            server.stop()


class LiveDay:
    """One day: events in order of time; at one moment people come first, then windows call as they are listed."""

    def __init__(self, sanban: Sanban, hall: Hall, guests: Sequence[Guest], seats: Sequence[Seat]) -> None:
        self._sanban = sanban
        self._hall = described(hall, seats)
        self._seats = [seat for seat in seats if seat.there]
        self._coming = sorted(guests, key=lambda guest: (guest.arrived, guest.number))
        self._guests: dict[str, Guest] = {}
        self._ends: dict[str, int] = {}
        self._open: set[str] = set()
        self._waiting = 0
        self._now = 0
        self.calls: list[Call] = []

    def play(self) -> list[Call]:
        if not self._coming:
            return []
        # Before anything happens: what comes at the very first moment is still to come.
        self._now = min([self._coming[0].arrived, *(seat.there[0][0] for seat in self._seats)]) - 1
        self._sanban.halls.save(self._hall, self._caller())
        while (now := self._next()) is not None:
            self._now = now
            self._come()
            self._finish()
            self._change()
            self._call()
        return self.calls

    def _caller(self) -> Caller:
        return Caller(by="simulator", now=self._now)

    def _next(self) -> int | None:
        """The next moment at which something happens."""
        if not self._coming and not self._waiting and not self._ends:
            return None
        moments = [*self._ends.values(), *(guest.arrived for guest in self._coming[:1])]
        moments += [at for seat in self._seats for span in seat.there for at in span]
        return min((at for at in moments if at > self._now), default=None)

    def _come(self) -> None:
        while self._coming and self._coming[0].arrived <= self._now:
            guest = self._coming.pop(0)
            booked = None if guest.slot is None else Booked(f"b{guest.number}", guest.slot)
            claim = self._claim(guest)
            wish = Wish(tuple(guest.services.split(",")), claim=claim, booked=booked)
            ticket = self._sanban.tickets.issue(self._caller(), self._hall.id, wish).ticket
            self._guests[ticket["id"]] = guest
            self._waiting += 1

    def _claim(self, guest: Guest) -> str | None:
        """The group; of one that was renamed since, any group with the same head start."""
        if guest.green is None:
            return None
        known = {group.id for group in self._hall.groups}
        if guest.group in known:
            return guest.group
        same = [group.id for group in self._hall.groups if self._hall.green_ms(group) == guest.green]
        return same[0] if same else None

    def _finish(self) -> None:
        for window, end in list(self._ends.items()):
            if end <= self._now:
                del self._ends[window]
                self._sanban.calls.finish(self._caller(), self._hall.id, window)

    def _change(self) -> None:
        """Clerks come and go. Who has a visitor stays to the end, but calls nobody else."""
        windows, caller, hall = self._sanban.windows, self._caller(), self._hall.id
        for seat in self._seats:
            here = any(start <= self._now < end for start, end in seat.there)
            if here and seat.id not in self._open:
                windows.open(caller, hall, seat.id)
                self._open.add(seat.id)
            elif not here and seat.id in self._open:
                if seat.id in self._ends:
                    windows.pause(caller, hall, seat.id)
                else:
                    windows.close(caller, hall, seat.id)
                self._open.discard(seat.id)

    def _call(self) -> None:
        for seat in self._seats:
            if not self._waiting:
                return
            if seat.id not in self._open or seat.id in self._ends:
                continue
            ticket = self._sanban.calls.call_next(self._caller(), self._hall.id, seat.id)
            if ticket is None:
                continue
            guest = self._guests[ticket["id"]]
            self._sanban.calls.start(self._caller(), self._hall.id, seat.id)
            self._ends[seat.id] = self._now + max(1, guest.takes)
            self._waiting -= 1
            self.calls.append(Call(guest.number, seat.id, self._now))


def live(hall: Hall, guests: Sequence[Guest], seats: Sequence[Seat]) -> list[Call]:
    """Play a day on a store of its own."""
    with throw_away() as sanban:
        return LiveDay(sanban, hall, guests, seats).play()
