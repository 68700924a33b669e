"""The case desk over HTTP: who may see what, and a case from patrol to receipt without a single paper."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casedesk import AN_HOUR
from tests.services.people import YOUNG
from tests.web.conftest import Asker, Json, Site, code_of, json_of

OPEN = {"kind": "assisted", "group": "homeless", "owner": "c1", "source": "patrol", "bundles": ["homeless"]}


@pytest.fixture
def officer(desk: Site) -> Asker:
    return desk.program("officer")


def opened(asker: Asker, **more: Any) -> Json:
    answer = asker.post("cases", {**OPEN, **more})
    assert answer.status_code == 201, answer.text
    return json_of(answer)


def done(asker: Asker, path: str, body: object = None, status: int = 200) -> Json:
    answer = asker.post(path, body)
    assert answer.status_code == status, answer.text
    return json_of(answer)


def test_a_case_goes_from_a_patrol_without_papers_to_its_end(officer: Asker) -> None:
    case = opened(officer, found="under the north bridge", description="grey coat")
    at = f"cases/{case['id']}"
    assert len(case["items"]) == 5
    done(officer, f"{at}/authorise", {"how": "fingerprint"})
    done(officer, f"{at}/papers", {"paper": "id-card"})
    done(officer, f"{at}/papers/1/back")
    for number in case["items"]:
        for move in ("accept", "take", "submit", "decide", "deliver"):
            outcome = {"outcome": "granted"} if move == "decide" else {}
            case = done(officer, f"{at}/items/{number}/move", {"move": move, **outcome})
    assert done(officer, f"{at}/close", {})["state"] == "closed"
    story = json_of(officer.get(at))["story"]
    assert story[0]["kind"] == "case_opened"
    assert story[-1]["kind"] == "case_closed"


def test_nothing_is_submitted_without_authorisation(officer: Asker) -> None:
    case = opened(officer)
    at = f"cases/{case['id']}/items/1/move"
    for move in ("accept", "take"):
        done(officer, at, {"move": move})
    assert code_of(officer.post(at, {"move": "submit"})) == "AUTHORISATION_MISSING"
    assert done(officer, at, {"move": "submit", "present": True})["items"]["1"]["state"] == "submitted"


def test_a_person_is_masked_until_somebody_looks_and_that_is_written_down(desk: Site, officer: Asker) -> None:
    case = opened(officer, name="王小明", phone="13812345678", note="knows the baker")
    assert case["person"] == {"name": "王**", "phone": "138****5678", "id_number": ""}
    assert "王小明" not in officer.get(f"cases/{case['id']}").text
    told = done(officer, f"cases/{case['id']}/reveal")
    assert told["person"]["name"] == "王小明"
    assert told["texts"] == {"1/note": "knows the baker"}
    assert desk.kinds()[-1] == "case_revealed"


def test_a_manager_sees_numbers_and_no_case(desk: Site, officer: Asker) -> None:
    case, manager = opened(officer), desk.program("manager")
    counts = json_of(manager.get("cases/counts"))
    assert (counts["open"], counts["loads"]) == (1, {"c1": 1})
    results = json_of(manager.get("cases/results?start=2020-01-01&end=2099-12-31"))["results"]
    assert results[""]["cases"] == 1
    for path in ("cases", f"cases/{case['id']}", "visits?date=2026-11-24"):
        assert manager.get(path).status_code == 403


def test_whoever_has_the_link_follows_a_case_and_learns_no_name(officer: Asker, desk: Site) -> None:
    case = opened(officer, name="王小明")
    token = json_of(officer.get(f"cases/{case['id']}"))["token"]
    answer = desk.nobody().get(f"/api/v1/cases/{token}")
    assert json_of(answer)["state"] == "open"
    assert len(json_of(answer)["items"]) == 5
    assert "王" not in answer.text
    assert "homeless" not in json_of(answer)
    assert code_of(desk.nobody().get(f"/api/v1/cases/{token[:-1]}x")) == "UNKNOWN_CASE"


def test_a_number_becomes_a_case_of_who_took_it_and_the_card_finds_it(desk: Site, officer: Asker) -> None:
    known = opened(officer, id_number=YOUNG, name="王小明")
    clerk = desk.program("clerk")
    ticket = clerk.issue("a1", id_number=YOUNG)
    case = done(clerk, f"tickets/{ticket['number']}/case", {**OPEN, "bundles": [], "items": ["legal"]}, 201)
    assert (case["source"], case["person"]["name"]) == ("hall_ticket", "王**")
    found = done(clerk, "cases/of-card", {"id_number": YOUNG})["cases"]
    assert [one["id"] for one in found] == [known["id"], case["id"]]


def test_a_number_that_is_taken_for_somebody_stands_in_their_own_lane_and_ends_the_item(
    desk: Site, officer: Asker
) -> None:
    case = opened(officer, group="elder", bundles=[], items=["papers"])
    number = done(officer, f"cases/{case['id']}/number", {"items": ["1"]}, 201)["number"]
    assert code_of(officer.post(f"cases/{case['id']}/items/1/served")) == "MOVE_NOT_LEGAL"
    clerk = desk.program("clerk")
    assert json_of(clerk.get(f"tickets/{number}"))["lane"] == "priority"
    clerk.post("windows/w1/open")
    assert number in clerk.post("windows/w1/call-next").text
    clerk.post("windows/w1/start")
    clerk.post("windows/w1/finish", {"outcome": "done"})
    assert done(officer, f"cases/{case['id']}/items/1/served")["items"]["1"]["state"] == "delivered"


def test_a_visit_is_planned_carried_and_done_whatever_the_network_does(desk: Site, officer: Asker) -> None:
    case = opened(officer, kind="home_visit", group="elder", bundles=[], items=["papers"])
    begins = desk.sanban.store.clock() + AN_HOUR
    plan = {"centre": "c1", "near": "n1", "starts": begins, "minutes": 15}
    assert code_of(officer.post(f"cases/{case['id']}/visits", {**plan, "near": "c2"})) == "PAIR_WRONG"
    visit = done(officer, f"cases/{case['id']}/visits", plan, 201)
    other = opened(officer, kind="home_visit", group="elder", bundles=[], items=["papers"])
    assert code_of(officer.post(f"cases/{other['id']}/visits", plan)) == "OFFICER_BUSY"
    done(officer, f"visits/{visit['id']}/carry", {"device": "phone0001"})
    action = {"device": "phone0001", "visit": visit["id"], "at": begins}
    late = done(officer, "doorstep", {**action, "sequence": 2, "move": "leave", "facts": {"met": True}})
    assert late == {"next": 1, "known": False, "waiting": 1}
    assert done(officer, "doorstep", {**action, "sequence": 1, "move": "arrive"})["next"] == 3
    assert done(officer, "doorstep", {**action, "sequence": 1, "move": "arrive"})["known"]
    wrong = {**action, "sequence": 3, "move": "leave"}
    assert done(officer, "doorstep", wrong)["next"] == 4
    alarms = json_of(officer.get("cases/alarms"))["alarms"]
    assert [(one["kind"], one["facts"]["code"]) for one in alarms] == [("conflict", "VISIT_MOVE_NOT_LEGAL")]
    assert officer.post("conflicts/phone0001/3/settle").status_code == 204
    assert json_of(officer.get("cases/alarms"))["alarms"] == []


def test_a_bad_identity_number_is_refused_and_opens_nothing(desk: Site, officer: Asker) -> None:
    answer = officer.post("cases", {**OPEN, "id_number": "310107199001010019"})
    assert code_of(answer) == "BAD_IDENTITY_NUMBER"
    assert json_of(officer.get("cases"))["cases"] == []
