"""The journal as rows of facts, for reports: one row a fact, always whole, so that a newer one replaces it.

`project(known, entry)` is pure but for `known`, which it moves on: what it must remember of the entries before.
`Known` is plain data, so that it can be kept between two runs. Here are the facts of tickets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from hall.domain import facts_cases, facts_hall
from hall.domain.events import Entry
from hall.domain.facts_hall import decision
from hall.domain.fold import fold, left_waiting
from hall.domain.hits import Hits
from hall.domain.known import Fact, Known, Row, fact, local, where
from hall.domain.policy import MINUTE
from hall.domain.tickets import OPEN

#: of this module and those it draws on: a higher number makes the archiver make all facts anew, once
VERSION: Final = 1
#: entries after which a ticket no longer is at the window that called it
_LEAVES: Final = ("finished", "missed", "parked", "returned", "transferred", "sent_back", "expired", "cancelled")


def project(known: Known, entry: Entry) -> list[Fact]:
    """The rows an entry writes or changes."""
    facts = [*_before(known, entry)]
    if known.folded.as_of != entry.id:  # a call was folded already: what it did is known only on the way
        fold(known.folded, entry)
    known.folded.calls.clear()
    known.folded.appointments.clear()
    for make in _MAKERS:
        facts += make(known, entry)
    if entry.kind == "day_closed":
        _forget(known)
    return facts


def _before(known: Known, entry: Entry) -> Iterator[Fact]:
    """What only the hall before the entry can tell: what a call did to others."""
    if entry.kind == "configured":
        _configure(known, entry)
    if entry.kind == "issued" and entry.ticket is not None and known.test:
        known.trial[entry.ticket["id"]] = True
    if entry.kind == "called" and entry.ticket is not None:
        yield from _called(known, entry, entry.ticket)


def _configure(known: Known, entry: Entry) -> None:
    known.zone = entry.facts.get("zone") or known.zone
    known.test = bool(entry.facts.get("test"))
    known.newest_bound = entry.facts.get("bound", 0) * MINUTE
    known.bound = max(known.bound, known.newest_bound)


def _called(known: Known, entry: Entry, ticket: Row) -> Iterator[Fact]:
    here, name = local(known, entry.at), ticket["id"]
    others = left_waiting(known.folded, entry)
    fold(known.folded, entry)
    call = known.folded.calls[-1]
    passed = [other["id"] for other in others if other["arrived"] < entry.facts["arrived"]]
    for other in passed:
        known.overtaken[other] = known.overtaken.get(other, 0) + 1
    known.passed[name] = passed
    known.calls[name] = {
        **where(known, ticket, here),
        "ticket": name,
        "at": entry.at,
        "window": call.window,
        "rule": call.rule,
        "first": name not in known.first,
        "over": call.over,
        "passed": call.passed,
        "lead": call.lead,
        "bound": known.bound,
        "undone": False,
        "id": entry.id,
    }
    known.first.setdefault(name, _first(known, entry, ticket))
    known.visits[name] = {
        **where(known, ticket, here),
        "ticket": name,
        "window": call.window,
        "clerk": ticket.get("clerk"),
        "rule": call.rule,
        "called_at": entry.at,
        "started_at": None,
        "ended_at": None,
        "walk": None,
        "service": None,
        "how": None,
        "outcome": None,
        "undone": False,
        "id": entry.id,
    }
    yield fact("calls", known.calls[name])
    yield fact("visits", known.visits[name])
    if entry.facts["rule"] == "chosen":
        yield decision(known, entry, "chosen")


def _first(known: Known, entry: Entry, ticket: Row) -> Row:
    return {
        "id": entry.id,
        "called_at": entry.at,
        "rule": entry.facts["rule"],
        "window": entry.window["id"] if entry.window else "",
        "overtaken": known.overtaken.get(ticket["id"], 0),
        "hit": _hit(entry, ticket),
    }


def _hit(entry: Entry, ticket: Row) -> str | None:
    """Whether the range shown at issue came true; None for whom it is not counted."""
    hits = Hits()
    hits.follow(replace(entry, ticket={**ticket, "calls": 1}))
    if ticket["id"] in hits.unknown:
        return "unknown"
    return ("inside" if hits.inside else "outside") if hits.called else None


def _visit(known: Known, entry: Entry) -> Iterator[Fact]:
    """A stay at a window goes on or ends."""
    ticket = entry.ticket
    visit = known.visits.get(ticket["id"]) if ticket else None
    if ticket is None or visit is None or entry.kind == "called":
        return
    if entry.kind == "undone":
        yield from _undone(known, entry, ticket, visit)
        return
    if visit["ended_at"] is not None:
        return
    if entry.kind == "started":
        visit["started_at"] = ticket["started_at"]
        visit["walk"] = ticket["started_at"] - visit["called_at"]
    elif entry.kind in _LEAVES:
        visit["ended_at"], visit["how"] = entry.at, entry.kind
        visit["outcome"] = ticket.get("outcome") or entry.facts.get("outcome")
        visit["services"] = ticket["services"]
        if visit["started_at"] is not None and visit["outcome"] != "unclosed":
            visit["service"] = entry.at - visit["started_at"]
    else:
        return
    yield fact("visits", visit)


def _undone(known: Known, entry: Entry, ticket: Row, visit: Row) -> Iterator[Fact]:
    undid, name = entry.facts["undid"], ticket["id"]
    if undid == "start":
        visit["started_at"] = visit["walk"] = None
    else:
        visit["ended_at"] = visit["how"] = visit["outcome"] = visit["service"] = None
    if undid == "call":
        visit["undone"], visit["ended_at"], visit["how"] = True, entry.at, "undone"
        call = known.calls[name]
        call["undone"] = True
        for other in known.passed.pop(name, []):
            known.overtaken[other] = max(0, known.overtaken.get(other, 0) - 1)
        if known.first.get(name, {}).get("id") == call["id"]:
            del known.first[name]
        yield fact("calls", call)
    visit["services"] = ticket["services"]
    yield fact("visits", visit)


def _ticket(known: Known, entry: Entry) -> Iterator[Fact]:
    ticket = entry.ticket
    if ticket is None or entry.kind in ("shown", "announced", "recalled"):
        return
    first = known.first.get(ticket["id"], {})
    row = {
        **where(known, ticket, local(known, ticket["issued_at"])),
        "date": ticket["date"],
        "number": ticket["number"],
        "issued_line": ticket["issued_line"],
        "state": ticket["state"],
        "claim": ticket.get("claim"),
        "language": ticket.get("language"),
        "issued_at": ticket["issued_at"],
        "arrived": ticket["arrived"],
        "slot": ticket.get("slot"),
        "appointment": ticket.get("appointment"),
        "slip_of": ticket.get("slip_of"),
        "wait_low": ticket.get("wait_low"),
        "wait_high": ticket.get("wait_high"),
        "green": ticket.get("green"),
        "called_at": first.get("called_at"),
        "rule": first.get("rule"),
        "window": first.get("window"),
        "overtaken": first.get("overtaken"),
        "hit": first.get("hit"),
        "started_at": ticket.get("started_at"),
        "ended_at": ticket.get("ended_at"),
        "outcome": ticket.get("outcome"),
        "id": ticket["id"],
    }
    yield fact("tickets", row)
    if entry.kind == "issued" and entry.facts.get("override"):
        yield decision(known, entry, "override")


def _forget(known: Known) -> None:
    """The day is over: its tickets change no more."""
    known.bound = known.newest_bound
    kept = {name for name, ticket in known.folded.tickets.items() if ticket["state"] in OPEN}
    by_ticket: tuple[dict[str, Any], ...] = (
        known.calls,
        known.visits,
        known.first,
        known.overtaken,
        known.passed,
        known.trial,
    )
    for rows in by_ticket:
        for name in [name for name in rows if name not in kept]:
            del rows[name]


_MAKERS: Final[tuple[Callable[[Known, Entry], Iterator[Fact]], ...]] = (
    _visit,
    _ticket,
    facts_hall.appointment,
    facts_hall.span,
    facts_hall.trouble,
    facts_hall.alarm,
    facts_hall.rating,
    facts_hall.decide,
    facts_cases.case,
)
