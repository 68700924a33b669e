"""Reports, ratings and planning as pages: the same figures as the services', nothing of any person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.year import FIRST
from hall.domain.callers import Caller
from hall.domain.office import Rating, RatingItem
from hall.domain.report_list import REPORTS
from hall.office import names
from hall.services.reports import MONTH
from hall.simulator.plans import counted, planned, played
from hall.simulator.recorded import recorded
from tests.driver import text
from tests.recorded import recorded_hall
from tests.web.conftest import Asker, Site

LAST = FIRST + timedelta(days=13)
PERIOD = f"from={FIRST}&to={LAST}"


@pytest.fixture
def lived(site: Site) -> Site:
    """A hall with two weeks in its archive."""
    recorded_hall(site.sanban, 10, 150, site.id)
    return site


@pytest.fixture
def manager(site: Site) -> Asker:
    return site.program("manager")


def cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row)] for row in rows]


# Reports -------------------------------------------------------------------------------------


def test_every_report_column_and_grouping_has_a_name() -> None:
    columns = {column.name for report in REPORTS.values() for column in report.columns}
    assert columns <= set(names.COLUMNS)
    assert set(REPORTS) | {"decisions"} == set(names.REPORTS)
    assert {by for report in REPORTS.values() for by in report.by} == set(names.BY)


@pytest.mark.parametrize("name", [*REPORTS, "decisions"])
def test_every_report_is_a_page_in_every_grouping(lived: Site, name: str) -> None:
    manager = lived.program("manager")
    for by in REPORTS[name].by if name in REPORTS else ("all",):
        answer = manager.get(f"/office/reports/?name={name}&by={by}&{PERIOD}")
        assert answer.status_code == 200, by
        assert 'class="error"' not in answer.text


def test_a_page_says_what_the_service_says(lived: Site) -> None:
    page = lived.program("manager").get(f"/office/reports/?name=waiting&by=line&{PERIOD}&lang=en").text
    table = lived.sanban.reports.table(lived.id, "waiting", FIRST, LAST, "line")
    head, *rows = cells(page)
    assert head[:3] == ["line", "Numbers", "Numbers called"]
    assert [row[0] for row in rows] == ["Social security", "Medical insurance", "Elderly and disability"]
    assert [row[1] for row in rows] == [str(row["numbers"]) for row in table.rows]
    assert [row[3] for row in rows] == [f"{row['mean']:.1f}" for row in table.rows]
    assert '"series"' in page


def test_small_counts_are_left_out_of_the_page_and_of_its_chart(lived: Site) -> None:
    table = lived.sanban.reports.table(lived.id, "ratings", FIRST, FIRST, "window")
    hidden = [n for n, row in enumerate(table.rows) if row["hidden"]]
    assert hidden
    address = f"/office/reports/?name=ratings&by=window&from={FIRST}&to={FIRST}&lang=en"
    rows = cells(lived.program("manager").get(address).text)[1:]
    assert [n for n, row in enumerate(rows) if row[1:] == ["Too few people to tell."]] == hidden


@pytest.mark.parametrize("bad", ["name=nothing", f"from={LAST}&to={FIRST}", "from=1999-01-01&to=2026-01-01"])
def test_what_cannot_be_asked_is_said_on_the_page(lived: Site, bad: str) -> None:
    answer = lived.program("manager").get(f"/office/reports/?{bad}")
    assert answer.status_code == 200
    assert 'class="error"' in answer.text


def test_the_month_report_has_every_part_that_anything_is_known_of(lived: Site) -> None:
    page = lived.program("manager").get("/office/reports/month?month=2026-01").text
    tables = lived.sanban.reports.month(lived.id, FIRST.replace(day=1), FIRST.replace(day=31))
    assert len(tables) == len(MONTH)
    assert page.count('<section class="part">') == sum(bool(table.rows) for table in tables)


def test_reports_and_planning_are_for_managers(site: Site) -> None:
    for path in ("/office/reports/", "/office/reports/month", "/office/planning", "/office/ratings"):
        assert site.program("clerk").get(path).status_code == 403
        assert site.program("manager").get(path).status_code == 200


# Planning ------------------------------------------------------------------------------------


def test_the_plan_that_changes_nothing_has_the_windows_of_the_day(lived: Site) -> None:
    hall = lived.sanban.halls.get(lived.id)
    came = recorded(lived.sanban.reports.archive, hall, FIRST)
    were = counted(hall, FIRST, came.seats)
    assert were.counts == [6] * 15
    same = planned(hall, FIRST, came.seats, were)
    assert same == came.seats
    fewer = planned(hall, FIRST, came.seats, were._replace(counts=[2] * 8 + [0] * 2 + [5] * 5))
    assert counted(hall, FIRST, fewer).counts == [2] * 8 + [0] * 2 + [5] * 5
    assert [seat for seat in fewer if seat.kind == "priority"] == [s for s in came.seats if s.kind == "priority"]
    for seats in (same, fewer):
        calls = played(hall, came.guests, seats)
        assert len(calls) == len(came.guests)
        there = [call for call in calls if call.window == seats[0].id]
        assert all(any(since <= call.at < till for since, till in seats[0].there) for call in there)


def test_a_day_whose_windows_close_early_leaves_people_uncalled_and_says_so(lived: Site) -> None:
    asked = "&".join(["n=6"] * 10 + ["n=0"] * 5)
    page = lived.program("manager").get(f"/office/planning?day={FIRST}&lang=en&{asked}").text
    told = re.search(r"(\d+) would not be called at all", page)
    assert told and int(told[1]) > 0


def test_fewer_windows_make_people_wait_longer(lived: Site) -> None:
    page = lived.program("manager").get(f"/office/planning?day={FIRST}&lang=en&{'&'.join(['n=2'] * 15)}").text
    figures = {row[0]: row for row in cells(page) if len(row) == 7}
    was, now = figures["Ordinary · as it was"], figures["Ordinary · with the plan"]
    assert now[1] == was[1]
    assert float(now[2]) > float(was[2]) + 20


@pytest.mark.parametrize("asked", ["n=x&n=-1&n=99999", "n=" * 3, "day=nonsense", "&".join(["n=3"] * 100), "n=²"])
def test_a_plan_that_cannot_be_read_stays_as_it_was(lived: Site, asked: str) -> None:
    day = "" if "day=" in asked else f"day={FIRST}&"
    assert lived.program("manager").get(f"/office/planning?{day}{asked}").status_code == 200


def test_a_day_without_anybody_says_so(lived: Site) -> None:
    page = lived.program("manager").get("/office/planning?day=2025-01-01&lang=en").text
    assert "Nobody was called on this day." in page


# Ratings -------------------------------------------------------------------------------------


@pytest.fixture
def rated(site: Site) -> Site:
    here = site.sanban
    hall = here.halls.get(site.id)
    items = (RatingItem("speed", text("speed")), RatingItem("place", text("place")))
    here.halls.save(replace(hall, rating=Rating(items=items)), Caller(by="test"))
    return site


def served(site: Site) -> str:
    """The token of a ticket whose service has ended."""
    token = str(site.program("clerk").issue()["token"])
    clerk = Caller(by="staff:ann", clerk="ann")
    site.sanban.calls.call_next(clerk, site.id, "w1")
    site.sanban.calls.start(clerk, site.id, "w1")
    site.sanban.calls.finish(clerk, site.id, "w1")
    return token


def rate(site: Site, token: str, **form: str) -> tuple[int, str]:
    answer = site.nobody().submit(f"/t/{token}/rate", form)
    return answer.status_code, answer.text


def test_a_phone_rates_once_without_scripts(rated: Site) -> None:
    token = served(rated)
    assert f'href="/t/{token}/rate"' in rated.nobody().get(f"/t/{token}").text
    assert rate(rated, token)[0] == 422
    assert rated.nobody().client.post(f"/t/{token}/rate", data={"level": "1"}).status_code == 400
    status, page = rate(rated, token, level="1", item="speed", key="k1")
    assert status == 200 and 'name="level"' not in page
    assert rate(rated, token, level="5", key="k2")[0] == 409
    (follow_up,) = rated.sanban.ratings.follow_ups(rated.id, 0)
    assert (follow_up["level"], follow_up["items"], follow_up["source"]) == (1, ["speed"], "phone")


@pytest.mark.parametrize("form", [{"level": "6"}, {"level": "²"}, {"level": "3", "item": "nothing"}])
def test_what_is_no_rating_is_refused(rated: Site, form: dict[str, str]) -> None:
    assert rate(rated, served(rated), **form)[0] in (409, 422)
    assert "rated" not in rated.kinds()


def test_a_service_that_has_not_ended_is_not_rated(rated: Site) -> None:
    token = str(rated.program("clerk").issue()["token"])
    assert "/rate" not in rated.nobody().get(f"/t/{token}").text
    assert rate(rated, token, level="5")[0] == 409


def test_a_bad_rating_waits_for_an_answer_and_names_nobody(rated: Site) -> None:
    token = served(rated)
    number = rated.sanban.tickets.look(token)[1].ticket["number"]
    rate(rated, token, level="2", item="place")
    boss = rated.staff("manager", "boss")
    page = boss.get("/office/ratings?lang=en").text
    assert "Dissatisfied · place" in page
    shown = page.split("<section")[1].split("</section>")[0]
    assert not re.search(r"\bann\b", shown) and number not in shown
    (rating,) = re.findall(r'data-rating="(\d+)"', page)
    token = boss.csrf("/sign-in")
    empty = boss.client.post("/office/ratings", data={"rating": rating, "answer": " ", "csrf_token": token})
    assert empty.status_code == 422 and 'class="error"' in empty.text
    assert boss.client.post("/office/ratings", data={"rating": rating, "answer": "said sorry"}).status_code == 400
    boss.client.post("/office/ratings", data={"rating": rating, "answer": "said sorry", "csrf_token": token})
    assert rated.sanban.ratings.follow_ups(rated.id, 0) == []
    assert "data-rating" not in boss.get("/office/ratings").text


def test_staff_enter_a_rating_for_somebody_and_it_is_marked(rated: Site) -> None:
    number = rated.sanban.tickets.look(served(rated))[1].ticket["number"]
    boss = rated.staff("manager", "boss")
    address, form = "/office/ratings/by-staff?lang=en", {"number": f" {number.lower()} ", "item": "place"}

    def enter(**more: str) -> tuple[int, str]:
        sent = {**form, **more, "csrf_token": boss.csrf("/sign-in")}
        answer = boss.client.post(address, data=sent, follow_redirects=True)
        return answer.status_code, answer.text

    for wrong in ({}, {"level": "6"}, {"level": "1", "number": "Z999"}, {"level": "1", "item": "nothing"}):
        status, page = enter(**wrong)
        assert status in (404, 409, 422) and 'class="error"' in page, wrong
    assert 'value="place" checked' in enter()[1], "what was chosen stays"
    status, page = enter(level="2")
    assert status == 200 and "entered by staff" in page and "Dissatisfied · place" in page
    (follow_up,) = rated.sanban.ratings.follow_ups(rated.id, 0)
    assert (follow_up["level"], follow_up["items"], follow_up["source"]) == (2, ["place"], "staff")
    assert enter(level="5")[0] == 409
    assert rated.staff("clerk", "cleo").submit("/office/ratings/by-staff", form).status_code in (400, 403)


def test_a_pad_stands_at_the_window_that_is_its_place(rated: Site) -> None:
    asker = rated.nobody()
    asker.submit(f"/pair/{rated.sanban.access.pairing_code(rated.id, 'pad', 'pad 1', 'w1')}", {})
    assert 'data-window="w1"' in asker.get("/pad/").text
    assert 'data-window=""' in rated.device("pad").get("/pad/").text
    assert rated.program("clerk").get("/pad/").status_code == 403
