"""The second factor of staff: asked for after the password, good once, needed by roles, lost and found again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyotp
import pytest

from hall.services import second as second_module
from tests.web.conftest import PASSWORD, Asker, Site
from tests.web.test_live import Socket
from tests.web.test_permissions import filled, routes

#: the clock of the codes
START = 1_800_000_000


class Clock:
    now = float(START)

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(second_module, "time", clock)
    return clock


@pytest.fixture
def needed(site: Site) -> Iterator[Site]:
    """Managers need one."""
    before = site.sanban.second
    made = replace(before, roles=frozenset({"manager"}))
    object.__setattr__(site.sanban, "second", made)
    yield site
    object.__setattr__(site.sanban, "second", before)


def add(site: Site, role: str = "clerk", name: str = "ann") -> None:
    site.sanban.access.set_staff(site.id, name, name, role, PASSWORD, "test")


def set_up(site: Site, clock: Clock, name: str = "ann") -> tuple[pyotp.TOTP, list[str]]:
    secret = site.sanban.second.new_secret()
    phone = pyotp.TOTP(secret)
    codes = site.sanban.second.set_up(site.id, name, secret, phone.at(int(clock.now)), f"staff:{name}")
    assert codes is not None
    return phone, codes


def password(asker: Asker, name: str = "ann") -> str:
    answer = asker.submit("/sign-in", {"hall": asker.site.id, "name": name, "password": PASSWORD})
    assert answer.status_code == 302
    return str(answer.location)


def code(asker: Asker, typed: str) -> int:
    return asker.submit("/sign-in/second", {"code": typed}).status_code


def may_serve(asker: Asker) -> bool:
    return asker.get("floor").status_code == 200


def told(site: Site, kind: str) -> list[dict[str, Any]]:
    return [entry.facts for entry in site.sanban.store.journal.after(site.id, "0-0") if entry.kind == kind]


# At the door ---------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_and_the_code_does(site: Site, clock: Clock) -> None:
    add(site)
    phone, _ = set_up(site, clock)
    asker = site.nobody()
    assert password(asker) == "/sign-in/second"
    assert not may_serve(asker)
    assert code(asker, "000000") == 401
    assert code(asker, phone.at(START)) == 302
    assert may_serve(asker)
    assert told(site, "signed_in") == [{"staff": "ann", "how": "password", "second": "totp"}]
    assert told(site, "sign_in_failed") == [{"staff": "ann", "how": "second", "why": "wrong"}]


def test_a_code_is_good_once_and_for_a_minute_and_a_half(site: Site, clock: Clock) -> None:
    add(site)
    phone, _ = set_up(site, clock)
    for typed, status in (
        (phone.at(START - 60), 401),
        (phone.at(START - 30), 302),
        (phone.at(START - 30), 401),  # somebody looked over a shoulder
        (phone.at(START + 30), 302),
        (phone.at(START + 60), 401),
        (f" {phone.at(START)[:3]} {phone.at(START)[3:]} ", 302),
    ):
        asker = site.nobody()
        password(asker)
        assert code(asker, typed) == status, typed


def test_codes_are_not_guessed(site: Site, clock: Clock) -> None:
    add(site)
    phone, _ = set_up(site, clock)
    asker = site.nobody()
    password(asker)
    wrong = [one for one in ("000000", "111111", "222222", "x", "", "\u4e2d" * 6) if one != phone.at(START)]
    assert [code(asker, one) for one in wrong[:5]] == [401] * 5
    assert code(asker, phone.at(START)) == 429
    assert not may_serve(asker)


@pytest.mark.parametrize("typed", ["", "000000"])
def test_without_the_password_nobody_is_asked_for_a_code(site: Site, clock: Clock, typed: str) -> None:
    add(site)
    set_up(site, clock)
    asker = site.nobody()
    assert asker.get("/sign-in/second").location == "/sign-in"
    token = asker.csrf("/sign-in")
    answer = asker.client.post("/sign-in/second", data={"csrf_token": token, "code": typed})
    assert answer.location == "/sign-in"
    assert not may_serve(asker)


def test_the_password_is_forgotten_after_five_minutes(site: Site, clock: Clock) -> None:
    add(site)
    phone, _ = set_up(site, clock)
    asker = site.nobody()
    password(asker)
    token = asker.csrf("/sign-in/second")
    with asker.client.session_transaction() as session:
        session["second"] = {**session["second"], "at": session["second"]["at"] - 301}
    answer = asker.client.post("/sign-in/second", data={"csrf_token": token, "code": phone.at(START)})
    assert answer.location == "/sign-in"
    assert not may_serve(asker)


def test_a_recovery_code_is_good_once_and_the_journal_says_so(site: Site, clock: Clock) -> None:
    add(site)
    _, codes = set_up(site, clock)
    assert len(set(codes)) == 8
    for typed, status in ((codes[3].upper(), 302), (codes[3], 401), (codes[0].replace("-", ""), 302)):
        asker = site.nobody()
        password(asker)
        assert code(asker, typed) == status, typed
        assert may_serve(asker) == (status == 302)
    assert [facts["second"] for facts in told(site, "signed_in")] == ["recovery"] * 2
    assert [facts["did"] for facts in told(site, "access_changed")].count("recovery_used") == 2


def test_a_link_of_the_office_asks_for_it_and_one_of_the_server_breaks_the_glass(site: Site, clock: Clock) -> None:
    add(site)
    phone, _ = set_up(site, clock)
    access = site.sanban.access
    asker = site.nobody()
    link = f"/link/{access.sign_in_code(site.id, 'ann', 'staff:boss')}"
    assert asker.submit(link, {"account": "1"}).location == "/sign-in/second"
    assert not may_serve(asker)
    assert asker.submit("/sign-in/second", {"code": phone.at(START)}).location == "/account"
    broken = site.nobody()
    assert broken.submit(f"/link/{access.sign_in_code(site.id, 'ann')}", {}).location == "/console/"
    assert may_serve(broken)


def test_the_store_holds_neither_secret_nor_recovery_code(site: Site, clock: Clock) -> None:
    add(site)
    phone, codes = set_up(site, clock)
    kept = str(site.sanban.access._access.all(site.id, "staff"))
    assert "blob" in kept
    assert phone.secret not in kept
    assert [one for one in codes if one in kept or one.replace("-", "") in kept] == []


# One's own account ---------------------------------------------------------------------------


def shown(page: str) -> str:
    found = re.search(r'<p class="letters"><code>([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


def kept(page: str) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', page)
    assert found
    return found[1]


def test_somebody_sets_one_up_and_takes_it_off_again(site: Site, clock: Clock) -> None:
    asker = site.staff("clerk")
    page = asker.get("/account/second?lang=en").text
    assert "<svg" in page
    form = {"do": "set", "kept": kept(page), "old": PASSWORD, "code": pyotp.TOTP(shown(page)).at(START)}
    for wrong in ({"old": "guess guess guess"}, {"code": "000000"}, {"kept": "x.y"}, {"kept": ""}):
        assert asker.submit("/account/second", {**form, **wrong}).status_code == 422
        assert not site.sanban.second.has(site.id, "ann")
    again = asker.submit("/account/second?lang=en", {**form, "code": "000000"}).text
    assert shown(again) == shown(page)  # what was scanned is still good
    done = asker.submit("/account/second?lang=en", form)
    assert done.status_code == 200
    assert len(re.findall(r"<li><code>(?:[a-z2-7]{6}-){3}[a-z2-7]{6}</code>", done.text)) == 8
    assert may_serve(asker)
    assert password(site.nobody()) == "/sign-in/second"
    assert asker.submit("/account/second", {"do": "off", "old": "guess guess guess"}).status_code == 422
    assert asker.submit("/account/second", {"do": "off", "old": PASSWORD}).status_code == 302
    assert not may_serve(asker)
    assert password(site.nobody()) == "/console/"


def test_a_page_of_somebody_else_sets_nothing_up(site: Site, clock: Clock) -> None:
    other = site.staff("clerk", "bob")
    page = other.get("/account/second").text
    form = {"do": "set", "kept": kept(page), "old": PASSWORD, "code": pyotp.TOTP(shown(page)).at(START)}
    assert site.staff("clerk", "ann").submit("/account/second", form).status_code == 422
    assert not site.sanban.second.has(site.id, "ann")


def test_an_administrator_takes_it_off_for_who_lost_the_phone(site: Site, clock: Clock) -> None:
    add(site)
    set_up(site, clock)
    admin = site.staff("admin", "root")
    sent = {"csrf_token": admin.csrf("/sign-in"), "do": "second_off", "id": "ann"}
    assert admin.client.post("/office/people/staff", data=sent).status_code == 200
    assert password(site.nobody()) == "/console/"
    assert told(site, "access_changed")[-1]["did"] == "second_factor_off"


# Roles that need one -------------------------------------------------------------------------


def test_a_role_that_needs_one_does_nothing_before_it_is_set_up(needed: Site, clock: Clock) -> None:
    add(needed, "manager")
    asker = needed.nobody()
    assert password(asker) == "/account/second"
    asker.headers = {"X-CSRFToken": asker.csrf("/account/second")}
    for route in routes(needed.app):
        if route.permission is not None:
            answer = asker.ask(route.method, filled(route.path, needed))
            assert answer.status_code == 403, route
    assert "set it up first" in asker.get("/office/?lang=en").text
    socket = Socket(needed, None, asker)
    assert socket.join(f"{needed.id}/floor")["problem"]["code"] == "FORBIDDEN"
    socket.close()
    page = asker.get("/account/second").text
    form = {"do": "set", "kept": kept(page), "old": PASSWORD, "code": pyotp.TOTP(shown(page)).at(START)}
    assert asker.submit("/account/second", form).status_code == 200
    assert asker.get("/office/").status_code == 200
    assert may_serve(needed.staff("clerk", "bob"))


def test_programs_of_the_role_are_no_people(needed: Site) -> None:
    assert may_serve(needed.program("manager"))
