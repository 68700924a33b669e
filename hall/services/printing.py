"""Printing, which only jobs do: each copy once, and what could not be printed when its printer is back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from redis.exceptions import LockError
from redis.lock import Lock

from hall.domain.callers import Caller
from hall.domain.errors import UnknownTicket
from hall.domain.policy import MINUTE
from hall.domain.printers import Printer, PrinterState
from hall.domain.tickets import OPEN
from hall.paper import printer as printers
from hall.services.paper import Papers
from hall.store.paper import PaperStore, Unprinted

Printed = Literal["printed", "again", "waiting", "gone"]
#: how many tickets a printer that is back gets at once; the lock on it must last for them
_A_ROUND = 8
_WELL = (PrinterState.OK, PrinterState.PAPER_LOW)
_AWAY = (PrinterState.PAPER_OUT, PrinterState.OFFLINE, PrinterState.UNKNOWN)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Printing:
    papers: Papers

    @property
    def _store(self) -> PaperStore:
        return PaperStore(self.papers.moves.store)

    def print_ticket(self, hall_id: str, ticket_id: str, copy: int, printer_id: str) -> Printed:
        """Print a copy of a ticket, once, however often this is called. What cannot be printed now waits."""
        printer = self._printer(hall_id, printer_id)
        if printer is None:
            return "gone"
        with _held(self._store.lock(hall_id, printer_id)):
            return self._print(hall_id, printer, ticket_id, copy)

    def _print(self, hall_id: str, printer: Printer, ticket_id: str, copy: int) -> Printed:
        store = self._store
        if store.printed(hall_id, ticket_id, copy) is not None:
            store.forget(hall_id, printer.id, ticket_id, copy)
            return "again"
        try:
            answer = self.papers.moves.store.read(hall_id, "ticket", {"ticket": ticket_id})
        except UnknownTicket:
            store.forget(hall_id, printer.id, ticket_id, copy)
            return "gone"
        state = self._state(hall_id, printer.id)
        if state.prints:
            facts = self.papers.facts(hall_id, answer)
            try:
                state = printers.send(printer, self.papers.picture(hall_id, answer["ticket"], facts, copy))
            except printers.PrinterFault as fault:
                _log.warning("not printed", hall=hall_id, printer=printer.id, state=fault.state, why=str(fault))
                store.set_printer(hall_id, printer.id, fault.state)
            else:
                store.set_printed(hall_id, ticket_id, copy, {"at": self.papers.moves.clock(), **facts})
                store.forget(hall_id, printer.id, ticket_id, copy)
                store.set_printer(hall_id, printer.id, state)
                return "printed"
        self.papers.keep(hall_id, ticket_id, copy, printer.id)
        return "waiting"

    def watch(self, hall_id: str) -> dict[str, str]:
        """Ask every printer how it is, all at once; print or drop what waited for one that is back. Returns the
        states, and leaves out printers that are at work."""
        every = self.papers.moves.halls.get(hall_id).printers
        with ThreadPoolExecutor(max_workers=max(1, len(every))) as pool:
            states = pool.map(lambda printer: self._watch(hall_id, printer), every)
            return {printer.id: state for printer, state in zip(every, states, strict=True) if state is not None}

    def _watch(self, hall_id: str, printer: Printer) -> PrinterState | None:
        lock = self._store.lock(hall_id, printer.id)
        if not lock.acquire(blocking=False):
            return None
        try:
            state = printers.ask(printer)
            was = self._store.set_printer(hall_id, printer.id, state)
            if state in _WELL:
                self._catch_up(hall_id, printer, back=was in _AWAY)
            return state
        finally:
            _release(lock)

    def _catch_up(self, hall_id: str, printer: Printer, *, back: bool) -> None:
        """What waits: a printer that was well has only what a job left behind; one that is `back` also what came
        while it was away."""
        paper, dropped, left = self.papers.moves.halls.get(hall_id).paper, [], _A_ROUND
        for one in self._store.unprinted(hall_id, printer.id):
            image = self._ticket(hall_id, one)
            late = self.papers.moves.clock() - one.at > paper.max_age * MINUTE
            unwanted = late or image is None or image["state"] not in OPEN or (back and paper.when_back == "drop")
            if unwanted:
                self._store.forget(hall_id, printer.id, one.ticket, one.copy)
                dropped.append(image["number"] if image else one.ticket)
                continue
            left -= 1
            if left < 0 or self._print(hall_id, printer, one.ticket, one.copy) == "waiting":
                break
        if dropped:
            facts = {"kind": "paper_dropped", "facts": {"printer": printer.id, "numbers": dropped}}
            self.papers.moves.store.run(hall_id, "announce", Caller(by="printing"), facts)

    def _ticket(self, hall_id: str, one: Unprinted) -> dict[str, Any] | None:
        try:
            image: dict[str, Any] = self.papers.moves.store.read(hall_id, "ticket", {"ticket": one.ticket})["ticket"]
        except UnknownTicket:
            return None
        return image

    def _state(self, hall_id: str, printer_id: str) -> PrinterState:
        known = self._store.printers(hall_id).get(printer_id)
        return PrinterState(known["state"]) if known else PrinterState.UNKNOWN

    def _printer(self, hall_id: str, printer_id: str) -> Printer | None:
        return next((one for one in self.papers.moves.halls.get(hall_id).printers if one.id == printer_id), None)


@contextmanager
def _held(lock: Lock) -> Iterator[None]:
    if not lock.acquire():
        raise LockError("the printer is busy")
    try:
        yield
    finally:
        _release(lock)


def _release(lock: Lock) -> None:
    try:
        lock.release()
    except LockError:
        return  # it ran out: another job has it
