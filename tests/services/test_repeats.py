"""Request keys: the same request again is answered as the first time, whatever happened since."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hall.domain.calendar import Week
from hall.domain.callers import Caller
from hall.domain.errors import HallClosed, KeyReused, UnknownTicket
from hall.services.tickets import Place, Wish
from tests.driver import Driver
from tests.services.people import YOUNG


def issue(hall: Driver, key: str | None, service: str = "a1", by: str = "device:kiosk", **wish: str) -> Place:
    asked = Wish((service,), **wish)  # type: ignore[arg-type]
    return hall.tickets.issue(Caller(by, key=key, now=hall.now), hall.id, asked)


def test_the_same_key_gets_the_same_answer_and_nothing_happens_twice(hall: Driver) -> None:
    first = issue(hall, "k")
    issue(hall, None)
    hall.at("09:30")
    assert issue(hall, "k") == first
    assert hall.kinds().count("issued") == 2


def test_the_same_key_with_another_request_is_refused(hall: Driver) -> None:
    issue(hall, "k")
    for other in ({"service": "b1"}, {"language": "en"}, {"claim": "veteran"}, {"id_number": YOUNG}):
        with pytest.raises(KeyReused):
            issue(hall, "k", **other)
    with pytest.raises(KeyReused):
        hall.calls.call_next(Caller("device:kiosk", key="k", now=hall.now), hall.id, "w1")
    assert hall.kinds().count("issued") == 1


def test_the_same_key_of_another_caller_is_another_key(hall: Driver) -> None:
    assert issue(hall, "k").ticket["id"] != issue(hall, "k", by="device:other").ticket["id"]


def test_a_refusal_is_not_remembered(hall: Driver) -> None:
    caller = Caller("staff:ann", key="k", now=hall.now)
    with pytest.raises(UnknownTicket):
        hall.calls.call(caller, hall.id, "w1", "A001", "told to")
    hall.issue()
    assert hall.calls.call(caller, hall.id, "w1", "A001", "told to")["number"] == "A001"


def test_an_answer_that_was_lost_is_given_again_after_the_hall_has_closed(make_hall: Callable[..., Driver]) -> None:
    hall = make_hall(hours=Week(*[("08:00-12:00",)] * 7))
    first = issue(hall.at("11:59:59"), "k")
    hall.at("12:00")
    assert issue(hall, "k") == first
    with pytest.raises(KeyReused):
        issue(hall, "k", language="en")
    with pytest.raises(HallClosed) as refusal:
        issue(hall, "k2")
    assert refusal.value.facts == {"opens": hall.at("08:00", day="2026-11-25").now}


def test_nobody_waits_is_an_answer_that_is_remembered_too(hall: Driver) -> None:
    caller = Caller("staff:ann", key="k", now=hall.now)
    assert hall.calls.call_next(caller, hall.id, "w1") is None
    hall.issue()
    assert hall.calls.call_next(caller, hall.id, "w1") is None


def test_the_identity_number_is_not_kept_with_the_request(hall: Driver) -> None:
    issue(hall, "k", id_number=YOUNG)
    keys = hall.store.reads.keys(f"hall:{{{hall.id}}}:request:*")
    assert len(keys) == 1
    assert YOUNG not in str(hall.store.reads.get(keys[0]))
    assert hall.store.reads.pttl(keys[0]) > 23 * 3600 * 1000
