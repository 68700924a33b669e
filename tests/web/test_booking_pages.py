"""The pages of booking without a browser: what they keep, what they refuse, whom they serve."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.appointments import Request
from hall.web import sealed
from tests.booking import id_number, lines
from tests.driver import live_hall
from tests.web.conftest import Asker, Site
from tests.web.test_appointments_api import ALWAYS, slots

WHO = {"name": "王小明", "phone": "138 1234 5678", "id_number": id_number()}


@pytest.fixture
def booking(site: Site) -> Site:
    hall = live_hall(site.id)
    site.sanban.halls.save(replace(hall, lines=lines(ALWAYS)), Caller(by="setup"))
    return site


def slot(site: Site, n: int = 40) -> int:
    return int(slots(site, 1)[n]["start"])


def person_page(site: Site, start: int) -> str:
    return f"/book/{site.id}/person?service=a1&slot={start}"


def check_form(asker: Asker, site: Site) -> dict[str, str]:
    page = asker.get(f"/book/{site.id}/check").text
    return {name: re.findall(f'name="{name}" value="([^"]+)"', page)[0] for name in ("draft", "key")}


def book(asker: Asker, site: Site, start: int, **who: str) -> TestResponse:
    asker.submit(person_page(site, start), {**WHO, **who})
    return asker.submit(f"/book/{site.id}/check", check_form(asker, site))


def booked(site: Site) -> list[Any]:
    return [one.appointment for one in site.sanban.store.journal.after(site.id, "0-0") if one.kind == "booked"]


def post(asker: Asker, path: str, form: dict[str, str]) -> TestResponse:
    """Send a form whose page cannot be opened any more."""
    return asker.client.post(path, data={**form, "csrf_token": asker.csrf("/sign-in")})


def test_a_booking_is_made_step_by_step(booking: Site) -> None:
    asker, start = booking.nobody(), slot(booking)
    answer = book(asker, booking, start)
    assert answer.status_code == 302
    (made,) = booked(booking)
    assert (made["slot"], made["services"], made["language"]) == (start, "a1", "zh")
    page = asker.get(answer.headers["Location"])
    assert page.status_code == 200
    assert WHO["name"] not in page.text
    assert asker.get(f"/book/{booking.id}/check").headers["Location"] == f"/book/{booking.id}"  # the draft is gone


def test_a_hall_that_was_closed_for_today_offers_no_time_of_today(booking: Site, manager: Asker) -> None:
    asker, here, today = booking.nobody(), booking.sanban, booking.sanban.halls.get(booking.id)
    start = here.slots.on(booking.id, "a", today.calendar.date_of(here.store.clock()))[-1].start
    asker.submit(person_page(booking, start), WHO)
    form = check_form(asker, booking)
    assert manager.post("today/close", {"zh": "停电", "en": "No power", "reason": "cut"}).status_code == 200
    day = f"/book/{booking.id}/day?service=a1&lang=en"
    assert "closed · No power" in asker.get(day).text
    answer = asker.submit(f"/book/{booking.id}/check", form)
    times = asker.get(f"{answer.headers['Location']}&lang=en").text
    assert "The hall is closed for today." in times and "data-slot" not in times
    assert booked(booking) == []


def test_nothing_of_it_is_kept_by_browsers_but_the_sealed_draft(booking: Site) -> None:
    asker, start = booking.nobody(), slot(booking)
    given = asker.submit(person_page(booking, start), WHO)
    cookie = given.headers["Set-Cookie"]
    assert f"Path=/book/{booking.id}" in cookie
    assert "HttpOnly" in cookie
    for secret in ("小明", "5c0f", WHO["id_number"], "13812345678"):
        assert secret not in cookie + given.headers["Location"]
    for path in (person_page(booking, start), f"/book/{booking.id}/check", f"/book/{booking.id}"):
        assert asker.get(path).headers["Cache-Control"] == "no-store"


def test_a_draft_is_of_one_hall_and_of_half_an_hour(booking: Site, web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asker, other = booking.nobody(), Site(*web)
    asker.submit(person_page(booking, slot(booking)), WHO)
    form = check_form(asker, booking)
    assert post(asker, f"/book/{other.id}/check", form).headers["Location"] == f"/book/{other.id}"
    monkeypatch.setattr(sealed, "LIFE_SECONDS", -1)
    assert post(asker, f"/book/{booking.id}/check", form).headers["Location"] == f"/book/{booking.id}"
    assert booked(booking) == booked(other) == []


@pytest.mark.parametrize("text", ["", "x", "x.y", "a.b.c", "AAAA.AAAA", "é", "." * 500])
def test_a_made_up_draft_leads_to_the_first_step(booking: Site, text: str) -> None:
    asker = booking.nobody()
    form = {"draft": text, "key": "k1"}
    assert post(asker, f"/book/{booking.id}/check", form).headers["Location"] == f"/book/{booking.id}"


def test_forms_need_their_token(booking: Site) -> None:
    asker, start = booking.nobody(), slot(booking)
    made = book(asker, booking, start).headers["Location"].split("?")[0]
    other = slot(booking, 41)
    for path in (
        person_page(booking, start),
        f"/book/{booking.id}/check",
        f"{made}/cancel",
        f"{made}/move?slot={other}",
    ):
        assert asker.client.post(path, data=WHO).status_code == 400, path
    assert [one["slot"] for one in booked(booking)] == [start]


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("papers", ""),
        ("papers?service=no-such", ""),
        ("papers?service=a1&service=b1", ""),
        ("day", ""),
        ("time?service=a1", "/day?service=a1"),
        ("time?service=a1&date=2026-02-30", "/day?service=a1"),
        ("person?service=a1", "/day?service=a1"),
        ("person?service=a1&slot=²", "/day?service=a1"),
        ("person?service=a1&slot=99999999999999", "/day?service=a1"),
        ("check", ""),
    ],
)
def test_a_step_without_the_one_before_leads_there(booking: Site, path: str, leads: str) -> None:
    answer = booking.nobody().get(f"/book/{booking.id}/{path}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/book/{booking.id}{leads}")


def test_a_slot_that_does_not_exist_is_refused_among_the_times(booking: Site) -> None:
    asker = booking.nobody()
    answer = book(asker, booking, slot(booking) + 1000)
    assert "/time?" in answer.headers["Location"]
    assert "refused=SLOT_UNKNOWN" in answer.headers["Location"]
    assert 'role="alert"' in asker.get(answer.headers["Location"]).text


def test_an_address_cannot_make_a_page_say_what_we_do_not_say(booking: Site) -> None:
    page = booking.nobody().get(f"/book/{booking.id}?refused=<b>x</b>&number=<i>").text
    assert 'role="alert"' not in page
    page = booking.nobody().get(f"/book/{booking.id}?refused=TICKET_OPEN&number=<script>call+me</script>").text
    assert "<script>" not in page
    alert = page.split('role="alert"')[1].split("</div>")[0]
    assert "script" not in alert
    assert "A012" in booking.nobody().get(f"/book/{booking.id}?refused=TICKET_OPEN&number=A012").text


def test_another_language_keeps_the_step(booking: Site) -> None:
    page = booking.nobody().get(f"/book/{booking.id}/papers?service=a1&service=a2").text
    assert "service=a1&amp;service=a2&amp;lang=en" in page


def test_a_holder_cannot_move_more_often_than_the_hall_allows(booking: Site) -> None:
    asker = booking.nobody()
    made = book(asker, booking, slot(booking)).headers["Location"].split("?")[0]
    for n in range(4):
        answer = asker.submit(f"{made}/move?slot={slot(booking, 50 + n)}", {})
    assert "refused=CHANGES_USED_UP" in answer.headers["Location"]
    assert "3" in asker.get(answer.headers["Location"]).text.split('role="alert"')[1][:400]


# At the desk ---------------------------------------------------------------------------------


def an_appointment(site: Site, **fields: str) -> str:
    """Its link's code."""
    wish = Request(("a1",), slot(site), Person(**{**WHO, **fields}))
    kept = site.sanban.appointments.book(Caller(by="resident"), site.id, wish)
    return site.sanban.secrets.appointment_token(site.id, kept.image["id"])


def test_the_desk_of_one_hall_sees_nothing_of_another(booking: Site, web: Any) -> None:
    token, other = an_appointment(booking), Site(*web).staff("clerk")
    for path, form in ((f"{token}/cancel", {}), (f"{token}/move", {"slot": str(slot(booking, 42))})):
        answer = other.client.post(f"/console/appointments/{path}", data=form, headers=other.headers)
        assert answer.status_code == 404
    assert other.get(f"/console/appointments/{token}").status_code == 404
    form = {"token": token, "csrf_token": other.headers["X-CSRFToken"]}
    assert other.client.post("/console/appointments/check-in", data=form).status_code == 404
    assert booking.kinds()[-1] == "booked"


def test_a_kiosk_and_an_officer_are_not_the_desk(booking: Site) -> None:
    token = an_appointment(booking)
    for who in ("kiosk", "officer"):
        asker = booking.as_(who)
        answer = asker.client.get(f"/console/appointments/{token}", headers={"X-Device": "kiosk"})
        assert answer.status_code in (401, 403)


def test_the_desk_shows_nobody_in_full(booking: Site) -> None:
    token, asker = an_appointment(booking), booking.staff("clerk")
    date = slots(booking, 1) and booking.sanban.halls.get(booking.id).calendar.date_of(slot(booking)).isoformat()
    for path in (f"?date={date}", token):
        page = asker.get(f"/console/appointments/{path}").text
        assert "王**" in page
        assert "小明" not in page
        assert WHO["id_number"] not in page
        assert "12345678" not in page


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("王小", True),
        ("wang x", True),
        ("5678", True),
        ("678", False),
        ("0025", True),
        ("1381", False),
        ("小明", False),
        ("", True),
    ],
)
def test_who_is_looked_for_is_found_by_how_people_say_it(booking: Site, wanted: str, found: bool) -> None:
    an_appointment(booking, name="Wang Xiaoming" if wanted.startswith("wang") else "王小明")
    asker = booking.staff("clerk")
    date = booking.sanban.halls.get(booking.id).calendar.date_of(slot(booking)).isoformat()
    answer = asker.client.post(f"/console/appointments/?date={date}", data={"q": wanted}, headers=asker.headers)
    page = asker.get(answer.headers["Location"]).text
    assert ('data-state="booked"' in page) == found
    assert wanted == "" or wanted not in answer.headers["Location"]
