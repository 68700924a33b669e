"""The case desk of a worked year: cases of few people, their matters going on, visits, numbers in the hall, somebody
written down twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hall.domain.policy import MINUTE

Json = dict[str, Any]
_ENDS = (("delivered", "granted"), ("delivered", "partly"), ("delivered", "declined"), ("delivered", "informed"))
_UNDONE = (("refused", None), ("withdrawn", "granted"))


@dataclass
class CaseDesk:
    people: int = 40
    opened: int = 0
    running: list[Json] = field(default_factory=list)

    def day(self, midnight: int, end: int, chance: Random) -> Iterator[Json]:
        """A day's entries, all written at its end."""
        for _ in range(chance.randint(1, 4)):
            case = self._open(midnight + chance.randint(9 * 60, 15 * 60) * MINUTE, chance)
            self.running.append(case)
            yield _told("case_opened", case)
        for case in list(self.running):
            if chance.random() < 0.3:
                yield from self._goes_on(case, end, chance)

    def _open(self, at: int, chance: Random) -> Json:
        self.opened += 1
        names = [chance.choice(("card", "care", "pension")) for _ in range(chance.randint(1, 3))]
        items = {
            str(n): {"item": name, "state": "opened", "since": at, "opened_at": at} for n, name in enumerate(names)
        }
        return {
            "id": f"{self.opened:010d}",
            "kind": chance.choice(("assisted", "home_visit")),
            "state": "open",
            "person": f"q{chance.randrange(self.people)}",
            "source": "phone",
            "group": chance.choice(("elder",) * 8 + ("homeless",) * 2 + ("veteran",)),
            "community": chance.choice(("k1", "k2", "")),
            "owner": "c1",
            "opened_at": at,
            "items": items,
        }

    def _goes_on(self, case: Json, end: int, chance: Random) -> Iterator[Json]:
        left = [item for item in case["items"].values() if "outcome" not in item]
        what = chance.random()
        if what < 0.15:
            state = chance.choice(("done", "done", "not_met"))
            yield {"kind": "visit_left", "of": case["id"], "visit": {"id": f"v{end}", "state": state}}
        elif what < 0.3:
            yield _told("case_ticket", case, number="A001")
        elif what < 0.35:
            yield _told("case_merged", case, into=f"q{chance.randrange(self.people)}")
        elif what < 0.4:
            yield _told("case_parted", case, into="q0")
        elif left:
            state, outcome = chance.choice(_ENDS * 2 + _UNDONE)
            left[0] |= {"state": state, "outcome": outcome, "since": end}
            yield _told("case_item_moved", case, n="0", to=state)
        else:
            self.running.remove(case)
            case |= {"state": "closed", "closed_at": end}
            yield _told("case_closed", case)


def _told(kind: str, case: Json, **facts: str) -> Json:
    """The image as it is now: it will change."""
    return {"kind": kind, "case": json.loads(json.dumps(case)), **facts}
