"""Signing in by a provider of OpenID Connect that runs as its own process, well and with every lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from hall import doctor
from hall.bootstrap import Sanban, build
from hall.store.embedded import EmbeddedServer
from tests.ports import free_port
from tests.system.identity import Provider, Way, application, may_serve, said, way_of
from tests.system.lies import CLIENT
from tests.web.conftest import PASSWORD, Site, settings

BACK = "/sign-in/openid/back"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    here = Provider(free_port())
    here.start()
    yield here
    here.stop()


@pytest.fixture(scope="module")
def usual(
    provider: Provider, store_server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Flask, Sanban]:
    return application(provider, store_server, tmp_path_factory.mktemp("usual"))


@pytest.fixture
def way(provider: Provider, usual: tuple[Flask, Sanban]) -> Iterator[Way]:
    provider.lie("nothing")
    yield way_of(provider, *usual)
    provider.lie("nothing")


# As it should be -----------------------------------------------------------------------------


def test_a_member_of_staff_comes_in_with_the_role_they_have_here(way: Way) -> None:
    browser, answer = way.go()
    assert (answer.status_code, answer.location) == (302, "/console/")
    assert may_serve(way, browser)
    assert browser.get("/office/").status_code == 403  # a clerk here, whatever they are there
    assert way.told() == [{"kind": "signed_in", "staff": "ann", "how": "openid"}]
    with browser.session_transaction() as session:
        assert [name for name in session if "state" in name or "token" in name.replace("csrf_token", "")] == []


def test_the_provider_is_asked_for_a_code_with_state_nonce_and_pkce_and_for_no_more_than_a_name(way: Way) -> None:
    asked = parse_qs(urlsplit(way.begin(way.browser()).location).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"] == ["openid profile"]
    assert asked["redirect_uri"] == [f"http://localhost{BACK}"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    other = parse_qs(urlsplit(way.begin(way.browser()).location).query)
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_the_session_is_ours_and_ends_with_us_and_the_way_out_there_is_shown(way: Way) -> None:
    browser, _ = way.go()
    token = browser.get("/sign-in").text.split('name="csrf-token" content="')[1].split('"')[0]
    out = browser.post("/sign-out", data={"csrf_token": token})
    assert not may_serve(way, browser)
    page = browser.get(f"{out.location}&lang=en").text
    assert "you still are signed in" in page
    assert "/sign-in/openid/leave" in page
    there = browser.get("/sign-in/openid/leave").location
    assert there.startswith(f"{way.provider.url}/oauth2/end_session?")
    asked = parse_qs(urlsplit(there).query)
    assert asked == {"client_id": [CLIENT], "post_logout_redirect_uri": ["http://localhost/sign-in"]}


def test_a_new_sign_in_makes_a_new_session(way: Way) -> None:
    browser, _ = way.go()
    old = browser.get_cookie("session")
    way.go(browser=browser)
    assert old is not None
    thief = way.browser()
    thief.set_cookie("session", old.value)
    assert not may_serve(way, thief)
    assert may_serve(way, browser)


def test_another_site_signs_nobody_in_without_their_wish(way: Way) -> None:
    for site, status in (("cross-site", 200), ("same-site", 200), ("same-origin", 302), ("none", 302)):
        answer = way.browser().get(f"/sign-in/openid/to/{way.site.id}", headers={"Sec-Fetch-Site": site})
        assert answer.status_code == status, site


# Who is not let in ---------------------------------------------------------------------------


def test_who_is_not_of_the_staff_is_not_made_one(way: Way) -> None:
    browser, answer = way.go("s-3")
    assert answer.status_code == 403
    assert "not one of the staff of this hall" in said(answer)
    assert list(way.site.sanban.access.staff(way.site.id)) == ["ann"]
    assert not may_serve(way, browser)
    assert way.told() == [{"kind": "sign_in_failed", "how": "openid", "why": "unknown"}]
    assert "stranger" not in str(way.site.sanban.store.journal.raw_after(way.site.id, "0-0"))


def test_staff_of_one_hall_are_nobody_in_another(way: Way) -> None:
    other = Site(way.site.app, way.site.sanban)
    browser = way.browser()
    began = browser.get(f"/sign-in/openid/to/{other.id}")
    assert browser.get(way.provider.agree(began.location, "s-1")).status_code == 403
    assert browser.get("/sign-in/openid/to/nowhere").status_code == 404


def test_a_name_that_was_given_to_somebody_else_there_opens_nothing_until_it_is_let_go(way: Way) -> None:
    assert way.go("s-1")[1].status_code == 302
    way.provider._ask("PUT", "/users/s-9", {"preferred_username": " ANN "})
    browser, answer = way.go("s-9")
    assert answer.status_code == 403
    assert "belongs to somebody else" in said(answer)
    assert not may_serve(way, browser)
    assert way.told()[-1] == {"kind": "sign_in_failed", "staff": "ann", "how": "openid", "why": "other identity"}
    first, _ = way.go("s-1")
    admin = way.site.staff("admin", "root")
    sent = {"csrf_token": admin.csrf("/sign-in"), "do": "unbind", "id": "ann"}
    assert admin.client.post("/office/people/staff", data=sent).status_code == 200
    assert not may_serve(way, first)
    assert may_serve(way, way.go("s-9")[0])
    assert way.go("s-1")[1].status_code == 403


def test_the_store_does_not_tell_who_somebody_is_there(way: Way) -> None:
    way.go()
    assert "s-1" not in str(way.site.sanban.access._access.all(way.site.id, "staff"))


# Lies ----------------------------------------------------------------------------------------


#: lie → why it is not believed
WHY = {
    "nonce": "invalid_claim",
    "no nonce": "missing_claim",
    "expired": "expired_token",
    "no end": "missing_claim",
    "audience": "invalid_claim",
    "issuer": "invalid_claim",
    "signature": "bad_signature",
    "unsigned": "unsupported_algorithm",
    "our secret": "unsupported_algorithm",
    "no identity": "no identity",
}


@pytest.mark.parametrize("lie", WHY)
def test_what_is_not_from_the_provider_for_us_and_now_lets_nobody_in(way: Way, lie: str) -> None:
    way.provider.lie(lie)
    browser, answer = way.go()
    assert answer.status_code == 403, answer.text
    assert "cannot be trusted" in said(answer)
    assert not may_serve(way, browser)
    (entry,) = way.told()
    assert (entry["kind"], entry["how"]) == ("sign_in_failed", "openid")
    assert entry["why"] == f"not trusted: {WHY[lie]}"


def test_an_identity_that_the_test_signed_again_is_a_good_one(way: Way) -> None:
    """Or the lies would be refused for how they are told."""
    way.provider.lie("nothing, signed again")
    assert may_serve(way, way.go()[0])


@pytest.mark.parametrize("lie", ["no claim", "odd claim"])
def test_an_identity_without_a_name_is_nobodys(way: Way, lie: str) -> None:
    way.provider.lie(lie)
    _, answer = way.go()
    assert answer.status_code == 403
    assert "does not say who you are" in said(answer)


def test_a_provider_that_says_it_is_another_is_not_believed(way: Way) -> None:
    way.provider.lie("metadata")
    answer = way.begin(way.browser())
    assert answer.status_code == 403
    assert "cannot be trusted" in said(answer)
    way.provider.lie("nothing")
    assert way.begin(way.browser()).status_code == 302


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?error=access_denied", "?error=x&state=y"])
def test_an_answer_to_nothing_this_browser_asked_is_no_sign_in(way: Way, query: str) -> None:
    before = len(way.provider.asked())
    answer = way.browser().get(f"{BACK}{query}{'&' if query else '?'}lang=en")
    assert answer.status_code == 400
    assert "begun elsewhere or too long ago" in said(answer)
    assert len(way.provider.asked()) == before
    assert way.told() == []


def test_the_answer_of_one_browser_opens_nothing_in_another(way: Way) -> None:
    """Somebody is sent a link that would sign them in as another, or a code that was stolen."""
    victim, thief = way.browser(), way.browser()
    way.begin(thief)
    path = way.provider.agree(way.begin(victim).location, "s-1")
    assert thief.get(path).status_code == 400
    assert not may_serve(way, thief)
    stolen = parse_qs(urlsplit(path).query)["code"][0]
    own = parse_qs(urlsplit(way.begin(thief).location).query)["state"][0]
    assert thief.get(f"{BACK}?code={stolen}&state={own}").status_code == 403  # PKCE: not the thief's verifier
    assert not may_serve(way, thief)


def test_an_answer_is_good_once(way: Way) -> None:
    browser = way.browser()
    path = way.provider.agree(way.begin(browser).location, "s-1")
    assert browser.get(path).status_code == 302
    assert browser.get(path).status_code == 400


def test_who_says_no_there_is_told_so_here(way: Way) -> None:
    browser = way.browser()
    began = way.begin(browser).location
    path = way.provider.agree(began, "s-1", action="deny")
    assert "error=access_denied" in path
    state = parse_qs(urlsplit(began).query)["state"][0]  # which this provider leaves out of its refusal
    answer = browser.get(f"{path}&state={state}&lang=en&error_description=%3Cscript%3Eevil")
    assert answer.status_code == 403
    assert "did not let you in" in said(answer)
    assert "evil" not in answer.text


# Away ----------------------------------------------------------------------------------------


def test_a_provider_that_is_away_is_told_and_passwords_still_work(
    store_server: EmbeddedServer, provider: Provider, tmp_path: Path
) -> None:
    away = Provider(free_port())
    gone = way_of(away, *application(away, store_server, tmp_path))
    answer = gone.begin(gone.browser())
    assert answer.status_code == 503
    assert "does not answer" in said(answer)
    assert gone.browser().get("/sign-in/openid/leave").status_code == 503
    assert may_serve(gone, gone.site.staff("clerk", "bob").client)


def test_a_provider_that_fails_between_two_steps_is_told(way: Way) -> None:
    browser = way.browser()
    path = way.provider.agree(way.begin(browser).location, "s-1")
    way.provider.lie("down")
    answer = browser.get(path)
    assert answer.status_code == 503
    assert "does not answer" in said(answer)
    way.provider.lie("nothing")
    assert way.go(browser=browser)[1].status_code == 302


def test_the_doctor_looks_at_the_provider(way: Way, store_server: EmbeddedServer, tmp_path: Path) -> None:
    assert list(doctor._sign_in(way.site.sanban)) == []
    way.provider.lie("metadata")
    assert "another issuer" in next(doctor._sign_in(way.site.sanban)).what
    _, gone = application(Provider(free_port()), store_server, tmp_path)
    assert "does not say what it is" in next(doctor._sign_in(gone)).what
    assert list(doctor._sign_in(build(settings(tmp_path, store_server.url)))) == []


# Passwords off -------------------------------------------------------------------------------


@pytest.fixture
def only(provider: Provider, store_server: EmbeddedServer, tmp_path: Path) -> Way:
    provider.lie("nothing")
    return way_of(provider, *application(provider, store_server, tmp_path, only=True))


def test_without_passwords_only_the_provider_and_a_shell_on_the_server_let_anybody_in(only: Way) -> None:
    asker = only.site.nobody()
    page = asker.get("/sign-in?lang=en").text
    assert 'type="password"' not in page
    assert "Sign in with your organisation" in page
    form = {"hall": only.site.id, "name": "ann", "password": PASSWORD}
    refused = asker.submit("/sign-in?lang=en", form)
    assert refused.status_code == 403
    assert "Nobody signs in with a password here" in said(refused)
    assert may_serve(only, only.go()[0])
    link = f"/link/{only.site.sanban.access.sign_in_code(only.site.id, 'ann')}"
    broken = only.site.nobody()
    assert broken.submit(link, {}).status_code == 302
    assert may_serve(only, broken.client)
    account = broken.get("/account").text
    assert 'type="password"' not in account
    token = broken.csrf("/account")
    sent = {"csrf_token": token, "password": "another long password", "again": "another long password"}
    assert broken.client.post("/account/password", data=sent).status_code == 403


def test_without_passwords_the_office_adds_people_and_makes_no_links(only: Way) -> None:
    only.site.sanban.access.set_staff(only.site.id, "boss", "boss", "admin", PASSWORD, "test")
    browser, _ = only.go("s-2")
    token = browser.get("/sign-in").text.split('name="csrf-token" content="')[1].split('"')[0]
    made = only.site.sanban.access.staff
    for form, status in (
        ({"do": "add", "id": "stranger", "name": "New", "role": "clerk"}, 200),
        ({"do": "link", "id": "ann"}, 403),
    ):
        answer = browser.post("/office/people/staff?lang=en", data={"csrf_token": token, **form})
        assert answer.status_code == status
        assert 'id="secret"' not in answer.text
    assert set(made(only.site.id)) == {"ann", "boss", "stranger"}
    assert may_serve(only, only.go("s-3")[0])
