"""What the projector remembers, and what its rows share."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hall.domain.events import Entry
from hall.domain.fold import Folded

Row = dict[str, Any]


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
    #: tickets of today that were taken while the hall was a test hall: they stay out of reports to their end
    trial: dict[str, bool] = field(default_factory=dict)
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
    #: open cases by id; people written down twice: the record that stays
    cases: dict[str, Row] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Plain data for keeping. Booked appointments are left out: their rows come from entries that are whole."""
        return asdict(replace(self, folded=replace(self.folded, calls=[], appointments={})))

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Known:
        """What newer code kept besides is left out."""
        named = {name: value for name, value in data.items() if name in {one.name for one in fields(cls)}}
        return cls(**{**named, "folded": Folded(**data["folded"])})


_ZONES: dict[str, ZoneInfo] = {}


def local(known: Known, at: int) -> datetime:
    zone = _ZONES.get(known.zone)
    if zone is None:
        zone = _ZONES[known.zone] = ZoneInfo(known.zone)
    return datetime.fromtimestamp(at / 1000, zone)


def where(known: Known, ticket: Row, here: datetime) -> Row:
    """What reports group by."""
    return {
        "test": known.test or ticket["id"] in known.trial,
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


def began(known: Known, entry: Entry) -> Row:
    here = local(known, entry.at)
    return {"test": known.test, "date": here.date().isoformat(), "hour": here.hour, "since": entry.at, "till": None} | {
        "id": entry.id
    }


def fact(table: str, row: Row) -> Fact:
    return Fact(table, row["id"], dict(row))
