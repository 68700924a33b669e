"""Windows, their clerks, and what is addressed to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hall.domain.errors import (
    ClerkElsewhere,
    TargetClosed,
    TargetMissing,
    WindowBusy,
    WindowClosed,
    WindowPaused,
    WindowTaken,
)
from hall.domain.halls import Group
from hall.services.calls import Target
from tests.driver import Driver, text


def send(hall: Driver, number: str, **target: str) -> None:
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(**target), "asked for", number)  # type: ignore[arg-type]


def sit(hall: Driver, window: str, clerk: str, *, take_over: bool = False) -> None:
    hall.windows.open(hall.caller(clerk=clerk), hall.id, window, take_over=take_over)


def next_for(hall: Driver, window: str, clerk: str) -> str | None:
    ticket = hall.calls.call_next(hall.caller(clerk=clerk), hall.id, window)
    return ticket["number"] if ticket else None


def test_a_window_that_is_closed_opens_with_its_first_call(hall: Driver) -> None:
    hall.issue()
    assert next_for(hall, "w1", "ann") == "A001"
    assert (hall.snapshot().windows["w1"]["state"], hall.snapshot().windows["w1"]["clerk"]) == ("open", "ann")


def test_one_clerk_sits_at_one_window(hall: Driver) -> None:
    sit(hall, "w1", "ann")
    with pytest.raises(ClerkElsewhere) as refusal:
        sit(hall, "w2", "ann")
    assert refusal.value.facts == {"window": "w1"}
    with pytest.raises(ClerkElsewhere):
        next_for(hall, "w2", "ann")
    with pytest.raises(WindowTaken):
        sit(hall, "w1", "bob")
    with pytest.raises(WindowTaken):
        next_for(hall, "w1", "bob")


def test_taking_over_gives_up_the_old_seat_and_returns_the_ticket_left_there(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:05").issue()
    assert next_for(hall, "w1", "ann") == "A001"
    sit(hall, "w2", "ann", take_over=True)

    assert hall.kinds()[-3:] == ["returned", "window_closed", "window_opened"]
    windows = hall.snapshot().windows
    assert (windows["w1"]["state"], "ticket" in windows["w1"]) == ("closed", False)
    assert next_for(hall, "w2", "ann") == "A001"


def test_whose_window_is_taken_over_sits_nowhere(hall: Driver) -> None:
    sit(hall, "w1", "ann")
    sit(hall, "w1", "bob", take_over=True)
    with pytest.raises(WindowTaken):
        next_for(hall, "w1", "ann")
    sit(hall, "w2", "ann")


def test_a_paused_window_calls_nobody_but_keeps_its_ticket(hall: Driver) -> None:
    hall.issue()
    hall.next("w1")
    hall.windows.pause(hall.caller(), hall.id, "w1", "tea")
    with pytest.raises(WindowPaused):
        hall.next("w1", finish="done")
    assert hall.ticket("A001")["state"] == "called"
    hall.windows.resume(hall.caller(), hall.id, "w1")
    hall.issue()
    assert hall.next("w1", finish="done") == "A002"


def test_a_closed_window_cannot_pause(hall: Driver) -> None:
    with pytest.raises(WindowClosed):
        hall.windows.pause(hall.caller(), hall.id, "w1")


def test_a_transfer_needs_exactly_one_target(hall: Driver) -> None:
    hall.issue()
    for target in (Target(), Target(line="b", window="w1")):
        with pytest.raises(TargetMissing):
            hall.calls.transfer(hall.caller(), hall.id, "w1", target, "wrong line", "A001")


@pytest.mark.parametrize("target", [{"window": "w2"}, {"clerk": "ann"}])
def test_nothing_is_sent_to_who_is_not_there(hall: Driver, target: dict[str, str]) -> None:
    hall.issue()
    entries = len(hall.journal())
    with pytest.raises(TargetClosed):
        send(hall, "A001", **target)
    assert len(hall.journal()) == entries


def test_what_is_addressed_to_a_window_is_called_there_alone(hall: Driver) -> None:
    sit(hall, "w2", "ann")
    hall.issue()
    send(hall, "A001", window="w2")
    assert hall.next("w1") is None
    assert next_for(hall, "w2", "ann") == "A001"


def test_what_is_addressed_to_a_clerk_is_called_where_the_clerk_sits(hall: Driver) -> None:
    sit(hall, "w2", "ann")
    hall.issue()
    send(hall, "A001", clerk="ann")
    assert hall.next("w1") is None
    assert next_for(hall, "w2", "ann") == "A001"


def test_what_is_addressed_to_a_clerk_follows_to_another_seat(hall: Driver) -> None:
    sit(hall, "w2", "ann")
    hall.at("09:05").issue()
    send(hall, "A001", clerk="ann")
    sit(hall, "p1", "ann", take_over=True)
    assert hall.next("w1") is None
    assert next_for(hall, "p1", "ann") == "A001"


@pytest.mark.parametrize("target", [{"window": "w2"}, {"clerk": "ann"}])
def test_what_is_addressed_goes_back_to_its_line_when_the_window_closes(hall: Driver, target: dict[str, str]) -> None:
    sit(hall, "w2", "ann")
    hall.at("09:00").issue()
    send(hall, "A001", **target)
    hall.at("09:10").issue()
    hall.windows.close(hall.caller(), hall.id, "w2")

    assert hall.kinds()[-1] == "readdressed"
    assert hall.serve_all() == ["A001", "A002"]


def test_a_window_with_a_ticket_cannot_close(hall: Driver) -> None:
    hall.issue()
    hall.next("w1")
    with pytest.raises(WindowBusy):
        hall.windows.close(hall.caller(), hall.id, "w1")


def test_a_parked_ticket_is_called_at_its_window_and_elsewhere_only_when_that_is_closed(hall: Driver) -> None:
    hall.issue()
    hall.next("w1")
    hall.calls.park(hall.caller(), hall.id, "w1")
    assert hall.next("w1") is None, "never called by itself"
    with pytest.raises(WindowTaken):
        hall.calls.unpark(hall.caller(), hall.id, "w2", "A001")
    hall.windows.close(hall.caller(), hall.id, "w1")
    assert hall.calls.unpark(hall.caller(), hall.id, "w2", "A001")["state"] == "called"
    assert hall.journal()[-1].facts["rule"] == "unparked"


# Priority windows ----------------------------------------------------------------------------------


def test_a_priority_window_takes_priority_tickets_first_and_then_the_others(hall: Driver) -> None:
    hall.windows.open(hall.caller(), hall.id, "w1")
    hall.at("09:00").issue()
    hall.at("11:00").issue(claim="veteran")
    hall.at("11:01").issue("b1", claim="veteran")
    assert hall.serve_all("p1") == ["A002", "B001", "A001"]
    assert {e.facts["rule"] for e in hall.journal() if e.kind == "called"} == {"priority"}


@pytest.mark.parametrize("absent", ["closed", "paused"])
def test_without_an_open_general_window_a_priority_window_picks_as_a_general_one(hall: Driver, absent: str) -> None:
    hall.windows.open(hall.caller(), hall.id, "w1")
    {"closed": hall.windows.close, "paused": hall.windows.pause}[absent](hall.caller(), hall.id, "w1")
    hall.at("09:00").issue()
    hall.at("11:00").issue(claim="veteran")
    assert hall.serve_all("p1") == ["A001", "A002"]
    assert {e.facts["rule"] for e in hall.journal() if e.kind == "called"} == {"next"}


def test_a_priority_window_is_general_only_for_the_lines_nobody_else_serves(hall: Driver) -> None:
    hall.windows.open(hall.caller(), hall.id, "w3")  # general, line a alone
    hall.at("09:00").issue("a1")
    hall.at("09:01").issue("b1")
    hall.at("10:30").issue("a1", claim="veteran")
    assert hall.serve_all("p1") == ["B001", "A002", "A001"]


def test_a_group_without_head_start_is_first_at_a_priority_window_alone(make_hall: Callable[..., Driver]) -> None:
    hall = make_hall(groups=(Group("family", text("family"), head_start=0),))
    hall.windows.open(hall.caller(), hall.id, "w1")
    hall.at("09:00").issue()
    hall.at("09:05").issue(claim="family")
    assert hall.ticket("A002")["lane"] == "priority"
    assert hall.calls.upcoming(hall.caller(), hall.id, "w1", 3) == ["A001", "A002"]
    assert hall.calls.upcoming(hall.caller(), hall.id, "p1", 3) == ["A002", "A001"]
    assert hall.next("p1") == "A002"
