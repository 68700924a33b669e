"""Paper: what a ticket's print says, asking for it again, and what printers are doing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from PIL import Image

from hall.domain.callers import Caller
from hall.domain.errors import Forbidden, NoPrinter, UnknownService
from hall.domain.events import Entry
from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.domain.printers import Printer, PrinterState, printer_of
from hall.domain.texts import Text
from hall.paper.sheet import draw
from hall.paper.ticket import Ticket, layout
from hall.services.access import Access
from hall.services.moves import Moves
from hall.services.secrets import Secrets
from hall.store.paper import PaperStore

Row = dict[str, Any]
#: what changes from minute to minute and is kept with a printed copy: `ahead`, `wait`
Facts = dict[str, Any]
#: how long a kiosk may print its own ticket again
_KIOSK_REPRINT_MS = 2 * MINUTE


class Wanted(NamedTuple):
    """A reprint that was asked for."""

    number: str
    copy: int
    printer: str


def no_wait(_hall_id: str, _ticket: dict[str, Any]) -> tuple[int, int] | None:
    """No forecast: the paper says nothing of the wait."""
    return None


def printer_row(printer: Printer, state: str = PrinterState.UNKNOWN, since: int | None = None) -> Row:
    """One printer as kiosks and staff see it; `since` is None before it was asked."""
    return {
        "name": printer.name or printer.id,
        "kiosk": printer.kiosk,
        "place": printer.place,
        "state": str(state),
        "since": since,
    }


def printer_rows(hall: Hall, known: dict[str, Row]) -> dict[str, Row]:
    """Every printer of the hall by id; `known` is {id: {state, since}} as the store has it."""
    return {printer.id: printer_row(printer, **known.get(printer.id, {})) for printer in hall.printers}


def changed_row(hall: Hall, entry: Entry) -> tuple[str, Row] | None:
    """(printer, its row) when an entry says that a printer changed: what live pages put into their table."""
    if entry.kind != "printer_changed":
        return None
    found = next((printer for printer in hall.printers if printer.id == entry.facts["printer"]), None)
    return (found.id, printer_row(found, entry.facts["state"], entry.at)) if found else None


@dataclass(frozen=True, slots=True)
class Papers:
    """`wait_of(hall, ticket image)` is the forecast's range in minutes for a ticket, None when it is unknown."""

    moves: Moves
    secrets: Secrets
    access: Access
    public_url: str | None = None
    wait_of: Callable[[str, dict[str, Any]], tuple[int, int] | None] = no_wait

    @property
    def _store(self) -> PaperStore:
        return PaperStore(self.moves.store)

    # What is printed ---------------------------------------------------------------------------

    def picture(self, hall_id: str, image: dict[str, Any], facts: Facts, copy: int) -> Image.Image:
        """The print of a ticket, dot by dot."""
        hall = self.moves.halls.get(hall_id)
        ticket = Ticket(
            hall=hall.name,
            zone=hall.zone,
            number=image["number"],
            services=tuple(_names(hall, image["services"])),
            issued_at=image["issued_at"],
            ahead=facts["ahead"],
            wait=tuple(facts["wait"]) if facts["wait"] else None,
            slot=image.get("slot"),
            declared=image.get("claim") == "declared",
            url=self.url(hall_id, image["id"]),
            notice=hall.notice,
            language=image.get("language", "zh"),
            copy=copy,
        )
        return draw(layout(ticket))

    def preview(self, caller: Caller, hall_id: str, number: str) -> bytes:
        """The newest print of a ticket of today as PNG; before there is one, what would be printed now."""
        hall = self.moves.halls.get(hall_id)
        args = {"number": number, "date": self.moves.today(caller, hall)}
        answer = self.moves.store.read(hall_id, "ticket", args, caller.now)
        ticket_id = answer["ticket"]["id"]
        copy = self._store.latest(hall_id, ticket_id)
        facts = None if copy is None else self._store.printed(hall_id, ticket_id, copy)
        picture = self.picture(hall_id, answer["ticket"], facts or self.facts(hall_id, answer), copy or 0)
        file = io.BytesIO()
        picture.save(file, "PNG", optimize=True)
        return file.getvalue()

    def facts(self, hall_id: str, answer: dict[str, Any]) -> Facts:
        """What changes with time, of a ticket as the store has it now."""
        ahead = answer.get("ahead")
        wait = self.wait_of(hall_id, answer["ticket"]) if ahead else None
        return {"ahead": None if ahead is None else sum(ahead.values()), "wait": list(wait) if wait else None}

    def url(self, hall_id: str, ticket_id: str) -> str | None:
        """A ticket's page, when residents can reach one."""
        return f"{self.public_url}/t/{self.secrets.ticket_token(hall_id, ticket_id)}" if self.public_url else None

    # Asking for paper ----------------------------------------------------------------------------

    def printer_for(self, hall_id: str, by: str) -> Printer | None:
        """The printer of whoever took a number, when it was a kiosk that has one."""
        hall, (kind, _, device_id) = self.moves.halls.get(hall_id), by.partition(":")
        record = self.access.devices(hall_id).get(device_id) if kind == "device" else None
        if record is None or record["kind"] != "kiosk":
            return None
        return printer_of(hall.printers, device_id, record["name"], record["place"])

    def issued(self, hall_id: str, ticket_id: str, by: str) -> str | None:
        """Remember who took a number, for reprints. Returns the printer of a kiosk that has one."""
        printer = self.printer_for(hall_id, by)
        if printer is None:
            return None
        self._store.set_issuer(hall_id, ticket_id, by)
        return printer.id

    def keep(self, hall_id: str, paper: str, copy: int, printer_id: str, since: int) -> None:
        """A ticket or slip waits for its printer since a moment (ms UTC), until it is printed or dropped, whatever
        becomes of the job."""
        if self._store.printed(hall_id, paper, copy) is None:
            self._store.keep(hall_id, printer_id, paper, copy, since)

    def reprint(
        self, caller: Caller, hall_id: str, number: str, *, staff: bool, printer_id: str | None = None
    ) -> Wanted:
        """Ask for a ticket on paper once more: staff for any of today, a kiosk for its own within two minutes.
        Raises `UnknownTicket`, `NoPrinter`, `Forbidden`."""
        hall = self.moves.halls.get(hall_id)
        named = {"number": number, "date": self.moves.today(caller, hall)}
        image = self.moves.store.read(hall_id, "ticket", named, caller.now)["ticket"]
        issuer = self.issuer(hall_id, image["id"])
        if not staff and (issuer != caller.by or self.moves.now(caller) - image["issued_at"] > _KIOSK_REPRINT_MS):
            raise Forbidden()
        printer = self.choose(hall, printer_id, issuer)
        args = {**named, "printer": printer.id}
        answer = self.moves.run(hall_id, "reprint", caller, lambda _: args, [number, printer_id])
        return Wanted(answer["ticket"]["number"], answer["copy"], printer.id)

    def newest(self, hall_id: str, ticket_id: str) -> int | None:
        """The newest copy that came out of a printer; 0 is the first."""
        return self._store.latest(hall_id, ticket_id)

    def issuer(self, hall_id: str, ticket_id: str) -> str | None:
        """Which kiosk took a number."""
        return self._store.issuer(hall_id, ticket_id)

    def choose(self, hall: Hall, printer_id: str | None, issuer: str | None) -> Printer:
        """The printer that was named; else that of the kiosk which took the number; else the first. Raises
        `NoPrinter`."""
        if printer_id is not None:
            chosen = next((printer for printer in hall.printers if printer.id == printer_id), None)
        else:
            chosen = (self.printer_for(hall.id, issuer) if issuer else None) or next(iter(hall.printers), None)
        if chosen is None:
            raise NoPrinter(printer=printer_id or "")
        return chosen

    # What printers are doing -------------------------------------------------------------------------

    def states(self, hall_id: str) -> dict[str, Row]:
        """Every printer by id: where it stands, its state, since when, how many tickets wait for it, how many were
        dropped today and the numbers of the newest."""
        rows = printer_rows(self.moves.halls.get(hall_id), self._store.printers(hall_id))
        dropped = self._store.dropped(hall_id, self.day_began(hall_id))
        return {
            name: {
                **row,
                "unprinted": len(self._store.unprinted(hall_id, name)),
                "dropped": dropped.get(name, {}).get("count", 0),
                "dropped_papers": dropped.get(name, {}).get("papers", []),
            }
            for name, row in rows.items()
        }

    def day_began(self, hall_id: str) -> int:
        """When the hall's day began, ms UTC."""
        return self.moves.halls.get(hall_id).calendar.day_began(self.moves.clock())


def _names(hall: Hall, services: str) -> list[Text]:
    """The names of a ticket's services; one the hall no longer offers is left out."""
    names = []
    for service_id in services.split(","):
        try:
            names.append(hall.service(service_id).name)
        except UnknownService:
            continue
    return names
