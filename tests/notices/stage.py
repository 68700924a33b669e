"""A hall that tells people: the real services, leader, RQ worker and store, and a clock that can be put forward."""

from __future__ import annotations

import io
import re
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from hall.bootstrap import Sanban, build
from hall.domain.appointments import Booking, Offer
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.notices import Notices, Sms
from hall.domain.people import Person
from hall.domain.texts import Text
from hall.services.appointments import Change, Request
from hall.services.calls import Finish
from hall.services.moves import wall_clock
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.appointments import Kept
from hall.store.embedded import EmbeddedServer
from tests.booking import id_number, lines
from tests.driver import KEY, live_hall
from workers import queues
from workers.notices import NoticeReader

PUBLIC = "https://hall.example.org"
NAME = Text(zh="长寿办事大厅", en="Changshou hall")
PHONE, NUMBER = "138 1234 5678", id_number()
WANG = Person("王小明", PHONE, NUMBER, email="wang@example.org")
#: the person's own, wherever it must not be
PERSONAL = ("13812345678", "12345678", "王小明", "wang@example.org", NUMBER)
SMS = Sms(
    headers={"Authorization": "Bearer {token}", "Idempotency-Key": "{id}"},
    fields={"to.phone": "{phone}", "text": "{text}", "kind": "{what}"},
    ok={"code": "0"},
)
NOTICES = Notices(called_soon=True, called=True, bookings=True, channels=("sms",), sms=SMS)
ALWAYS = Offer(Week(*[("00:00-24:00",)] * 7), capacity=50, latest=0, release=(0, 0))


class BurstWorker(SimpleWorker):
    """Without the ear for commands, which takes a second to close."""

    def subscribe(self) -> None:
        pass

    def unsubscribe(self) -> None:
        pass


@dataclass
class NoticeHall:
    """`book()` and `take()` as residents do, `work()` as the leader and the worker do; look at the gateway."""

    sanban: Sanban
    jobs: Queue
    later: dict[str, int]
    log: io.StringIO
    id: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")

    def __post_init__(self) -> None:
        hall = replace(live_hall(self.id), name=NAME, lines=lines(ALWAYS), notices=NOTICES)
        booking = Booking(per_person_per_day=50, changes=50, reminder=120)
        self.sanban.halls.save(replace(hall, booking=booking), Caller(by="setup"))
        self.reader = NoticeReader(self.sanban, self.jobs)
        self.reader.turn(self.id)  # the leader leads from the first morning on
        self.caller = Caller(by="staff:ann")

    def change(self, **changes: Any) -> None:
        hall = replace(self.sanban.halls.get(self.id), **changes)
        self.sanban.halls.save(hall, Caller(by="setup"))

    def settings(self, **changes: Any) -> None:
        """Other settings for what builds on them from now on."""
        self.sanban = replace(
            self.sanban, notices=replace(self.sanban.notices, settings=replace(self.sanban.settings, **changes))
        )

    # What people do ------------------------------------------------------------------------------

    def slot(self, days: int = 3, place: int = 40) -> int:
        today = self.sanban.halls.get(self.id).calendar.date_of(wall_clock())
        return self.sanban.slots.on(self.id, "a", today + timedelta(days=days))[place].start

    def book(self, person: Person = WANG, language: str = "zh", days: int = 3, place: int = 40) -> Kept:
        request = Request(("a1",), self.slot(days, place), person, language)
        return self.sanban.appointments.book(Caller(by="resident"), self.id, request)

    def move(self, booked: Kept, place: int = 41) -> Kept:
        change = Change(slot=self.slot(place=place))
        return self.sanban.appointments.rebook(Caller(by="resident"), self.id, booked.image["id"], change)

    def cancel(self, booked: Kept) -> None:
        self.sanban.appointments.give_up(Caller(by="resident"), self.id, booked.image["id"])

    def remind(self, booked: Kept) -> None:
        self.sanban.timers.fire(self.id, f"reminder/{booked.image['id']}")

    def take(self, phone: str = "", language: str = "zh") -> dict[str, Any]:
        wish = Wish(("a1",), phone=phone or None, language=language)
        return self.sanban.tickets.issue(Caller(by="device:kiosk"), self.id, wish).ticket

    def open(self, window: str = "w1") -> None:
        self.sanban.windows.open(self.caller, self.id, window)

    def next(self, window: str = "w1") -> str | None:
        """Call the next one; who was there before has been served."""
        busy = self.sanban.store.snapshot(self.id).windows[window].get("ticket")
        ticket = self.sanban.calls.call_next(self.caller, self.id, window, Finish() if busy else None)
        return ticket["number"] if ticket else None

    # What the processes do -----------------------------------------------------------------------

    def lead(self) -> list[list[Any]]:
        """A turn of the leader; the arguments of the jobs that wait."""
        self.reader._looked.clear()
        self.reader.turn(self.id)
        return [list(job.args) for job in self.jobs.jobs]

    def work(self) -> None:
        """The leader's turn, then the worker until nothing waits."""
        self.lead()
        worker = BurstWorker([self.jobs], connection=self.jobs.connection, serializer=JSONSerializer)
        worker.work(burst=True, logging_level="WARNING")

    def pass_time(self, seconds: float) -> None:
        self.later["ms"] += round(seconds * 1000)

    # What came of it -----------------------------------------------------------------------------

    def notices(self) -> list[dict[str, Any]]:
        return self.sanban.notices.kept.between(self.id, 0, 2**52)

    def states(self) -> list[tuple[str, str, int]]:
        return [(one["what"], one["state"], one["tries"]) for one in self.notices()]

    def entries(self, kind: str) -> list[dict[str, Any]]:
        return [entry.facts for entry in self.sanban.store.journal.after(self.id, "0-0") if entry.kind == kind]

    def everything(self) -> str:
        """All that the store holds, the jobs among it, and all that was logged."""
        return "\n".join([*_dump(self.jobs.connection), self.log.getvalue()])


def _dump(redis: Redis) -> Iterator[str]:
    """Every key with what it holds, in clear."""
    read: dict[Any, Callable[[bytes], Any]] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1, withscores=True),
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"stream": redis.xrange,
    }
    for key in redis.scan_iter():
        value = read[redis.type(key)](key)
        yield f"{key!r} {_text(value, zlib.decompress)}"


def _text(value: Any, unpack: Callable[[bytes], bytes]) -> str:
    if isinstance(value, dict):
        return " ".join(f"{_text(name, unpack)} {_text(one, unpack)}" for name, one in value.items())
    if isinstance(value, list | tuple | set):
        return " ".join(_text(one, unpack) for one in value)
    if isinstance(value, bytes):
        # RQ's zlib; a text that begins with an x is none.
        if value[:2] == b"\x78\x9c":
            value = unpack(value)
        # JSON may write a character as \\u…
        return re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), value.decode("utf-8", "replace"))
    return str(value)


@contextmanager
def notice_hall(server: EmbeddedServer, directory: Path, patch: pytest.MonkeyPatch, **env: str) -> Iterator[NoticeHall]:
    """A hall whose jobs build the services as a worker does, but on the test's clock."""
    later, log = {"ms": 0}, io.StringIO()
    settings = Settings(
        data_dir=directory,
        secret_key=KEY,
        redis_url=server.url,
        public_url=PUBLIC,
        **env,  # type: ignore[arg-type]
    )
    hall: NoticeHall
    patch.setattr("workers.jobs.build", lambda _: hall.sanban)
    patch.setenv("NO_PROXY", "127.0.0.1")
    for name, value in {"DATA_DIR": str(directory), "REDIS_URL": server.url, "SECRET_KEY": KEY.decode()}.items():
        patch.setenv(f"SANBAN_{name}", value)
    sanban = build(settings, lambda: wall_clock() + later["ms"])
    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(log),
        cache_logger_on_first_use=False,
    )
    redis = queues.connection(settings)
    try:
        jobs = queues.queue(redis, queues.NOTICES)
        jobs.empty()  # type: ignore[no-untyped-call]
        hall = NoticeHall(sanban, jobs, later, log)
        yield hall
    finally:
        structlog.configure(**before)
        redis.close()
