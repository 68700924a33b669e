"""What a sound zone hears, and from which display."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hall.domain.errors import UnknownZone
from hall.domain.voice import Voice
from hall.services.voice import LEASE_MS, Speaker
from tests.voice.floor import Floor

LEASE = LEASE_MS / 1000


def test_calls_are_spoken_in_the_order_they_rang_each_once(floor: Floor) -> None:
    called = [floor.call(n) for n in (2, 0, 1)]
    assert floor.say_all() == called
    assert floor.say() is None


def test_a_recall_is_spoken_before_the_calls_that_wait(floor: Floor) -> None:
    first = floor.call(0)
    assert floor.say() == first
    second, third = floor.call(1), floor.call(2)
    floor.recall(0)
    assert floor.say_all() == [first, second, third]


def test_a_call_that_rings_again_before_it_was_spoken_is_spoken_once_and_first(floor: Floor) -> None:
    first, second = floor.call(0), floor.call(1)
    floor.recall(1)
    assert floor.say_all() == [second, first]


def test_a_recall_while_the_call_is_being_spoken_is_spoken_after_it(floor: Floor) -> None:
    number = floor.call(0)
    assert floor.ask() == number
    floor.recall(0)
    assert floor.done() is True
    assert floor.say_all() == [number]
    assert len(floor.kinds("announced")) == 2


@pytest.mark.parametrize("over", ["start", "finish", "miss", "park", "return_", "undo"])
def test_a_call_that_is_over_is_not_spoken(floor: Floor, over: str) -> None:
    floor.call(0)
    other = floor.call(1)
    getattr(floor.hall.calls, over)(floor.hall.caller(), floor.hall.id, "w0")
    assert floor.say_all() == [other]


def test_a_call_taken_back_and_made_again_is_spoken_again(floor: Floor) -> None:
    number = floor.call(0)
    assert floor.say() == number
    floor.hall.calls.undo(floor.hall.caller(), floor.hall.id, "w0")
    assert floor.hall.next("w1") == number
    assert floor.say_all() == [number]


def test_a_start_that_is_taken_back_leaves_the_call_to_be_spoken(floor: Floor) -> None:
    number = floor.call(0)
    floor.hall.calls.start(floor.hall.caller(), floor.hall.id, "w0")
    assert floor.ask() is None
    floor.hall.calls.undo(floor.hall.caller(), floor.hall.id, "w0")
    assert floor.say_all() == [number]


def test_zones_do_not_hear_each_other(floor: Floor) -> None:
    here, there = floor.call(0), floor.call(3)
    assert floor.ask("left", "hall") == here
    assert floor.ask("annex", "annex") == there


def test_a_zone_without_windows_is_refused_and_leaves_nothing_behind(floor: Floor) -> None:
    for ask in (floor.given_to, lambda *_: floor.done(ring="1-0", zone="made-up")):
        with pytest.raises(UnknownZone):
            ask("left", "made-up")
    assert not list(floor.hall.store.reads.scan_iter(f"*{floor.hall.id}*made-up*"))


# Leases ---------------------------------------------------------------------------------------


def test_one_display_speaks_and_the_others_wait(floor: Floor) -> None:
    first, second = floor.call(0), floor.call(1)
    assert floor.ask("left") == first
    assert floor.ask("right") is None
    assert not floor.speaks
    floor.done("left")
    assert floor.ask("right") is None, "the left one goes on"
    assert floor.say("left") == second


def test_a_display_that_goes_silent_is_followed_by_the_next_and_no_call_is_lost(floor: Floor) -> None:
    first, second = floor.call(0), floor.call(1)
    assert floor.ask("left") == first
    floor.later(floor.given["left"].hold_ms / 1000 - 1)
    assert floor.ask("right") is None, "its time is not up"
    floor.later(1)
    assert floor.say_all("right") == [first, second]
    assert floor.ask("left") is None
    assert not floor.speaks


def test_an_idle_display_keeps_its_zone_by_asking(floor: Floor) -> None:
    assert floor.ask("left") is None
    for _ in range(5):
        floor.later(LEASE - 1)
        assert floor.ask("left") is None
        assert floor.ask("right") is None
        assert not floor.speaks
    floor.later(LEASE)
    floor.call(0)
    assert floor.ask("right") is not None


def test_an_announcement_may_take_as_long_as_its_clips(make_floor: Callable[..., Floor]) -> None:
    floor = make_floor(repeat=3)
    floor.call(0, language="en")
    spoken = floor.given_to()
    assert spoken is not None
    assert spoken.words.repeat == 3
    assert 15_000 < spoken.hold_ms < 60_000


def test_a_page_that_reloads_is_given_its_announcement_again(floor: Floor) -> None:
    number = floor.call(0)
    assert [floor.ask(), floor.ask()] == [number, number]


def test_another_tab_of_the_same_display_does_not_speak_too(floor: Floor) -> None:
    floor.call(0)
    assert floor.ask() is not None
    turn, spoken = floor.voices.next(floor.hall.caller(), floor.hall.id, "hall", Speaker("left", "2"))
    assert (turn.speaker, spoken) == ("left/1", None)


def test_a_late_acknowledgement_counts_although_another_display_has_the_zone(floor: Floor) -> None:
    first, second = floor.call(0), floor.call(1)
    assert floor.ask("left") == first
    floor.later(60)
    assert floor.ask("right") == first
    assert floor.done("left") is True
    assert floor.say_all("right") == [second]


def test_a_call_that_two_displays_spoke_is_announced_once_in_the_journal(floor: Floor) -> None:
    floor.call(0)
    floor.ask("left")
    floor.later(60)
    floor.ask("right")
    assert [floor.done("left"), floor.done("right"), floor.done("left")] == [True, False, False]
    (entry,) = floor.kinds("announced")
    assert (entry.by, entry.facts["zone"]) == ("device:left", "hall")


def test_a_call_that_never_gets_through_does_not_hold_up_the_others_for_ever(floor: Floor) -> None:
    stuck, other = floor.call(0), floor.call(1)
    assert [floor.ask() for _ in range(3)] == [stuck, stuck, stuck]
    assert floor.say() == other
    assert floor.say() == stuck


def test_a_restart_of_everything_but_the_store_loses_and_doubles_nothing(floor: Floor, tmp_path: Path) -> None:
    first, second = floor.call(0), floor.call(1)
    assert floor.say() == first
    again = Floor(floor.hall, tmp_path)
    assert again.say_all() == [second]


# Sound blocked --------------------------------------------------------------------------------


def block(floor: Floor, display: str, *, blocked: bool) -> bool:
    caller = floor.hall.caller(f"device:{display}")
    return floor.voices.blocked(caller, floor.hall.id, "hall", Speaker(display, "1"), blocked=blocked)


def test_blocked_sound_is_told_once_by_the_displays_name_and_gives_the_zone_away(floor: Floor) -> None:
    code = floor.hall.access.pairing_code(floor.hall.id, "display", "入口左侧")
    holder, _ = floor.hall.access.pair(floor.hall.id, code)
    number = floor.call(0)
    assert floor.ask(holder.id) == number
    assert [block(floor, holder.id, blocked=True) for _ in range(3)] == [True, False, False]
    assert floor.say("right") == number, "at once, not when the lease ends"
    (told,) = floor.kinds("sound_blocked")
    assert told.facts == {"display": holder.id, "name": "入口左侧"}
    silent = floor.voices.state(floor.hall.id, floor.hall.now)["silent"]
    assert silent == {holder.id: {"name": "入口左侧", "since": told.at}}

    assert [block(floor, holder.id, blocked=False) for _ in range(2)] == [True, False]
    assert len(floor.kinds("sound_ok")) == 1
    assert floor.voices.state(floor.hall.id, floor.hall.now)["silent"] == {}


def test_a_blocked_display_takes_the_zone_from_nobody(floor: Floor) -> None:
    assert floor.ask("left") is None
    block(floor, "right", blocked=True)
    assert floor.ask("other") is None
    assert not floor.speaks


def test_the_office_sees_who_speaks_and_what_waits(floor: Floor) -> None:
    floor.call(0)
    floor.call(1)
    floor.ask("left")
    assert floor.voices.state(floor.hall.id, floor.hall.now)["zones"] == {
        "hall": {"speaker": "left/1", "waiting": 2},
        "annex": {"waiting": 0},
    }
    floor.later(600)
    assert "speaker" not in floor.voices.state(floor.hall.id, floor.hall.now)["zones"]["hall"]


# What a call costs that nobody heard ------------------------------------------------------------


@pytest.mark.parametrize(("spoken", "shift"), [(False, 0), (True, 15 * 60_000)])
def test_missing_a_call_costs_something_only_when_it_was_spoken(floor: Floor, spoken: bool, shift: int) -> None:
    number = floor.call(0)
    if spoken:
        floor.say()
    floor.hall.calls.miss(floor.hall.caller(), floor.hall.id, "w0")
    back = floor.hall.tickets.come_back(floor.hall.caller(), floor.hall.token(number))
    assert back.ticket.get("shift", 0) == shift
    assert back.ticket.get("comebacks", 0) == spoken


def test_a_call_spoken_to_its_end_after_the_next_ring_shows_only_the_ring_it_was(floor: Floor) -> None:
    number = floor.call(0)
    floor.ask()
    floor.recall(0)
    floor.done()
    assert "shown" not in floor.hall.ticket(number), "the second ring was not heard yet"


# Settings ---------------------------------------------------------------------------------------


def test_a_voice_that_is_switched_off_says_nothing_and_speaks_again_when_it_is_on(floor: Floor) -> None:
    number = floor.call(0)
    floor.hall.change(voice=Voice(on=False))
    assert floor.ask() is None
    floor.hall.change(voice=Voice(on=True))
    assert floor.say() == number


def test_a_burst_is_spoken_once_each_until_it_thins_out(make_floor: Callable[..., Floor]) -> None:
    floor = make_floor(9)
    called = [floor.call(n, language="en") for n in range(8)]
    said = []
    while spoken := floor.given_to():
        said.append((spoken.ring.number, spoken.words.repeat, len(spoken.words.sentences)))
        floor.done()
    assert [number for number, _, _ in said] == called
    assert [(repeat, languages) for _, repeat, languages in said] == [(1, 1)] * 3 + [(1, 2)] * 3 + [(2, 2)] * 2


def test_the_zone_of_a_display_is_its_place_or_the_halls_only_one(floor: Floor) -> None:
    access, hall_id = floor.hall.access, floor.hall.id

    def paired(place: str) -> str:
        return access.pair(hall_id, access.pairing_code(hall_id, "display", place=place))[0].id

    assert floor.voices.zone_of(hall_id, paired("annex")) == "annex"
    assert floor.voices.zone_of(hall_id, paired("entrance")) is None, "two zones: it cannot be known"
    floor.hall.change(windows=floor.hall.hall.windows[:2])
    assert floor.voices.zone_of(hall_id, paired("entrance")) == "hall"
