"""The audit's chain: whatever is changed, removed, moved or cut off shows."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from hall.archive import audit
from hall.archive.archive import Archive
from hall.archive.chain import Broken, Head
from hall.bootstrap import Sanban
from tests.archive.conftest import CHAIN
from tests.archive.tools import fill, journal
from workers.archiver import Archiver

New = Callable[..., str]


@pytest.fixture
def hall(sanban: Sanban, new_hall: New, archive: Archive) -> str:
    """Three batches of entries."""
    hall = new_hall()
    archiver = Archiver(sanban, archive)
    for _ in range(3):
        fill(sanban, hall, 3)
        archiver.copy(hall)
    return hall


def ids(sanban: Sanban, hall: str) -> list[str]:
    return [entry for entry, _ in journal(sanban, hall)]


def check(archive: Archive, hall: str, heads: list[Head] | None = None, key: bytes = CHAIN) -> Head | Broken:
    return audit.verify(archive, key, hall, heads or [])


def test_an_untouched_archive_is_whole(sanban: Sanban, archive: Archive, hall: str) -> None:
    found = check(archive, hall, [audit.head(archive, hall)])
    assert isinstance(found, Head)
    assert (found.entries, found.entry) == (10, ids(sanban, hall)[-1])


def tamper(archive: Archive, statement: str, hall: str, *entries: str) -> None:
    with archive.engine.begin() as sql:
        for n, entry in enumerate(entries):
            ms, seq = entry.split("-")
            sql.execute(text(statement), {"hall": hall, "ms": int(ms), "seq": int(seq), "n": n})


_HERE = "WHERE hall = :hall AND ms = :ms AND seq = :seq"


def test_a_changed_entry_is_found(sanban: Sanban, archive: Archive, hall: str) -> None:
    entry = ids(sanban, hall)[4]
    tamper(archive, f"UPDATE entries SET body = replace(body, 'kiosk', 'nobody') {_HERE}", hall, entry)  # noqa: S608
    assert check(archive, hall)[0] == entry


def test_a_removed_entry_is_found(sanban: Sanban, archive: Archive, hall: str) -> None:
    entries = ids(sanban, hall)
    tamper(archive, f"DELETE FROM entries {_HERE}", hall, entries[4])  # noqa: S608
    assert check(archive, hall)[0] == entries[5]


def test_two_entries_that_changed_places_are_found(sanban: Sanban, archive: Archive, hall: str) -> None:
    rows = dict(archive.read(hall))
    one, other = ids(sanban, hall)[4:6]
    with archive.engine.begin() as sql:
        for entry, body in ((one, rows[other]), (other, rows[one])):
            ms, seq = entry.split("-")
            sql.execute(text(f"UPDATE entries SET body = :b {_HERE}"), {"hall": hall, "ms": ms, "seq": seq, "b": body})  # noqa: S608
    assert check(archive, hall)[0] == one


def test_what_was_cut_off_at_the_end_shows_against_the_cursor_and_the_exported_head(
    sanban: Sanban, archive: Archive, hall: str
) -> None:
    head, entries = audit.head(archive, hall), ids(sanban, hall)
    tamper(archive, f"DELETE FROM entries {_HERE}", hall, entries[-1])  # noqa: S608
    assert check(archive, hall) == Broken(entries[-1], "archived, and no longer there")
    with archive.engine.begin() as sql:
        sql.execute(text("UPDATE cursors SET last = :last"), {"last": entries[-2]})
    assert isinstance(check(archive, hall), Head)
    assert check(archive, hall, [head]) == Broken(entries[-1], "exported that day, and no longer there")


def test_a_chain_made_with_another_key_is_not_ours(archive: Archive, hall: str) -> None:
    assert isinstance(check(archive, hall, key=b"another"), Broken)


def test_the_head_is_written_down_at_the_end_of_each_day(
    sanban: Sanban, archive: Archive, hall: str, tmp_path: Path
) -> None:
    sanban.timers.close_day(hall, "2000-01-01")
    Archiver(sanban, archive, tmp_path / "heads").copy(hall)
    (head,) = audit.exported(tmp_path / "heads", hall)
    assert head == audit.head(archive, hall)
    assert isinstance(check(archive, hall, [head]), Head)


def test_a_head_that_a_crash_kept_from_being_written_is_written_at_the_next_start(
    sanban: Sanban, archive: Archive, hall: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sanban.timers.close_day(hall, "2000-01-01")
    dying = Archiver(sanban, archive, tmp_path / "heads")
    monkeypatch.setattr(dying, "export_head", lambda _: None)
    dying.copy(hall)
    assert audit.exported(tmp_path / "heads", hall) == []
    for _ in range(2):
        Archiver(sanban, archive, tmp_path / "heads").copy(hall)
    (head,) = audit.exported(tmp_path / "heads", hall)
    assert head == audit.head(archive, hall)


def test_a_whole_tail_with_its_cursor_cut_off_shows_against_the_exported_head_alone(
    sanban: Sanban, archive: Archive, hall: str, tmp_path: Path
) -> None:
    sanban.timers.close_day(hall, "2000-01-01")
    Archiver(sanban, archive, tmp_path / "heads").copy(hall)
    heads = audit.exported(tmp_path / "heads", hall)
    before = archive.read(hall)[-2][0]
    tamper(archive, f"DELETE FROM entries {_HERE}", hall, heads[-1].entry)  # noqa: S608
    with archive.engine.begin() as sql:
        sql.execute(text("UPDATE cursors SET last = :last WHERE hall = :hall"), {"last": before, "hall": hall})
    assert isinstance(check(archive, hall), Head), "nothing in the database shows it"
    assert check(archive, hall, heads) == Broken(heads[-1].entry, "exported that day, and no longer there")


#: a web process: requests take turns wherever one of them waits
_BESIDE = """
from gevent import monkey
monkey.patch_all()
import gevent
from hall.archive.chain import link, verify

rows, mac = [], ""
for n in range(5000):
    mac = link(b"key", "hall", mac, f"{n}-0", "{}")
    rows.append((f"{n}-0", "{}", mac))
turns = []
other = gevent.spawn(lambda: [(turns.append(n), gevent.sleep(0)) for n in range(1000)])
print(verify(b"key", "hall", rows, [], "4999-0").entries, len(turns))
"""


def test_a_web_process_serves_others_while_it_walks_the_chain() -> None:
    walked = subprocess.run([sys.executable, "-c", _BESIDE], stdout=subprocess.PIPE, text=True, check=True)
    entries, turns = map(int, walked.stdout.split())
    assert (entries, turns) == (5000, 10)
