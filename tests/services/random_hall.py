"""A random hall: every move of the policy at any moment, legal or not, held against model and journal."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import rule

from hall.domain.policy import MINUTE
from hall.services.calls import Finish, Target
from tests.services.model import Row
from tests.services.random_base import BOUND, CLERKS, NUMBERS, OUTCOMES, POLICIES, STEPS, WINDOWS
from tests.services.random_residents import Residents


class RandomHall(Residents):
    def teardown(self) -> None:
        try:
            if self.sound:
                self.finish_the_day()
        finally:
            self.audit.close()

    # Calls ---------------------------------------------------------------------------------------

    @rule(window=NUMBERS, clerk=CLERKS, finish=st.one_of(st.none(), OUTCOMES))
    def call_next(self, window: int, clerk: str | None, finish: str | None) -> None:
        self.next(self.window_id(window, held=finish is not None), clerk, finish)

    @rule(window=NUMBERS)
    def call_plainly(self, window: int) -> None:
        self.next(self.window_id(window, held=False), None, None)

    def next(self, window: str, clerk: str | None, finish: str | None) -> None:
        both = self.both(
            lambda: self.model.call_next(window, clerk, finish),
            lambda: self.driver.calls.call_next(
                self.driver.caller(clerk=clerk), self.driver.id, window, Finish(finish) if finish else None
            ),
        )
        if both:
            wanted, got = both
            assert (got and got["number"]) == (wanted and wanted["number"])
            self.check_promises(window, clerk, got)

    def check_promises(self, window: str, clerk: str | None, got: Row | None) -> None:
        left = self.model.waiting_for(window, clerk)
        if got is None:
            assert left == [], "work conservation: somebody waits whom this window may serve"
            return
        fact = self.audit.folded.calls[-1]
        if fact.rule == "next":
            assert (fact.over, max(fact.lead, 0)) <= (0, BOUND)
            passed = self.model.windows[window]["passed"]
            for other in left:
                if passed.get(other["id"], 0) <= self.driver.now:
                    assert got["arrived"] <= self.model.key(other)[0] + BOUND

    @rule(window=NUMBERS, clerk=CLERKS, pick=NUMBERS, move=st.sampled_from(["call", "unpark", "unpark"]))
    def call_by_number(self, window: int, clerk: str | None, pick: int, move: str) -> None:
        self.summon(self.window_id(window, held=False), clerk, pick, move)

    def summon(self, window: str, clerk: str | None, pick: int, move: str) -> None:
        number = self.number(pick, "waiting" if move == "call" else "parked")
        caller = self.driver.caller(clerk=clerk)
        reason = ("told to",) if move == "call" else ()
        self.both(
            lambda: getattr(self.model, move)(window, clerk, number),
            lambda: getattr(self.driver.calls, move)(caller, self.driver.id, window, number, *reason),
        )

    @rule(
        window=NUMBERS,
        clerk=CLERKS,
        move=st.sampled_from(["recall", "start", "start", "miss", "miss", "park", "park", "return_", "undo"]),
    )
    def at_window(self, window: int, clerk: str | None, move: str) -> None:
        self.plain(self.window_id(window, held=True), clerk, move)

    @rule(window=NUMBERS)
    def undo(self, window: int) -> None:
        likely = [w["id"] for w in self.model.windows.values() if w["undo"]]
        self.plain(likely[window % len(likely)] if likely else "w1", None, "undo")

    def plain(self, window: str, clerk: str | None, move: str) -> None:
        self.both(
            lambda: getattr(self.model, move)(window, clerk),
            lambda: getattr(self.driver.calls, move)(self.driver.caller(clerk=clerk), self.driver.id, window),
        )

    @rule(window=NUMBERS, clerk=CLERKS, outcome=OUTCOMES)
    def finish(self, window: int, clerk: str | None, outcome: str) -> None:
        self.end(self.window_id(window, held=True), clerk, outcome)

    def end(self, window: str, clerk: str | None, outcome: str) -> None:
        caller = self.driver.caller(clerk=clerk)
        self.both(
            lambda: self.model.finish(window, clerk, outcome),
            lambda: self.driver.calls.finish(caller, self.driver.id, window, Finish(outcome)),
        )

    @rule(
        window=NUMBERS,
        clerk=CLERKS,
        goal=st.sampled_from(
            [{"line": "a"}, {"line": "b"}, {"window": "w1"}, {"window": "p1"}, {"clerk": "ann"}, {"clerk": "bob"}]
        ),
        origin=st.booleans(),
        pick=st.one_of(st.none(), st.none(), NUMBERS),
    )
    def transfer(self, window: int, clerk: str | None, goal: Row, origin: bool, pick: int | None) -> None:
        self.send(self.window_id(window, held=pick is None), clerk, goal, origin, pick)

    def send(self, window: str, clerk: str | None, goal: Row, origin: bool, pick: int | None) -> None:
        number = None if pick is None else self.number(pick, "waiting")
        caller, target = self.driver.caller(clerk=clerk), Target(**goal, origin=origin)
        self.both(
            lambda: self.model.transfer(window, clerk, {**goal, "origin": origin}, number),
            lambda: self.driver.calls.transfer(caller, self.driver.id, window, target, "wrong line", number),
        )

    @rule(window=NUMBERS, clerk=CLERKS, pick=st.one_of(st.none(), NUMBERS), confirmed=st.booleans())
    def verify(self, window: int, clerk: str | None, pick: int | None, confirmed: bool) -> None:
        self.decide(self.window_id(window, held=True), clerk, pick, confirmed)

    def decide(self, window: str, clerk: str | None, pick: int | None, confirmed: bool) -> None:
        claimed = [t["number"] for t in self.model.open_tickets() if t.get("claim") == "declared"]
        likely = claimed[(pick or 0) % len(claimed)] if claimed and (pick or 0) % 8 != 7 else self.number(pick or 0)
        number = None if pick is None else likely
        caller = self.driver.caller(clerk=clerk)
        self.both(
            lambda: self.model.verify(window, clerk, number, confirmed=confirmed),
            lambda: self.driver.calls.verify(caller, self.driver.id, window, confirmed=confirmed, number=number),
        )

    # Windows and time ----------------------------------------------------------------------------

    @rule(window=NUMBERS, clerk=CLERKS, take_over=st.booleans())
    def open(self, window: int, clerk: str | None, take_over: bool) -> None:
        self.sit(self.window_id(window, held=None), clerk, take_over=take_over)

    def sit(self, window: str, clerk: str | None, *, take_over: bool) -> None:
        caller = self.driver.caller(clerk=clerk)
        self.both(
            lambda: self.model.open(window, clerk, take_over=take_over),
            lambda: self.driver.windows.open(caller, self.driver.id, window, take_over=take_over),
        )

    @rule(window=NUMBERS, clerk=CLERKS, move=st.sampled_from(["close", "pause", "resume", "resume"]))
    def window(self, window: int, clerk: str | None, move: str) -> None:
        self.leave(self.window_id(window, held=None), clerk, move)

    def leave(self, window: str, clerk: str | None, move: str) -> None:
        state = {"pause": "paused", "resume": "open"}.get(move)
        self.both(
            lambda: self.model.pause(window, clerk, state) if state else self.model.close(window, clerk),
            lambda: getattr(self.driver.windows, move)(self.driver.caller(clerk=clerk), self.driver.id, window),
        )

    @rule(ms=STEPS)
    def time_passes(self, ms: int) -> None:
        self.driver.now += ms
        self.model.now = self.driver.now

    @rule(move=st.sampled_from(["timers_fire", "timers_fire", "day_closes", "policy_changes"]))
    def chores(self, move: str) -> None:
        getattr(self, move)()

    def timers_fire(self) -> None:
        for timer, _ in self.driver.timers.due(self.driver.id, self.driver.now):
            self.driver.timers.fire(self.driver.id, timer, self.driver.now)
        assert self.driver.timers.due(self.driver.id, self.driver.now) == []
        self.step()

    def day_closes(self) -> None:
        date = self.driver.timers.day_to_close(self.driver.id, self.driver.now)
        if date:
            self.both(
                lambda: self.model.close_day(date),
                lambda: self.driver.timers.close_day(self.driver.id, date, self.driver.now),
            )

    def policy_changes(self) -> None:
        self.driver.change(policy=POLICIES[self.driver.hall.policy == POLICIES[0]])
        self.model.hall = self.driver.hall
        self.step()

    def finish_the_day(self) -> None:
        """Nobody is lost: everybody who waits is called, and when the day closes nothing is left anywhere."""
        self.timers_fire()
        for window_id in WINDOWS:
            self.sit(window_id, None, take_over=True)
        # Twice, because a ticket may have to go back to where it was sent from.
        for window_id in WINDOWS * 2:
            for _ in range(len(self.model.tickets) + 1):
                held = self.model.window(window_id)["ticket"]
                self.next(window_id, None, "done" if held else None)
        assert not [t for t in self.model.tickets.values() if t["state"] == "waiting"]
        self.driver.now += 24 * 60 * MINUTE
        self.model.now = self.driver.now
        self.day_closes()
        self.timers_fire()
        raw = self.audit.read()
        assert (raw.open_ids, raw.sets, raw.persons, raw.due) == (set(), {}, {}, {})
