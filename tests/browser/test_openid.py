"""In a real browser: out to the provider and back, with our content policy and cookies, and out again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.stage import axe
from tests.ports import free_port
from tests.system.identity import Provider
from tests.system.lies import CLIENT, SECRET
from tests.system.serving import Serving

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    here = Provider(free_port())
    here.start()
    yield here
    here.stop()


@pytest.fixture
def serving(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    here = Serving(
        tmp_path_factory.mktemp("openid"),
        SANBAN_OPENID_ISSUER=provider.url,
        SANBAN_OPENID_CLIENT=CLIENT,
        SANBAN_OPENID_SECRET=SECRET,
    ).start()
    yield here
    here.stop()


@pytest.fixture
def page(browser: Browser, serving: Serving) -> Iterator[Page]:
    context = browser.new_context(base_url=serving.url, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_staff_come_in_by_the_provider_and_go_again(page: Page, serving: Serving, provider: Provider) -> None:
    page.goto(serving.links["console"])
    for name in ("name", "password", "again"):
        page.fill(f"[name={name}]", "ann" if name == "name" else "correct horse battery")
    with page.expect_navigation():
        page.click("button.button")
    page.context.clear_cookies()
    for lang in ("zh", "en"):
        page.goto(f"/sign-in?lang={lang}")
        assert axe(page) == []
    page.click("text=Sign in with your organisation's account")
    page.wait_for_url(re.compile(re.escape(provider.url)))
    page.fill("input[name=sub]", "s-1")
    page.click("button:has-text('Authorize')")
    page.wait_for_url(re.compile(r"/console/"))
    page.goto("/account?lang=en")
    with page.expect_navigation():
        page.evaluate(
            "fetch('/sign-out', {method: 'POST', body: new URLSearchParams({csrf_token:"
            " document.querySelector('[name=csrf-token]').content})}).then((answer) => { location = answer.url; })"
        )
    assert axe(page) == []
    page.click("text=Sign out there too")
    page.wait_for_url(re.compile(f"{re.escape(provider.url)}/oauth2/end_session"))
    page.goto("/console/")
    assert page.locator("text=Sign in").count()
