"""What may be asked of planning: a trial of a plan over many days, or a search for the windows that are needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from hall.domain.halls import Hall
from hall.domain.policy import HeadStart, Policy

TRIAL: Final = "trial"
STAFFING: Final = "staffing"
#: how many days may be played
DAYS: Final = (50, 100, 200, 300, 500)


@dataclass(frozen=True, slots=True)
class Target:
    """A share of a lane that must be called within some minutes."""

    lane: str
    minutes: int
    share: float = 0.9


TARGETS: Final = (Target("ordinary", 20), Target("green", 5))


@dataclass(frozen=True, slots=True)
class Question:
    """`source`: a recorded day ("2026-11-24": as many come as then) or a weekday ("0" is Monday: a forecast). `counts`:
    general windows by half hour of the opening. Head starts and grace in minutes. `booked`: how many in a hundred come
    with an appointment, None: as many as on the recorded days; `even`: their slots lie evenly over the day, not at the
    time they would have come. `targets` and `most` (general windows at once) are the search's."""

    source: str
    counts: tuple[int, ...]
    days: int
    green: int
    appointment: int
    grace: int
    booked: int | None = None
    even: bool = False
    targets: tuple[Target, ...] = TARGETS
    most: int = 0

    @classmethod
    def of(cls, hall: Hall, source: str, counts: tuple[int, ...], days: int = 200) -> Question:
        """As the hall is now."""
        here = hall.policy.head_start
        most = max(1, sum(window.kind == "general" for window in hall.windows))
        return cls(source, counts, days, here.green, here.appointment, hall.policy.grace, most=most)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Question:
        """From `as_data`."""
        targets = tuple(Target(**target) for target in data["targets"])
        return cls(**{**data, "counts": tuple(data["counts"]), "targets": targets})

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def policy(self, hall: Hall) -> Policy:
        return replace(hall.policy, head_start=HeadStart(self.green, self.appointment), grace=self.grace)

    @property
    def day(self) -> date | None:
        """The recorded day; None: a forecast."""
        return None if len(self.source) == 1 else date.fromisoformat(self.source)

    @property
    def weekday(self) -> int:
        day = self.day
        return int(self.source) if day is None else day.weekday()
