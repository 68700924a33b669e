"""The store's file is cut off at its end, has lost what it said it had, or is damaged in the middle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hall.__main__ import cli
from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.bootstrap import Sanban, build
from hall.doctor import Finding, examine
from hall.domain.callers import Caller
from hall.services.replay import Replay
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store import aof
from hall.store.embedded import EmbeddedServer, StoreMissing
from tests.driver import KEY, live_hall
from workers.archiver import Archiver

HALL = "here"
BY = Caller(by="kiosk")


class Place:
    """A hall on a store of its own, whose file a test may spoil while it is stopped, and its archive."""

    def __init__(self, home: Path) -> None:
        self.server = EmbeddedServer(home / "store").start()
        self.settings = Settings(data_dir=home, secret_key=KEY, redis_url=self.server.url)
        self.sanban: Sanban = build(self.settings)
        self.sanban.halls.save(live_hall(HALL), BY)
        self.archive = Archive(self.settings.archive, key_of(KEY), migrate=True)
        self.archiver = Archiver(self.sanban, self.archive)

    @property
    def file(self) -> Path:
        (path,) = (self.server.directory / "appendonlydir").glob("*.incr.aof")
        return path

    def issue(self) -> str:
        return str(self.sanban.tickets.issue(BY, HALL, Wish(services=("a1",))).ticket["number"])

    def call(self, window: str) -> str:
        called = self.sanban.calls.call_next(BY, HALL, window)
        assert called is not None
        return str(called["number"])

    def numbers(self) -> list[str]:
        return sorted(ticket["number"] for ticket in self.sanban.store.snapshot(HALL).tickets.values())

    def copy(self) -> None:
        self.archiver.copy(HALL)

    def stop(self) -> None:
        self.server.stop()

    def start(self) -> None:
        self.server.start()
        self.sanban = build(self.settings)
        self.archiver = Archiver(self.sanban, self.archive)

    def found(self) -> dict[str, Finding]:
        return {finding.code: finding for finding in examine(self.sanban)}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    here = Place(tmp_path)
    yield here
    here.archive.close()
    here.stop()


def position(path: Path, after: bytes) -> int:
    """Where in the file the last command that holds a text begins."""
    return path.read_bytes().rindex(b"*1\r\n$5\r\nMULTI", 0, path.read_bytes().rindex(after))


def test_a_command_that_was_cut_off_was_never_answered_and_the_store_starts_by_itself(place: Place) -> None:
    place.issue()
    place.issue()
    place.copy()
    whole = place.file.stat().st_size
    place.issue()
    place.stop()
    with place.file.open("r+b") as file:
        file.truncate((whole + place.file.stat().st_size) // 2)
    assert aof.find(place.server.directory) is None
    place.start()
    assert place.numbers() == ["A001", "A002"]
    place.copy()
    assert "STORE_LOST" not in place.found()
    assert place.issue() == "A003", "nobody had been told that number"


def test_what_the_store_lost_is_named_and_given_to_nobody_else(place: Place) -> None:
    """A disk that said it had written, and had not."""
    assert [place.issue() for _ in range(3)] == ["A001", "A002", "A003"]
    kept, epoch = place.file.stat().st_size, place.sanban.store.epoch(HALL)
    assert [place.issue(), place.call("w1"), place.issue()] == ["A004", "A001", "A005"]
    place.copy()
    place.stop()
    with place.file.open("r+b") as file:
        file.truncate(kept)
    place.start()
    assert place.numbers() == ["A001", "A002", "A003"]
    lost = place.found()["STORE_LOST"]
    assert "numbers given out: A004, A005; calls: A001 to window w1" in lost.what
    assert "Call for who holds these numbers" in lost.do

    place.copy()
    assert place.sanban.store.epoch(HALL) != epoch, "pages start afresh: a display still shows the call"
    assert place.call("w1") == "A001", "who was called is called again"
    assert int(place.issue()[1:]) > 5
    place.copy()
    found = place.found()
    assert "A004, A005" in found["STORE_LOST"].what, "told until somebody has looked"
    assert "JOURNAL_DIFFERS" not in found
    assert Replay(place.sanban.store, place.archive).compare(HALL) == []
    assert len(set(place.sanban.store.snapshot(HALL).tickets)) == len(place.numbers())


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x15
    path.write_bytes(data)


def test_damage_in_the_middle_is_told_and_mended_by_a_command(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        place.issue()
    at = position(place.file, b'"A003"')
    place.call("w1")
    place.copy()
    place.stop()
    flip(place.file, at)
    with pytest.raises(StoreMissing):
        place.server.start()
    damaged = place.found()["STORE_DAMAGED"]
    assert f"damaged at byte {at}" in damaged.what
    assert "1 called, 1 issued, 1 window_opened" in damaged.what
    assert "mend-store" in damaged.do

    run = commands(place.settings, monkeypatch)
    assert f"from byte {at} on are cut off" in run("mend-store")
    assert list(place.server.directory.glob("*.damaged-*"))
    assert run("mend-store") == "The store's file is whole.\n"
    place.start()
    assert place.numbers() == ["A001", "A002"]
    place.copy()
    assert "numbers given out: A003; calls: A001 to window w1" in place.found()["STORE_LOST"].what
    assert place.issue() > "A003"


def test_a_file_is_not_cut_while_the_store_works_on_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "stop it first" in commands(place.settings, monkeypatch)("mend-store")


def commands(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    monkeypatch.setenv("SANBAN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("SANBAN_SECRET_KEY", KEY.decode())
    return lambda *arguments: CliRunner().invoke(cli, arguments).output
