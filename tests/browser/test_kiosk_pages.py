"""The kiosk's pages besides the way to a number: help, printers, reading aloud, sizes, axe, what is stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, Route

from hall.domain.callers import Caller
from hall.domain.office import Today
from hall.domain.printers import Printer
from hall.domain.texts import Text
from hall.domain.voice import Voice
from hall.services.moves import wall_clock
from tests.browser.stage import Stage, axe, measure, settle
from tests.browser.test_kiosk import SIZES, change, limits, touch
from tests.browser.test_kiosk_flow import only_ticket, put, touches
from tests.paper.printer import LoopbackPrinter
from tests.ports import free_port

Until = Callable[..., None]
LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])


#: remembers what the page of a number says of its paper, however short
_PAPERS = """() => {
  window.papers = [];
  const look = () => window.papers.push(document.querySelector("[data-paper]")?.dataset.paper);
  new MutationObserver(look).observe(document.querySelector("#page"), { childList: true });
}"""


def test_help_is_called_seen_by_the_clerk_and_answered(stage: Stage) -> None:
    console, kiosk = stage.console(), stage.kiosk()
    touch(kiosk, "[data-go=help]")
    touch(kiosk, "#call-help")
    kiosk.wait_for_selector("h1:has-text('已经通知')")
    console.wait_for_selector("[data-help] :text('有人需要帮办')")
    assert axe(console) == []
    assert measure(console) == []
    console.click("[data-help] button")
    kiosk.wait_for_selector("h1:has-text('正在过来')")
    console.wait_for_selector("#help", state="hidden")
    touch(kiosk, "#done")
    kiosk.wait_for_selector("#page.home")


def test_help_that_is_not_needed_any_more_is_taken_back(stage: Stage) -> None:
    console, kiosk = stage.console(), stage.kiosk()
    touch(kiosk, "[data-go=help]")
    touch(kiosk, "#call-help")
    console.wait_for_selector("[data-help]")
    touch(kiosk, "#cancel-help")
    console.wait_for_selector("#help", state="hidden")


def test_the_language_changes_without_losing_the_place(stage: Stage) -> None:
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-line=elderly]")
    touch(kiosk, "[data-service=hospital-plan]")
    kiosk.click("#elder")
    kiosk.click("#language")
    kiosk.wait_for_selector("html[lang=en].elder #page.materials h1:has-text('Retirement hospital plan')")
    assert kiosk.inner_text("#elder") == "Large text"
    touches(kiosk, "#take")
    assert only_ticket(stage)["language"] == "en"


def test_a_printer_that_is_out_is_said_on_the_pages(stage: Stage, until: Until) -> None:
    """Nobody listens at its port: the process that prints finds out."""
    printer = Printer("front", kind="network", host="127.0.0.1", port=free_port())
    change(stage, printers=(printer,))
    kiosk = stage.kiosk()
    kiosk.wait_for_selector(".note:has-text('打印机暂时不能打印')", timeout=60_000)  # a job of a busy worker
    touches(kiosk, "[data-go=services]", "[data-service=senior-card]", "#take")
    kiosk.wait_for_selector("[data-paper=out]:has-text('请记住或拍下您的号码')")
    assert measure(kiosk, **limits(1080, 1920)) == []
    assert axe(kiosk) == []


def test_a_ticket_is_said_to_be_printed_when_it_is_and_printed_once_more(stage: Stage, until: Until) -> None:
    with LoopbackPrinter() as paper:
        change(stage, printers=(Printer("front", kind="network", host="127.0.0.1", port=paper.port),))
        kiosk = stage.kiosk()
        until(
            kiosk, lambda: "front" in kiosk.request.get(f"{stage.installation.url}/kiosk/state").text(), "it is known"
        )
        settle(kiosk)
        kiosk.reload()
        kiosk.wait_for_selector("#page.home")
        touches(kiosk, "[data-go=services]", "[data-service=senior-card]", "#take")
        kiosk.wait_for_selector("[data-paper=printed]:has-text('请取走号票')", timeout=60_000)
        assert len(paper.printed) == 1
        kiosk.evaluate(_PAPERS)
        touch(kiosk, "#reprint")
        said = "window.papers.join().includes('printing,printed')"
        until(kiosk, lambda: kiosk.evaluate(said), "it says so again", seconds=60)
        assert len(paper.printed) == 2
        number = only_ticket(stage)["number"]
        console = stage.console()
        console.click(f"[data-number={number}]")
        preview = console.get_attribute(".picked a.preview", "href") or ""
        seen = console.request.get(stage.installation.url + preview)
        assert seen.headers["content-type"] == "image/png" and seen.body()[1:4] == b"PNG"
        console.click(".picked [data-do=reprint]")
        console.wait_for_selector(f"#message.info:has-text('正在补打 {number}')")
        until(console, lambda: len(paper.printed) == 3, "a clerk prints it as well")


_PLAYED = """() => {
  const { play } = HTMLMediaElement.prototype;
  HTMLMediaElement.prototype.play = async function () { await play.call(this); window.played = this.src; };
}"""


def test_a_page_is_read_aloud_and_the_button_is_not_there_when_the_voice_is_off(stage: Stage, until: Until) -> None:
    kiosk = stage.kiosk()
    assert kiosk.locator("#read").is_hidden()
    heard: list[str] = []
    kiosk.on("response", lambda answer: heard.append(f"{answer.status} {answer.url}") if ".wav" in answer.url else None)
    change(stage, voice=Voice(on=True))
    kiosk.wait_for_selector("#read", state="visible")
    until(kiosk, lambda: {one.rpartition("/speech/")[2] for one in heard} == {"zh/away.wav", "en/away.wav"}, "kept")
    kiosk.click("#read")
    until(kiosk, lambda: any("/speech/zh/home.wav" in one for one in heard), "the page's own sound")
    assert all(one.startswith(("200", "206")) for one in heard)
    assert kiosk.get_attribute("#read", "aria-pressed") == "true"
    touch(kiosk, "[data-go=priority]")
    assert kiosk.get_attribute("#read", "aria-pressed") is None, "another page is not what is being read"
    assert measure(kiosk, **limits(1080, 1920)) == []
    kiosk.evaluate(_PLAYED)
    kiosk.context.set_offline(True)
    kiosk.wait_for_selector("#page.away")
    kiosk.click("#read")
    until(kiosk, lambda: str(kiosk.evaluate("window.played")).startswith("blob:"), "it is said without a server")


def reachable(kiosk: Page, url: str) -> None:
    """The installation is told of an address under which phones reach it."""

    def told(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        answer = route.fetch()
        ticket = answer.json()
        return route.fulfill(response=answer, json={**ticket, "url": f"{url}/t/{ticket['token']}"})

    kiosk.route("**/api/v1/halls/*/tickets", told)


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1366, 768)])
def test_a_number_is_taken_along_on_a_phone_without_paper(stage: Stage, until: Until, width: int, height: int) -> None:
    kiosk = stage.kiosk(width, height)
    reachable(kiosk, stage.installation.url)
    touches(kiosk, "[data-go=services]", "[data-service=senior-card]", "#take")
    until(kiosk, lambda: kiosk.evaluate("document.querySelector('#code')?.naturalWidth > 0"), "the code")
    assert measure(kiosk, **limits(width, height)) == []
    assert axe(kiosk) == []
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(kiosk.screenshot())))
    phone = stage.page(390, 844)
    phone.goto(code.text)
    assert phone.inner_text("h1").endswith(only_ticket(stage)["number"])


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_with_large_text_the_number_has_its_room_and_nothing_scrolls(stage: Stage, width: int, height: int) -> None:
    """In English, which needs more."""
    kiosk = stage.kiosk(width, height, "en")
    reachable(kiosk, stage.installation.url)
    kiosk.click("#elder")
    touches(kiosk, "[data-go=services]", "[data-service=social-card]", "#take")
    kiosk.wait_for_selector("#number")
    assert measure(kiosk, **{**limits(width, height), "fontAtLeast": 40}) == []


def pages(kiosk: Page) -> Any:
    """Every page of the flow after another, by its name."""
    yield "home"
    touch(kiosk, "[data-go=services]")
    kiosk.wait_for_selector(".waiting:not(:empty)")
    yield "services"
    touch(kiosk, "#search")
    yield "search"
    settle(kiosk)
    kiosk.click("[data-letter=j]")
    yield "found"
    touch(kiosk, ".back")
    touch(kiosk, "[data-go=appointment]")
    settle(kiosk)
    kiosk.click("[data-digit='3']")
    yield "appointment"
    touch(kiosk, ".back")
    touch(kiosk, "[data-go=priority]")
    yield "priority"
    touch(kiosk, "[data-group=veteran]")
    touch(kiosk, "[data-line=elderly]")
    touch(kiosk, "[data-service=hospital-plan]")
    yield "materials"
    touch(kiosk, ".missing")
    settle(kiosk)
    kiosk.click(".paper >> nth=0")
    yield "missing"
    touch(kiosk, "#slip")
    kiosk.wait_for_selector("#page.told")
    yield "told"
    touch(kiosk, "#take")
    kiosk.wait_for_selector("#number")
    yield "number"
    touch(kiosk, "#done")
    kiosk.wait_for_selector("#page.home")


@pytest.mark.parametrize("elder", [False, True], ids=["usual", "elder"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_fits_and_is_within_reach(busy: Stage, width: int, height: int, elder: bool) -> None:
    kiosk = busy.kiosk(width, height)
    if elder:
        kiosk.click("#elder")
    must = {**limits(width, height), "fontAtLeast": 40 if elder else 32}
    found = [(name, measure(kiosk, **must)) for name in pages(kiosk)]
    assert [one for one in found if one[1]] == []
    assert len(found) == 10


@LANGUAGES
def test_axe_finds_nothing_on_any_page(busy: Stage, lang: str) -> None:
    kiosk = busy.kiosk(768, 1366, lang=lang)
    assert [one for name in pages(kiosk) for one in axe(kiosk) if name] == []
    if lang == "en":
        kiosk.wait_for_selector("html[lang=zh-CN] #page.home")  # the next person finds it in the hall's language
        kiosk.click("#language")
        kiosk.wait_for_selector("html[lang=en] #page.home")
    touch(kiosk, "[data-go=help]")
    assert axe(kiosk) == []
    touch(kiosk, "#call-help")
    kiosk.wait_for_selector("#cancel-help")
    assert axe(kiosk) == []
    touch(kiosk, "#done")
    put(kiosk, "12345678")
    kiosk.wait_for_selector("#page.refused")
    assert axe(kiosk) == []


def test_what_is_read_aloud_is_what_the_catalogue_says() -> None:
    import json

    from kiosk.speech import FOLDER, MADE, PAGES, fingerprint, texts

    made = json.loads(MADE.read_text("utf-8"))
    for language in ("zh", "en"):
        now = {page: fingerprint(text) for page, text in texts(language).items()}
        assert made[language] == now, "python -m kiosk.speech renders them anew"
        assert {file.stem for file in (FOLDER / language).glob("*.wav")} == set(PAGES)


def test_the_hall_that_is_replaced_keeps_its_lines(stage: Stage) -> None:
    """A line that is taken away while somebody chooses is refused with words, not a broken page."""
    kiosk = stage.kiosk_list()
    touch(kiosk, "[data-line=elderly]")
    gone = [service for service in stage.hall.services if service.id != "care-subsidy"]
    stage.hall = replace(stage.hall, services=tuple(gone))
    stage.services.halls.save(stage.hall, Caller(by="manager"))
    touch(kiosk, "[data-service=care-subsidy]")
    touch(kiosk, "#take")
    kiosk.wait_for_selector("#page.refused")


def test_a_hall_and_a_line_that_were_stopped_for_today_say_why(stage: Stage, until: Until) -> None:
    day = stage.hall.calendar.date_of(wall_clock())
    kiosk = stage.kiosk_list()
    change(stage, today=Today(day, paused={"social": Text("系统维护", "Maintenance")}))
    touch(kiosk, ".back")

    def stopped() -> bool:
        touch(kiosk, "[data-go=services]")
        words = kiosk.inner_text("[data-line=social]")
        if "现在不取号" not in words:
            touch(kiosk, ".back")
        return "现在不取号" in words

    until(kiosk, stopped, "the page has asked again")
    touch(kiosk, "[data-line=social]")
    kiosk.wait_for_selector("#page.refused:has-text('系统维护')")
    touch(kiosk, ".back")
    change(stage, today=Today(day, closed=Text("停电", "No power")))
    kiosk.wait_for_selector("#page.closed:has-text('停电')")
    assert axe(kiosk) == []
