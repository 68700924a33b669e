"""The page of webhooks, as somebody uses it, with a receiver that takes events from the real process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from hall.domain.callers import Caller
from hall.domain.webhooks import Webhook
from tests.browser.stage import Stage, axe, measure
from tests.notices.gateway import Gateway
from tests.office import office

EVENTS = ("ticket.issued", "ticket.called", "ticket.missed", "ticket.finished", "case.opened")


@pytest.fixture
def receiver() -> Iterator[Gateway]:
    with Gateway() as here:
        yield here


def tell(stage: Stage, *webhooks: Webhook) -> None:
    hall = replace(stage.hall, webhooks=webhooks)
    stage.services.halls.save(hall, Caller(by="test"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_webhook_is_tried_watched_and_goes_on_after_a_stop(
    stage: Stage, receiver: Gateway, until: Callable[..., None], lang: str
) -> None:
    kept = stage.services.webhooks.kept
    tell(stage, Webhook("city", receiver.url, EVENTS), Webhook("old", receiver.url, EVENTS, on=False))
    page = office(stage, "webhooks?id=city", lang)
    assert axe(page) == []
    assert measure(page) == []

    with page.expect_navigation():
        page.click("#webhook .choices-row .button >> nth=0")
    page.wait_for_selector("#log:not([data-pending]) .sent")
    assert [one.json["type"] for one in receiver.taken] == ["webhook.test"]

    receiver.answers = [410]
    number = stage.issue()
    stage.call_next("w3")
    until(page, lambda: kept.progress(stage.hall.id, "city").stopped is not None, "the webhook stops")
    page.reload()
    page.wait_for_selector("#webhook[data-state=stopped]")
    assert axe(page) == []
    assert measure(page) == []
    receiver.answers = [200]
    with page.expect_navigation():
        page.click(".stop .button >> nth=0")

    def states() -> list[Any]:
        return [(row["event"], row["state"], row.get("about")) for row in kept.log(stage.hall.id, "city")][:2]

    both = [("ticket.called", "sent", number), ("ticket.issued", "sent", number)]
    until(page, lambda: states() == both, "both events are taken")
    page.reload()
    page.wait_for_selector("#webhook[data-state=on]")
    with page.expect_navigation():
        page.click("#log tbody tr >> nth=1 >> button")
    page.wait_for_selector("#log:not([data-pending])")
    assert page.locator("#log tbody tr").count() == 4
    first, again = receiver.taken[-3], receiver.taken[-1]
    assert (first.json["id"], first.body) == (again.json["id"], again.body)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_webhook_is_made_in_a_form_and_its_secret_shown(stage: Stage, receiver: Gateway, lang: str) -> None:
    page = office(stage, "webhooks", lang)
    assert axe(page) == []
    with page.expect_navigation():
        page.click(".head a >> nth=0")
    page.fill("[name=id]", "city")
    page.fill("[name=url]", receiver.url)
    page.check("[value='ticket.called']")
    page.check("[value='case.opened']")
    page.fill("[name=reason]", "the city asked for it")
    page.evaluate("scrollTo(0, 0)")
    assert axe(page) == []
    assert measure(page) == []
    with page.expect_navigation():
        page.click("form.card .button >> nth=0")
    page.goto(f"{stage.installation.url}/office/webhooks")
    with page.expect_navigation():
        page.click("#webhook .choices-row .button >> nth=1")
    secret = page.inner_text("#secret")
    assert secret == stage.services.webhooks.secret(stage.hall.id, Caller(by="test"), "city")
    assert axe(page) == []
    assert measure(page) == []
