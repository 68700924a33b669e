"""The end of the day: what is left ends as expired, once, and nothing of the next day is touched."""

from __future__ import annotations

from hall.services.calls import Target
from tests.driver import DAY, Driver

NEXT = "2026-11-25"


def close(hall: Driver) -> tuple[bool, int]:
    answer = hall.timers.close_day(hall.id, DAY, hall.now)
    return answer.closed, answer.tickets


def states(hall: Driver) -> dict[str, str]:
    """The last state of each ticket the journal tells of."""
    return {e.ticket["number"]: e.ticket["state"] for e in hall.journal() if e.ticket}


def test_every_open_state_ends_as_expired_and_what_is_served_as_done(hall: Driver) -> None:
    for _ in range(5):
        hall.at("18:00").issue()
    hall.next("w1")
    hall.calls.park(hall.caller(), hall.id, "w1")
    hall.next("w1")
    hall.calls.miss(hall.caller(), hall.id, "w1")
    hall.next("w1")
    hall.next("w2")
    hall.calls.start(hall.caller(), hall.id, "w2")

    assert close(hall.at("00:00", day=NEXT)) == (True, 5)
    assert states(hall) == {
        "A001": "expired",
        "A002": "expired",
        "A003": "expired",
        "A004": "done",
        "A005": "expired",
    }
    done = [e.ticket for e in hall.journal() if e.kind == "finished"]
    assert [ticket["outcome"] for ticket in done] == ["unclosed"]
    after = hall.snapshot()
    assert after.tickets == {}
    assert {w["state"] for w in after.windows.values()} == {"closed"}
    assert not any("ticket" in w for w in after.windows.values())


def test_a_day_is_closed_once_whoever_asks(hall: Driver) -> None:
    hall.issue()
    hall.at("00:00", day=NEXT)
    assert hall.timers.day_to_close(hall.id, hall.now) == DAY
    assert [close(hall), close(hall)] == [(True, 1), (False, 0)]
    assert hall.timers.day_to_close(hall.id, hall.now) is None
    assert hall.kinds().count("day_closed") == 1


def test_a_window_that_holds_a_ticket_of_the_next_day_keeps_it_and_stays_open(hall: Driver) -> None:
    hall.at("23:59").issue()
    hall.at("00:00", day=NEXT)
    assert hall.issue() == "A001"
    tomorrow = hall.ids["A001"]
    hall.next("w1", None)
    hall.calls.finish(hall.caller(), hall.id, "w1")
    hall.next("w1")
    hall.next("w2")
    assert close(hall) == (True, 0)

    assert list(hall.snapshot().tickets) == [tomorrow]
    windows = hall.snapshot().windows
    assert (windows["w1"]["state"], windows["w1"]["ticket"], windows["w2"]["state"]) == ("open", tomorrow, "closed")


def test_a_ticket_of_the_next_day_in_a_private_queue_goes_to_its_line(hall: Driver) -> None:
    hall.windows.open(hall.caller(), hall.id, "w2")
    hall.at("00:00", day=NEXT).issue()
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(window="w2"), "asked for", "A001")
    assert close(hall) == (True, 0)
    assert hall.next("w1") == "A001"


def test_the_day_to_close_is_a_date_of_the_halls_zone(hall: Driver) -> None:
    assert hall.timers.day_to_close(hall.id, hall.at("23:59:59").now) == "2026-11-23"
    assert hall.timers.day_to_close(hall.id, hall.at("00:00", day=NEXT).now) == DAY
