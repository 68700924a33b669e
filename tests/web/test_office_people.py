"""Staff, screens and tokens as a page: told once, in the journal with the name, worthless at once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.conftest import Asker, Site

PAGE = "/office/people"


@pytest.fixture
def admin(site: Site) -> Asker:
    return site.staff("admin", "root")


def do(asker: Asker, what: str, **form: Any) -> tuple[int, str]:
    why = {"reason": "because"} if form.get("do") in ("role", "remove") else {}
    sent = {"csrf_token": asker.csrf("/sign-in"), **why, **form}
    answer = asker.client.post(f"{PAGE}/{what}?lang=en", data=sent)
    return answer.status_code, answer.text


def secret(page: str) -> str:
    (found,) = re.findall(r'<code id="secret">([^<]+)</code>', page)
    return str(found)


def changes(site: Site) -> list[tuple[str, Any]]:
    entries = site.sanban.store.journal.after(site.id, "0-0")
    return [(entry.by, entry.facts["what"]) for entry in entries if entry.kind == "access_changed"]


def test_only_an_administrator_lets_people_in(site: Site) -> None:
    assert site.staff("manager", "boss").get(PAGE).status_code == 403
    for what in ("staff", "devices", "tokens"):
        assert do(site.staff("manager", "boss"), what, do="add")[0] == 403


def test_somebody_is_added_and_signs_in_by_a_link_once(site: Site, admin: Asker) -> None:
    status, page = do(admin, "staff", do="add", id="wang", name="Wang Hong", role="clerk")
    assert status == 200
    path = re.sub(r"^https?://[^/]+", "", secret(page))
    newcomer = site.nobody()
    assert newcomer.submit(path, {}).status_code == 302
    assert newcomer.get("/console/").status_code == 200
    assert newcomer.get("/office/").status_code == 403
    assert site.nobody().client.get(path).status_code in (404, 409, 410)
    assert changes(site)[-1] == ("staff:root", "staff")


def test_another_role_ends_the_session_and_removing_does_too(site: Site, admin: Asker) -> None:
    wang = site.staff("clerk", "wang")
    assert wang.get("/console/").status_code == 200
    assert do(admin, "staff", do="role", id="wang", role="manager")[0] == 200
    assert wang.get("/console/").status_code == 401
    assert site.sanban.access.staff(site.id)["wang"]["role"] == "manager"
    wang = site.staff("clerk", "wang")
    assert do(admin, "staff", do="remove", id="wang", reason=" ")[0] == 422
    assert "wang" in site.sanban.access.staff(site.id)
    assert do(admin, "staff", do="remove", id="wang", reason="moved away")[0] == 200
    last = site.sanban.store.journal.after(site.id, "0-0")[-1]
    assert (last.kind, last.by, last.facts["reason"]) == ("access_changed", "staff:root", "moved away")
    assert wang.get("/console/").status_code == 401
    assert "wang" not in site.sanban.access.staff(site.id)


def test_a_screen_is_asked_to_load_its_page_again(site: Site, admin: Asker) -> None:
    site.device("kiosk")
    (kiosk,) = site.sanban.access.devices(site.id)
    status, page = do(admin, "devices", do="reload", id=kiosk)
    assert status == 200 and "loads its page again" in page
    entry = site.sanban.store.journal.after(site.id, "0-0")[-1]
    assert (entry.kind, entry.by, entry.facts["display"]) == ("reload_wanted", "staff:root", kiosk)
    assert do(admin, "devices", do="reload", id="nothing")[0] == 404


def test_the_last_administrator_stays(site: Site, admin: Asker) -> None:
    assert do(admin, "staff", do="remove", id="root")[0] == 409
    assert do(admin, "staff", do="role", id="root", role="clerk")[0] == 409
    site.staff("admin", "other")
    assert do(admin, "staff", do="role", id="other", role="clerk")[0] == 200


@pytest.mark.parametrize(
    ("what", "form"),
    [
        ("staff", {"do": "add", "id": "Not An Id!", "name": "x", "role": "clerk"}),
        ("staff", {"do": "add", "id": "root", "name": "again", "role": "clerk"}),
        ("staff", {"do": "add", "id": "x", "name": "x", "role": "king"}),
        ("staff", {"do": "role", "id": "nobody", "role": "clerk"}),
        ("staff", {"do": "remove", "id": "nobody"}),
        ("staff", {"do": "link", "id": "nobody"}),
        ("staff", {"do": "dance"}),
        ("devices", {"do": "add", "kind": "toaster"}),
        ("tokens", {"do": "add", "role": "king"}),
        ("tokens", {}),
    ],
)
def test_what_cannot_be_done_changes_nothing(site: Site, admin: Asker, what: str, form: dict[str, str]) -> None:
    before = changes(site)
    assert 400 <= do(admin, what, **form)[0] < 500
    assert changes(site) == before


def test_a_screen_is_paired_by_a_link_and_let_in_no_more(site: Site, admin: Asker) -> None:
    _, page = do(admin, "devices", do="add", kind="pad", name="Pad 1", place="w1")
    screen = site.nobody()
    screen.submit(re.sub(r"^https?://[^/]+", "", secret(page)), {})
    assert 'data-window="w1"' in screen.get("/pad/").text
    (device,) = site.sanban.access.devices(site.id)
    assert "Pad 1" in admin.get(PAGE).text
    assert do(admin, "devices", do="remove", id=device)[0] == 200
    assert screen.get("/pad/").status_code == 401


def test_a_token_is_good_at_its_windows_alone(site: Site, admin: Asker) -> None:
    assert 'name="windows" value="w2"' in admin.get(PAGE).text
    _, page = do(admin, "tokens", do="add", role="clerk", label="bridge", windows=["w1", "p1"])
    program = Asker(site, site.app.test_client(), {"Authorization": f"Bearer {secret(page)}"})
    assert program.post("windows/w1/open").status_code == 200
    assert program.post("windows/w2/open").status_code == 403
    assert re.search(r"<td>1\s+P\s*</td>", admin.get(PAGE).text), "by their labels"
    assert do(admin, "tokens", do="add", role="clerk", label="gone", windows="w99")[0] == 404
    assert len(site.sanban.access.list_tokens(site.id)) == 1


def test_a_token_is_shown_once_and_made_worthless(site: Site, admin: Asker) -> None:
    _, page = do(admin, "tokens", do="add", role="clerk", label="bridge")
    token = secret(page)
    program = Asker(site, site.app.test_client(), {"Authorization": f"Bearer {token}"})
    assert program.get("floor").status_code == 200
    assert token.split(".")[-1] not in admin.get(PAGE).text
    (token_id,) = site.sanban.access.list_tokens(site.id)
    assert do(admin, "tokens", do="remove", id=token_id)[0] == 200
    assert program.get("floor").status_code == 401
