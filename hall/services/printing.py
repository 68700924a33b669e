"""Printing, which only jobs do: each copy once, and what could not be printed when its printer is back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog
from PIL import Image
from redis.exceptions import LockError
from redis.lock import Lock

from hall.domain.errors import UnknownTicket
from hall.domain.policy import MINUTE
from hall.domain.printers import Printer, PrinterState
from hall.domain.tickets import OPEN
from hall.paper import printer as printers
from hall.services.paper import Facts, Papers
from hall.services.slips import Slips
from hall.store.paper import PaperStore

Printed = Literal["printed", "again", "waiting", "gone"]
#: how many tickets a printer that is back gets at once; the lock on it must last for them
_A_ROUND = 8
_WELL = (PrinterState.OK, PrinterState.PAPER_LOW)
_AWAY = (PrinterState.PAPER_OUT, PrinterState.OFFLINE, PrinterState.UNKNOWN)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Printing:
    papers: Papers
    slips: Slips
    #: where printers of kind `file` have files
    folder: Path

    @property
    def _store(self) -> PaperStore:
        return PaperStore(self.papers.moves.store)

    def print_paper(self, hall_id: str, paper: str, copy: int, printer_id: str) -> Printed:
        """Print a copy of a ticket (its id) or of a slip (the id of its entry), once, however often this is called.
        What cannot be printed now waits."""
        printer = self._printer(hall_id, printer_id)
        if printer is None:
            return "gone"
        with _held(self._store.lock(hall_id, printer_id)):
            return self._print(hall_id, printer, paper, copy)

    def _print(self, hall_id: str, printer: Printer, paper: str, copy: int) -> Printed:
        store = self._store
        if store.printed(hall_id, paper, copy) is not None:
            store.forget(hall_id, printer.id, paper, copy)
            return "again"
        if not store.is_kept(hall_id, printer.id, paper, copy):
            return "gone"  # it was dropped meanwhile
        state = self._state(hall_id, printer.id)
        if state.prints:
            try:
                picture, facts = self._draw(hall_id, paper, copy)
            except UnknownTicket:
                store.forget(hall_id, printer.id, paper, copy)
                return "gone"
            try:
                state = printers.send(printer, picture, self.folder)
            except printers.PrinterFault as fault:
                _log.warning("not printed", hall=hall_id, printer=printer.id, state=fault.state, why=str(fault))
                store.set_printer(hall_id, printer.id, fault.state)
            else:
                store.set_printed(hall_id, paper, copy, {"at": self.papers.moves.clock(), **facts})
                store.forget(hall_id, printer.id, paper, copy)
                store.set_printer(hall_id, printer.id, state)
                return "printed"
        return "waiting"

    def _draw(self, hall_id: str, paper: str, copy: int) -> tuple[Image.Image, Facts]:
        if _is_slip(paper):
            return self.slips.picture(hall_id, paper), {}
        answer = self.papers.moves.store.read(hall_id, "ticket", {"ticket": paper})
        facts = self.papers.facts(hall_id, answer)
        return self.papers.picture(hall_id, answer["ticket"], facts, copy), facts

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
            state, why = printers.look(printer, self.folder)
            was = self._store.set_printer(hall_id, printer.id, state)
            if was != state:
                _log.info("printer changed", hall=hall_id, printer=printer.id, state=str(state), why=why)
            if state in _WELL:
                self._catch_up(hall_id, printer, back=was in _AWAY)
            return state
        finally:
            _release(lock)

    def _catch_up(self, hall_id: str, printer: Printer, *, back: bool) -> None:
        """What waits: a printer that was well has only what a job left behind; one that is `back` also what came
        while it was away."""
        setting, dropped, left = self.papers.moves.halls.get(hall_id).paper, [], _A_ROUND
        for one in self._store.unprinted(hall_id, printer.id):
            late = self.papers.moves.clock() - one.at > setting.max_age * MINUTE
            name, wanted = self._look(hall_id, one.paper)
            if late or not wanted or (back and setting.when_back == "drop"):
                self._store.forget(hall_id, printer.id, one.paper, one.copy)
                dropped.append(name)
                continue
            left -= 1
            if left < 0 or self._print(hall_id, printer, one.paper, one.copy) == "waiting":
                break
        if dropped:
            self._store.drop(hall_id, printer.id, dropped, self.papers.day_began(hall_id))

    def _look(self, hall_id: str, paper: str) -> tuple[str, bool]:
        """How people call a paper, and whether anybody still waits with it."""
        if _is_slip(paper):
            return "slip", True
        try:
            image = self.papers.moves.store.read(hall_id, "ticket", {"ticket": paper})["ticket"]
        except UnknownTicket:
            return paper, False
        return image["number"], image["state"] in OPEN

    def _state(self, hall_id: str, printer_id: str) -> PrinterState:
        known = self._store.printers(hall_id).get(printer_id)
        return PrinterState(known["state"]) if known else PrinterState.UNKNOWN

    def _printer(self, hall_id: str, printer_id: str) -> Printer | None:
        return next((one for one in self.papers.moves.halls.get(hall_id).printers if one.id == printer_id), None)


def _is_slip(paper: str) -> bool:
    """A ticket's id is digits, an entry's is "milliseconds-sequence"."""
    return "-" in paper


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
