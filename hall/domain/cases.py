"""Cases: 代帮办 (handled for somebody) and 上门办 (at their home). States, the legal moves, whom to give a case to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from hall.domain.case_catalogue import Item, Officer
from hall.domain.case_errors import ItemMoveNotLegal

Image = dict[str, Any]
Source = Literal["hall_ticket", "phone", "patrol", "relative", "kiosk_help", "window"]
SOURCES: Final[tuple[Source, ...]] = ("hall_ticket", "phone", "patrol", "relative", "kiosk_help", "window")
#: what the next step of a case is
STEPS: Final = ("visit", "ask_papers", "submit", "ask_office", "deliver", "call", "other")
#: how somebody authorised: on paper, in words before two officers, by fingerprint on paper, as guardian
AUTHORISED_BY: Final = ("signed", "spoken", "fingerprint", "guardian")
OUTCOMES: Final = ("granted", "partly", "declined", "informed")


class ItemState(StrEnum):
    OPENED = "opened"
    ACCEPTED = "accepted"
    IN_HAND = "in_hand"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_I = ItemState
#: from which states each move of an item starts, and where it ends; the Lua prelude is rendered from it
ITEM_MOVES: Final[dict[str, tuple[tuple[ItemState, ...], ItemState]]] = {
    "accept": ((_I.OPENED,), _I.ACCEPTED),
    "take": ((_I.ACCEPTED,), _I.IN_HAND),
    "submit": ((_I.IN_HAND,), _I.SUBMITTED),
    "decide": ((_I.SUBMITTED,), _I.DECIDED),
    "deliver": ((_I.DECIDED,), _I.DELIVERED),
    "refuse": ((_I.OPENED, _I.ACCEPTED, _I.IN_HAND, _I.SUBMITTED), _I.REFUSED),
    "withdraw": ((_I.OPENED, _I.ACCEPTED, _I.IN_HAND, _I.SUBMITTED, _I.DECIDED), _I.WITHDRAWN),
}
ENDED: Final = (_I.DELIVERED, _I.REFUSED, _I.WITHDRAWN)
#: the moves that say why
WITH_REASON: Final = ("refuse", "withdraw")
#: what is left to do of an item, in order
WAY: Final = ("accept", "take", "submit", "decide", "deliver")


def moves_of(state: str) -> list[str]:
    """What may be done with an item in a state, in the order of the list."""
    return [move for move, (start, _) in ITEM_MOVES.items() if state in start]


def rest_of_the_way(state: str) -> list[str]:
    """The moves that bring an item to its delivery, none skipped. Raises `ItemMoveNotLegal` when it has ended."""
    for n, move in enumerate(WAY):
        if state in ITEM_MOVES[move][0]:
            return list(WAY[n:])
    raise ItemMoveNotLegal(move="deliver", state=state)


def done_share(case: Image) -> tuple[int, int]:
    """(ended, all) items of a case."""
    states = [item["state"] for item in case["items"].values()]
    return sum(state in ENDED for state in states), len(states)


@dataclass(frozen=True, slots=True)
class Suggested:
    """An officer for a case, and why: `community`, `skills` they have of those asked for, `load` of `capacity`."""

    officer: str
    community: bool
    skills: tuple[str, ...]
    load: int
    capacity: int
    away: bool

    @property
    def score(self) -> tuple[bool, bool, bool, int, float, str]:
        """Smaller is better: who is here, has room, knows the place, knows the matter, has least to do."""
        full = self.load >= self.capacity
        return (self.away, full, not self.community, -len(self.skills), self.load / self.capacity, self.officer)


def suggest(
    officers: Iterable[Officer],
    *,
    community: str,
    items: Iterable[Item],
    loads: Mapping[str, int],
    away: Iterable[str] = (),
) -> list[Suggested]:
    """Officers for a case, the most suitable one first. A person decides."""
    wanted, absent = {item.skill for item in items if item.skill}, set(away)
    found = [
        Suggested(
            officer=one.id,
            community=bool(community) and one.community == community,
            skills=tuple(sorted(wanted & set(one.skills))),
            load=loads.get(one.id, 0),
            capacity=one.capacity,
            away=one.id in absent,
        )
        for one in officers
    ]
    return sorted(found, key=lambda one: one.score)


class Results(NamedTuple):
    """成效 of one group and month: people helped, items by how they ended, days from opening to their end."""

    people: int
    cases: int
    delivered: int
    refused: int
    withdrawn: int
    days: float | None


def results(cases: Sequence[Image], day_ms: int = 86_400_000) -> Results:
    """Of these cases, whatever they have in common."""
    items = [(case, item) for case in cases for item in case["items"].values()]
    by_state = {state: [pair for pair in items if pair[1]["state"] == state] for state in ENDED}
    ended = [item["since"] - item["opened_at"] for _, item in by_state[_I.DELIVERED]]
    return Results(
        people=len({case["person"] for case, _ in by_state[_I.DELIVERED]}),
        cases=len(cases),
        delivered=len(by_state[_I.DELIVERED]),
        refused=len(by_state[_I.REFUSED]),
        withdrawn=len(by_state[_I.WITHDRAWN]),
        days=round(sum(ended) / len(ended) / day_ms, 1) if ended else None,
    )
