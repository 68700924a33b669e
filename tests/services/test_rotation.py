"""The wrapping key is rotated while everything runs; what interrupts it costs nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hall.domain.callers import Caller
from hall.domain.errors import StaleConfig
from hall.domain.people import Person
from hall.services.appointments import Appointments
from hall.services.cases import Cases
from hall.services.key_ring import BadKeyRing, KeyRing, RotationBusy
from hall.services.people import People
from hall.services.rotation import Progress, Rotation
from hall.services.sealing import CannotOpen, generation_of
from hall.services.secrets import Secrets
from hall.store.embedded import EmbeddedServer
from hall.store.keys import Keys
from tests.booking import LI, BookableHall
from tests.cases.desk import Desk
from tests.driver import KEY

ROOT = Path(__file__).resolve().parents[2]
CLI = Caller(by="cli")
DAY = 24 * 3_600_000


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "key_ring")


@pytest.fixture
def hall(durable_server: EmbeddedServer, ring: KeyRing) -> BookableHall:
    """A store of its own: a rotation is of all halls."""
    return with_ring(BookableHall(durable_server.url), ring)


def with_ring(hall: BookableHall, ring: KeyRing) -> BookableHall:
    hall.secrets = Secrets(KEY, ring)
    hall.people = People(hall.store, hall.secrets)
    hall.appointments = Appointments(hall.moves, hall.secrets)
    return hall


def fill(hall: BookableHall, count: int) -> dict[str, str]:
    """Ids of so many people → their names."""
    people = [f"王{n}号" for n in range(count)]
    return {hall.people.keep(hall.caller(), hall.id, Person(name, description="made up")): name for name in people}


def generations(hall: BookableHall) -> dict[int, int]:
    """Generation → how many records it wraps."""
    counts: dict[int, int] = {}
    for ids in hall.people._people.everybody(hall.id, 100):
        for record in hall.people._people.read(hall.id, ids).values():
            generation = generation_of(record["key"])
            counts[generation] = counts.get(generation, 0) + 1
    return counts


def rotate(hall: BookableHall, now: int = 1) -> int:
    return Rotation(hall.store, hall.secrets).rotate(hall.caller("cli"), now)


def names(hall: BookableHall, ids: dict[str, str]) -> dict[str, str]:
    return {one: person.name for one, person in hall.people.many(hall.id, ids).items()}


def test_every_key_is_wrapped_anew_and_every_record_reads_as_before(hall: BookableHall) -> None:
    ids = fill(hall, 230)
    assert generations(hall) == {0: 230}
    blobs = {one: record["blob"] for one, record in hall.people._people.read(hall.id, ids).items()}
    assert rotate(hall) == 1
    assert generations(hall) == {1: 230}
    assert {one: record["blob"] for one, record in hall.people._people.read(hall.id, ids).items()} == blobs
    assert names(hall, ids) == ids
    assert rotate(hall) == 2
    assert generations(hall) == {2: 230}
    assert names(hall, ids) == ids
    assert [entry.facts["generation"] for entry in hall.journal() if entry.kind == "wrapping_changed"] == [1, 2]


def test_what_cases_say_is_read_after_a_rotation(durable_server: EmbeddedServer, ring: KeyRing) -> None:
    desk = Desk(durable_server.url)
    desk.cases = Cases(desk.moves, Secrets(KEY, ring))
    case = desk.open(person=Person("王秀英"), texts={"found": "under the bridge"})
    Rotation(desk.store, desk.cases.secrets).rotate(CLI, 1)
    desk.cases.note(desk.caller(), desk.id, case["id"], "seen again")
    texts = desk.cases.texts.opened(desk.id, case["person"], desk.kept.texts(desk.id, case["id"]))
    assert sorted(texts.values()) == ["seen again", "under the bridge"]


def test_a_rotation_that_stops_in_the_middle_goes_on_where_it_was(hall: BookableHall) -> None:
    ids = fill(hall, 250)

    class Stopped(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.done >= 100:
            raise Stopped

    with pytest.raises(Stopped):
        Rotation(hall.store, hall.secrets).rotate(hall.caller("cli"), 1, stop)
    half = generations(hall)
    assert half[0] > 0 and half[1] >= 100
    assert names(hall, ids) == ids
    changed = hall.people.keep(hall.caller(), hall.id, Person("新名"), next(iter(ids)))
    assert hall.people.get(hall.id, changed).name == "新名"
    assert rotate(hall) == 1, "the one that was begun, not a third"
    assert generations(hall) == {1: 250}


def test_a_killed_command_leaves_nothing_unreadable_and_the_next_one_finishes(
    hall: BookableHall, durable_server: EmbeddedServer, tmp_path: Path
) -> None:
    ids = fill(hall, 600)
    env = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    env |= {"SANBAN_DATA_DIR": str(tmp_path), "SANBAN_SECRET_KEY": KEY.decode()}
    env |= {"SANBAN_REDIS_URL": durable_server.url, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "hall", "keys", "rotate"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert names(hall, ids) == ids
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    assert "Generation 1 wraps everything now" in done.stdout
    assert generations(hall) == {1: 600}
    assert names(hall, ids) == ids


def test_who_prepared_a_record_with_the_old_key_prepares_it_again(hall: BookableHall, ring: KeyRing) -> None:
    """A process that read the ring a moment before it changed."""
    person_id = hall.book("10:00", person=LI).image["person"]
    late = hall.people.record(hall.id, Person("李小明", "13700001111", LI.id_number), person_id)
    rotate(hall)
    with pytest.raises(StaleConfig):
        hall.people._people.keep(hall.id, hall.caller(), late, None)
    assert generations(hall) == {1: 1}
    stale = People(hall.store, Secrets(KEY, KeyRing()))
    with pytest.raises(StaleConfig):
        stale.keep(hall.caller(), hall.id, Person("没有新钥匙"))
    # Services prepare a move once more by themselves.
    hall.book("11:00", day="2026-11-25", person=Person("李小明", "13700002222", LI.id_number))
    assert set(generations(hall)) == {1}


def test_a_retired_key_is_destroyed_once_no_backup_needs_it(hall: BookableHall, ring: KeyRing) -> None:
    person_id = hall.book("10:00", person=LI).image["person"]
    rotate(hall, now=1)
    backup = hall.people._people.read(hall.id, [person_id])[person_id]
    rotate(hall, now=5 * DAY)
    rotation = Rotation(hall.store, hall.secrets)
    assert rotation.destroy_retired(34 * DAY, days=30) == []
    assert hall.people._open(hall.id, person_id, backup).name == "李小明"
    assert rotation.destroy_retired(36 * DAY, days=30) == [1]
    with pytest.raises(CannotOpen):
        hall.people._open(hall.id, person_id, backup)
    assert hall.people.get(hall.id, person_id).name == "李小明"
    assert [one.generation for one in KeyRing(ring._path).all()] == [2]


def test_the_installations_key_alone_and_the_ring_alone_open_nothing(hall: BookableHall, ring: KeyRing) -> None:
    person_id = hall.book("10:00", person=LI).image["person"]
    rotate(hall)
    for thief in (Secrets(KEY, KeyRing()), Secrets(b"another key, also of 32 bytes...", ring)):
        with pytest.raises(CannotOpen):
            People(hall.store, thief).get(hall.id, person_id)


def test_the_ring_is_its_owners_alone_and_one_process_changes_it(hall: BookableHall, ring: KeyRing) -> None:
    rotate(hall)
    assert ring._path is not None
    assert ring._path.stat().st_mode & 0o777 == 0o600
    with ring.changing(), pytest.raises(RotationBusy):
        rotate(hall)
    ring._path.write_text('[{"generation": 1}]')
    with pytest.raises(BadKeyRing):
        ring.all()


def test_a_hall_without_people_is_rotated_too(hall: BookableHall) -> None:
    assert rotate(hall) == 1
    assert hall.store.reads.hget(Keys(hall.id).hall, "wrapping") == "1"
    fill(hall, 1)
    assert generations(hall) == {1: 1}
