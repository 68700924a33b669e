"""What a manager tells everybody stands on the hall's screens, on the mirror and on the ticket of whoever waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from display.views import BOARD
from hall.domain.callers import Caller
from hall.domain.policy import HeadStart
from hall.domain.texts import Text
from hall.services import board
from hall.services.office import Office
from tests.driver import Driver
from tests.web.conftest import Asker, Site, json_of

TOLD = {"zh": "停电，今日停止取号", "en": "No power, no more numbers today", "reason": "power cut"}
PAUSED = {"zh": "系统故障", "en": "The system is down", "reason": "system"}


def test_the_board_has_what_is_told_and_until_when(hall: Driver) -> None:
    hall.at("10:00")
    office, tonight = Office(hall.moves), hall.at("00:00", day="2026-11-25").now
    hall.at("10:00")
    assert board.told_rows(hall.halls.get(hall.id)) == {"closed": {}, "paused": {}}
    office.close(hall.caller(), hall.id, Text("停电", "No power"), "power cut")
    office.pause_line(hall.caller(), hall.id, "b", Text("缺纸"), "no paper")
    tables = BOARD.snapshot(hall.halls.get(hall.id), hall.snapshot())
    assert tables["closed"] == {"hall": {"zh": "停电", "en": "No power", "until": tonight}}
    assert tables["paused"] == {"b": {"zh": "缺纸", "en": "", "until": tonight}}
    seen = [BOARD.seen(entry, hall.hall) for entry in hall.journal() if entry.kind == "configured"]
    assert all(one and one["again"] for one in seen), "open screens ask for it at once"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_mirror_and_ticket_say_what_the_kiosk_says(site: Site, manager: Asker, clerk: Asker, lang: str) -> None:
    token, other = clerk.issue("a1")["token"], clerk.issue("b1")["token"]
    nobody = site.nobody()

    def says(path: str, text: dict[str, str]) -> bool:
        return text[lang] in nobody.get(f"{path}?lang={lang}").text

    pages = [f"/mirror/{site.id}", f"/t/{token}"]
    assert manager.post("lines/a/pause", PAUSED).status_code == 200
    assert [says(path, PAUSED) for path in pages] == [True, True]
    assert not says(f"/t/{other}", PAUSED), "another line"
    assert manager.post("today/close", TOLD).status_code == 200
    assert [says(path, TOLD) for path in [*pages, f"/t/{other}"]] == [True] * 3
    assert json_of(clerk.get("board"))["tables"]["closed"]["hall"]["en"] == TOLD["en"]
    manager.post("today/open", {"reason": "again"})
    manager.post("lines/a/resume", {"reason": "again"})
    assert not any(says(path, text) for path in pages for text in (TOLD, PAUSED))


def test_a_ticket_that_was_served_is_told_nothing_more(site: Site, manager: Asker, clerk: Asker) -> None:
    token = clerk.issue("a1")["token"]
    clerk.post("windows/w1/call-next")
    clerk.post("windows/w1/finish")
    manager.post("today/close", TOLD)
    assert TOLD["zh"] not in site.nobody().get(f"/t/{token}").text


def test_screens_are_sent_the_notice_and_the_promise_of_now(site: Site) -> None:
    """Neither is loaded again for days."""
    screens = {kind: site.device(kind) for kind in ("display", "kiosk")}

    def states() -> list[Any]:
        return [json_of(asker.get(f"/{kind}/state")) for kind, asker in screens.items()]

    before = states()
    hall = site.sanban.halls.get(site.id)
    policy = replace(hall.policy, head_start=HeadStart(green=37, appointment=47))
    new = replace(hall, policy=policy, notice=Text("明日停电", "No power tomorrow"))
    site.sanban.halls.save(new, Caller(by="test"))
    display, kiosk = states()
    assert before[0]["notice"] is None and before[1]["bound"] == hall.bound
    assert display["notice"] == {"zh": "明日停电", "en": "No power tomorrow"}
    assert kiosk["bound"] == new.bound != hall.bound
    for language, said in display["promise"].items():
        assert said != before[0]["promise"][language]
        assert all(number in said for number in ("37", "47", str(new.bound)))
