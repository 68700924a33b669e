"""How often somebody may ask. A limit is a bucket: `burst` requests at once, then `rate` a second.

What is counted belongs to somebody who can be told apart: a device, a token, a session. An address is counted only
where there is nobody: behind one address may stand a whole hall.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Limit:
    """`shared`: counted for the whole installation on the store; else each web process counts for itself."""

    rate: float
    burst: int
    shared: bool = False


#: docs/settings.md holds the same table, and a test compares them.
LIMITS: Final[dict[str, Limit]] = {
    # requests of one paired screen
    "device": Limit(20, 200),
    # numbers taken and cards read at one kiosk: a person takes one in some seconds
    "take": Limit(1, 30, shared=True),
    # requests of one session of staff
    "staff": Limit(20, 200),
    # requests of one token of a program
    "program": Limit(100, 1000),
    # requests with one ticket's, appointment's or case's own address
    "track": Limit(2, 60),
    # bookings of one address by people without an account
    "book": Limit(0.5, 60, shared=True),
    # passwords tried from one address, at browsers where nobody of the hall signed in before
    "sign_in": Limit(0.5, 60, shared=True),
    # tokens, codes and screens' cookies of one address that are nobody's
    "guess": Limit(0.5, 60, shared=True),
    # everything else from one address
    "address": Limit(50, 2000),
    # sockets opened from one address; more wait for their turn
    "socket": Limit(50, 2000),
}
_ONE = re.compile(r"([a-z_]+)=(\d{1,6})/(s|min|h)(?::(\d{1,6}))?")
_SECONDS = {"s": 1, "min": 60, "h": 3600}


def parse_limits(text: str) -> dict[str, Limit]:
    """`take=60/min:20, program=500/s`: other limits than the usual ones; `off`: none at all. Without a burst it is the
    usual one. Raises `ValueError` with a text for people."""
    if text.strip() == "off":
        return {name: Limit(math.inf, 1) for name in LIMITS}
    found = dict(LIMITS)
    for part in filter(None, (one.strip() for one in text.split(","))):
        match = _ONE.fullmatch(part)
        if match is None or match[1] not in LIMITS:
            raise ValueError(f"{part!r} is not like take=60/min or take=60/min:20; the names are {', '.join(LIMITS)}")
        usual, rate = LIMITS[match[1]], int(match[2]) / _SECONDS[match[3]]
        burst = int(match[4]) if match[4] else usual.burst
        if rate <= 0 or burst <= 0:
            raise ValueError(f"{part!r}: a limit is at least 1")
        found[match[1]] = Limit(rate, burst, usual.shared)
    return found


@dataclass(slots=True)
class Buckets:
    """Counts of one process. A bucket is one number: the moment at which it is full again."""

    most: int
    _full: dict[tuple[str, str], float] = field(default_factory=dict)

    def take(self, name: str, who: str, limit: Limit, now: float) -> float:
        """Take one; 0 if there was one, else how many seconds until there is (nothing is taken)."""
        if limit.rate == math.inf:
            return 0.0
        full = max(self._full.pop((name, who), now), now) + 1 / limit.rate
        early = full - now - limit.burst / limit.rate
        if early > 1e-9:
            self._keep(name, who, full - 1 / limit.rate)
            return early
        self._keep(name, who, full)
        return 0.0

    def empty(self, name: str, who: str, limit: Limit, now: float, seconds: float) -> None:
        """The store says that there is none for so many seconds."""
        self._keep(name, who, now + seconds + (limit.burst - 1) / limit.rate)

    def _keep(self, name: str, who: str, full: float) -> None:
        # The one that was not asked for longest leaves: so many strangers cannot fill the memory.
        if len(self._full) >= self.most:
            del self._full[next(iter(self._full))]
        self._full[name, who] = full
