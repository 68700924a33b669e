"""What reports say: each figure from rows of facts, with what it counts and what it is divided by.

docs/reports.md defines every figure for people; the tests recompute each from the raw rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from statistics import fmean
from typing import Any, Final

from hall.domain.cases import ENDED, OUTCOMES, ItemState
from hall.domain.office import BAD, LEVELS, Targets
from hall.domain.policy import MINUTE

Row = Mapping[str, Any]
Figures = dict[str, Any]
DAY_MS: Final = 24 * 60 * MINUTE
#: outcomes after which a person comes again for the same matter
_AGAIN: Final = ("papers_missing",)


def percentile(values: Sequence[int], share: float) -> int:
    """The smallest value that at least this share does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def share(part: int, whole: int) -> float | None:
    """None of nothing."""
    return round(part / whole, 4) if whole else None


def wait_of(ticket: Row) -> int:
    """From the number to its first call, ms; an appointment's from its slot when that is later, never below 0."""
    since = ticket["issued_at"]
    if ticket["lane"] == "appointment":
        since = max(since, ticket["slot"])
    return max(0, int(ticket["called_at"] - since))


def _times(values: Sequence[int], shares: Sequence[int], unit: int = MINUTE) -> Figures:
    names = ("mean", *(f"p{percent}" for percent in shares))
    if not values:
        return dict.fromkeys(names)
    found = [fmean(values), *(percentile(values, percent / 100) for percent in shares)]
    return {name: round(value / unit, 2) for name, value in zip(names, found, strict=True)}


def waiting(rows: Mapping[str, Sequence[Row]], targets: Targets) -> Figures:
    called = [ticket for ticket in rows["tickets"] if ticket["called_at"] is not None]
    waits = [wait_of(ticket) for ticket in called]
    in_time = sum(wait <= targets.ms(ticket["lane"]) for wait, ticket in zip(waits, called, strict=True))
    return {
        "numbers": len(rows["tickets"]),
        "called": len(called),
        **_times(waits, (50, 90, 95)),
        "in_time": in_time,
        "share_in_time": share(in_time, len(called)),
    }


def walking(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    walks = [visit["walk"] for visit in rows["visits"] if not visit["undone"] and visit["walk"] is not None]
    return {"visits": len(walks), **_times(walks, (50, 90, 95))}


def service(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    stays = [visit for visit in rows["visits"] if not visit["undone"]]
    times = [visit["service"] for visit in stays if visit["service"] is not None]
    return {"stays": len(stays), "timed": len(times), **_times(times, (50, 90, 95))}


def overtaking(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    suffered = [t["overtaken"] for t in rows["tickets"] if t["lane"] == "ordinary" and t["called_at"] is not None]
    overtaken = sum(count > 0 for count in suffered)
    return {
        "ordinary": len(suffered),
        "overtaken": overtaken,
        "share_overtaken": share(overtaken, len(suffered)),
        "mean": round(fmean(suffered), 2) if suffered else None,
        "max": max(suffered, default=None),
    }


def violates(call: Row) -> bool:
    """A call by the rule `next` that left somebody waiting with a smaller key, or that came later by more than the
    hall's bound than somebody it overtook."""
    return bool(call["rule"] == "next" and (call["over"] > 0 or call["lead"] > call["bound"]))


def promise(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    calls = [call for call in rows["calls"] if not call["undone"]]
    rules = Counter(call["rule"] for call in calls)
    return {
        "calls": len(calls),
        **{rule: rules[rule] for rule in ("next", "priority", "chosen", "unparked")},
        "violated": sum(violates(call) for call in calls),
    }


def hits(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    hits = Counter(ticket["hit"] for ticket in rows["tickets"])
    shown = hits["inside"] + hits["outside"]
    return {
        "shown": shown,
        "inside": hits["inside"],
        "hit_rate": share(hits["inside"], shown),
        "unknown": hits["unknown"],
    }


def lateness(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    late = [one["late"] for one in rows["appointments"] if one["late"] is not None]
    after = sum(value > 0 for value in late)
    return {"arrived": len(late), **_times(late, (50, 90)), "late": after, "share_late": share(after, len(late))}


def no_shows(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    states = Counter(one["state"] for one in rows["appointments"])
    expected = states["arrived"] + states["no_show"]
    return {
        "booked": len(rows["appointments"]),
        **{state: states[state] for state in ("arrived", "no_show", "cancelled")},
        "share_no_show": share(states["no_show"], expected),
    }


def matters(tickets: Sequence[Row]) -> list[list[Row]]:
    """Finished tickets that are one matter of one person: joined by a return slip, or by the same known person
    (`person`, by an appointment) and the same services. Who is not known is a matter of their own."""
    finished = sorted((t for t in tickets if t["state"] == "done"), key=lambda t: str(t["id"]))
    found: dict[str, list[Row]] = {}
    of: dict[str, str] = {}
    for ticket in finished:
        person = ticket.get("person")
        name = of.get(ticket["slip_of"] or "")
        name = name or (f"{person} {ticket['services']}" if person else ticket["id"])
        of[ticket["id"]] = name
        found.setdefault(name, []).append(ticket)
    return list(found.values())


def trips(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    found = matters(rows["tickets"])
    trips = sum(len(matter) for matter in found)
    closed = [matter for matter in found if matter[-1]["outcome"] not in _AGAIN]
    once = sum(len(matter) == 1 for matter in closed)
    known = sum(bool(ticket["slip_of"] or ticket.get("person")) for matter in found for ticket in matter)
    return {
        "trips": trips,
        "matters": len(found),
        "trips_per_matter": round(trips / len(found), 3) if found else None,
        "closed": len(closed),
        "once": once,
        "share_once": share(once, len(closed)),
        "share_known": share(known, trips),
    }


def outcomes(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    states = Counter(ticket["state"] for ticket in rows["tickets"])
    outcomes = Counter(ticket["outcome"] for ticket in rows["tickets"] if ticket["state"] == "done")
    named = ("done", "papers_missing", "not_possible", "unclosed")
    return {
        "numbers": len(rows["tickets"]),
        "finished": states["done"],
        **{f"outcome_{name}": outcomes[name] for name in named},
        "outcome_other": states["done"] - sum(outcomes[name] for name in named),
        "cancelled": states["cancelled"],
        "expired": states["expired"],
        "share_finished": share(states["done"], len(rows["tickets"])),
    }


def ratings(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    stays = [visit for visit in rows["visits"] if visit["how"] == "finished" and not visit["undone"]]
    finished = sum(visit["outcome"] != "unclosed" for visit in stays)
    ratings = rows["ratings"]
    levels = Counter(rating["level"] for rating in ratings)
    bad = [rating for rating in ratings if rating["level"] in BAD]
    answered = [rating for rating in bad if rating["answered_at"] is not None]
    return {
        "finished": finished,
        "rated": len(ratings),
        "share_rated": share(len(ratings), finished),
        **{f"level_{level}": levels[level] for level in LEVELS},
        "mean": round(fmean(rating["level"] for rating in ratings), 2) if ratings else None,
        "share_satisfied": share(len(ratings) - len(bad), len(ratings)),
        "by_staff": sum(rating["source"] == "staff" for rating in ratings),
        "bad": len(bad),
        "answered": len(answered),
        "answered_in_time": sum(rating["answered_at"] <= rating["due_at"] for rating in answered),
    }


def cases(rows: Mapping[str, Sequence[Row]], _: Targets) -> Figures:
    kept, items = rows["cases"], rows["case_items"]
    states = Counter(item["state"] for item in items)
    delivered = [item for item in items if item["state"] == ItemState.DELIVERED]
    outcomes = Counter(item["outcome"] for item in delivered)
    return {
        "cases": len(kept),
        "people": len({case["person"] for case in kept}),
        "cases_closed": sum(case["state"] == "closed" for case in kept),
        "items": len(items),
        **{str(state): states[state] for state in ENDED},
        "share_delivered": share(len(delivered), sum(states[state] for state in ENDED)),
        "helped": len({item["person"] for item in delivered}),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        **_times([item["ended_at"] - item["opened_at"] for item in delivered], (50, 90), DAY_MS),
        "home_visits": sum(case["visits"] for case in kept),
        "not_met": sum(case["not_met"] for case in kept),
        "numbers": sum(case["numbers"] for case in kept),
    }
