"""The desk's pages of home visits: planning by the week, rounds, substitutes, refused actions; without a script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.services.visits import Action
from tests.casedesk import opened, send
from tests.web.conftest import Asker, Site
from tests.web.test_desk_pages import officer

__all__ = ["officer"]
BY = Caller(by="staff:c1")
HOME: dict[str, Any] = {"kind": "home_visit", "group": "elder", "bundles": [], "items": ["papers"], "community": "k1"}


@pytest.fixture
def case(officer: Asker) -> str:
    return opened(officer, **HOME).rpartition("/")[2]


def page_of(asker: Asker, path: str) -> str:
    answer = asker.get(f"{path}{'&' if '?' in path else '?'}lang=en")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def slots(asker: Asker, query: str) -> list[str]:
    return re.findall(r'name="starts" value="(\d+)"', page_of(asker, f"/desk/visits/plan?{query}"))


def planned(desk: Site, asker: Asker, case: str) -> str:
    (first, *_) = slots(asker, f"case={case}")
    status, page, address = send(asker, "/desk/visits/plan", case=case, centre="c1", near="n1", starts=first)
    assert (status, address.partition("?")[0]) == (302, "/desk/visits"), page
    return str(desk.sanban.cases.kept.get(desk.id, case)["visit"])


def test_a_request_becomes_a_visit_in_a_free_slot_and_the_slot_is_free_no_more(
    desk: Site, officer: Asker, case: str
) -> None:
    assert f'data-case="{case}"' in page_of(officer, "/desk/visits").partition('id="planned"')[0]
    free = slots(officer, f"case={case}")
    visit = planned(desk, officer, case)
    listed = page_of(officer, "/desk/visits")
    assert f'data-visit="{visit}"' in listed
    assert f'data-case="{case}"' not in listed
    other = opened(officer, **HOME).rpartition("/")[2]
    assert free[0] not in slots(officer, f"case={other}")
    status, page, _ = send(officer, "/desk/visits/plan", case=other, centre="c1", near="n1", starts=free[0])
    assert status == 409
    assert "another visit then" in page


def test_a_visit_is_moved_with_a_reason_and_cancelled_with_a_next_step(desk: Site, officer: Asker, case: str) -> None:
    visit = planned(desk, officer, case)
    (first, *_) = slots(officer, f"visit={visit}&centre=c2")
    change = {"visit": visit, "centre": "c2", "near": "n2", "starts": first, "minutes": "30"}
    assert send(officer, "/desk/visits/plan", **change)[0] == 422, "why?"
    assert send(officer, "/desk/visits/plan", **change, reason="she asked for it")[0] == 302
    moved = desk.sanban.cases.kept.visit(desk.id, visit)
    assert (moved["centre"], moved["near"], moved["ends"] - moved["starts"]) == ("c2", "n2", 1_800_000)
    cancel = {"do": "cancel", "visit": visit, "reason": "in hospital"}
    assert send(officer, "/desk/visits/plan", **cancel, next_at="nonsense")[0] == 422
    assert send(officer, "/desk/visits/plan", **cancel, next_at="2099-01-01T10:00")[0] == 302
    assert desk.sanban.cases.kept.visit(desk.id, visit)["state"] == "cancelled"


def test_when_one_of_a_pair_is_ill_the_desk_proposes_who_goes_instead(desk: Site, officer: Asker, case: str) -> None:
    visit = desk.sanban.cases.kept.visit(desk.id, planned(desk, officer, case))
    assert 'id="gaps"' not in page_of(officer, "/desk/visits")
    desk.sanban.visits.away(BY, desk.id, "n1", visit["starts"], visit["ends"])
    gaps = page_of(officer, "/desk/visits").partition('id="requests"')[0]
    assert "officer 1 is absent then" in gaps
    assert re.findall(r'<option value="(\w+)"', gaps) == ["n2", "n3"], "of the same kind, the nearest first"
    form = {"visit": visit["id"], "gone": "n1", "instead": "n2", "reason": "ill"}
    assert send(officer, "/desk/visits", **form)[0] == 302
    assert desk.sanban.cases.kept.visit(desk.id, visit["id"])["near"] == "n2"
    assert 'id="gaps"' not in page_of(officer, "/desk/visits")


def test_the_rounds_of_a_day_name_the_way_and_no_person(desk: Site, officer: Asker, case: str) -> None:
    visit = desk.sanban.cases.kept.visit(desk.id, planned(desk, officer, case))
    day = desk.sanban.halls.get(desk.id).calendar.date_of(visit["starts"])
    page = page_of(officer, f"/desk/rounds?date={day}")
    assert f'data-visit="{visit["id"]}"' in page
    assert "15 min" in page
    assert f'data-visit="{visit["id"]}"' in page_of(officer, f"/desk/rounds?date={day}&mine=1")
    assert "No visit on this day" in page_of(officer, f"/desk/rounds?date={day + timedelta(days=1)}")
    assert page_of(officer, "/desk/rounds?date=nonsense")


def test_a_refused_action_is_read_and_settled_by_an_officer(desk: Site, officer: Asker, case: str) -> None:
    visit = planned(desk, officer, case)
    desk.sanban.visits.carry(BY, desk.id, visit, "phone0001")
    action = Action(visit, "leave", 1, {"met": False, "outcome": "nobody_home"}, "her door was locked")
    desk.sanban.visits.act(BY, desk.id, "phone0001", 1, action)
    assert "Settle it" in page_of(officer, "/desk/")
    page = page_of(officer, "/desk/conflicts")
    assert "her door was locked" not in page
    assert "This cannot be done with the visit now" in page
    shown = send(officer, "/desk/conflicts", do="reveal", conflict="phone0001/1")[1]
    assert "her door was locked" in shown
    assert desk.kinds()[-1] == "case_revealed"
    assert send(officer, "/desk/conflicts", do="settle", conflict="phone0001/1")[0] == 302
    assert "No action waits" in page_of(officer, "/desk/conflicts")
    assert send(officer, "/desk/conflicts", do="settle", conflict="phone0001/1")[0] == 404


def test_the_page_at_the_door_holds_nobodys_data(desk: Site, officer: Asker) -> None:
    opened(officer, **HOME, name="欧阳秀英")
    page = page_of(officer, "/desk/doorstep/")
    assert 'data-officer="c1"' in page
    assert "欧阳" not in page
    assert officer.get("/desk/doorstep/worker.js").mimetype == "text/javascript"
