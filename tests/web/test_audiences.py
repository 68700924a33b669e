"""For every audience: an old snapshot and the messages since are the fresh snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hall.domain.events import id_order
from hall.web.live import Audience, line_counts
from tests.driver import Driver
from tests.web.conftest import Site
from tests.web.histories import History
from tests.web.page import Json, Page

SEEDS = range(24)
STEPS = 90
#: what a day without appointments made elsewhere holds
KINDS = (
    "issued called recalled started finished missed parked returned transferred sent_back shown came_back delayed"
    " cancelled expired edited claim_decided slot_due undone window_opened window_closed window_paused window_resumed"
    " unanswered configured day_closed access_changed clock_stepped readdressed"
)


def plain(value: Any) -> Any:
    """As the socket sends it."""
    return json.loads(json.dumps(value))


def fresh(hall: Driver, audience: Audience) -> Json:
    state = hall.snapshot()
    description = hall.halls.get(hall.id)
    shot = {
        "tables": audience.snapshot(description, state),
        "counts": line_counts(description, state),
        "keep": audience.keep,
    }
    return dict(plain({"as_of": state.as_of, "snapshot": shot}))


def follow(hall: Driver, audience: Audience, old: Json, later: list[Json]) -> Page:
    """A page that starts at `old` and hears every entry since; one that is told to starts again."""
    page = Page().snapshot(old)
    for entry in hall.journal():
        if id_order(entry.id) <= id_order(page.last):
            continue
        message = audience.seen(entry, hall.halls.get(hall.id))
        if message is not None:
            page.message(plain(message))
        if page.again:
            page.snapshot(next(shot for shot in later if id_order(shot["as_of"]) >= id_order(entry.id)))
    return page


@pytest.fixture
def audiences(site: Site) -> list[Audience]:
    return list(site.app.extensions["live"].audiences.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_an_old_snapshot_and_the_messages_since_are_the_fresh_snapshot(
    hall: Driver, audiences: list[Audience], seed: int
) -> None:
    history = History(hall, seed)
    shots: dict[str, list[Json]] = {audience.name: [] for audience in audiences}
    for step in range(STEPS):
        history.step()
        if step % 6 == 0 or step == STEPS - 1:
            history.settle()
            for audience in audiences:
                shots[audience.name].append(fresh(hall, audience))
    for audience in audiences:
        name, last = audience.name, Page().snapshot(shots[audience.name][-1]).seen()
        for n, old in enumerate(shots[name]):
            assert follow(hall, audience, old, shots[name][n:]).seen() == last, (name, n)


def test_the_histories_hold_every_kind_of_entry(make_hall: Callable[..., Driver]) -> None:
    seen: set[str] = set()
    for seed in SEEDS:
        history = History(make_hall(), seed)
        for _ in range(STEPS):
            history.step()
        history.settle()
        seen.update(history.hall.kinds())
    missing = sorted(set(KINDS.split()) - seen)
    assert not missing


def test_every_audience_was_held_to_it(audiences: list[Audience]) -> None:
    assert {"board", "floor"} <= {audience.name for audience in audiences}
