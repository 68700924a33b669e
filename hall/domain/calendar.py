"""Opening hours: local wall-clock spans on the hall's own dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

#: the type under another name, because a special day has a field `date`
Date = date

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Span:
    """Minutes after local midnight, `opens` to `closes`; "08:30-11:30" in files."""

    opens: int
    closes: int

    @staticmethod
    @lru_cache(1000)  # every number that is taken asks whether the hall is open
    def parse(text: str) -> Span:
        opens, dash, closes = text.partition("-")
        span = Span(_minutes(opens), _minutes(closes)) if dash else Span(0, 0)
        if not 0 <= span.opens < span.closes <= 24 * 60:
            raise ValueError(f"not a span of hours like 08:30-16:30: {text!r}")
        return span

    def __str__(self) -> str:
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{self.closes // 60:02}:{self.closes % 60:02}"


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    if not (hours.isdigit() and minutes.isdigit() and len(minutes) == 2 and int(minutes) < 60):
        raise ValueError(f"not a time like 08:30: {text!r}")
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True, slots=True)
class Week:
    """Spans a weekday, as texts; a missing day is closed."""

    __pydantic_config__ = {"extra": "forbid"}

    mon: tuple[str, ...] = ()
    tue: tuple[str, ...] = ()
    wed: tuple[str, ...] = ()
    thu: tuple[str, ...] = ()
    fri: tuple[str, ...] = ()
    sat: tuple[str, ...] = ()
    sun: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for weekday, day in enumerate(DAYS):
            try:
                self.on(weekday)
            except ValueError as error:
                raise ValueError(f"{day}: {error}") from None

    def on(self, weekday: int) -> list[Span]:
        texts: Sequence[str] = getattr(self, DAYS[weekday])
        return [Span.parse(text) for text in texts]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with hours of its own: a holiday (no hours), a short day, or a make-up day that works `like` a
    weekday does. `seeded` ones come from the calendar of public holidays; what a manager wrote goes before."""

    __pydantic_config__ = {"extra": "forbid"}

    date: Date
    hours: tuple[str, ...] = ()
    why: str = ""
    like: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = None
    seeded: bool = False

    def __post_init__(self) -> None:
        for text in self.hours:
            Span.parse(text)

    def of(self, week: Week) -> list[Span]:
        """The spans of a week on this date."""
        if self.hours or self.like is None:
            return [Span.parse(text) for text in self.hours]
        return week.on(DAYS.index(self.like))


@dataclass(frozen=True, slots=True)
class Calendar:
    """When numbers are given. Special days go before the week."""

    zone: ZoneInfo
    week: Week
    special: dict[date, SpecialDay] = field(default_factory=dict)

    def local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000, self.zone)

    def date_of(self, ms: int) -> date:
        return self.local(ms).date()

    def day_began(self, ms: int) -> int:
        """When the date of a moment began, ms UTC."""
        return self.ms(self.date_of(ms), 0)

    def ms(self, day: date, minutes: int) -> int:
        """A wall-clock time of a date, ms UTC. Where the zone skips or repeats it, the first reading."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        wall = midnight + timedelta(minutes=minutes)
        return int(wall.timestamp() * 1000)

    def spans(self, day: date) -> list[Span]:
        special = self.special.get(day)
        if special is not None:
            return special.of(self.week)
        return self.week.on(day.weekday())

    def spans_within(self, week: Week, day: date) -> list[Span]:
        """The spans of another week on a date, as far as a special day leaves it open: a short day cuts
        them, a holiday takes them all, a make-up day has those of the weekday it works like."""
        special = self.special.get(day)
        if special is None:
            return week.on(day.weekday())
        own = week.on(DAYS.index(special.like) if special.like else day.weekday())
        if not special.hours:
            return own if special.like else []
        cut = [(max(a.opens, b.opens), min(a.closes, b.closes)) for a in own for b in special.of(week)]
        return [Span(opens, closes) for opens, closes in cut if opens < closes]

    def minutes(self, ms: int) -> int:
        """Wall-clock minutes after local midnight."""
        local = self.local(ms)
        return local.hour * 60 + local.minute

    def is_open(self, ms: int) -> bool:
        day = self.date_of(ms)
        return any(self.ms(day, span.opens) <= ms < self.ms(day, span.closes) for span in self.spans(day))

    def opens_next(self, ms: int, days: int = 14) -> int | None:
        """The next opening after a moment, ms UTC; None when there is none within `days`."""
        today = self.date_of(ms)
        for day in (today + timedelta(days=n) for n in range(days)):
            for span in self.spans(day):
                opens = self.ms(day, span.opens)
                if opens > ms:
                    return opens
        return None

    def closes_last(self, day: date) -> int:
        """When the day ends for the sweep: local midnight after it, ms UTC."""
        return self.ms(day + timedelta(days=1), 0)
