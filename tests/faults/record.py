"""What was answered while things broke, and the checker that holds it against everything that is kept."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hall.domain.events import Entry, id_order
from hall.domain.fold import Folded, fold
from hall.store.store import HallState

Row = tuple[str, str]


@dataclass
class Screen:
    """What one display was told. `since`: what its first snapshot was true for; `rings`: ids of entries, in order."""

    since: str = ""
    rings: list[str] = field(default_factory=list)


@dataclass
class Record:
    """Everything answered with 2xx, by request key; many threads write it."""

    #: key of the request → number and id of its ticket: "A001 0000000001"; a number is one of its day only
    issued: dict[str, str] = field(default_factory=dict)
    #: key of the request → (window, number and id)
    called: dict[str, tuple[str, str]] = field(default_factory=dict)
    screens: list[Screen] = field(default_factory=list)
    #: keys that were sent again, and what came instead of an answer or a refusal that was meant
    repeated: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    #: seconds from the first try of a request to its answer
    waits: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def answers(self) -> int:
        return len(self.issued) + len(self.called)


@dataclass
class Kept:
    """What is found afterwards: journal and archive as [(id, JSON)], and the store's state."""

    journal: Sequence[Row]
    archive: Sequence[Row]
    state: HallState

    @property
    def entries(self) -> list[Entry]:
        return [Entry.parse(entry_id, json.loads(body)) for entry_id, body in self.journal]


def check(record: Record, kept: Kept) -> list[str]:
    """Every way in which what is kept is not what was answered; empty: nothing was lost and nothing happened twice."""
    entries = kept.entries
    return [
        *record.odd,
        *_lost_tickets(record, entries),
        *_numbers_twice(entries),
        *_ghosts(record, entries),
        *_calls(record, entries),
        *_state(entries, kept.state),
        *_archive(kept),
        *(complaint for n, screen in enumerate(record.screens) for complaint in _screen(n, screen, entries)),
    ]


def _lost_tickets(record: Record, entries: Iterable[Entry]) -> list[str]:
    numbers = {_name(entry) for entry in entries if entry.kind == "issued"}
    lost = [f"lost: {number} was answered to {key}" for key, number in record.issued.items() if number not in numbers]
    return lost + [f"number twice: {number}, answered" for number in _twice(record.issued.values())]


def _numbers_twice(entries: Iterable[Entry]) -> list[str]:
    issued = [(e.ticket["date"], e.ticket["number"]) for e in entries if e.kind == "issued" and e.ticket]
    return [f"number twice: {number} on {date}" for date, number in _twice(issued)]


def _ghosts(record: Record, entries: Iterable[Entry]) -> list[str]:
    """Every request has its answer in the end: what was done and answered to nobody was done twice for somebody."""
    issued, called = set(record.issued.values()), set(record.called.values())
    windows = {window for window, _ in called}
    made = [entry for entry in entries if entry.kind in ("issued", "called")]
    ghosts = [
        f"ghost: {_name(entry)} was given to nobody"
        for entry in made
        if entry.kind == "issued" and _name(entry) not in issued
    ]
    calls = [(_window(entry), _name(entry)) for entry in made if entry.kind == "called"]
    return ghosts + [
        f"ghost: call {call} was answered to nobody" for call in calls if call[0] in windows and call not in called
    ]


def _calls(record: Record, entries: Iterable[Entry]) -> list[str]:
    """Nobody asks for a number to be called again in this load: whoever is called once is called once for good."""
    made = [(_window(entry), _name(entry)) for entry in entries if entry.kind == "called"]
    known = set(made)
    lost = [f"lost: call {call} was answered to {key}" for key, call in record.called.items() if call not in known]
    twice = [f"called twice: {number}" for number in _twice(number for _, number in made)]
    return lost + twice + [f"called twice: {call}, answered" for call in _twice(record.called.values())]


def _state(entries: Iterable[Entry], state: HallState) -> list[str]:
    folded = Folded()
    for entry in entries:
        fold(folded, entry)
    wrong = [f"state: {what} is not what the journal says" for what in _differences(folded, state)]
    at_windows = [t["number"] for t in state.tickets.values() if t["state"] in ("called", "serving")]
    return wrong + [f"state: {number} at two windows" for number in _twice(at_windows)]


def _differences(folded: Folded, state: HallState) -> list[str]:
    ids = folded.tickets.keys() | state.tickets.keys()
    return sorted(n for n in ids if folded.tickets.get(n) != state.tickets.get(n))


def _archive(kept: Kept) -> list[str]:
    """Entry by entry, byte by byte."""
    journal, archive = dict(kept.journal), dict(kept.archive)
    ids = sorted(journal.keys() | archive.keys(), key=id_order)
    return [f"archive: {entry_id} differs" for entry_id in ids if journal.get(entry_id) != archive.get(entry_id)]


def _screen(n: int, screen: Screen, entries: Iterable[Entry]) -> list[str]:
    if not screen.since:
        return [f"display {n}: never connected"]
    due = [e.id for e in entries if e.kind == "called" and id_order(e.id) > id_order(screen.since)]
    missing = [f"display {n}: call {entry_id} is missing" for entry_id in due if entry_id not in set(screen.rings)]
    return missing + [f"display {n}: call {entry_id} twice" for entry_id in _twice(screen.rings)]


def _twice(values: Iterable[Any]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]


def _name(entry: Entry) -> str:
    """As it is answered; every entry that is asked has a ticket."""
    return f"{entry.ticket['number']} {entry.ticket['id']}" if entry.ticket else ""


def _window(entry: Entry) -> str:
    return str(entry.window["id"]) if entry.window else ""
