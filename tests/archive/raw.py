"""A generated quarter's entries, read without any of the product's code: what reports are held against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]


@dataclass
class Raw:
    """The quarter's entries, read without any of the product's code."""

    tickets: dict[str, Json] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    first: dict[str, Json] = field(default_factory=dict)
    ratings: list[Json] = field(default_factory=list)
    no_shows: list[Json] = field(default_factory=list)
    walks: list[tuple[int, str]] = field(default_factory=list)
    overtaken: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    violated: int = 0

    def read(self, body: Json) -> None:
        ticket = body.get("ticket")
        if body["kind"] == "called":
            self._call(body, body["ticket"])
        if ticket:
            self.tickets[ticket["id"]] = ticket
        if body["kind"] == "rated":
            self.ratings.append(body["rating"])
        if body["kind"] == "no_show":
            self.no_shows.append(body["appointment"])

    def _call(self, body: Json, ticket: Json) -> None:
        left = [t for t in self.tickets.values() if t["state"] == "waiting" and t["id"] != ticket["id"]]
        over = any((t["queue_time"], t["id"]) < (body["queue_time"], ticket["id"]) for t in left)
        passed = [t for t in left if t["arrived"] < body["arrived"]]
        for other in passed:
            self.overtaken[other["id"]] += 1
        late = max((body["arrived"] - t["queue_time"] for t in passed), default=0)
        self.violated += body["rule"] == "next" and (over or late > 60 * 60_000)
        self.calls.append(body)
        self.first[ticket["id"]] = body

    def lane(self, ticket: Json) -> str:
        if "slot" in ticket and ticket["arrived"] <= ticket["slot"] + 10 * 60_000:
            return "appointment"
        return "green" if "green" in ticket else "ordinary"

    def wait(self, ticket: Json) -> float:
        since = ticket["issued_at"]
        if self.lane(ticket) == "appointment":
            since = max(since, ticket["slot"])
        return float(max(0, self.first[ticket["id"]]["at"] - since)) / 60_000


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def nearest(values: list[float], percent: int) -> float:
    return sorted(values)[ceil(len(values) * percent / 100) - 1]


def group_of(raw: Raw, ticket: Json, by: str) -> str:
    """Where a ticket counts, by the words of docs/reports.md."""
    issued = datetime.fromtimestamp(ticket["issued_at"] / 1000, ZoneInfo("Asia/Shanghai"))
    groups = {
        "all": "all",
        "day": f"{issued:%Y-%m-%d}",
        "week": f"{issued:%G-W%V}",
        "month": f"{issued:%Y-%m}",
        "hour": f"{issued:%H}",
        "line": ticket["line"],
        "service": ticket["services"],
        "lane": raw.lane(ticket),
        "window": raw.first[ticket["id"]]["window"]["id"],
        "group": ticket.get("group", ""),
    }
    return str(groups[by])
