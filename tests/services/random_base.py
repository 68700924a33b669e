"""What every rule of a random hall goes through: one move, on the model and on the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine

from hall.domain.errors import HallError
from hall.domain.halls import Group, Line
from hall.domain.policy import MINUTE, HeadStart, Policy
from hall.services.tickets import Booked
from tests.driver import Driver, text
from tests.services.audit import Audit
from tests.services.model import Refused, Row
from tests.services.model_moves import Moves
from tests.services.people import OLD, OTHER, YOUNG

NUMBERS = st.integers(0, 10**6)
WINDOWS = ("w1", "w2", "w3", "p1")
CLERKS = st.sampled_from([None, None, None, None, "ann", "bob"])
OUTCOMES = st.sampled_from(["done", "papers_missing"])
PEOPLE = st.sampled_from([None, None, None, OLD, YOUNG, OTHER])
CLAIMS = st.sampled_from([None, None, None, "veteran", "near", "none"])
#: minutes from now to the booked slot
SLOTS = st.sampled_from([None, None, None, -12, -10, -9, 0, 1, 5, 20, 44, 46, 60, 61])
STEPS = st.sampled_from(
    [1, 1_000, 5_000, 30_000, 30_001, MINUTE, MINUTE, 3 * MINUTE, 5 * MINUTE, 11 * MINUTE, 31 * MINUTE]
)
POLICIES = (Policy(), Policy(head_start=HeadStart(green=30, appointment=20), grace=5, pass_over=2, come_back_within=5))
GROUPS = (
    Group("aged", text("80+"), proof="card", from_age=80),
    Group("veteran", text("veteran")),
    Group("near", text("near"), head_start=20),
    Group("none", text("no head start, but first at a priority window"), head_start=0),
)
LINES = (Line("a", "A", text("a")), Line("b", "B", text("b"), contingent=12))
#: at most this much later than `a` counts as arrived may somebody come who is called before `a`
BOUND = max(policy.bound for policy in POLICIES) * MINUTE


class Base(RuleBasedStateMachine):
    #: set by the test
    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.driver = Driver(self.url, lines=LINES, groups=GROUPS)
        self.model = Moves(self.driver.hall)
        self.audit = Audit(self.driver)
        self.booked: list[Booked] = []
        self.sound = True
        self.step()

    # What every rule goes through ----------------------------------------------------------------

    def step(self) -> None:
        self.sound = False
        self.model.now = self.driver.now
        self.audit.follow()
        self.audit.check(self.model)
        self.sound = True

    def both(self, expected: Callable[[], Any], real: Callable[[], Any]) -> Any:
        """Run a move on the model and on the store: the same refusal and nothing changed, or the same change."""
        self.sound = False
        self.model.now = self.driver.now
        try:
            wanted = expected()
        except Refused as refused:
            note(f"refused: {refused.code}")
            before = self.audit.dump()
            try:
                real()
            except HallError as refusal:
                assert refusal.code == refused.code
                assert self.audit.dump() == before, "a refusal changed something"
                self.sound = True
                return None
            raise AssertionError(f"not refused with {refused.code}") from None
        got = real()
        note(f"→ {got['number'] if isinstance(got, dict) and 'number' in got else got}")
        self.step()
        return wanted, got

    def someone(self, pick: int, *states: str) -> Row | None:
        """A ticket in one of the states, mostly; any one else."""
        rows = list(self.model.tickets.values())[-12:]
        likely = [row for row in rows if row["state"] in states]
        rows = likely if likely and pick % 8 != 7 else rows
        return rows[pick % len(rows)] if rows else None

    def number(self, pick: int, *states: str) -> str:
        ticket = self.someone(pick, *states)
        return ticket["number"] if ticket else "Z999"

    def window_id(self, pick: int, *, held: bool | None) -> str:
        """A window that holds a ticket or does not, mostly; any one else."""
        likely = [w for w in WINDOWS if bool(self.model.windows.get(w, {}).get("ticket")) == held]
        windows = likely if likely and pick % 8 != 7 else WINDOWS
        return windows[pick % len(windows)]
