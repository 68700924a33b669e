"""The moves of the model, one method each; see model.py."""

from __future__ import annotations

from hall.domain import order
from hall.domain.policy import MINUTE
from tests.services.model import Model, Refused, Row


class Moves(Model):
    # Residents -----------------------------------------------------------------------------------

    def issue(self, line: str, *, ticket_id: str, person: str | None, claim: Row, slot: Row, slip: str | None) -> Row:
        self.check_slot(slot)
        open_id = self.persons.get((person, line)) if person else None
        if open_id:
            ticket = self.tickets[open_id]
            if not slot or ticket.get("slot"):
                raise Refused("TICKET_OPEN")
            ticket.update(slot)
            self.appointments.add(slot["appointment"])
            return ticket
        old = self.tickets[slip] if slip else None
        if old and (old.get("outcome") != "papers_missing" or old["date"] != self.today or old.get("slip_used")):
            raise Refused("SLIP_USED")
        contingent = self.hall.line(line).contingent
        count = self.counters.get((self.today, line), 0)
        if contingent is not None and count >= contingent:
            raise Refused("CONTINGENT_FULL")
        self.counters[self.today, line] = count + 1
        number = f"{self.hall.line(line).letter}{count + 1:03}"
        ticket = {"id": ticket_id, "number": number, "date": self.today, "line": line, "issued_line": line}
        ticket |= {
            "queue": line,
            "arrived": self.now,
            "shift": 0,
            "state": "waiting",
            "person": person,
            **claim,
            **slot,
        }
        if old:
            old["slip_used"] = True
            if old["line"] == line:
                longest = self.hall.policy.head_start.green * MINUTE
                ticket["slip"] = max(0, min(self.now - old["slip_time"], longest))
        self.tickets[ticket_id] = ticket
        self.numbers[self.today, number] = ticket_id
        if person:
            self.persons[person, line] = ticket_id
        if slot:
            self.appointments.add(slot["appointment"])
        return ticket

    def check_slot(self, slot: Row) -> None:
        if slot and self.now < slot["slot"] - self.minutes("early"):
            raise Refused("TOO_EARLY")
        if slot and slot["appointment"] in self.appointments:
            raise Refused("APPOINTMENT_USED")

    def come_back(self, ticket: Row) -> None:
        self.check(ticket, "come_back")
        shown = bool(ticket.get("shown"))
        in_time = self.now - ticket["missed_at"] <= self.minutes("come_back_within")
        if in_time and not ticket.get("comebacks"):
            ticket["shift"] += self.minutes("come_back_shift") if shown else 0
        else:
            ticket["arrived"], ticket["shift"] = self.now, 0
            ticket.pop("slip", None)
        ticket["comebacks"] = ticket.get("comebacks", 0) + shown
        for name in ("window", "clerk", "missed_at"):
            ticket.pop(name, None)
        self.enter(ticket)

    def more_time(self, ticket: Row) -> None:
        self.check(ticket, "more_time")
        if ticket.get("more_times", 0) >= self.hall.policy.more_time_times:
            raise Refused("MORE_TIME_USED_UP")
        ticket["more_times"] = ticket.get("more_times", 0) + 1
        ticket["shift"] += self.minutes("more_time_shift")
        self.enter(ticket)

    def cancel(self, ticket: Row) -> None:
        self.check(ticket, "cancel")
        if ticket["state"] == "called":
            self.leave_window(self.windows[ticket["window"]], ticket)
        self.end(ticket, "cancelled")

    def declare(self, ticket: Row, claim: Row) -> None:
        self.check(ticket, "edit")
        if claim:
            if ticket.get("claim"):
                raise Refused("CLAIM_DECIDED")
            ticket.update(claim)

    def shown(self, ticket: Row, calls: int) -> None:
        if ticket["state"] in ("called", "serving") and ticket["calls"] == calls:
            ticket["shown"] = True

    # Calls ---------------------------------------------------------------------------------------

    def call_next(self, window_id: str, clerk: str | None, finish: str | None) -> Row | None:
        if finish:
            window = self.window(window_id, clerk)
            if window["state"] == "paused":
                raise Refused("WINDOW_PAUSED")
            self.finish(window_id, clerk, finish)
        else:
            window = self.free_window(window_id, clerk)
        self.sit_down(window, clerk)
        seat = order.seat(self.hall, self.windows, window_id, self.now, clerk)
        found = order.pick(self.tickets.values(), seat, self.now)
        if found is None:
            return None
        ticket = self.tickets[found.ticket["id"]]
        self.seat(window, ticket, found.rule)
        return ticket

    def seat(self, window: Row, ticket: Row, rule: str) -> None:
        if rule == "unparked":
            window["undo"] = []
        else:
            self.remember(window, "call", ticket, ("window", "clerk", "rule", "started_at"))
        ticket.update(state="called", window=window["id"], rule=rule)
        ticket["clerk"] = window["clerk"]
        ticket.pop("started_at", None)
        window["ticket"] = ticket["id"]
        self.ring(ticket)

    def ring(self, ticket: Row) -> None:
        ticket["calls"] = ticket.get("calls", 0) + 1
        ticket.pop("shown", None)

    def call(self, window_id: str, clerk: str | None, number: str) -> None:
        window, ticket = self.free_window(window_id, clerk), self.named(number)
        self.check(ticket, "call")
        self.sit_down(window, clerk)
        self.seat(window, ticket, "chosen")

    def unpark(self, window_id: str, clerk: str | None, number: str) -> None:
        window, ticket = self.free_window(window_id, clerk), self.named(number)
        self.check(ticket, "unpark")
        if ticket["window"] != window_id and self.windows[ticket["window"]]["state"] != "closed":
            raise Refused("WINDOW_TAKEN")
        self.sit_down(window, clerk)
        self.seat(window, ticket, "unparked")

    def recall(self, window_id: str, clerk: str | None) -> None:
        self.ring(self.at(self.window(window_id, clerk), "recall"))

    def start(self, window_id: str, clerk: str | None) -> None:
        window = self.window(window_id, clerk)
        ticket = self.at(window, "start")
        self.remember(window, "start", ticket, ("started_at",))
        ticket.update(state="serving", started_at=self.now)

    def finish(self, window_id: str, clerk: str | None, outcome: str) -> None:
        window = self.window(window_id, clerk)
        ticket = self.at(window, "finish")
        if ticket.get("origin_line"):
            ticket["line"] = ticket.pop("origin_line")
            ticket["queue"] = f"@window/{ticket.pop('origin_window')}"
            self.leave_window(window, ticket)
            self.enter(ticket)
            return
        self.remember(window, "finish", ticket, ("outcome", "slip_time"))
        ticket["outcome"], window["ticket"] = outcome, None
        if outcome == "papers_missing":
            ticket["slip_time"] = self.key(ticket)[0]
        self.end(ticket, "done")

    def miss(self, window_id: str, clerk: str | None) -> None:
        window = self.window(window_id, clerk)
        ticket = self.at(window, "miss")
        self.remember(window, "miss", ticket, ("missed_at",))
        ticket.update(state="missed", missed_at=self.now)
        window["ticket"] = None

    def park(self, window_id: str, clerk: str | None) -> None:
        window = self.window(window_id, clerk)
        ticket = self.at(window, "park")
        self.leave_window(window, ticket)
        ticket.update(state="parked", window=window_id)

    def return_(self, window_id: str, clerk: str | None) -> None:
        window = self.window(window_id, clerk)
        ticket = self.at(window, "return")
        self.leave_window(window, ticket)
        window["passed"][ticket["id"]] = self.now + self.minutes("pass_over")
        self.enter(ticket)

    def transfer(self, window_id: str, clerk: str | None, target: Row, number: str | None) -> None:
        window = self.window(window_id, clerk)
        ticket = self.named(number) if number else self.at(window, "transfer")
        self.check(ticket, "transfer")
        if number and ticket["state"] != "waiting":
            raise Refused("MOVE_NOT_LEGAL")
        line = target.get("line")
        queue = line or (f"@window/{target['window']}" if "window" in target else f"@clerk/{target['clerk']}")
        if not self.is_there(queue):
            raise Refused("TARGET_CLOSED")
        if not number:
            self.leave_window(window, ticket)
        if target.get("origin"):
            ticket["origin_line"], ticket["origin_window"] = ticket["line"], window_id
        ticket["line"], ticket["queue"] = line or ticket["line"], queue
        self.enter(ticket)

    def verify(self, window_id: str, clerk: str | None, number: str | None, *, confirmed: bool) -> None:
        ticket = self.named(number) if number else self.at(self.window(window_id, clerk), "verify")
        self.check(ticket, "verify")
        if ticket.get("claim") != "declared" and not (ticket.get("claim") == "proven" and not confirmed):
            raise Refused("CLAIM_DECIDED")
        ticket["claim"] = "confirmed" if confirmed else "refused"
        if not confirmed:
            ticket.pop("green")

    def undo(self, window_id: str, clerk: str | None) -> None:
        window = self.window(window_id, clerk)
        last = window["undo"][0] if window["undo"] else None
        if last is None or self.now > last["until"]:
            raise Refused("NOTHING_TO_UNDO")
        ticket = self.tickets[last["ticket"]]
        left = {"call": "called", "start": "serving", "miss": "missed", "finish": "done"}[last["move"]]
        gone = last["move"] in ("miss", "finish")
        here = (gone and not window["ticket"]) or window["ticket"] == ticket["id"]
        other_ring = last["move"] != "call" and ticket["calls"] != last["calls"]
        if ticket["state"] != left or not here or other_ring or ticket.get("slip_used"):
            raise Refused("NOTHING_TO_UNDO")
        window["undo"].pop(0)
        self.restore(ticket, last["before"])
        window["ticket"] = None if last["move"] == "call" else ticket["id"]
        if last["move"] == "call":
            self.enter(ticket)
        if ticket.get("person"):
            self.persons.setdefault((ticket["person"], ticket["issued_line"]), ticket["id"])

    # Windows and time ----------------------------------------------------------------------------

    def open(self, window_id: str, clerk: str | None, *, take_over: bool) -> None:
        window, old = self.window(window_id), self.seat_of(clerk)
        if window["state"] != "closed" and window["clerk"] and window["clerk"] != clerk and not take_over:
            raise Refused("WINDOW_TAKEN")
        if old and old is not window:
            if not take_over:
                raise Refused("CLERK_ELSEWHERE")
            if old["ticket"]:
                ticket = self.tickets[old["ticket"]]
                self.leave_window(old, ticket)
                self.enter(ticket)
            self.shut(old, clerk_moves=True)
        sat = window["clerk"]
        window["state"], window["clerk"] = "open", clerk
        if sat and sat != clerk:
            self.dissolve(f"@clerk/{sat}")

    def close(self, window_id: str, clerk: str | None) -> None:
        window = self.window(window_id, clerk)
        if window["ticket"]:
            raise Refused("WINDOW_BUSY")
        if window["state"] != "closed":
            self.shut(window)

    def pause(self, window_id: str, clerk: str | None, state: str) -> None:
        """`state`: paused, or open to resume."""
        window = self.window(window_id, clerk)
        if window["state"] == "closed":
            raise Refused("WINDOW_CLOSED")
        window["state"] = state

    def close_day(self, date: str) -> None:
        if self.closed_day >= date:
            return
        for ticket in self.open_tickets():
            if ticket["date"] <= date:
                serving = ticket["state"] == "serving"
                if serving:
                    ticket["outcome"] = "unclosed"
                self.end(ticket, "done" if serving else "expired")
        for window in self.windows.values():
            held = self.tickets.get(window["ticket"] or "")
            if window["state"] != "closed" and not (held and held["state"] in ("called", "serving")):
                window["ticket"] = None
                self.shut(window)
        self.closed_day = date
