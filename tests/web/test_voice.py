"""What a display asks of the voice, and how clips are served."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hall.domain.callers import Caller
from hall.domain.voice import Voice
from tests.web.conftest import Asker, Site, code_of, json_of

WORD = {"zone": "hall", "page": "p1"}


@pytest.fixture
def speaking(site: Site) -> Site:
    hall = replace(site.sanban.halls.get(site.id), voice=Voice(on=True))
    site.sanban.halls.save(hall, Caller(by="setup"))
    return site


@pytest.fixture
def display(speaking: Site) -> Asker:
    return speaking.device("display")


def test_a_display_asks_plays_and_says_that_it_is_done(speaking: Site, display: Asker, clerk: Asker) -> None:
    number = clerk.issue()["number"]
    clerk.post("windows/w2/call-next")
    told = json_of(display.post("voice/next", WORD))
    said = told["announcement"]
    assert (told["on"], told["speaks"], told["waiting"]) == (True, True, 0)
    assert (said["number"], said["window"], said["repeat"]) == (number, "2", 2)
    names = [address.split("?")[0].rpartition("/")[2] for address in said["sentences"][0]["clips"]]
    assert names == ["qing", "a", "0", "0", "1", "hao", "dao", "2", "hao", "chuangkou"]
    for address in (said["chime"], *said["sentences"][0]["clips"]):
        clip = display.get(address)
        assert (clip.status_code, clip.content_type, clip.data[:4]) == (200, "audio/wav", b"RIFF"), address
        assert "immutable" in clip.headers["Cache-Control"]

    assert display.post(f"voice/{said['id']}/done", WORD).status_code == 204
    assert display.post(f"voice/{said['id']}/done", WORD).status_code == 204
    assert json_of(clerk.get(f"tickets/{number}"))["shown"] is True
    assert json_of(display.post("voice/next", WORD))["announcement"] is None
    assert speaking.kinds().count("announced") == 1


def test_another_display_is_told_when_to_ask_again(speaking: Site, display: Asker, clerk: Asker) -> None:
    clerk.issue()
    clerk.post("windows/w2/call-next")
    assert json_of(display.post("voice/next", WORD))["speaks"]
    other = json_of(speaking.device("display").post("voice/next", WORD))
    assert (other["speaks"], other["announcement"], other["waiting"]) == (False, None, 1)
    assert 1000 < other["wait_ms"] < 40_000


def test_asking_all_day_leaves_nothing_in_the_store(speaking: Site, display: Asker) -> None:
    for n in range(3):
        display.post("voice/next", WORD, headers={"Idempotency-Key": f"k{n}"})
    assert not list(speaking.sanban.store.reads.scan_iter(f"*{speaking.id}*request*device*"))


def test_a_hall_without_a_voice_tells_its_displays(site: Site, clerk: Asker) -> None:
    clerk.issue()
    clerk.post("windows/w2/call-next")
    told = json_of(site.device("display").post("voice/next", WORD))
    assert (told["on"], told["announcement"]) == (False, None)


def test_an_unknown_zone_is_refused(display: Asker) -> None:
    for path, body in (("next", {}), ("1-0/done", {}), ("blocked", {"blocked": True})):
        answer = display.post(f"voice/{path}", {**WORD, **body, "zone": "attic"})
        assert (answer.status_code, code_of(answer)) == (404, "UNKNOWN_ZONE"), path


@pytest.mark.parametrize("page", ["", "a b", "../x", "x" * 21, 3])
def test_a_page_that_is_none_is_refused(display: Asker, page: object) -> None:
    assert display.post("voice/next", {**WORD, "page": page}).status_code == 422


@pytest.mark.parametrize("ring", ["x", "1", "1-", "1-0-0", "%2e%2e"])
def test_a_ring_that_is_none_is_refused(display: Asker, ring: str) -> None:
    assert display.post(f"voice/{ring}/done", WORD).status_code in (404, 422)


def test_blocked_sound_is_in_the_journal_and_the_office_sees_it(speaking: Site, display: Asker, manager: Asker) -> None:
    for _ in range(2):
        assert display.post("voice/blocked", {**WORD, "blocked": True}).status_code == 204
    assert speaking.kinds().count("sound_blocked") == 1
    (silent,) = json_of(manager.get("voice"))["silent"].values()
    assert silent["name"] == "display"
    display.post("voice/blocked", {**WORD, "blocked": False})
    assert json_of(manager.get("voice"))["silent"] == {}


@pytest.mark.parametrize(
    "path",
    ["zh/%2e%2e%2fsecret_key", "zh/..", "../secret_key", "zh/nothing", "x/qing", "zh/qing.wav", "ZH/qing", "zh/QING"],
)
def test_what_is_no_clip_is_not_found(display: Asker, path: str) -> None:
    answer = display.get(f"voice/{path}")
    assert (answer.status_code, code_of(answer)) == (404, "NOT_FOUND")


def test_a_clip_without_its_version_is_asked_for_again_each_time(display: Asker) -> None:
    first = display.get("voice/zh/qing?v=old")
    assert first.headers["Cache-Control"] == "no-cache"
    again = display.get("voice/zh/qing", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_recording_is_served_from_the_next_call_on(speaking: Site, display: Asker) -> None:
    folder = speaking.sanban.settings.data_dir / "voice" / speaking.id / "zh"
    folder.mkdir(parents=True)
    (folder / "qing.mp3").write_bytes(b"ID3 ours")
    clip = display.get("voice/zh/qing")
    assert (clip.content_type, clip.data) == ("audio/mpeg", b"ID3 ours")
