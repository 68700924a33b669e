"""Whatever happens, nothing that is told says who somebody is or to which group they belong."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from hall.domain.callers import Caller
from hall.domain.notices import Notices
from hall.domain.people import Person
from hall.domain.webhooks import CASE_FIELDS, EVENTS, FACTS, ITEM_FIELDS, TICKET_FIELDS
from hall.services.calls import Edit
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from tests.booking import id_number
from tests.notices.gateway import Gateway
from tests.webhooks.stage import ANN, WebhookHall, fields

DOCS = Path(__file__).resolve().parents[2] / "docs/webhooks.md"
ENVELOPE = {"id", "type", "timestamp", "hall", "data", "ticket", "case", "items"}
SIGNATURE = "webhook-signature"
OLD = id_number("19300101")
SOMEBODY = Person("王秀英", "+8613812345678", id_number("19480101"), "grey coat", "wang@example.org")
TEXTS = {"found": "under the bridge", "note": "has a cough", "relative": "her son Li"}
#: nobody's name, number or words; no group, and nothing that shows one
NEVER = (
    *(OLD, SOMEBODY.name, "13812345678", SOMEBODY.id_number, "grey coat", "wang@example.org", *TEXTS.values()),
    *("a note of staff", "veteran", "aged", "elder", "homeless", "priority", "general", "green", "claim", "grace"),
    *("queue_time", "head_start", "lane", "person", "owner", "officer", "community", '"k1"', "home_visit", "assisted"),
)


def drive_tickets(hall: WebhookHall) -> None:
    here = hall.sanban
    for window in ("w1", "w2", "p1"):
        hall.open(window)
    hall.take(id_number=OLD)
    hall.take(claim="veteran")
    notices = Notices(called_soon=True)
    here.halls.save(replace(here.halls.get(hall.id), notices=notices), Caller(by="setup"))
    number = hall.take(phone="13812345678")
    here.calls.edit(ANN, hall.id, number, Edit(note="a note of staff", group="veteran"))
    hall.take(services=("b1",), claim="veteran")
    for _ in range(2):
        hall.call("p1")
    hall.call("w1")
    here.calls.miss(ANN, hall.id, "w1")
    hall.call("w2")


def drive_a_case(hall: WebhookHall) -> str:
    officer, cases = Caller(by="staff:c1"), hall.sanban.cases
    opening = Opening("assisted", "patrol", "elder", "c1", Wanted(("papers",)), SOMEBODY, "k1", TEXTS)
    case = cases.open(officer, hall.id, opening)
    cases.hand_over(officer, hall.id, case["id"], "c2", "has more time")
    cases.add(officer, hall.id, case["id"], Wanted(("medical",)))
    for move in ("accept", "take"):
        cases.move_item(officer, hall.id, case["id"], "1", move)
    for item in ("1", "2"):
        cases.move_item(officer, hall.id, case["id"], item, "withdraw", reason="no longer wanted by her")
    cases.close(officer, hall.id, case["id"], "all said")
    return str(case["person"])


def test_no_event_says_who_somebody_is(hall: WebhookHall, receiver: Gateway) -> None:
    drive_tickets(hall)
    person = drive_a_case(hall)
    hall.work()
    assert hall.told() == hall.events()
    kinds = {event for _, event in hall.told()}
    assert kinds >= {
        *("ticket.issued", "ticket.called", "ticket.finished", "ticket.missed"),
        *("case.opened", "case.assigned", "case.items_added", "case.item_moved", "case.closed"),
    }
    # A signature has letters by chance.
    heads = [{name: one.headers[name] for name in one.headers if name.lower() != SIGNATURE} for one in receiver.taken]
    told = str(heads) + "\n".join(one.body.decode() for one in receiver.taken)
    assert [word for word in (*NEVER, person) if word in told] == []
    known = {*ENVELOPE, *TICKET_FIELDS, *CASE_FIELDS, *ITEM_FIELDS, *FACTS}
    assert [one.json for one in receiver.taken if fields(one.json) - known] == []
    assert "veteran" in str(hall.sanban.store.journal.raw_after(hall.id, "0-0")), "it could have been told"
    assert [word for word in (*NEVER, person) if word in str(hall.log())] == []


def test_the_docs_name_every_event_and_every_field() -> None:
    text = DOCS.read_text("utf-8")
    assert set(re.findall(r"`((?:ticket|case)\.\w+)`", text.split("| event | when |")[1])) == set(EVENTS)

    def listed(line: str) -> set[str]:
        return set(re.findall(r"`(\w+)`", re.search(rf"^\* {line}: (.*)$", text, re.MULTILINE)[1]))  # type: ignore[index]

    assert listed("ticket") == set(TICKET_FIELDS)
    assert listed("case") == {*CASE_FIELDS, "items", *ITEM_FIELDS}
    assert listed("beside them") == set(FACTS)


def test_a_case_is_told_as_it_is_after_the_event(hall: WebhookHall, receiver: Gateway) -> None:
    drive_a_case(hall)
    hall.work()
    moved = [one.json["data"] for one in receiver.taken if one.json["type"] == "case.item_moved"]
    assert [(one["n"], one["item"], one["move"], one["from"], one["to"]) for one in moved[:2]] == [
        ("1", "papers", "accept", "opened", "accepted"),
        ("1", "papers", "take", "accepted", "in_hand"),
    ]
    assert [item["state"] for item in moved[1]["case"]["items"]] == ["in_hand", "opened"]
    closed = receiver.taken[-1].json["data"]["case"]
    assert closed["state"] == "closed"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", closed["closed_at"])
