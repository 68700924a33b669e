"""Journal into SQL: in order, once, in one step with the cursor. tests/system runs the same on PostgreSQL."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from hall.archive import audit
from hall.archive.archive import Archive, CursorMoved
from hall.archive.chain import Head
from hall.bootstrap import Sanban, build
from hall.settings import Settings
from tests.archive.conftest import CHAIN
from tests.archive.tools import facts, fill, journal, serve
from tests.driver import KEY
from workers.archiver import Archiver

ROOT = Path(__file__).resolve().parents[2]
New = Callable[..., str]
Open = Callable[[], Archive]
_BODY = json.dumps({"kind": "slot_due", "at": 1, "by": "timer"})


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
            assert sanban.store.journal.archived(hall) == archive.cursor(hall)


def test_rows_facts_and_cursor_are_one_step(sanban: Sanban, new_hall: New, archive: Archive) -> None:
    hall = new_hall()
    fill(sanban, hall, 3)
    rows = journal(sanban, hall)
    archive.append(hall, "0-0", rows[:2])
    with pytest.raises(CursorMoved):
        archive.append(hall, "0-0", rows)
    with pytest.raises(CursorMoved):
        archive.append(hall, rows[2][0], rows[3:])
    with pytest.raises(ValueError, match="invalid literal"):
        archive.append(hall, rows[1][0], [rows[2], ("not an id", _BODY)])
    assert archive.read(hall) == rows[:2]
    assert archive.cursor(hall) == rows[1][0]
    assert len(facts(archive, hall)["tickets"]) == 1
    archive.append(hall, rows[1][0], rows[2:])
    assert len(facts(archive, hall)["tickets"]) == 3


def test_the_archive_is_in_the_order_of_the_journal(archive: Archive) -> None:
    archive.append("h", "0-0", [("9-9", _BODY), ("9-10", _BODY), ("10-0", _BODY)])
    assert [entry for entry, _ in archive.read("h")] == ["9-9", "9-10", "10-0"]
    assert [entry for entry, _ in archive.read("h", after="9-9")] == ["9-10", "10-0"]


def test_two_archivers_write_each_entry_once(sanban: Sanban, new_hall: New, open_archive: Open) -> None:
    hall = new_hall()
    fill(sanban, hall, 60)

    def run(_: int) -> None:
        archiver = Archiver(sanban, open_archive())
        for _ in range(40):
            try:
                archiver.copy(hall)
            except OperationalError:
                continue  # the other one writes: the loop of the process tries again

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(run, n) for n in range(2)]
        for _ in range(10):
            fill(sanban, hall, 6)
        for writer in writers:
            writer.result()
    last = open_archive()
    Archiver(sanban, last).copy(hall)
    assert last.read(hall, 10_000) == journal(sanban, hall)
    assert len(facts(last, hall)["tickets"]) == 120


def test_an_archiver_that_is_killed_leaves_no_gap_and_nothing_twice(
    sanban: Sanban, new_hall: New, archive: Archive, archive_url: str, tmp_path: Path
) -> None:
    kill_again_and_again(sanban, new_hall(), archive, archive_url, tmp_path, 4)


def _archive_until_killed(store: str, archive_url: str, directory: Path) -> None:
    """The process under test, forked: starting Python a hundred times would be most of the test."""
    sanban = build(Settings(data_dir=directory, secret_key=KEY, redis_url=store))
    archiver = Archiver(sanban, Archive(archive_url, CHAIN, migrate=True))
    while True:
        with suppress(OperationalError):  # the test reads at the same moment
            archiver.turn()


@pytest.mark.parametrize("rounds", [20, pytest.param(100, marks=pytest.mark.long)])
def test_an_archiver_that_is_killed_at_random_moments_under_load_loses_nothing(
    sanban: Sanban, new_hall: New, archive: Archive, archive_url: str, tmp_path: Path, rounds: int
) -> None:
    hall, chance = new_hall(), random.Random(2)
    store = str(sanban.settings.redis_url)
    for n in range(rounds):
        before = archive.cursor(hall)
        archive.close()  # a fork must not share a connection
        process = get_context("fork").Process(target=_archive_until_killed, args=(store, archive_url, tmp_path))
        process.start()
        sanban.timers.close_day(hall, f"2000-{n // 28 + 1:02}-{n % 28 + 1:02}")  # a checkpoint
        deadline = time.monotonic() + 30
        while archive.cursor(hall) == before:  # it is at work
            fill(sanban, hall, 1)
            serve(sanban, hall)
            assert time.monotonic() < deadline
        until = time.monotonic() + chance.uniform(0, 0.1)
        while time.monotonic() < until:
            fill(sanban, hall, 1)
            serve(sanban, hall)
        process.kill()
        process.join(60)
    check_complete(sanban, hall, archive)


def kill_again_and_again(
    sanban: Sanban, hall: str, archive: Archive, archive_url: str, tmp_path: Path, rounds: int
) -> None:
    """Kill the process at random moments while people come and are served."""
    chance = random.Random(1)
    env = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    env |= {"SANBAN_REDIS_URL": str(sanban.settings.redis_url), "SANBAN_DATA_DIR": str(tmp_path)}
    env |= {"SANBAN_SECRET_KEY": KEY.decode(), "SANBAN_ARCHIVE_URL": archive_url}
    for round_ in range(rounds):
        log = (tmp_path / "archiver.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "workers", "archiver"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        log.close()
        goal, deadline = archive.count(hall) + chance.randint(1, 40), time.monotonic() + 60
        while archive.count(hall) < goal:
            fill(sanban, hall, 1)
            serve(sanban, hall)
            assert time.monotonic() < deadline, (tmp_path / "archiver.log").read_text("utf-8")[-2000:]
        process.send_signal(signal.SIGTERM if round_ == rounds - 1 else signal.SIGKILL)
        process.wait(60)
    check_complete(sanban, hall, archive)


def check_complete(sanban: Sanban, hall: str, archive: Archive) -> None:
    """No entry missing, none twice, and the facts are those of all entries."""
    copied = archive.read(hall, 1_000_000)
    assert copied == journal(sanban, hall)[: len(copied)]
    while Archiver(sanban, archive).copy(hall):
        continue
    assert archive.read(hall, 1_000_000) == journal(sanban, hall)
    kept = facts(archive, hall)
    taken = [body for _, body in journal(sanban, hall) if '"kind":"issued"' in body]
    called = [body for _, body in journal(sanban, hall) if '"kind":"called"' in body]
    assert (len(kept["tickets"]), len(kept["calls"]), len(kept["visits"])) == (len(taken), len(called), len(called))
    assert archive.project_again(hall) == archive.count(hall)
    assert facts(archive, hall) == kept
    assert isinstance(audit.verify(archive, CHAIN, hall, []), Head)


def test_entries_copied_by_an_older_version_are_chained_and_projected(
    sanban: Sanban, new_hall: New, archive: Archive, open_archive: Open
) -> None:
    hall = new_hall()
    fill(sanban, hall, 4)
    serve(sanban, hall)
    Archiver(sanban, archive).copy(hall)
    before = facts(archive, hall)
    assert before["visits"][0]["how"] == "finished"
    archive.project_again(hall)
    assert facts(archive, hall) == before
    fill(sanban, hall, 1)
    Archiver(sanban, open_archive()).copy(hall)
    assert len(facts(archive, hall)["tickets"]) == 5


# What the store may forget -------------------------------------------------------------------


def test_nothing_is_trimmed_that_is_not_archived(sanban: Sanban, new_hall: New, archive: Archive) -> None:
    hall = new_hall()
    archiver, tomorrow = Archiver(sanban, archive), sanban.store.clock() + 86_400_000
    store = sanban.store.journal
    fill(sanban, hall, 3)
    assert store.trim(hall, archive.cursor(hall), tomorrow) == 0
    archiver.copy(hall)
    fill(sanban, hall, 2)
    written = journal(sanban, hall)
    assert store.trim(hall, archive.cursor(hall), tomorrow) == 3
    # The last archived one stays too: whoever reads on from it must find its place.
    assert journal(sanban, hall) == written[3:]
    assert archive.read(hall) == written[:4]


def test_what_is_archived_stays_as_long_as_the_hall_keeps_it(sanban: Sanban, new_hall: New, archive: Archive) -> None:
    hall = new_hall()
    archiver = Archiver(sanban, archive)
    fill(sanban, hall, 3)
    archiver.turn()
    assert archiver.trim(hall) == 0
    assert len(journal(sanban, hall)) == 4


def test_a_reader_that_is_behind_keeps_its_entries(sanban: Sanban, new_hall: New, archive: Archive) -> None:
    from hall.store.paper import PaperStore

    hall = new_hall()
    fill(sanban, hall, 3)
    written = journal(sanban, hall)
    PaperStore(sanban.store).set_cursor(hall, written[1][0])
    Archiver(sanban, archive).copy(hall)
    sanban.store.journal.trim(hall, archive.cursor(hall), sanban.store.clock() + 86_400_000)
    assert journal(sanban, hall) == written[1:]
