"""The audit's page: every entry with who made it, the chain walked on request, and the auditor's alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.domain.callers import Caller
from hall.domain.permissions import ROLES
from tests.driver import KEY
from tests.web.conftest import Asker, Site
from workers.archiver import Archiver

PAGE = "/office/audit"


@pytest.fixture
def archive(site: Site) -> Iterator[Archive]:
    archive = Archive(site.sanban.settings.archive, key_of(KEY), migrate=True)
    yield archive
    archive.close()


@pytest.fixture
def auditor(site: Site, archive: Archive) -> Asker:
    clerk = site.staff("clerk", "ann")
    for _ in range(3):
        clerk.issue()
    clerk.post("windows/w1/open")
    clerk.post("windows/w1/call-next")
    copy(site, archive)
    return site.staff("auditor", "eve")


def copy(site: Site, archive: Archive) -> None:
    archiver = Archiver(site.sanban, archive)
    while archiver.copy(site.id):
        continue


def rows(page: str) -> list[list[str]]:
    """The cells of each entry: time, who, kind, about, facts."""
    page = re.sub(r" <small>.*?</small>", "", page)
    found = re.findall(r"<tr data-entry=.*?</tr>", page, re.DOTALL)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row)] for row in found]


def test_every_entry_is_listed_with_who_made_it(auditor: Asker) -> None:
    listed = rows(auditor.get(f"{PAGE}?lang=en").text)
    assert [row[2] for row in listed[:3]] == ["called", "window_opened", "issued"]
    assert listed[0][1] == "staff:ann"
    assert listed[0][3] == "ticket A001 · window w1"
    assert listed[2][3] == "ticket A003"


def test_the_auditor_reads_nouns_in_chinese_and_kinds_by_their_names(auditor: Asker) -> None:
    page = auditor.get(f"{PAGE}?lang=zh").text
    listed = rows(page)
    assert (listed[0][2], listed[0][3]) == ("called", "号票 A001 · 窗口 w1")
    assert "<code>called</code> <small>已叫号</small>" in page


def test_moments_are_told_by_the_halls_clock(site: Site, auditor: Asker) -> None:
    (called,) = rows(auditor.get(f"{PAGE}?kind=called").text)
    ticket = site.sanban.store.snapshot(site.id).tickets
    arrived = site.sanban.halls.get(site.id).calendar.local(min(one["arrived"] for one in ticket.values()))
    assert f"arrived {arrived:%Y-%m-%d %H:%M:%S}" in called[4]
    assert not re.search(r"[0-9]{13}", called[4])


def test_moments_within_a_fact_are_told_by_the_halls_clock_too(site: Site, auditor: Asker, archive: Archive) -> None:
    clerk = site.staff("clerk", "ann")
    clerk.post("windows/w1/start")
    clerk.post("windows/w1/finish")
    rating = site.sanban.ratings.by_staff(Caller(by="staff:ann"), site.id, "A001", 2)
    copy(site, archive)
    (rated,) = rows(auditor.get(f"{PAGE}?kind=rated").text)
    at = site.sanban.halls.get(site.id).calendar.local(rating["at"])
    assert f"{at:%Y-%m-%d %H:%M:%S}" in rated[4]
    assert not re.search(r"[0-9]{13}", rated[4])


def test_entries_are_found_by_who_kind_and_day(auditor: Asker) -> None:
    assert [row[2] for row in rows(auditor.get(f"{PAGE}?kind=issued").text)] == ["issued"] * 3
    assert {row[1] for row in rows(auditor.get(f"{PAGE}?by=ann").text)} == {"staff:ann"}
    assert rows(auditor.get(f"{PAGE}?date=2020-01-01").text) == []
    for nonsense in ("date=x", "date=0001-01-01", "before=x", "before=1-1&date=9999-12-31", "by=%00"):
        assert auditor.get(f"{PAGE}?{nonsense}").status_code == 200, nonsense


def test_older_entries_are_on_the_next_page(
    site: Site, auditor: Asker, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall.services.audit_log.PAGE", 2)
    every = [row[2:] for row in rows(auditor.get(f"{PAGE}?by=ann").text)]
    seen, path = [], f"{PAGE}?by=ann"
    for _ in range(9):
        page = auditor.get(path).text
        seen += [row[2:] for row in rows(page)]
        link = re.search(r'<a class="text" href="(/office/audit\?[^"]*before=[^"]*)"', page)
        if link is None:
            break
        path = link[1].replace("&amp;", "&")
    assert len(seen) == 6
    assert seen[:2] == every


def test_the_chain_is_walked_and_what_was_changed_is_named(site: Site, auditor: Asker, archive: Archive) -> None:
    whole = auditor.get(f"{PAGE}?verify=1&lang=en").text
    assert f"The chain is whole: {archive.count(site.id)} entries." in whole
    entry = archive.read(site.id)[2][0]
    ms, seq = entry.split("-")
    with archive.engine.begin() as sql:
        here = "WHERE hall = :hall AND ms = :ms AND seq = :seq"
        sql.execute(text(f"UPDATE entries SET body = body || ' ' {here}"), {"hall": site.id, "ms": ms, "seq": seq})  # noqa: S608
    assert f"broken at entry {entry}" in auditor.get(f"{PAGE}?verify=1&lang=en").text
    assert "broken" not in auditor.get(f"{PAGE}?lang=en").text


def test_the_audit_is_the_auditors_alone(site: Site) -> None:
    for role in ROLES:
        expected = 200 if role == "auditor" else 403
        assert site.program(role).get(PAGE).status_code == expected, role
    assert site.nobody().get(PAGE).status_code == 401


def test_an_auditor_comes_in_at_the_audit_and_is_shown_nothing_else(site: Site) -> None:
    eve = site.staff("auditor", "eve")
    form = {"hall": site.id, "name": "eve", "password": "a long enough password"}
    assert eve.submit("/sign-in", form).headers["Location"] == PAGE
    nav = re.search(r"<nav.*?</nav>", eve.get(PAGE).text, re.DOTALL)
    assert nav is not None
    assert re.findall(r'href="([^"]+)"', nav[0]) == [PAGE]
