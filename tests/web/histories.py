"""Random days of a hall: every move of the services, at random, with a clock that goes on."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hall.domain.callers import Caller
from hall.domain.errors import HallError
from hall.domain.halls import Window
from hall.services.calls import Edit, Finish, Target
from hall.services.tickets import Booked, Wish
from tests.driver import Driver

MINUTE = 60_000
WINDOWS = ("w1", "w2", "w3", "p1")
CLERKS = ("ann", "bob", None)


class History:
    """`history.step()` asks for one random move; what is refused leaves no trace."""

    def __init__(self, hall: Driver, seed: int) -> None:
        self.hall = hall
        self.random = random.Random(seed)
        self._booked = 0

    def step(self) -> None:
        self.hall.now += self.random.choice((0, 1, 1000, 20_000, MINUTE, 4 * MINUTE))
        move = self.random.choice(self._moves())
        with suppress(HallError):
            move()

    def settle(self) -> None:
        """Fire the timers that have come: a snapshot shows a slot that came at once, its entry follows."""
        for timer, _ in self.hall.timers.due(self.hall.id, self.hall.now):
            self.hall.timers.fire(self.hall.id, timer, self.hall.now)

    def _moves(self) -> list[Callable[[], Any]]:
        often = [self._issue, self._issue, self._next, self._next, self._at_window, self._at_window]
        return [
            *often,
            self._by_number,
            self._by_number,
            self._seat,
            self._transfer,
            self._undone,
            self.settle,
            self._rare,
        ]

    def _who(self) -> Caller:
        return self.hall.caller("staff:x", clerk=self.random.choice(CLERKS))

    def _window(self) -> str:
        return self.random.choice(WINDOWS)

    def _number(self) -> str:
        tickets = list(self.hall.snapshot().tickets.values())
        return str(self.random.choice(tickets)["number"]) if tickets else "Z999"

    def _issue(self) -> None:
        wish: dict[str, Any] = {"services": self.random.choice((("a1",), ("a1", "a2"), ("b1",)))}
        if self.random.random() < 0.25:
            wish["claim"] = "veteran"
        if self.random.random() < 0.3:
            self._booked += 1
            slot = self.hall.now + self.random.randint(-12, 50) * MINUTE
            wish["booked"] = Booked(f"b{self._booked}", slot)
        self.hall.tickets.issue(self._who(), self.hall.id, Wish(**wish))

    def _next(self) -> None:
        finish = self.random.choice((None, Finish(), Finish("papers_missing", ("a2",))))
        self.hall.calls.call_next(self._who(), self.hall.id, self._window(), finish)

    def _at_window(self) -> None:
        calls = self.hall.calls
        moves = (
            calls.recall,
            calls.start,
            calls.start,
            calls.finish,
            calls.miss,
            calls.park,
            calls.return_,
            calls.undo,
        )
        self.random.choice(moves)(self._who(), self.hall.id, self._window())

    def _undone(self) -> None:
        calls, window, who = self.hall.calls, self._window(), self._who()
        move = self.random.choice((calls.call_next, calls.start, calls.finish, calls.miss))
        move(who, self.hall.id, window)
        calls.undo(who, self.hall.id, window)

    def _by_number(self) -> None:
        who, here, number, window = self._who(), self.hall.id, self._number(), self._window()
        calls, tickets = self.hall.calls, self.hall.tickets
        moves: list[Callable[[], Any]] = [
            lambda: calls.call(who, here, window, number, "train"),
            lambda: calls.unpark(who, here, window, number),
            lambda: calls.unpark(who, here, window, number),
            lambda: calls.verify(who, here, window, confirmed=self.random.random() < 0.5, number=number),
            lambda: calls.edit(who, here, number, Edit(note="n", language="en", group="veteran")),
            lambda: tickets.staff_move(who, here, number, "cancel"),
            lambda: tickets.staff_move(who, here, number, "come_back"),
            lambda: tickets.staff_move(who, here, number, "more_time"),
            self._shown,
        ]
        self.random.choice(moves)()

    def _shown(self) -> None:
        for ticket in self.hall.snapshot().tickets.values():
            if ticket["state"] == "called":
                self.hall.tickets.shown(self._who(), self.hall.id, ticket["id"], ticket["calls"])

    def _transfer(self) -> None:
        target = self.random.choice(
            (Target(line="b"), Target(line="a", origin=True), Target(window=self._window()), Target(clerk="ann"))
        )
        number = self.random.choice((None, self._number()))
        self.hall.calls.transfer(self._who(), self.hall.id, self._window(), target, "why", number)

    def _seat(self) -> None:
        windows, window, who = self.hall.windows, self._window(), self._who()
        if self.random.random() < 0.4:
            windows.open(who, self.hall.id, window, take_over=self.random.random() < 0.5)
        else:
            self.random.choice((windows.close, windows.pause, windows.resume))(who, self.hall.id, window)

    def _rare(self) -> None:
        if self.random.random() < 0.7:
            return
        self.random.choice((self._new_day, self._change, self._access, self._clock_back))()

    def _new_day(self) -> None:
        date = self.hall.moves.today(self._who(), self.hall.hall)
        self.hall.timers.close_day(self.hall.id, date, self.hall.now)

    def _change(self) -> None:
        lines = self.random.choice((("a",), ("b",), ("a", "b")))
        self.hall.change(windows=(*self.hall.hall.windows[:3], Window("p1", "P", lines, kind="priority")))

    def _access(self) -> None:
        self.hall.access.add_token(self.hall.id, "clerk")
        # The only move without a clock of the test's: the hall's has gone on to the server's.
        self.hall.now = max(self.hall.now, self.hall.snapshot().now)

    def _clock_back(self) -> None:
        caller = Caller(by="staff:x", now=self.hall.now - 10 * MINUTE)
        self.hall.tickets.issue(caller, self.hall.id, Wish(services=("a1",)))
