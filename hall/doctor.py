"""What is wrong with an installation, and what to do about it: `python -m hall doctor`."""

from __future__ import annotations

import shutil
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import requests
from cryptography import x509
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from hall.archive import audit
from hall.archive.archive import Archive
from hall.archive.chain import Broken, key_of
from hall.archive.schema import OtherSchema
from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.services.losses import Losses, told
from hall.services.replay import Replay
from hall.store import aof, layout, snapshots
from hall.store.connect import SOCKET_TIMEOUT
from hall.store.paper import PaperStore
from hall.store.store import FREE_BYTES

_QUEUES: Final = {"hall": "worker", "paper": "paper", "notices": "notices", "planning": "planner"}
_HOUR: Final = 3600 * 1000
#: bytes; a warning well before moves are refused
_ROOM: Final = 5 * FREE_BYTES
_CLOCK_MS: Final = 2_000
_BEHIND_MS: Final = 10 * 60_000
_CERTIFICATE_DAYS: Final = 21
_TLS_SECONDS: Final = 5


class Finding(NamedTuple):
    """`code` names the kind; `do` is the remedy, a sentence or a command."""

    code: str
    what: str
    do: str


def examine(sanban: Sanban) -> list[Finding]:
    """Everything that is wrong. A check that cannot be made because the store or the archive is away is left out: that
    it is away is a finding."""
    found = [*_disk(sanban), *_key(sanban), *_certificate(sanban), *_sign_in(sanban)]
    try:
        sanban.store.check_writable()
    except (RedisError, HallError) as error:
        if damage := aof.find(sanban.settings.data_dir / "store"):
            return [*found, _damaged(damage)]
        start = "Start Sanban (systemctl start sanban.target, or make run); else look into store/store.log"
        away = "does not answer or cannot be written"
        return [
            *found,
            Finding("STORE_AWAY", f"the store {away} ({type(error).__name__})", f"{start}; SANBAN_REDIS_URL"),
        ]
    if layouts := [*_layouts(sanban)]:
        return [*found, *layouts]  # every other look at these halls would be refused
    for check in (_forgets, _clocks, _halls, _archive, _jobs, _backups):
        found += check(sanban)
    return found


def _layouts(sanban: Sanban) -> Iterator[Finding]:
    for hall_id in sanban.store.hall_ids():
        if (has := layout.of(sanban.store.reads, hall_id)) != str(layout.NEWEST):
            what = (
                f"the keys of {hall_id} have layout {has}, this code needs {layout.NEWEST}: nothing is answered there"
            )
            do = "python -m hall migrate, then restart; if it knows no such layout, check out the newer code again"
            yield Finding("STORE_LAYOUT", what, do)


def _damaged(damage: aof.Damage) -> Finding:
    what = f"the store's file {damage.path} is damaged at byte {damage.at}, {damage.behind} bytes before its end"
    behind = Counter(str(entry.get("kind")) for entry in damage.entries)
    told_behind = ", ".join(f"{count} {kind}" for kind, count in sorted(behind.items())) or "none that can be read"
    do = "Stop Sanban; python -m hall mend-store keeps what is before that place, and a copy of all; start it"
    return Finding("STORE_DAMAGED", f"{what}; entries of the journal behind that: {told_behind}", do)


def _disk(sanban: Sanban) -> Iterator[Finding]:
    free = shutil.disk_usage(sanban.settings.data_dir).free
    if free < _ROOM:
        refused = " Moves are refused now." if free < FREE_BYTES else ""
        what = f"{free / 1e6:.0f} MB are free on the disk of {sanban.settings.data_dir}.{refused}"
        yield Finding("DISK_FULL", what, "Make room: old logs and backups first; du -xh --max-depth=2 there")


def _key(sanban: Sanban) -> Iterator[Finding]:
    for name in ("secret_key", "key_ring"):
        path = sanban.settings.data_dir / name
        if path.exists() and path.stat().st_mode & 0o077:
            yield Finding("KEY_READABLE", f"others than its owner may read {path}", f"chmod 600 {path}")


def _certificate(sanban: Sanban) -> Iterator[Finding]:
    url = urlsplit(sanban.settings.public_url or "")
    if url.scheme != "https" or not url.hostname:
        return
    renew = "Renew it (certbot renew) and systemctl reload nginx"
    try:
        pem = ssl.get_server_certificate((url.hostname, url.port or 443), timeout=_TLS_SECONDS)
    except OSError as error:
        what = f"{url.hostname} does not answer by HTTPS ({type(error).__name__})"
        yield Finding("CERTIFICATE", what, "Is nginx up (nginx -t; systemctl status nginx), does the name lead to it?")
        return
    left = x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc - datetime.now(UTC)
    if left.days < _CERTIFICATE_DAYS:
        told = f"ends in {left.days} days" if left.days >= 0 else "has ended"
        yield Finding("CERTIFICATE", f"the certificate of {url.hostname} {told}", renew)


def _sign_in(sanban: Sanban) -> Iterator[Finding]:
    """The organisation's service, by which staff come in."""
    given = sanban.settings.openid
    if given is None:
        return
    try:
        issuer = requests.get(given.metadata, timeout=_TLS_SECONDS).json()["issuer"]
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        what = f"{given.host} does not say what it is ({type(error).__name__}): nobody comes in by it"
        yield Finding("SIGN_IN_SERVICE", what, "Look at SANBAN_OPENID_ISSUER and the way there (docs/sign-in.md)")
        return
    if issuer != given.issuer:
        do = "Write SANBAN_OPENID_ISSUER exactly as the service writes its issuer"
        yield Finding("SIGN_IN_SERVICE", f"{given.host} says that it is another issuer: nobody comes in by it", do)


def _forgets(sanban: Sanban) -> Iterator[Finding]:
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}
    for server in snapshots.servers(sanban.store.moves):
        try:
            has = {name: dict(server.config_get(name)).get(name) for name in wanted}
        except RedisError:
            return  # a hosted server that shows no configuration
        wrong = {name: value for name, value in wanted.items() if has[name] not in (None, value)}
        for name, value in wrong.items():
            what = f"the store may forget what it answered: {name} is {has[name]}"
            yield Finding("STORE_FORGETS", what, f"CONFIG SET {name} {value}, then CONFIG REWRITE (deploy/valkey/)")


def _clocks(sanban: Sanban) -> Iterator[Finding]:
    apart = sanban.store.clock() - time.time() * 1000
    ntp = "Let every machine follow NTP: timedatectl set-ntp true"
    if abs(apart) > _CLOCK_MS:
        yield Finding("CLOCK", f"the store's clock and this machine's are {abs(apart) / 1000:.0f} s apart", ntp)
    for hall_id in sanban.store.hall_ids():
        ahead = sanban.store.hall_clock(hall_id) - sanban.store.clock()
        if ahead > 60_000:
            what = f"{hall_id} has a time {ahead / 60_000:.0f} min ahead of the store's clock, which fell back"
            yield Finding("CLOCK", what, f"{ntp}. The hall's time goes at half the pace until the clock is there again")


def _halls(sanban: Sanban) -> Iterator[Finding]:
    if not sanban.store.hall_ids():
        yield Finding("NO_HALL", "no hall is loaded", "python -m hall load examples/changshou/hall.toml")
    for hall_id in sanban.store.hall_ids():
        try:
            hall = sanban.halls.get(hall_id)
        except (HallError, ValueError) as error:
            what = f"the description of {hall_id} cannot be read ({type(error).__name__})"
            yield Finding(
                "HALL_UNREADABLE", what, "python -m hall load FILE with its last good file, or restore a backup"
            )
            continue
        known = {printer.id for printer in hall.printers}
        for name, printer in PaperStore(sanban.store).printers(hall_id).items():
            if name in known and printer["state"] != "ok":
                what = f"printer {name} of {hall_id} says {printer['state']}"
                yield Finding(
                    "PRINTER", what, "Look at paper, cover and cable; then docs/paper.md, its table of states"
                )
        if year := sanban.days.calendar_warning(hall_id):
            seed = f"python -m hall days seed {year} --hall {hall_id}"
            yield Finding("CALENDAR", f"{hall_id} does not know the special days of {year}", seed)
        yield from _webhooks(sanban, hall)
        if not sanban.store.leads(hall_id, "follower"):
            what = f"nobody follows the journal of {hall_id}: no timer, no job, no forecast"
            yield Finding("NO_FOLLOWER", what, "systemctl restart sanban@follower; logs/follower.log says why")


def _webhooks(sanban: Sanban, hall: Hall) -> Iterator[Finding]:
    kept = sanban.webhooks.kept
    for webhook in (one for one in hall.webhooks if one.on):
        progress, oldest = kept.progress(hall.id, webhook.id), kept.oldest_unsent(hall.id, webhook.id)
        behind = 0 if oldest is None else sanban.store.clock() - oldest
        if progress is not None and progress.stopped is not None:
            what = f"webhook {webhook.id} of {hall.id} has stopped ({progress.why})"
            yield Finding("WEBHOOK_STOPPED", what, "Mend its receiver, then go on at /office/webhooks")
        elif behind > _BEHIND_MS:
            what = f"webhook {webhook.id} of {hall.id} is {behind / 60_000:.0f} min behind"
            restart = "systemctl restart sanban@webhooks; /office/webhooks says what its receiver answers"
            yield Finding("WEBHOOK_BEHIND", what, restart)


def _archive(sanban: Sanban) -> Iterator[Finding]:
    key = key_of(sanban.settings.secret_key)
    try:
        archive = Archive(sanban.settings.archive, key)
    except OtherSchema as error:
        what = f"the archive has schema {error.facts['has']}, this code needs {error.facts['needs']}"
        yield Finding("ARCHIVE_SCHEMA", what, f"{error.facts['do']}, then restart")
        return
    except (SQLAlchemyError, ImportError, OSError) as error:
        what = f"the archive cannot be opened ({type(error).__name__})"
        yield Finding("ARCHIVE_AWAY", what, "Start its database; SANBAN_ARCHIVE_URL. The journal waits meanwhile")
        return
    try:
        for hall_id in sanban.store.hall_ids():
            yield from _archived(sanban, archive, key, hall_id)
    finally:
        archive.close()


def _archived(sanban: Sanban, archive: Archive, key: bytes, hall_id: str) -> Iterator[Finding]:
    oldest = sanban.store.journal.oldest_unarchived(hall_id)
    if oldest is not None and sanban.store.clock() - oldest > _BEHIND_MS:
        what = f"the archive of {hall_id} is {(sanban.store.clock() - oldest) / 60_000:.0f} min behind"
        yield Finding("ARCHIVER_BEHIND", what, "systemctl restart sanban@archiver; logs/archiver.log says why")
    lost = Losses(sanban.store, archive).of(hall_id)
    if lost:
        what = f"the store of {hall_id} has lost what the archive has: {told(lost)}"
        do = "Call for who holds these numbers and give them new ones: they are in no queue. The disk"
        yield Finding("STORE_LOST", what, f"{do} forgets what it said was written (docs/operations.md)")
    differences = Replay(sanban.store, archive).compare(hall_id)
    if differences:
        what = f"{hall_id} is not what its journal says: {differences[0]}" + _more(len(differences))
        see = (
            f"python -m hall replay --hall {hall_id} shows all. Somebody wrote into the store: restore the last backup"
        )
        yield Finding("JOURNAL_DIFFERS", what, see)
    heads = audit.exported(sanban.settings.data_dir / "audit", hall_id)
    chain = audit.verify(archive, key, hall_id, heads)
    if isinstance(chain, Broken):
        what = f"the archive of {hall_id} was changed at entry {chain.entry}: {chain.why}"
        yield Finding(
            "AUDIT_BROKEN", what, "Keep it as it is for whoever investigates; restore a backup elsewhere beside it"
        )


def _more(count: int) -> str:
    return f" (and {count - 1} more)" if count > 1 else ""


def _jobs(sanban: Sanban) -> Iterator[Finding]:
    url = sanban.settings.jobs_url or sanban.settings.redis_url
    client = Redis.from_url(str(url), socket_timeout=SOCKET_TIMEOUT, socket_connect_timeout=SOCKET_TIMEOUT)
    try:
        for name, process in _QUEUES.items():
            queue = Queue(name, connection=client, serializer=JSONSerializer)
            if not Worker.count(queue=queue):
                what = f"nobody works on the jobs of {name!r}; {queue.count} wait"
                yield Finding("NO_WORKER", what, f"systemctl restart sanban@{process}; logs/{process}.log says why")
            if failed := FailedJobRegistry(queue=queue).count:
                what = f"{failed} jobs of {name!r} failed within half a minute; they are tried again"
                yield Finding("JOBS_FAIL", what, f"logs/{process}.log says which and why")
    except (RedisError, ValueError) as error:
        what = f"the server for jobs does not answer ({type(error).__name__})"
        yield Finding("JOBS_AWAY", what, "Start it; SANBAN_JOBS_URL")
    finally:
        client.close()


def _backups(sanban: Sanban) -> Iterator[Finding]:
    here = sanban.settings
    if here.backup_dir is None:
        yield Finding("NO_BACKUP", "no backup makes itself", "Set SANBAN_BACKUP_DIR to a directory on another disk")
        return
    last = sanban.backups.last()
    age = sanban.store.clock() - int(last.get("at", 0))
    if not last or last.get("error") or age > 2 * here.backup_hours * _HOUR:
        why = f": {last['error']}" if last.get("error") else ""
        old = f"the last backup is {age / _HOUR:.0f} h old" if last.get("at") else "no backup was ever made"
        room = f"Is {here.backup_dir} mounted and has it room? Then python -m hall backup"
        yield Finding("BACKUP_OLD", f"{old}{why}", room)
    elif not Path(last["path"]).exists():
        yield Finding("BACKUP_OLD", f"the last backup is gone: {last['path']}", "python -m hall backup")
    if here.backup_dir.exists() and here.backup_dir.stat().st_dev == here.data_dir.stat().st_dev:
        what = "backups are on the disk that they should outlive"
        yield Finding("BACKUP_SAME_DISK", what, "Set SANBAN_BACKUP_DIR to another disk, or copy them away every day")
