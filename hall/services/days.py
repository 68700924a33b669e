"""A hall's special days: public holidays and make-up workdays from the published calendar, and a warning when
next year's are not there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import chinese_calendar

from hall.domain.booking_errors import YearUnknown
from hall.domain.calendar import SpecialDay
from hall.domain.callers import Caller
from hall.domain.halls import Hall
from hall.services.moves import Moves

_CHINESE: Final = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
#: the State Council announces the next year about this month
_ANNOUNCED: Final = 11


class Seeded(NamedTuple):
    """`by_hand`: dates that a manager wrote, which stay."""

    written: tuple[SpecialDay, ...]
    by_hand: tuple[date, ...]


def public_days(year: int) -> list[SpecialDay]:
    """Every holiday, closed, and every make-up workday, which works like its neighbour: a Saturday like the
    Friday before it, a Sunday like the Monday after it. Raises `YearUnknown`."""
    start = date(year, 1, 1)
    dates = [start + timedelta(days=n) for n in range((date(year + 1, 1, 1) - start).days)]
    try:
        return [day for day in map(_special, dates) if day is not None]
    except NotImplementedError:
        raise YearUnknown(year=year) from None


def _special(day: date) -> SpecialDay | None:
    closed, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return None
    why = _CHINESE[str(name)]
    if closed:
        return SpecialDay(day, why=why, seeded=True)
    like: Literal["fri", "mon"] = "mon" if day.weekday() == 6 else "fri"
    return SpecialDay(day, why=f"{why}调休", like=like, seeded=True)


@dataclass(frozen=True, slots=True)
class Days:
    moves: Moves

    def seed(self, caller: Caller, hall_id: str, year: int) -> Seeded:
        """Write a year's public days into the hall's description, in place of those seeded before; days that
        a manager wrote stay. Raises `YearUnknown`."""
        public = public_days(year)

        def changed(hall: Hall) -> Hall:
            stays = [day for day in hall.days if not (day.seeded and day.date.year == year)]
            taken = {day.date for day in stays}
            days = stays + [day for day in public if day.date not in taken]
            return replace(hall, days=tuple(sorted(days, key=lambda day: day.date)))

        hall = self.moves.halls.change(hall_id, caller, changed, f"days {year}", f"public holidays of {year}")
        of_year = [day for day in hall.days if day.date.year == year]
        by_hand = tuple(day.date for day in of_year if not day.seeded)
        return Seeded(tuple(day for day in of_year if day.seeded), by_hand)

    def calendar_warning(self, hall_id: str, now: int | None = None) -> int | None:
        """The next year, from November on, while the hall has no special day in it; else None."""
        hall = self.moves.halls.get(hall_id)
        today = hall.calendar.date_of(now or self.moves.clock())
        year = today.year + 1
        known = any(day.date.year == year for day in hall.days)
        return year if today.month >= _ANNOUNCED and not known else None
