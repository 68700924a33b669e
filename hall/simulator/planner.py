"""Answers questions of planning, telling how far it is. The same question of the same archive has the same answer, so a
job that is begun anew changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from statistics import fmean
from time import monotonic
from typing import Any, Final

from hall.archive.archive import Archive
from hall.bootstrap import Sanban
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.simulator import trial
from hall.simulator.day import LANES, Seat, lane
from hall.simulator.learned import Lived, hours, learn, lived
from hall.simulator.pattern import UNCHANGED, Mix, Pattern
from hall.simulator.questions import TRIAL, Question
from hall.simulator.rosters import House, halves_of
from hall.simulator.staffing import Search

#: seconds from one word to the next
_EVERY: Final = 0.5
Json = dict[str, Any]


class Stopped(Exception):
    """Nobody waits for the answer any more."""


def answer(sanban: Sanban, hall_id: str, name: str, turn: int) -> str:
    """Answer a question that is asked. Returns what became of it: answered, refused, or stopped."""
    planning = sanban.store.planning
    asked = planning.asked(hall_id)
    if asked is None or (asked.id, asked.turn) != (name, turn):
        return "stopped"
    try:
        step = _teller(sanban, hall_id, name, turn)
        step(0.0)
        hall = sanban.halls.get(hall_id)
        question = Question.from_data(asked.question)
        make = _trial if asked.kind == TRIAL else _staffing
        found = make(sanban, hall, question, step)
    except Stopped:
        return "stopped"
    except HallError as refusal:
        planning.end(hall_id, asked, {"code": refusal.code, "facts": refusal.facts})
        return "refused"
    return "answered" if planning.end(hall_id, asked, {**found, "at": sanban.store.clock()}) else "stopped"


def _teller(sanban: Sanban, hall_id: str, name: str, turn: int) -> Callable[[float], None]:
    """Tells the store how far the answer is, now and then; raises `Stopped` when nobody waits."""
    last = float("-inf")

    def tell(share: float) -> None:
        nonlocal last
        if monotonic() - last >= _EVERY:
            last = monotonic()
            if not sanban.store.planning.beat(hall_id, name, turn, sanban.store.clock(), share):
                raise Stopped

    return tell


def house_of(hall: Hall, source: str, days: Sequence[Lived]) -> House:
    """The windows of those days."""
    return House(hall, [day.seats for day in days], halves_of(hours(hall, source)))


def learned(
    archive: Archive, hall: Hall, source: str, today: date, step: Callable[[float], None] = lambda _: None
) -> tuple[Pattern, House, list[Lived]]:
    """What the days of a source are like, its windows, and the days. Raises `NothingRecorded`, `TooLittleHistory`."""
    days = lived(archive, hall, source, today)
    step(0.0)
    return learn(archive, hall, source, days, today), house_of(hall, source, days), days


def _learned(
    sanban: Sanban, hall: Hall, question: Question, step: Callable[[float], None]
) -> tuple[Pattern, House, list[Lived]]:
    today = hall.calendar.date_of(sanban.store.clock())
    return learned(sanban.reports.archive, hall, question.source, today, step)


def _of_days(pattern: Pattern, days: Sequence[Lived]) -> Json:
    """What the answer rests on: `halves` by number, `days`, the share of booked people that was `away`."""
    return {"halves": list(pattern.halves), "days": [one.day.isoformat() for one in days], "away": pattern.away}


def _trial(sanban: Sanban, hall: Hall, question: Question, step: Callable[[float], None]) -> Json:
    """`was` and `plan`: `trial.summed`, `windows` by half hour, `hours` of windows; `recorded`: mean waits, minutes;
    `policy`: head starts and grace of today."""
    pattern, house, days = _learned(sanban, hall, question, step)
    mix = Mix(question.booked, question.even)
    plans = (
        ("was", house.usual(), hall.policy, UNCHANGED),
        ("plan", house.counts(question.counts), question.policy(hall), mix),
    )
    found: Json = {}
    for number, (name, counts, policy, who) in enumerate(plans):
        run = trial.Run(house.seats(counts), policy, who)

        def told(day: int, before: int = number) -> None:
            step((before + day / question.days) / len(plans))

        played = trial.play(pattern, run, hall.targets, question.days, told)
        hours = sum(counts.values()) / 2
        found[name] = {**trial.summed(pattern, played), "windows": list(counts.values()), "hours": hours}
    here = hall.policy
    policy_now = {"green": here.head_start.green, "appointment": here.head_start.appointment, "grace": here.grace}
    return {**found, **_of_days(pattern, days), "recorded": _recorded(hall, days), "policy": policy_now}


def _recorded(hall: Hall, days: Sequence[Lived]) -> dict[str, float]:
    """Mean waits on the recorded days, minutes by lane: what a trial of today's plan should be near."""
    waits: dict[str, list[int]] = {}
    for guest in (guest for day in days for guest in day.guests):
        waits.setdefault(lane(guest, hall.policy), []).append(guest.wait or 0)
    return {name: fmean(waits[name]) / MINUTE for name in LANES if name in waits}


def search(pattern: Pattern, house: House, question: Question, step: Callable[[float], None]) -> Search:
    """The search for a question's targets: the hall's windows, its priority windows beside them, breaks of clerks."""
    policy, mix = question.policy(house.hall), Mix(question.booked, question.even)

    def roster(seats: Sequence[Seat], number: int) -> list[Seat]:
        return pattern.paused(house.together(seats), Random(f"clerks {number}"))  # noqa: S311 - the same for every plan

    return Search(
        lambda chance: pattern.day(chance, policy, mix),
        pattern.opens,
        pattern.closes,
        places=house.places(count=max(question.most, *house.usual().values())),
        roster=roster,
        halves=pattern.halves,
        policy=policy,
        targets=question.targets,
        days=question.days,
        most=question.most,
        step=step,
    )


def _staffing(sanban: Sanban, hall: Hall, question: Question, step: Callable[[float], None]) -> Json:
    """`slots`: `staffing.Slot` by half hour, with the windows (`usual`) and shares (`was`) of today's plan."""
    pattern, house, days = _learned(sanban, hall, question, step)
    one = search(pattern, house, question, step)
    found, today = one.find(), one.result(house.usual())
    both = zip(found.slots, today.slots, strict=True)
    slots = [{**slot._asdict(), "usual": now.windows, "was": now.shares} for slot, now in both]
    facts = {"hours": found.hours, "usual_hours": today.hours, "met": found.met, "rounds": found.rounds}
    return {"slots": slots, **facts, **_of_days(pattern, days)}
