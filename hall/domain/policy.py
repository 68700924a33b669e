"""The hall's promises as numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields

MINUTE = 60_000
DAY = 24 * 60 * MINUTE
_DAY_MINUTES = 24 * 60


def check_minutes(name: str, minutes: int) -> None:
    """Raises `ValueError` for what cannot be meant: a head start below zero would be a penalty."""
    if not 0 <= minutes <= _DAY_MINUTES:
        raise ValueError(f"{name} must be from 0 to {_DAY_MINUTES}, not {minutes}")


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Minutes by which a kind of ticket counts as taken earlier."""

    __pydantic_config__ = {"extra": "forbid"}

    green: int = 60
    #: counted from the slot
    appointment: int = 45

    def __post_init__(self) -> None:
        for part in fields(self):
            check_minutes(part.name, getattr(self, part.name))


@dataclass(frozen=True, slots=True)
class Policy:
    """All in minutes but the seconds named so. Tickets keep the policy they were issued under."""

    __pydantic_config__ = {"extra": "forbid"}

    head_start: HeadStart = HeadStart()
    #: how late an appointment may check in and keep its slot, and how early
    grace: int = 10
    early: int = 60
    #: how long a missed person may come back to a place, and what it costs
    come_back_within: int = 30
    come_back_shift: int = 15
    more_time_shift: int = 10
    more_time_times: int = 2
    #: how long a window passes over a ticket it returned itself
    pass_over: int = 5
    undo_seconds: int = 30
    #: when the console offers "did not come"
    walk_seconds: int = 60
    walk_seconds_green: int = 120

    def __post_init__(self) -> None:
        for part in fields(self):
            if part.name != "head_start":
                check_minutes(part.name, getattr(self, part.name))

    @property
    def bound(self) -> int:
        """The wall's number: nobody who arrives more than this many minutes after you is called before you."""
        return max(self.head_start.green, self.head_start.appointment + self.grace)
