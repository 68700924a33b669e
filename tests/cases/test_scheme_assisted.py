"""代帮办 as the hall's scheme says it, row by row, in the example hall and through the desk's own pages."""

# ruff: noqa: N802 - rows of the scheme are called A1 to A6
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.cases import ENDED
from hall.services import hall_file
from tests.browser.installation import EXAMPLE
from tests.casedesk import OPENING, all_the_way, do, opened, send
from tests.driver import ALWAYS
from tests.services.people import OLD
from tests.web.conftest import Asker, Site


@pytest.fixture
def centre(site: Site) -> Site:
    """The example hall, open at every hour."""
    example = hall_file.parse(EXAMPLE.read_text("utf-8"))
    hall = replace(example, id=site.id, hours=ALWAYS, days=())
    site.sanban.halls.save(hall, Caller(by="setup"))
    return site


@pytest.fixture
def officer(centre: Site) -> Asker:
    return centre.staff("officer", "c1")


def checks(site: Site, group: str) -> list[str]:
    """Every box of a group's checklist."""
    found = next(one for one in site.sanban.halls.get(site.id).recipients if one.id == group)
    return [f"{group}/{n}" for n in range(len(found.checks))]


def image(site: Site, at: str) -> Any:
    return site.sanban.cases.kept.get(site.id, at.rpartition("/")[2])


def followed(site: Site, officer: Asker, at: str) -> str:
    """What the person, or a relative, sees of the case: nobody signs in for it."""
    (address,) = re.findall(r'id="tracking" href="[^"]*(/c/[^"]+)"', officer.get(at).text)
    return site.nobody().get(f"{address}?lang=en").text


def is_for(site: Site, officer: Asker, group: str, item: str, **person: str) -> None:
    """The group's rule is data with a legal basis; who is of it is helped to the end and can follow."""
    asked: dict[str, Any] = {**OPENING, "group": group, "bundles": [], "items": [item], "source": "relative", **person}
    status, page, _ = send(officer, "/desk/open", **asked)
    assert status == 422
    told = page.partition('id="instead"')[2].partition("</section>")[0]
    group_of = next(one for one in site.sanban.halls.get(site.id).recipients if one.id == group)
    assert group_of.basis in told
    assert group_of.instead is not None
    assert group_of.instead.en in told

    at = opened(officer, **{**asked, "checks": checks(site, group)})
    case = image(site, at)
    assert (case["owner"], bool(case["next_at"])) == ("c1", True)
    do(officer, at, "item", item="1", move="accept")
    do(officer, at, "item", item="1", move="take")
    assert send(officer, at, do="item", item="1", move="submit")[0] == 409, "代办 needs an authorisation"
    do(officer, at, "authorise", how="signed")
    for move, state in (("submit", "Submitted"), ("decide", "Decided"), ("deliver", "Delivered")):
        do(officer, at, "item", item="1", move=move, **({"outcome": "granted"} if move == "decide" else {}))
        assert state in followed(site, officer, at), "tracked end to end"
    do(officer, at, "close")
    story = [one["kind"] for one in site.sanban.cases.kept.story(site.id, case["id"])]
    assert story.count("case_item_moved") == 5


def test_A1_elders_without_family_are_handled_and_followed_to_the_end(centre: Site, officer: Asker) -> None:
    is_for(centre, officer, "elder-alone", "senior-card", name="王秀英", id_number=OLD)


def test_A1_a_number_taken_for_an_elder_stands_in_the_green_channel_by_the_card_alone(
    centre: Site, officer: Asker
) -> None:
    form: dict[str, Any] = {"group": "elder-alone", "bundles": [], "items": ["senior-card"], "id_number": OLD}
    at = opened(officer, **form, checks=checks(centre, "elder-alone"))
    do(officer, at, "number", items=["1"])
    (ticket,) = centre.sanban.store.snapshot(centre.id).tickets.values()
    assert (ticket["lane"], ticket["group"], ticket["claim"]) == ("priority", "aged-80", "proven")


def test_A2_people_with_a_severe_disability_are_handled_and_followed_to_the_end(centre: Site, officer: Asker) -> None:
    is_for(centre, officer, "disabled-1-2", "social-card", name="李明", phone="13812345678")


def test_A3_the_seriously_ill_on_assistance_are_handled_and_followed_to_the_end(centre: Site, officer: Asker) -> None:
    is_for(centre, officer, "serious-illness", "medical-record", name="陈美华")


def test_A4_no_step_asks_a_homeless_person_for_a_paper(centre: Site, officer: Asker) -> None:
    """From the patrol to the end: no name, no number, no phone, no address, and a number in the hall all the same."""
    at = opened(officer, checks=checks(centre, "homeless"), found="桥下", description="灰色大衣")
    do(officer, at, "authorise", how="fingerprint", note="两名专办员在场")
    benefit = next(n for n, one in image(centre, at)["items"].items() if one["item"] == "unemployment-benefit")
    do(officer, at, "number", items=[benefit])
    (ticket,) = centre.sanban.store.snapshot(centre.id).tickets.values()
    assert ticket["lane"] == "general"
    for number in image(centre, at)["items"]:
        all_the_way(officer, at, number)
    assert "Receipt" in officer.get(f"{at}/receipt?lang=en").text
    do(officer, at, "close")
    person = centre.sanban.people.get(centre.id, image(centre, at)["person"])
    assert (person.name, person.id_number, person.phone) == ("", "", "")


def test_A5_the_named_items_are_data_with_papers_and_each_can_be_handled(centre: Site, officer: Asker) -> None:
    named = {
        "社保卡申领、补领",
        "敬老卡",
        "医保《就医记录册》补领更换",
        "长护险申请和查询",
        "养老服务补贴",
        "退休住院计划给付受理和查询",
    }
    here = {one.name.zh: one for one in centre.sanban.halls.get(centre.id).items if "assisted" in one.kinds}
    assert named <= set(here)
    items = [here[name].id for name in sorted(named)]
    at = opened(officer, group="elder-alone", bundles=[], items=items, checks=checks(centre, "elder-alone"))
    do(officer, at, "authorise", how="guardian")
    for number in image(centre, at)["items"]:
        all_the_way(officer, at, number)
    do(officer, at, "close")
    assert {one["state"] for one in image(centre, at)["items"].values()} == {"delivered"}


def test_A6_an_adviser_on_patrol_opens_the_bundle_without_a_ticket(centre: Site, officer: Asker) -> None:
    """Five items for one person, each with a state of its own; urgent relief has its deadline in hours."""
    at = opened(officer, checks=checks(centre, "homeless"), found="桥下", community="r03")
    case = image(centre, at)
    assert (case["source"], case.get("ticket"), case["community"]) == ("patrol", None, "r03")
    bundle = next(one for one in centre.sanban.halls.get(centre.id).bundles if one.id == "homeless")
    by_item = {one["item"]: (number, one) for number, one in case["items"].items()}
    assert set(by_item) == set(bundle.items)
    medical = by_item["emergency-medical"][1]
    assert medical["due"] - medical["opened_at"] == 4 * 3_600_000
    assert "4.0 hours left" in officer.get("/desk/?lang=en").text
    do(officer, at, "authorise", how="spoken")
    all_the_way(officer, at, by_item["emergency-medical"][0])
    do(officer, at, "item", item=by_item["shelter"][0], move="accept")
    do(officer, at, "item", item=by_item["legal-aid"][0], move="withdraw", reason="不需要")
    states = {one["item"]: one["state"] for one in image(centre, at)["items"].values()}
    assert states == {
        "identity-papers": "opened",
        "unemployment-benefit": "opened",
        "emergency-medical": "delivered",
        "legal-aid": "withdrawn",
        "shelter": "accepted",
    }
    assert send(officer, at, do="close")[0] == 409
    assert [one for one in states.values() if one not in ENDED]
