"""Who came in and how, who was refused, who was let in past the door: in the journal, on the auditor's page, in the
chain. What was typed is nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from hall.archive.archive import Archive
from hall.archive.chain import Broken, key_of
from hall.services import doors as doors_module
from hall.store.doors import Tries
from tests.driver import KEY
from tests.web.conftest import PASSWORD, Asker, Site
from workers.archiver import Archiver

#: typed where the password belongs, and where the name does
WRONG, MISPLACED = "guess guess guess", "my-own-secret-words"
DOOR = ("signed_in", "sign_in_failed", "link_made", "access_changed")


@pytest.fixture
def archive(site: Site) -> Iterator[Archive]:
    archive = Archive(site.sanban.settings.archive, key_of(KEY), migrate=True)
    yield archive
    archive.close()


def add(site: Site, name: str = "ann", role: str = "clerk") -> None:
    site.sanban.access.set_staff(site.id, name, name, role, PASSWORD, "test")


def tried(asker: Asker, password: str, name: str = "ann") -> int:
    return asker.submit("/sign-in", {"hall": asker.site.id, "name": name, "password": password}).status_code


def told(site: Site) -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, by, facts) of the door's entries."""
    entries = site.sanban.store.journal.after(site.id, "0-0")
    return [(entry.kind, entry.by, entry.facts) for entry in entries if entry.kind in DOOR]


def test_coming_in_being_refused_and_going_are_told_and_never_what_was_typed(site: Site) -> None:
    add(site)
    asker = site.nobody()
    assert [tried(asker, WRONG), tried(asker, PASSWORD, MISPLACED), tried(asker, PASSWORD)] == [401, 401, 302]
    asker.submit("/sign-out", {})
    assert told(site)[1:] == [
        ("sign_in_failed", "nobody", {"staff": "ann", "how": "password", "why": "wrong"}),
        ("sign_in_failed", "nobody", {"how": "password", "why": "unknown"}),
        ("signed_in", "staff:ann", {"staff": "ann", "how": "password"}),
        ("access_changed", "staff:ann", {"what": "sessions", "id": "ann", "did": "signed_out"}),
    ]
    raw = str(site.sanban.store.journal.raw_after(site.id, "0-0"))
    assert "signed_in" in raw
    assert [secret for secret in (WRONG, MISPLACED, PASSWORD) if secret in raw] == []


def test_a_link_past_the_password_names_who_made_it(site: Site) -> None:
    """Breaking the glass: whoever has a shell on the server signs in as somebody, and the journal says so twice."""
    add(site)
    site.nobody().submit(f"/link/{site.sanban.access.sign_in_code(site.id, 'ann')}", {})
    site.nobody().submit(f"/link/{site.sanban.access.sign_in_code(site.id, 'ann', 'staff:boss')}", {})
    assert told(site)[1:] == [
        ("link_made", "cli", {"purpose": "sign-in", "staff": "ann"}),
        ("signed_in", "staff:ann", {"staff": "ann", "how": "link", "link_by": "cli"}),
        ("link_made", "staff:boss", {"purpose": "sign-in", "staff": "ann"}),
        ("signed_in", "staff:ann", {"staff": "ann", "how": "link", "link_by": "staff:boss"}),
    ]


def test_the_first_administrator_is_told_too(site: Site) -> None:
    form = {"name": "root", "password": PASSWORD, "again": PASSWORD}
    site.nobody().submit(f"/set-up/{site.sanban.access.set_up_code(site.id)}", form)
    assert [(kind, by, facts.get("how") or facts.get("did")) for kind, by, facts in told(site)] == [
        ("link_made", "cli", None),
        ("access_changed", "set-up", "added"),
        ("signed_in", "staff:root", "set-up"),
    ]


def test_every_change_of_a_right_says_what_was_done_and_the_roles(site: Site) -> None:
    access = site.sanban.access
    add(site)
    add(site, "boss", "admin")
    access.set_role(site.id, "ann", "manager", "staff:boss", "leads the hall now")
    access.set_password(site.id, "ann", "another long password", "staff:ann")
    access.sign_out_everywhere(site.id, "ann", "staff:boss")
    access.remove_staff(site.id, "ann", "staff:boss", "moved away")
    token = access.add_token(site.id, "clerk").split(".")[2]
    access.rotate_token(site.id, token)
    access.revoke_token(site.id, token)
    facts = [{name: one for name, one in facts.items() if name != "id"} for _, _, facts in told(site)]
    assert facts == [
        {"what": "staff", "did": "added", "role": "clerk"},
        {"what": "staff", "did": "added", "role": "admin"},
        {"what": "staff", "did": "role", "role": "manager", "was": "clerk", "reason": "leads the hall now"},
        {"what": "staff", "did": "password", "role": "manager"},
        {"what": "staff", "did": "signed_out_everywhere", "role": "manager"},
        {"what": "staff", "did": "removed", "was": "manager", "reason": "moved away"},
        {"what": "tokens", "did": "added", "role": "clerk"},
        {"what": "tokens", "did": "rotated", "role": "clerk"},
        {"what": "tokens", "did": "revoked", "was": "clerk"},
    ]


def test_who_guesses_does_not_fill_the_journal(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors_module, "_TOLD", Tries(3, 900))
    for n in range(60):
        site.sanban.doors.tell_failed(site.id, f"nobody-{n}", "password", "unknown")
    # Then one in 8, 16, 32, 64 seconds: two minutes, should the machine be that slow.
    assert 3 <= len(told(site)) <= 7


def test_the_auditor_sees_the_door_and_the_chain_holds_it(site: Site, archive: Archive) -> None:
    add(site)
    tried(site.nobody(), WRONG)
    tried(site.nobody(), PASSWORD)
    eve = site.staff("auditor", "eve")
    archiver = Archiver(site.sanban, archive)
    while archiver.copy(site.id):
        continue
    for kind, shown in (("sign_in_failed", "nobody"), ("signed_in", "staff:ann"), ("access_changed", "test")):
        page = eve.get(f"/office/audit?kind={kind}&by={shown}&lang=en").text
        assert f"<code>{kind}</code>" in page, kind
        assert shown in page
    assert not isinstance(site.sanban.audit.verify(site.id), Broken)
    with archive.engine.begin() as sql:
        change = "UPDATE entries SET body = replace(body, 'sign_in_failed', 'signed_in') WHERE hall = :hall"
        sql.execute(text(change), {"hall": site.id})
    assert isinstance(site.sanban.audit.verify(site.id), Broken)


def test_a_name_that_is_not_there_asks_the_store_as_often_as_a_wrong_password(site: Site) -> None:
    """What is asked takes time, and time could tell who works here."""
    add(site)
    store = site.sanban.store.reads

    def asked(name: str, n: int) -> int:
        before = int(store.info("stats")["total_commands_processed"])
        site.sanban.doors.check_password(site.id, name, WRONG, f"10.6.{n}.1")
        return int(store.info("stats")["total_commands_processed"]) - before

    # The first try loads scripts and records; somebody else's commands between two looks only make a count larger.
    there, missing = ([asked(name, n) for n in range(4)][1:] for name in ("ann", "not-there"))
    assert min(there) == min(missing)
