"""Queue and case are one thread: numbers taken for somebody, numbers that become a case, cards, finished services."""

from __future__ import annotations

import pytest

from hall.domain.callers import Caller
from hall.services.calls import Finish
from hall.store.keys import Keys
from tests.casedesk import case_of, opened, sealed, send
from tests.services.people import YOUNG
from tests.web.conftest import Asker, Site, json_of


@pytest.fixture
def officer(desk: Site) -> Asker:
    return desk.staff("officer", "c1")


def test_an_officer_takes_a_number_for_the_person(desk: Site, officer: Asker) -> None:
    at = opened(officer, group="elder", bundles=[], items=["papers"])
    status, _, address = send(officer, at, do="number", items=["1"])
    assert status == 302
    (ticket,) = desk.sanban.store.snapshot(desk.id).tickets.values()
    assert (ticket["lane"], ticket["number"] in address) == ("priority", True)
    assert ticket["number"] in officer.get(address).text


def test_a_case_outlives_the_number_that_was_taken_for_it(desk: Site, officer: Asker) -> None:
    at = opened(officer, group="elder", bundles=[], items=["papers"])
    send(officer, at, do="number", items=["1"])
    ticket = case_of(desk)["items"]["1"]["ticket"]
    desk.sanban.store.reads.delete(Keys(desk.id).of("ticket", ticket))
    for path in (at, "/desk/"):
        assert officer.get(path).status_code == 200
    assert send(officer, at, do="served", item="1")[0] == 404


def test_what_a_window_has_finished_stands_on_the_first_page_and_is_ended_by_one_press(
    desk: Site, officer: Asker
) -> None:
    at = opened(officer, group="elder", bundles=[], items=["papers"])
    send(officer, at, do="number", items=["1"])
    assert 'id="served"' not in officer.get("/desk/").text
    clerk = Caller(by="staff:ann", clerk="ann")
    desk.sanban.windows.open(clerk, desk.id, "w1")
    desk.sanban.calls.call_next(clerk, desk.id, "w1")
    desk.sanban.calls.start(clerk, desk.id, "w1")
    assert send(officer, at, do="served", item="1")[0] == 409
    desk.sanban.calls.finish(clerk, desk.id, "w1", Finish("done"))
    assert 'id="served"' in officer.get("/desk/").text
    assert send(officer, at, do="served", item="1")[0] == 302
    assert case_of(desk)["items"]["1"]["state"] == "delivered"
    assert 'id="served"' not in officer.get("/desk/").text


def test_a_clerk_turns_a_number_into_a_case_in_two_steps(desk: Site) -> None:
    clerk = desk.staff("clerk", "ann")
    number = desk.program("clerk").issue("a1", id_number=YOUNG)["number"]
    assert 'value="papers" checked' in clerk.get(f"/desk/from/{number}").text
    status, page, _ = send(clerk, f"/desk/from/{number}", kind="assisted", group="elder", items=["papers"])
    assert status == 200
    form = {"sealed": sealed(page), "owner": "n1", "next_at": "2099-01-01T10:00"}
    assert send(clerk, f"/desk/from/{number}/done", **form)[0] == 200
    case = case_of(desk)
    assert (case["owner"], case["source"]) == ("n1", "hall_ticket")
    assert case["ticket"]
    assert clerk.get("/desk/").status_code == 403


def test_a_card_shows_open_cases_to_staff_alone(desk: Site, officer: Asker) -> None:
    opened(officer, id_number=YOUNG, name="王小明")
    clerk = desk.staff("clerk", "ann")
    status, page, _ = send(clerk, "/desk/card", id_number=YOUNG)
    assert (status, "王**" in page, YOUNG in page) == (200, True, False)
    assert "data-case" not in send(clerk, "/desk/card", id_number="11010519491231002X")[1]
    assert send(clerk, "/desk/card", id_number="12")[0] == 422
    assert send(officer, "/desk/card", id_number=YOUNG)[0] == 403


def test_the_window_is_told_of_open_cases_by_the_card_or_because_the_number_was_taken_for_them(
    desk: Site, officer: Asker
) -> None:
    opened(officer, id_number=YOUNG, name="王小明")
    clerk = desk.program("clerk")
    by_card = clerk.issue("a1", id_number=YOUNG)["number"]
    told = json_of(clerk.get(f"tickets/{by_card}/cases"))["cases"]
    assert [(one["officer"], sorted(one)) for one in told] == [("officer 1", ["id", "kind", "officer"])]
    other = opened(officer, group="elder", bundles=[], items=["papers"], id_number="")
    assert send(officer, other, do="number", items=["1"])[0] == 302
    taken = next(
        one["number"] for one in desk.sanban.store.snapshot(desk.id).tickets.values() if one["number"] != by_card
    )
    told = json_of(clerk.get(f"tickets/{taken}/cases"))["cases"]
    assert [one["id"] for one in told] == [other.rpartition("/")[2]]
    assert json_of(clerk.get(f"tickets/{clerk.issue('b1')['number']}/cases"))["cases"] == []
