"""Facts of a hall beside its tickets: bookings, windows, devices, alarms, ratings, decisions of staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hall.domain.events import Entry
from hall.domain.known import Fact, Known, began, fact, local

#: what staff decided against the usual course, and why
_DECISIONS: Final = ("transferred", "claim_decided", "undone", "configured", "window_paused")


def appointment(known: Known, entry: Entry) -> Iterator[Fact]:
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
    yield fact(
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


def span(known: Known, entry: Entry) -> Iterator[Fact]:
    window = entry.window
    if window is None or not entry.kind.startswith("window_"):
        return
    old = known.spans.pop(window["id"], None)
    if old is not None:
        old["till"] = entry.at
        yield fact("spans", old)
    if window["state"] != "closed":
        row = began(known, entry) | {"window": window["id"], "state": window["state"], "clerk": window.get("clerk")}
        known.spans[window["id"]] = row
        yield fact("spans", row)


def trouble(known: Known, entry: Entry) -> Iterator[Fact]:
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
        yield fact("troubles", old)
    if state != "ok":
        row = began(known, entry) | {"device": device, "name": name, "state": state}
        known.troubles[f"{device}/{name}"] = row
        yield fact("troubles", row)


def alarm(known: Known, entry: Entry) -> Iterator[Fact]:
    if entry.kind not in ("alarm_raised", "alarm_ended", "backup_wanted", "backup_answered"):
        return
    name = entry.facts["name"]
    row = known.alarms.pop(name, None)
    if entry.kind in ("alarm_raised", "backup_wanted"):
        row = began(known, entry) | {"name": name, "by": None}
        known.alarms[name] = row
    elif row is not None:
        row["till"], row["by"] = entry.at, entry.by
    if row is not None:
        yield fact("alarms", row)


def rating(known: Known, entry: Entry) -> Iterator[Fact]:
    if entry.kind not in ("rated", "rating_answered"):
        return
    image = entry.facts["rating"]
    here = local(known, image["at"])
    row = {"test": known.test, "date": image["date"], "hour": here.hour, "items": ",".join(image.get("items") or [])}
    names = ("at", "level", "source", "line", "services", "window", "lane", "group", "due_at", "answered_at")
    yield fact("ratings", row | {name: image.get(name) for name in names} | {"id": str(image["id"])})


def decide(known: Known, entry: Entry) -> Iterator[Fact]:
    if entry.kind in _DECISIONS:
        yield decision(known, entry, entry.kind)


def decision(known: Known, entry: Entry, kind: str) -> Fact:
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
    return fact("moves", row)
