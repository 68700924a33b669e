"""The journal as rows of facts, for reports: one row a fact, always whole, so that a newer one replaces it.

`project(known, entry)` is pure but for `known`, which it moves on: what it must remember of the entries before.
`Known` is plain data, so that it can be kept between two runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from hall.domain.events import Entry
from hall.domain.fold import Folded, fold, left_waiting
from hall.domain.hits import Hits
from hall.domain.policy import MINUTE
from hall.domain.tickets import OPEN

Row = dict[str, Any]
#: entries after which a ticket no longer is at the window that called it
_LEAVES: Final = ("finished", "missed", "parked", "returned", "transferred", "sent_back", "expired", "cancelled")
#: what staff decided against the usual course, and why
_DECISIONS: Final = ("transferred", "claim_decided", "undone", "configured", "window_paused")


class Fact(NamedTuple):
    """A row of a table; with the hall, `key` names it."""

    table: str
    key: str
    row: Row


@dataclass(slots=True)
class Known:
    """What the projector remembers: the hall as folded, its setting, and the rows that may still change."""

    folded: Folded = field(default_factory=Folded)
    zone: str = "UTC"
    test: bool = False
    #: ms; the largest of the day, because tickets keep the policy they were issued under
    bound: int = 0
    newest_bound: int = 0
    #: by ticket: its newest call and stay, its first call, how many later arrivals were called before it
    calls: dict[str, Row] = field(default_factory=dict)
    visits: dict[str, Row] = field(default_factory=dict)
    first: dict[str, Row] = field(default_factory=dict)
    overtaken: dict[str, int] = field(default_factory=dict)
    #: by ticket: whom its newest call overtook
    passed: dict[str, list[str]] = field(default_factory=dict)
    #: by window, by device: the span that has not ended
    spans: dict[str, Row] = field(default_factory=dict)
    troubles: dict[str, Row] = field(default_factory=dict)
    alarms: dict[str, Row] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Plain data for keeping. Booked appointments are left out: their rows come from entries that are whole."""
        return asdict(replace(self, folded=replace(self.folded, calls=[], appointments={})))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Known:
        return cls(**{**data, "folded": Folded(**data["folded"])})


_ZONES: dict[str, ZoneInfo] = {}


def local(known: Known, at: int) -> datetime:
    zone = _ZONES.get(known.zone)
    if zone is None:
        zone = _ZONES[known.zone] = ZoneInfo(known.zone)
    return datetime.fromtimestamp(at / 1000, zone)


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
    fact = known.folded.calls[-1]
    passed = [other["id"] for other in others if other["arrived"] < entry.facts["arrived"]]
    for other in passed:
        known.overtaken[other] = known.overtaken.get(other, 0) + 1
    known.passed[name] = passed
    known.calls[name] = {
        **_where(known, ticket, here),
        "ticket": name,
        "at": entry.at,
        "window": fact.window,
        "rule": fact.rule,
        "first": name not in known.first,
        "over": fact.over,
        "passed": fact.passed,
        "lead": fact.lead,
        "bound": known.bound,
        "undone": False,
        "id": entry.id,
    }
    known.first.setdefault(name, _first(known, entry, ticket))
    known.visits[name] = {
        **_where(known, ticket, here),
        "ticket": name,
        "window": fact.window,
        "clerk": ticket.get("clerk"),
        "rule": fact.rule,
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
    yield _fact("calls", known.calls[name])
    yield _fact("visits", known.visits[name])
    if entry.facts["rule"] == "chosen":
        yield _decision(known, entry, "chosen")


def _where(known: Known, ticket: Row, here: datetime) -> Row:
    """What reports group by."""
    return {
        "test": known.test,
        "date": here.date().isoformat(),
        "hour": here.hour,
        "line": ticket["line"],
        "services": ticket["services"],
        "lane": lane(ticket),
        "group": ticket.get("group"),
    }


def lane(ticket: Row) -> str:
    """`appointment` when its slot was kept, else `green`, else `ordinary`."""
    slot = ticket.get("slot")
    if slot is not None and ticket["arrived"] <= slot + ticket.get("grace", 0):
        return "appointment"
    return "green" if ticket.get("green") is not None else "ordinary"


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
    yield _fact("visits", visit)


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
        yield _fact("calls", call)
    visit["services"] = ticket["services"]
    yield _fact("visits", visit)


def _ticket(known: Known, entry: Entry) -> Iterator[Fact]:
    ticket = entry.ticket
    if ticket is None or entry.kind in ("shown", "announced", "recalled"):
        return
    first = known.first.get(ticket["id"], {})
    row = {
        **_where(known, ticket, local(known, ticket["issued_at"])),
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
    yield _fact("tickets", row)
    if entry.kind == "issued" and entry.facts.get("override"):
        yield _decision(known, entry, "override")


def _appointment(known: Known, entry: Entry) -> Iterator[Fact]:
    image, ticket = entry.appointment, entry.ticket
    if image is None:
        if ticket is None or entry.kind != "issued" or not ticket.get("appointment"):
            return
        # one that is kept elsewhere
        image = {
            "id": ticket["appointment"],
            "state": "arrived",
            **{n: ticket[n] for n in ("line", "services", "slot")},
        }
    arrived = ticket["arrived"] if ticket and image["state"] == "arrived" else None
    here = local(known, image["slot"])
    yield _fact(
        "appointments",
        {
            "test": known.test,
            "date": here.date().isoformat(),
            "hour": here.hour,
            "line": image["line"],
            "services": image["services"],
            "slot": image["slot"],
            "state": image["state"],
            "person": image.get("person"),
            "booked_at": image.get("booked_at"),
            "ended_at": image.get("ended_at"),
            "changes": image.get("changes") or 0,
            "imported": bool(image.get("imported")),
            "arrived_at": arrived,
            "late": None if arrived is None else arrived - image["slot"],
            "ticket": ticket["id"] if ticket and arrived is not None else None,
            "id": image["id"],
        },
    )


def _span(known: Known, entry: Entry) -> Iterator[Fact]:
    window = entry.window
    if window is None or not entry.kind.startswith("window_"):
        return
    old = known.spans.pop(window["id"], None)
    if old is not None:
        old["till"] = entry.at
        yield _fact("spans", old)
    if window["state"] != "closed":
        row = _began(known, entry) | {"window": window["id"], "state": window["state"], "clerk": window.get("clerk")}
        known.spans[window["id"]] = row
        yield _fact("spans", row)


def _began(known: Known, entry: Entry) -> Row:
    here = local(known, entry.at)
    return {"test": known.test, "date": here.date().isoformat(), "hour": here.hour, "since": entry.at, "till": None} | {
        "id": entry.id
    }


def _trouble(known: Known, entry: Entry) -> Iterator[Fact]:
    what: tuple[str, str, str] | None = None
    if entry.kind == "printer_changed":
        what = ("printer", entry.facts["printer"], entry.facts["state"])
    elif entry.kind in ("sound_blocked", "sound_ok"):
        what = ("display", entry.facts["display"], "silent" if entry.kind == "sound_blocked" else "ok")
    if what is None:
        return
    device, name, state = what
    old = known.troubles.pop(f"{device}/{name}", None)
    if old is not None:
        old["till"] = entry.at
        yield _fact("troubles", old)
    if state != "ok":
        row = _began(known, entry) | {"device": device, "name": name, "state": state}
        known.troubles[f"{device}/{name}"] = row
        yield _fact("troubles", row)


def _alarm(known: Known, entry: Entry) -> Iterator[Fact]:
    if entry.kind not in ("alarm_raised", "alarm_ended", "help_wanted", "help_answered"):
        return
    name = entry.facts["name"]
    row = known.alarms.pop(name, None)
    if entry.kind in ("alarm_raised", "help_wanted"):
        row = _began(known, entry) | {"name": name, "by": None}
        known.alarms[name] = row
    elif row is not None:
        row["till"], row["by"] = entry.at, entry.by
    if row is not None:
        yield _fact("alarms", row)


def _rating(known: Known, entry: Entry) -> Iterator[Fact]:
    if entry.kind not in ("rated", "rating_answered"):
        return
    rating = entry.facts["rating"]
    here = local(known, rating["at"])
    row = {"test": known.test, "date": rating["date"], "hour": here.hour, "items": ",".join(rating.get("items") or [])}
    names = ("at", "level", "source", "line", "services", "window", "lane", "group", "due_at", "answered_at")
    yield _fact("ratings", row | {name: rating.get(name) for name in names} | {"id": str(rating["id"])})


def _decide(known: Known, entry: Entry) -> Iterator[Fact]:
    if entry.kind in _DECISIONS:
        yield _decision(known, entry, entry.kind)


def _decision(known: Known, entry: Entry, kind: str) -> Fact:
    here, ticket, facts = local(known, entry.at), entry.ticket or {}, entry.facts
    detail = facts.get("what") or facts.get("decision") or facts.get("undid") or ticket.get("line")
    row = {
        "test": known.test,
        "date": here.date().isoformat(),
        "hour": here.hour,
        "at": entry.at,
        "kind": kind,
        "by": entry.by,
        "ticket": ticket.get("id"),
        "line": ticket.get("line"),
        "window": entry.window["id"] if entry.window else None,
        "detail": detail,
        "reason": facts.get("reason") or facts.get("override"),
        "id": entry.id,
    }
    return _fact("moves", row)


def _fact(table: str, row: Row) -> Fact:
    return Fact(table, row["id"], dict(row))


def _forget(known: Known) -> None:
    """The day is over: its tickets change no more."""
    known.bound = known.newest_bound
    kept = {name for name, ticket in known.folded.tickets.items() if ticket["state"] in OPEN}
    by_ticket: tuple[dict[str, Any], ...] = (known.calls, known.visits, known.first, known.overtaken, known.passed)
    for rows in by_ticket:
        for name in [name for name in rows if name not in kept]:
            del rows[name]


_MAKERS: Final[tuple[Callable[[Known, Entry], Iterator[Fact]], ...]] = (
    _visit,
    _ticket,
    _appointment,
    _span,
    _trouble,
    _alarm,
    _rating,
    _decide,
)
