"""Backups: made while the hall works, checked, and put back into an empty directory as a rehearsal."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rq import Queue

from hall.__main__ import cli
from hall.archive import dump, schema
from hall.archive.archive import Archive
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.people import Person
from hall.services import backups
from hall.services.backup_file import BadBackup, Reader
from hall.services.replay import Replay
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store import layout
from hall.store.connect import connect
from hall.store.embedded import EmbeddedServer
from hall.store.keys import HALLS, Keys
from hall.store.snapshots import NotEmpty
from tests.archive.tools import fill, serve
from tests.driver import KEY
from tests.workers.conftest import jobs, work  # noqa: F401 - fixtures
from workers.archiver import Archiver
from workers.follower import Follower

New = Callable[..., str]


@pytest.fixture
def made(sanban: Sanban, new_hall: New, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A hall with a life: archived, and some that is not; its own clip; its backup."""
    hall = new_hall()
    fill(sanban, hall, 5)
    serve(sanban, hall)
    archive = Archive(sanban.settings.archive, b"key", migrate=True)
    Archiver(sanban, archive).copy(hall)
    fill(sanban, hall, 2)
    clip = sanban.settings.data_dir / "voice" / hall / "zh" / "window.wav"
    clip.parent.mkdir(parents=True)
    clip.write_bytes(b"own recording")
    yield hall, sanban.backups.make(tmp_path / "backups").path
    archive.close()


@pytest.fixture
def empty(tmp_path: Path, elsewhere: str | None) -> Iterator[tuple[Settings, EmbeddedServer]]:
    """A new directory with a new store, as after a fire."""
    home = tmp_path / "new"
    home.mkdir()
    server = EmbeddedServer(home / "store").start()
    yield Settings(data_dir=home, secret_key=KEY, redis_url=server.url, archive_url=elsewhere), server
    server.stop()


def test_a_restored_hall_is_the_one_that_was_backed_up(
    sanban: Sanban, made: tuple[str, Path], empty: tuple[Settings, EmbeddedServer]
) -> None:
    hall, path = made
    before = sanban.store.snapshot(hall)
    sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",)))  # lost: it came after the backup
    here, server = empty
    backups.restore(path, here, server.url, skip=50)
    server.stop()
    server.start()  # what was restored is on the disk

    restored = build(here)
    after = restored.store.snapshot(hall)
    clocked = {"now": 0, "epoch": "", "windows": {name: {**w, "undo": 0} for name, w in before.windows.items()}}
    told = {name: {**w, "undo": 0} for name, w in after.windows.items()}
    assert replace(after, now=0, epoch="", windows=told) == replace(before, **clocked)  # type: ignore[arg-type]
    assert after.epoch != before.epoch
    assert (here.data_dir / "voice" / hall / "zh" / "window.wav").read_bytes() == b"own recording"
    archive = Archive(here.archive, b"key", migrate=True)
    assert Replay(restored.store, archive).compare(hall) == []
    assert archive.count(hall) > 5
    Archiver(restored, archive).copy(hall)
    assert archive.cursor(hall) == after.as_of
    archive.close()


def test_after_a_restore_no_number_and_no_link_is_given_out_again(
    sanban: Sanban, made: tuple[str, Path], empty: tuple[Settings, EmbeddedServer]
) -> None:
    hall, path = made
    lost = sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",))).ticket
    here, server = empty
    backups.restore(path, here, server.url, skip=50)
    new = build(here).tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",))).ticket
    assert new["number"] == "A058"
    assert int(new["id"]) > int(lost["id"])


def test_a_backup_is_of_one_moment_while_numbers_are_taken(
    sanban: Sanban, new_hall: New, tmp_path: Path, empty: tuple[Settings, EmbeddedServer]
) -> None:
    hall, stop = new_hall(), threading.Event()
    fill(sanban, hall, 20)

    def take() -> None:
        other = build(sanban.settings)
        while not stop.is_set():
            fill(other, hall, 1)

    busy = threading.Thread(target=take)
    busy.start()
    try:
        path = sanban.backups.make(tmp_path / "backups").path
    finally:
        stop.set()
        busy.join()
    here, server = empty
    backups.restore(path, here, server.url, skip=50)
    archive = Archive(here.archive, migrate=True)
    restored = build(here)
    assert Replay(restored.store, archive).compare(hall) == []
    assert 20 <= len(restored.store.snapshot(hall).tickets) <= len(sanban.store.snapshot(hall).tickets)
    archive.close()


def test_a_backup_holds_no_key_and_nothing_readable(sanban: Sanban, made: tuple[str, Path], tmp_path: Path) -> None:
    hall, path = made
    content = path.read_bytes()
    for readable in (KEY, hall.encode(), b"REDIS", b"VALKEY", b"own recording"):
        assert readable not in content
    summed = ["sha256sum", "--check", "--status", f"{path.name}.sha256"]
    assert subprocess.run(summed, cwd=path.parent, check=False).returncode == 0
    assert path.stat().st_mode & 0o077 == 0
    for name in ("secret_key", "key_ring"):
        (tmp_path / name).write_text("a key of this installation")
    sanban.backups.make(tmp_path / "again")
    assert {name.split("/")[0] for name in _parts(tmp_path / "again")} <= {"archive.jsonl", "store.rdb", "file"}


def _parts(directory: Path) -> list[str]:
    (path,) = directory.glob("*.backup")
    with path.open("rb") as file:
        names = []
        for name, data in Reader(file, KEY).parts():
            names.append(name)
            assert sum(map(len, data)) >= 0
        return names


def test_what_was_changed_cut_off_or_added_is_refused_before_anything_is_written(
    made: tuple[str, Path], empty: tuple[Settings, EmbeddedServer], tmp_path: Path
) -> None:
    whole, bad = made[1].read_bytes(), tmp_path / "bad.backup"
    middle = len(whole) // 2
    last = len(whole) - 4 - 17  # the piece that says it is the end
    wrong = {
        "cut off": [whole[:-1], whole[:middle], whole[:last], whole.partition(b"\n")[0] + b"\n"],
        "damaged": [whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]],
        "added": [whole + b"x"],
        "no backup": [b"", b"{}\n", b"[1]\n", b"\xff\xfe"],
        "format": [whole.replace(b'"sanban_backup": 1', b'"sanban_backup": 2', 1)],
    }
    here, server = empty
    for why, contents in wrong.items():
        for content in contents:
            bad.write_bytes(content)
            with pytest.raises(BadBackup, match=why):
                backups.restore(bad, here, server.url, skip=0)
    with pytest.raises(BadBackup, match="another key"):
        backups.restore(made[1], replace(here, secret_key=b"x" * 40), server.url, skip=0)
    assert build(here).store.reads.exists(HALLS) == 0
    assert sorted(path.name for path in here.data_dir.iterdir()) == ["store"]


def test_nothing_is_restored_over_a_hall_that_is_there(
    sanban: Sanban, made: tuple[str, Path], empty: tuple[Settings, EmbeddedServer], tmp_path: Path
) -> None:
    here, server = empty
    backups.restore(made[1], here, server.url, skip=0)
    with pytest.raises(dump.ArchiveNotEmpty):
        backups.restore(made[1], here, server.url, skip=0)
    fresh = replace(here, archive_url=f"sqlite:///{tmp_path / 'fresh.sqlite'}")
    with pytest.raises(NotEmpty):
        backups.restore(made[1], fresh, server.url, skip=0)


def test_what_is_kept_of_people_comes_back_readable_with_the_key_alone(
    sanban: Sanban, new_hall: New, tmp_path: Path, empty: tuple[Settings, EmbeddedServer]
) -> None:
    hall = new_hall()
    person = sanban.people.keep(Caller(by="staff:ann"), hall, Person(name="王秀英"))
    path = sanban.backups.make(tmp_path / "backups").path
    here, server = empty
    backups.restore(path, here, server.url, skip=0)
    assert build(here).people.get(hall, person).name == "王秀英"


def test_an_archive_of_an_older_version_is_backed_up_as_it_is_and_restored_as_one_of_today(
    sanban: Sanban, made: tuple[str, Path], empty: tuple[Settings, EmbeddedServer], tmp_path: Path
) -> None:
    """A backup comes before the migration."""
    hall, here = made[0], empty[0]
    old = Archive(sanban.settings.archive)
    rows = old.read(hall)
    schema.migrate_to(old.engine, "0002")
    path = sanban.backups.make(tmp_path / "before").path
    with old.engine.connect() as sql:
        assert schema.version(sql) == "0002"
    old.close()
    backups.restore(path, here, empty[1].url, skip=0)
    archive = Archive(here.archive)
    assert archive.read(hall) == rows
    archive.close()


# By the timer --------------------------------------------------------------------------------


def test_one_that_a_newer_sanban_made_is_refused_before_store_and_archive_are_written(
    sanban: Sanban, new_hall: New, tmp_path: Path, empty: tuple[Settings, EmbeddedServer]
) -> None:
    hall = new_hall()
    sanban.store.moves.hset(Keys(hall).hall, "layout", "2")
    path = sanban.backups.make(tmp_path / "newer").path
    sanban.store.moves.hset(Keys(hall).hall, "layout", "1")
    here, server = empty
    with pytest.raises(layout.UnknownLayout, match=f"{hall} has layout 2"):
        backups.restore(path, here, server.url, skip=0)
    assert connect(server.url, retries=False).dbsize() == 0
    backups.restore(sanban.backups.make(tmp_path / "own").path, here, server.url, skip=0)  # it is still empty
    assert build(here).store.snapshot(hall).epoch


def test_the_timer_makes_one_a_day_and_removes_old_ones(
    sanban: Sanban,
    new_hall: New,
    tmp_path: Path,
    jobs: Queue,  # noqa: F811
    work: Callable[[], list[str]],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new_hall()
    target = tmp_path / "kept"
    monkeypatch.setenv("SANBAN_BACKUP_DIR", str(target))
    scheduled = build(replace(sanban.settings, backup_dir=target))
    target.mkdir()
    for day in ("20200101", "20990101"):
        (target / f"sanban-{day}T000000Z.backup").write_bytes(b"one")
    (target / "sanban-notes.txt").write_text("not ours to remove")
    for _ in range(2):
        Follower(scheduled, jobs).back_up()
    assert work() == ["workers.jobs.back_up"]
    Follower(scheduled, jobs).back_up()
    assert work() == []
    names = sorted(path.name for path in target.iterdir())
    (new,) = [name for name in names if name.endswith(".sha256")]
    assert names == [new.removesuffix(".sha256"), new, "sanban-20990101T000000Z.backup", "sanban-notes.txt"]
    assert scheduled.backups.last()["path"] == str(target / new.removesuffix(".sha256"))


def test_one_that_failed_is_told_and_tried_again_after_an_hour(sanban: Sanban, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("no directory")
    scheduled = build(replace(sanban.settings, backup_dir=blocked))
    assert scheduled.backups.due()
    with pytest.raises(OSError, match="blocked"):
        scheduled.backups.make_scheduled()
    assert scheduled.backups.last()["error"] == "FileExistsError"
    assert not scheduled.backups.due()
    last = scheduled.backups.last()
    scheduled.store.moves.set("sanban:backup", json.dumps({**last, "tried": last["tried"] - 3_600_000}))
    assert scheduled.backups.due()


# The command line ----------------------------------------------------------------------------


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_the_commands_make_check_and_restore(
    sanban: Sanban, made: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANBAN_REDIS_URL", str(sanban.settings.redis_url))
    monkeypatch.setenv("SANBAN_DATA_DIR", str(sanban.settings.data_dir))
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    told = run("backup", "--to", str(tmp_path / "out"))
    assert told.exit_code == 0, told.output
    path = told.output.split()[0]
    assert "is whole" in run("check-backup", path).output
    assert "the archive is not empty" in run("restore", path).output
    monkeypatch.delenv("SANBAN_REDIS_URL")
    monkeypatch.setenv("SANBAN_DATA_DIR", str(tmp_path / "other"))
    done = run("restore", path)
    assert done.exit_code == 0, done.output
    assert "1 files" in done.output
    server = EmbeddedServer(tmp_path / "other" / "store").start()
    try:
        again = build(Settings(data_dir=tmp_path / "other", secret_key=KEY, redis_url=server.url))
        assert again.store.reads.hget(Keys(made[0]).hall, "sequence") == "100007"
        assert run("restore", path).output.startswith("sanban: ")
    finally:
        server.stop()


def test_the_archive_goes_forward_and_back_with_its_entries(
    sanban: Sanban, made: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANBAN_DATA_DIR", str(sanban.settings.data_dir))
    monkeypatch.setenv("SANBAN_ARCHIVE_URL", sanban.settings.archive)
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    archive = Archive(sanban.settings.archive, b"key", migrate=True)
    rows = archive.read(made[0])
    archive.close()
    assert "archive: 0001" in run("migrate", "--to", "0001").output
    assert "archive: 0002" in run("migrate", "--to", "0002").output
    assert f"archive: {schema.NEWEST}" in run("migrate").output
    assert "there is no version 0042" in run("migrate", "--to", "0042").output
    assert "the oldest there is" in run("migrate", "--to", "base").output
    archive = Archive(sanban.settings.archive, b"key", migrate=True)
    assert archive.read(made[0]) == rows
    assert archive.catch_up(made[0]) == len(rows)
    archive.close()
