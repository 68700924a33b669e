"""What residents and displays do in a random hall."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import initialize, rule

from hall.domain.policy import MINUTE
from hall.services.calls import Edit
from hall.services.tickets import Booked, Wish
from tests.services.model import Row
from tests.services.people import OLD
from tests.services.random_base import CLAIMS, NUMBERS, PEOPLE, SLOTS, Base


class Residents(Base):
    # Residents -----------------------------------------------------------------------------------

    @initialize(
        late=st.sampled_from([False, False, False, True]),
        crowd=st.lists(st.tuples(st.sampled_from("aab"), CLAIMS, SLOTS), max_size=8),
    )
    def opens(self, late: bool, crowd: list[tuple[str, str | None, int | None]]) -> None:
        self.driver.at("23:10" if late else "09:00")
        self.model.now = self.driver.now
        for line, claim, slot in crowd:
            self.driver.now += MINUTE
            self.take(line, None, claim, slot, None)

    @rule(line=st.sampled_from("aab"), person=PEOPLE, claim=CLAIMS, slot=SLOTS, again=st.booleans())
    def issue(self, line: str, person: str | None, claim: str | None, slot: int | None, again: bool) -> None:
        self.take(line, person, claim, slot, None, again=again)

    @rule(line=st.sampled_from("aab"))
    def issue_plainly(self, line: str) -> None:
        self.take(line, None, None, None, None)

    @rule(pick=NUMBERS, claim=CLAIMS, slot=SLOTS)
    def issue_with_slip(self, pick: int, claim: str | None, slot: int | None) -> None:
        slips = [t for t in self.model.tickets.values() if t.get("outcome") == "papers_missing"]
        slip = slips[pick % len(slips)] if slips and pick % 5 else self.someone(pick)
        if slip:
            self.take(slip["line"] if pick % 3 else "b", None, claim, slot, slip["id"])

    def take(
        self,
        line: str,
        person: str | None,
        claim: str | None,
        minutes: int | None,
        slip: str | None,
        *,
        again: bool = False,
    ) -> None:
        booked, slot = None, {}
        if minutes is not None:
            if not (again and self.booked):
                self.booked.append(Booked(f"b{len(self.booked)}", self.driver.now + minutes * MINUTE))
            booked = self.booked[-1]
            policy = self.driver.hall.policy
            slot = {"appointment": booked.id, "slot": booked.slot, "grace": policy.grace * MINUTE}
            slot["slot_head_start"] = policy.head_start.appointment * MINUTE
        token = self.driver.secrets.ticket_token(self.driver.id, slip) if slip else None
        wish = Wish((f"{line}1",), id_number=person, claim=claim, booked=booked, slip=token)
        next_id = f"{len(self.model.tickets) + 1:010}"
        row = self.claim_row(person, claim)
        both = self.both(
            lambda: self.model.issue(line, ticket_id=next_id, person=person, claim=row, slot=slot, slip=slip),
            lambda: self.driver.tickets.issue(self.driver.caller("device:kiosk"), self.driver.id, wish),
        )
        if both:
            ticket, place = both
            waits = ticket["state"] == "waiting"
            assert place.ahead == (self.model.ahead(ticket) if waits else None)

    def claim_row(self, person: str | None, claim: str | None) -> Row:
        hall = self.driver.hall
        aged = hall.group("aged") if person == OLD else None
        declared = hall.group(claim) if claim else None
        if aged and not (declared and hall.green_ms(declared) > hall.green_ms(aged)):
            return {"group": "aged", "green": hall.green_ms(aged), "claim": "proven"}
        return {"group": claim, "green": hall.green_ms(declared), "claim": "declared"} if declared else {}

    @rule(pick=NUMBERS, move=st.sampled_from(["come_back", "come_back", "more_time", "cancel"]))
    def resident(self, pick: int, move: str) -> None:
        ticket = self.someone(pick, "missed" if move == "come_back" else "waiting")
        if ticket is None:
            return
        token = self.driver.secrets.ticket_token(self.driver.id, ticket["id"])
        both = self.both(
            lambda: getattr(self.model, move)(ticket),
            lambda: getattr(self.driver.tickets, move)(self.driver.caller("resident"), token),
        )
        if both and ticket["state"] == "waiting":
            assert both[1].ahead == self.model.ahead(ticket)

    @rule(pick=NUMBERS)
    def look(self, pick: int) -> None:
        ticket = self.someone(pick, "waiting")
        if ticket:
            token = self.driver.secrets.ticket_token(self.driver.id, ticket["id"])
            place = self.driver.tickets.look(token, self.driver.now)[1]
            self.model.now = self.driver.now
            assert place.ahead == (self.model.ahead(ticket) if ticket["state"] == "waiting" else None)

    @rule(pick=NUMBERS, late=st.booleans())
    def display_shows(self, pick: int, late: bool) -> None:
        ticket = self.someone(pick, "called")
        if ticket and ticket.get("calls"):
            calls = ticket["calls"] - late
            self.both(
                lambda: self.model.shown(ticket, calls),
                lambda: self.driver.tickets.shown(self.driver.caller(), self.driver.id, ticket["id"], calls),
            )

    @rule(pick=NUMBERS, group=CLAIMS)
    def edit(self, pick: int, group: str | None) -> None:
        number, edit = self.number(pick, "waiting", "called"), Edit(language="en", note="deaf", group=group)
        row = self.claim_row(None, group)
        self.both(
            lambda: self.model.declare(self.model.named(number), row),
            lambda: self.driver.calls.edit(self.driver.caller(), self.driver.id, number, edit),
        )
