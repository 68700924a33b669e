"""The table of moves: every move in every state, legal or refused with its code and nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from hall.domain.errors import HallError
from hall.services.calls import Edit, Finish, Target
from hall.store.keys import Keys
from tests.driver import DAY, Driver
from tests.services.audit import Audit

Ask = Callable[[Driver], object]

#: how the ticket A001 comes into each state; it is at w1 where it is at a window
STATES: dict[str, list[str]] = {
    "waiting": [],
    "called": ["next"],
    "serving": ["next", "start"],
    "parked": ["next", "park"],
    "missed": ["next", "miss"],
    "done": ["next", "finish"],
    "cancelled": ["cancel"],
    "expired": ["expire"],
}

#: move → from where it is legal, to where it goes (None: it stays), and what a window that holds nothing says
TABLE: dict[str, tuple[dict[str, str | None], str]] = {
    "next": ({"waiting": "called"}, ""),
    "call": ({"waiting": "called"}, "MOVE_NOT_LEGAL"),
    "recall": ({"called": None}, "WINDOW_EMPTY"),
    "start": ({"called": "serving"}, "WINDOW_EMPTY"),
    "finish": ({"called": "done", "serving": "done"}, "WINDOW_EMPTY"),
    "papers missing": ({"called": "done", "serving": "done"}, "WINDOW_EMPTY"),
    "miss": ({"called": "missed"}, "WINDOW_EMPTY"),
    "come back": ({"missed": "waiting"}, "MOVE_NOT_LEGAL"),
    "more time": ({"waiting": None}, "MOVE_NOT_LEGAL"),
    "return": ({"called": "waiting", "serving": "waiting"}, "WINDOW_EMPTY"),
    "transfer": ({"called": "waiting", "serving": "waiting"}, "WINDOW_EMPTY"),
    "transfer by number": ({"waiting": None}, "MOVE_NOT_LEGAL"),
    "park": ({"called": "parked", "serving": "parked"}, "WINDOW_EMPTY"),
    "unpark": ({"parked": "called"}, "MOVE_NOT_LEGAL"),
    "refuse claim": (dict.fromkeys(["waiting", "called", "serving", "parked", "missed"]), "MOVE_NOT_LEGAL"),
    "edit": (dict.fromkeys(["waiting", "called", "serving", "parked", "missed"]), "MOVE_NOT_LEGAL"),
    "cancel": (dict.fromkeys(["waiting", "called", "missed", "parked"], "cancelled"), "MOVE_NOT_LEGAL"),
    "undo": ({"called": "waiting", "serving": "called", "missed": "called", "done": "called"}, "NOTHING_TO_UNDO"),
}

MOVES: dict[str, Ask] = {
    "next": lambda hall: hall.next("w1"),
    "call": lambda hall: hall.calls.call(hall.caller(), hall.id, "w2", "A001", "told to"),
    "recall": lambda hall: hall.calls.recall(hall.caller(), hall.id, "w1"),
    "start": lambda hall: hall.calls.start(hall.caller(), hall.id, "w1"),
    "finish": lambda hall: hall.calls.finish(hall.caller(), hall.id, "w1"),
    "papers missing": lambda hall: hall.calls.finish(hall.caller(), hall.id, "w1", Finish("papers_missing")),
    "miss": lambda hall: hall.calls.miss(hall.caller(), hall.id, "w1"),
    "come back": lambda hall: hall.tickets.come_back(hall.caller(), hall.token("A001")),
    "more time": lambda hall: hall.tickets.more_time(hall.caller(), hall.token("A001")),
    "return": lambda hall: hall.calls.return_(hall.caller(), hall.id, "w1"),
    "transfer": lambda hall: hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line"),
    "transfer by number": lambda hall: hall.calls.transfer(
        hall.caller(), hall.id, "w2", Target(line="b"), "wrong line", "A001"
    ),
    "park": lambda hall: hall.calls.park(hall.caller(), hall.id, "w1"),
    "unpark": lambda hall: hall.calls.unpark(hall.caller(), hall.id, "w1", "A001"),
    "refuse claim": lambda hall: hall.calls.verify(hall.caller(), hall.id, "w2", confirmed=False, number="A001"),
    "edit": lambda hall: hall.calls.edit(hall.caller(), hall.id, "A001", Edit(note="deaf", language="en")),
    "cancel": lambda hall: hall.tickets.cancel(hall.caller(), hall.token("A001")),
    "undo": lambda hall: hall.calls.undo(hall.caller(), hall.id, "w1"),
    "expire": lambda hall: hall.timers.close_day(hall.id, DAY, hall.now),
}


@pytest.fixture
def audit(hall: Driver) -> Iterator[Audit]:
    held = Audit(hall)
    yield held
    held.close()


def bring(hall: Driver, state: str) -> None:
    hall.at("09:00").issue(claim="veteran")
    for move in STATES[state]:
        hall.now += 1000
        MOVES[move](hall)
    assert state_of(hall) == state


def state_of(hall: Driver) -> str:
    return str(hall.ticket("A001")["state"])


def cases() -> list[tuple[str, str]]:
    return [(state, move) for move in TABLE for state in STATES if not (move == "next" and state != "waiting")]


@pytest.mark.parametrize(("state", "move"), cases(), ids=str)
def test_a_move_is_legal_where_the_table_says_so_and_changes_nothing_elsewhere(
    hall: Driver, audit: Audit, state: str, move: str
) -> None:
    bring(hall, state)
    legal, code = TABLE[move]
    if state in legal:
        before = hall.ticket("A001")
        MOVES[move](hall)
        assert state_of(hall) == (legal[state] or state)
        assert hall.ticket("A001")["number"] == before["number"]
        return
    dump = audit.dump()
    with pytest.raises(HallError) as refusal:
        MOVES[move](hall)
    at_window = state in ("called", "serving")
    held = {"WINDOW_EMPTY": "MOVE_NOT_LEGAL"} if move != "unpark" else {"MOVE_NOT_LEGAL": "WINDOW_BUSY"}
    assert refusal.value.code == (held.get(code, code) if at_window else code)
    assert audit.dump() == dump


def test_a_service_that_was_never_started_has_no_start_in_its_times(hall: Driver) -> None:
    bring(hall, "done")
    assert "started_at" not in hall.ticket("A001")


@pytest.mark.parametrize("state", ["called", "serving"])
def test_a_returned_ticket_keeps_its_queue_time(hall: Driver, state: str) -> None:
    bring(hall, state)
    hall.at("09:30").calls.return_(hall.caller(), hall.id, "w1")
    assert hall.ticket("A001")["queue_time"] == hall.at("08:00").now


def test_a_recall_rings_again_and_may_be_acknowledged_for_itself(hall: Driver) -> None:
    bring(hall, "called")
    hall.tickets.shown(hall.caller(), hall.id, hall.ids["A001"], 1)
    hall.calls.recall(hall.caller(), hall.id, "w1")
    assert "shown" not in hall.ticket("A001")
    assert [ring["calls"] for ring in hall.snapshot().calls] == [2, 1]


def test_a_note_is_for_staff_and_never_in_an_entry(hall: Driver) -> None:
    bring(hall, "waiting")
    MOVES["edit"](hall)
    assert hall.tickets.find(hall.caller(), hall.id, "A001").note == "deaf"
    assert hall.ticket("A001")["noted"] is True
    assert "deaf" not in str(hall.store.journal.raw_after(hall.id, "0-0"))
    hall.calls.edit(hall.caller(), hall.id, "A001", Edit(note=""))
    assert hall.tickets.find(hall.caller(), hall.id, "A001").note is None
    assert "noted" not in hall.ticket("A001")


def test_a_ticket_that_has_ended_is_forgotten_after_two_days(hall: Driver, audit: Audit) -> None:
    bring(hall, "done")
    assert audit.read().open_ids == set()
    ttl = hall.store.reads.pttl(Keys(hall.id).of("ticket", hall.ids["A001"]))
    assert 0 < int(str(ttl)) <= 2 * 24 * 3600 * 1000


def test_two_windows_that_finish_and_call_get_different_tickets(hall: Driver) -> None:
    for _ in range(4):
        hall.issue()
    first = [hall.next("w1"), hall.next("w2")]
    then = [hall.next("w1", finish="done"), hall.next("w2", finish="not_possible")]
    assert (first, then) == (["A001", "A002"], ["A003", "A004"])
    outcomes = [e.ticket["outcome"] for e in hall.journal() if e.kind == "finished"]
    assert outcomes == ["done", "not_possible"]


def test_finish_and_next_with_nobody_waiting_still_finishes(hall: Driver) -> None:
    bring(hall, "serving")
    assert hall.next("w1", finish="done") is None
    assert state_of(hall) == "done"
