"""Which layout the keys of a hall have, and the steps from one layout to the next, forward and back.

The mark is a field of the hall's own hash, so that every script sees it: moves and snapshots of code of another layout
are refused (STORE_LAYOUT). While a step is under way everybody's are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, cast

from redis import Redis
from redis.lock import Lock

from hall.store.keys import Keys

_FIELD: Final = "layout"
#: seconds; a hall's keys are moved in less
_LONGEST: Final = 600


class UnknownLayout(Exception):
    """A newer Sanban made it, or there is no such layout: this code knows no step there."""


class InUse(Exception):
    """Somebody works with the hall's keys."""


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


def check(store: Redis, hall_id: str, to: int, steps: Sequence[Step] = STEPS) -> None:
    """Raises `UnknownLayout` when there is no way from the hall's layout to this one."""
    has = of(store, hall_id)
    if max(*map(int, has.split(">")), to) > 1 + len(steps) or to < 1:
        raise UnknownLayout(f"{hall_id} has layout {has}, wanted is {to}, this Sanban knows 1 to {1 + len(steps)}")


def move(store: Redis, hall_id: str, to: int, steps: Sequence[Step] = STEPS) -> None:
    """Take a hall to a layout, step by step; first to its end what was interrupted. Raises `UnknownLayout` or `InUse`,
    nothing changed."""
    check(store, hall_id, to, steps)
    if of(store, hall_id) == str(to):
        return
    keys = Keys(hall_id)
    if store.exists(keys.of("lease", "follower")):
        raise InUse(f"{hall_id} is served: stop Sanban on every machine first")
    lock = Lock(store, keys.of("lease", "layout"), timeout=_LONGEST, blocking=False)
    if not lock.acquire():
        raise InUse(f"{hall_id} is being moved by another process, or one that ended less than {_LONGEST} s ago")
    try:
        _walk(store, keys, to, steps)
    finally:
        lock.release()


def _walk(store: Redis, keys: Keys, to: int, steps: Sequence[Step]) -> None:
    now, _, under_way = of(store, keys.hall_id).partition(">")
    goal = int(under_way or now)
    if under_way:
        _step(store, keys, int(now), goal, steps)
    while goal != to:
        before, goal = goal, goal + (1 if to > goal else -1)
        _step(store, keys, before, goal, steps)


def _step(store: Redis, keys: Keys, now: int, goal: int, steps: Sequence[Step]) -> None:
    store.hset(keys.hall, _FIELD, f"{now}>{goal}")
    step = steps[min(now, goal) - 1]
    (step.forward if goal > now else step.back)(store, keys)
    store.hset(keys.hall, _FIELD, str(goal))
