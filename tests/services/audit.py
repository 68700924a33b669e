"""Holds a hall in the store against the model and against its own journal."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from redis import Redis

from hall.domain import order
from hall.domain.events import Entry
from hall.domain.fold import CallFact, Folded, fold
from hall.domain.tickets import OPEN
from hall.store.keys import Keys
from tests.driver import Driver
from tests.services.model import Model, Row

_DOCS = (Path(__file__).parents[2] / "docs/architecture.md").read_text("utf-8")
_ENTRIES = _DOCS.split("### Entries")[1].split("\n## ")[0]
#: what the docs write as code under "Entries": kinds and fields are among it
_TOLD = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", _ENTRIES))))
_SETS = ("priority", "general", "booked")
#: what a ticket of the model and its image must have in common
_SAME = ("number", "date", "line", "issued_line", "queue", "state", "arrived", "claim", "green", "slot", "slip")
_SAME_IF_ANY = ("window", "calls", "shown", "comebacks", "more_times", "missed_at", "started_at", "outcome", "rule")
_SAME_ORIGIN = ("origin_line", "origin_window", "clerk")


@dataclass
class Raw:
    """Everything the store holds of a hall."""

    sets: dict[tuple[str, str], list[tuple[str, float]]] = field(default_factory=dict)
    tickets: dict[str, Row] = field(default_factory=dict)
    windows: dict[str, Row] = field(default_factory=dict)
    open_ids: set[str] = field(default_factory=set)
    persons: dict[tuple[str, str], str] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)


class Audit:
    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.keys = Keys(driver.id)
        self.client = driver.store.reads
        # DUMP answers bytes that are no text
        pool = self.client.connection_pool
        self.binary = Redis(connection_pool=type(pool)(**{**_settings(pool), "decode_responses": False}))
        self.folded = Folded()
        self.counts: dict[str, int] = {}
        self.entries: list[Entry] = []

    def close(self) -> None:
        names = self._names()
        if names:
            self.client.delete(*names)
        self.client.srem("sanban:halls", self.driver.id)
        self.binary.close()
        for client in (self.driver.store.moves, self.driver.store.reads):
            client.close()

    def _names(self) -> list[str]:
        return sorted(cast(list[str], self.client.keys(f"{self.keys.hall}*")))

    def dump(self) -> dict[str, Any]:
        """Every key of the hall and what it holds."""
        names = self._names()
        with self.binary.pipeline(transaction=True) as pipe:
            for name in names:
                pipe.dump(name)
            return dict(zip(names, pipe.execute(), strict=True))

    def read(self) -> Raw:
        names = self._names()
        prefix = len(self.keys.hall) + 1
        with self.client.pipeline(transaction=True) as pipe:
            for name in names:
                _ask(pipe, name[prefix:], name)
            pipe.smembers(self.keys.of("open"))
            pipe.hgetall(self.keys.of("windows"))
            pipe.zrange(self.keys.of("due"), 0, -1, withscores=True)
            *values, open_ids, windows, due = pipe.execute()
        raw = Raw(open_ids=set(open_ids), due=dict(due))
        raw.windows = {name: json.loads(text) for name, text in windows.items()}
        for name, value in zip(names, values, strict=True):
            _sort_in(raw, name[prefix:], value)
        return raw

    # Promises ------------------------------------------------------------------------------------

    def follow(self) -> list[CallFact]:
        """Fold what is new in the journal; its counts must be true at every entry."""
        before = len(self.folded.calls)
        for entry in self.driver.store.journal.after(self.driver.id, self.folded.as_of):
            fold(self.folded, entry)
            words = {entry.kind, *(entry.ticket or {}), *(entry.window or {})} - {"passed"}
            assert words <= _TOLD, f"docs/architecture.md does not tell of {words - _TOLD}"
            self.entries.append(entry)
            waiting = self.folded.waiting()
            assert {queue: waiting.get(queue, 0) for queue in entry.waiting} == entry.waiting, entry
            self.counts.update(entry.waiting)
        true = self.folded.waiting()
        assert {queue: n for queue, n in self.counts.items() if n} == true, "a change of a count was not told"
        return self.folded.calls[before:]

    def check(self, model: Model) -> None:
        raw = self.read()
        self._check_indexes(raw, model)
        self._check_sets(raw)
        self._check_fold(raw)
        for ticket in model.open_tickets():
            _check_ticket(raw.tickets[ticket["id"]], ticket)
        for window_id, window in model.windows.items():
            _check_window(raw.windows.get(window_id), window, model)

    def _check_indexes(self, raw: Raw, model: Model) -> None:
        assert raw.open_ids == {ticket["id"] for ticket in model.open_tickets()}
        hashed = {
            (self.driver.secrets.person(self.driver.id, person), line): ticket
            for (person, line), ticket in model.persons.items()
        }
        assert raw.persons == hashed
        called = [raw.tickets[one] for one in raw.open_ids if raw.tickets[one]["state"] == "called"]
        awaited = {f"unanswered/{one['id']}/{one['calls']}" for one in called if "unanswered_at" not in one}
        assert {timer for timer in raw.due if timer.startswith("unanswered/")} == awaited

    def _check_sets(self, raw: Raw) -> None:
        """Every open ticket in exactly one set of one queue, plus booked, or in none when it does not wait."""
        places: dict[str, list[tuple[str, str]]] = {}
        for (queue, name), members in raw.sets.items():
            for ticket_id, score in members:
                places.setdefault(ticket_id, []).append((queue, name))
                ticket = raw.tickets[ticket_id]
                assert score == ticket["slot" if name == "booked" else "queue_time"]
                assert name != "booked" or raw.due[f"slot/{ticket_id}"] == score
        for ticket in raw.tickets.values():
            expected = []
            if ticket["state"] == "waiting":
                # Where it stood when it was last moved: a slot that came since is drained at the next pick.
                expected = [(ticket["queue"], ticket["lane"])]
                if self._booked(ticket, raw):
                    expected.append((ticket["queue"], "booked"))
            assert sorted(places.get(ticket["id"], [])) == sorted(expected), ticket

    def _booked(self, ticket: Row, raw: Raw) -> bool:
        ids = [ticket_id for ticket_id, _ in raw.sets.get((ticket["queue"], "booked"), [])]
        ahead = order.stands(ticket, self.driver.now).booked
        assert not ahead or ticket["id"] in ids, "a slot ahead was forgotten"
        if not ahead and ticket["id"] not in ids:
            # Drained, or never kept: then it stands where the definition says.
            stands = order.stands(ticket, self.driver.now)
            assert (ticket["lane"], ticket["queue_time"]) == (stands.lane, stands.queue_time)
        return ticket["id"] in ids

    def _check_fold(self, raw: Raw) -> None:
        stored = {ticket_id: raw.tickets[ticket_id] for ticket_id in raw.open_ids}
        assert self.folded.tickets == stored
        assert self.folded.windows == raw.windows


def _settings(pool: Any) -> dict[str, Any]:
    return {**pool.connection_kwargs, "connection_class": pool.connection_class}


def _ask(pipe: Any, short: str, name: str) -> None:
    kind = short.partition(":")[0]
    if kind == "queue":
        pipe.zrange(name, 0, -1, withscores=True)
    elif kind == "person":
        pipe.hgetall(name)
    elif kind == "ticket":
        pipe.get(name)
    else:
        pipe.exists(name)


def _sort_in(raw: Raw, short: str, value: Any) -> None:
    kind, _, rest = short.partition(":")
    if kind == "queue":
        queue, _, name = rest.rpartition(":")
        assert name in _SETS
        raw.sets[queue, name] = value
    elif kind == "person":
        raw.persons.update({(rest, line): ticket for line, ticket in value.items()})
    elif kind == "ticket":
        raw.tickets[rest] = json.loads(value)


def _check_ticket(image: Row, ticket: Row) -> None:
    assert image["state"] in OPEN
    for name in (*_SAME, *_SAME_IF_ANY, *_SAME_ORIGIN):
        if name == "shown" and ticket["state"] not in ("called", "serving", "missed"):
            continue
        assert image.get(name) == ticket.get(name), (name, image, ticket)
    assert image.get("shift", 0) == ticket["shift"]


def _check_window(image: Row | None, window: Row, model: Model) -> None:
    if image is None:
        assert window["state"] == "closed"
        return
    for name in ("state", "clerk", "ticket"):
        assert image.get(name) == window[name], (name, image, window)
    first = window["undo"][0] if window["undo"] else None
    undo = first and {
        "move": first["move"],
        "number": model.tickets[first["ticket"]]["number"],
        "until": first["until"],
    }
    assert image.get("undo") == undo
