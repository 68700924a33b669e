"""A manager changes what a window serves while it runs."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from hall.domain.errors import BadHallFile, ReasonMissing, UnknownLine, UnknownWindow
from hall.services.halls import Halls
from hall.services.moves import Moves
from hall.services.windows import Windows
from hall.store.connect import connect
from hall.store.store import Store
from tests.driver import Driver


def change(hall: Driver, window: str, **what: object) -> None:
    hall.windows.change(hall.caller("staff:boss"), hall.id, window, reason="queue is long", **what)  # type: ignore[arg-type]


def test_the_very_next_call_follows_the_new_lines(hall: Driver) -> None:
    hall.at("09:00").issue("b1")
    assert hall.next("w3") is None
    change(hall, "w3", lines=("a", "b"))
    assert hall.next("w3") == "B001"


def test_another_process_that_knows_the_old_lines_follows_too(hall: Driver, store_url: str) -> None:
    hall.at("09:00").issue("b1")
    other = Halls(Store(connect(store_url, retries=False), connect(store_url, retries=True)), {})
    hall.halls.current(hall.id)
    before = other.get(hall.id).window("w3")
    other.change(hall.id, hall.caller("staff:boss"), lambda h: h, "nothing", "a test")
    hall_windows = Windows(Moves(other.store, other, lambda: hall.now))
    hall_windows.change(hall.caller("staff:boss"), hall.id, "w3", lines=("b",), reason="a test")
    assert before.lines == ("a",)
    assert hall.next("w3") == "B001"


def test_a_general_window_that_becomes_a_priority_window_takes_priority_first(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.next("w1")
    hall.at("09:01").issue("a1")
    hall.at("11:30").issue("a1", claim="veteran")
    change(hall, "w2", kind="priority")
    assert hall.next("w2") == "A003"


def test_a_ticket_at_the_window_stays(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.next("w3")
    change(hall, "w3", lines=("b",))
    assert hall.ticket("A001")["window"] == "w3"


def test_the_journal_keeps_who_what_and_why(hall: Driver) -> None:
    change(hall, "w3", lines=("b",))
    entry = hall.journal()[-1]
    assert (entry.kind, entry.by) == ("configured", "staff:boss")
    assert entry.facts["what"] == "window w3"
    assert entry.facts["reason"] == "queue is long"


def test_what_is_wrong_is_refused_and_nothing_changes(hall: Driver) -> None:
    before = len(hall.journal())
    with pytest.raises(UnknownLine):
        change(hall, "w3", lines=("nowhere",))
    with pytest.raises(UnknownWindow):
        change(hall, "w99", lines=("a",))
    with pytest.raises(ReasonMissing):
        hall.windows.change(hall.caller(), hall.id, "w3", lines=("a",), reason=" ")
    with pytest.raises(BadHallFile):
        hall.halls.change(hall.id, hall.caller(), lambda h: replace(h, lines=(*h.lines, h.lines[0])), "lines", "a test")
    assert len(hall.journal()) == before


def test_of_two_changes_at_once_none_is_lost(hall: Driver, store_url: str) -> None:
    windows = ("w1", "w2", "w3", "p1")

    def one(window: str) -> None:
        halls = Halls(Store(connect(store_url, retries=False), connect(store_url, retries=True)), {})
        changes = Windows(Moves(halls.store, halls, lambda: hall.now))
        for lines in (("a",), ("b",), ("a", "b"), ("b",)):
            changes.change(hall.caller("staff:boss"), hall.id, window, lines=lines, reason="a test")

    threads = [threading.Thread(target=one, args=(window,)) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hall.halls.forget(hall.id)
    assert [hall.halls.get(hall.id).window(window).lines for window in windows] == [("b",)] * 4
