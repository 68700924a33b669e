"""Where implementations of this order go wrong: one test each, in the policy's order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hall.domain.calendar import Week
from hall.domain.errors import (
    ClaimDecided,
    ContingentFull,
    HallClosed,
    LineClosed,
    ReasonMissing,
    TicketOpen,
    TooEarly,
    WindowBusy,
)
from hall.domain.halls import Line
from hall.domain.policy import MINUTE, HeadStart, Policy
from hall.services.calls import Edit, Target
from hall.store.keys import Keys
from tests.driver import Driver, text
from tests.services.people import YOUNG


def in_sets(hall: Driver, number: str) -> list[str]:
    """Where a ticket stands: "queue/set"."""
    keys = Keys(hall.id)
    return [
        f"{queue}/{name}"
        for queue in ("a", "b", "@window/w1", "@window/w2", "@clerk/ann")
        for name in ("priority", "general", "booked")
        if hall.store.reads.zscore(keys.of("queue", queue, name), hall.ids[number]) is not None
    ]


def refuse_claim(hall: Driver, number: str) -> None:
    hall.calls.verify(hall.caller(), hall.id, "w1", confirmed=False, number=number)


def test_a_change_of_the_head_starts_never_reorders_people_who_wait(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:50").issue(claim="veteran")
    hall.issue(slot="10:00")
    hall.at("10:00").change(policy=Policy(head_start=HeadStart(green=5, appointment=0), grace=0))

    assert hall.serve_all() == ["A002", "A001", "A003"], "as if nothing had been changed"
    assert hall.at("10:10").issue(claim="veteran") == "A004"
    assert hall.ticket("A004")["queue_time"] == hall.at("10:05").now


@pytest.mark.parametrize("way", ["undo", "return", "transfer"])
def test_a_booked_ticket_called_early_goes_back_and_is_still_rekeyed_at_its_slot(hall: Driver, way: str) -> None:
    hall.at("09:30").issue(slot="10:00")
    assert hall.next("w1") == "A001"
    assert in_sets(hall, "A001") == []
    target = Target(line="b")
    {
        "undo": lambda: hall.calls.undo(hall.caller(), hall.id, "w1"),
        "return": lambda: hall.calls.return_(hall.caller(), hall.id, "w1"),
        "transfer": lambda: hall.calls.transfer(hall.caller(), hall.id, "w1", target, "wrong line"),
    }[way]()
    queue = "b" if way == "transfer" else "a"

    assert in_sets(hall, "A001") == [f"{queue}/general", f"{queue}/booked"]
    hall.at("10:00").timers.fire(hall.id, f"slot/{hall.ids['A001']}", hall.now)
    assert in_sets(hall, "A001") == [f"{queue}/priority"]
    assert hall.ticket("A001")["queue_time"] == hall.at("09:15").now


def test_a_booked_ticket_returned_after_its_slot_enters_the_priority_set_at_once(hall: Driver) -> None:
    hall.at("09:30").issue(slot="10:00")
    hall.next("w1")
    hall.at("10:01").calls.return_(hall.caller(), hall.id, "w1")

    assert in_sets(hall, "A001") == ["a/priority"]
    assert hall.ticket("A001")["queue_time"] == hall.at("09:15").now


def test_a_refused_claim_takes_the_green_head_start_and_leaves_the_slot(hall: Driver) -> None:
    hall.at("09:55").issue(claim="veteran", slot="10:00")
    assert hall.ticket("A001")["queue_time"] == hall.at("08:55").now
    refuse_claim(hall.at("09:56"), "A001")
    assert in_sets(hall, "A001") == ["a/general", "a/booked"]
    hall.at("10:00")
    assert hall.ticket("A001")["queue_time"] == hall.at("09:15").now


def test_a_claim_refused_once_cannot_be_declared_again(hall: Driver) -> None:
    hall.issue(claim="veteran")
    refuse_claim(hall, "A001")
    with pytest.raises(ClaimDecided):
        hall.calls.edit(hall.caller(), hall.id, "A001", Edit(group="veteran"))


def test_a_returned_ticket_is_passed_over_by_its_window_for_five_minutes_unless_alone(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:01").issue()
    hall.next("w1")
    hall.calls.return_(hall.caller(), hall.id, "w1")

    assert hall.next("w1") == "A002"
    assert hall.next("w2") == "A001", "other windows do not pass it over"
    hall.calls.return_(hall.caller(), hall.id, "w2")
    assert hall.next("w1", finish="done") == "A001", "nobody else waits"


def test_after_five_minutes_a_returned_ticket_is_first_again(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:01").issue()
    hall.next("w1")
    hall.calls.return_(hall.caller(), hall.id, "w1")
    hall.now += 5 * MINUTE - 1
    assert hall.next("w1") == "A002"
    hall.calls.return_(hall.caller(), hall.id, "w1")
    hall.now += 1
    assert hall.next("w1") == "A001"


def test_an_appointment_that_checks_in_too_early_is_told_from_when(hall: Driver) -> None:
    with pytest.raises(TooEarly) as refusal:
        hall.at("08:59:59").issue(slot="10:00")
    assert refusal.value.facts == {"from_": hall.at("09:00").now}
    assert hall.issue(slot="10:00") == "A001"


def test_with_an_open_ticket_in_the_line_the_slot_is_attached_to_it(hall: Driver) -> None:
    hall.at("09:00").issue(id_number=YOUNG)
    place = hall.at("09:50").place(id_number=YOUNG, slot="10:00")

    assert place.ticket["number"] == "A001"
    assert in_sets(hall, "A001") == ["a/general", "a/booked"]
    assert hall.kinds()[-1] == "checked_in"
    dates = hall.store.reads.keys(f"hall:{{{hall.id}}}:checked_in:*")
    assert [hall.store.reads.pttl(key) > 0 for key in dates] == [True], "forgotten after two days"


def test_one_open_ticket_is_checked_by_the_line_of_issue(hall: Driver) -> None:
    hall.issue("a1", id_number=YOUNG)
    hall.next("w1")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line")

    with pytest.raises(TicketOpen) as refusal:
        hall.issue("a1", id_number=YOUNG)
    assert refusal.value.facts == {"number": "A001"}
    assert hall.issue("b1", id_number=YOUNG) == "B001"
    hall.tickets.cancel(hall.caller(), hall.token("A001"))
    assert hall.issue("a1", id_number=YOUNG) == "A002"


def test_hours_stop_issuing_and_never_calling(make_hall: Callable[..., Driver]) -> None:
    morning = Week(*[("08:00-12:00",)] * 7)
    lunch = Line("b", "B", text("b"), hours=Week(*[("08:00-11:00",)] * 7))
    hall = make_hall(hours=morning, lines=(Line("a", "A", text("a")), lunch))
    hall.at("10:59").issue("b1")
    with pytest.raises(LineClosed):
        hall.at("11:00").issue("b1")
    hall.at("11:59:59").issue("a1")
    with pytest.raises(HallClosed):
        hall.at("12:00").issue("a1")
    assert hall.issue("a1", override="fell on the stairs") == "A002"
    assert hall.at("12:30").serve_all() == ["B001", "A001", "A002"]


def test_a_contingent_stops_issuing_and_never_calling(make_hall: Callable[..., Driver]) -> None:
    hall = make_hall(lines=(Line("a", "A", text("a"), contingent=1), Line("b", "B", text("b"))))
    hall.issue()
    with pytest.raises(ContingentFull):
        hall.issue()
    assert hall.issue(override="came from far away") == "A002"
    hall.change(lines=(replace(hall.hall.lines[0], contingent=1), hall.hall.lines[1]))
    assert hall.serve_all() == ["A001", "A002"]


def test_a_window_that_holds_a_ticket_is_busy(hall: Driver) -> None:
    hall.issue()
    hall.issue()
    hall.next("w1")
    for ask in (
        lambda: hall.next("w1"),
        lambda: hall.calls.call(hall.caller(), hall.id, "w1", "A002", "told to"),
        lambda: hall.windows.close(hall.caller(), hall.id, "w1"),
    ):
        with pytest.raises(WindowBusy) as refusal:
            ask()
        assert refusal.value.facts == {"window": "w1", "number": "A001"}


@pytest.mark.parametrize("way", ["call", "cancel", "transfer", "day close"])
def test_every_exit_leaves_the_booked_set_too(hall: Driver, way: str) -> None:
    hall.at("23:30").issue(slot="23:50")
    assert in_sets(hall, "A001") == ["a/general", "a/booked"]
    if way == "call":
        hall.next("w1")
    elif way == "cancel":
        hall.tickets.cancel(hall.caller(), hall.token("A001"))
    elif way == "transfer":
        hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line", "A001")
        assert in_sets(hall, "A001") == ["b/general", "b/booked"]
        hall.next("w1")
    else:
        hall.timers.close_day(hall.id, "2026-11-24", hall.now)
    assert in_sets(hall, "A001") == []


@pytest.mark.parametrize("origin_open", [True, False])
def test_with_return_to_origin_the_ticket_comes_back_with_its_own_queue_time(hall: Driver, origin_open: bool) -> None:
    hall.at("09:00").issue()
    hall.next("w1")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b", origin=True), "a stamp from b")
    assert hall.at("09:10").next("w2") == "A001"
    if not origin_open:
        hall.windows.close(hall.caller(), hall.id, "w1")
    hall.calls.finish(hall.caller(), hall.id, "w2")

    assert hall.kinds()[-1] == "sent_back"
    assert in_sets(hall, "A001") == (["@window/w1/general"] if origin_open else ["a/general"])
    assert hall.ticket("A001")["queue_time"] == hall.at("09:00").now
    assert hall.at("09:12").next("w2") == (None if origin_open else "A001")


def test_a_transfer_keeps_number_and_queue_time_and_needs_a_reason(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:05").issue("b1")
    hall.at("09:10").next("w1")
    with pytest.raises(ReasonMissing):
        hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), " ")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line")

    entry = hall.journal()[-1]
    assert (entry.kind, entry.facts["reason"]) == ("transferred", "wrong line")
    assert (entry.ticket["number"], entry.ticket["queue_time"]) == ("A001", hall.at("09:00").now)
    assert hall.serve_all() == ["A001", "B001"]


def test_the_order_of_first_issue_breaks_ties_also_after_a_re_entry(hall: Driver) -> None:
    for _ in range(3):
        hall.at("09:00").issue()
    hall.calls.call(hall.caller(), hall.id, "w1", "A002", "told to")
    hall.calls.return_(hall.caller(), hall.id, "w1")

    assert hall.serve_all("w2") == ["A001", "A002", "A003"]


def test_the_order_of_first_issue_breaks_ties_between_sets_and_lines(hall: Driver) -> None:
    hall.at("09:00").issue("b1")
    hall.issue("a1")
    hall.at("10:00").issue("a1", claim="veteran")  # counts as 09:00
    hall.at("09:00").issue("b1", claim="veteran")

    assert hall.serve_all() == ["B001", "A001", "A002", "B002"]
