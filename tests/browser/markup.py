"""A hall in which every text that somebody may write holds markup, past our own door, which takes none."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from typing import Any

from hall.domain.callers import Caller
from hall.domain.office import Today
from hall.domain.people import Person
from hall.domain.texts import Text
from hall.services.calls import Edit, Target
from hall.services.moves import wall_clock
from hall.services.tickets import Wish
from hall.store.access import AccessStore
from tests.browser.appointments import MINUTE, booked, every_line
from tests.browser.doorstep import planned
from tests.browser.stage import Stage

#: breaks out of text, attributes and data blocks alike, where nobody escapes
CANARY = "</script></title>'\"><i data-canary></i><img src=/canary onerror=canary=1><script>canary=1</script>"
#: the same where there is room for sixty letters
SHORT = "'\"><i data-canary></i>"
_WORDS = ("name", "basis", "label")
_BY = Caller(by="staff:ann")


class Alive(HTMLParser):
    """Whether a page as it came has elements that were meant as letters."""

    found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or any("canary" in name or value == "/canary" for name, value in attrs)

    @classmethod
    def within(cls, page: str) -> bool:
        reader = cls()
        reader.feed(page)
        return reader.found


def poisoned(part: Any) -> Any:
    """A description with the canary behind every text that is for people."""
    if isinstance(part, Text):
        return Text(zh=part.zh + CANARY, en=(part.en or part.zh) + CANARY)
    if isinstance(part, tuple):
        return tuple(poisoned(one) for one in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changed = {}
    for field in fields(part):
        value = getattr(part, field.name)
        is_word = isinstance(value, str) and field.name in _WORDS
        changed[field.name] = (value + SHORT) if is_word else poisoned(value)
    return replace(part, **changed)


def plant(stage: Stage) -> dict[str, str]:
    """What stands in addresses: ids, tokens and codes of what was planted."""
    services, hall = stage.services, stage.hall.id
    notice, address = Text("通知", "notice"), Text("地址", "address")
    usual = replace(stage.hall, lines=every_line(stage), notice=notice, address=address)
    today = Today(stage.hall.calendar.date_of(wall_clock()), paused={usual.lines[0].id: Text(CANARY, CANARY)})
    stage.hall = replace(poisoned(usual), today=today)
    services.halls.save(stage.hall, Caller(by="test"))
    services.access.set_staff(hall, "ann", f"Ann{SHORT}", "admin", "correct horse battery", "test", CANARY)
    store = AccessStore(services.store)
    store.write(hall, "devices", "kiosk-x", {"kind": "kiosk", "name": CANARY, "place": CANARY, "hash": "x"}, "test", {})
    store.write(hall, "tokens", "x", {"role": "clerk", "windows": [], "label": CANARY, "hash": "x"}, "test", {})
    services.helping.call(Caller(by="device:kiosk-x"), hall, "kiosk-x")
    services.office.message(_BY, hall, "w1", CANARY)
    return {**_ticket(stage), **_appointment(stage), **_case(stage)}


def _ticket(stage: Stage) -> dict[str, str]:
    """One rated badly, one that waits with a note, moved with a reason; windows with reasons."""
    services, hall = stage.services, stage.hall.id
    wish, kiosk = Wish(services=("social-card",), override=CANARY), Caller(by="device:kiosk-x")
    rated, asked, waits = (services.tickets.issue(kiosk, hall, wish).ticket for _ in range(3))
    services.calls.call_next(_BY, hall, "w3")
    services.calls.finish(_BY, hall, "w3")
    token = services.secrets.ticket_token(hall, rated["id"])
    items = [one.id for one in stage.hall.rating.items]
    rating = services.ratings.by_token(Caller(by="resident"), token, 1, items)
    services.ratings.answer(_BY, hall, int(rating["id"]), CANARY)
    services.calls.call_next(_BY, hall, "w3")
    services.calls.finish(_BY, hall, "w3")
    services.ratings.by_staff(_BY, hall, asked["number"], 1, items)
    services.calls.edit(_BY, hall, waits["number"], Edit(note=CANARY))
    services.calls.transfer(_BY, hall, "w3", Target(line="social"), CANARY, waits["number"])
    services.windows.pause(_BY, hall, "w3", CANARY)
    return {
        "/t/<token>": services.secrets.ticket_token(hall, waits["id"]),
        "/t/<token>/rate": token,
        "<number>": waits["number"],
    }


def _appointment(stage: Stage) -> dict[str, str]:
    start = wall_clock() // (5 * MINUTE) * 5 * MINUTE + 60 * MINUTE
    person = Person(f"王{SHORT}", "+8613812345678", description=CANARY)
    kept = booked(stage, start, person)
    token = str(stage.services.secrets.appointment_token(stage.hall.id, kept.image["id"]))
    return {"/a/<token>": token, "/console/appointments/<token>": token}


def _case(stage: Stage) -> dict[str, str]:
    services, hall = stage.services, stage.hall.id
    person = Person(f"秀{SHORT}", "+8613987654321", description=CANARY)
    texts = dict.fromkeys(("found", "address", "relative", "note"), CANARY)
    case, visit = planned(stage, person, texts)
    cases, who = services.cases, case["id"]
    cases.note(_BY, hall, who, CANARY)
    cases.authorise(_BY, hall, who, "fingerprint", CANARY)
    cases.paper_in(_BY, hall, who, "other", note=CANARY)
    cases.next_step(_BY, hall, who, cases.moves.clock() + MINUTE, "call", CANARY)
    cases.move_item(_BY, hall, who, "1", "withdraw", reason=CANARY)
    return {"<case>": who, "/c/<token>": str(services.secrets.case_token(hall, who)), "<visit>": visit["id"]}
