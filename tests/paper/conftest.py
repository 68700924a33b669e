"""A hall with a kiosk and a printer, the leader and the worker that print."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from rq import Queue

from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.domain.printers import Printer
from hall.paper import printer as printers
from hall.services.access import Access
from hall.services.moves import wall_clock
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.paper import PaperStore
from tests.driver import KEY, live_hall
from tests.paper.printer import LoopbackPrinter
from workers import queues
from workers.printing import PrintReader

PUBLIC = "https://hall.example.org"


@dataclass
class PaperHall:
    """`take()` a number at the kiosk, `work()` as the leader and the worker do, look at `printer.printed`."""

    sanban: Sanban
    printer: LoopbackPrinter
    jobs: Queue
    later: dict[str, int]
    id: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        self.save(printers=(Printer("front", "network", host="127.0.0.1", port=self.printer.port),))
        self.kiosk = self.pair("kiosk")
        self.reader = PrintReader(self.sanban, self.jobs)
        self.reader.turn(self.id)  # the leader leads from the first morning on
        self.reader.watch()

    @property
    def hall(self) -> Hall:
        return self.sanban.halls.get(self.id)

    @property
    def store(self) -> PaperStore:
        return PaperStore(self.sanban.store)

    def save(self, **changes: Any) -> None:
        known = self.id in self.sanban.halls.ids()
        self.sanban.halls.save(replace(self.hall if known else live_hall(self.id), **changes), Caller(by="setup"))

    def pair(self, kind: str, name: str = "", place: str = "", *, elsewhere: bool = False) -> str:
        """Pair a device, here or in another process; returns how the journal names it."""
        access = Access(self.sanban.store, KEY) if elsewhere else self.sanban.access
        return f"device:{access.pair(self.id, access.pairing_code(self.id, kind, name, place))[0].id}"

    def take(self, by: str = "", **wish: Any) -> dict[str, Any]:
        asked = Wish(services=wish.pop("services", ("a1",)), **wish)
        caller = Caller(by=by or self.kiosk, now=self.sanban.papers.moves.clock())
        return self.sanban.tickets.issue(caller, self.id, asked).ticket

    def work(self, rounds: int = 1) -> None:
        """The leader's turn, then every job it left, as a worker runs it. Printers are watched at every one."""
        for _ in range(rounds):
            self.reader._watched.clear()
            self.reader.turn(self.id)
            self.reader.watch()
            for job in self.jobs.get_jobs():
                job.perform()
                job.delete()

    def pass_time(self, minutes: float) -> None:
        """For everything but the store's own clock."""
        self.later["ms"] += round(minutes * 60_000)

    def state(self) -> str:
        return str(self.sanban.papers.states(self.id)["front"]["state"])

    def waiting(self) -> list[str]:
        return [one.paper for one in self.store.unprinted(self.id, "front")]

    def entries(self, kind: str) -> list[dict[str, Any]]:
        return [entry.facts for entry in self.sanban.store.journal.after(self.id, "0-0") if entry.kind == kind]


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that answers is waited for, however slow this machine is."""
    monkeypatch.setattr(printers, "SECONDS", 20)
    monkeypatch.setattr(printers, "ROWS_A_SECOND", 2000)


@pytest.fixture
def printer() -> Iterator[LoopbackPrinter]:
    with LoopbackPrinter() as here:
        yield here


@pytest.fixture
def make_paper_hall(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patience: None
) -> Callable[[LoopbackPrinter], PaperHall]:
    later = {"ms": 0}
    settings = Settings(data_dir=tmp_path, secret_key=KEY, redis_url=store_url, public_url=PUBLIC)
    sanban = build(settings, lambda: wall_clock() + later["ms"])
    # Jobs build the services as they do in a worker, but on the test's clock.
    monkeypatch.setattr("workers.jobs.build", lambda _: sanban)
    for name, value in {
        "SANBAN_DATA_DIR": str(tmp_path),
        "SANBAN_REDIS_URL": store_url,
        "SANBAN_SECRET_KEY": KEY.decode(),
    }.items():
        monkeypatch.setenv(name, value)
    jobs = queues.queue(queues.connection(settings), f"paper-{uuid.uuid4().hex[:8]}")
    return lambda printer: PaperHall(sanban, printer, jobs, later)


@pytest.fixture
def paper_hall(make_paper_hall: Callable[[LoopbackPrinter], PaperHall], printer: LoopbackPrinter) -> PaperHall:
    return make_paper_hall(printer)
