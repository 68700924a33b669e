"""Home visits: always two officers, one of the centre and one of a community; their free slots and their way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from math import hypot
from typing import Any, Final, NamedTuple

from hall.domain.calendar import Calendar
from hall.domain.case_catalogue import Community, Officer
from hall.domain.case_errors import PairWrong
from hall.domain.policy import MINUTE

Span = tuple[int, int]
#: minutes by which slots of a day begin
_STEP: Final = 30
#: metres a minute, on foot and by bus, and what every way takes besides
_SPEED, _SETTING_OUT = 100, 5


class VisitState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_MET = "not_met"
    CANCELLED = "cancelled"


_P, _U = VisitState.PLANNED, VisitState.UNDER_WAY
#: from which states each move of a visit starts; the Lua prelude is rendered from it
VISIT_MOVES: Final[dict[str, tuple[VisitState, ...]]] = {
    "replan": (_P,),
    "carry": (_P, _U),
    "arrive": (_P,),
    "leave": (_U,),
    "cancel": (_P,),
}
AHEAD: Final = (_P, _U)


def check_pair(centre: Officer, local: Officer) -> None:
    """Raises `PairWrong`."""
    if centre.of != "centre" or local.of != "community":
        raise PairWrong()


def on_duty(calendar: Calendar, officer: Officer, day: date) -> list[Span]:
    """When an officer works on a date, ms UTC."""
    spans = calendar.spans_within(officer.hours, day) if officer.hours else calendar.spans(day)
    return [(calendar.ms(day, span.opens), calendar.ms(day, span.closes)) for span in spans]


def overlaps(one: Span, others: Iterable[Span]) -> bool:
    return any(one[0] < end and start < one[1] for start, end in others)


def is_on_duty(calendar: Calendar, officer: Officer, wanted: Span) -> bool:
    day = calendar.date_of(wanted[0])
    return any(start <= wanted[0] and wanted[1] <= end for start, end in on_duty(calendar, officer, day))


def free_slots(
    calendar: Calendar, pair: Sequence[Officer], day: date, minutes: int, taken: Mapping[str, Sequence[Span]]
) -> list[int]:
    """When both can come on a date: on duty, and neither in `taken` (visits and absences by officer)."""
    found = []
    for start, end in on_duty(calendar, pair[0], day):
        for slot in range(start, end - minutes * MINUTE + 1, _STEP * MINUTE):
            span = (slot, slot + minutes * MINUTE)
            duty = all(is_on_duty(calendar, officer, span) for officer in pair)
            if duty and not any(overlaps(span, taken.get(officer.id, ())) for officer in pair):
                found.append(slot)
    return found


def travel_minutes(communities: Mapping[str, Community], here: str, there: str) -> int:
    """By the table where it says it, in either direction, else by distance. "" is the centre."""
    if here == there:
        return 0
    one, other = communities.get(here), communities.get(there)
    for start, end in ((one, there), (other, here)):
        if start and end in start.travel:
            return start.travel[end]
    (x, y), (u, v) = (one.at if one else (0, 0)), (other.at if other else (0, 0))
    return _SETTING_OUT + round(hypot(x - u, y - v) / _SPEED)


class Leg(NamedTuple):
    """A visit of a round: minutes to get there from the one before, and whether the plan leaves that long."""

    visit: str
    travel: int
    fits: bool


def day_round(communities: Mapping[str, Community], visits: Sequence[Mapping[str, Any]], start: str = "") -> list[Leg]:
    """A pair's visits of a day, always the nearest one next; of two equally near ones the earlier planned."""
    left, here, free, legs = list(visits), start, 0, []
    while left:

        def far(visit: Mapping[str, Any], here: str = here) -> tuple[int, int, str]:
            return travel_minutes(communities, here, visit["community"]), visit["starts"], visit["id"]

        nearest = min(left, key=far)
        travel = far(nearest)[0]
        legs.append(Leg(nearest["id"], travel, free + travel * MINUTE <= nearest["starts"]))
        left.remove(nearest)
        here, free = nearest["community"], nearest["ends"]
    return legs


def overrun(visit: Mapping[str, Any], now: int, minutes: int) -> bool:
    """The safety check: nobody has heard of the two officers this long after the visit's end."""
    return visit["state"] in AHEAD and now >= visit["ends"] + minutes * MINUTE
