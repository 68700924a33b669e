"""One record a person: found by number and phone, readable by the services alone, gone when erased."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from hall.archive.archive import Archive
from hall.domain.booking_errors import UnknownPerson
from hall.domain.notices import Notices
from hall.domain.people import Person
from hall.services.people import People
from hall.services.sealing import CannotOpen, Sealed, Sealer
from hall.services.secrets import Secrets
from hall.services.tickets import Wish
from hall.store.embedded import EmbeddedServer
from hall.store.scripts import fingerprint
from hall.store.store import Store
from tests.booking import LI, BookableHall, id_number
from tests.driver import DAY


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url)


def record_of(hall: BookableHall, person_id: str) -> dict[str, str]:
    return cast(dict[str, str], hall.store.reads.hgetall(f"hall:{{{hall.id}}}:record:{person_id}"))


def everything(hall: BookableHall) -> str:
    """Every key and value of the store that belongs to the hall."""
    reads, parts = hall.store.reads, []
    dump: dict[str, Any] = {
        "string": reads.get,
        "hash": reads.hgetall,
        "set": reads.smembers,
        "zset": lambda key: reads.zrange(key, 0, -1, withscores=True),
        "list": lambda key: reads.lrange(key, 0, -1),
        "stream": reads.xrange,
    }
    for key in reads.scan_iter(f"hall:{{{hall.id}}}*"):
        parts.append(f"{key} {dump[cast(str, reads.type(key))](key)!r}")
    return "\n".join(parts)


def test_nothing_personal_is_readable_in_store_journal_or_archive(hall: BookableHall, tmp_path: Path) -> None:
    hall.change(notices=Notices(called_soon=True))
    booked = hall.book("10:00", person=LI, key="a request")
    hall.move(booked, "10:30", by="staff:ann")
    other = hall.book("10:00", person=Person("诸葛小红", "13900001111"))
    hall.cancel(other)
    hall.at("10:00").check_in(None, id_number=LI.id_number, phone="13812345678", key="another")
    hall.place("b1", phone="13700002222")
    archive = Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}", migrate=True)
    archive.append(hall.id, "0-0", hall.store.journal.raw_after(hall.id, "0-0"))
    archive.close()

    store = everything(hall)
    assert booked.image["person"] in store  # the dump holds what it should
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in ("李小明", "诸葛", "13812345678", "1381234", "13900001111", "13700002222", LI.id_number, "19600101"):
        assert secret not in store
        assert json.dumps(secret).strip('"') not in store
        assert secret.encode() not in files


def test_what_was_asked_for_is_remembered_so_that_no_number_can_be_searched(hall: BookableHall) -> None:
    hall.change(notices=Notices(called_soon=True))
    hall.at("09:00").check_in(None, "a1", id_number=LI.id_number, phone="13812345678", key="k1")
    remembered = everything(hall)
    for number in (LI.id_number, None):
        for phone in ("13812345678", None):
            guess = fingerprint("issue", Wish(("a1",), id_number=number, phone=phone))
            assert guess not in remembered
    number, phone = hall.secrets.person(hall.id, LI.id_number), hall.secrets.hidden("print", hall.id, "13812345678")
    assert fingerprint("issue", Wish(("a1",), id_number=number, phone=phone)) in remembered


def test_a_record_is_found_by_number_and_by_phone_however_it_is_written(hall: BookableHall) -> None:
    person_id = hall.book("10:00", person=LI).image["person"]
    again = Person("李 小明", "+86-138 1234 5678")
    assert hall.book("10:00", person=again, day="2026-11-25").image["person"] == person_id
    assert hall.people.find(hall.id, phone="+8613812345678") == {person_id: hall.people.get(hall.id, person_id)}
    assert list(hall.people.find(hall.id, id_number=LI.id_number)) == [person_id]
    assert hall.people.find(hall.id, phone="+8613812345679") == {}


def test_a_family_may_share_a_phone(hall: BookableHall) -> None:
    mother = hall.book("10:00", person=LI).image["person"]
    child = hall.book("10:00", person=Person("李小小", LI.phone, id_number("20100101"))).image["person"]
    assert mother != child
    assert set(hall.people.find(hall.id, phone="+8613812345678")) == {mother, child}


def test_whoever_books_online_changes_a_phone_only_with_the_name_and_never_the_name(hall: BookableHall) -> None:
    person_id = hall.book("10:00", person=LI).image["person"]
    hall.book("10:00", person=Person("别人", "13700002222", LI.id_number), day="2026-11-27")
    assert hall.people.get(hall.id, person_id) == Person("李小明", "+8613812345678", LI.id_number)
    hall.book("10:00", person=Person("李小明", "13700001111", LI.id_number), day="2026-11-25")
    assert hall.people.get(hall.id, person_id) == Person("李小明", "+8613700001111", LI.id_number)
    assert hall.people.find(hall.id, phone="+8613812345678") == {}
    hall.book("10:00", person=Person("李大明", "", LI.id_number), day="2026-11-26", by="staff:ann")
    assert hall.people.get(hall.id, person_id) == Person("李大明", "+8613700001111", LI.id_number)


def test_somebody_without_papers_is_kept_by_description(hall: BookableHall) -> None:
    person_id = hall.people.keep(hall.caller(), hall.id, Person(description="穿蓝色外套，常在昌化路桥下"))
    assert hall.people.get(hall.id, person_id).description.startswith("穿蓝色")
    assert hall.people.keep(hall.caller(), hall.id, Person(name="老陈"), person_id) == person_id
    assert hall.people.get(hall.id, person_id) == Person("老陈", description="穿蓝色外套，常在昌化路桥下")


def test_erasing_destroys_key_record_and_what_finds_it(hall: BookableHall) -> None:
    booked = hall.book("10:00", person=LI)
    person_id = booked.image["person"]
    copy = record_of(hall, person_id)
    hall.people.erase(hall.caller(), hall.id, person_id)
    dump = everything(hall)
    assert not any(value in dump for value in (copy["blob"], copy["key"], copy["card"], copy["finds"]))
    assert hall.people.find(hall.id, id_number=LI.id_number) == {}
    assert hall.people.find(hall.id, phone="+8613812345678") == {}
    with pytest.raises(UnknownPerson):
        hall.people.get(hall.id, person_id)
    with pytest.raises(UnknownPerson):
        hall.people.erase(hall.caller(), hall.id, person_id)


def test_an_erased_key_is_on_the_disk_no_more(durable_server: EmbeddedServer) -> None:
    hall = BookableHall(durable_server.url)
    store = Store(hall.store.moves, hall.store.reads, durable_server.directory)
    people = People(store, hall.secrets)
    person_id = hall.book("10:00", person=LI).image["person"]
    key = record_of(hall, person_id)["key"].encode()

    def on_disk() -> bool:
        return any(key in path.read_bytes() for path in durable_server.directory.rglob("*.aof"))

    assert on_disk()
    people.erase(hall.caller(), hall.id, person_id)
    deadline = time.monotonic() + 20
    while on_disk():
        assert time.monotonic() < deadline
        hall.store.reads.blpop(["nothing"], timeout=0.1)
    assert hall.book("10:15", person=LI).image["person"] != person_id


def test_the_appointment_of_an_erased_person_stays_as_somebodys(hall: BookableHall) -> None:
    booked = hall.book("10:00", person=LI)
    hall.people.erase(hall.caller(), hall.id, booked.image["person"])
    listed = hall.appointments.on_date(hall.id, date.fromisoformat(DAY))
    assert [one.person for one in listed] == [{"name": "", "phone": "", "id_number": ""}]
    hall.at("09:30").check_in(booked)
    assert hall.book("11:00", person=LI).image["person"] != booked.image["person"]


def test_two_at_once_with_one_identity_number_make_one_record(hall: BookableHall) -> None:
    records = [hall.people.record(hall.id, Person("李小明", id_number=LI.id_number)) for _ in range(2)]
    assert records[0]["id"] != records[1]["id"]
    kept = {hall.people._people.keep(hall.id, hall.caller(), record, None) for record in records}
    assert kept == {records[0]["id"]}
    assert list(hall.people.find(hall.id, id_number=LI.id_number)) == [records[0]["id"]]


def test_another_installations_key_opens_nothing(hall: BookableHall) -> None:
    person_id = hall.book("10:00", person=LI).image["person"]
    thief = People(hall.store, Secrets(b"another key, also of 32 bytes..."))
    with pytest.raises(CannotOpen):
        thief.get(hall.id, person_id)


def test_a_record_cannot_be_given_to_another_person_or_changed() -> None:
    sealer = Sealer(b"a key for tests only, 32 bytes..")
    sealed = sealer.seal("hall/one", b"secret")
    assert sealer.open("hall/one", sealed) == b"secret"
    with pytest.raises(CannotOpen):
        sealer.open("hall/two", sealed)
    flipped = ("B" if sealed.blob[20] == "A" else "A").join((sealed.blob[:20], sealed.blob[21:]))
    with pytest.raises(CannotOpen):
        sealer.open("hall/one", Sealed(flipped, sealed.key))


def test_every_writing_has_a_nonce_of_its_own_and_the_same_key() -> None:
    sealer = Sealer(b"a key for tests only, 32 bytes..")
    first = sealer.seal("hall/one", b"secret")
    second = sealer.seal("hall/one", b"secret", first.key)
    assert first.blob != second.blob
    assert second.key == first.key
    assert sealer.seal("hall/one", b"secret").key != first.key
