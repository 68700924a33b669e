"""A case as the desk's pages show it: names instead of ids, dates of the hall's zone, what may be done next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hall.desk import names
from hall.domain import cases as rules
from hall.domain.errors import UnknownTicket
from hall.domain.halls import Hall
from hall.domain.people import Person, masked
from hall.store.cases import Image
from hall.web.access import sanban
from hall.web.texts import said

_HOUR = 3_600_000
Row = dict[str, Any]


def when(hall: Hall, ms: int | None) -> str:
    """A moment as a date and a time."""
    return f"{hall.calendar.local(ms):%Y-%m-%d %H:%M}" if ms else ""


def read_moment(hall: Hall, text: str) -> int:
    """What a field of date and time says, ms UTC; 0 when it says nothing that can be read: a past moment."""
    try:
        at = datetime.fromisoformat(text.strip())
        return hall.calendar.ms(at.date(), at.hour * 60 + at.minute) if at.tzinfo is None else 0
    except (ValueError, OverflowError):
        return 0


def field_moment(hall: Hall, ms: int) -> str:
    """A moment as a field of date and time holds it."""
    return f"{hall.calendar.local(ms):%Y-%m-%dT%H:%M}"


def number(case_id: str) -> str:
    """How people say a case: its id without the zeros."""
    return case_id.lstrip("0") or "0"


def case_id(typed: str) -> str:
    """The id of a case as people say it; what is no number is the id of none."""
    text = typed.strip()
    return text.zfill(10) if text.isascii() and text.isdigit() and len(text) <= 10 else ""


def named(parts: Any, part_id: str) -> str:
    """The name of a part of the hall; one that is gone keeps its id."""
    return next((said(one.name) for one in parts if one.id == part_id), part_id)


def officers(hall: Hall) -> dict[str, str]:
    return {one.id: one.name for one in hall.officers}


def who(hall: Hall, by: str) -> str:
    """Whoever the journal names, for staff."""
    kind, _, name = by.partition(":")
    if kind != "staff":
        return by
    record = sanban().access.staff(hall.id).get(name)
    return str(record["name"]) if record else officers(hall).get(name, name)


def row(hall: Hall, case: Image, person: Mapping[str, str], now: int) -> Row:
    """A case in a list."""
    ended, every = rules.done_share(case)
    owner = officers(hall).get(case["owner"])
    return {
        "id": case["id"],
        "number": number(case["id"]),
        "kind": names.KINDS[case["kind"]],
        "group": named(hall.recipients, case["group"]),
        "community": named(hall.communities, case["community"]) if case["community"] else "",
        "owner": owner or case["owner"],
        "unowned": owner is None,
        "person": person["name"],
        "step": names.STEPS.get(case.get("next_step", ""), ""),
        "next": when(hall, case.get("next_at")),
        "overdue": case["state"] == "open" and case["next_at"] <= now,
        "opened": when(hall, case["opened_at"]),
        "done": ended,
        "all": every,
        "state": case["state"],
    }


def typed(form: Mapping[str, str]) -> Person:
    """A person as a form has it; every field may be empty."""
    longest = {"name": 80, "phone": 40, "id_number": 40, "description": 1000}
    return Person(**{name: form.get(name, "")[:most] for name, most in longest.items()})


def person_of(hall: Hall, case: Image) -> dict[str, str]:
    """The person of a case, masked."""
    found = sanban().people.many(hall.id, [case["person"]])
    return masked(found.get(case["person"], Person()))


def items(hall: Hall, case: Image, now: int) -> list[Row]:
    """The items of a case in order, each with its moves."""
    known = {one.id: one for one in hall.items}
    rows = []
    for n, one in sorted(case["items"].items(), key=lambda pair: int(pair[0])):
        kind = known.get(one["item"])
        ended = one["state"] in rules.ENDED
        rows.append(
            {
                "n": n,
                "name": said(kind.name) if kind else one["item"],
                "bundle": named(hall.bundles, one["bundle"]) if one.get("bundle") else "",
                "state": one["state"],
                "state_name": names.STATES[one["state"]],
                "since": when(hall, one["since"]),
                "outcome": names.OUTCOMES.get(one.get("outcome") or "", ""),
                "help": one.get("how") == "help",
                "moves": rules.moves_of(one["state"]) if case["state"] == "open" else [],
                "papers": [said(paper.name) for paper in kind.papers] if kind else [],
                "service": bool(kind and kind.service),
                "ended": ended,
                **_due(one, now),
                **_ticket(hall, one),
            }
        )
    return rows


def _due(item: Image, now: int) -> Row:
    """`hours` that are left for urgent relief; negative: it is late by so many."""
    decided = item["state"] in (*rules.ENDED, rules.ItemState.DECIDED)
    if decided or not item.get("due"):
        return {"hours": None, "late": False}
    left = item["due"] - now
    return {"hours": round(abs(left) / _HOUR, 1), "late": left <= 0}


def _ticket(hall: Hall, item: Image) -> Row:
    """The number in the hall that was taken for an item, and whether a window has served it."""
    if not item.get("ticket"):
        return {"ticket": "", "served": False}
    token = sanban().secrets.ticket_token(hall.id, item["ticket"])
    try:
        ticket = sanban().tickets.look(token)[1].ticket
    except UnknownTicket:  # a number is forgotten two days after its end, a case is not
        return {"ticket": "", "served": False}
    served = ticket["state"] == "done" and ticket.get("outcome") == "done" and item["state"] not in rules.ENDED
    return {"ticket": ticket["number"], "served": served}


def papers(hall: Hall, case: Image) -> list[Row]:
    """Papers handed in, in order; `back`: when one was given back."""
    known = {paper.id: said(paper.name) for one in hall.items for paper in one.papers}
    return [
        {
            "n": n,
            "name": known.get(one["paper"], names.OTHER_PAPER),
            "original": one["original"],
            "in": when(hall, one["in_at"]),
            "back": when(hall, one.get("back_at")),
        }
        for n, one in sorted(case["papers"].items(), key=lambda pair: int(pair[0]))
    ]


def story(hall: Hall, case: Image, texts: Mapping[str, str]) -> list[Row]:
    """What happened, newest first; `texts` are what was said, by <place>/<name>, when somebody asked to see it."""
    by_place: dict[str, list[str]] = {}
    photos: dict[str, list[str]] = {}
    for key, text in texts.items():
        place, _, name = key.partition("/")
        (photos if name == "photo" else by_place).setdefault(place, []).append(text)
    rows = [
        {
            "at": when(hall, told["at"]),
            "by": who(hall, told["by"]),
            "kind": told["kind"],
            "what": names.STORY.get(told["kind"], told["kind"]),
            "detail": _detail(hall, case, told),
            "texts": by_place.get(str(place), []),
            "photos": photos.get(str(place), []),
        }
        for place, told in enumerate(sanban().cases.kept.story(hall.id, case["id"]), 1)
    ]
    return rows[::-1]


def _detail(hall: Hall, case: Image, told: Row) -> str:
    """The facts of an entry, in words."""
    kind = told["kind"]
    if kind == "case_item_moved":
        outcome = names.OUTCOMES.get(told.get("outcome") or "", "") if told["move"] == "decide" else ""
        parts = [named(hall.items, told["item"]), str(names.STATES[told["to"]]), str(outcome)]
        return " · ".join(part for part in parts if part)
    if kind in ("case_paper_in", "case_paper_back"):
        return next((str(one["name"]) for one in papers(hall, case) if one["n"] == told["n"]), "")
    if kind == "case_authorised":
        return str(names.AUTHORISED[told["how"]])
    if kind == "case_next":
        return f"{names.STEPS[told['step']]} · {when(hall, told['next_at'])}"
    if kind == "case_ticket":
        return str(told["number"])
    if kind == "case_assigned":
        known = officers(hall)
        return f"{known.get(told['was'], told['was'])} → {known.get(told['owner'], told['owner'])}"
    if kind == "case_opened":
        return str(officers(hall).get(told["owner"], told["owner"]))
    return ""
