"""Each kind of notice from what happened to the gateway, in both languages."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hall.domain.callers import Caller
from hall.domain.forecast import Forecast, Range
from hall.domain.people import Person
from hall.domain.policy import Policy
from hall.notices.texts import day
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.portal_import import PortalImport
from hall.services.tickets import Wish
from tests.cases.desk import parts
from tests.notices.gateway import Gateway
from tests.notices.stage import NOTICES, PHONE, PUBLIC, WANG, NoticeHall


def texts(gateway: Gateway) -> list[str]:
    return [str(one.json["text"]) for one in gateway.taken]


def when(hall: NoticeHall, slot: int, language: str) -> tuple[str, str]:
    at = hall.sanban.halls.get(hall.id).calendar.local(slot)
    return day(at, language), f"{at:%H:%M}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_booking_is_confirmed_moved_reminded_of_and_cancelled(
    hall: NoticeHall, gateway: Gateway, language: str
) -> None:
    booked = hall.book(language=language)
    hall.work()
    moved = hall.move(booked)
    hall.work()
    hall.remind(moved)
    hall.work()
    hall.cancel(moved)
    hall.work()
    first, second = when(hall, booked.image["slot"], language), when(hall, moved.image["slot"], language)
    link = f"{PUBLIC}/a/{hall.sanban.secrets.appointment_token(hall.id, booked.image['id'])}"
    code = booked.desk_code
    if language == "zh":
        assert texts(gateway) == [
            f"预约成功：{first[0]}{first[1]}，长寿办事大厅。取号码{code}。 {link}",
            f"您的预约已改为{second[0]}{second[1]}，长寿办事大厅。取号码{code}。 {link}",
            f"提醒：您预约了{second[0]}{second[1]}到长寿办事大厅办事。取号码{code}。 {link}",
            f"您{second[0]}{second[1]}在长寿办事大厅的预约已取消。",
        ]
    else:
        assert texts(gateway) == [
            f"Booked: {first[0]}, {first[1]} at Changshou hall. Your code: {code}. {link}",
            f"Your appointment is now on {second[0]}, {second[1]} at Changshou hall. Your code: {code}. {link}",
            f"Reminder: your appointment is on {second[0]}, {second[1]} at Changshou hall. Your code: {code}. {link}",
            f"Your appointment on {second[0]}, {second[1]} at Changshou hall is cancelled.",
        ]
    assert {one.json["to"]["phone"] for one in gateway.taken} == {"+8613812345678"}
    assert {one.headers["Authorization"] for one in gateway.taken} == {"Bearer secret-of-the-gateway"}
    assert {one.headers["Idempotency-Key"] for one in gateway.taken} == {
        f"{hall.id}-{notice['id']}" for notice in hall.notices()
    }
    assert hall.states() == [(what, "sent", 1) for what in ("booked", "moved", "reminder", "cancelled")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whoever_left_a_phone_is_told_once_that_the_call_is_near_and_then_of_the_call(
    hall: NoticeHall, gateway: Gateway, language: str
) -> None:
    hall.open()
    hall.change(notices=replace(NOTICES, soon_ahead=1, soon_minutes=0))
    others = [hall.take()["number"] for _ in range(2)]
    number = hall.take(PHONE, language)["number"]
    hall.work()
    assert texts(gateway) == []
    assert hall.next() == others[0]
    for _ in range(3):
        hall.work()
    assert len(texts(gateway)) == 1
    assert [hall.next(), hall.next()] == [others[1], number]
    hall.work()
    soon = {"zh": f"您的号码{number}前面还有1人", "en": f"Number {number}: 1 person is called before you."}
    called = {
        "zh": f"{number}号，请到长寿办事大厅1号窗口办理。",
        "en": f"Number {number} is called: please go to window 1",
    }
    assert len(texts(gateway)) == 2
    assert texts(gateway)[0].startswith(soon[language])
    assert texts(gateway)[1].startswith(called[language])


def test_nobody_is_told_that_the_call_is_near_before_anybody_sits_at_a_window(
    hall: NoticeHall, gateway: Gateway
) -> None:
    number = hall.take(PHONE)["number"]
    hall.work()
    assert gateway.taken == []
    hall.open()
    hall.work()
    assert texts(gateway) == [f"您的号码{number}是下一位，请到长寿办事大厅等候。"]


def test_a_short_wait_is_near_however_many_are_before(hall: NoticeHall, gateway: Gateway) -> None:
    hall.open()
    hall.change(notices=replace(NOTICES, soon_ahead=0, soon_minutes=10))
    for _ in range(4):
        hall.take()
    ticket = hall.take(PHONE)
    hall.work()
    assert gateway.taken == []
    near = Forecast(hall.sanban.store.clock(), tickets={ticket["id"]: Range(10, 20)})
    hall.sanban.store.forecasts.put(hall.id, near)
    hall.work()
    assert texts(gateway) == [f"您的号码{ticket['number']}前面还有4人，请到长寿办事大厅等候。"]


def test_who_booked_with_a_phone_is_told_when_the_call_is_near_without_leaving_it_again(
    hall: NoticeHall, gateway: Gateway
) -> None:
    hall.change(notices=replace(NOTICES, bookings=False), policy=Policy(early=24 * 60))
    hall.open()
    booked = hall.book(days=1, place=0)
    ticket = hall.sanban.tickets.issue(Caller(by="device:k"), hall.id, Wish((), appointment=booked.desk_code)).ticket
    hall.work()
    assert [one.json["kind"] for one in gateway.taken] == ["soon"]
    assert ticket["number"] in texts(gateway)[0]


def test_who_leaves_no_phone_is_told_nothing(hall: NoticeHall, gateway: Gateway) -> None:
    hall.open()
    hall.take()
    hall.book(Person("李某", id_number=WANG.id_number))
    hall.work()
    assert gateway.taken == []
    assert [(one["state"], one["why"]) for one in hall.notices()] == [("dropped", "no address")]


def test_a_landline_gets_no_short_message(hall: NoticeHall, gateway: Gateway) -> None:
    hall.book(Person("李某", "021 5550 1234"))
    hall.work()
    assert gateway.taken == []
    assert [one["why"] for one in hall.notices()] == ["no address"]


def test_a_hall_that_does_not_want_them_sends_none(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(notices=replace(NOTICES, bookings=False, called=False, called_soon=False))
    hall.book()
    hall.open()
    hall.work()
    assert hall.notices() == []
    assert gateway.taken == []


def test_a_test_hall_tells_its_log_alone(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(test=True)
    hall.book()
    hall.work()
    assert gateway.taken == []
    assert [(one["state"], one["channel"]) for one in hall.notices()] == [("sent", "log")]
    assert "138****5678" in hall.log.getvalue()


def test_what_a_portal_booked_the_portal_confirms_but_the_hall_reminds(hall: NoticeHall, gateway: Gateway) -> None:
    at = hall.sanban.halls.get(hall.id).calendar.local(hall.slot())
    row = {"external_id": "p1", "services": "a1", "slot": f"{at:%Y-%m-%d %H:%M}", "name": "王某", "phone": PHONE}
    report = PortalImport(hall.sanban.appointments).run(
        Caller(by="program:portal"), hall.id, json.dumps([row]).encode(), is_json=True
    )
    assert report.refused == []
    hall.work()
    assert gateway.taken == []
    (listed,) = hall.sanban.appointments.on_date(hall.id, at.date())
    hall.sanban.timers.fire(hall.id, f"reminder/{listed.image['id']}")
    hall.work()
    assert [one.json["kind"] for one in gateway.taken] == ["reminder"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_news_of_a_case_is_told_once_an_hour_with_the_address_of_its_page_and_nothing_else(
    hall: NoticeHall, gateway: Gateway, language: str
) -> None:
    hall.change(notices=replace(NOTICES, cases=True), **parts())
    asked = Opening("assisted", "phone", "homeless", "c1", Wanted(("papers", "legal")), WANG, language=language)
    case = hall.sanban.cases.open(hall.caller, hall.id, asked)
    hall.work()
    hall.sanban.cases.note(hall.caller, hall.id, case["id"], "news to nobody")
    hall.sanban.cases.item_served(hall.caller, hall.id, case["id"], "1")
    hall.work()
    link = f"{PUBLIC}/c/{hall.sanban.secrets.case_token(hall.id, case['id'])}"
    said = {
        "zh": f"您在长寿办事大厅办理的事项（编号1）有新进展。 {link}",
        "en": f"There is news of your matter, number 1, at Changshou hall. {link}",
    }
    hours = {entry.at // 3_600_000 for entry in hall.sanban.store.journal.after(hall.id, "0-0") if entry.case}
    assert texts(gateway) == [said[language]] * len(hours), "one, or two when the hour turned meanwhile"


def test_a_relative_is_told_when_the_person_has_no_phone(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(notices=replace(NOTICES, cases=True), **parts())
    texts_of_it = {"found": "station", "relative_phone": "+8613987654321"}
    asked = Opening("assisted", "relative", "homeless", "c1", Wanted(("papers",)), texts=texts_of_it)
    hall.sanban.cases.open(hall.caller, hall.id, asked)
    hall.work()
    assert [one.json["to"]["phone"] for one in gateway.taken] == ["+8613987654321"]


def test_a_hall_that_does_not_tell_of_cases_sends_nothing(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(**parts())
    asked = Opening("assisted", "phone", "homeless", "c1", Wanted(("papers",)), WANG)
    hall.sanban.cases.open(hall.caller, hall.id, asked)
    hall.work()
    assert texts(gateway) == []
