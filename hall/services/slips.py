"""一次性告知 slips: asking for one, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from hall.domain.callers import Caller
from hall.domain.errors import MoveNotLegal, UnknownMaterial, UnknownService, UnknownTicket
from hall.domain.halls import Hall
from hall.paper.sheet import draw
from hall.paper.slip import Item, Paper, Slip, layout
from hall.services.moves import Moves
from hall.services.paper import Papers

#: service → ids of the materials that are there
Have = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Slips:
    moves: Moves
    papers: Papers

    def want(self, caller: Caller, hall_id: str, have: Have, language: str, printer_id: str | None = None) -> str:
        """A slip from a kiosk or the service desk, before any number: its code skips the menus and keeps no place.
        Returns the printer. Raises `UnknownService`, `UnknownMaterial`, `NoPrinter`."""
        hall = self.moves.halls.get(hall_id)
        _check(hall, have)
        printer = self.papers.choose(hall, printer_id, caller.by).id
        self._announce(hall_id, caller, {"printer": printer, "have": _plain(have), "language": language})
        return printer

    def want_for(self, caller: Caller, hall_id: str, number: str, have: Have, printer_id: str | None = None) -> str:
        """A slip for a ticket that ended because papers are missing: its code keeps the place. For staff. Raises
        `UnknownTicket`, `MoveNotLegal`, `UnknownService`, `UnknownMaterial`, `NoPrinter`."""
        hall = self.moves.halls.get(hall_id)
        args = {"number": number, "date": self.moves.today(caller, hall)}
        image = self.moves.store.read(hall_id, "ticket", args, caller.now)["ticket"]
        if image.get("outcome") != "papers_missing":
            raise MoveNotLegal(move="slip", state=image["state"], number=number)
        have = have or dict.fromkeys(image["services"].split(","), ())
        _check(hall, have)
        printer = self.papers.choose(hall, printer_id, self.papers.issuer(hall_id, image["id"])).id
        facts = {"printer": printer, "have": _plain(have), "language": image.get("language", "zh")}
        self._announce(hall_id, caller, {**facts, "of": image["id"]})
        return printer

    def _announce(self, hall_id: str, caller: Caller, facts: dict[str, Any]) -> None:
        args = {"kind": "slip_wanted", "facts": facts}
        self.moves.store.run(hall_id, "announce", caller, args, asked=facts)

    def picture(self, hall_id: str, entry_id: str) -> Image.Image:
        """The print of a slip, dot by dot. Raises `UnknownTicket` when nobody knows of it any more."""
        hall, entry = self.moves.halls.get(hall_id), self.moves.store.journal.entry(hall_id, entry_id)
        if entry is None:
            raise UnknownTicket()
        have, ticket = entry.facts["have"], None
        if "of" in entry.facts:
            ticket = self.moves.store.read(hall_id, "ticket", {"ticket": entry.facts["of"]})["ticket"]
        slip = Slip(
            hall=hall.name,
            zone=hall.zone,
            printed_at=entry.at,
            items=tuple(_items(hall, have)),
            code=self._ticket_code(hall_id, ticket["id"]) if ticket else f"sanban:services:{','.join(sorted(have))}",
            keeps_place=ticket is not None,
            number=ticket["number"] if ticket else None,
            notice=hall.notice,
            language=entry.facts["language"],
        )
        return draw(layout(slip))

    def _ticket_code(self, hall_id: str, ticket_id: str) -> str:
        """The address of the ticket's page, which a phone opens and a kiosk reads; the bare token without one."""
        token = self.papers.secrets.ticket_token(hall_id, ticket_id)
        return self.papers.url(hall_id, ticket_id) or f"sanban:ticket:{token}"


def _check(hall: Hall, have: Have) -> None:
    """Every service is one of the hall's, all of one line, and every material one of its service's."""
    hall.line_of(list(have))
    for service_id, materials in have.items():
        known = {material.id for material in hall.service(service_id).materials}
        for material in materials:
            if material not in known:
                raise UnknownMaterial(service=service_id, material=material)


def _plain(have: Have) -> dict[str, str]:
    """For the journal: an empty list would come back from Lua as something else."""
    return {service: ",".join(materials) for service, materials in have.items()}


def _items(hall: Hall, have: dict[str, str]) -> list[Item]:
    """The services with their materials; one the hall no longer offers is left out."""
    items = []
    for service_id in sorted(have):
        try:
            service = hall.service(service_id)
        except UnknownService:
            continue
        there = have[service_id].split(",")
        papers = tuple(Paper(one.name, one.note, one.id in there) for one in service.materials)
        items.append(Item(service.name, papers, service.process, service.outcome))
    return items
