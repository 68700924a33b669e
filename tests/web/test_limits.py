"""Who asks too often waits, nobody else does; and an address is believed only from a proxy of ours."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from hall.bootstrap import Sanban, build
from hall.domain.limits import LIMITS, Buckets, Limit, parse_limits
from hall.settings import Settings, SettingsError
from hall.store.limits import SharedLimits
from tests.web.conftest import Asker, Site, code_of, settings

Limited = Callable[..., Site]
_addresses = (f"10.1.{n // 250}.{n % 250 + 1}" for n in itertools.count())


@pytest.fixture
def limited(store_url: str, tmp_path: Path) -> Limited:
    """A hall whose limits are those the test names, and no other."""

    def make(text: str, **changes: Any) -> Site:
        limits = {**parse_limits("off"), **{n: one for n, one in parse_limits(text).items() if f"{n}=" in text}}
        services = build(settings(tmp_path, store_url, limits=limits, **changes))
        site = Site(create_app(services), services)
        site.app.extensions["limits"].held_seconds = 0
        return site

    return make


@pytest.fixture
def address() -> str:
    """Nobody else's in this test run: what is counted on the store outlives a test."""
    return next(_addresses)


def at(asker: Asker, address: str) -> Asker:
    asker.client.environ_base = {**asker.client.environ_base, "REMOTE_ADDR": address}
    return asker


def statuses(asker: Asker, path: str, times: int, method: str = "GET", body: object = None) -> list[int]:
    return [asker.ask(method, path, body).status_code for _ in range(times)]


# Buckets -------------------------------------------------------------------------------------


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    buckets, limit = Buckets(10), Limit(2, 3)
    assert [buckets.take("x", "ann", limit, 100.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert buckets.take("x", "bob", limit, 100.0) == 0
    assert buckets.take("x", "ann", limit, 100.5) == 0
    assert buckets.take("x", "ann", limit, 100.5) == 0.5
    assert [buckets.take("x", "ann", limit, 200.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_strangers_do_not_fill_the_memory() -> None:
    buckets = Buckets(100)
    for n in range(1000):
        buckets.take("x", f"stranger {n}", Limit(1, 1), 0)
    assert len(buckets._full) == 100


def test_the_store_counts_for_all_processes(web: tuple[Flask, Sanban], address: str) -> None:
    one, other = SharedLimits(web[1].store.moves), SharedLimits(web[1].store.moves)
    limit = Limit(1 / 60, 2)
    assert [process.take("x", address, limit) for process in (one, other)] == [0, 0]
    assert 50 < one.take("x", address, limit) <= 60
    assert 50 < other.take("x", address, limit) <= 60
    (key,) = web[1].store.reads.scan_iter(f"sanban:limit:x:{address}")
    assert 0 < web[1].store.reads.pttl(key) <= 120_000


@pytest.mark.parametrize("text", ["take", "take=5", "take=0/min", "take=5/day", "kiosk=5/s", "take=5/s:0", "OFF"])
def test_a_limit_that_cannot_be_read_stops_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="SANBAN_LIMITS"):
        Settings.load({"SANBAN_DATA_DIR": str(tmp_path), "SANBAN_LIMITS": text})


def test_limits_are_a_setting(tmp_path: Path) -> None:
    def load(text: str) -> Any:
        return Settings.load({"SANBAN_DATA_DIR": str(tmp_path), "SANBAN_LIMITS": text}).limits

    assert load("") == LIMITS
    assert load("take=30/min, program=500/s:9")["take"] == Limit(0.5, LIMITS["take"].burst, shared=True)
    assert load("take=30/min, program=500/s:9")["program"] == Limit(500, 9)
    assert {limit.rate for limit in load("off").values()} == {math.inf}


# Who is counted ------------------------------------------------------------------------------


def test_a_kiosk_takes_numbers_as_fast_as_people_come_and_no_faster(limited: Limited) -> None:
    site = limited("take=1/min:3")
    kiosk, other = site.device("kiosk"), site.device("kiosk")
    wish = {"services": ["a1"]}
    assert statuses(kiosk, "tickets", 4, "POST", wish) == [201, 201, 201, 429]
    refusal = kiosk.post("tickets", wish)
    assert code_of(refusal) == "TOO_MANY_REQUESTS"
    assert 1 <= int(refusal.headers["Retry-After"]) <= 60
    assert other.post("tickets", wish).status_code == 201
    assert site.kinds().count("issued") == 4
    assert kiosk.get("/kiosk/").status_code == 200


def test_a_flood_of_one_screen_is_its_own(limited: Limited) -> None:
    site = limited("device=1/min:5, program=1/min:3")
    one, other, program = site.device("display"), site.device("display"), site.program("clerk")
    assert statuses(one, "board", 7) == [200] * 5 + [429, 429]
    assert other.get("board").status_code == 200
    assert statuses(program, "board", 4) == [200, 200, 200, 429]
    assert one.get("/healthz").status_code == 200
    assert one.get("/static/css/base.css").status_code == 200


def test_a_ticket_is_followed_by_its_own_count_whatever_the_address(limited: Limited, address: str) -> None:
    site = limited("track=1/min:3, address=1/h:1, guess=1/h:1")
    tickets = [f"/t/{site.program('clerk').issue()['token']}" for _ in range(3)]
    everybody = at(site.nobody(), address)
    for path in tickets:
        assert statuses(everybody, path, 4) == [200, 200, 200, 429]


@pytest.mark.parametrize("path", ["/t/{hall}.0000000001.AAAAAAAAAAAAAAAAAAAAAA", "/a/x", "/api/v1/cases/x", "/pair/x"])
def test_who_guesses_waits_and_the_right_ones_behind_the_address_do_not(
    limited: Limited, address: str, path: str
) -> None:
    site = limited("guess=1/h:2")
    guesser, holder = at(site.nobody(), address), at(site.nobody(), address)
    token = site.program("clerk").issue()["token"]
    code = site.sanban.access.pairing_code(site.id, "kiosk")
    answers = statuses(guesser, path.format(hall=site.id), 4)
    assert answers[:2] in ([404, 404], [410, 410])
    assert answers[2:] == [429, 429]
    assert holder.get(f"/t/{token}").status_code == 200
    assert holder.get(f"/pair/{code}").status_code == 200


def test_wrong_bearer_tokens_are_guesses(limited: Limited, address: str) -> None:
    site = limited("guess=1/h:2")
    wrong = at(site.nobody(), address)
    wrong.headers = {"Authorization": f"Bearer sanban.{site.id}.aaaaaaaa.x"}
    assert statuses(wrong, "board", 3) == [401, 401, 429]
    right = at(site.program("clerk"), address)
    assert right.get("board").status_code == 200


def test_booking_without_an_account_is_counted_by_address(limited: Limited, address: str) -> None:
    site = limited("book=1/h:2")
    resident, clerk = at(site.nobody(), address), at(site.program("clerk"), address)
    body = {"services": ["a1"], "slot": 1, "name": "王"}
    answers = statuses(resident, "appointments", 3, "POST", body)
    assert answers[2] == 429
    assert 429 not in answers[:2]
    assert 429 not in statuses(clerk, "appointments", 3, "POST", body)


def test_everything_else_is_counted_by_address(limited: Limited, address: str) -> None:
    site = limited("address=1/h:3")
    assert statuses(at(site.nobody(), address), "/sign-in", 4) == [200, 200, 200, 429]
    assert statuses(at(site.nobody(), address), "/no/such/page", 1) == [429]
    assert at(site.nobody(), next(_addresses)).get("/sign-in").status_code == 200


def test_a_page_says_when_to_come_back_in_the_language_asked_for(limited: Limited, address: str) -> None:
    site = limited("address=1/min:1")
    asker = at(site.nobody(), address)
    asker.get("/halls")
    for language, words in (("en", "try again in"), ("zh-CN", "秒后再试")):
        answer = asker.get("/halls", headers={"Accept-Language": language})
        assert (answer.status_code, answer.content_type.split(";")[0]) == (429, "text/html")
        assert words in answer.text


def test_a_hall_behind_one_address_is_not_slowed_by_the_usual_limits(store_url: str, tmp_path: Path) -> None:
    """Forty clerks sign in and two hundred phones look at their number within a few seconds."""
    services = build(settings(tmp_path, store_url, limits=LIMITS))
    site = Site(create_app(services), services)
    crowd = next(_addresses)
    tokens = [site.program("clerk").issue()["token"] for _ in range(20)]
    for n in range(200):
        assert at(site.nobody(), crowd).get(f"/t/{tokens[n % 20]}").status_code == 200
    here = site.app.extensions["limits"]
    assert [here.take("sign_in", crowd) for _ in range(40)] == [0] * 40


# Addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "forwarded", "counted"),
    [
        ("", "1.1.1.1", "10.0.0.2"),
        ("10.0.0.9", "1.1.1.1", "10.0.0.2"),
        ("10.0.0.0/24", "1.1.1.1", "1.1.1.1"),
        ("10.0.0.0/24", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        ("10.0.0.0/24", "1.1.1.1, 10.0.0.7", "1.1.1.1"),
        ("10.0.0.0/24", "x, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.0/24", "", "10.0.0.2"),
        ("10.0.0.0/24, fd00::/8", "2001:db8::1, fd00::1", "2001:db8::1"),
    ],
)
def test_only_a_proxy_of_ours_says_who_asks(
    limited: Limited, trusted: str, forwarded: str, counted: str, tmp_path: Path
) -> None:
    networks = Settings.load({"SANBAN_DATA_DIR": str(tmp_path), "SANBAN_TRUSTED_PROXIES": trusted}).trusted_proxies
    site = limited("address=1/h:1", trusted_proxies=networks)
    at(site.nobody(), "10.0.0.2").get("/halls", headers={"X-Forwarded-For": forwarded})
    assert [who for name, who in site.app.extensions["limits"]._buckets._full if name == "address"] == [counted]


def test_a_network_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SANBAN_TRUSTED_PROXIES"):
        Settings.load({"SANBAN_DATA_DIR": str(tmp_path), "SANBAN_TRUSTED_PROXIES": "nginx"})
