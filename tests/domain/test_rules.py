"""Small rules of the domain: the formula, the bound, errors, permissions, ids of entries."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from hall.domain.errors import HallError, WindowBusy
from hall.domain.events import id_order
from hall.domain.permissions import DEVICES, PERMISSIONS, ROLES
from hall.domain.policy import MINUTE, HeadStart, Policy
from hall.domain.tickets import MOVES, OPEN, UNDO, UNDO_FIELDS, Lane, State, standing

times = st.integers(-(10**9), 10**9)
minutes = st.integers(0, 120 * MINUTE)


@settings(max_examples=500, deadline=None, derandomize=True, database=None)
@given(times, times, st.one_of(st.none(), minutes), st.one_of(st.none(), times), minutes, minutes, minutes, minutes)
def test_nobody_counts_as_earlier_than_arrival_less_the_largest_head_start(
    arrived: int, wait: int, green: int | None, slot: int | None, head: int, grace: int, shift: int, slip: int
) -> None:
    now = arrived + abs(wait)
    where = standing(
        arrived=arrived, now=now, green=green, slot=slot, slot_head_start=head, grace=grace, shift=shift, slip=slip
    )
    assert where.queue_time >= arrived - max(green or 0, slip, head + grace) + shift
    assert where.queue_time <= arrived - max(green or 0, slip) + shift
    assert where.booked == (slot is not None and now < slot)
    if green is not None:
        assert where.lane == Lane.PRIORITY


@pytest.mark.parametrize(
    ("policy", "bound"),
    [
        (Policy(), 60),
        (Policy(head_start=HeadStart(green=50)), 55),
        (Policy(head_start=HeadStart(green=0, appointment=0), grace=0), 0),
        (Policy(head_start=HeadStart(green=90, appointment=45)), 90),
    ],
)
def test_the_number_on_the_wall_is_the_largest_head_start(policy: Policy, bound: int) -> None:
    assert policy.bound == bound


def test_a_code_is_given_once() -> None:
    with pytest.raises(TypeError, match="WINDOW_BUSY"):

        class Again(HallError):
            code = "WINDOW_BUSY"

    assert HallError.by_code["WINDOW_BUSY"] is WindowBusy
    assert all(code == code.upper() and kind.code == code for code, kind in HallError.by_code.items())


def test_who_may_do_what() -> None:
    assert ROLES["clerk"] >= {"issue", "serve", "board", "see_waiting"}
    assert ROLES["clerk"] < ROLES["manager"] < ROLES["admin"]
    assert not {"override", "call_any", "staff", "configure", "tokens"} & (ROLES["clerk"] | ROLES["officer"])
    assert not {"issue", "serve", "configure"} & ROLES["auditor"]
    assert "cases" not in ROLES["manager"], "a manager sees counts of cases, not their content"
    assert DEVICES["kiosk"] & DEVICES["display"] == set()
    assert not {"serve", "see_waiting"} & (DEVICES["kiosk"] | DEVICES["display"])
    assert frozenset().union(*ROLES.values(), *DEVICES.values()) == PERMISSIONS


def test_moves_start_and_end_in_states_of_tickets() -> None:
    ended = set(State) - set(OPEN)
    for starts, end in MOVES.values():
        assert set(starts) <= set(OPEN), "nothing starts from a state that has ended"
        assert end is None or end in State
    assert ended == {State.DONE, State.CANCELLED, State.EXPIRED}
    assert UNDO.keys() == UNDO_FIELDS.keys()
    assert all(MOVES[move][1] == state for move, state in UNDO.items())


def test_ids_of_entries_are_ordered_as_numbers() -> None:
    assert id_order("9-9") < id_order("9-10") < id_order("10-0")
    assert id_order("5") == (5, 0)
