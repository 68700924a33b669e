"""The checker is itself checked: a sound record passes, and each planted fault is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from redis import Redis

from hall.store.keys import Keys
from tests.driver import Driver
from tests.faults.record import Kept, Record, Screen, check

Planted = Callable[[Record, Kept], Kept]


def named(hall: Driver, number: str) -> str:
    return f"{number} {hall.ids[number]}"


def morning(hall: Driver) -> tuple[Record, Kept]:
    """Three numbers, two calls, a display that saw all of it."""
    record = Record()
    record.issued = {f"k{n}": named(hall, hall.issue()) for n in range(3)}
    for n, window in enumerate(("w1", "w2")):
        called = hall.next(window)
        assert called
        record.called[f"c{n}"] = (window, named(hall, called))
    rows = hall.store.journal.raw_after(hall.id, "0-0")
    kept = Kept(rows, list(rows), hall.snapshot())
    record.screens = [Screen(rows[0][0], [entry.id for entry in kept.entries if entry.kind == "called"])]
    return record, kept


def without(kept: Kept, kind: str) -> Kept:
    """A store that forgot its last entry of a kind, and an archive that never had it."""
    last = [entry.id for entry in kept.entries if entry.kind == kind][-1]
    rows = [row for row in kept.journal if row[0] != last]
    return replace(kept, journal=rows, archive=rows)


def lose_a_ticket(record: Record, kept: Kept) -> Kept:
    return without(kept, "issued")


def lose_a_call(record: Record, kept: Kept) -> Kept:
    return without(kept, "called")


def late_archive(record: Record, kept: Kept) -> Kept:
    return replace(kept, archive=kept.archive[:-1])


def call_again(record: Record, kept: Kept) -> Kept:
    """The first call once more, at another window."""
    entry_id, body = next(row for row in kept.journal if json.loads(row[1])["kind"] == "called")
    again = json.loads(body)
    again["window"]["id"] = "w3"
    record.screens[0].rings.append(later := f"{int(entry_id.split('-')[0]) + 10**9}-0")
    rows = [*kept.journal, (later, json.dumps(again))]
    return replace(kept, journal=rows, archive=rows)


def issue_again(record: Record, kept: Kept) -> Kept:
    entry_id, body = next(row for row in kept.journal if json.loads(row[1])["kind"] == "issued")
    rows = [*kept.journal, (f"{int(entry_id.split('-')[0]) + 10**9}-0", body)]
    return replace(kept, journal=rows, archive=rows)


def forget_a_ticket(record: Record, kept: Kept) -> Kept:
    """The journal has it, the state does not: half a write."""
    waiting = [name for name, ticket in kept.state.tickets.items() if ticket["state"] == "waiting"]
    left = {name: ticket for name, ticket in kept.state.tickets.items() if name != waiting[0]}
    return replace(kept, state=replace(kept.state, tickets=left))


def blind_display(record: Record, kept: Kept) -> Kept:
    record.screens[0].rings.pop()
    return kept


def stammering_display(record: Record, kept: Kept) -> Kept:
    record.screens[0].rings.append(record.screens[0].rings[-1])
    return kept


def changed_archive(record: Record, kept: Kept) -> Kept:
    entry_id, body = kept.archive[-1]
    return replace(kept, archive=[*kept.archive[:-1], (entry_id, body.replace("called", "issued"))])


def forget_an_answer(record: Record, kept: Kept) -> Kept:
    """A request that was done twice: who asked knows of the second time only."""
    record.issued.pop("k0")
    return kept


def test_a_sound_record_passes(hall: Driver) -> None:
    assert check(*morning(hall)) == []


@pytest.mark.parametrize(
    ("plant", "named"),
    [
        (lose_a_ticket, "lost: "),
        (lose_a_call, "lost: call "),
        (call_again, "called twice: "),
        (issue_again, "number twice: "),
        (forget_a_ticket, "state: "),
        (late_archive, "archive: "),
        (changed_archive, "archive: "),
        (blind_display, "display 0: call "),
        (stammering_display, " twice"),
        (forget_an_answer, "ghost: "),
    ],
)
def test_what_was_broken_is_named(hall: Driver, plant: Planted, named: str) -> None:
    record, kept = morning(hall)
    assert any(named in complaint for complaint in check(record, plant(record, kept)))


class Broken:
    """A store that falls back, whatever it answered meanwhile: what it has of a hall is as it was, its journal too if
    wanted."""

    def __init__(self, url: str, hall: Driver) -> None:
        self._store, self._keys = Redis.from_url(url), Keys(hall.id)

    def keep(self) -> dict[bytes, bytes]:
        dumps = {name: self._store.dump(name) for name in self._store.keys(f"{self._keys.hall}*")}
        return {name: dump for name, dump in dumps.items() if isinstance(name, bytes) and dump is not None}

    def fall_back(self, kept: dict[bytes, bytes], *, journal: bool) -> None:
        held = set() if journal else {self._keys.of("journal").encode()}
        for name in self.keep().keys() - held:
            self._store.delete(name)
        for name in kept.keys() - held:
            self._store.restore(name, 0, kept[name])


def seen(hall: Driver) -> Kept:
    rows = hall.store.journal.raw_after(hall.id, "0-0")
    return Kept(rows, list(rows), hall.snapshot())


def test_a_store_that_loses_an_answered_write_is_caught(hall: Driver, store_url: str) -> None:
    record, store = Record(), Broken(store_url, hall)
    record.issued["k0"] = named(hall, hall.issue())
    before = store.keep()
    record.issued["k1"] = named(hall, hall.issue())
    assert check(record, seen(hall)) == []
    store.fall_back(before, journal=True)
    assert any("lost: " in complaint for complaint in check(record, seen(hall)))


def test_a_store_that_calls_a_ticket_twice_is_caught(hall: Driver, store_url: str) -> None:
    record, store = Record(), Broken(store_url, hall)
    record.issued["k0"] = named(hall, hall.issue())
    before = store.keep()
    for n, window in enumerate(("w1", "w2")):
        called = hall.next(window)
        assert called == "A001"
        record.called[f"c{n}"] = (window, named(hall, called))
        if n == 0:
            assert check(record, seen(hall)) == []
            store.fall_back(before, journal=False)
    assert any("called twice: " in complaint for complaint in check(record, seen(hall)))
