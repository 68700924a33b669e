"""Booking over the API: residents without an account, staff, kiosks, a portal's program."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.appointments import Offer
from hall.domain.calendar import Week
from hall.domain.callers import Caller
from tests.booking import id_number, lines
from tests.driver import live_hall
from tests.web.conftest import Asker, Json, Site, code_of, json_of

DAY_MS = 24 * 3600 * 1000
#: a slot every quarter of an hour, day and night, until it begins: these tests run on the real clock
ALWAYS = Offer(Week(*[("00:00-24:00",)] * 7), slot_minutes=15, capacity=1, earliest=7, latest=0, release=(0, 0))
WHO = {"name": "王小明", "phone": "138 1234 5678", "id_number": id_number()}


@pytest.fixture
def booking(site: Site) -> Site:
    hall = live_hall(site.id)
    site.sanban.halls.save(replace(hall, lines=lines(ALWAYS)), Caller(by="setup"))
    return site


def dates(site: Site) -> list[Json]:
    return list(json_of(site.nobody().get("slots/days?service=a1&service=a2"))["days"])


def slots(site: Site, day: int) -> list[Json]:
    date = dates(site)[day]["date"]
    return list(json_of(site.nobody().get(f"slots?line=a&date={date}"))["slots"])


def book(site: Site, asker: Asker | None = None, day: int = 1, slot: int = 40, **fields: Any) -> Json:
    start = slots(site, day)[slot]["start"]
    body = {"services": ["a1"], "slot": start, **WHO, **fields}
    answer = (asker or site.nobody()).post("appointments", body)
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def soon(site: Site, **fields: Any) -> Json:
    """An appointment that may check in at once: the next slot that can be booked."""
    coming = [slot for slot in slots(site, 0) if slot["refusal"] is None]
    answer = site.nobody().post("appointments", {"services": ["a1"], "slot": coming[0]["start"], **WHO, **fields})
    return json_of(answer)


def test_a_resident_sees_days_and_slots_and_books_without_an_account(booking: Site) -> None:
    lines_offered = json_of(booking.nobody().get("services"))["lines"]
    assert [line["bookable"] for line in lines_offered] == [True, True]
    days = dates(booking)
    assert len(days) == 8
    assert days[1] == {"date": days[1]["date"], "slots": 96, "left": 96, "why": "", "told": None}
    before = slots(booking, 1)[40]
    assert (before["time"], before["left"], before["refusal"]) == ("10:00", 1, None)
    made = book(booking)
    assert (made["time"], made["date"], made["state"], made["line"]) == ("10:00", days[1]["date"], "booked", "a")
    assert made["person"] is None
    assert (made["check_in_from"], made["check_in_until"]) == (made["slot"] - 3_600_000, made["slot"] + 600_000)
    after = slots(booking, 1)[40]
    assert (after["left"], after["refusal"]) == (0, "SLOT_FULL")
    assert json_of(booking.nobody().get(f"/api/v1/appointments/{made['code']}")) == made
    assert booking.kinds()[-1] == "booked"


def test_an_appointment_is_moved_changed_and_given_up_by_its_code(booking: Site) -> None:
    made, resident = book(booking), booking.nobody()
    address = f"/api/v1/appointments/{made['code']}"
    later = slots(booking, 2)[44]["start"]
    moved = json_of(resident.ask("PATCH", address, {"slot": later, "services": ["a1", "a2"], "language": "en"}))
    assert (moved["slot"], moved["services"], moved["language"]) == (later, ["a1", "a2"], "en")
    assert (moved["changes_left"], moved["desk_code"]) == (2, made["desk_code"])
    assert resident.ask("DELETE", address).status_code == 204
    assert json_of(resident.get(address))["state"] == "cancelled"
    assert code_of(resident.ask("DELETE", address)) == "APPOINTMENT_CANCELLED"
    assert code_of(resident.ask("PATCH", address, {"slot": later})) == "APPOINTMENT_CANCELLED"


def test_the_same_request_key_books_once(booking: Site) -> None:
    start = slots(booking, 1)[40]["start"]
    body, headers = {"services": ["a1"], "slot": start, **WHO}, {"Idempotency-Key": "k1"}
    first, again = (booking.nobody().post("appointments", body, headers=headers) for _ in range(2))
    assert json_of(first) == json_of(again)
    assert booking.kinds().count("booked") == 1
    other = booking.nobody().post("appointments", {**body, "name": "李某"}, headers=headers)
    assert code_of(other) == "KEY_REUSED"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"services": ["zz"]}, "UNKNOWN_SERVICE"),
        ({"services": ["a1", "b1"]}, "SERVICES_MIXED"),
        ({"services": []}, "BAD_FIELDS"),
        ({"slot": 1}, "SLOT_UNKNOWN"),
        ({"slot": -1}, "BAD_FIELDS"),
        ({"slot": 1.5}, "BAD_FIELDS"),
        ({"slot": "soon"}, "BAD_FIELDS"),
        ({"name": ""}, "PERSON_MISSING"),
        ({"name": "<b>x"}, "TEXT_NOT_PLAIN"),
        ({"phone": "", "id_number": ""}, "PERSON_MISSING"),
        ({"phone": "123"}, "BAD_PHONE"),
        ({"id_number": "310107196001010021"}, "BAD_IDENTITY_NUMBER"),
        ({"language": "fr"}, "BAD_FIELDS"),
        ({"by": "staff:boss"}, "BAD_FIELDS"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(booking: Site, fields: Json, code: str) -> None:
    start, before = slots(booking, 1)[40]["start"], booking.kinds()
    answer = booking.nobody().post("appointments", {"services": ["a1"], "slot": start, **WHO, **fields})
    assert code_of(answer) == code
    assert all(secret not in answer.text for secret in ("王小明", "5678", id_number()))
    assert booking.kinds() == before
    assert booking.sanban.people.find(booking.id, id_number=id_number()) == {}


def test_refusals_carry_their_times(booking: Site) -> None:
    last = slots(booking, 7)[95]["start"]
    answer = booking.nobody().post("appointments", {"services": ["a1"], "slot": last + DAY_MS, **WHO})
    assert code_of(answer) == "BOOKING_TOO_EARLY"
    assert json_of(answer)["facts"]["from_"] > time.time() * 1000
    assert code_of(booking.nobody().get("slots?date=2026-11-30")) == "SERVICES_MIXED"
    assert code_of(booking.nobody().get("slots?line=zz&date=2026-11-30")) == "UNKNOWN_LINE"
    for date in ("soon", "2026-13-01", ""):
        assert code_of(booking.nobody().get(f"slots?line=a&date={date}")) == "BAD_FIELDS"


@pytest.mark.parametrize("code", ["x", "a.0000000001.AAAAAAAAAAAAAAAAAAAAAA", "12345678", "é", "a" * 201])
def test_a_code_nobody_was_given_opens_nothing(booking: Site, code: str) -> None:
    made = book(booking)
    for asked in (code, made["desk_code"], made["code"][:-1]):
        for method in ("GET", "PATCH", "DELETE"):
            answer = booking.nobody().ask(method, f"/api/v1/appointments/{asked}", {} if method == "PATCH" else None)
            assert code_of(answer) in ("UNKNOWN_APPOINTMENT", "BAD_FIELDS")


@pytest.mark.parametrize(
    ("who", "by"),
    [("clerk", "staff:the-clerk"), ("nobody", "resident"), ("auditor", "resident"), ("kiosk", "resident")],
)
def test_staff_book_for_a_caller_in_their_own_name_others_as_residents(booking: Site, who: str, by: str) -> None:
    book(booking, booking.as_(who))
    assert booking.sanban.store.journal.after(booking.id, "0-0")[-1].by == by


def test_a_page_elsewhere_cannot_book_in_the_name_of_staff(booking: Site) -> None:
    clerk = booking.as_("clerk")
    clerk.headers = {}
    book(booking, clerk)
    assert booking.sanban.store.journal.after(booking.id, "0-0")[-1].by == "resident"
    start = slots(booking, 1)[41]["start"]
    clerk.headers = {"X-CSRFToken": "made up"}
    answer = clerk.post("appointments", {"services": ["a1"], "slot": start, **WHO, "id_number": ""})
    assert code_of(answer) == "BAD_CSRF_TOKEN"


def test_staff_see_a_day_masked_and_may_open_each_appointment(booking: Site) -> None:
    made = book(booking)
    day = json_of(booking.as_("clerk").get(f"appointments?date={made['date']}"))
    (listed,) = day["appointments"]
    opened = json_of(booking.as_("clerk").get(f"/api/v1/appointments/{made['code']}"))
    assert opened["person"] == listed["person"]
    assert listed["person"]["id_number"] == f"310***********{id_number()[-4:]}"
    assert listed["person"]["name"] == "王**"
    assert (listed["code"], listed["time"], listed["imported"]) == (made["code"], "10:00", False)
    assert "desk_code" not in listed
    assert booking.nobody().get(f"appointments?date={made['date']}").status_code == 401


@pytest.mark.parametrize("how", ["desk_code", "code"])
def test_a_kiosk_checks_in_by_either_code(booking: Site, how: str) -> None:
    made, kiosk = soon(booking), booking.as_("kiosk")
    answer = kiosk.post("tickets", {"appointment": made[how]})
    assert answer.status_code == 201, answer.text
    number = json_of(answer)["number"]
    assert number == "A001"
    seen = json_of(kiosk.get(f"/api/v1/appointments/{made['code']}"))
    assert (seen["state"], seen["number"], seen["changes_left"]) == ("arrived", number, 0)
    again = kiosk.post("tickets", {"appointment": made[how]})
    assert (code_of(again), json_of(again)["facts"]) == ("APPOINTMENT_USED", {"number": number})


def test_a_kiosk_finds_and_checks_in_by_card(booking: Site) -> None:
    soon(booking)
    kiosk = booking.as_("kiosk")
    card = {"id_number": WHO["id_number"]}
    (found,) = json_of(kiosk.post("appointments/today", card))["appointments"]
    assert (found["state"], found["line"], found["services"]) == ("booked", "a", ["a1"])
    assert json_of(kiosk.post("tickets", card))["services"] == ["a1"]
    (found,) = json_of(kiosk.post("appointments/today", card))["appointments"]
    assert (found["state"], found["number"]) == ("arrived", "A001")
    assert json_of(kiosk.post("appointments/today", {"id_number": id_number("19610101")}))["appointments"] == []
    assert code_of(booking.nobody().post("appointments/today", card)) == "SIGN_IN_NEEDED"


def test_a_kiosk_that_guesses_desk_codes_is_stopped(booking: Site) -> None:
    kiosk = booking.as_("kiosk")
    codes = [code_of(kiosk.post("tickets", {"appointment": f"{n:08}"})) for n in range(11)]
    assert codes == ["UNKNOWN_APPOINTMENT"] * 10 + ["TOO_MANY_TRIES"]
    assert code_of(booking.as_("clerk").post("tickets", {"appointment": "00000099"})) == "UNKNOWN_APPOINTMENT"


def test_a_card_without_an_appointment_and_without_services_is_asked_for_one(booking: Site) -> None:
    assert code_of(booking.as_("kiosk").post("tickets", {"id_number": id_number()})) == "SERVICES_MIXED"


def rows(site: Site) -> list[Json]:
    hall = site.sanban.halls.get(site.id)
    when = [f"{hall.calendar.local(slot['start']):%Y-%m-%d %H:%M}" for slot in slots(site, 2)[40:43]]
    who = {"name": "张三", "phone": "13912345678"}
    return [{"external_id": f"p{n}", "services": ["a1"], "slot": slot, **who} for n, slot in enumerate(when)]


def test_a_portals_program_imports_and_sees_nothing(booking: Site) -> None:
    portal, file = booking.program("portal"), rows(booking)
    file[1]["phone"] = "123"
    report = json_of(portal.post("appointments/import", file))
    assert [report[result] for result in ("accepted", "changed", "unchanged", "refused")] == [2, 0, 0, 1]
    refused = report["rows"][1]
    assert (refused["row"], refused["external_id"], refused["code"]) == (2, "p1", "BAD_PHONE")
    assert refused["detail"]
    assert [row["result"] for row in json_of(portal.post("appointments/import", file))["rows"]] == [
        "unchanged",
        "refused",
        "unchanged",
    ]
    assert portal.get("board").status_code == 403
    assert portal.post("tickets", {"services": ["a1"]}).status_code == 403


def test_a_csv_file_larger_than_other_bodies_is_imported(booking: Site) -> None:
    first = rows(booking)[0]
    good = f"p0,a1,{first['slot']},张三,13912345678"
    bad = [f"bad{n},a1,{first['slot']},{'张' * 50},1" for n in range(400)]
    data = "\n".join(["external_id,services,slot,name,phone", good, *bad]).encode()
    assert len(data) > 64 * 1024
    portal = booking.program("portal")
    report = json_of(portal.post("appointments/import", data=data, content_type="text/csv; charset=utf-8"))
    assert (report["accepted"], report["refused"]) == (1, 400)
    assert report["rows"][1]["row"] == 3


def test_an_import_that_is_no_file_is_refused(booking: Site) -> None:
    portal = booking.program("portal")
    for data, kind, code in [
        (b"{}", "application/json", "BAD_IMPORT"),
        (b"[1", "application/json", "BODY_NOT_JSON"),
        (b"name\nx", "text/csv", "BAD_IMPORT"),
        (b"<x/>", "text/xml", "BAD_CONTENT_TYPE"),
        (b"", "text/csv", "BAD_IMPORT"),
        (b"x" * (8 * 1024 * 1024 + 1), "text/csv", "BODY_TOO_LARGE"),
    ]:
        assert code_of(portal.post("appointments/import", data=data, content_type=kind)) == code
    assert code_of(booking.as_("clerk").post("appointments/import", [])) == "FORBIDDEN"


def test_the_description_names_every_call_of_booking(booking: Site) -> None:
    paths = json_of(booking.nobody().get("/api/v1/openapi.json"))["paths"]
    hall = "/api/v1/halls/{hall}"
    for path, methods in {
        f"{hall}/slots": {"get"},
        f"{hall}/slots/days": {"get"},
        f"{hall}/appointments": {"get", "post"},
        f"{hall}/appointments/today": {"post"},
        f"{hall}/appointments/import": {"post"},
        "/api/v1/appointments/{token}": {"get", "patch", "delete"},
    }.items():
        assert set(paths[path]) == methods
    body = paths[f"{hall}/appointments/import"]["post"]["requestBody"]["content"]
    assert set(body) == {"application/json", "text/csv"}
