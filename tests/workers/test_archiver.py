"""The archiver: every entry of the journal once in the archive, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from hall.archive.archive import Archive, CursorMoved
from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.services.tickets import Wish
from tests.driver import KEY
from workers.archiver import Archiver

ROOT = Path(__file__).resolve().parents[2]
New = Callable[..., str]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}")


def fill(sanban: Sanban, hall: str, count: int) -> None:
    for _ in range(count):
        sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",)))


def journal(sanban: Sanban, hall: str) -> list[tuple[str, str]]:
    return sanban.store.journal.raw_after(hall, "0-0", 100_000)


def test_entries_are_copied_as_they_are(sanban: Sanban, new_hall: New, archive: Archive) -> None:
    halls = [new_hall(), new_hall()]
    archiver = Archiver(sanban, archive)
    for _ in range(3):
        for hall in halls:
            fill(sanban, hall, 5)
        archiver.turn()
        for hall in halls:
            assert archive.read(hall) == journal(sanban, hall)
            assert archive.cursor(hall) == journal(sanban, hall)[-1][0]


def test_rows_and_cursor_are_one_step(sanban: Sanban, new_hall: New, archive: Archive) -> None:
    hall = new_hall()
    fill(sanban, hall, 3)
    rows = journal(sanban, hall)
    archive.append(hall, "0-0", rows[:2])
    with pytest.raises(CursorMoved):
        archive.append(hall, "0-0", rows)
    with pytest.raises(CursorMoved):
        archive.append(hall, rows[2][0], rows[3:])
    with pytest.raises(ValueError, match="invalid literal"):
        archive.append(hall, rows[1][0], [rows[2], ("not an id", "{}")])
    assert archive.read(hall) == rows[:2]
    assert archive.cursor(hall) == rows[1][0]


def test_the_archive_is_in_the_order_of_the_journal(archive: Archive) -> None:
    archive.append("h", "0-0", [("9-9", "{}"), ("9-10", "{}"), ("10-0", "{}")])
    assert [entry for entry, _ in archive.read("h")] == ["9-9", "9-10", "10-0"]


def test_two_archivers_write_each_entry_once(sanban: Sanban, new_hall: New, tmp_path: Path) -> None:
    hall = new_hall()
    fill(sanban, hall, 60)
    url = f"sqlite:///{tmp_path / 'archive.sqlite'}"

    def run(_: int) -> None:
        archiver = Archiver(sanban, Archive(url))
        for _ in range(40):
            try:
                archiver.copy(hall)
            except OperationalError:
                continue  # the other one writes: the loop of the process tries again

    Archive(url).close()
    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(run, n) for n in range(2)]
        for _ in range(10):
            fill(sanban, hall, 6)
        for writer in writers:
            writer.result()
    Archiver(sanban, Archive(url)).copy(hall)
    assert Archive(url).read(hall, 10_000) == journal(sanban, hall)


def test_an_archiver_that_is_killed_leaves_no_gap_and_nothing_twice(
    sanban: Sanban, new_hall: New, archive: Archive, tmp_path: Path
) -> None:
    hall = new_hall()
    env = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    env |= {"SANBAN_REDIS_URL": str(sanban.settings.redis_url), "SANBAN_DATA_DIR": str(tmp_path)}
    env |= {"SANBAN_SECRET_KEY": KEY.decode()}
    for round_ in range(4):
        log = (tmp_path / "archiver.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", "archiver"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        log.close()
        goal, deadline = archive.count(hall) + 20, time.monotonic() + 60
        while archive.count(hall) < goal:
            fill(sanban, hall, 5)
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGTERM if round_ == 3 else signal.SIGKILL)
        process.wait(20)
    copied = archive.read(hall, 100_000)
    assert copied == journal(sanban, hall)[: len(copied)]
    Archiver(sanban, archive).copy(hall)
    assert archive.read(hall, 100_000) == journal(sanban, hall)
