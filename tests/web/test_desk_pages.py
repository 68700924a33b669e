"""The case desk's pages: forms that work without a script, refusals that change nothing, nobody's name unasked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.visits import Pair, Plan
from tests.casedesk import AN_HOUR, OPENING, case_of, opened, sealed, send
from tests.cases.desk import parts
from tests.services.people import YOUNG
from tests.web.conftest import Asker, Site


@pytest.fixture
def officer(desk: Site) -> Asker:
    return desk.staff("officer", "c1")


def test_an_officer_begins_with_today(officer: Asker) -> None:
    for path in (
        "/desk/",
        "/desk/?all=1",
        "/desk/cases",
        "/desk/cases?mine=1&overdue=1&unowned=1&community=k1",
        "/desk/open",
    ):
        assert officer.get(path).status_code == 200, path


def test_a_case_is_opened_in_two_steps_without_a_single_fact_of_the_person(desk: Site, officer: Asker) -> None:
    address = opened(officer, found="under the north bridge")
    case = case_of(desk)
    assert (case["owner"], case["source"], len(case["items"])) == ("c1", "patrol", 5)
    page = officer.get(f"{address}?lang=en").text
    assert "Name not known" in page
    assert "north bridge" not in page
    assert "north bridge" in send(officer, address, do="reveal")[1]
    assert desk.kinds()[-1] == "case_revealed"


def test_a_case_is_found_by_the_number_people_say(officer: Asker) -> None:
    at = opened(officer)
    answer = officer.get("/desk/cases?number=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, at)
    for wrong in ("2", "x", "²", "1" * 11):
        assert officer.get(f"/desk/cases?number={wrong}").status_code == 404


def test_a_form_that_is_sent_twice_opens_one_case(desk: Site, officer: Asker) -> None:
    page = send(officer, "/desk/open", **OPENING)[1]
    form = {"sealed": sealed(page), "owner": "c1", "next_at": "2099-01-01T10:00"}
    first, second = (send(officer, "/desk/open/done", **form)[2] for _ in range(2))
    assert first == second
    assert len(desk.sanban.cases.kept.open(desk.id)) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"group": "nobody"}, "group"),
        ({"group": "veteran"}, "group"),
        ({"bundles": "", "items": ""}, "item"),
        ({"bundles": [], "items": []}, "at least one item"),
        ({"community": "k9"}, "community"),
        ({"phone": "12"}, "phone"),
        ({"relative_phone": "12"}, "phone"),
        ({"id_number": "310107199001010019"}, "identity number"),
    ],
)
def test_what_cannot_be_opened_is_said_and_what_was_typed_stays(
    desk: Site, officer: Asker, changes: dict[str, Any], said: str
) -> None:
    status, page, _ = send(officer, "/desk/open", **{**OPENING, "found": "at the station", **changes})
    assert 400 <= status < 500
    assert said in re.findall(r'role="alert">(.*?)</', page, re.S)[0].lower() or said in page
    assert "at the station" in page
    assert desk.sanban.cases.kept.open(desk.id) == []


def test_who_is_not_eligible_is_told_what_is_open_to_them(desk: Site, officer: Asker) -> None:
    from tests.driver import text

    checks = (text("aged 80"), text("no family"))
    elder = replace(parts()["recipients"][0], checks=checks, basis="law 38", instead=text("the green channel"))
    hall = desk.sanban.halls.get(desk.id)
    desk.sanban.halls.save(replace(hall, recipients=(elder,)), Caller(by="setup"))
    form = {**OPENING, "group": "elder", "checks": ["elder/0"]}
    status, page, _ = send(officer, "/desk/open", **form)
    assert status == 422
    for part in ("no family", "law 38", "the green channel"):
        assert part in page.partition('id="instead"')[2].partition("</section>")[0]
    assert send(officer, "/desk/open", **{**form, "checks": ["elder/0", "elder/1"]})[0] == 200


def test_every_form_of_a_case_does_what_it_says(desk: Site, officer: Asker) -> None:
    at = opened(officer)

    def do(what: str, **form: Any) -> Any:
        status, page, _ = send(officer, at, do=what, **form)
        assert status == 302, page
        return case_of(desk) if what != "close" else None

    for move in ("accept", "take"):
        assert do("item", item="1", move=move)
    status, page, _ = send(officer, at, do="item", item="1", move="submit")
    assert status == 409
    assert "authorisation" in page.lower()
    assert do("authorise", how="fingerprint", note="two officers")["authorised"]["how"] == "fingerprint"
    do("item", item="1", move="submit")
    do("item", item="1", move="decide", outcome="granted")
    assert do("item", item="1", move="deliver")["items"]["1"]["state"] == "delivered"
    assert send(officer, at, do="item", item="2", move="refuse", reason="")[0] == 422
    for number in ("2", "3", "4", "5"):
        do("item", item=number, move="withdraw", reason="does not want it")
    do("paper_in", paper="id-card", original="no", note="ends with 12")
    assert "id-card" in officer.get(f"{at}/receipt?lang=en").text
    assert send(officer, at, do="close")[0] == 409
    do("paper_back", paper="1")
    assert do("next", at="2099-02-01T09:00", step="ask_papers")["next_step"] == "ask_papers"
    assert send(officer, at, do="next", at="yesterday", step="call")[0] == 422
    do("note", note="knows the baker")
    assert send(officer, at, do="note", note=" ")[0] == 422
    assert do("hand_over", owner="n1", reason="nearer")["owner"] == "n1"
    assert do("add", items=["papers"])["items"]["6"]["state"] == "opened"
    do("item", item="6", move="withdraw", reason="entered twice")
    do("close")
    page = officer.get(f"{at}?lang=en").text
    for kind in ("case_opened", "case_authorised", "case_paper_back", "case_assigned", "case_closed"):
        assert f'data-kind="{kind}"' in page
    assert "baker" not in page


@pytest.mark.parametrize(
    "form", [{}, {"do": "dance"}, {"do": "item"}, {"do": "number"}, {"do": "paper_in", "paper": "x"}]
)
def test_what_a_case_page_does_not_know_changes_nothing(desk: Site, officer: Asker, form: dict[str, str]) -> None:
    at = opened(officer)
    before = case_of(desk)
    assert 400 <= send(officer, at, **form)[0] < 500
    assert case_of(desk) == before


def test_somebody_who_is_identified_later_is_merged_and_parted_again(desk: Site, officer: Asker) -> None:
    known = desk.sanban.people.keep(Caller(by="test"), desk.id, Person(name="王小明", id_number=YOUNG))
    at = opened(officer, description="grey coat")
    status, page, _ = send(officer, f"{at}/person", do="identify", id_number=YOUNG)
    assert status == 409
    assert f'value="{known}"' in page
    assert "王小明" not in page
    assert send(officer, f"{at}/person", do="merge", into=known, reason="")[0] == 422
    assert send(officer, f"{at}/person", do="merge", into=known, reason="same face on the card")[0] == 302
    assert "王**" in officer.get(at).text
    found = desk.sanban.case_lists.of_card(desk.id, YOUNG)
    assert [one.case["id"] for one in found] == [case_of(desk)["id"]]
    assert send(officer, f"{at}/person", do="part", reason="his brother")[0] == 302
    assert "王**" not in officer.get(at).text
    assert desk.sanban.case_lists.of_card(desk.id, YOUNG) == []


def test_whoever_has_the_address_follows_the_case_and_learns_no_name(desk: Site, officer: Asker) -> None:
    at = opened(officer, name="王小明", id_number=YOUNG, description="grey coat")
    (address,) = re.findall(r'id="tracking" href="[^"]*(/c/[^"]+)"', officer.get(at).text)
    page = desk.nobody().get(address)
    assert page.status_code == 200
    for secret in ("王", YOUNG, "grey", "homeless<"):
        assert secret not in page.text
    assert page.text.count("data-state=") == 5
    assert desk.nobody().get(f"{address}x").status_code == 404


def test_a_case_of_an_officer_who_left_is_an_alarm_and_can_be_listed(desk: Site, officer: Asker) -> None:
    asked = Opening("assisted", "patrol", "homeless", "c2", Wanted((), ("homeless",)))
    desk.sanban.cases.open(Caller(by="test"), desk.id, asked)
    hall = desk.sanban.halls.get(desk.id)
    desk.sanban.halls.save(replace(hall, officers=hall.officers[:1]), Caller(by="setup"))
    assert 'data-alarm="unowned"' in officer.get("/desk/").text
    assert "data-case=" in officer.get("/desk/cases?unowned=1").text


def test_an_absence_names_the_visits_it_leaves_alone_and_is_taken_back(desk: Site, officer: Asker) -> None:
    opened(officer, kind="home_visit", group="elder", bundles=[], items=["papers"])
    case, begins = case_of(desk), desk.sanban.store.clock() + AN_HOUR
    plan = Plan(Pair("c1", "n1"), begins, 15)
    desk.sanban.visits.plan(Caller(by="test"), desk.id, case["id"], plan)
    form = {"do": "away", "officer": "n1", "from": "2020-01-01T08:00", "till": "2099-01-01T08:00"}
    assert send(officer, "/desk/officers", **{**form, "till": "2020-01-01T09:00"})[0] == 422
    assert send(officer, "/desk/officers", **{**form, "officer": "x"})[0] == 422
    status, page, _ = send(officer, "/desk/officers", **form)
    assert status == 200
    assert case["id"] in page.partition('id="left"')[2].partition("</section>")[0]
    (absence,) = desk.sanban.cases.kept.absences(desk.id)
    assert send(officer, "/desk/officers", do="back", absence=absence)[0] == 302
    assert desk.sanban.cases.kept.absences(desk.id) == {}
    assert send(officer, "/desk/officers", do="back", absence=absence)[0] == 422
    entry = desk.sanban.store.journal.after(desk.id, "0-0")[-1]
    assert (entry.kind, entry.facts["officer"]) == ("officer_back", "n1")


@pytest.mark.parametrize("by", ["group", "item", "month", "nonsense"])
def test_results_add_up_for_officers_and_managers_who_see_no_case(desk: Site, officer: Asker, by: str) -> None:
    at = opened(officer, name="王小明", bundles=[], items=["papers", "legal"])
    desk.sanban.cases.item_served(Caller(by="test"), desk.id, case_of(desk)["id"], "1")
    manager = desk.staff("manager", "boss")
    for asker, path in ((officer, "/desk/results"), (manager, "/desk/overview")):
        page = asker.get(f"{path}?by={by}&lang=en&from=bad").text
        whole = re.findall(r'class="whole">(.*?)</tr>', page, re.S)[0]
        assert re.findall(r'figure">([^<]+)<', whole) == ["1", "1", "1", "0", "0", "0.0"]
        assert "王" not in page
    assert manager.get(at).status_code == 403
