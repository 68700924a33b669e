"""The journal alone gives back every booked appointment, and many who book at once get what there is."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from dataclasses import replace
from datetime import date
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier

from hall.domain.booking_errors import SlotFull
from hall.domain.errors import HallError
from hall.domain.fold import Folded, fold
from hall.store.appointments import Kept
from tests.booking import OFFER, WEEK, BookableHall, lines
from tests.driver import DAY


def folded(hall: BookableHall) -> Folded:
    state = Folded()
    for entry in hall.journal():
        fold(state, entry)
    return state


def stored(hall: BookableHall) -> dict[str, object]:
    return {image["id"]: image for image in hall.appointments.kept.awaited(hall.id, hall.now + 10**10)}


def test_the_journal_gives_back_every_booked_appointment(store_url: str) -> None:
    hall, chance = BookableHall(store_url), random.Random(7)
    booked: list[Kept] = []
    times = ["09:30", "09:45", "10:00", "10:15", "10:30", "13:30", "13:45", "14:00"]
    for step in range(120):
        hall.now += chance.randrange(3) * 60_000
        one = chance.choice(booked) if booked else None
        try:
            match chance.choice(["book", "book", "book", "move", "cancel", "arrive", "timers"]):
                case "book":
                    booked.append(hall.book(chance.choice(times), chance.choice(["a1", "b1"])))
                case "move" if one:
                    hall.move(one, chance.choice(times))
                case "cancel" if one:
                    hall.cancel(one)
                case "arrive" if one:
                    hall.check_in(one)
                case "timers":
                    hall.fire_due()
        except HallError:
            continue
        if step % 10 == 0:
            assert folded(hall).appointments == stored(hall)
    kinds = set(hall.kinds())
    assert {"booked", "rebooked", "booking_cancelled", "issued", "place_released"} <= kinds
    assert folded(hall).appointments == stored(hall) != {}
    hall.at("00:10", "2026-11-25")
    hall.timers.close_day(hall.id, DAY, hall.now)
    assert folded(hall).appointments == stored(hall) == {}


def _race(url: str, hall_id: str, now: int, start: Barrier, got: SimpleQueue[int]) -> None:
    """One process: books whatever it sees free, until nothing is."""
    hall = BookableHall(url)
    hall.id, hall.now = hall_id, now
    today = hall.hall.calendar.date_of(now)
    start.wait()
    while free := [slot.start for slot in hall.slots.on(hall_id, "a", today, now) if slot.left]:
        try:
            got.put(hall.book(f"{hall.hall.calendar.local(free[0]):%H:%M}").image["slot"])
        except SlotFull:
            continue


def test_sixteen_processes_that_race_for_the_last_five_places_get_five(store_url: str) -> None:
    # 20 slots of 2 places: 40 places, 35 of them taken before the race
    week = replace(WEEK, tue=("09:00-11:30", "13:30-16:00"))
    hall = BookableHall(store_url, lines=lines(replace(OFFER, hours=week)))
    slots = [slot.start for slot in hall.slots.on(hall.id, "a", date.fromisoformat(DAY), hall.now)]
    places = [slot for slot in slots for _ in range(2)]
    assert len(places) == 40
    for slot in places[:35]:
        hall.book(f"{hall.hall.calendar.local(slot):%H:%M}")

    processes = multiprocessing.get_context("fork")
    start, got = processes.Barrier(16), processes.SimpleQueue()
    racers = [processes.Process(target=_race, args=(store_url, hall.id, hall.now, start, got)) for _ in range(16)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(60)
    assert [racer.exitcode for racer in racers] == [0] * 16

    won = []
    while not got.empty():
        won.append(got.get())
    assert Counter(won) == Counter(places[35:])
    assert hall.appointments.kept.taken(hall.id, "a", slots) == [2] * 20
    images = hall.appointments.kept.awaited(hall.id, hall.now + 10**10)
    assert Counter(image["slot"] for image in images) == Counter(places)
    assert len({image["id"] for image in images}) == len({image["person"] for image in images}) == 40
