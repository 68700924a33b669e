"""好差评: once a service, never with a name; bad ones wait for an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hall.domain.errors import ReasonMissing, UnknownTicket
from hall.domain.office import PAD_MS, Rating, RatingItem
from hall.domain.office_errors import AlreadyRated, BadRating, NotFinished, RatingOff, UnknownRating
from hall.services.calls import Target
from hall.services.ratings import Ratings
from tests.driver import Driver, text

DAY_MS = 86_400_000


@pytest.fixture
def ratings(hall: Driver) -> Ratings:
    hall.change(rating=Rating(items=(RatingItem("kind", text("kind")), RatingItem("slow", text("slow")))))
    hall.at("09:00")
    return Ratings(hall.moves, hall.secrets)


def served(hall: Driver, *services: str, window: str = "w1") -> str:
    number = hall.issue(*services)
    assert hall.next(window) == number
    hall.calls.start(hall.caller(), hall.id, window)
    hall.calls.finish(hall.caller(), hall.id, window)
    return number


def test_the_holder_of_a_number_rates_it_once(hall: Driver, ratings: Ratings) -> None:
    number = served(hall)
    rating = ratings.by_token(hall.caller("resident"), hall.token(number), 5, ["kind"])
    assert (rating["level"], rating["items"], rating["source"], rating["line"]) == (5, ["kind"], "phone", "a")
    with pytest.raises(AlreadyRated):
        ratings.by_token(hall.caller("resident"), hall.token(number), 1)
    with pytest.raises(AlreadyRated):
        ratings.by_pad(hall.caller("device:pad-1"), hall.id, "w1", 1)
    with pytest.raises(AlreadyRated):
        ratings.by_staff(hall.caller(), hall.id, number, 1)
    assert hall.kinds().count("rated") == 1


def test_what_is_rated_names_no_number_and_no_clerk(hall: Driver, ratings: Ratings) -> None:
    number = served(hall)
    ratings.by_token(hall.caller("resident"), hall.token(number), 1)
    entry = hall.journal()[-1]
    told = json.dumps([entry.facts, ratings.follow_ups(hall.id, hall.now)])
    assert entry.ticket is None
    assert number not in told
    assert hall.ids[number] not in told
    assert "ann" not in told


def pad(hall: Driver, ratings: Ratings, level: int = 5, window: str = "w1") -> Any:
    return ratings.by_pad(hall.caller("device:pad-1"), hall.id, window, level)


def test_a_pad_rates_the_service_that_ended_at_its_window_last(hall: Driver, ratings: Ratings) -> None:
    with pytest.raises(NotFinished):
        pad(hall, ratings)
    first = served(hall)
    served(hall, "b1", window="w2")
    assert pad(hall, ratings, 4)["line"] == "a"
    with pytest.raises(AlreadyRated):
        ratings.by_token(hall.caller("resident"), hall.token(first), 5)
    hall.issue()
    hall.next("w1")
    with pytest.raises(AlreadyRated):
        pad(hall, ratings)


def test_a_pad_rates_who_was_served_though_the_next_one_is_called_already(hall: Driver, ratings: Ratings) -> None:
    """One key of the console finishes and calls."""
    first, second = hall.issue("a1"), hall.issue("b1")
    hall.next("w1")
    hall.next("w1", finish="done")
    assert pad(hall, ratings)["line"] == "a"
    with pytest.raises(AlreadyRated):
        ratings.by_token(hall.caller("resident"), hall.token(first), 5)
    hall.calls.finish(hall.caller(), hall.id, "w1")
    assert pad(hall, ratings)["line"] == "b"
    with pytest.raises(AlreadyRated):
        ratings.by_token(hall.caller("resident"), hall.token(second), 5)


@pytest.mark.parametrize(("after", "rates"), [(PAD_MS, True), (PAD_MS + 1, False)])
def test_a_pad_waits_ten_minutes(hall: Driver, ratings: Ratings, after: int, rates: bool) -> None:
    served(hall)
    hall.now += after
    if rates:
        assert pad(hall, ratings)["source"] == "pad"
    else:
        with pytest.raises(NotFinished):
            pad(hall, ratings)


def test_a_finish_that_is_taken_back_is_not_rated_at_the_pad(hall: Driver, ratings: Ratings) -> None:
    served(hall)
    hall.issue()
    hall.next("w1")
    for _ in ("call", "finish"):
        hall.calls.undo(hall.caller(), hall.id, "w1")
    with pytest.raises(NotFinished):
        pad(hall, ratings)
    hall.calls.finish(hall.caller(), hall.id, "w1")
    assert pad(hall, ratings)["line"] == "a"


def test_who_is_sent_on_does_not_rate_the_one_before(hall: Driver, ratings: Ratings) -> None:
    served(hall)
    hall.issue()
    hall.next("w1")
    hall.calls.start(hall.caller(), hall.id, "w1")
    hall.calls.transfer(hall.caller(), hall.id, "w1", Target(line="b"), "other papers")
    with pytest.raises(NotFinished):
        pad(hall, ratings)


def test_only_what_has_ended_is_rated(hall: Driver, ratings: Ratings) -> None:
    number = hall.issue()
    for move in (lambda: None, hall.next, lambda: hall.calls.miss(hall.caller(), hall.id, "w1")):
        move()
        with pytest.raises(NotFinished):
            ratings.by_token(hall.caller("resident"), hall.token(number), 5)
    with pytest.raises(UnknownTicket):
        ratings.by_token(hall.caller("resident"), hall.token(number)[:-1] + "x", 5)


def test_a_service_that_was_never_closed_is_not_rated(hall: Driver, ratings: Ratings) -> None:
    number = hall.issue()
    hall.next()
    hall.calls.start(hall.caller(), hall.id, "w1")
    hall.timers.close_day(hall.id, "2026-11-24", hall.now)
    with pytest.raises(NotFinished):
        ratings.by_token(hall.caller("resident"), hall.token(number), 5)


def test_what_staff_enter_is_marked(hall: Driver, ratings: Ratings) -> None:
    assert ratings.by_staff(hall.caller(), hall.id, served(hall), 3)["source"] == "staff"


@pytest.mark.parametrize(("level", "follows"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_the_two_lowest_levels_wait_for_an_answer(hall: Driver, ratings: Ratings, level: int, follows: bool) -> None:
    rating = ratings.by_token(hall.caller("resident"), hall.token(served(hall)), level)
    open_ = ratings.follow_ups(hall.id, hall.now)
    assert bool(open_) == follows
    if follows:
        assert open_[0]["due_at"] == rating["at"] + 5 * DAY_MS
        assert not open_[0]["overdue"]
        assert ratings.follow_ups(hall.id, hall.now + 6 * DAY_MS)[0]["overdue"]


def test_an_answer_ends_the_follow_up(hall: Driver, ratings: Ratings) -> None:
    rating = ratings.by_token(hall.caller("resident"), hall.token(served(hall)), 1)
    with pytest.raises(ReasonMissing):
        ratings.answer(hall.caller(), hall.id, rating["id"], " ")
    ratings.answer(hall.caller("staff:boss"), hall.id, rating["id"], "a second clerk at noon")
    assert ratings.follow_ups(hall.id, hall.now) == []
    entry = hall.journal()[-1]
    assert (entry.kind, entry.facts["answer"]) == ("rating_answered", "a second clerk at noon")
    assert entry.facts["rating"]["answered_at"] == hall.now
    with pytest.raises(UnknownRating):
        ratings.answer(hall.caller(), hall.id, rating["id"], "again")


def test_a_hall_may_ask_for_no_ratings_and_for_no_unknown_items(hall: Driver, ratings: Ratings) -> None:
    number = served(hall)
    for level, items, facts in ((0, [], {"level": 0}), (6, [], {"level": 6}), (5, ["unknown"], {"item": "unknown"})):
        with pytest.raises(BadRating) as refusal:
            ratings.by_token(hall.caller("resident"), hall.token(number), level, items)
        assert refusal.value.facts == facts
    hall.change(rating=Rating(enabled=False))
    with pytest.raises(RatingOff):
        ratings.by_token(hall.caller("resident"), hall.token(number), 5)
