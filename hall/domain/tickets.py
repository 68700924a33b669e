"""Tickets: their states, the legal moves, and the queue time that orders them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class State(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    MISSED = "missed"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Lane(StrEnum):
    """The set a waiting ticket stands in."""

    PRIORITY = "priority"
    GENERAL = "general"


class Claim(StrEnum):
    """How a group was claimed. A refused claim has lost its head start."""

    PROVEN = "proven"
    DECLARED = "declared"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


_W, _C, _S = State.WAITING, State.CALLED, State.SERVING
_P, _M, _D = State.PARKED, State.MISSED, State.DONE

#: States in which a ticket still stands for a person in the hall.
OPEN: Final = (_W, _C, _S, _P, _M)

#: The only list of legal moves: from which states each starts, and where it ends (None: the
#: same state). The Lua prelude is rendered from it, so Python and the store cannot disagree.
MOVES: Final[dict[str, tuple[tuple[State, ...], State | None]]] = {
    "call": ((_W,), _C),
    "recall": ((_C,), _C),
    "start": ((_C,), _S),
    "finish": ((_S, _C), _D),
    "send_back": ((_S, _C), _W),
    "miss": ((_C,), _M),
    "come_back": ((_M,), _W),
    "more_time": ((_W,), _W),
    "return": ((_C, _S), _W),
    "transfer": ((_W, _C, _S), _W),
    "park": ((_C, _S), _P),
    "unpark": ((_P,), _C),
    "cancel": ((_W, _C, _M, _P), State.CANCELLED),
    "expire": ((_W, _M, _P, _C), State.EXPIRED),
    "close_out": ((_S,), _D),
    "verify": (OPEN, None),
    "edit": (OPEN, None),
    "show": ((_C, _S), None),
}

#: What undo may take back: the state each move left the ticket in.
UNDO: Final[dict[str, State]] = {"call": _C, "start": _S, "miss": _M, "finish": _D}

#: What undo puts back, by the move taken back: the fields that move wrote. Everything else a ticket has
#: learned since stays, and so do its rings: a late acknowledgement or timer of a call that was taken back
#: must not meet the next call.
UNDO_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "call": ("window", "clerk", "called_at", "started_at", "rule", "unanswered_at"),
    "start": ("started_at", "unanswered_at"),
    "miss": ("missed_at",),
    "finish": ("ended_at", "outcome", "services", "slip_time"),
}


class Standing(NamedTuple):
    """Where a waiting ticket stands: its set, its queue time, and whether a booked slot is ahead."""

    lane: Lane
    queue_time: int
    booked: bool


def standing(
    *,
    arrived: int,
    now: int,
    green: int | None,
    slot: int | None,
    slot_head_start: int,
    grace: int,
    shift: int,
    slip: int = 0,
) -> Standing:
    """The order's one formula; all arguments in milliseconds.

    A ticket counts as taken `green` before it arrived (None: no claim), or `slip` before, when it came
    with a return slip and that is more; one with a slot, if it came no later
    than `grace` after it, counts from its slot on as taken `slot_head_start` before the slot.
    The lowest queue time is called first. `hall/store/lua/prelude/3_queues.lua` has the same lines.
    """
    base = arrived - max(green or 0, slip)
    kept = slot is not None and arrived <= slot + grace
    if slot is not None and kept and now >= slot:
        return Standing(Lane.PRIORITY, min(base, slot - slot_head_start) + shift, False)
    return Standing(Lane.GENERAL if green is None else Lane.PRIORITY, base + shift, kept)
