"""Queue and case are one thread: a number becomes a case, a case takes a number, a finished service ends an item."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hall.domain.callers import Caller
from hall.domain.case_errors import UnknownItem
from hall.domain.errors import MoveNotLegal, ServicesMixed
from hall.domain.halls import Hall
from hall.domain.people import Person
from hall.domain.tickets import State
from hall.services import case_parts as parts
from hall.services.cases import Cases, Opening
from hall.services.tickets import Place, Tickets, Wish
from hall.store.cases import Image


@dataclass(frozen=True, slots=True)
class CaseTickets:
    cases: Cases
    tickets: Tickets

    def open_from(self, caller: Caller, hall_id: str, number: str, opening: Opening) -> Image:
        """A case for whoever holds one of today's numbers; the person is the one whose card took it, if one did.
        Raises UNKNOWN_TICKET and what opening a case does."""
        ticket = self.tickets.find(caller, hall_id, number).ticket
        known = self.cases.kept.holder(hall_id, ticket["id"])
        asked = replace(opening, source="hall_ticket", ticket=ticket["id"], language=ticket.get("language", "zh"))
        return self.cases.open(caller, hall_id, replace(asked, person_id=known) if known else asked)

    def take_number(self, caller: Caller, hall_id: str, case_id: str, items: tuple[str, ...]) -> Place:
        """A hall number for the person, for items (by their numbers) that a window serves too. Its lane follows the
        person's own group. Raises UNKNOWN_ITEM, SERVICES_MIXED and what taking a number does."""
        hall, case = self.cases.moves.halls.get(hall_id), self.cases.kept.get(hall_id, case_id)
        person = self.cases.people.many(hall_id, [case["person"]]).get(case["person"], Person())
        services = tuple(dict.fromkeys(self._service(hall, case, number) for number in items))
        wish = Wish(
            services=services,
            id_number=person.id_number or None,
            claim=_claim(hall, case, person),
            language=case["language"],
        )
        place = self.tickets.issue(caller, hall_id, wish)
        link = {"case": case_id, "items": list(items), "ticket": place.ticket["id"], "number": place.ticket["number"]}
        self.cases.moves.run(hall_id, "case_link", replace(caller, key=None), lambda _: link)
        return place

    def served(self, caller: Caller, hall_id: str, case_id: str, item: str) -> Image:
        """End an item whose number in the hall was served. Raises MOVE_NOT_LEGAL when it was not."""
        found = self.cases.kept.get(hall_id, case_id)["items"].get(item)
        if found is None or "ticket" not in found:
            raise UnknownItem(item=item)
        token = self.cases.secrets.ticket_token(hall_id, found["ticket"])
        ticket = self.tickets.look(token, caller.now)[1].ticket
        if ticket["state"] != State.DONE or ticket.get("outcome") != "done":
            raise MoveNotLegal(move="served", state=ticket["state"], number=ticket["number"])
        return self.cases.item_served(caller, hall_id, case_id, item)

    def _service(self, hall: Hall, case: Image, number: str) -> str:
        found = case["items"].get(number)
        if found is None:
            raise UnknownItem(item=number)
        service = parts.item(hall, found["item"]).service
        if not service:
            raise ServicesMixed()
        return service


def _claim(hall: Hall, case: Image, person: Person) -> str | None:
    """The hall's group of the person. A card that is known proves an age by itself, or not at all."""
    group = parts.recipients(hall, case["group"], case["kind"]).group
    if not group or (person.id_number and hall.group(group).proof == "card"):
        return None
    return group
