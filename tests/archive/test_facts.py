"""What the journal becomes as rows, case by case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hall.archive.archive import Archive
from hall.services.calls import Target
from hall.services.office import Office
from hall.services.ratings import Ratings
from hall.store.paper import PaperStore
from tests.archive.test_replay import copy
from tests.archive.tools import Rows, facts
from tests.booking import BookableHall
from tests.driver import Driver

MINUTE = 60_000
See = Callable[[], Rows]


@pytest.fixture
def see(hall: Driver, archive: Archive) -> See:
    """The facts as of now."""

    def look() -> Rows:
        copy(hall, archive)
        return facts(archive, hall.id)

    return look


def visit(found: Rows, n: int = -1) -> dict[str, Any]:
    return found["visits"][n]


def test_a_stay_knows_its_times_and_how_it_ended(hall: Driver, see: See) -> None:
    hall.at("09:00").issue("a1", "a2")
    hall.at("09:10").next("w1")
    hall.at("09:11").calls.start(hall.caller(), hall.id, "w1")
    assert (visit(see())["walk"], visit(see())["ended_at"]) == (MINUTE, None)
    hall.at("09:20").calls.finish(hall.caller(), hall.id, "w1")
    row = visit(see())
    assert (row["window"], row["how"], row["outcome"], row["services"]) == ("w1", "finished", "done", "a1,a2")
    assert (row["walk"], row["service"], row["date"], row["hour"]) == (MINUTE, 9 * MINUTE, "2026-11-24", 9)
    (ticket,) = see()["tickets"]
    assert ticket["called_at"] - ticket["issued_at"] == 10 * MINUTE
    assert (ticket["state"], ticket["lane"], ticket["rule"], ticket["window"]) == ("done", "ordinary", "next", "w1")


def test_a_service_that_was_not_started_has_no_time(hall: Driver, see: See) -> None:
    hall.at("09:00").issue()
    hall.next()
    hall.at("09:20").calls.finish(hall.caller(), hall.id, "w1")
    assert (visit(see())["how"], visit(see())["service"]) == ("finished", None)


def test_a_service_left_open_at_the_days_close_has_no_time(hall: Driver, see: See) -> None:
    hall.at("09:00").issue()
    hall.next()
    hall.calls.start(hall.caller(), hall.id, "w1")
    hall.timers.close_day(hall.id, "2026-11-24", hall.at("23:00").now)
    assert (visit(see())["outcome"], visit(see())["service"]) == ("unclosed", None)


def test_each_stay_of_a_ticket_is_a_row(hall: Driver, see: See) -> None:
    hall.at("09:00").issue()
    hall.next("w1")
    hall.calls.park(hall.caller(), hall.id, "w1")
    hall.at("09:05").calls.unpark(hall.caller(), hall.id, "w1", "A001")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(window="w1"), "wrong desk")
    hall.at("09:06").next("w1")
    hall.calls.miss(hall.caller(), hall.id, "w1")
    found = see()
    assert [row["how"] for row in found["visits"]] == ["parked", "transferred", "missed"]
    assert [row["rule"] for row in found["calls"]] == ["next", "unparked", "next"]
    assert [row["first"] for row in found["calls"]] == [True, False, False]
    (ticket,) = found["tickets"]
    assert ticket["called_at"] == ticket["issued_at"]


def test_a_call_that_was_taken_back_is_no_stay_and_overtook_nobody(hall: Driver, see: See) -> None:
    hall.at("09:00").issue()
    hall.at("09:10").issue(claim="veteran")
    assert hall.next() == "A002"
    found = see()
    assert [call["passed"] for call in found["calls"]] == [1]
    hall.calls.undo(hall.caller(), hall.id, "w1")
    found = see()
    assert (visit(found)["undone"], found["calls"][0]["undone"]) == (True, True)
    assert [ticket["called_at"] for ticket in found["tickets"]] == [None, None]
    # Called again, it overtakes once, not twice.
    hall.next()
    hall.calls.finish(hall.caller(), hall.id, "w1")
    hall.next()
    assert [ticket["overtaken"] for ticket in see()["tickets"]] == [1, 0]


@pytest.mark.parametrize("move", ["start", "miss", "finish"])
def test_a_move_that_was_taken_back_leaves_the_stay_as_it_was(hall: Driver, see: See, move: str) -> None:
    hall.at("09:00").issue()
    hall.next()
    before = visit(see())
    getattr(hall.calls, move)(hall.caller(), hall.id, "w1")
    assert visit(see()) != before
    hall.calls.undo(hall.caller(), hall.id, "w1")
    assert visit(see()) == before


def test_a_refused_claim_is_an_ordinary_ticket(hall: Driver, see: See) -> None:
    hall.issue(claim="veteran")
    assert see()["tickets"][0]["lane"] == "green"
    hall.next()
    hall.calls.verify(hall.caller(), hall.id, "w1", confirmed=False)
    found = see()
    assert (found["tickets"][0]["lane"], found["tickets"][0]["group"]) == ("ordinary", "veteran")
    assert found["moves"][-1]["kind"] == "claim_decided"


def test_an_appointment_is_one_row_from_booking_to_arrival(store_url: str, archive: Archive) -> None:
    hall = BookableHall(store_url)
    came = hall.at("08:00").book("10:00")
    late = hall.book("10:15")
    gone = hall.book("10:30")
    hall.book("10:45")
    hall.cancel(gone)
    hall.at("09:50").check_in(came)
    hall.at("10:20").check_in(late)
    hall.timers.close_day(hall.id, "2026-11-24", hall.at("23:00").now)
    copy(hall, archive)
    rows = facts(archive, hall.id)["appointments"]
    assert [row["state"] for row in rows] == ["arrived", "arrived", "cancelled", "no_show"]
    assert [row["late"] for row in rows] == [-10 * MINUTE, 5 * MINUTE, None, None]
    assert all(row["person"] for row in rows)


def test_decisions_of_staff_are_kept_with_their_reasons(hall: Driver, see: See) -> None:
    hall.issue()
    hall.issue(override="came from far")
    hall.calls.call(hall.caller("staff:boss"), hall.id, "w1", "A002", "train")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "wrong line")
    hall.windows.change(hall.caller("staff:boss"), hall.id, "w2", lines=("a",), reason="rush")
    kinds = {row["kind"]: row["reason"] for row in see()["moves"]}
    assert kinds == {
        "override": "came from far",
        "chosen": "train",
        "transferred": "wrong line",
        "configured": "rush",
    }


def test_windows_have_spans_and_pauses(hall: Driver, see: See) -> None:
    hall.at("09:00").windows.open(hall.caller(), hall.id, "w1")
    hall.at("10:00").windows.pause(hall.caller(), hall.id, "w1", "tea")
    hall.at("10:15").windows.resume(hall.caller(), hall.id, "w1")
    assert see()["spans"][-1]["till"] is None
    hall.at("11:00").windows.close(hall.caller(), hall.id, "w1")
    spans = [(row["state"], (row["till"] - row["since"]) // MINUTE) for row in see()["spans"]]
    assert spans == [("open", 60), ("paused", 15), ("open", 45)]


def test_troubles_of_printers_have_spans(hall: Driver, see: See) -> None:
    for state in ("ok", "paper_out", "offline", "ok"):
        PaperStore(hall.store).set_printer(hall.id, "p1", state)
    rows = see()["troubles"]
    assert [(row["device"], row["name"], row["state"]) for row in rows] == [
        ("printer", "p1", "paper_out"),
        ("printer", "p1", "offline"),
    ]
    assert all(row["till"] is not None for row in rows)


def test_calls_for_help_and_ratings_are_rows(hall: Driver, see: See) -> None:
    office, ratings = Office(hall.moves), Ratings(hall.moves, hall.secrets)
    office.help(hall.caller(), hall.id, "w1")
    office.answer_help(hall.caller("staff:bob"), hall.id, "w1")
    hall.issue()
    hall.next()
    hall.calls.finish(hall.caller(), hall.id, "w1")
    rating = ratings.by_token(hall.caller("resident"), hall.token("A001"), 1)
    assert see()["ratings"][0]["answered_at"] is None
    ratings.answer(hall.caller("staff:boss"), hall.id, rating["id"], "talked")
    found = see()
    (alarm,) = found["alarms"]
    assert (alarm["name"], alarm["by"], alarm["till"] is None) == ("help/w1", "staff:bob", False)
    (row,) = found["ratings"]
    assert (row["level"], row["line"], row["window"], row["source"]) == (1, "a", "w1", "phone")
    assert row["answered_at"] == hall.now
    assert not {"ticket", "clerk", "number"} & set(row)


def test_what_a_hall_did_while_it_was_a_test_is_marked(hall: Driver, see: See) -> None:
    hall.change(test=True)
    hall.issue()
    hall.change(test=False)
    hall.issue()
    assert [ticket["test"] for ticket in see()["tickets"]] == [True, False]
    # It stays one when something happens to it later.
    hall.next()
    assert [ticket["test"] for ticket in see()["tickets"]] == [True, False]
