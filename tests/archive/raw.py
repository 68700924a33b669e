"""A generated year's entries, read without any of the product's code, and every figure of every report from them by the
words of docs/reports.md: what reports are held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

Json = dict[str, Any]
MINUTE = 60_000
TARGETS = {"ordinary": 20, "green": 5, "appointment": 10}
#: of fewer people nothing is told
FEWEST = 5


@dataclass
class Raw:
    """Tickets as they ended; calls and stays at windows as they happened; appointments and ratings as they are."""

    tickets: dict[str, Json] = field(default_factory=dict)
    calls: list[Json] = field(default_factory=list)
    stays: list[Json] = field(default_factory=list)
    appointments: dict[str, Json] = field(default_factory=dict)
    ratings: dict[int, Json] = field(default_factory=dict)
    cases: dict[str, Json] = field(default_factory=dict)
    #: by case: visits made, visits in vain, numbers taken in the hall
    took: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    #: somebody who was written down twice, and who they are
    same: dict[str, str] = field(default_factory=dict)
    #: the first call of a ticket that was not taken back
    first: dict[str, Json] = field(default_factory=dict)
    _waiting: dict[str, Json] = field(default_factory=dict)
    _last: dict[str, Json] = field(default_factory=dict)
    _overtaken: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def read(self, body: Json) -> None:
        kind, ticket = body["kind"], body.get("ticket")
        if kind == "called":
            self._call(body, body["ticket"])
        elif ticket:
            self._go_on(body, ticket)
        if ticket:
            self.tickets[ticket["id"]] = ticket
            self._waiting.pop(ticket["id"], None)
            if ticket["state"] == "waiting":
                self._waiting[ticket["id"]] = ticket
        self._appointment(body, ticket)
        if kind in ("rated", "rating_answered"):
            self.ratings[body["rating"]["id"]] = body["rating"]
        self._case(body)

    def _case(self, body: Json) -> None:
        case = body.get("case")
        if body["kind"] == "visit_left":
            self.took[body["of"]][body["visit"]["state"]] += 1
        if case is None:
            return
        if body["kind"] == "case_merged":
            self.same[case["person"]] = body["into"]
        if body["kind"] == "case_parted":
            self.same.pop(case["person"], None)
        if body["kind"] == "case_ticket":
            self.took[case["id"]]["numbers"] += 1
        self.cases[case["id"]] = {**case, "person": self.same.get(case["person"], case["person"])}

    def _call(self, body: Json, ticket: Json) -> None:
        """All windows of this hall serve all lines."""
        left = [one for one in self._waiting.values() if one["id"] != ticket["id"]]
        over = sum((one["queue_time"], one["id"]) < (body["queue_time"], ticket["id"]) for one in left)
        passed = [one for one in left if one["arrived"] < body["arrived"]]
        for other in passed:
            self._overtaken[other["id"]] += 1
        late = max((body["arrived"] - one["queue_time"] for one in passed), default=0)
        call = {
            "at": body["at"],
            "rule": body["rule"],
            "window": body["window"]["id"],
            "ticket": ticket,
            "passed": passed,
            "undone": False,
            "ended": None,
            "started": None,
            "how": None,
            "outcome": None,
            "violated": body["rule"] == "next" and (over > 0 or late > 60 * MINUTE),
            "services": ticket["services"],
            "suffered": self._overtaken[ticket["id"]],
        }
        self.calls.append(call)
        self._last[ticket["id"]] = call
        self.first.setdefault(ticket["id"], call)

    def _go_on(self, body: Json, ticket: Json) -> None:
        """What becomes of the stay at the window."""
        call = self._last.get(ticket["id"])
        if call is None or call["ended"] is not None:
            return
        if body["kind"] == "undone":
            call["undone"], call["ended"] = True, body["at"]
            for other in call["passed"]:
                self._overtaken[other["id"]] -= 1
            if self.first.get(ticket["id"]) is call:
                del self.first[ticket["id"]]
        elif body["kind"] == "started":
            call["started"] = body["at"]
        elif body["kind"] in ("finished", "missed", "parked"):
            call |= {"ended": body["at"], "how": body["kind"], "outcome": body.get("outcome")}

    def _appointment(self, body: Json, ticket: Json | None) -> None:
        image = body.get("appointment")
        if image:
            arrived = ticket if ticket and image["state"] == "arrived" else None
        elif body["kind"] == "issued" and ticket and "appointment" in ticket:
            image, arrived = {**ticket, "state": "arrived", "id": ticket["appointment"]}, ticket
        else:
            return
        self.appointments[image["id"]] = {**image, "ticket": arrived}


def lane(ticket: Json) -> str:
    if "slot" in ticket and ticket["arrived"] <= ticket["slot"] + 10 * MINUTE:
        return "appointment"
    return "green" if "green" in ticket else "ordinary"


def wait(raw: Raw, ticket: Json) -> float:
    since = ticket["issued_at"]
    if lane(ticket) == "appointment":
        since = max(since, ticket["slot"])
    return float(max(0, raw.first[ticket["id"]]["at"] - since)) / MINUTE


# Groups --------------------------------------------------------------------------------------


def _times(day: date, hour: int) -> Json:
    names = {"day": f"{day:%Y-%m-%d}", "week": f"{day:%G-W%V}", "month": f"{day:%Y-%m}", "all": "all"}
    return {**names, "hour": f"{hour:02}"}


def _local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, ZoneInfo("Asia/Shanghai"))


def _kind(ticket: Json) -> Json:
    return {"line": ticket["line"], "lane": lane(ticket), "group": ticket.get("group") or ""}


def rows(raw: Raw) -> dict[str, list[tuple[Json, list[str], Json]]]:
    """By table: where a row counts, its services, and the row itself."""
    found: dict[str, list[tuple[Json, list[str], Json]]] = defaultdict(list)
    for ticket in raw.tickets.values():
        first = raw.first.get(ticket["id"])
        hour = _local(ticket["issued_at"]).hour
        where = _times(date.fromisoformat(ticket["date"]), hour) | _kind(ticket)
        where["window"] = first["window"] if first else ""
        found["tickets"].append((where, ticket["services"].split(","), ticket))
    for call in raw.calls:
        here = _local(call["at"])
        where = _times(here.date(), here.hour) | _kind(call["ticket"]) | {"window": call["window"]}
        found["calls"].append((where, call["services"].split(","), call))
    for one in raw.appointments.values():
        here = _local(one["slot"])
        where = _times(here.date(), here.hour) | {"line": one["line"]}
        if ticket := one["ticket"] and raw.tickets[one["ticket"]["id"]]:
            first = raw.first.get(ticket["id"])
            where |= {
                "lane": lane(ticket),
                "group": ticket.get("group") or "",
                "window": first["window"] if first else "",
            }
        found["appointments"].append((where, one["services"].split(","), one))
    for rating in raw.ratings.values():
        names = {name: rating[name] or "" for name in ("line", "lane", "group", "window")}
        where = _times(date.fromisoformat(rating["date"]), _local(rating["at"]).hour) | names
        found["ratings"].append((where, rating["services"].split(","), rating))
    for case in raw.cases.values():
        here = _local(case["opened_at"])
        where = _times(here.date(), here.hour) | {name: case[name] for name in ("kind", "community", "group")}
        asked = sorted({item["item"] for item in case["items"].values()})
        found["cases"].append((where, asked, case))
        for item in case["items"].values():
            found["case_items"].append((where, [item["item"]], {**item, "person": case["person"]}))
    return found


def grouped(table: Iterable[tuple[Json, list[str], Json]], by: str) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = defaultdict(list)
    for where, services, row in table:
        for key in services if by in ("service", "item") else [where[by]] if by in where else []:
            found[str(key)].append(row)
    return found


# Figures -------------------------------------------------------------------------------------


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _spread(values: list[float], *percents: int) -> Json:
    ordered = sorted(values)
    found: Json = {"mean": _mean(values)}
    for percent in percents:
        found[f"p{percent}"] = ordered[ceil(len(ordered) * percent / 100) - 1] if ordered else None
    return found


def _waiting(raw: Raw, tickets: list[Json], *_: list[Json]) -> Json:
    called = [ticket for ticket in tickets if ticket["id"] in raw.first]
    waits = [wait(raw, ticket) for ticket in called]
    in_time = sum(took <= TARGETS[lane(one)] for took, one in zip(waits, called, strict=True))
    counts = {"numbers": len(tickets), "called": len(called), "in_time": in_time}
    return {**counts, "share_in_time": _share(in_time, len(called)), **_spread(waits, 50, 90, 95)}


def _walking(raw: Raw, calls: list[Json], *_: list[Json]) -> Json:
    walks = [(one["started"] - one["at"]) / MINUTE for one in calls if one["started"] and not one["undone"]]
    return {"visits": len(walks), **_spread(walks, 50, 90, 95)}


def _service(raw: Raw, calls: list[Json], *_: list[Json]) -> Json:
    stays = [one for one in calls if not one["undone"]]
    timed = [one for one in stays if one["started"] and one["ended"] and one["outcome"] != "unclosed"]
    times = [(one["ended"] - one["started"]) / MINUTE for one in timed]
    return {"stays": len(stays), "timed": len(times), **_spread(times, 50, 90, 95)}


def _overtaking(raw: Raw, tickets: list[Json], *_: list[Json]) -> Json:
    called = [raw.first[one["id"]] for one in tickets if lane(one) == "ordinary" and one["id"] in raw.first]
    suffered = [float(call["suffered"]) for call in called]
    some = sum(count > 0 for count in suffered)
    counts = {"ordinary": len(suffered), "overtaken": some, "max": max(suffered, default=None)}
    return {**counts, "share_overtaken": _share(some, len(suffered)), "mean": _mean(suffered)}


def _promise(raw: Raw, calls: list[Json], *_: list[Json]) -> Json:
    stood = [call for call in calls if not call["undone"]]
    rules = {rule: sum(call["rule"] == rule for call in stood) for rule in ("next", "priority", "chosen", "unparked")}
    return {"calls": len(stood), **rules, "violated": sum(call["violated"] for call in stood)}


def _hits(raw: Raw, tickets: list[Json], *_: list[Json]) -> Json:
    ruled = [t for t in tickets if t["id"] in raw.first and raw.first[t["id"]]["rule"] in ("next", "priority")]
    shown = [ticket for ticket in ruled if "wait_high" in ticket]
    waits = [(raw.first[ticket["id"]]["at"] - ticket["issued_at"]) / MINUTE for ticket in shown]
    inside = sum(t["wait_low"] <= took <= t["wait_high"] for t, took in zip(shown, waits, strict=True))
    counts = {"shown": len(shown), "inside": inside, "unknown": len(ruled) - len(shown)}
    return {**counts, "hit_rate": _share(inside, len(shown))}


def _lateness(raw: Raw, appointments: list[Json], *_: list[Json]) -> Json:
    late = [(one["ticket"]["arrived"] - one["slot"]) / MINUTE for one in appointments if one["ticket"]]
    after = sum(value > 0 for value in late)
    return {"arrived": len(late), "late": after, "share_late": _share(after, len(late)), **_spread(late, 50, 90)}


def _no_shows(raw: Raw, appointments: list[Json], *_: list[Json]) -> Json:
    states = {name: sum(one["state"] == name for one in appointments) for name in ("arrived", "no_show", "cancelled")}
    expected = states["arrived"] + states["no_show"]
    return {"booked": len(appointments), **states, "share_no_show": _share(states["no_show"], expected)}


def _trips(raw: Raw, tickets: list[Json]) -> Json:
    came = [one for one in raw.appointments.values() if one["ticket"] and one.get("person")]
    people = {one["ticket"]["id"]: one["person"] for one in came}
    matters: dict[str, list[Json]] = {}
    of: dict[str, str] = {}
    done = sorted((one for one in tickets if one["state"] == "done"), key=lambda one: str(one["id"]))
    for ticket in done:
        name = ticket["id"]
        if ticket.get("slip_of") in of:
            name = of[ticket["slip_of"]]
        elif ticket["id"] in people:
            name = f"{people[ticket['id']]} for {ticket['services']}"
        of[ticket["id"]] = name
        matters.setdefault(name, []).append(ticket)
    closed = [matter for matter in matters.values() if matter[-1]["outcome"] != "papers_missing"]
    once = sum(len(matter) == 1 for matter in closed)
    known = sum("slip_of" in one or one["id"] in people for one in done)
    return {
        "trips": len(done),
        "matters": len(matters),
        "closed": len(closed),
        "once": once,
        "trips_per_matter": len(done) / len(matters) if matters else None,
        "share_once": _share(once, len(closed)),
        "share_known": _share(known, len(done)),
    }


def _outcomes(raw: Raw, tickets: list[Json], *_: list[Json]) -> Json:
    done = [ticket for ticket in tickets if ticket["state"] == "done"]
    named = ("done", "papers_missing", "not_possible", "unclosed")
    return {
        "numbers": len(tickets),
        "finished": len(done),
        "share_finished": _share(len(done), len(tickets)),
        **{f"outcome_{name}": sum(ticket["outcome"] == name for ticket in done) for name in named},
        "outcome_other": sum(ticket["outcome"] not in named for ticket in done),
        **{state: sum(ticket["state"] == state for ticket in tickets) for state in ("cancelled", "expired")},
    }


def _ratings(raw: Raw, calls: list[Json], ratings: list[Json]) -> Json:
    ended = [one for one in calls if one["how"] == "finished" and not one["undone"]]
    finished = sum(one["outcome"] != "unclosed" for one in ended)
    levels = [rating["level"] for rating in ratings]
    bad = [rating for rating in ratings if rating["level"] <= 2]
    answered = [rating for rating in bad if "answered_at" in rating]
    return {
        "finished": finished,
        "rated": len(ratings),
        "share_rated": _share(len(ratings), finished),
        **{f"level_{level}": levels.count(level) for level in range(1, 6)},
        "mean": _mean([float(level) for level in levels]),
        "share_satisfied": _share(len(ratings) - len(bad), len(ratings)),
        "by_staff": sum(rating["source"] == "staff" for rating in ratings),
        "bad": len(bad),
        "answered": len(answered),
        "answered_in_time": sum(rating["answered_at"] <= rating["due_at"] for rating in answered),
    }


def _cases(raw: Raw, cases: list[Json], items: list[Json]) -> Json:
    ends = {end: [one for one in items if one["state"] == end] for end in ("delivered", "refused", "withdrawn")}
    done = ends["delivered"]
    took = [raw.took[case["id"]] for case in cases]
    return {
        "cases": len(cases),
        "people": len({case["person"] for case in cases}),
        "cases_closed": sum("closed_at" in case for case in cases),
        "items": len(items),
        **{end: len(those) for end, those in ends.items()},
        "share_delivered": _share(len(done), sum(map(len, ends.values()))),
        "helped": len({item["person"] for item in done}),
        **{end: sum(one["outcome"] == end for one in done) for end in ("granted", "partly", "declined", "informed")},
        **_spread([(one["since"] - one["opened_at"]) / (24 * 60 * MINUTE) for one in done], 50, 90),
        "home_visits": sum(one["done"] for one in took),
        "not_met": sum(one["not_met"] for one in took),
        "numbers": sum(one["numbers"] for one in took),
    }


#: by report: the tables it counts, what it says of them, and which figure tells of how many people
REPORTS: dict[str, tuple[tuple[str, ...], Callable[..., Json], str]] = {
    "waiting": (("tickets",), _waiting, "numbers"),
    "walking": (("calls",), _walking, "visits"),
    "service": (("calls",), _service, "stays"),
    "overtaking": (("tickets",), _overtaking, "ordinary"),
    "promise": (("calls",), _promise, "calls"),
    "hits": (("tickets",), _hits, "shown"),
    "lateness": (("appointments",), _lateness, "arrived"),
    "no-shows": (("appointments",), _no_shows, "booked"),
    "trips": (("tickets",), _trips, "matters"),
    "outcomes": (("tickets",), _outcomes, "numbers"),
    "ratings": (("calls", "ratings"), _ratings, "rated"),
    "cases": (("cases", "case_items"), _cases, "people"),
}


def recomputed(raw: Raw, tables: dict[str, list[tuple[Json, list[str], Json]]], name: str, by: str) -> dict[str, Json]:
    """Every row of a report by its key; None: too few people to tell, or the one that would give them away."""
    of, make, counted = REPORTS[name]
    parts = [grouped(tables[table], by) for table in of]
    found = {key: make(raw, *(part.get(key, []) for part in parts)) for key in set().union(*parts)}
    if by == "group" or (name in ("ratings", "cases") and by != "all"):
        small = [key for key, row in found.items() if 0 < row[counted] < FEWEST]
        if len(small) == 1:
            enough = sorted((row[counted], key) for key, row in found.items() if row[counted] >= FEWEST)
            small += [key for _count, key in enough[:1]]
        found |= {key: dict.fromkeys(found[key]) for key in small}
    return found
