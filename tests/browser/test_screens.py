"""Screens of a part of the hall, screens that lose their server, and the public pages about waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.texts import Text
from tests.browser.installation import Installation
from tests.browser.proxy import Proxy
from tests.browser.stage import Stage, axe, flashed, kept, loaded, measure
from tests.browser.test_display import CLEAR
from tests.browser.test_kiosk import NEVER, change
from tests.office import office

Until = Callable[..., None]
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
SMALL: dict[str, Any] = {"fontAtLeast": 16, "targetAtLeast": 44, "gapAtLeast": 8}


@pytest.fixture
def network(installation: Installation) -> Iterator[Proxy]:
    proxy = Proxy(installation.port)
    yield proxy
    proxy.close()


def test_a_screen_of_some_lines_shows_and_counts_those_alone(stage: Stage, until: Until) -> None:
    display = stage.display(query="?lines=social,medical")
    first, other = stage.issue("social-card"), stage.issue("senior-card")
    stage.call_next("w2")
    stage.call_next("w3")
    display.wait_for_selector(f"#rows li:has-text('{first}')")
    until(display, lambda: flashed(display) == [first], "its call flashes")
    display.wait_for_timeout(2000)
    assert other not in display.inner_text("body")
    assert flashed(display) == [first]
    assert display.locator("#bar [data-line]").evaluate_all("all => all.map(one => one.dataset.line)") == [
        "social",
        "medical",
    ]


def test_a_screen_of_some_windows_shows_their_calls_alone(stage: Stage) -> None:
    display = stage.display(query="?windows=w3,w4")
    first, second = stage.issue(), stage.issue()
    stage.call_next("w2")
    stage.call_next("w3")
    display.wait_for_selector(f"#rows li:has-text('{second}')")
    assert first not in display.inner_text("#rows")


def test_the_place_of_a_device_says_what_it_shows(stage: Stage) -> None:
    page = stage.page(1920, 1080)
    code = stage.services.access.pairing_code(stage.hall.id, "display", "三号窗", "w3")
    page.goto(f"{stage.installation.url}/pair/{code}")
    page.click("form button")
    page.wait_for_selector("html[data-layout=window] .sign:has-text('3号窗口')")


@LANGUAGES
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (960, 320)])
def test_one_window_shows_its_number_as_large_as_it_goes(stage: Stage, width: int, height: int, lang: str) -> None:
    display = stage.pair(stage.page(width, height, lang), "display", query="?window=w3")
    display.wait_for_selector("#empty:not([hidden])")
    assert measure(display, **CLEAR) == []
    number = stage.issue()
    stage.call_next("w3")
    display.wait_for_selector(f"#rows .number:has-text('{number}')")
    display.wait_for_selector("#rows li:not(.flash) .number")  # colours are measured when it stands still
    assert measure(display, **CLEAR) == []
    assert axe(display) == []
    size = display.evaluate("parseFloat(getComputedStyle(document.querySelector('#rows .number')).fontSize)")
    assert size >= 0.3 * min(width, height)


def test_a_screen_for_a_window_that_is_not_there_says_so(stage: Stage) -> None:
    display = stage.display()
    display.goto(f"{stage.installation.url}/display/?window=w99")
    assert "窗口" in display.inner_text("body")


def test_a_reload_without_the_server_shows_the_last_state_marked_as_old(
    stage: Stage, network: Proxy, until: Until
) -> None:
    display = stage.display(url=network.url)
    number = stage.issue()
    stage.call_next("w3")
    display.wait_for_selector(f"#rows li:has-text('{number}')")
    needed = {"/display/", *loaded(display)}
    assert "/display/static/js/display.js" in needed
    until(display, lambda: needed <= kept(display), "the page is kept, with every script it loaded")
    until(
        display,
        lambda: number in (display.evaluate(f"localStorage.getItem('board/{stage.hall.id}')") or ""),
        "and its state",
    )
    network.cut()
    display.reload()
    display.wait_for_selector(f"#rows li:has-text('{number}')")
    display.wait_for_selector("#stale:has-text('起未更新')")
    network.heal()
    display.wait_for_selector("#stale", state="hidden")
    assert flashed(display) == [], "nothing is announced twice"
    after = stage.issue()
    stage.call_next("w4")
    until(display, lambda: flashed(display) == [after], "new calls are")


def test_a_call_in_the_moment_of_a_reload_is_announced_and_none_twice(stage: Stage, until: Until) -> None:
    display = stage.display()
    first, second = stage.issue(), stage.issue()
    stage.call_next("w3")
    until(display, lambda: flashed(display) == [first], "the call before")
    until(
        display,
        lambda: first in (display.evaluate(f"localStorage.getItem('board/{stage.hall.id}')") or ""),
        "its state is kept",
    )
    address = display.url
    display.goto("about:blank")
    stage.call_next("w4")
    display.goto(address)
    until(display, lambda: flashed(display) == [second], "the call meanwhile")


def test_the_office_reloads_a_screen_from_afar(stage: Stage) -> None:
    display, other = stage.display(), stage.display()
    ids = [page.get_attribute("html", "data-id") for page in (display, other)]
    assert ids[0] != ids[1]
    for page in (display, other):
        page.evaluate("window.notLoadedAgain = true")
    with display.expect_event("load"):
        stage.services.screens.reload(Caller(by="staff:boss"), stage.hall.id, ids[0])
    display.wait_for_selector("#bar .count")
    kiosk = stage.kiosk()
    page = office(stage)
    with kiosk.expect_event("load"):  # at rest, so at once
        page.click("#machines li:has-text('取号机') [data-do=reload]")
    page.wait_for_selector("#message.info")
    assert other.evaluate("window.notLoadedAgain"), "the other one does not"


def test_well_after_closing_the_screen_is_dark_but_for_the_time(stage: Stage) -> None:
    change(stage, hours=NEVER)
    display = stage.pair(stage.page(1920, 1080), "display")
    # Asked every fifteen seconds, and the first time the server may not have heard of it.
    display.wait_for_selector("html.night #night:has-text(':')", timeout=60_000)
    assert display.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    assert axe(display) == []


@LANGUAGES
def test_the_mirror_shows_the_wall_on_a_phone_with_and_without_scripts(busy: Stage, lang: str) -> None:
    waiting = busy.issue("social-card")
    for scripts in (True, False):
        page = busy.page(320, 640, lang, java_script_enabled=scripts)
        page.goto(f"{busy.installation.url}/mirror/{busy.hall.id}")
        shown = page.locator(".calls b").all_inner_texts()
        assert len(shown) == 5
        assert waiting not in page.inner_text("body")
    page = busy.page(320, 640, lang)
    page.goto(f"{busy.installation.url}/mirror/{busy.hall.id}")
    assert measure(page, **SMALL) == []
    assert axe(page) == []
    number = busy.call_next("w7")
    page.wait_for_selector(f".calls:has-text('{number}')")


@LANGUAGES
def test_the_halls_page_tells_lines_and_waits_and_sorts_by_distance(busy: Stage, lang: str) -> None:
    far = busy.installation.new_hall()
    moved = replace(far.position, lat=40.0) if far.position else None
    busy.services.halls.save(replace(far, position=moved), Caller(by="manager"))
    here = busy.hall.position
    assert here is not None
    place = {"latitude": here.lat + 0.01, "longitude": here.lon}
    page = busy.page(320, 640, lang, geolocation=place, permissions=["geolocation"])
    page.goto(f"{busy.installation.url}/halls")
    mine = f"#hall-{busy.hall.id}"
    assert page.locator(f"{mine} tbody tr").count() == 4
    assert measure(page, **SMALL) == []
    page.click("#near")
    page.wait_for_selector(f"{mine} .distance:has-text('1.1')")
    order = page.locator("#halls > li").evaluate_all("all => all.map(one => one.id)")
    assert order.index(f"hall-{far.id}") > order.index(mine[1:])
    assert measure(page, **SMALL) == []
    assert axe(page) == []


def test_the_halls_as_json_hold_nothing_of_groups_or_people(busy: Stage) -> None:
    answer = busy.page().request.get(f"{busy.installation.url}/api/v1/halls")
    (mine,) = [hall for hall in answer.json()["halls"] if hall["id"] == busy.hall.id]
    assert {line["id"]: line["waiting"] for line in mine["lines"]} == {
        line.id: busy.services.store.snapshot(busy.hall.id).waiting().get(line.id, 0) for line in busy.hall.lines
    }
    assert mine["open"] and mine["book"] == f"/book/{busy.hall.id}"
    assert "group" not in answer.text() and "claim" not in answer.text()


def test_a_hall_that_was_closed_for_today_says_so_among_the_halls(busy: Stage) -> None:
    boss, office, told = Caller(by="staff:boss"), busy.services.office, Text("停电", "No power")
    office.pause_line(boss, busy.hall.id, "medical", Text("缺纸", "No paper"), "no paper")
    office.close(boss, busy.hall.id, told, "power cut")
    page = busy.page(320, 640, "en")
    halls = page.request.get(f"{busy.installation.url}/api/v1/halls").json()["halls"]
    (mine,) = [hall for hall in halls if hall["id"] == busy.hall.id]
    assert (mine["open"], mine["why"]) == (False, {"zh": "停电", "en": "No power"})
    assert {line["id"]: line["why"] for line in mine["lines"]}["medical"] == {"zh": "缺纸", "en": "No paper"}
    page.goto(f"{busy.installation.url}/halls")
    assert all(text in page.inner_text(f"#hall-{busy.hall.id}") for text in ("No power", "No paper"))
    assert measure(page, **SMALL) == []
