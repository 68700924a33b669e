"""The office over HTTP: reports and their files, alarms, today, ratings."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from hall.archive import schema
from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.console.views import FLOOR
from tests.driver import KEY
from tests.web.conftest import Asker, Site, code_of, json_of
from workers.archiver import Archiver


@pytest.fixture
def archived(site: Site, clerk: Asker) -> Site:
    """A hall with three numbers, two of them served, in the archive."""
    for _ in range(3):
        clerk.issue()
    for _ in range(2):
        assert clerk.post("windows/w1/call-next").status_code == 200
        clerk.post("windows/w1/start")
        clerk.post("windows/w1/finish")
    archive = Archive(site.sanban.settings.archive, key_of(KEY), migrate=True)
    Archiver(site.sanban, archive).copy(site.id)
    archive.close()
    return site


def test_a_report_is_read_by_those_who_may(archived: Site, manager: Asker, clerk: Asker) -> None:
    report = json_of(manager.get("reports/waiting"))
    assert [row["key"] for row in report["rows"]] == ["all"]
    assert (report["rows"][0]["numbers"], report["rows"][0]["called"]) == (3, 2)
    assert {"name": "mean", "unit": "minutes"} in report["columns"]
    assert report["first"] == report["last"]
    assert clerk.get("reports/waiting").status_code == 403
    month = json_of(manager.get("reports/month"))
    assert {"waiting", "promise", "ratings"} <= {table["name"] for table in month["tables"]}


def test_reports_are_files_for_other_programs(archived: Site, manager: Asker) -> None:
    answer = manager.get("reports/waiting.csv?by=line")
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:2] == ["line", "numbers"]
    assert rows[1][:2] == ["a", "3"]
    for name, sheets in (("waiting", 1), ("month", 27)):
        answer = manager.get(f"reports/{name}.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        assert len(book.sheetnames) == sheets
        sheet = book[book.sheetnames[0]]
        assert [cell.value for cell in sheet[2]][:3] == ["all", 3, 2]


def test_what_cannot_be_reported_says_so(archived: Site, manager: Asker) -> None:
    for asked, code in (
        ("nothing", "UNKNOWN_REPORT"),
        ("waiting?by=clerk", "BAD_GROUPING"),
        ("waiting?from=2026-02-01&to=2026-01-01", "BAD_PERIOD"),
        ("waiting?from=yesterday", "BAD_FIELDS"),
        ("waiting?clerk=ann", "BAD_FIELDS"),
    ):
        assert code_of(manager.get(f"reports/{asked}")) == code


def test_an_archive_of_another_version_is_told_with_what_to_do(site: Site, manager: Asker) -> None:
    site.sanban.reports.close()
    archive = Archive(site.sanban.settings.archive)
    schema.migrate_to(archive.engine, "0002")
    try:
        answer = manager.get("reports/waiting")
        assert (answer.status_code, code_of(answer)) == (503, "ARCHIVE_SCHEMA")
        assert "python -m hall migrate" in json_of(answer)["detail"]
    finally:
        schema.migrate(archive.engine)
        archive.close()
    assert manager.get("reports/waiting").status_code == 200


def test_a_reason_that_looks_like_a_formula_is_a_text_in_every_file(site: Site, manager: Asker) -> None:
    number = manager.issue()["number"]
    manager.post("windows/w1/call", {"number": number, "reason": "=HYPERLINK(1)"})
    archive = Archive(site.sanban.settings.archive, key_of(KEY), migrate=True)
    Archiver(site.sanban, archive).copy(site.id)
    archive.close()
    assert ",'=HYPERLINK(1)" in manager.get("reports/decisions.csv").text
    book = openpyxl.load_workbook(io.BytesIO(manager.get("reports/decisions.xlsx").data))
    cells = [cell for row in book[book.sheetnames[0]].rows for cell in row if cell.value]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} == {"s"}


def test_today_is_told_to_everybody_and_changed_by_a_manager(site: Site, manager: Asker, clerk: Asker) -> None:
    told = {"zh": "停电", "en": "No power", "reason": "power cut"}
    assert clerk.post("today/close", told).status_code == 403
    assert json_of(manager.post("today/close", told))["closed"] == {"zh": "停电", "en": "No power"}
    assert json_of(site.nobody().get(f"{site.api}/today"))["closed"]["en"] == "No power"
    assert code_of(clerk.post("tickets", {"services": ["a1"]})) == "CLOSED_TODAY"
    assert json_of(manager.post("today/open", {"reason": "again"}))["closed"] is None
    assert json_of(manager.post("lines/a/pause", told))["paused"] == {"a": {"zh": "停电", "en": "No power"}}
    assert code_of(clerk.post("tickets", {"services": ["a1"]})) == "LINE_PAUSED"
    manager.post("lines/a/resume", {"reason": "again"})
    assert json_of(manager.post("lines/a/contingent", {"count": 0, "reason": "none"}))["contingents"] == {"a": 0}
    assert code_of(clerk.post("tickets", {"services": ["a1"]})) == "CONTINGENT_FULL"
    assert code_of(manager.post("lines/z/resume", {"reason": "again"})) == "UNKNOWN_LINE"


def test_help_and_messages_are_seen_by_colleagues_until_they_are_over(site: Site, manager: Asker, clerk: Asker) -> None:
    for window in ("w1", "w2"):
        assert json_of(clerk.post(f"windows/{window}/help")) == {"changed": True}
    assert json_of(manager.post("windows/w2/message", {"text": "come here"})) == {"changed": True}
    names = [note["name"] for note in json_of(clerk.get("alarms"))["notes"]]
    assert sorted(names) == ["help/w1", "help/w2", "message/w2"]
    assert "come here" not in clerk.get("alarms").text  # the office and the window read it
    assert "come here" in manager.get("alarms").text
    assert clerk.post("windows/w1/message", {"text": "hello"}).status_code == 403
    assert json_of(clerk.post("windows/w1/help/answer")) == {"changed": True}
    assert json_of(clerk.post("windows/w1/help/answer")) == {"changed": False}
    (message,) = (one for one in json_of(manager.get("windows/w2/told"))["told"] if one["kind"] == "message")
    for since, changed in ((message["since"] - 1, False), (message["since"], True)):
        assert json_of(clerk.post("windows/w2/message/read", {"since": since})) == {"changed": changed}
    left = [note["name"] for note in json_of(clerk.get("alarms"))["notes"]]
    assert sorted(left) == ["help/w2"]  # who called, needs nobody: no answer
    json_of(manager.post("windows/w2/help/answer"))
    (answer,) = json_of(manager.get("windows/w2/told"))["told"]
    assert answer["kind"] == "answer"
    assert json_of(clerk.post("windows/w2/help/answer/read", {"since": answer["since"]})) == {"changed": True}


def test_a_service_is_rated_on_the_phone_or_at_the_pad_and_answered_by_a_manager(
    site: Site, manager: Asker, clerk: Asker
) -> None:
    tokens = [clerk.issue()["token"] for _ in range(2)]
    nobody, pad = site.nobody(), site.device("pad")
    rating = f"/api/v1/tickets/{tokens[0]}/rating"
    assert code_of(nobody.post(rating, {"level": 1})) == "NOT_FINISHED"
    clerk.post("windows/w1/call-next")
    clerk.post("windows/w1/finish")
    assert nobody.post(rating, {"level": 1}).status_code == 201
    assert code_of(nobody.post(rating, {"level": 5})) == "ALREADY_RATED"
    assert code_of(pad.post("windows/w1/rating", {"level": 5})) == "ALREADY_RATED"
    clerk.post("windows/w1/call-next")
    clerk.post("windows/w1/finish")
    assert code_of(pad.post("windows/w1/rating", {"level": 5, "items": ["none"]})) == "BAD_RATING"
    assert json_of(pad.post("windows/w1/rating", {"level": 5})) == {"level": 5, "items": [], "source": "pad"}
    assert code_of(nobody.post(rating, {"level": 0})) == "BAD_FIELDS"
    (bad,) = json_of(manager.get("ratings/follow-ups"))["follow_ups"]
    assert (bad["level"], bad["line"], bad["overdue"]) == (1, "a", False)
    assert not {"number", "ticket", "clerk", "window"} & set(bad)
    assert clerk.get("ratings/follow-ups").status_code == 403
    assert manager.post(f"ratings/{bad['id']}/answer", {"answer": "a second clerk"}).status_code == 204
    assert code_of(manager.post(f"ratings/{bad['id']}/answer", {"answer": "again"})) == "UNKNOWN_RATING"


def test_the_live_floor_never_holds_the_words_of_a_message(site: Site, manager: Asker) -> None:
    json_of(manager.post("windows/w2/message", {"text": "come here"}))
    state, hall = site.sanban.store.snapshot(site.id), site.sanban.halls.get(site.id)
    entry = site.sanban.store.journal.after(site.id, "0-0")[-1]
    assert state.notes["message/w2"]["text"] == entry.facts["note"]["text"] == "come here"
    told = [FLOOR.seen(entry, hall), FLOOR.snapshot(hall, state)]
    assert all("message/w2" in str(one) and "come here" not in str(one) for one in told)


def test_the_office_opens_and_closes_windows_for_others_with_a_reason(site: Site, manager: Asker, clerk: Asker) -> None:
    ann, boss = site.staff("clerk", "ann"), site.staff("manager", "boss")
    other = site.staff("clerk", "bob")
    site.staff("auditor", "max")
    why = {"clerk": "ann", "reason": "her screen is broken"}
    assert clerk.post("windows/w1/open-for", why).status_code == 403
    assert code_of(manager.post("windows/w1/open-for", {**why, "reason": " "})) == "REASON_MISSING"
    for stranger in ("max", "nobody"):
        assert manager.post("windows/w1/open-for", {**why, "clerk": stranger}).status_code == 404
    opened = json_of(manager.post("windows/w1/open-for", why))
    assert (opened["state"], opened["clerk"]) == ("open", "ann")
    assert code_of(manager.post("windows/w2/open-for", why)) == "CLERK_ELSEWHERE"
    for move in ("pause", "resume", "close"):  # somebody else's window: for a manager who says why
        assert code_of(boss.post(f"windows/w1/{move}")) == "WINDOW_TAKEN"
        assert code_of(other.post(f"windows/w1/{move}", {"reason": "mine"})) == "WINDOW_TAKEN"
        json_of(boss.post(f"windows/w1/{move}", {"reason": f"{move} it"}))
    told = [(entry.kind, entry.facts.get("reason")) for entry in site.sanban.store.journal.after(site.id, "0-0")]
    assert told[-4:] == [
        ("window_opened", "her screen is broken"),
        ("window_paused", "pause it"),
        ("window_resumed", "resume it"),
        ("window_closed", "close it"),
    ]
    json_of(ann.post("windows/w1/open", {}))
    json_of(ann.post("windows/w1/close"))  # a clerk gives none
