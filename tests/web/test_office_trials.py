"""Planning over many days as pages: asked in a form, answered by a job, read as ranges; all of it without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from bench.year import FIRST
from hall.office.trial_tables import comparison
from hall.simulator import planner
from hall.simulator.questions import STAFFING, TRIAL
from hall.store.keys import Keys
from tests.recorded import recorded_hall
from tests.web.conftest import Asker, Site, json_of
from tests.web.test_office_reports import cells

TRIAL_PAGE, STAFFING_PAGE = "/office/planning/trial", "/office/planning/staffing"
PAGES = pytest.mark.parametrize("page", [TRIAL_PAGE, STAFFING_PAGE])


@pytest.fixture(scope="module")
def past(web: Any) -> Site:
    """A hall with three weeks in its archive, for all tests of this module."""
    site = Site(*web)
    recorded_hall(site.sanban, 15, 50, site.id)
    return site


@pytest.fixture
def lived(past: Site) -> Iterator[Site]:
    """That hall, of which nothing is asked."""
    yield past
    store = past.sanban.store.moves
    store.delete(*(Keys(past.id).of(*key) for key in (("planning",), ("planned", TRIAL), ("planned", STAFFING))))


@pytest.fixture
def boss(lived: Site) -> Asker:
    return lived.staff("manager", "boss")


def send(boss: Asker, page: str, **form: object) -> TestResponse:
    data = {"source": "0", "days": "50", **form, "csrf_token": boss.csrf("/sign-in")}
    return boss.client.post(page, data=data)


def answered(site: Site) -> str:
    """Do what the planner does."""
    asked = site.sanban.store.planning.asked(site.id)
    assert asked is not None
    return planner.answer(site.sanban, site.id, asked.id, asked.turn)


def field(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}"[^>]* value="([^"]*)"', page)


def fault(page: str) -> str:
    found = re.search(r'<p class="error"[^>]*>(.*?)</p>', page)
    return found[1] if found else ""


# What can be asked ---------------------------------------------------------------------------


@PAGES
def test_a_hall_without_a_past_is_told_what_a_trial_learns_from(site: Site, page: str) -> None:
    text = site.staff("manager").get(f"{page}?lang=en").text
    assert "Nothing is recorded yet." in text
    assert '<form method="post" class="ask"' not in text


@PAGES
def test_too_few_days_are_said_and_a_recorded_day_can_be_chosen(site: Site, page: str) -> None:
    recorded_hall(site.sanban, 6, 20, site.id)
    boss = site.staff("manager")
    day = FIRST + timedelta(days=7)
    assert field(boss.get(page).text, "day")[0] == str(day)  # no weekday has three days
    text = boss.get(f"{page}?source=0&lang=en").text
    assert "Only 2 such days are recorded; a forecast needs 3." in fault(text)
    assert send(boss, page, source="0").status_code == 422
    text = boss.get(f"{page}?source=day&day={day}&lang=en").text
    assert not fault(text)
    assert f"as on {day}" in text


def test_the_form_has_today_s_windows_rules_and_days(boss: Asker, lived: Site) -> None:
    text = boss.get(f"{TRIAL_PAGE}?source=0&lang=en").text
    assert field(text, "n") == ["6"] * 15
    assert (field(text, "green"), field(text, "appointment"), field(text, "grace")) == (["60"], ["45"], ["10"])
    assert field(text, "booked") == [""]
    assert "Learned from 3 days: 2026-01-19, 2026-01-12, 2026-01-05." in text
    assert "Only 3 such days are recorded so far." in text
    assert re.findall(r'<option value="(\d)"', text.split("</select>")[0]) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    "bad",
    [
        {"n": ["x"] + ["6"] * 14},
        {"n": "41"},
        {"n": "-1"},
        {"n": ""},
        {"green": "1441"},
        {"appointment": "soon"},
        {"grace": "1.5"},
        {"booked": "101"},
        {"booked": "²"},
        {"days": "501"},
        {"days": "0"},
    ],
)
def test_what_cannot_be_meant_is_named_and_nothing_is_asked(boss: Asker, lived: Site, bad: dict[str, object]) -> None:
    answer = send(boss, f"{TRIAL_PAGE}?lang=en", **bad)
    assert answer.status_code == 422
    assert "a whole number from" in fault(answer.text)
    assert lived.sanban.store.planning.asked(lived.id) is None
    (name, value) = next(iter(bad.items()))
    typed = value[0] if isinstance(value, list) else str(value)
    assert name == "days" or field(answer.text, name)[0] == typed  # it is there to be mended


@pytest.mark.parametrize(
    "bad",
    [
        {"minutes_ordinary": "", "share_ordinary": "90"},
        {"minutes_ordinary": "20", "share_ordinary": "100"},
        {"minutes_ordinary": "20", "share_ordinary": ""},
        {"most": "0"},
    ],
)
def test_targets_that_cannot_be_meant_are_named(boss: Asker, lived: Site, bad: dict[str, str]) -> None:
    answer = send(boss, f"{STAFFING_PAGE}?lang=en", **bad)
    assert answer.status_code == 422 and fault(answer.text)
    assert lived.sanban.store.planning.asked(lived.id) is None


@PAGES
@pytest.mark.parametrize("bad", ["source=7", "source=day", "source=day&day=x", "source=", "source=6", "n=x", "days=x"])
def test_an_address_that_cannot_be_meant_is_no_error(boss: Asker, page: str, bad: str) -> None:
    assert boss.get(f"{page}?{bad}").status_code == 200


# Asked, stopped, answered --------------------------------------------------------------------


def test_one_question_at_a_time_and_it_can_be_stopped(boss: Asker, lived: Site) -> None:
    assert json_of(boss.get("/office/planning/state")) == {"running": None}
    answer = send(boss, TRIAL_PAGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, TRIAL_PAGE)
    text = boss.get(f"{TRIAL_PAGE}?lang=en").text
    assert '<noscript><meta http-equiv="refresh"' in text
    assert "Waiting for the planner to begin." in text
    assert send(boss, f"{STAFFING_PAGE}?lang=en").status_code == 409
    (running,) = re.findall(r'data-id="(\w+)"', text)
    lived.sanban.store.planning.beat(lived.id, running, 1, lived.sanban.store.clock(), 0.5)
    state = json_of(boss.get("/office/planning/state?lang=en"))["running"]
    assert (state["id"], state["share"], state["kind"]) == (running, 0.5, TRIAL)
    assert state["words"].startswith("50% done")
    csrf = boss.csrf("/sign-in")
    assert boss.client.post("/office/planning/stop", data={"id": running}).status_code == 400
    gone = boss.client.post("/office/planning/stop", data={"id": running, "kind": TRIAL, "csrf_token": csrf})
    assert gone.headers["Location"] == f"{TRIAL_PAGE}?stopped=1"
    assert "Stopped. Nothing of it is kept." in boss.get(f"{TRIAL_PAGE}?stopped=1&lang=en").text
    assert lived.sanban.store.planning.asked(lived.id) is None


@pytest.mark.parametrize(
    ("turn", "beat", "asked", "words"),
    [
        (1, None, 0, "Waiting for the planner"),
        (1, None, 30_000, "Nobody has begun yet"),
        (1, 12_000, 0, "The planner is silent"),
        (2, None, 30_000, "was interrupted"),
        (1, 0, 0, "Begun."),
    ],
)
def test_the_page_says_what_is_the_matter(
    boss: Asker, lived: Site, turn: int, beat: int | None, asked: int, words: str
) -> None:
    kept, now = lived.sanban.store.planning, lived.sanban.store.clock()
    name = kept.ask(lived.id, TRIAL, {"source": "0"}, now - asked)
    if turn == 2:
        kept.again(lived.id, name, 1)
    if beat is not None:
        kept.beat(lived.id, name, turn, now - beat, 0.01)
    assert words in json_of(boss.get("/office/planning/state?lang=en"))["running"]["words"]


def test_a_trial_is_read_as_ranges_beside_today_s_plan(boss: Asker, lived: Site) -> None:
    form = {"n": ["2"] * 15, "green": "30", "booked": "40", "even": "1"}
    assert send(boss, TRIAL_PAGE, **form).status_code == 303
    assert answered(lived) == "answered"
    text = boss.get(f"{TRIAL_PAGE}?lang=en").text
    kept = lived.sanban.store.planning.answer(lived.id, TRIAL)
    assert kept is not None
    rows = [row for row in cells(text) if len(row) == 5]
    waits = next(row for row in rows if row[0] == "average wait, minutes")
    for cell, run in ((waits[2], "was"), (waits[3], "plan")):
        told = [float(figure) for figure in re.findall(r"[\d.]+", cell)]
        low, middle, high = kept[run]["lanes"]["ordinary"]["mean"]
        assert told == pytest.approx([middle, low, high] if len(told) == 3 else [middle], abs=0.5)
        assert len(told) == 3 or low == pytest.approx(high, abs=0.05)
    assert float(waits[4].replace("−", "-")) > 0
    assert f'<td class="figure late">{waits[4]}</td>' in text
    assert waits[1] == f"{kept['recorded']['ordinary']:.1f}"
    assert "Head start of special groups: 30 minutes, today 60" in text
    assert "Appointments spread evenly over the day" in text
    assert "General windows are open 15.0 hours together; today 45.0." in text
    assert text.count('class="chart"') == 2
    assert field(text, "n") == ["2"] * 15  # the form still has what was asked


def test_what_gets_better_and_what_gets_worse_is_told_apart(boss: Asker, lived: Site) -> None:
    send(boss, TRIAL_PAGE, n=["2"] * 15)
    answered(lived)
    kept = lived.sanban.store.planning.answer(lived.id, TRIAL)
    assert kept is not None
    with lived.app.test_request_context("/office/planning/trial"):
        worse, better = comparison(kept), comparison({**kept, "was": kept["plan"], "plan": kept["was"]})
    assert {row.better for row in worse} == {0, -1}
    assert [row.better for row in better] == [-row.better for row in worse]
    assert all(row.better == 0 for row in worse if row.words in ("people", "人数"))


def test_a_search_is_read_by_half_hour_and_taken_into_the_trial(boss: Asker, lived: Site) -> None:
    assert send(boss, STAFFING_PAGE, minutes_ordinary="10", share_ordinary="90").status_code == 303
    assert answered(lived) == "answered"
    text = boss.get(f"{STAFFING_PAGE}?lang=en").text
    kept = lived.sanban.store.planning.answer(lived.id, STAFFING)
    assert kept is not None
    rows = [row for row in cells(text) if re.match(r"\d\d:\d\d", row[0])]
    found = [[str(slot[name]) for name in ("usual", "windows", "erlang")] for slot in kept["slots"]]
    assert [row[1:4] for row in rows] == found
    assert "every half hour reaches its targets" in text
    (take,) = re.findall(r'id="take" href="([^"]*)"', text)
    taken = boss.get(take.replace("&amp;", "&")).text
    assert field(taken, "n") == [str(slot["windows"]) for slot in kept["slots"]]


def test_too_few_windows_are_said_to_miss_the_targets(boss: Asker, lived: Site) -> None:
    assert send(boss, STAFFING_PAGE, minutes_ordinary="1", share_ordinary="99", most="1").status_code == 303
    assert answered(lived) == "answered"
    assert "The targets are missed from" in boss.get(f"{STAFFING_PAGE}?lang=en").text


def test_an_answer_that_could_not_be_given_says_why(boss: Asker, lived: Site) -> None:
    kept = lived.sanban.store.planning
    send(boss, TRIAL_PAGE)
    asked = kept.asked(lived.id)
    assert asked is not None
    kept.end(lived.id, asked, {"code": "PLANNING_BROKEN"})
    assert "never came to an end" in boss.get(f"{TRIAL_PAGE}?lang=en").text
