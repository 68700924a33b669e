"""Gateways that fail: tried again, given up, never twice, and never in the way."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.notices import BACK_OFF, Sms
from hall.notices import http
from tests.notices.gateway import Gateway
from tests.notices.stage import NOTICES, PHONE, NoticeHall


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (500, "status 500"),
        (503, "status 503"),
        (429, "status 429"),
        (401, "status 401"),
        (302, "status 302"),
        ("hang", "timeout"),
        ("drip", "timeout"),
        ("noise", "unreachable"),
        ((200, b"<html>garbage"), "answer"),
        ((200, b"[" * 50_000), "answer"),
        ((200, b'{"code": 17}'), "answer"),
        ((200, b"x" * 100_000), "answer"),
    ],
    ids=str,
)
def test_what_a_gateway_does_not_take_is_tried_again_and_arrives_once(
    hall: NoticeHall, gateway: Gateway, answer: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.answers = [answer, 200]
    hall.book()
    with monkeypatch.context() as hasty:
        if why == "timeout":
            hasty.setattr(http, "SECONDS", 1.0)
        hall.work()
    assert hall.states() == [("booked", "waiting", 1)]
    assert hall.notices()[0]["why"] == why
    hall.work()
    assert len(gateway.taken) == 1, "not before its time"
    hall.pass_time(BACK_OFF[0])
    hall.work()
    assert hall.states() == [("booked", "sent", 2)], hall.notices()
    assert len(gateway.taken) == 2
    assert len({one.headers["Idempotency-Key"] for one in gateway.taken}) == 1
    assert [(e["what"], e["channel"], e["tries"]) for e in hall.entries("notice_sent")] == [("booked", "sms", 2)]


def test_what_no_gateway_takes_is_given_up_after_the_last_try(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = [500]
    hall.book()
    hall.work()
    for seconds in BACK_OFF:
        hall.pass_time(seconds - 3)
        hall.work()
        before = len(gateway.taken)
        hall.pass_time(3)
        hall.work()
        assert len(gateway.taken) == before + 1
    assert hall.states() == [("booked", "failed", 6)]
    hall.pass_time(24 * 3600)
    hall.work()
    assert len(gateway.taken) == 6
    (entry,) = hall.entries("notice_failed")
    assert (entry["what"], entry["channel"], entry["tries"], entry["why"]) == ("booked", "sms", 6, "status 500")


def test_what_the_gateway_refuses_for_good_is_not_tried_again(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = [400]
    hall.book()
    hall.work()
    assert hall.states() == [("booked", "failed", 1)]


def test_a_gateway_that_is_not_there_or_not_set_up_is_told_apart(hall: NoticeHall, gateway: Gateway) -> None:
    hall.settings(sms_url="http://127.0.0.1:1/")
    hall.book()
    hall.work()
    hall.settings(sms_url=None)
    hall.book()
    hall.work()
    assert [one["why"] for one in hall.notices()] == ["unreachable", "not_set_up"]


def test_nothing_is_told_once_the_slot_is_over(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = [500]
    booked = hall.book()
    hall.work()
    hall.pass_time((booked.image["slot"] - hall.sanban.store.clock()) / 1000)
    hall.work()
    assert hall.states() == [("booked", "failed", 2)]
    assert len(gateway.taken) == 1


def test_a_try_that_would_come_after_the_end_is_not_waited_for(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = [500]
    hall.open()
    hall.change(notices=replace(NOTICES, soon_ahead=0, soon_minutes=0))
    hall.take(PHONE)
    hall.next()
    hall.work()
    for seconds in (10, 60):
        hall.pass_time(seconds)
        hall.work()
    assert hall.states() == [("called", "failed", 3)], "the next one would come after five minutes"


def test_a_call_that_is_over_is_not_told_any_more(hall: NoticeHall, gateway: Gateway) -> None:
    hall.open()
    hall.change(notices=replace(NOTICES, soon_ahead=0, soon_minutes=0))
    hall.take(PHONE)
    hall.next()
    hall.lead()
    hall.sanban.calls.start(hall.caller, hall.id, "w1")
    hall.work()
    assert [(one["what"], one["why"]) for one in hall.notices()] == [("called", "no longer true")]
    assert gateway.taken == []


def test_the_reminder_of_a_cancelled_appointment_is_not_sent(hall: NoticeHall, gateway: Gateway) -> None:
    hall.change(notices=replace(NOTICES, bookings=False))
    booked = hall.book()
    hall.remind(booked)
    hall.lead()
    hall.cancel(booked)
    hall.work()
    assert [(one["what"], one["state"], one["why"]) for one in hall.notices()] == [
        ("reminder", "dropped", "no longer true")
    ]
    assert gateway.taken == []


def test_a_confirmation_that_a_change_overtook_is_not_sent(hall: NoticeHall, gateway: Gateway) -> None:
    booked = hall.book()
    hall.lead()
    hall.move(booked)
    hall.work()
    assert [(one["what"], one["state"]) for one in hall.notices()] == [("booked", "dropped"), ("moved", "sent")]
    assert [one.json["kind"] for one in gateway.taken] == ["moved"]


def test_whoever_was_erased_is_told_nothing(hall: NoticeHall, gateway: Gateway) -> None:
    booked = hall.book()
    hall.lead()
    hall.sanban.people.erase(Caller(by="cli"), hall.id, booked.image["person"])
    hall.work()
    assert [(one["state"], one["why"]) for one in hall.notices()] == [("dropped", "unknown_person")]
    assert gateway.taken == []


# Once -------------------------------------------------------------------------------------------


def test_a_leader_that_reads_again_wants_nothing_twice(hall: NoticeHall, gateway: Gateway) -> None:
    hall.open()
    hall.take(PHONE)
    hall.book()
    start = hall.sanban.store.journal.bounds(hall.id)[0]
    hall.work()
    for _ in range(2):
        hall.sanban.notices.kept.set_cursor(hall.id, start)
        hall.work()
    assert sorted(one.json["kind"] for one in gateway.taken) == ["booked", "soon"]
    assert len(hall.entries("notice_sent")) == 2


def test_a_job_that_runs_again_after_success_sends_nothing(hall: NoticeHall, gateway: Gateway) -> None:
    hall.book()
    (arguments,) = hall.lead()
    hall.work()
    assert [hall.sanban.notices.send(hall.id, arguments[1], tries) for tries in (0, 1)] == ["over", "over"]
    assert len(gateway.taken) == 1
    assert len(hall.entries("notice_sent")) == 1


def test_of_two_jobs_for_one_try_one_sends(hall: NoticeHall, gateway: Gateway) -> None:
    hall.book()
    (arguments,) = hall.lead()
    notices = hall.sanban.notices
    assert notices.kept.claim(hall.id, arguments[1], 0, notices.moves.clock() + 60_000) is not None
    assert notices.send(*arguments) == "over"
    assert gateway.taken == []


def test_a_try_whose_worker_died_is_made_again_and_the_gateway_can_know_it(hall: NoticeHall, gateway: Gateway) -> None:
    hall.book()
    (arguments,) = hall.lead()
    notices = hall.sanban.notices
    notices.kept.claim(hall.id, arguments[1], 0, notices.moves.clock() + 60_000)
    hall.work()
    assert gateway.taken == []
    hall.pass_time(60)
    hall.work()
    assert hall.states() == [("booked", "sent", 2)]


# In nobody's way ----------------------------------------------------------------------------------


def test_booking_and_taking_numbers_stay_quick_while_the_gateway_hangs(hall: NoticeHall, gateway: Gateway) -> None:
    gateway.answers = ["hang"]
    hall.open()
    began = time.monotonic()
    for _ in range(10):
        hall.cancel(hall.book())
        hall.lead()
    assert time.monotonic() - began < http.SECONDS, "a hanging try alone takes longer"
    assert gateway.taken == [], "only jobs ask the gateway"


# Gateways differ ------------------------------------------------------------------------------------


def test_a_gateway_with_approved_templates_and_a_form_gets_what_it_wants(hall: NoticeHall, gateway: Gateway) -> None:
    sms = Sms(
        body="form",
        headers={"X-Note": "{hall}"},
        fields={"mobile": "{mobile}", "tpl": "{template}", "vars": "{params}", "sign": "长寿", "key": "{token}"},
        templates={"booked.zh": "SMS_7"},
    )
    hall.change(notices=replace(NOTICES, sms=sms))
    booked = hall.book()
    hall.work()
    form = gateway.taken[0].form
    assert (form["mobile"], form["tpl"], form["key"]) == ("13812345678", "SMS_7", "secret-of-the-gateway")
    assert f'"code": "{booked.desk_code}"' in form["vars"]
    assert form["sign"] == "长寿"


def test_a_gateway_that_is_asked_by_address_gets_its_fields_there(hall: NoticeHall, gateway: Gateway) -> None:
    sms = Sms(method="GET", body="query", fields={"to": "{mobile}", "msg": "{text}"})
    hall.change(notices=replace(NOTICES, sms=sms))
    hall.book()
    hall.work()
    (taken,) = gateway.taken
    assert (taken.method, taken.form["to"]) == ("GET", "13812345678")
    assert taken.form["msg"].startswith("预约成功")
