"""What is kept of a person, in the office: told, handed out, erased, and in the audit with who did it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hall.domain.booking_errors import UnknownPerson
from hall.domain.callers import Caller
from hall.domain.people import Person
from tests.booking import id_number
from tests.web.conftest import Asker, Site

PAGE = "/office/privacy"
NUMBER = id_number("19430607")
WHO = Person("欧阳秀英", "+8613987654321", NUMBER, "grey coat")


@pytest.fixture
def person(site: Site) -> str:
    return site.sanban.people.keep(Caller(by="staff:ann"), site.id, WHO)


@pytest.fixture
def admin(site: Site) -> Asker:
    return site.staff("admin", "root")


def ask(asker: Asker, **form: Any) -> tuple[int, str]:
    answer = asker.client.post(f"{PAGE}?lang=en", data={"csrf_token": asker.csrf("/sign-in"), **form})
    return answer.status_code, answer.text


def told(site: Site) -> list[tuple[str, str, str]]:
    """(kind, who, person) of every entry about a person."""
    entries = site.sanban.store.journal.after(site.id, "0-0")
    return [(one.kind, one.by, one.facts["person"]) for one in entries if one.kind in ("person_shown", "person_erased")]


def test_only_who_has_the_right_sees_the_page(site: Site, person: str) -> None:
    for role in ("clerk", "manager", "officer", "auditor", "portal"):
        asker = site.program(role)
        assert asker.get(PAGE).status_code == 403
        for do in ("find", "show", "file", "erase"):
            form = {"do": do, "number": NUMBER, "person": person, "sure": "1"}
            assert asker.client.post(PAGE, data=form, headers=asker.headers).status_code == 403
    assert told(site) == []
    assert site.sanban.people.get(site.id, person)


@pytest.mark.parametrize("typed", [NUMBER, "139 8765 4321"])
def test_somebody_is_found_masked(admin: Asker, person: str, typed: str) -> None:
    status, page = ask(admin, do="find", number=typed)
    assert status == 200
    assert f'data-person="{person}"' in page
    assert "欧***" in page
    for secret in (NUMBER, "秀英", "8765"):
        assert secret not in page


def test_everything_is_shown_and_handed_out_and_that_is_written_down(site: Site, admin: Asker, person: str) -> None:
    _, page = ask(admin, do="show", person=person)
    assert all(text in page for text in (NUMBER, "欧阳秀英", "grey coat"))
    form = {"csrf_token": admin.csrf("/sign-in"), "do": "file", "person": person}
    answer = admin.client.post(PAGE, data=form)
    assert answer.headers["Content-Disposition"] == f"attachment; filename=person-{person}.json"
    assert json.loads(answer.text)["person"]["id_number"] == NUMBER
    assert told(site) == [("person_shown", "staff:root", person)] * 2


def test_erasing_asks_once_more_and_is_written_down(site: Site, admin: Asker, person: str) -> None:
    assert ask(admin, do="erase", person=person)[0] == 422
    assert site.sanban.people.get(site.id, person)
    status, page = ask(admin, do="erase", person=person, sure="1")
    assert (status, "Erased." in page) == (200, True)
    with pytest.raises(UnknownPerson):
        site.sanban.people.get(site.id, person)
    assert told(site) == [("person_erased", "staff:root", person)]
    assert ask(admin, do="show", person=person)[0] == 404


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"do": "find", "number": "13900001111"}, 200),
        ({"do": "find", "number": "nonsense"}, 422),
        ({"do": "find"}, 422),
        ({"do": "show", "person": "0123456789abcdef"}, 404),
        ({"do": "show", "person": "../x"}, 404),
        ({"do": "dance"}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_done_is_said(admin: Asker, person: str, form: dict[str, str], status: int) -> None:
    assert ask(admin, **form)[0] == status


def test_a_person_of_another_hall_is_nobody_here(web: Any, site: Site, admin: Asker) -> None:
    other = Site(*web)
    person = other.sanban.people.keep(Caller(by="staff:ann"), other.id, WHO)
    assert "Nothing is kept" in ask(admin, do="find", number=NUMBER)[1]
    for do in ("show", "file", "erase"):
        assert ask(admin, do=do, person=person, sure="1")[0] == 404
    assert other.sanban.people.get(other.id, person)
