"""Printers and screens of a hall in trouble, for pages that tell of it."""

from __future__ import annotations

from dataclasses import replace

from hall.domain.callers import Caller
from hall.domain.printers import Printer
from hall.services.voice import Speaker
from hall.store.paper import PaperStore
from tests.browser.stage import Stage


def screens(stage: Stage) -> None:
    """A display whose sound is blocked, and one that was without the server for a minute."""
    access, services, hall = stage.services.access, stage.services, stage.hall.id
    now = services.tickets.moves.clock()
    for name in ("东墙", "入口上方"):
        device = access.pair(hall, access.pairing_code(hall, "display", name))[0].id
        services.office.hear(hall, device, now)
        caller = Caller(by=f"device:{device}")
        if name == "东墙":
            services.voices.blocked(caller, hall, "", Speaker(device, "a"), blocked=True)
        else:
            services.screens.was_stale(caller, hall, device, now - 61_000, now - 1000)


def owes_paper(stage: Stage) -> None:
    """A printer for which a ticket waits, and that dropped two of today."""
    hall, services = stage.services.halls.get(stage.hall.id), stage.services
    entrance = Printer("front", kind="network", name="入口", host="127.0.0.1", port=1)
    services.halls.save(replace(hall, printers=(entrance,)), Caller(by="manager"))
    store = PaperStore(services.store)
    store.set_printer(hall.id, "front", "paper_out")
    waiting = next(iter(services.store.snapshot(hall.id).tickets))
    store.keep(hall.id, "front", waiting, 0, services.tickets.moves.clock())
    store.drop(hall.id, "front", ["A001", "A002"], services.papers.day_began(hall.id))
