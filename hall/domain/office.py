"""What an office sets: targets and thresholds of a hall, how long its journal stays in the store, ratings."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from math import inf
from typing import Any, Final, Literal

from hall.domain.texts import Text

_STRICT: Final = {"extra": "forbid"}
#: the type under another name, because a day's changes have a field `date`
Date = date


def _positive(part: Any) -> None:
    for one in fields(part):
        value = getattr(part, one.name)
        if isinstance(value, int | float) and not isinstance(value, bool) and not 0 < value < inf:
            raise ValueError(f"{one.name} must be more than 0")


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days what is kept is kept. Closed cases: `cases.keep`."""

    __pydantic_config__ = _STRICT

    #: entries in the store, once they are archived
    journal_days: int = 14
    #: a closed ticket with its note and the keyed hash of an identity number
    ticket_days: int = 2
    #: after its slot
    appointment_days: int = 30
    #: after it was wanted
    notice_days: int = 30
    #: after its end
    visit_days: int = 400
    #: a person's record, after it was needed last
    people_days: int = 180

    def __post_init__(self) -> None:
        _positive(self)


@dataclass(frozen=True, slots=True)
class Targets:
    """Minutes within which a call is in time: from the number, or from the slot of an appointment. Reports tell
    the share."""

    __pydantic_config__ = _STRICT

    ordinary: int = 20
    green: int = 5
    appointment: int = 10

    def __post_init__(self) -> None:
        _positive(self)

    def ms(self, lane: str) -> int:
        return int(getattr(self, lane)) * 60_000


@dataclass(frozen=True, slots=True)
class Alarms:
    """Thresholds; None: no such alarm. Minutes, but where the name says otherwise."""

    __pydantic_config__ = _STRICT

    longest_wait: int | None = 45
    #: people in one line
    waiting: int | None = 40
    #: an open window without a ticket while somebody waits for it
    idle_window: int | None = 5
    #: a paired device that has not been heard of
    device_gone: int | None = 3
    #: a printer that is not ok
    printer: int | None = 1
    #: since the oldest entry that is not archived
    archiver_behind: int | None = 5
    #: since the oldest event that a webhook has not taken; and one that tries no more
    webhook_behind: int | None = 15
    #: the next year's special days are missing in November
    calendar: bool = True
    #: hours since people's data were last swept
    privacy_hours: int | None = 30
    #: cases without an officer, late next steps and urgent relief, visits nobody has heard of, refused actions
    cases: bool = True

    def __post_init__(self) -> None:
        _positive(self)


@dataclass(frozen=True, slots=True)
class Stop:
    """Numbers stop by themselves when the forecast says that they would be called after closing time. Off until a
    hall asks for it."""

    __pydantic_config__ = _STRICT

    before_closing: bool = False
    #: minutes that a call must come before closing
    reserve: int = 10

    def __post_init__(self) -> None:
        if self.reserve < 0:
            raise ValueError("reserve must not be negative")


@dataclass(frozen=True, slots=True)
class RatingItem:
    """What somebody may say besides the level."""

    __pydantic_config__ = _STRICT

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Rating:
    """好差评: five levels, best 5. `follow_up_days`: until a bad one (1 or 2) must be answered."""

    __pydantic_config__ = _STRICT

    enabled: bool = True
    items: tuple[RatingItem, ...] = ()
    follow_up_days: int = 5

    def __post_init__(self) -> None:
        _positive(self)


LEVELS: Final = (1, 2, 3, 4, 5)
BAD: Final = (1, 2)
#: so long the pad at a window takes a rating of the service that ended there last, in ms
PAD_MS: Final = 10 * 60_000
Source = Literal["phone", "pad", "staff"]


@dataclass(frozen=True, slots=True)
class Today:
    """Changes for one date alone; on any other they say nothing. `closed`: no numbers any more, and why; `paused`: the
    same for lines; `contingents`: lines' numbers instead of the usual."""

    __pydantic_config__ = _STRICT

    date: Date = date.min
    closed: Text | None = None
    paused: dict[str, Text] = field(default_factory=dict)
    contingents: dict[str, int] = field(default_factory=dict)
