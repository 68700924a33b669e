"""The door: passwords, links that work once, pairing, and requests that come from another site."""

from __future__ import annotations

import pytest

from tests.web.conftest import PASSWORD, Asker, Site, code_of

FORM = {"name": "ann", "password": PASSWORD}


def add(site: Site, name: str = "ann", role: str = "clerk") -> None:
    site.sanban.access.set_staff(site.id, name, name, role, PASSWORD, "test")


def may_serve(asker: Asker) -> bool:
    return asker.get("floor").status_code == 200


def test_a_password_opens_the_console(site: Site) -> None:
    add(site)
    asker = site.nobody()
    answer = asker.submit("/sign-in", {**FORM, "hall": site.id, "name": " Ann "})
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert asker.get("/console/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "another long password"},
        {"password": ""},
        {"name": "nobody"},
        {"name": ""},
        {"name": "ann\x00"},
        {"hall": "nowhere"},
        {"hall": ""},
        {"name": "a" * 10_000},
    ],
)
def test_a_wrong_sign_in_is_refused_and_says_not_what_was_wrong(site: Site, wrong: dict[str, str]) -> None:
    add(site)
    asker = site.nobody()
    answer = asker.submit("/sign-in?lang=en", {**FORM, "hall": site.id, **wrong})
    assert answer.status_code == 401
    assert "Name or password is wrong" in answer.text
    assert PASSWORD not in answer.text
    assert not may_serve(asker)


def test_a_field_that_is_missing_is_a_wrong_sign_in(site: Site) -> None:
    assert site.nobody().submit("/sign-in", {}).status_code == 401


def test_a_new_password_ends_the_sessions_of_the_old_one(site: Site) -> None:
    asker = site.staff("clerk")
    assert may_serve(asker)
    add(site)
    assert not may_serve(asker)


def test_signing_out_ends_the_session(site: Site) -> None:
    asker = site.staff("clerk")
    cookie = asker.client.get_cookie("session")
    assert asker.submit("/sign-out", {}).status_code == 302
    assert not may_serve(asker)
    assert cookie is not None


def test_a_change_by_cookie_needs_the_token_of_a_page_of_ours(site: Site) -> None:
    asker = site.staff("clerk")
    kiosk = site.device("kiosk")
    before = site.state()
    good = asker.headers.pop("X-CSRFToken")
    kiosk.headers.pop("X-CSRFToken")
    for who, headers in ((asker, {}), (asker, {"X-CSRFToken": "x"}), (asker, {"X-CSRFToken": ""}), (kiosk, {})):
        answer = who.post("tickets", {"services": ["a1"]}, headers=headers)
        assert (answer.status_code, code_of(answer)) == (400, "BAD_CSRF_TOKEN")
    stranger = site.nobody().csrf("/sign-in")
    assert asker.post("tickets", {"services": ["a1"]}, headers={"X-CSRFToken": stranger}).status_code == 400
    assert site.state() == before
    assert asker.post("tickets", {"services": ["a1"]}, headers={"X-CSRFToken": good}).status_code == 201


def test_behind_https_too_a_page_needs_no_referrer(site: Site) -> None:
    asker = site.staff("clerk")
    token = (
        asker.client.get("/sign-in", base_url="https://localhost").text.split('csrf-token" content="')[1].split('"')[0]
    )
    answer = asker.post("tickets", {"services": ["a1"]}, base_url="https://localhost", headers={"X-CSRFToken": token})
    assert answer.status_code == 201


@pytest.mark.parametrize("page", ["/sign-in", "/sign-out"])
def test_the_doors_own_forms_need_the_token_too(site: Site, page: str) -> None:
    add(site)
    asker = site.nobody()
    assert asker.client.post(page, data={**FORM, "hall": site.id}).status_code == 400
    assert not may_serve(asker)


def test_a_link_signs_in_once(site: Site) -> None:
    add(site)
    link = f"/link/{site.sanban.access.sign_in_code(site.id, 'ann')}"
    asker, late = site.nobody(), site.nobody()
    token = late.csrf(link)
    assert asker.submit(link, {}).status_code == 302
    assert may_serve(asker)
    assert late.client.post(link, data={"csrf_token": token}).status_code == 410
    assert late.client.get(link).status_code == 410
    assert not may_serve(late)


def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    """Messengers and virus scanners look at links before people do."""
    add(site)
    link = f"/link/{site.sanban.access.sign_in_code(site.id, 'ann')}"
    for _ in range(3):
        assert site.nobody().client.get(link).status_code == 200
    assert site.nobody().submit(link, {}).status_code == 302


def test_a_link_of_somebody_who_was_removed_is_worthless(site: Site) -> None:
    add(site)
    link = f"/link/{site.sanban.access.sign_in_code(site.id, 'ann')}"
    site.sanban.access._write(site.id, "staff", "ann", None, "test", "removed")
    assert site.nobody().submit(link, {}).status_code == 410


def test_the_first_administrator_is_made_once(site: Site) -> None:
    link = f"/set-up/{site.sanban.access.set_up_code(site.id)}"
    form = {"name": "root", "password": PASSWORD, "again": PASSWORD}
    asker, late = site.nobody(), site.nobody()
    token = late.csrf(link)
    for wrong in ({"password": "short", "again": "short"}, {"again": "different"}, {"name": "No Name!"}, {"name": ""}):
        assert asker.submit(link, {**form, **wrong}).status_code == 422
    assert asker.submit(link, form).status_code == 302
    assert asker.get("/console/").status_code == 200
    second = late.client.post(link, data={**form, "name": "second", "csrf_token": token})
    assert second.status_code == 410
    assert list(site.sanban.access.staff(site.id)) == ["root"]


def test_a_screen_is_paired_once(site: Site) -> None:
    link = f"/pair/{site.sanban.access.pairing_code(site.id, 'display')}"
    screen, late = site.nobody(), site.nobody()
    token = late.csrf(link)
    assert screen.submit(link, {}).location == "/display/"
    assert screen.get("/display/").status_code == 200
    assert late.client.post(link, data={"csrf_token": token}).status_code == 410
    assert len(site.sanban.access.devices(site.id)) == 1


def test_a_removed_screen_is_nobody(site: Site) -> None:
    screen = site.device("display")
    assert screen.get("board").status_code == 200
    site.sanban.access.remove_device(site.id, next(iter(site.sanban.access.devices(site.id))), "test")
    assert screen.get("board").status_code == 401


def test_one_browser_may_be_a_kiosk_and_a_display_at_once(site: Site) -> None:
    both = site.device("kiosk")
    both.submit(f"/pair/{site.sanban.access.pairing_code(site.id, 'display')}", {})
    assert both.get("/kiosk/").status_code == 200
    assert both.get("/display/").status_code == 200
    assert both.get("board").status_code == 403  # its scripts say that this page is a kiosk


def test_a_cookie_of_another_making_is_nobody(site: Site) -> None:
    screen = site.device("display")
    cookie = screen.client.get_cookie("sanban_display")
    assert cookie is not None
    for value in (cookie.value[:-2], f"{cookie.value}x", "W10.x", "", "中"):
        screen.client.set_cookie("sanban_display", value)
        assert screen.get("board").status_code == 401, value
    screen.client.delete_cookie("sanban_display")
    screen.client.set_cookie("sanban_kiosk", cookie.value)
    assert screen.get("board", headers={"X-Device": "kiosk"}).status_code == 401


@pytest.mark.parametrize("purpose", ["link", "pair", "set-up"])
def test_a_code_is_good_for_its_purpose_alone(site: Site, purpose: str) -> None:
    add(site)
    access = site.sanban.access
    codes = {
        "link": access.sign_in_code(site.id, "ann"),
        "pair": access.pairing_code(site.id, "kiosk"),
        "set-up": access.set_up_code(site.id),
    }
    for other, code in codes.items():
        assert site.nobody().client.get(f"/{purpose}/{code}").status_code == (200 if other == purpose else 410)


@pytest.mark.parametrize("code", ["x", "x.y", "%00.%00", "{hall}.", "{hall}", ".", "a" * 3000])
def test_a_made_up_code_opens_nothing(site: Site, code: str) -> None:
    for purpose in ("link", "pair", "set-up"):
        assert site.nobody().client.get(f"/{purpose}/{code.format(hall=site.id)}").status_code == 410
