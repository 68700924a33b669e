"""A city portal's file: every row once, bad ones named, none stops the others."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest

from hall.domain.booking_errors import BadImport
from hall.services.appointments import Imported, Request
from hall.services.portal_import import PortalImport, Report
from tests.booking import LI, BookableHall, id_number
from tests.driver import DAY

HEADER = "external_id,services,slot,name,phone,id_number,language,state"


@pytest.fixture
def hall(store_url: str) -> BookableHall:
    return BookableHall(store_url)


def run(hall: BookableHall, data: bytes | str | list[Any]) -> Report:
    is_json = isinstance(data, list)
    raw = json.dumps(data).encode() if is_json else data.encode() if isinstance(data, str) else data
    assert isinstance(raw, bytes)
    return PortalImport(hall.appointments).run(hall.caller("program:portal"), hall.id, raw, is_json=is_json)


def row(external_id: str = "p1", time: str = "10:00", **fields: Any) -> dict[str, Any]:
    return {
        "external_id": external_id,
        "services": ["a1"],
        "slot": f"{DAY} {time}",
        "name": "王某",
        "phone": "13812345678",
        **fields,
    }


def results(report: Report) -> list[str]:
    return [done.code or done.result for done in report.rows]


def booked(hall: BookableHall) -> list[tuple[str, str, str]]:
    images = hall.appointments.kept.awaited(hall.id, hall.now + 10**10)
    return [(f"{hall.hall.calendar.local(i['slot']):%H:%M}", i["line"], i["services"]) for i in images]


def test_the_same_file_again_changes_nothing(hall: BookableHall) -> None:
    file = [row("p1"), row("p2", "10:15", services=["b1"])]
    assert results(run(hall, file)) == ["accepted", "accepted"]
    entries = len(hall.journal())
    assert results(run(hall, file)) == ["unchanged", "unchanged"]
    assert len(hall.journal()) == entries
    assert booked(hall) == [("10:00", "a", "a1"), ("10:15", "b", "b1")]


def test_a_changed_row_changes_its_appointment_and_a_cancelled_one_cancels_it(hall: BookableHall) -> None:
    run(hall, [row("p1"), row("p2")])
    report = run(hall, [row("p1", "11:00", services=["a1", "a2"], name="王小某"), row("p2", state="cancelled")])
    assert results(report) == ["changed", "changed"]
    assert booked(hall) == [("11:00", "a", "a1,a2")]
    assert results(run(hall, [row("p2", state="cancelled"), row("p3", state="已取消")])) == ["unchanged", "unchanged"]
    person = hall.appointments.kept.awaited(hall.id, hall.now + 10**10)[0]["person"]
    assert hall.people.get(hall.id, person).name == "王小某"


def test_of_two_imports_at_once_one_books(hall: BookableHall) -> None:
    request = Request(("a1",), hall.ms("10:00"), LI)
    first, second = (
        hall.appointments.book(hall.caller("program:portal"), hall.id, request, Imported("one id", "print"))
        for _ in range(2)
    )
    assert first == second
    assert hall.left("10:00") == 1


def test_what_the_resident_changed_meanwhile_stays_until_the_portal_says_otherwise(hall: BookableHall) -> None:
    run(hall, [row("p1")])
    image = hall.appointments.kept.awaited(hall.id, hall.now + 10**10)[0]
    kept = hall.appointments.kept.get(hall.id, image["id"])
    hall.move(kept, "11:00")
    assert results(run(hall, [row("p1")])) == ["unchanged"]
    assert booked(hall) == [("11:00", "a", "a1")]
    assert results(run(hall, [row("p1", "10:30")])) == ["changed"]


def test_one_bad_row_never_stops_the_others_and_says_what_is_wrong(hall: BookableHall) -> None:
    file = [
        row("good1"),
        row("", slot="soon", language="fr"),
        "not a row",
        row("twoLines", services=["a1", "b1"]),
        row("unknownService", services=["a1", "zz"]),
        row("badTime", "10:07"),
        row("badPhone", "10:15", phone="123"),
        row("badNumber", "10:15", id_number="310107196001010021"),
        row("noName", "10:15", name=""),
        row("past", slot="2026-11-23 10:00"),
        row("full1", services=["b1"]),
        row("full2", services=["b1"]),
        row("good2", "10:15"),
    ]
    report = run(hall, file)
    assert results(report) == [
        "accepted",
        "BAD_ROW",
        "BAD_ROW",
        "SERVICES_MIXED",
        "BAD_ROW",
        "SLOT_UNKNOWN",
        "BAD_PHONE",
        "BAD_IDENTITY_NUMBER",
        "PERSON_MISSING",
        "BOOKING_TOO_LATE",
        "accepted",
        "SLOT_FULL",
        "accepted",
    ]
    assert [done.row for done in report.refused] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    assert report.refused[0].facts == {"fields": "external_id, slot, language"}
    assert report.refused[3].facts == {"fields": "services"}
    assert (report.count("accepted"), report.count("refused")) == (3, 10)


def test_the_report_repeats_nothing_personal(hall: BookableHall) -> None:
    report = run(hall, [row("p1", phone="1381234567"), row("p2", id_number=id_number()[:-1] + "?", slot="x")])
    said = json.dumps([asdict(done) for done in report.rows], ensure_ascii=False)
    assert not any(secret in said for secret in ("1381234567", "王某", id_number()[:-1]))


def test_rows_of_a_csv_file_are_named_by_their_line(hall: BookableHall) -> None:
    first, third = f"p1,a1,{DAY} 10:00,王某,13812345678,,,", f"p3,a1;a2,{DAY}T10:15:00+08:00,李某,13912345678,,en,"
    file = "\n".join([HEADER, first, "", "p2,a1", third])
    report = run(hall, file)
    assert [(done.row, done.code or done.result) for done in report.rows] == [
        (2, "accepted"),
        (4, "BAD_ROW"),
        (5, "accepted"),
    ]
    assert booked(hall) == [("10:00", "a", "a1"), ("10:15", "a", "a1,a2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheet_with_chinese_headers_is_understood(hall: BookableHall, encoding: str) -> None:
    header = "预约编号,办理事项,预约时间,姓名,手机号,身份证号,状态"
    file = f"{header}\nYY-1,a1,2026年11月24日 10:00-10:15,王某,138 1234 5678,,已预约\n"
    assert results(run(hall, file.encode(encoding))) == ["accepted"]
    assert results(run(hall, file.replace("已预约", "已取消").encode(encoding))) == ["changed"]


def test_lead_times_limits_and_penalties_are_the_portals_own(hall: BookableHall) -> None:
    hall.at("09:50")
    assert results(run(hall, [row("p1"), row("p2", "10:15"), row("p3", "10:15")])) == ["accepted"] * 3


def test_an_appointment_that_checked_in_is_refused_a_change_and_the_same_row_is_not(hall: BookableHall) -> None:
    run(hall, [row("p1")])
    image = hall.appointments.kept.awaited(hall.id, hall.now + 10**10)[0]
    hall.at("09:30").check_in(hall.appointments.kept.get(hall.id, image["id"]))
    assert results(run(hall, [row("p1"), row("p1", "11:00"), row("p1", state="cancelled")])) == [
        "unchanged",
        "APPOINTMENT_USED",
        "APPOINTMENT_USED",
    ]


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b"", "name,phone\n王,1\n".encode(), b'{"a": 1}', b"[1", b"[" * 100_000]
)
def test_a_file_that_cannot_be_read_is_refused_whole(hall: BookableHall, data: bytes) -> None:
    with pytest.raises(BadImport):
        PortalImport(hall.appointments).run(hall.caller(), hall.id, data, is_json=data[:1] in (b"{", b"["))
