"""What days are like, learned from recorded ones: who comes in which half hour, how long they keep a window, how
punctual who booked is, how often clerks pause. Any number of days is drawn from it, each from a seed.

Times are ms after midnight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple

from hall.domain.durations import Spread
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE, Policy
from hall.simulator.day import Guest, Seat
from hall.simulator.rosters import HALF_HOUR

#: slots of people who would have come without an appointment
SLOT_EVERY: Final = 15 * MINUTE


class Person(NamedTuple):
    """Somebody who came: in which half hour (their slot's, when they had booked), for what, as what."""

    half: int
    line: str
    services: str
    green: bool = False
    group: str | None = None
    slot: int | None = None


class Mix(NamedTuple):
    """What is changed about who comes: `booked` in a hundred with an appointment (None: as recorded), `even`: with
    slots evenly over the day."""

    booked: int | None = None
    even: bool = False


UNCHANGED: Final = Mix()


@dataclass(frozen=True, slots=True)
class Pattern:
    """`people` of `days` days by half hour; `exact`: as many come every day, else about as many. `times` by services,
    `gap` between two visitors, `early` before a slot (negative: late), `breaks`: their lengths, of which `rate` begin
    in a ms of an open window. `away`: the share of those who booked that did not come; they hold no window."""

    hall: Hall
    halves: tuple[int, ...]
    people: Mapping[int, tuple[Person, ...]]
    days: int
    exact: bool
    times: Mapping[str, Spread]
    gap: Spread
    early: tuple[int, ...]
    breaks: tuple[int, ...] = ()
    rate: float = 0.0
    away: float | None = None

    def day(self, chance: Random, policy: Policy, mix: Mix = UNCHANGED) -> list[Guest]:
        """One day, by arrival. With the same chance another mix has the same people, who stay as long."""
        share = self._share(mix)
        coming = [person for half in self.halves for person in self._half(half, chance)]
        guests = [self._guest(number, one, chance, policy, mix, share) for number, one in enumerate(coming, 1)]
        return sorted(guests, key=lambda guest: (guest.arrived, guest.number))

    def _half(self, half: int, chance: Random) -> list[Person]:
        known = self.people.get(half, ())
        if self.exact or not known:
            return list(known)
        count, at, mean = 0, chance.expovariate(1), len(known) / self.days
        while at < mean:
            count, at = count + 1, at + chance.expovariate(1)
        return [chance.choice(known) for _ in range(count)]

    def _share(self, mix: Mix) -> float:
        """Of those who are free to book, how many do: who comes by the green channel comes as before."""
        everybody = [person for people in self.people.values() for person in people]
        free = sum(not person.green for person in everybody)
        return 0.0 if mix.booked is None or not free else min(1.0, mix.booked / 100 * len(everybody) / free)

    def _guest(self, number: int, one: Person, chance: Random, policy: Policy, mix: Mix, share: float) -> Guest:
        within, books, evenly = chance.random(), chance.random(), chance.random()
        early = chance.choice(self.early)
        takes = self.times[one.services].draw(chance.random) + self.gap.draw(chance.random)
        arrived = max(self.opens, one.half * HALF_HOUR + int(within * HALF_HOUR))
        slot = self._slot(one, arrived, evenly, mix, books < share)
        if slot is not None:
            arrived = min(max(self.opens, slot - early), self.closes)
        green = self._green(one, policy) if one.green else None
        return Guest(number, arrived, one.line, one.services, takes, green, slot, one.group)

    def _slot(self, one: Person, arrived: int, evenly: float, mix: Mix, books: bool) -> int | None:
        if mix.booked is None or one.green:
            return one.slot
        if not books:
            return None
        if mix.even:
            each = HALF_HOUR // SLOT_EVERY
            number = int(evenly * len(self.halves) * each)
            return self.halves[number // each] * HALF_HOUR + number % each * SLOT_EVERY
        return -(-arrived // SLOT_EVERY) * SLOT_EVERY if one.slot is None else one.slot

    def _green(self, one: Person, policy: Policy) -> int:
        own = next((group.head_start for group in self.hall.groups if group.id == one.group), None)
        return (policy.head_start.green if own is None else own) * MINUTE

    @property
    def opens(self) -> int:
        return self.halves[0] * HALF_HOUR

    @property
    def closes(self) -> int:
        return (self.halves[-1] + 1) * HALF_HOUR

    def paused(self, there: Sequence[Seat], chance: Random) -> list[Seat]:
        """The windows with breaks of their clerks."""
        if not self.breaks:
            return list(there)
        return [seat._replace(there=self._with_breaks(seat.there, chance)) for seat in there]

    def _with_breaks(self, there: Sequence[tuple[int, int]], chance: Random) -> tuple[tuple[int, int], ...]:
        found = []
        for since, till in there:
            here = since
            at = here + int(chance.expovariate(self.rate))
            while at < min(till, self.closes):
                if at > here:
                    found.append((here, at))
                here = at + chance.choice(self.breaks)
                at = here + int(chance.expovariate(self.rate))
            if here < till:
                found.append((here, till))
        return tuple(found)
