"""What staff are told over the API of messages to people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hall.domain.appointments import Booking
from hall.domain.callers import Caller
from hall.domain.notices import Notices
from tests.booking import lines
from tests.driver import live_hall
from tests.web.conftest import Json, Site, json_of
from tests.web.test_appointments_api import ALWAYS, book, slots


@pytest.fixture
def telling(site: Site) -> Site:
    """A hall that tells people, through its log."""
    notices = Notices(called_soon=True, bookings=True)
    hall = replace(live_hall(site.id), lines=lines(ALWAYS), notices=notices, booking=Booking(per_person_per_day=9))
    site.sanban.halls.save(hall, Caller(by="setup"))
    return site


@pytest.fixture
def tell(telling: Site) -> Callable[[], list[str]]:
    """Do what the leader and the worker do; what became of each try."""

    def run() -> list[str]:
        notices, hall = telling.sanban.notices, telling.id
        for entry in telling.sanban.store.journal.after(hall, "0-0"):
            notices.follow(hall, entry)
        notices.look_around(hall)
        due = notices.kept.due(hall, notices.moves.clock(), 9)
        return [notices.send(hall, notice["id"], notice["tries"]) for notice in due]

    return run


def listed(site: Site, date: str) -> list[Json]:
    return list(json_of(site.as_("clerk").get(f"appointments?date={date}"))["appointments"])


def test_the_list_of_appointments_says_what_became_of_the_last_message(
    telling: Site, tell: Callable[[], list[str]]
) -> None:
    made = book(telling)
    assert listed(telling, made["date"])[0]["told"] is None
    assert tell() == ["sent"]
    told = listed(telling, made["date"])[0]["told"]
    assert {name: told[name] for name in ("what", "state", "tries", "channel", "why")} == {
        "what": "booked",
        "state": "sent",
        "tries": 1,
        "channel": "log",
        "why": None,
    }
    assert "told" not in made, "a resident sees the message itself"


def test_a_ticket_looked_up_says_whether_its_holder_was_told(telling: Site, tell: Callable[[], list[str]]) -> None:
    taken = json_of(telling.as_("kiosk").post("tickets", {"services": ["a1"], "phone": "13812345678"}))
    clerk = telling.as_("clerk")
    assert json_of(clerk.get(f"tickets/{taken['number']}"))["told"] is None
    assert clerk.post("windows/w1/open", {}).status_code == 200
    assert tell() == ["sent"]
    told = json_of(clerk.get(f"tickets/{taken['number']}"))["told"]
    assert (told["what"], told["state"]) == ("soon", "sent")


def test_a_bad_mail_address_is_refused_and_a_good_one_kept(telling: Site) -> None:
    body = {"services": ["a1"], "slot": slots(telling, 1)[40]["start"], "name": "王某", "phone": "13812345678"}
    for bad in ("wang", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org", "a@example.org,b@example.org"):
        refused = telling.nobody().post("appointments", {**body, "email": bad})
        assert (refused.status_code, json_of(refused)["code"]) == (422, "BAD_EMAIL"), bad
    assert telling.nobody().post("appointments", {**body, "email": "wang@example.org"}).status_code == 201
    (person,) = telling.sanban.people.find(telling.id, phone="+8613812345678").values()
    assert person.email == "wang@example.org"
