"""Guessing passwords, sessions that end, and a member of staff's own account."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from argon2 import PasswordHasher

from hall.services import access as access_module
from hall.services import doors as doors_module
from hall.store.doors import DoorStore, Tries
from hall.store.keys import Keys
from tests.web.conftest import PASSWORD, Asker, Site
from tests.web.test_live import Socket, sockets, starter  # noqa: F401 - a fixture

WRONG = "guess guess guess"


def add(site: Site, name: str = "ann", role: str = "clerk") -> None:
    site.sanban.access.set_staff(site.id, name, name, role, PASSWORD, "test")


def at(asker: Asker, address: str) -> Asker:
    asker.client.environ_base = {**asker.client.environ_base, "REMOTE_ADDR": address}
    return asker


def tried(asker: Asker, password: str, name: str = "ann") -> int:
    form = {"hall": asker.site.id, "name": name, "password": password}
    return asker.submit("/sign-in", form).status_code


def may_serve(asker: Asker) -> bool:
    return asker.get("floor").status_code == 200


# Guessing ------------------------------------------------------------------------------------


def test_who_guesses_waits_ever_longer(site: Site) -> None:
    add(site)
    guesser = site.nobody()
    assert [tried(guesser, WRONG) for _ in range(7)] == [401] * 5 + [429] * 2
    answer = guesser.submit("/sign-in", {"hall": site.id, "name": "ann", "password": PASSWORD})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 8


def test_each_wait_is_twice_the_last(site: Site) -> None:
    store, waits = DoorStore(site.sanban.store), []
    key = Keys(site.id).of("wrong", "x")
    for _ in range(10):
        assert store.try_one(site.id, "x", Tries(3, 100)) == 0
        now = site.sanban.store.clock()
        waits.append(round((int(site.sanban.store.reads.hget(key, "until") or now) - now) / 1000))
        site.sanban.store.moves.hdel(key, "until")
    assert waits == [0, 0, 8, 16, 32, 64, 100, 100, 100, 100]
    assert 86_300_000 < site.sanban.store.reads.pttl(key) <= 86_400_000


@pytest.mark.parametrize("tries", [doors_module._OF_ONE, doors_module._OF_STRANGERS])
def test_who_waits_until_the_count_is_forgotten_guesses_less_than_who_goes_on(tries: Tries) -> None:
    """The figures of docs/security.md are those of the best way to guess."""
    day, told = 24 * 3600, {5: 108, 50: 153}
    doubling = [8 * 2**n for n in range(20) if 8 * 2**n < tries.longest_seconds]
    first, passed = tries.free + len(doubling), sum(doubling)
    going_on = first + (day - passed) // tries.longest_seconds
    starting_again = first * max(1, day / (passed + tries.forgotten_seconds))
    assert starting_again <= going_on <= told[tries.free]


def test_nobody_locks_a_colleague_out_not_even_behind_the_same_address(site: Site) -> None:
    add(site)
    own = site.nobody()
    assert tried(own, PASSWORD) == 302
    own.submit("/sign-out", {})
    colleague = site.nobody()
    for _ in range(7):
        tried(colleague, WRONG)
    assert tried(colleague, PASSWORD) == 429
    assert tried(own, PASSWORD) == 302
    elsewhere = at(site.nobody(), "10.9.9.9")
    assert tried(elsewhere, PASSWORD) == 302


def test_a_browser_somebody_signed_in_at_is_no_place_to_guess_either(site: Site) -> None:
    add(site)
    own = site.nobody()
    tried(own, PASSWORD)
    own.submit("/sign-out", {})
    assert [tried(own, WRONG) for _ in range(6)] == [401] * 5 + [429]


def test_a_known_browser_is_known_for_one_account(site: Site) -> None:
    add(site)
    add(site, "bob")
    own = site.nobody()
    tried(own, PASSWORD)
    (ann,) = [one for one in own.client._cookies.values() if "known" in one.key]  # type: ignore[union-attr]
    assert [tried(own, WRONG, "bob") for _ in range(6)][-1] == 429
    stranger = at(site.nobody(), "10.9.9.8")
    stranger.client.set_cookie(ann.key, ann.value[:-3] + "xxx")
    assert [tried(stranger, WRONG) for _ in range(6)][-1] == 429


def test_many_addresses_together_are_counted_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors_module, "_OF_STRANGERS", Tries(6, 900))
    add(site)
    own = site.nobody()
    tried(own, PASSWORD)
    answers = [tried(at(site.nobody(), f"10.8.0.{n}"), WRONG) for n in range(8)]
    assert answers[:4] == [401] * 4
    assert answers[-1] == 429
    assert tried(own, PASSWORD) == 302


def test_a_right_password_forgets_the_wrong_ones(site: Site) -> None:
    add(site)
    asker = site.nobody()
    for _ in range(3):
        assert [tried(asker, WRONG) for _ in range(4)] == [401] * 4
        assert tried(asker, PASSWORD) == 302


def test_what_is_verified_for_nobody_costs_what_a_password_of_today_costs() -> None:
    assert not PasswordHasher().check_needs_rehash(doors_module._NOBODY)


def test_a_name_that_is_not_there_takes_as_long_as_a_wrong_password(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By processor time: what a stranger can measure is no finer."""
    monkeypatch.setattr(site.sanban.access, "_hasher", PasswordHasher())
    add(site)

    def spent(act: Callable[[], object]) -> float:
        began = time.thread_time()
        act()
        return time.thread_time() - began

    check = site.sanban.doors.check_password
    names = {"ann": [0.0], "nobody-here": [0.0]}
    for n in range(3):
        for name, times in names.items():
            times.append(spent(lambda name=name, n=n: check(site.id, name, WRONG, f"10.7.{n}.1")))  # type: ignore[misc]
    there, missing = (median(times[1:]) for times in names.values())
    assert 0.5 < missing / there < 2, names


@pytest.mark.parametrize("what", ["tokens", "devices"])
def test_an_unknown_token_or_screen_takes_the_work_of_a_wrong_one(
    site: Site, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    access = site.sanban.access
    worked: list[str] = []
    token = site.token("clerk")
    site.device("kiosk")
    device = next(iter(access.devices(site.id)))
    real = access_module._hash

    def counted(text: str) -> str:
        worked.append(text)
        return real(text)

    monkeypatch.setattr(access_module, "_hash", counted)
    if what == "tokens":
        known, unknown = f"{token}x", f"sanban.{site.id}.ffffffff.x"
        counts = [(access.program(one), len(worked))[1] for one in (known, unknown)]
    else:
        counts = [(access.device(site.id, one, "x"), len(worked))[1] for one in (device, "kiosk-none")]
    assert counts[0] >= 1
    assert counts[1] > counts[0]


# Sessions ------------------------------------------------------------------------------------


def cookie_of(asker: Asker) -> str:
    cookie = asker.client.get_cookie("session")
    assert cookie is not None
    return str(cookie.value)


def thief(site: Site, cookie: str) -> Asker:
    """Another browser with a copy of the cookie."""
    other = site.nobody()
    other.client.set_cookie("session", cookie)
    return other


def test_a_copied_cookie_is_worthless_after_signing_out(site: Site) -> None:
    asker = site.staff("clerk")
    copy = thief(site, cookie_of(asker))
    assert may_serve(copy)
    asker.submit("/sign-out", {})
    assert not may_serve(copy)


def test_signing_in_makes_a_new_session_and_ends_the_old_one(site: Site) -> None:
    add(site)
    asker = site.nobody()
    asker.client.get("/sign-in")
    before = cookie_of(asker)
    tried(asker, PASSWORD)
    first = cookie_of(asker)
    assert before != first
    assert not may_serve(thief(site, before))
    tried(asker, PASSWORD)
    assert cookie_of(asker) != first
    assert not may_serve(thief(site, first))
    assert may_serve(asker)


def test_signing_out_everywhere_ends_every_session(site: Site) -> None:
    here, there = site.staff("clerk"), site.nobody()
    assert tried(there, PASSWORD) == 302
    assert may_serve(there)
    assert here.submit("/account/sign-out-everywhere", {}).status_code == 302
    assert not may_serve(here)
    assert not may_serve(there)
    assert tried(there, PASSWORD) == 302


def test_a_session_ends_when_it_is_not_used_and_after_a_day_of_work(site: Site) -> None:
    idle, used = site.staff("clerk", "ann"), site.staff("clerk", "bob")
    doors, store = site.sanban.doors, site.sanban.store
    keys = list(store.reads.scan_iter(Keys(site.id).of("session", "*")))
    assert len(keys) == 2
    assert all(0 < store.reads.ttl(key) <= 3600 for key in keys)
    assert may_serve(idle)
    doors.forget(site.id)
    for key in keys:
        store.moves.expire(key, 10)
    assert may_serve(used)
    lives = sorted(store.reads.ttl(key) for key in keys)
    assert lives[0] <= 10 < 3500 < lives[1]  # use keeps alive
    doors.forget(site.id)
    doors.longest_seconds, before = 0, doors.longest_seconds
    try:
        assert not may_serve(used)
    finally:
        doors.longest_seconds = before


def test_the_store_holds_no_cookie(site: Site) -> None:
    asker = site.staff("clerk")
    kept = " ".join(site.sanban.store.reads.scan_iter(f"*{site.id}*session*"))
    with asker.client.session_transaction() as session:
        secret = session["_user_id"].split("|")[3]
    assert len(secret) == 32
    assert secret not in kept


def test_the_end_of_a_session_ends_its_open_pages(site: Site, sockets: Callable[..., Socket]) -> None:  # noqa: F811
    turn = starter(site)
    leaving, staying = site.staff("clerk", "ann"), site.staff("clerk", "bob")
    turn()
    pages = [sockets(site, asker=who) for who in (leaving, staying)]
    for page in pages:
        assert page.join(f"{site.id}/floor")["snapshot"]
    leaving.submit("/sign-out", {})
    turn()
    assert [page.connected for page in pages] == [False, True]
    again = sockets(site, asker=leaving)
    assert again.join(f"{site.id}/floor")["problem"]["code"] == "SIGN_IN_NEEDED"


def test_a_session_that_ran_out_ends_its_open_pages(site: Site, sockets: Callable[..., Socket]) -> None:  # noqa: F811
    turn = starter(site)
    asker = site.staff("clerk")
    turn()
    page = sockets(site, asker=asker)
    page.join(f"{site.id}/floor")
    for key in list(site.sanban.store.reads.scan_iter(Keys(site.id).of("session", "*"))):
        site.sanban.store.moves.delete(key)
    live: Any = site.app.extensions["live"]
    live._hear_at = 0.0
    with site.app.app_context():
        live.hear()
    assert not page.connected


# One's own account ---------------------------------------------------------------------------

NEW = "correct horse battery"


def account(asker: Asker, **form: str) -> int:
    token = asker.csrf("/account?lang=en")
    return asker.client.post("/account/password", data={"csrf_token": token, **form}).status_code


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(site: Site) -> None:
    asker, other = site.staff("clerk"), site.nobody()
    tried(other, PASSWORD)
    assert account(asker, old=WRONG, password=NEW, again=NEW) == 422
    assert account(asker, old=PASSWORD, password=NEW, again="another one entirely") == 422
    assert account(asker, old=PASSWORD, password="short", again="short") == 422
    assert account(asker, old=PASSWORD, password=NEW, again=NEW) == 302
    assert may_serve(asker)
    assert not may_serve(other)
    assert tried(site.nobody(), NEW) == 302


def test_the_old_password_is_not_guessed_at_the_account(site: Site) -> None:
    asker = site.staff("clerk")
    assert [account(asker, old=WRONG, password=NEW, again=NEW) for _ in range(6)][-1] == 429


def test_a_link_leads_to_a_new_password(site: Site) -> None:
    add(site)
    asker = site.nobody()
    link = f"/link/{site.sanban.access.sign_in_code(site.id, 'ann')}"
    assert asker.submit(link, {"account": "1"}).location == "/account"
    assert "Old password" not in asker.get("/account?lang=en").text
    assert account(asker, password=NEW, again=NEW) == 302
    assert "Old password" in asker.get("/account?lang=en").text
    assert tried(site.nobody(), NEW) == 302


@pytest.mark.parametrize("who", ["nobody", "kiosk", "clerk token"])
def test_only_staff_have_an_account(site: Site, who: str) -> None:
    asker = site.as_(who)
    assert asker.get("/account").status_code == 401
    for path in ("/account/password", "/account/sign-out-everywhere"):
        assert asker.post(path).status_code == 401


@pytest.mark.parametrize("path", ["/account/password", "/account/sign-out-everywhere"])
def test_the_account_believes_only_pages_of_ours(site: Site, path: str) -> None:
    asker = site.staff("clerk")
    assert asker.client.post(path, data={"old": PASSWORD, "password": NEW, "again": NEW}).status_code == 400
    assert may_serve(asker)


# Screens and programs ------------------------------------------------------------------------


def bearer(site: Site, token: str) -> Asker:
    return Asker(site, site.app.test_client(), {"Authorization": f"Bearer {token}"})


def test_a_new_machine_takes_the_place_of_the_old(site: Site) -> None:
    old = site.device("display")
    (device,) = site.sanban.access.devices(site.id)
    before = site.sanban.access.devices(site.id)[device]
    admin = site.staff("admin")
    page = admin.submit("/office/people/devices", {"do": "replace", "id": device}).text
    link = page.split('id="secret">')[1].split("<")[0].replace("http://localhost", "")
    assert old.get("board").status_code == 200  # until the new one is paired
    new = site.nobody()
    new.submit(link, {})
    new.headers = {"X-Device": "display"}
    assert new.get("board").status_code == 200
    assert old.get("board").status_code == 401
    (same,) = site.sanban.access.devices(site.id)
    after = site.sanban.access.devices(site.id)[same]
    assert same == device
    assert {**before, "hash": ""} == {**after, "hash": ""}


def test_a_token_with_an_end_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    program = bearer(site, site.sanban.access.add_token(site.id, "clerk", days=1))
    assert program.get("board").status_code == 200
    later = time.time() + 24 * 3600 + 1
    monkeypatch.setattr("time.time", lambda: later)
    assert program.get("board").status_code == 401


def test_a_rotated_token_is_good_for_a_day_beside_the_new_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    old = site.token("clerk")
    (token_id,) = site.sanban.access.list_tokens(site.id)
    new = site.sanban.access.rotate_token(site.id, token_id)
    assert old != new
    assert [bearer(site, one).get("board").status_code for one in (old, new)] == [200, 200]
    later = time.time() + 24 * 3600 + 1
    monkeypatch.setattr("time.time", lambda: later)
    assert [bearer(site, one).get("board").status_code for one in (old, new)] == [401, 200]


def test_the_office_sees_when_a_token_was_used_and_ends(site: Site) -> None:
    admin = site.staff("admin")
    form = {"do": "add", "role": "clerk", "label": "wall", "days": "30"}
    token = admin.submit("/office/people/tokens", form).text.split('id="secret">')[1].split("<")[0]
    assert bearer(site, token).get("board").status_code == 200
    (token_id,) = site.sanban.access.list_tokens(site.id)
    row = admin.get("/office/people").text.split(f'data-token="{token_id}"')[1].split("</tr>")[0]
    assert "–" not in row
    for days in ("0", "x", "-1", "9999", "²"):
        assert admin.submit("/office/people/tokens", {**form, "days": days}).status_code == 422
    assert len(site.sanban.access.list_tokens(site.id)) == 1


def test_an_administrator_ends_the_sessions_of_somebody(site: Site) -> None:
    admin, clerk = site.staff("admin", "boss"), site.staff("clerk", "ann")
    assert may_serve(clerk)
    assert admin.submit("/office/people/staff", {"do": "out", "id": "ann"}).status_code == 200
    assert not may_serve(clerk)
    assert tried(site.nobody(), PASSWORD) == 302
