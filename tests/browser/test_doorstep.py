"""The page at the door in a real browser: a visit done without a network, and what the desk sees of it."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.services.visits import Action
from tests.browser.doorstep import NAME, STREET, Door, at_the_door
from tests.browser.stage import Stage, axe, kept, loaded, measure

LANGUAGES = pytest.mark.parametrize("lang", ["zh", "en"])
#: what a page can read of all it keeps on the device
_KEPT = """async () => {
  const wait = (ask) => new Promise((done, fail) => { ask.onsuccess = () => done(ask.result); ask.onerror = fail; });
  const found = [JSON.stringify(localStorage)];
  for (const { name } of await indexedDB.databases()) {
    const base = await wait(indexedDB.open(name));
    for (const store of base.objectStoreNames) {
      for (const one of await wait(base.transaction(store).objectStore(store).getAll())) {
        found.push(JSON.stringify(one) + (one.data ? new TextDecoder().decode(one.data) : ""));
      }
    }
    base.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const one of await cache.matchAll()) if (!one.url.includes("/static/")) found.push(await one.text());
  }
  return found.join("\\n");
}"""
_PICTURE = """() => { const canvas = document.createElement("canvas"); canvas.width = 2400; canvas.height = 3200;
  const pen = canvas.getContext("2d"); pen.fillStyle = "white"; pen.fillRect(0, 0, 2400, 3200); pen.fillStyle = "black";
  pen.font = "90px serif"; for (let n = 0; n < 30; n++) pen.fillText("A signed form " + n, 100, 100 + n * 100);
  return canvas.toDataURL("image/png").split(",")[1]; }"""


def cut(door: Door) -> None:
    """No network, and the page loaded again: everything comes from the device."""
    needed = {"/desk/doorstep/", *loaded(door.page)}
    assert "/desk/static/js/doorstep.js" in needed
    door.until(lambda: needed <= kept(door.page), "the page is kept, with every script it loaded")
    door.page.wait_for_function("() => navigator.serviceWorker.controller")
    door.page.context.set_offline(True)
    door.page.reload()
    door.page.wait_for_selector("html[data-ready]")


def test_a_visit_is_done_without_a_network_and_reaches_the_desk_when_there_is_one(stage: Stage) -> None:
    door = at_the_door(stage)
    door.take_along()
    cut(door)
    door.press("[data-do=open]")
    assert NAME in door.page.inner_text(".whom")
    assert STREET in door.page.inner_text(".whom")
    door.press("[data-do=arrive]")
    door.waiting(1)
    door.press("#authorise summary")
    door.press("[data-do=authorise][data-id=signed]")
    door.press("[data-item='1'] [data-do=delivered]")
    door.page.wait_for_selector("[data-item='1'][data-state=delivered]")
    door.press("[data-item='2'] [data-do=submitted]")
    door.press("[data-item='2'] [data-do=paper][data-id=id-card]")
    door.press("[data-item='3'] .acts summary")
    door.page.fill("[name=why3]", "她女儿已办")
    door.press("[data-item='3'] [data-do=withdraw]")
    picture = base64.b64decode(door.page.evaluate(_PICTURE))
    door.page.set_input_files("#camera", {"name": "form.png", "mimeType": "image/png", "buffer": picture})
    door.page.wait_for_selector("#photos")
    door.press("#leave summary")
    door.press("[data-do=leave][data-id=in_part]")
    door.waiting(14)
    assert door.now()["state"] == "planned", "nothing has reached the desk"
    door.page.reload()
    door.waiting(14)
    door.page.context.set_offline(False)
    door.waiting(0)
    assert door.now()["state"] == "done"
    assert door.now()["outcome"] == "in_part"
    assert door.items() == {"1": "delivered", "2": "submitted", "3": "withdrawn"}
    cases = stage.services.cases
    assert cases.kept.conflicts(door.hall) == {}
    texts = cases.reveal(Caller(by="test"), door.hall, door.case["id"])[1]
    assert "她女儿已办" in texts.values()
    (photo,) = [text for name, text in texts.items() if name.endswith("/photo")]
    assert base64.b64decode(photo).startswith(b"\xff\xd8\xff")
    assert door.page.locator("[data-do=open]").count() == 0, "what is over leaves the device"


def test_what_was_refused_stays_on_the_phone_until_the_desk_has_settled_it(stage: Stage) -> None:
    door = at_the_door(stage)
    door.take_along()
    cut(door)
    door.press("[data-do=open]")
    door.press("[data-do=arrive]")
    door.press("[data-item='1'] [data-do=submitted]")
    door.waiting(4)
    moved: dict[str, Any] = {"reason": "he is in hospital"}
    stage.services.cases.move_item(Caller(by="staff:c2"), door.hall, door.case["id"], "1", "withdraw", **moved)
    door.page.context.set_offline(False)
    door.waiting(0)
    assert door.now()["state"] == "under_way", "what is right is done"
    assert door.items()["1"] == "withdrawn"
    assert door.page.locator("[data-conflict]").count() == 3
    desk = door.page.context.new_page()
    desk.goto(f"{stage.installation.url}/desk/conflicts?lang=en")
    assert axe(desk) == []
    for left in (2, 1, 0):
        with desk.expect_navigation():
            desk.click("#conflicts li:first-child form:last-of-type button")
        assert desk.locator("[data-conflict]").count() == left
    door.page.context.set_offline(True)
    door.page.context.set_offline(False)
    door.page.wait_for_selector(".trouble", state="detached", timeout=60_000)


def test_nobodys_data_can_be_read_from_the_device_and_signing_out_clears_it(stage: Stage) -> None:
    door = at_the_door(stage)
    door.take_along()
    door.page.context.set_offline(True)
    door.press("[data-do=arrive]")
    door.waiting(1)
    found = door.page.evaluate(_KEPT)
    assert "iv" in found, "the search looks where it should"
    assert NAME not in found
    assert STREET not in found
    door.press("#sign-out button")
    door.page.wait_for_selector("#net.waiting:has-text('未退出')")
    door.page.context.set_offline(False)
    door.until(lambda: door.now()["state"] == "under_way", "the arrival is sent")
    door.waiting(0)
    with door.page.expect_navigation():
        door.press("#sign-out button")
    assert "sign-in" in door.page.url
    assert door.page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_a_visit_that_another_phone_has_taken_is_not_taken_twice(stage: Stage) -> None:
    door = at_the_door(stage)
    stage.services.visits.carry(Caller(by="staff:n01"), door.hall, door.visit["id"], "otherphone")
    stage.services.visits.act(
        Caller(by="staff:n01"), door.hall, "otherphone", 1, Action(door.visit["id"], "arrive", 1, {})
    )
    door.press("[data-do=take]")
    door.page.wait_for_selector("#net.waiting")
    assert door.page.locator("[data-do=open]").count() == 0


@LANGUAGES
@pytest.mark.parametrize(("width", "height"), [(320, 640), (375, 812)])
def test_axe_finds_nothing_at_the_door(stage: Stage, width: int, height: int, lang: str) -> None:
    door = at_the_door(stage, width, height, lang)
    limits = {"fontAtLeast": 16, "targetAtLeast": 44, "gapAtLeast": 8}
    assert (axe(door.page), measure(door.page, **limits)) == ([], [])
    door.take_along()
    door.press("[data-do=arrive]")
    door.page.wait_for_selector("#leave")
    assert (axe(door.page), measure(door.page, **limits)) == ([], [])
    for summary in door.page.locator("summary").all():
        summary.click()
    assert axe(door.page) == []
    wide = door.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
