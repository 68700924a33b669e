"""Sentinel and replicas as in deploy/valkey: a master dies under load, and nothing that was answered is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall.bootstrap import build
from hall.domain.callers import Caller
from hall.domain.errors import StoreAway
from hall.services.tickets import Wish
from tests.faults import figures
from tests.system.replicated import Load, Watched, open_halls, settings_of
from tests.system.serving import wait_for


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path)
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.mark.long
@pytest.mark.parametrize("copies", [1, 0])
def test_a_master_that_dies_under_load_loses_no_answer(watched: Watched, tmp_path: Path, copies: int) -> None:
    settings = settings_of(tmp_path, watched.url, copies)
    open_halls(settings, "here")
    before = build(settings)
    epoch = before.store.epoch("here")
    before.store.notice_server("here")
    noticed = before.store.epoch("here")
    load = Load(settings, ["here"]).start()
    try:
        load.await_answers(50)
        dead = watched.master()
        dead.kill()
        wait_for(lambda: watched.master() is not dead, "another master", 60)
        load.await_answers(50)
    finally:
        load.stop()
    lost = load.lost()
    if copies:  # without, what the replicas had not yet is gone: that is told, not promised
        assert lost == []
        assert load.twice == []
    assert load.refused > 0
    build(settings).store.notice_server("here")
    assert len({epoch, noticed, before.store.epoch("here")}) == 3
    figures.keep(f"sentinel, copies {copies}", load.figures(len(lost)))


@pytest.mark.long
def test_without_a_copy_nothing_is_answered(watched: Watched, tmp_path: Path) -> None:
    settings = settings_of(tmp_path, watched.url, copies=2)
    open_halls(settings, "here")
    sanban = build(settings)
    first = sanban.tickets.issue(Caller(by="kiosk", key="one"), "here", Wish(services=("a1",))).ticket
    watched.servers[2].pause()
    with pytest.raises(StoreAway):
        sanban.tickets.issue(Caller(by="kiosk", key="two"), "here", Wish(services=("a1",)))
    with pytest.raises(StoreAway):  # what was done, and is remembered, is not answered before it has its copies either
        build(settings).tickets.issue(Caller(by="kiosk", key="two"), "here", Wish(services=("a1",)))
    watched.servers[2].resume()

    def answered() -> str:
        try:
            return str(sanban.tickets.issue(Caller(by="kiosk", key="two"), "here", Wish(services=("a1",))).ticket["id"])
        except StoreAway:
            return ""

    again = wait_for(answered, "the answer")
    assert int(again) == int(first["id"]) + 1
