"""The spoken calls of a sound zone: what is heard, from which of its displays, and what happens when one may not
sound. Every clip is a tone of 100 ms here, so that a burst takes seconds."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from hall.domain.callers import Caller
from hall.domain.halls import Window
from hall.domain.voice import Voice
from hall.voice.announcement import CHIME
from hall.voice.clips import words
from hall.voice.render import write
from tests.browser.installation import Installation
from tests.browser.proxy import Proxy
from tests.browser.stage import ARGS, CHROMIUM, Stage, heard

Until = Callable[..., None]
CALLS = 30
RATE = 22_050

#: Remembers when every clip starts to sound and stops, on the clock all pages share, and of which call it is.
_LISTEN = """
window.plays = [];
const now = () => performance.timeOrigin + performance.now();
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (when) {
  const play = { number: document.documentElement.dataset.speaking, ended: 0,
    started: now() + Math.max(0, when - this.context.currentTime) * 1000 };
  window.plays.push(play);
  this.addEventListener("ended", () => (play.ended = now()));
  return start.call(this, when);
};
"""


class Heard(NamedTuple):
    """One call as a display spoke it, in ms."""

    started: float
    ended: float
    number: str
    page: int


def tone() -> array[int]:
    return array("h", (int(8000 * math.sin(2 * math.pi * 440 * n / RATE)) for n in range(RATE // 10)))


@pytest.fixture
def zone(stage: Stage, installation: Installation) -> Stage:
    """A hall with a window for every call, and a voice of short tones."""
    line = stage.hall.lines[0].id
    windows = tuple(Window(f"w{n}", str(n + 1), (line,)) for n in range(CALLS))
    stage.hall = replace(stage.hall, windows=windows, voice=Voice(on=True, repeat=1))
    stage.services.halls.save(stage.hall, Caller(by="test"))
    folder = installation.directory / "voice" / stage.hall.id / "zh"
    for clip in (CHIME, *words("zh")):
        write(tone(), RATE, folder / f"{clip}.wav")
    return stage


def speaker(stage: Stage, name: str, browser: Browser | None = None) -> Page:
    page = (browser or stage.browser).new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.on("pageerror", lambda error: stage.errors.append(f"{page.url}: {error}"))
    page.add_init_script(_LISTEN)
    page.goto(stage.installation.url + stage.installation.pair_path(stage.hall, "display", name))
    page.click("form button")
    page.wait_for_selector("#bar .count")
    return page


def calls_heard(*pages: Page) -> list[Heard]:
    """Every call that was spoken to its end, in order of starting; neighbouring clips of one call are one."""
    spoken: list[Heard] = []
    for n, page in enumerate(pages):
        last = None
        for play in page.evaluate("window.plays"):
            if last and last.number == play["number"]:
                last = spoken[-1] = last._replace(ended=play["ended"])
            else:
                last = Heard(play["started"], play["ended"], play["number"], n)
                spoken.append(last)
    return sorted(spoken)


def announced(stage: Stage) -> list[str]:
    entries = stage.services.store.journal.after(stage.hall.id, "0-0", 5000)
    return [entry.ticket["number"] for entry in entries if entry.kind == "announced"]


def around_the_recall(stage: Stage) -> tuple[list[str], list[str]]:
    """What was announced before and after the only recall."""
    entries = stage.services.store.journal.after(stage.hall.id, "0-0", 5000)
    kinds = [entry.kind for entry in entries]
    at = kinds.index("recalled")
    said = [entry.ticket["number"] if entry.kind == "announced" and entry.ticket else "" for entry in entries]
    return [n for n in said[:at] if n], [n for n in said[at:] if n]


def burst(stage: Stage, count: int, first: int = 0) -> list[str]:
    """Calls as fast as they can be made."""
    for _ in range(count):
        stage.issue()
    return [stage.call_next(f"w{first + n}") for n in range(count)]


def never_two_at_once(spoken: list[Heard]) -> bool:
    return all(one.ended <= other.started + 5 for one, other in pairwise(spoken))


def test_thirty_calls_at_once_are_each_spoken_once_in_order_by_one_of_two_displays(zone: Stage, until: Until) -> None:
    pages = [speaker(zone, "left"), speaker(zone, "right")]
    called = burst(zone, CALLS)
    until(pages[0], lambda: len(announced(zone)) == CALLS, "the queue drains", seconds=120)
    spoken = calls_heard(*pages)
    assert [one.number for one in spoken] == called == announced(zone)
    assert never_two_at_once(spoken)
    assert all(zone.services.tickets.find(Caller(by="test"), zone.hall.id, n).ticket["shown"] for n in called)


def test_a_recall_is_spoken_next(zone: Stage, until: Until) -> None:
    page = speaker(zone, "left")
    first, *others = burst(zone, 4)
    until(page, lambda: announced(zone)[:1] == [first], "the first call")
    zone.services.calls.recall(Caller(by="program:test"), zone.hall.id, "w0")
    until(page, lambda: len(announced(zone)) == 5, "everything", seconds=30)
    # One call may be on its way when the recall comes, and is not cut off; the recall goes before all others.
    before, after = around_the_recall(zone)
    assert first in after[:2], (before, after)
    spoken = announced(zone)
    assert [number for number in spoken if number != first] == others
    assert spoken.count(first) == 2
    heard = [one.number for one in calls_heard(page)]
    assert heard == [number for number, _ in groupby(spoken)], "neighbouring clips of one number are heard as one"


def test_when_the_speaking_display_is_switched_off_the_other_one_goes_on(zone: Stage, until: Until) -> None:
    left = speaker(zone, "left")
    until(left, lambda: "left" in spoken_by(zone), "the left one speaks")
    right = speaker(zone, "right")
    never_heard(left)
    called = burst(zone, 3)
    until(left, lambda: bool(left.evaluate("window.plays.length")), "it begins")
    left.context.close()
    until(right, lambda: announced(zone) == called, "no call is lost", seconds=60)
    assert [one.number for one in calls_heard(right)] == called


def spoken_by(stage: Stage) -> list[str]:
    """Names of the displays that speak."""
    devices = stage.services.access.devices(stage.hall.id)
    stage.services.access.forget(stage.hall.id)
    zones = stage.services.voices.state(stage.hall.id)["zones"].values()
    ids = [one["speaker"].partition("/")[0] for one in zones if "speaker" in one]
    return [devices[one]["name"] for one in ids if one in devices]


@pytest.fixture
def strict(browser: Browser) -> Iterator[Browser]:
    """A browser that plays nothing before somebody touched the page."""
    chromium = browser.browser_type.launch(
        executable_path=CHROMIUM, args=[*ARGS, "--autoplay-policy=document-user-activation-required"]
    )
    yield chromium
    chromium.close()


def silent(stage: Stage) -> list[str]:
    stage.services.access.forget(stage.hall.id)
    return [one["name"] for one in stage.services.voices.state(stage.hall.id)["silent"].values()]


def never_heard(page: Page) -> None:
    """The server hears of nothing that this display has said: it is in the middle of a call, however slow this
    machine is."""
    page.route("**/voice/*/done", lambda route: route.abort())


def reload(page: Page) -> None:
    page.reload()
    page.wait_for_selector("#bar .count")


def untouched(page: Page) -> Page:
    """The same display in a tab that nobody ever touched. Looking into a page counts as a touch for the browser, so
    until it is known to be blocked only the server is asked."""
    fresh = page.context.new_page()
    fresh.add_init_script(_LISTEN)
    fresh.goto(page.url)
    page.close()
    return fresh


def test_a_display_that_may_not_sound_says_so_and_leaves_the_calls_to_another(
    zone: Stage, strict: Browser, until: Until
) -> None:
    mute = untouched(speaker(zone, "入口", strict))
    until(mute, lambda: silent(zone) == ["入口"], "the office knows its name")
    loud = speaker(zone, "柜台")
    called = burst(zone, 2)
    until(loud, lambda: announced(zone) == called, "the other one speaks", seconds=30)
    assert silent(zone) == ["入口"]
    mute.wait_for_selector("#blocked")
    assert mute.evaluate("window.plays") == []
    entries = zone.services.store.journal.after(zone.hall.id, "0-0", 5000)
    # The other one may say so too while its loudspeaker starts.
    assert [entry.facts["name"] for entry in entries if entry.kind == "sound_blocked"].count("入口") == 1


def test_a_touch_lets_a_blocked_display_speak_what_waits(zone: Stage, strict: Browser, until: Until) -> None:
    mute = untouched(speaker(zone, "入口", strict))
    called = burst(zone, 2)
    until(mute, lambda: silent(zone) == ["入口"], "the office knows")
    assert announced(zone) == []
    # Looking for the button is a touch already (see `untouched`) and may take it away before it is pressed.
    mute.evaluate("document.querySelector('#blocked').click()")
    until(mute, lambda: announced(zone) == called, "it speaks", seconds=30)
    until(mute, lambda: silent(zone) == [], "the office knows that too")
    assert mute.is_hidden("#blocked")


def test_a_hall_without_a_voice_rings_and_speaks_as_soon_as_it_has_one(zone: Stage, until: Until) -> None:
    display = zone.display()
    display.add_init_script(_LISTEN)
    zone.services.halls.save(replace(zone.hall, voice=Voice()), Caller(by="manager"))
    reload(display)
    burst(zone, 1)
    until(display, lambda: heard(display) == 1, "the chime")
    assert display.evaluate("window.plays") == []

    zone.services.calls.start(Caller(by="program:test"), zone.hall.id, "w0")
    zone.services.halls.save(zone.hall, Caller(by="manager"))
    (spoken,) = burst(zone, 1, first=1)
    until(display, lambda: announced(zone) == [spoken], "it speaks without a reload", seconds=90)
    assert heard(display) <= 2, "no chime beside the voice once it is known"


@pytest.fixture
def network(installation: Installation) -> Iterator[Proxy]:
    proxy = Proxy(installation.port)
    yield proxy
    proxy.close()


def test_a_network_cut_in_mid_sentence_says_nothing_twice_and_loses_nothing(
    zone: Stage, network: Proxy, until: Until
) -> None:
    page = zone.pair(zone.page(), "display", url=network.url)
    page.add_init_script(_LISTEN)
    reload(page)
    never_heard(page)
    called = burst(zone, 3)
    until(page, lambda: len(page.evaluate("window.plays")) > 3, "it begins")
    network.cut()
    page.unroute_all()
    until(page, lambda: all(one["ended"] for one in page.evaluate("window.plays")), "it ends its sentence")
    page.wait_for_timeout(1500)
    assert announced(zone) == []
    network.heal()
    until(page, lambda: announced(zone) == called, "the rest", seconds=40)
    assert [one.number for one in calls_heard(page)] == called


def test_a_reload_in_mid_sentence_says_the_call_once_more_and_the_next_ones_once(zone: Stage, until: Until) -> None:
    page = speaker(zone, "left")
    never_heard(page)
    called = burst(zone, 3)
    until(page, lambda: bool(page.evaluate("window.plays.length")), "it begins")
    reload(page)
    page.unroute_all()
    until(page, lambda: announced(zone) == called, "everything", seconds=30)
    assert [one.number for one in calls_heard(page)] == called
