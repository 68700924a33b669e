"""The doctor: each planted fault is found by its name, with a remedy, and is not found before."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import text

from hall import doctor
from hall.__main__ import cli
from hall.archive import schema
from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.bootstrap import Sanban, build
from hall.domain.calendar import SpecialDay
from hall.domain.callers import Caller
from hall.domain.printers import Printer
from hall.domain.webhooks import Webhook
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from hall.store.keys import Keys
from hall.store.lease import Lease
from hall.store.paper import PaperStore
from hall.store.webhooks import Progress
from tests.driver import KEY, live_hall
from workers import queues
from workers.archiver import Archiver

HALL = "here"


@dataclass
class Installation:
    """A healthy one: archived, followed, with workers and a backup. Backups are on the one disk a test has."""

    sanban: Sanban
    server: EmbeddedServer
    lease: Lease
    workers: list[Worker]
    led: bool = True

    @property
    def store(self) -> Redis:
        return self.sanban.store.moves

    def with_(self, **settings: Any) -> None:
        self.sanban = build(replace(self.sanban.settings, **settings))

    def found(self) -> dict[str, doctor.Finding]:
        if self.led:
            self.lease.hold()  # it lasts seconds; a slow machine needs more
        return {finding.code: finding for finding in doctor.examine(self.sanban)}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    server = EmbeddedServer(tmp_path / "store").start()
    backup_dir = tmp_path / "backups"
    sanban = build(Settings(data_dir=tmp_path, secret_key=KEY, redis_url=server.url, backup_dir=backup_dir))
    year = datetime.now(UTC).year
    days = tuple(SpecialDay(datetime(one, 1, 1, tzinfo=UTC).date(), why="元旦") for one in (year, year + 1, year + 2))
    printers = (Printer(id="p1", kind="network", host="127.0.0.1"),)
    sanban.halls.save(live_hall(HALL, days=days, printers=printers), Caller(by="setup"))
    for _ in range(3):
        sanban.tickets.issue(Caller(by="kiosk"), HALL, Wish(services=("a1",)))
    archive(sanban)
    sanban.backups.make_scheduled()
    lease = Lease(sanban.store, HALL, "follower")
    lease.hold()
    client, workers = queues.connection(sanban.settings), []
    for name in (queues.NAME, queues.PAPER, queues.NOTICES, queues.PLANNING):
        worker = Worker([queues.queue(client, name)], connection=client, serializer=JSONSerializer)
        worker.register_birth()  # type: ignore[no-untyped-call]  # untyped in RQ
        workers.append(worker)
    yield Installation(sanban, server, lease, workers)
    client.close()
    server.stop()


def archive(sanban: Sanban) -> None:
    kept = Archive(sanban.settings.archive, key_of(KEY), migrate=True)
    Archiver(sanban, kept).copy(HALL)
    kept.close()


# Faults: each is planted in a healthy installation -------------------------------------------


def store_away(here: Installation) -> None:
    here.server.stop()
    here.led = False


def store_forgets(here: Installation) -> None:
    here.store.config_set("appendfsync", "everysec")


def clock(here: Installation) -> None:
    here.store.hset(Keys(HALL).hall, "now", str(here.sanban.store.clock() + 3_600_000))


def no_hall(here: Installation) -> None:
    here.store.delete("sanban:halls")


def hall_unreadable(here: Installation) -> None:
    here.store.set(Keys(HALL).of("config"), json.dumps({"id": HALL}))
    here.with_()


def printer(here: Installation) -> None:
    PaperStore(here.sanban.store).set_printer(HALL, "p1", "paper_out")


def no_follower(here: Installation) -> None:
    here.lease.give_back()
    here.led = False


def no_worker(here: Installation) -> None:
    here.workers[1].register_death()  # type: ignore[no-untyped-call]  # untyped in RQ


def archive_away(here: Installation) -> None:
    here.with_(archive_url="postgresql://nobody@127.0.0.1:1/none")


def archiver_behind(here: Installation) -> None:
    ago = here.sanban.store.clock() - 3_600_000
    entry = {"kind": "help_answered", "at": ago, "by": "test", "kiosk": "k1"}
    here.store.delete(Keys(HALL).of("journal"))
    here.store.delete(Keys(HALL).of("cursor", "archiver"))
    here.store.xadd(Keys(HALL).of("journal"), {"e": json.dumps(entry)}, id=f"{ago}-0")


def webhook(here: Installation) -> Progress:
    city = Webhook("city", "https://platform.example.org/", ("ticket.issued",))
    here.sanban.halls.save(replace(here.sanban.halls.get(HALL), webhooks=(city,)), Caller(by="setup"))
    progress = here.sanban.webhooks.kept.progress(HALL, "city")
    assert progress is not None
    return progress


def webhook_behind(here: Installation) -> None:
    webhook(here)
    here.store.hset(Keys(HALL).of("webhook", "city"), "cursor", "0-0")
    ago = here.sanban.store.clock() - 3_600_000
    entry = {"kind": "help_answered", "at": ago, "by": "test", "kiosk": "k1"}
    here.store.delete(Keys(HALL).of("journal"))
    here.store.xadd(Keys(HALL).of("journal"), {"e": json.dumps(entry)}, id=f"{ago}-0")


def webhook_stopped(here: Installation) -> None:
    here.sanban.webhooks.kept.settle(HALL, "city", webhook(here).cursor, 0, why="status 410")


def journal_differs(here: Installation) -> None:
    here.store.srem(Keys(HALL).of("open"), "0000000002")


def archive_schema(here: Installation) -> None:
    kept = Archive(here.sanban.settings.archive)
    schema.migrate_to(kept.engine, "0002")
    kept.close()


def store_layout(here: Installation) -> None:
    here.store.hset(Keys(HALL).hall, "layout", "2")


def audit_broken(here: Installation) -> None:
    kept = Archive(here.sanban.settings.archive, migrate=True)
    with kept.engine.begin() as sql:
        sql.execute(text("UPDATE entries SET body = body || ' ' WHERE seq = (SELECT min(seq) FROM entries)"))
    kept.close()


def key_readable(here: Installation) -> None:
    path = here.sanban.settings.data_dir / "secret_key"
    path.write_text("a key")
    path.chmod(0o644)


def no_backup(here: Installation) -> None:
    here.with_(backup_dir=None)


def backup_old(here: Installation) -> None:
    last = here.sanban.backups.last()
    here.store.set("sanban:backup", json.dumps({**last, "at": last["at"] - 3 * 24 * 3_600_000}))


def backup_gone(here: Installation) -> None:
    Path(here.sanban.backups.last()["path"]).unlink()


def calendar(here: Installation) -> None:
    here.sanban.halls.save(live_hall(HALL), Caller(by="setup"))


PLANTED: list[tuple[Callable[[Installation], None], str, str]] = [
    (store_away, "STORE_AWAY", "systemctl start sanban.target"),
    (store_forgets, "STORE_FORGETS", "CONFIG SET appendfsync always"),
    (clock, "CLOCK", "timedatectl set-ntp true"),
    (no_hall, "NO_HALL", "python -m hall load"),
    (hall_unreadable, "HALL_UNREADABLE", "python -m hall load"),
    (printer, "PRINTER", "docs/paper.md"),
    (no_follower, "NO_FOLLOWER", "systemctl restart sanban@follower"),
    (no_worker, "NO_WORKER", "systemctl restart sanban@paper"),
    (archive_away, "ARCHIVE_AWAY", "SANBAN_ARCHIVE_URL"),
    (archive_schema, "ARCHIVE_SCHEMA", "python -m hall migrate"),
    (store_layout, "STORE_LAYOUT", "python -m hall migrate"),
    (archiver_behind, "ARCHIVER_BEHIND", "systemctl restart sanban@archiver"),
    (webhook_behind, "WEBHOOK_BEHIND", "systemctl restart sanban@webhooks"),
    (webhook_stopped, "WEBHOOK_STOPPED", "/office/webhooks"),
    (journal_differs, "JOURNAL_DIFFERS", "python -m hall replay"),
    (audit_broken, "AUDIT_BROKEN", "restore a backup"),
    (key_readable, "KEY_READABLE", "chmod 600"),
    (no_backup, "NO_BACKUP", "SANBAN_BACKUP_DIR"),
    (backup_old, "BACKUP_OLD", "python -m hall backup"),
    (backup_gone, "BACKUP_OLD", "python -m hall backup"),
]


@pytest.mark.parametrize(("plant", "code", "remedy"), PLANTED, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_fault_is_found_with_its_remedy(
    installation: Installation, plant: Callable[[Installation], None], code: str, remedy: str
) -> None:
    # What a test's own machine is like: one disk, and how much is free there.
    usual = {"BACKUP_SAME_DISK", "DISK_FULL"}
    assert set(installation.found()) <= usual
    plant(installation)
    found = installation.found()
    assert code in found
    assert remedy in found[code].do


def test_a_disk_without_room_is_found(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ROOM", 1 << 60)
    assert "Make room" in installation.found()["DISK_FULL"].do


def test_a_year_without_special_days_is_found_in_november(installation: Installation) -> None:
    november = datetime(2026, 11, 5, tzinfo=UTC).timestamp() * 1000
    calendar(installation)
    missing = installation.sanban.days.calendar_warning(HALL, int(november))
    assert missing == 2027
    told = installation.found().get("CALENDAR")
    assert (told is not None) == (datetime.now(UTC).month >= 11)
    assert told is None or "python -m hall days seed" in told.do


# Certificates --------------------------------------------------------------------------------


@pytest.fixture
def https(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """An HTTPS server whose certificate ends in so many days; its address."""
    listening: list[socket.socket] = []

    def serve(days: int) -> str:
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        made = made.not_valid_before(now - timedelta(days=90)).not_valid_after(now + timedelta(days=days, hours=1))
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        path = tmp_path / f"{days}.pem"
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)
        threading.Thread(target=_shake_hands, args=(listener, context), daemon=True).start()
        return f"https://localhost:{listener.getsockname()[1]}"

    yield serve
    for one in listening:
        one.close()


def _shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    try:
        while True:
            plain, _ = listener.accept()
            context.wrap_socket(plain, server_side=True).close()
    except OSError:
        return  # the listener was closed


@pytest.mark.parametrize(("days", "told"), [(40, ""), (10, "ends in 10 days"), (-3, "has ended")])
def test_a_certificate_that_ends_soon_is_found(
    installation: Installation, https: Callable[[int], str], days: int, told: str
) -> None:
    installation.with_(public_url=https(days))
    found = installation.found().get("CERTIFICATE")
    assert (found is not None) == bool(told)
    assert found is None or (told in found.what and "certbot renew" in found.do)


def test_an_address_that_does_not_answer_is_found(installation: Installation) -> None:
    installation.with_(public_url="https://127.0.0.1:1")
    assert "nginx -t" in installation.found()["CERTIFICATE"].do


def test_looking_does_not_change_the_schema_under_processes_of_older_code(installation: Installation) -> None:
    archive_schema(installation)
    for _ in range(2):
        assert "has schema 0002, this code needs" in installation.found()["ARCHIVE_SCHEMA"].what


def test_jobs_of_a_queue_that_fail_are_found(installation: Installation) -> None:
    client = queues.connection(installation.sanban.settings)
    queue: Queue = queues.queue(client)
    queues.put(queue, "close_day", "broken", "nowhere", "no date")
    job = queue.get_jobs()[0]
    job.set_status("failed")  # type: ignore[arg-type]  # a text is one
    queue.failed_job_registry.add(job, ttl=60, exc_string="ValueError")
    assert "logs/worker.log" in installation.found()["JOBS_FAIL"].do
    client.close()


def test_the_command_prints_each_with_what_to_do(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = installation.sanban.settings
    monkeypatch.setenv("SANBAN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SANBAN_REDIS_URL", str(settings.redis_url))
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    told = CliRunner().invoke(cli, ["doctor"])
    assert told.exit_code == 1
    assert "NO_BACKUP: no backup makes itself\n    do: Set SANBAN_BACKUP_DIR" in told.output
