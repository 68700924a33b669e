"""A ticket in somebody's hand: live, with and without scripts, far from any network, large letters, both languages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute

from hall.domain.callers import Caller
from hall.services.calls import Target
from tests.browser.installation import Installation
from tests.browser.proxy import Proxy
from tests.browser.stage import Stage, axe, kept, loaded, measure

Until = Callable[..., None]
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
#: remembers every time the phone shakes
_SHAKES = "window.shaken = []; navigator.vibrate = (pattern) => window.shaken.push(pattern.length);"


@pytest.fixture
def network(installation: Installation) -> Iterator[Proxy]:
    proxy = Proxy(installation.port)
    yield proxy
    proxy.close()


def ticket_path(stage: Stage, number: str) -> str:
    rows = stage.services.store.snapshot(stage.hall.id).tickets
    (ticket_id,) = [one for one, row in rows.items() if row["number"] == number]
    return f"/t/{stage.services.secrets.ticket_token(stage.hall.id, ticket_id)}"


def open_ticket(stage: Stage, number: str, lang: str = "zh", base: str = "", query: str = "") -> Page:
    page = stage.page(390, 844, lang)
    page.add_init_script(_SHAKES)
    page.goto((base or stage.installation.url) + ticket_path(stage, number) + query)
    return page


def test_a_call_is_told_at_once_by_words_title_and_shaking(stage: Stage, until: Until) -> None:
    before = [stage.issue() for _ in range(4)]
    number = stage.issue()
    page = open_ticket(stage, number)
    page.wait_for_selector(".ahead:has-text('4 人')")
    page.evaluate("window.notLoadedAgain = true")
    until(page, lambda: page.evaluate("performance.getEntriesByType('resource').length") > 0, "the page is there")
    for _ in before:
        stage.call_next("w2")
        stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w2")
    assert stage.call_next("w3") == number
    page.wait_for_selector(".go:has-text('3号窗口')")  # long before the page looks again by itself
    assert "进门左侧" in page.inner_text(".go")
    assert page.title().startswith(f"▶ {number}")
    assert page.evaluate("window.shaken")[-1] == 5
    assert page.evaluate("window.notLoadedAgain")
    assert page.locator(".state[role=status]").count() == 1


def test_who_is_before_a_ticket_is_told_soon_after_each_call(stage: Stage) -> None:
    """Long before the page looks by itself; also in the line into which the ticket was sent meanwhile."""
    by = Caller(by="program:test")
    for service in ("social-card", "hospital-plan"):
        for _ in range(3):
            stage.issue(service)
    number = stage.issue("social-card")
    page = open_ticket(stage, number)
    page.wait_for_selector(".ahead:has-text('3 人')")
    stage.call_next("w5")
    page.wait_for_selector(".ahead:has-text('2 人')", timeout=15_000)
    stage.services.calls.transfer(by, stage.hall.id, "w5", Target(line="elderly"), "test", number)
    page.wait_for_selector(".ahead:has-text('3 人')", timeout=15_000)
    stage.call_next("w6")
    page.wait_for_selector(".ahead:has-text('2 人')", timeout=15_000)


def test_what_moves_while_the_page_looks_is_looked_at_too(stage: Stage, until: Until) -> None:
    for _ in range(3):
        stage.issue("social-card")
    number = stage.issue("social-card")
    # Its worker's requests pass no route.
    page = stage.page(390, 844, service_workers="block")
    told: list[str] = []
    page.on("websocket", lambda line: line.on("framereceived", lambda frame: told.append(str(frame))))
    page.goto(stage.installation.url + ticket_path(stage, number))
    page.wait_for_selector(".ahead:has-text('3 人')")
    looked: list[int] = []

    def moves() -> int:
        return sum('"moved"' in frame for frame in told)

    def slow(route: Route) -> None:
        """The answer to the first look is on its way while somebody else is called."""
        answer = route.fetch()
        looked.append(moves())
        if len(looked) == 1:
            stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w5")
            stage.call_next("w5")
            until(page, lambda: moves() > looked[0], "the page was told")
        route.fulfill(response=answer)

    until(page, lambda: any("43/live" in frame for frame in told), "it follows")
    page.route("**/t/*", slow)
    stage.call_next("w5")
    page.wait_for_selector(".ahead:has-text('1 人')", timeout=15_000)
    assert len(looked) >= 2


def test_a_connection_that_is_lost_twice_comes_back_twice(stage: Stage, until: Until) -> None:
    """The first time while the page has just asked to follow its ticket."""
    page = stage.page(390, 844)
    followed: list[int] = []
    lines: list[WebSocketRoute] = []

    def line(here: WebSocketRoute) -> None:
        lines.append(here)
        mine, server = len(lines), here.connect_to_server()

        def said(message: str | bytes) -> None:
            if '"follow"' not in str(message):
                return server.send(message)
            followed.append(mine)
            return here.close(code=3000) if mine == 1 else server.send(message)

        here.on_message(said)

    page.route_web_socket("**/socket.io/**", line)
    number = stage.issue()
    page.goto(stage.installation.url + ticket_path(stage, number))
    until(page, lambda: max(followed, default=0) > 1, "it is back")
    # Longer than the library takes to try again by itself.
    page.wait_for_timeout(1500)
    second = followed[-1]
    lines[second - 1].close(code=3000)
    until(page, lambda: followed[-1] > second, "it is back again")
    stage.call_next("w3")
    page.wait_for_selector(".go:has-text('3号窗口')")


def test_a_number_that_becomes_near_shakes_the_phone_once(stage: Stage, until: Until) -> None:
    for _ in range(3):
        stage.issue()
    number = stage.issue()
    page = open_ticket(stage, number)
    page.wait_for_selector(".ahead:has-text('3 人')")
    looks: list[str] = []
    page.on("requestfinished", lambda request: looks.append(request.url) if "/t/" in request.url else None)

    def look_again() -> None:
        before = len(looks)
        page.evaluate("window.dispatchEvent(new Event('online'))")
        until(page, lambda: len(looks) > before, "it has looked again")

    for left in ("2", "1"):
        stage.call_next("w2")
        stage.services.calls.finish(Caller(by="program:test"), stage.hall.id, "w2")
        look_again()
        page.wait_for_selector(f".ahead:has-text('{left} 人')")
    assert len(page.evaluate("window.shaken")) == 1
    page.wait_for_selector("[role=status]:has-text('快到您了')")


def test_a_recall_shakes_again(stage: Stage, until: Until) -> None:
    number = stage.issue()
    stage.call_next("w3")
    page = open_ticket(stage, number)
    page.wait_for_selector(".go")
    stage.services.calls.recall(Caller(by="program:test"), stage.hall.id, "w3")
    until(page, lambda: page.evaluate("window.shaken.length") == 1, "it shakes")


def test_more_time_is_given_twice_at_most(stage: Stage) -> None:
    number = stage.issue()
    page = open_ticket(stage, number)
    for left in (1, 0):
        # A page that was kept since another session.
        page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((one) => (one.value = 'old'))")
        page.evaluate("window.dispatchEvent(new Event('online'))")
        page.wait_for_function(
            "() => ![...document.querySelectorAll('[name=csrf_token]')].some((one) => one.value === 'old')"
        )
        with page.expect_navigation():
            page.click("form[action$=more-time] button")
        if left:
            page.wait_for_selector(".hint:has-text('还可以用 1 次')")
    page.wait_for_selector("form[action$=more-time]", state="detached")
    (row,) = stage.services.store.snapshot(stage.hall.id).tickets.values()
    assert row["more_times"] == 2


def test_giving_up_is_asked_once(stage: Stage) -> None:
    number = stage.issue()
    page = open_ticket(stage, number)
    for selector in ("a[href$=give-up]", "a.quiet"):
        with page.expect_navigation():
            page.click(selector)
    assert stage.state_of(number) == "waiting"
    page.click("a[href$=give-up]")
    page.click("button.bad")
    page.wait_for_selector("[data-state=cancelled]")
    assert stage.state_of(number) == "cancelled"


def test_somebody_who_missed_the_call_comes_back(stage: Stage) -> None:
    number = stage.issue()
    stage.call_next("w2")
    page = open_ticket(stage, number)
    page.wait_for_selector(".go")
    stage.services.calls.miss(Caller(by="program:test"), stage.hall.id, "w2")
    page.click("form[action$=come-back] button")
    page.wait_for_selector("[data-state=waiting]")


def test_all_of_it_works_without_scripts(stage: Stage) -> None:
    number = stage.issue("hospital-plan")
    page = stage.page(390, 844, java_script_enabled=False)
    page.goto(stage.installation.url + ticket_path(stage, number))
    assert "出院小结与收据" in page.inner_text("details")
    with page.expect_navigation():
        page.click("form[action$=more-time] button")
    assert "还可以用 1 次" in page.inner_text("#ticket")
    with page.expect_navigation():
        page.click("a.size")
    assert page.locator("html.elder").count() == 1
    page.click("a[href$=give-up]")
    with page.expect_navigation():
        page.click("button.bad")
    assert stage.state_of(number) == "cancelled"


def test_a_phone_without_a_network_shows_the_last_state_and_says_how_old_it_is(
    stage: Stage, network: Proxy, until: Until
) -> None:
    number = stage.issue()
    page = open_ticket(stage, number, base=network.url)
    needed = {ticket_path(stage, number), *loaded(page)}
    assert "/kiosk/static/js/ticket.js" in needed
    until(page, lambda: needed <= kept(page), "the page is kept, with every script it loaded")
    network.cut()
    page.reload()
    assert page.inner_text("h1").endswith(number)
    page.wait_for_selector("#old:has-text('起未更新')")
    assert axe(page) == []
    network.heal()
    stage.call_next("w4")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector(".go:has-text('4号窗口')", timeout=20_000)
    page.wait_for_selector("#old", state="hidden")


def test_the_bell_rings_only_after_a_touch_and_stops_with_another(stage: Stage) -> None:
    page = open_ticket(stage, stage.issue())
    page.click("#sound")
    page.wait_for_selector("#sound[aria-pressed=true]")
    page.click("#sound")
    page.wait_for_selector("#sound[aria-pressed=false]")


def test_the_ticket_can_be_put_on_the_first_screen(stage: Stage) -> None:
    number = stage.issue()
    page = open_ticket(stage, number)
    address = page.get_attribute("link[rel=manifest]", "href")
    answer = page.request.get(f"{stage.installation.url}{address}")
    told = json.loads(answer.text())
    assert told["start_url"] == ticket_path(stage, number)
    assert told["short_name"] == number
    for icon in told["icons"]:
        assert page.request.get(stage.installation.url + icon["src"]).status == 200


def test_nobody_follows_a_ticket_without_its_token(stage: Stage) -> None:
    page = open_ticket(stage, stage.issue())
    answer = page.evaluate(
        """async () => {
        const { io } = await import("/static/vendor/socket.io.esm.min.js");
        const socket = io("/live", { transports: ["websocket"] });
        const token = "hall1.0000000001.xxxxxxxxxxxxxxxxxxxxxx";
        return await new Promise((done) => socket.emit("follow", { token }, done));
    }"""
    )
    assert answer["problem"]["code"] == "UNKNOWN_TICKET"


@LANGUAGES
@pytest.mark.parametrize("elder", [0, 1])
def test_every_state_fits_a_small_phone_and_twice_its_size(stage: Stage, elder: int, lang: str) -> None:
    number = stage.issue("hospital-plan")
    must = {"fontAtLeast": 24 if elder else 16, "targetAtLeast": 60 if elder else 44, "gapAtLeast": 8}
    # 200 %: a page on half the width
    sizes = ((320, 640, 1), (640, 1280, 2), (160, 320, 2))
    pages = [stage.page(width, height, lang, device_scale_factor=scale) for width, height, scale in sizes]
    path = f"{stage.installation.url}{ticket_path(stage, number)}?elder={elder}"

    def look() -> None:
        for page in pages:
            page.goto(path)
            assert measure(page, **must) == []
            assert axe(page) == []

    look()
    stage.call_next("w2")
    look()
    stage.services.calls.miss(Caller(by="program:test"), stage.hall.id, "w2")
    look()
    for page in pages:
        with page.expect_navigation():
            page.click("a[href$=give-up]")
        assert measure(page, fontAtLeast=16, targetAtLeast=44, gapAtLeast=8) == []
        assert axe(page) == []
    with pages[0].expect_navigation():
        pages[0].click("button.bad")
    look()
