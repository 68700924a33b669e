"""A cluster as in deploy/valkey: halls spread over its shards, and one of them dies under load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.bootstrap import build
from hall.domain.callers import Caller
from hall.services import backups
from hall.services.replay import Replay
from hall.services.tickets import Wish
from hall.store.embedded import EmbeddedServer
from tests.driver import KEY
from tests.faults import figures
from tests.system.replicated import Load, Shards, open_halls, settings_of
from tests.system.serving import wait_for
from workers.archiver import Archiver

#: on three shards
HALLS = [f"hall{at}" for at in range(6)]


@pytest.fixture
def shards(tmp_path: Path) -> Iterator[Shards]:
    made = Shards(tmp_path)
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.mark.long
def test_halls_live_on_every_shard_and_one_that_dies_loses_no_answer(shards: Shards, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, shards.url, copies=1)
    open_halls(settings, *HALLS)
    homes = {hall: shards.master_of(settings, hall) for hall in HALLS}
    assert len(set(homes.values())) == 3
    load = Load(settings, HALLS).start()
    try:
        load.await_answers(60)
        dead = homes[HALLS[0]]
        dead.kill()
        wait_for(lambda: shards.master_of(settings, HALLS[0]) is not dead, "another master", 60)
        dead.start()  # as systemd does: with one replica a shard, the new master has none until then
        for hall in HALLS:
            load.await_answers(5, hall)
    finally:
        load.stop()
    assert load.lost() == []
    assert load.twice == []
    figures.keep("cluster, a shard of three, copies 1", load.figures(0))


@pytest.mark.long
def test_journals_archive_and_backup_span_the_shards(shards: Shards, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, shards.url, copies=0)
    open_halls(settings, *HALLS)
    sanban = build(settings)
    ends = {hall: sanban.store.journal.bounds(hall)[1] for hall in HALLS}
    for hall in HALLS:
        sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",)))
        sanban.calls.call_next(Caller(by="staff:ann"), hall, "w1")
    told = sanban.store.journal.tail(ends, 1000)
    assert {hall for hall, _ in told} == set(HALLS)
    assert sanban.store.journal.tail({hall: sanban.store.journal.bounds(hall)[1] for hall in HALLS}, 20) == []

    archive = Archive(settings.archive, key_of(KEY), migrate=True)
    archiver = Archiver(sanban, archive)
    archiver.turn()
    for hall in HALLS:
        assert archive.count(hall) == len(sanban.store.journal.after(hall, "0-0"))
        assert Replay(sanban.store, archive).compare(hall) == []
    archive.close()

    path = sanban.backups.make(tmp_path / "backups").path
    home = tmp_path / "one"
    home.mkdir()
    server = EmbeddedServer(home / "store", durable=False).start()
    try:
        one = replace(settings, data_dir=home, redis_url=server.url)
        backups.restore(path, one, server.url, skip=0)
        assert build(one).store.hall_ids() == HALLS
        for hall in HALLS:
            assert build(one).store.snapshot(hall).tickets == sanban.store.snapshot(hall).tickets
    finally:
        server.stop()
