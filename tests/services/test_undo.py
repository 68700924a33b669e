"""What can be taken back at a window, until when, and what must not come back with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hall.domain.callers import Caller
from hall.domain.errors import NothingToUndo
from hall.services.calls import Edit, Finish
from tests.driver import Driver
from tests.services.people import YOUNG


def undo(hall: Driver, window: str = "w1") -> str:
    return str(hall.calls.undo(hall.caller(), hall.id, window)["state"])


def cannot_undo(hall: Driver, window: str = "w1") -> bool:
    before = hall.snapshot()
    with pytest.raises(NothingToUndo):
        undo(hall, window)
    return hall.snapshot() == before


@pytest.fixture
def called(hall: Driver) -> Driver:
    hall.at("09:00").issue()
    hall.at("09:05").next("w1")
    return hall


def test_a_call_taken_back_puts_the_ticket_to_its_place(called: Driver) -> None:
    called.issue()
    assert undo(called) == "waiting"
    assert called.next("w1") == "A001"


@pytest.mark.parametrize(
    ("move", "back"), [("start", "called"), ("miss", "called"), ("finish", "called"), ("call", "waiting")]
)
def test_each_move_can_be_taken_back_for_thirty_seconds(called: Driver, move: str, back: str) -> None:
    if move != "call":
        getattr(called.calls, move)(called.caller(), called.id, "w1")
    called.at("09:05:30")
    assert undo(called) == back


def test_after_thirty_seconds_nothing_can_be_taken_back(called: Driver) -> None:
    called.now += 30_001
    assert cannot_undo(called)


def test_a_service_that_was_started_is_going_on_again_after_undo(called: Driver) -> None:
    called.calls.start(called.caller(), called.id, "w1")
    started = called.ticket("A001")["started_at"]
    called.calls.finish(called.caller(), called.id, "w1", Finish("not_possible"))
    assert undo(called) == "serving"
    ticket = called.ticket("A001")
    assert ticket["started_at"] == started
    assert not {"outcome", "ended_at"} & ticket.keys()
    assert called.snapshot().windows["w1"]["ticket"] == ticket["id"]


def test_the_last_moves_are_taken_back_one_by_one(called: Driver) -> None:
    called.calls.start(called.caller(), called.id, "w1")
    called.calls.finish(called.caller(), called.id, "w1")
    assert [undo(called), undo(called), undo(called)] == ["serving", "called", "waiting"]
    assert cannot_undo(called)


def test_after_another_call_the_finish_before_it_is_out_of_reach(called: Driver) -> None:
    called.issue()
    called.next("w1", finish="done")
    called.calls.start(called.caller(), called.id, "w1")
    called.calls.finish(called.caller(), called.id, "w1")
    assert called.calls.undo(called.caller(), called.id, "w1")["number"] == "A002"


def test_undo_is_of_the_same_window(called: Driver) -> None:
    assert cannot_undo(called, "w2")


def test_a_finished_ticket_undone_counts_as_the_persons_open_ticket_again(hall: Driver) -> None:
    hall.issue(id_number=YOUNG)
    hall.next("w1")
    hall.calls.finish(hall.caller(), hall.id, "w1")
    undo(hall)
    place = hall.place(id_number=YOUNG, slot="08:30")
    assert place.ticket["number"] == "A001"


def test_a_new_ticket_of_the_person_is_not_forgotten_by_an_undo(hall: Driver) -> None:
    hall.issue(id_number=YOUNG)
    hall.next("w1")
    hall.calls.finish(hall.caller(), hall.id, "w1")
    hall.issue(id_number=YOUNG)
    undo(hall)
    assert hall.place(id_number=YOUNG, slot="08:30").ticket["number"] == "A002"


def test_a_miss_cannot_be_taken_back_once_another_window_called_the_ticket(called: Driver) -> None:
    called.calls.miss(called.caller(), called.id, "w1")
    called.tickets.come_back(called.caller(), called.token("A001"))
    called.next("w2")
    called.calls.miss(called.caller(), called.id, "w2")
    assert cannot_undo(called, "w1")
    assert undo(called, "w2") == "called"


def test_a_miss_cannot_be_taken_back_once_the_person_came_back(called: Driver) -> None:
    called.calls.miss(called.caller(), called.id, "w1")
    called.tickets.come_back(called.caller(), called.token("A001"))
    assert cannot_undo(called)


def test_a_finish_cannot_be_taken_back_once_its_slip_was_used(called: Driver) -> None:
    called.calls.finish(called.caller(), called.id, "w1", Finish("papers_missing"))
    called.issue(slip=called.token("A001"))
    assert cannot_undo(called)


@pytest.mark.parametrize("move", ["park", "return_"])
def test_what_leaves_the_window_by_another_move_cannot_be_taken_back(called: Driver, move: str) -> None:
    getattr(called.calls, move)(called.caller(), called.id, "w1")
    assert cannot_undo(called)


def test_closing_the_window_ends_what_can_be_taken_back(called: Driver) -> None:
    called.calls.finish(called.caller(), called.id, "w1")
    called.windows.close(called.caller(), called.id, "w1")
    assert cannot_undo(called)


def test_an_edit_between_call_and_undo_stays(called: Driver) -> None:
    called.calls.edit(called.caller(), called.id, "A001", Edit(services=("a2",), language="en"))
    undo(called)
    ticket = called.ticket("A001")
    assert (ticket["services"], ticket["language"]) == ("a2", "en")


def test_other_services_named_at_the_finish_are_taken_back_with_it(called: Driver) -> None:
    called.calls.finish(called.caller(), called.id, "w1", Finish("done", ("a2",)))
    undo(called)
    assert called.ticket("A001")["services"] == "a1"


def test_a_claim_refused_between_call_and_undo_stays_refused(hall: Driver) -> None:
    hall.at("09:00").issue(claim="veteran")
    hall.next("w1")
    hall.calls.verify(hall.caller(), hall.id, "w1", confirmed=False)
    undo(hall)
    ticket = hall.ticket("A001")
    assert (ticket["lane"], ticket["queue_time"]) == ("general", hall.now)


def test_a_late_acknowledgement_of_a_call_taken_back_does_not_show_the_next_call(called: Driver) -> None:
    undo(called)
    called.next("w2")
    called.tickets.shown(called.caller(), called.id, called.ids["A001"], 1)
    assert "shown" not in called.ticket("A001")


def test_the_walking_time_of_a_call_taken_back_does_not_end_that_of_the_next_call(called: Driver) -> None:
    undo(called)
    called.at("09:05:20").next("w1")
    fire_due(called.at("09:06:10"))
    assert "unanswered" not in called.kinds()
    fire_due(called.at("09:06:20"))
    assert called.kinds()[-1] == "unanswered"


def test_a_call_shown_while_serving_stays_shown_when_the_start_is_taken_back(called: Driver) -> None:
    called.calls.start(called.caller(), called.id, "w1")
    called.tickets.shown(called.caller(), called.id, called.ids["A001"], 1)
    undo(called)
    assert called.ticket("A001")["shown"] is True


def test_after_a_start_taken_back_a_missing_person_is_offered_again(called: Driver) -> None:
    called.at("09:05:50").calls.start(called.caller(), called.id, "w1")
    fire_due(called.at("09:06:10"))
    undo(called)
    fire_due(called.at("09:07:10"))
    assert called.kinds()[-1] == "unanswered"


def fire_due(hall: Driver) -> None:
    for timer, _ in hall.timers.due(hall.id, hall.now):
        hall.timers.fire(hall.id, timer, hall.now)


def test_a_second_undo_with_the_same_key_takes_back_nothing_more(called: Driver) -> None:
    called.calls.start(called.caller(), called.id, "w1")
    caller = Caller("staff:ann", key="k1", now=called.now)
    states = [called.calls.undo(caller, called.id, "w1")["state"] for _ in range(2)]
    assert states == ["called", "called"]
    assert called.ticket("A001")["state"] == "called"


def test_a_paused_window_can_still_take_back(called: Driver, make_hall: Callable[..., Driver]) -> None:
    called.windows.pause(called.caller(), called.id, "w1")
    assert undo(called) == "waiting"
