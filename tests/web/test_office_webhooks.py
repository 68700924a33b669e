"""The office's page of webhooks: what is seen there, who may do what, and that nothing is shown of a secret unasked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hall.domain.callers import Caller
from hall.domain.webhooks import EVENTS, Webhook
from tests.web.conftest import Asker, Site
from tests.web.test_office_description import change

PAGE = "/office/webhooks"
#: nobody listens there
NOWHERE = "https://127.0.0.1:1/hook"


@pytest.fixture
def told(site: Site) -> Site:
    """A hall with a webhook that nothing has been sent to."""
    city = Webhook("city", NOWHERE, tuple(EVENTS))
    site.sanban.halls.save(replace(site.sanban.halls.get(site.id), webhooks=(city,)), Caller(by="setup"))
    return site


def work(site: Site) -> None:
    (city,) = site.sanban.halls.get(site.id).webhooks
    while site.sanban.webhooks.step(site.id, city) == 0:
        continue


def submit(asker: Asker, path: str = PAGE, **form: str) -> tuple[int, str]:
    data = {"id": "city", "csrf_token": asker.csrf(f"{PAGE}?lang=en"), **form}
    answer = asker.client.post(path, data=data, follow_redirects=True)
    return answer.status_code, answer.text


def rows(page: str) -> list[list[list[str]]]:
    found = re.findall(r"<tr data-event=.*?</tr>", page, re.DOTALL)
    return [[re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td.*?</td>", row)][1:5] for row in found]


def test_without_a_webhook_the_page_says_so(site: Site) -> None:
    page = site.staff("manager", "boss").get(f"{PAGE}?lang=en").text
    assert "This hall tells no program." in page
    assert "/office/description?part=webhooks&amp;id=%2B" in page


def test_a_manager_sees_what_was_not_taken_and_why(told: Site) -> None:
    boss = told.staff("manager", "boss")
    assert "Nothing was sent yet." in boss.get(f"{PAGE}?lang=en").text
    boss.issue()
    work(told)
    page = boss.get(f"{PAGE}?lang=en").text
    (row,) = rows(page)
    assert row[0][-1] == "ticket.issued"
    assert [row[1], row[3]] == [["A001"], ["1"]]
    assert "SANBAN_WEBHOOK_NETWORKS" in row[2]
    assert 'data-state="waiting"' in page


def test_a_test_is_sent_and_shows_what_became_of_it(told: Site) -> None:
    boss = told.staff("manager", "boss")
    status, page = submit(boss, do="test")
    assert (status, "A test is on its way." in page, "data-pending" in page) == (200, True, True)
    work(told)
    page = boss.get(f"{PAGE}?lang=en").text
    assert "data-pending" not in page
    assert rows(page)[0][0][0] == "Test"
    assert "Send again" not in page, "a test is made anew"


def test_after_a_stop_somebody_goes_on_or_leaves_the_event_out_with_a_reason(told: Site) -> None:
    boss = told.staff("manager", "boss")
    assert submit(boss, do="resume")[0] == 409
    boss.issue()
    kept = told.sanban.webhooks.kept
    for do, more in (("resume", {}), ("leave_out", {"reason": "known to them"})):
        progress = kept.progress(told.id, "city")
        assert progress is not None
        entry = next(e for e in told.sanban.store.journal.after(told.id, progress.cursor) if e.kind == "issued")
        now = told.sanban.webhooks.moves.clock()
        claim = kept.claim(told.id, "city", progress.cursor, entry.id, now, now)
        assert claim is not None
        kept.settle(
            told.id, "city", progress.cursor, claim.tries, {"id": entry.id, "state": "failed"}, why="status 500"
        )
        page = boss.get(f"{PAGE}?lang=en").text
        assert 'data-state="stopped"' in page and "answer 500" in page
        if do == "leave_out":
            status, page = submit(boss, do=do, reason=" ")
            assert (status, 'role="alert"' in page) == (422, True)
        assert submit(boss, do=do, **more)[0] == 200
        assert 'data-state="stopped"' not in boss.get(f"{PAGE}?lang=en").text
    work(told)
    assert told.kinds().count("webhook_steered") == 2


def test_the_secret_is_an_administrators_and_shown_when_asked_for(told: Site) -> None:
    boss, admin = told.staff("manager", "boss"), told.staff("admin", "root")
    secret = told.sanban.webhooks.secret(told.id, Caller(by="test"), "city")
    assert submit(boss, f"{PAGE}/secret", do="show")[0] == 403
    assert "Show the secret" not in boss.get(f"{PAGE}?lang=en").text
    page = admin.get(f"{PAGE}?lang=en").text
    assert "Show the secret" in page and secret not in page
    assert secret in submit(admin, f"{PAGE}/secret", do="show")[1]
    status, page = submit(admin, f"{PAGE}/secret", do="new")
    assert status == 200 and "whsec_" in page and secret not in page
    assert told.kinds().count("webhook_steered") == 3


@pytest.mark.parametrize("form", [{"do": "explode"}, {"do": "test", "id": "nobody"}, {}, {"do": "again", "event": "x"}])
def test_nonsense_changes_nothing(told: Site, form: dict[str, str]) -> None:
    boss, before = told.staff("admin", "root"), told.state()
    assert submit(boss, **form)[0] in (409, 422)
    assert submit(boss, f"{PAGE}/secret", **form)[0] == 422
    assert told.state() == before


def test_a_webhook_is_made_changed_and_removed_in_a_form(site: Site) -> None:
    boss = site.staff("manager", "boss")
    new = {"id": "city", "url": NOWHERE, "events": ["case.opened", "ticket.called"], "on": "on"}
    assert change(boss, "webhooks", "+", **new)[0] == 302
    assert site.sanban.halls.get(site.id).webhooks == (Webhook("city", NOWHERE, ("ticket.called", "case.opened")),)
    assert change(boss, "webhooks", "city", on=None, events=["ticket.missed"])[0] == 302
    assert site.sanban.halls.get(site.id).webhooks == (Webhook("city", NOWHERE, ("ticket.missed",), on=False),)
    for name, wrong in (("url", "ftp://x"), ("events", None)):
        status, page = change(boss, "webhooks", "city", **{name: wrong})
        assert (status, 'role="alert"' in page) == (422, True)
    assert site.sanban.webhooks.kept.progress(site.id, "city") is not None
    assert change(boss, "webhooks", "city", remove="1")[0] == 302
    assert site.sanban.halls.get(site.id).webhooks == ()
    assert site.sanban.webhooks.kept.progress(site.id, "city") is None


def test_a_thing_without_a_name_is_listed_by_its_id(site: Site) -> None:
    """A printer needs none; its list could not be shown."""
    boss = site.staff("manager", "boss")
    assert change(boss, "printers", "+", id="front", kind="network", host="10.0.0.9")[0] == 302
    answer = boss.get("/office/description?part=printers&lang=en")
    assert answer.status_code == 200
    assert re.search(r"id=front\"[^>]*>front<", answer.text)
