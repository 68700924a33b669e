"""Which layout the keys of a hall have, and the steps from one layout to the next, forward and back.

The mark is a field of the hall's own hash, so that every script sees it: code of another layout is refused
(STORE_LAYOUT) instead of reading or writing what it does not know. While a step is under way everybody is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, cast

from redis import Redis

from hall.store.keys import Keys

_FIELD: Final = "layout"


class UnknownLayout(Exception):
    """A newer Sanban made it, or there is no such layout: this code knows no step there."""


class Step(NamedTuple):
    """What takes the keys of one hall from a layout to the next, and back. Each can be done again from wherever an
    end of the process left it."""

    forward: Callable[[Redis, Keys], None]
    back: Callable[[Redis, Keys], None]


#: the first one leads from layout 1 to 2
STEPS: Final[tuple[Step, ...]] = ()
NEWEST: Final = 1 + len(STEPS)


def of(store: Redis, hall_id: str) -> str:
    """A number, or `2>3` while a step is under way. A hall without a mark has the first layout."""
    return cast(str | None, store.hget(Keys(hall_id).hall, _FIELD)) or "1"


def move(store: Redis, hall_id: str, to: int, steps: Sequence[Step] = STEPS) -> None:
    """Take a hall to a layout, step by step; first to its end what was interrupted. Raises `UnknownLayout`, nothing
    changed."""
    keys = Keys(hall_id)
    now, _, under_way = of(store, hall_id).partition(">")
    goal = int(under_way or now)
    if max(goal, int(now), to) > 1 + len(steps) or to < 1:
        raise UnknownLayout(f"{hall_id} has layout {now}, wanted is {to}, this Sanban knows 1 to {1 + len(steps)}")
    if under_way:
        _step(store, keys, int(now), goal, steps)
    while goal != to:
        now, goal = str(goal), goal + (1 if to > goal else -1)
        _step(store, keys, int(now), goal, steps)


def _step(store: Redis, keys: Keys, now: int, goal: int, steps: Sequence[Step]) -> None:
    store.hset(keys.hall, _FIELD, f"{now}>{goal}")
    step = steps[min(now, goal) - 1]
    (step.forward if goal > now else step.back)(store, keys)
    store.hset(keys.hall, _FIELD, str(goal))
