"""A hall rebuilt from archive and journal is the live hall, at any moment."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from hall.archive.archive import Archive
from hall.domain.events import id_order
from hall.services.replay import Replay
from hall.store.keys import Keys
from tests.archive.tools import facts
from tests.driver import Driver
from tests.web.histories import History


def copy(hall: Driver, archive: Archive) -> None:
    while rows := hall.store.journal.raw_after(hall.id, archive.cursor(hall.id), 500):
        archive.append(hall.id, archive.cursor(hall.id), rows)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_day_is_rebuilt_as_it_is(hall: Driver, archive: Archive, seed: int) -> None:
    history = History(hall, seed)
    replay = Replay(hall.store, archive)
    for _ in range(4):
        for _ in range(60):
            history.step()
        assert replay.compare(hall.id, hall.now) == []
        copy(hall, archive)
        assert replay.compare(hall.id, hall.now) == []


def test_a_moment_in_the_past_is_rebuilt(hall: Driver, archive: Archive) -> None:
    hall.at("09:00").issue()
    hall.at("09:10").issue()
    hall.at("09:20").next()
    copy(hall, archive)
    hall.at("09:30").issue()
    replay = Replay(hall.store, archive)
    for time, waiting in (
        ("08:59", {}),
        ("09:00", {"a": 1}),
        ("09:15", {"a": 2}),
        ("09:25", {"a": 1}),
        ("10:00", {"a": 2}),
    ):
        assert replay.until(hall.id, until_ms=hall.at(time).now).waiting() == waiting


def test_after_a_day_has_closed_a_replay_starts_from_its_checkpoint(hall: Driver, archive: Archive) -> None:
    hall.at("09:00").issue()
    hall.timers.close_day(hall.id, "2026-11-24", hall.at("23:59").now)
    hall.at("09:00", day="2026-11-25").issue()
    copy(hall, archive)
    replay = Replay(hall.store, archive)
    assert replay.compare(hall.id, hall.now) == []
    at, known = archive.checkpoint(hall.id, archive.cursor(hall.id))
    assert json.loads(dict(archive.read(hall.id))[at])["kind"] == "day_closed"
    assert known.folded.tickets == {}
    assert id_order(at) < id_order(archive.cursor(hall.id))
    # The moment before the checkpoint is still rebuilt, from before it.
    assert replay.until(hall.id, until_id=hall.journal()[1].id).waiting() == {"a": 1}


def test_what_differs_is_listed(hall: Driver, archive: Archive) -> None:
    number = hall.issue()
    replay = Replay(hall.store, archive)
    key = Keys(hall.id).of("ticket", hall.ids[number])
    image = json.loads(str(hall.store.reads.get(key)))
    hall.store.moves.set(key, json.dumps({**image, "language": "en"}))
    (difference,) = replay.compare(hall.id, hall.now)
    assert difference.endswith("language: live 'en', the journal 'zh'")
    hall.store.moves.srem(Keys(hall.id).of("open"), hall.ids[number])
    assert any("only in the journal" in line for line in replay.compare(hall.id, hall.now))


@pytest.mark.parametrize("seed", range(3))
def test_a_restarted_archiver_goes_on_as_one_that_never_stopped(
    hall: Driver, archive: Archive, open_archive: Callable[[], Archive], seed: int
) -> None:
    history = History(hall, 100 + seed)
    for _ in range(6):
        for _ in range(50):
            history.step()
        once = open_archive()  # knows nothing but what is kept
        copy(hall, once)
        once.close()
    kept = facts(archive, hall.id)
    assert len(kept["tickets"]) > 20
    archive.project_again(hall.id)
    assert facts(archive, hall.id) == kept


@pytest.mark.parametrize("seed", range(3))
def test_facts_agree_with_the_store_about_a_random_day(hall: Driver, archive: Archive, seed: int) -> None:
    history = History(hall, 200 + seed)
    for _ in range(300):
        history.step()
    copy(hall, archive)
    found = facts(archive, hall.id)
    journal = hall.journal()
    assert len(found["tickets"]) == sum(entry.kind == "issued" for entry in journal)
    assert len(found["calls"]) == len(found["visits"]) == sum(entry.kind == "called" for entry in journal)
    undone = sum(entry.kind == "undone" and entry.facts["undid"] == "call" for entry in journal)
    assert sum(call["undone"] for call in found["calls"]) == undone
    open_ = {
        t["id"]: t["state"]
        for t in found["tickets"]
        if t["state"] in ("waiting", "called", "serving", "parked", "missed")
    }
    assert open_ == {ticket["id"]: ticket["state"] for ticket in hall.snapshot().tickets.values()}
    for visit in found["visits"]:
        if visit["ended_at"] is None:
            assert open_[visit["ticket"]] in ("called", "serving")
        assert not visit["service"] or visit["service"] >= 0
    at_windows = [t for t in open_.values() if t in ("called", "serving")]
    assert sum(visit["ended_at"] is None for visit in found["visits"]) == len(at_windows)
    assert not any(call["over"] for call in found["calls"] if call["rule"] == "next" and not call["undone"])
