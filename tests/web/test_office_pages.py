"""The office: what its page is told by the journal, and who may open it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hall.domain.callers import Caller
from hall.domain.events import id_order
from hall.domain.forecast import Forecast, Range
from hall.domain.printers import Printer
from hall.office.views import OFFICE
from hall.services.office import Office
from hall.store.office import OfficeStore
from hall.store.paper import PaperStore
from tests.driver import Driver
from tests.web.conftest import Asker, Site, json_of
from tests.web.page import Page
from tests.web.test_audiences import fresh, plain

VENDOR = Path(__file__).resolve().parents[2] / "hall/web/static/vendor"
ALARM = "alarm/waiting/a"
BOSS = Caller(by="staff:boss")
DAY = 24 * 3600 * 1000


@pytest.fixture
def office(hall: Driver) -> Office:
    hall.at("09:00")
    return Office(hall.moves)


def raise_alarm(hall: Driver) -> None:
    note = {"alarm": "waiting", "subject": "a", "facts": {"limit": 1}}
    OfficeStore(hall.store).note(hall.id, hall.caller("timer"), "alarm_raised", ALARM, note)


# Live ----------------------------------------------------------------------------------------


def test_notes_and_printers_reach_the_page_as_a_fresh_snapshot_has_them(hall: Driver, office: Office) -> None:
    hall.change(printers=(Printer("front", "file", path="x"),))
    moves: list[Callable[[], object]] = [
        lambda: raise_alarm(hall),
        lambda: office.help(hall.caller(), hall.id, "w1"),
        lambda: office.see_alarm(hall.caller(), hall.id, ALARM),
        lambda: office.message(hall.caller(), hall.id, "w2", "come"),
        lambda: PaperStore(hall.store).set_printer(hall.id, "front", "paper_out"),
        lambda: office.answer_help(hall.caller(), hall.id, "w1"),
        lambda: office.read(hall.caller(), hall.id, "w2", "message", office.notes(hall.id)["message/w2"]["since"]),
        lambda: OfficeStore(hall.store).end_note(hall.id, hall.caller("timer"), "alarm_ended", ALARM),
    ]
    shots = [fresh(hall, OFFICE)]
    for move in moves:
        hall.now += 1000
        move()
        shots.append(fresh(hall, OFFICE))
    page = Page().snapshot(shots[0])
    later = iter(shots[1:])
    for entry in hall.journal():
        message = OFFICE.seen(entry, hall.hall)
        if message is not None and id_order(entry.id) > id_order(page.last):
            page.message(plain(message))
            assert page.seen() == Page().snapshot(next(later)).seen(), entry.kind
    assert next(later, None) is None
    assert len({str(shot["snapshot"]) for shot in shots}) == len(shots)


def test_the_page_is_told_nothing_of_a_tickets_holder(hall: Driver, office: Office) -> None:
    hall.issue(claim="veteran")
    (row,) = OFFICE.snapshot(hall.hall, hall.snapshot())["tickets"].values()
    assert set(row) <= {"number", "line", "queue", "state", "lane", "arrived"}


def test_an_alarm_that_was_seen_stays_and_says_by_whom(hall: Driver, office: Office) -> None:
    raise_alarm(hall)
    began = hall.now
    hall.now += 60_000
    assert office.see_alarm(hall.caller("staff:sun"), hall.id, ALARM)
    note = office.notes(hall.id)[ALARM]
    assert (note["seen_by"], note["raised"]) == ("staff:sun", began)
    assert not office.see_alarm(hall.caller(), hall.id, ALARM)
    assert not office.see_alarm(hall.caller(), hall.id, "alarm/waiting/b")
    office.help(hall.caller(), hall.id, "w1")
    assert not office.see_alarm(hall.caller(), hall.id, "help/w1")


# Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "officer", "kiosk"])
def test_the_office_is_for_managers(site: Site, who: str) -> None:
    assert site.as_(who).get("/office/").status_code in (401, 403)
    assert site.staff("manager", "boss").get("/office/").status_code == 200


def test_the_state_says_what_holds_for_today(site: Site) -> None:
    manager: Asker = site.program("manager")
    before = json_of(manager.get("/office/state"))
    assert before["order"] == {"lines": ["a", "b"], "windows": ["w1", "w2", "w3", "p1"]}
    assert before["lines"]["a"]["paused"] is None
    told = {"zh": "停电", "en": "No power", "reason": "cut"}
    assert manager.post("lines/a/pause", told).status_code == 200
    assert manager.post("lines/b/contingent", {"count": 7, "reason": "few clerks"}).status_code == 200
    assert manager.post("today/close", told).status_code == 200
    after = json_of(manager.get("/office/state"))
    assert after["lines"]["a"]["paused"] == {"zh": "停电", "en": "No power"}
    assert (after["lines"]["b"]["contingent"], after["lines"]["b"]["raised"]) == (7, True)
    assert after["today"] == {"closed": {"zh": "停电", "en": "No power"}, "open": False}


def test_the_state_tells_what_waits_for_paper_and_what_got_none_today(site: Site) -> None:
    site.sanban.halls.save(
        replace(site.sanban.halls.get(site.id), printers=(Printer("front", "file", path="x"),)), BOSS
    )
    store, manager = PaperStore(site.sanban.store), site.program("manager")
    today = site.sanban.papers.day_began(site.id)
    store.keep(site.id, "front", "0000000001", 0, 1)
    store.drop(site.id, "front", ["A001", "A002"], today)
    store.drop(site.id, "front", ["slip"], today)
    told = json_of(manager.get("/office/state"))["printers"]["front"]
    assert told == {"name": "front", "unprinted": 1, "dropped": 3, "dropped_papers": ["slip", "A002", "A001"]}
    assert store.dropped(site.id, today + DAY) == {}, "nothing of yesterday is told"
    store.drop(site.id, "front", ["A003"], today + DAY)
    assert store.dropped(site.id, 0)["front"]["papers"] == ["A003"], "the next day begins anew"


def test_the_state_tells_by_name_which_display_is_silent_and_which_showed_an_old_state(site: Site) -> None:
    display, manager = site.device("display"), site.program("manager")
    now = site.sanban.store.clock()
    for gap in (3000, 1200):
        assert display.post("displays/stale", {"from": now - gap, "till": now - gap + 600}).status_code == 204
    display.post("voice/blocked", {"zone": "", "page": "a", "blocked": True})
    (told,) = json_of(manager.get("/office/state"))["devices"].values()
    assert (told["name"], told["silent"] >= now) == ("display", True)
    assert told["stale"] == {"from": now - 1200, "till": now - 600, "times": 2}
    display.post("voice/blocked", {"zone": "", "page": "a", "blocked": False})
    (told,) = json_of(manager.get("/office/state"))["devices"].values()
    assert told["silent"] is None
    kept = [entry.facts for entry in site.sanban.store.journal.after(site.id, "0-0") if entry.kind == "display_stale"]
    assert [one["name"] for one in kept] == ["display"] * 2


def test_a_display_tells_of_a_day_at_most_and_of_nothing_to_come(site: Site) -> None:
    display, now = site.device("display"), site.sanban.store.clock()
    assert display.post("displays/stale", {"from": 0, "till": now + 10 * DAY}).status_code == 204
    assert display.post("displays/stale", {"from": now + DAY, "till": now + 2 * DAY}).status_code == 204
    (told,) = site.sanban.screens.stale(site.id).values()
    assert told["times"] == 1 and DAY - 60_000 < told["till"] - told["from"] <= DAY
    assert site.device("kiosk").post("displays/stale", {"from": now - 1, "till": now}).status_code == 403


def test_vendored_scripts_are_those_we_looked_at() -> None:
    for folder in (VENDOR, VENDOR / "uplot"):
        for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines():
            digest, name = line.split()
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_the_last_number_that_is_called_before_closing_is_told(site: Site) -> None:
    numbers, boss = [site.program("clerk").issue("a1") for _ in range(3)], site.staff("manager", "boss")
    hall, now = site.sanban.halls.get(site.id), site.sanban.store.clock()
    ids = sorted(site.sanban.store.snapshot(site.id).tickets)
    closes = boss.client.get("/office/state").get_json()["lines"]["a"]["closes"]
    left = (closes - now) // 60_000
    lanes: dict[str, Range | None] = {"general": None, "green": None, "appointment": None}

    def last(*highs: int) -> str | None:
        waits = {ticket: Range(0, int(high)) for ticket, high in zip(ids, highs, strict=True)}
        site.sanban.store.forecasts.put(hall.id, Forecast(now, dict(waits), {"a": lanes}))
        told: str | None = boss.client.get("/office/state").get_json()["lines"]["a"]["last"]
        return told

    assert last(0, 0, 0) is None
    assert last(0, left - 1, left + 1) == numbers[1]["number"]
    assert last(left + 1, left + 1, left + 1) == ""
