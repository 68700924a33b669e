"""An officer's first page: what has to be done today, and which cases there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hall.desk import facts, names
from hall.desk.pages import frame, here, me
from hall.domain.halls import Hall
from hall.services.case_lists import Alarm, Listed
from hall.services.visits import bounds
from hall.web.access import allow, sanban

bp = Blueprint("desk_today", __name__)


@bp.get("/desk/")
@allow("cases")
def today() -> str:
    """Visits, urgent relief by the hours left, steps that are due, papers that are waited for: of whoever asks, or of
    the whole desk."""
    hall, now = here(), sanban().cases.moves.clock()
    mine = "" if "all" in request.args else me()
    listed = sanban().case_lists.listed(hall.id, mine=mine, now=now)
    day = hall.calendar.date_of(now)
    due = [one for one in listed if one.case["next_at"] < bounds(hall, day)[1]]
    papers = [one for one in listed if one.case["next_step"] == "ask_papers" and one not in due]
    items = _items(hall, listed, now)
    return render_template(
        "cases_today.html",
        **frame("today"),
        mine=mine,
        officer=bool(me()),
        day=day.isoformat(),
        visits=_visits(hall, mine),
        relief=_relief(items),
        served=[one for one in items if one["served"]],
        due=_rows(hall, due, now),
        papers=_rows(hall, papers, now),
        alarms=_alarms(hall, sanban().case_lists.alarms(hall.id, now)),
        count=len(listed),
    )


@bp.get("/desk/cases")
@allow("cases")
def cases() -> str | Response:
    """Open cases, the one that is due first at the top; a closed one is found by its number."""
    hall, now, args = here(), sanban().cases.moves.clock(), request.args
    if args.get("number", "").strip():
        case = sanban().cases.kept.get(hall.id, facts.case_id(args["number"]))
        return redirect(url_for("desk_case.show", case=case["id"]))
    mine = me() if args.get("mine") else ""
    community = args.get("community", "")[:64]
    found = sanban().case_lists.listed(
        hall.id, mine=mine, community=community, overdue=bool(args.get("overdue")), now=now
    )
    rows = _rows(hall, found, now)
    if args.get("unowned"):
        rows = [row for row in rows if row["unowned"]]
    chosen = {name: bool(args.get(name)) for name in ("mine", "overdue", "unowned")}
    return render_template(
        "cases_list.html", **frame("cases"), rows=rows, chosen={**chosen, "community": community}, officer=bool(me())
    )


def _rows(hall: Hall, listed: Sequence[Listed], now: int) -> list[facts.Row]:
    return [facts.row(hall, one.case, one.person, now) for one in listed]


def _visits(hall: Hall, officer: str) -> list[dict[str, Any]]:
    """Today's visits in their order."""
    day = hall.calendar.date_of(sanban().cases.moves.clock())
    known = facts.officers(hall)
    return [
        {
            "id": one["id"],
            "case": one["case"],
            "number": facts.number(one["case"]),
            "starts": facts.when(hall, one["starts"])[11:],
            "ends": facts.when(hall, one["ends"])[11:],
            "pair": [known.get(one[part], one[part]) for part in ("centre", "near")],
            "community": facts.named(hall.communities, one["community"]) if one["community"] else "",
            "state": names.VISITS[one["state"]],
        }
        for one in sanban().visits.on(hall.id, day, officer or None)
    ]


def _items(hall: Hall, listed: Sequence[Listed], now: int) -> list[dict[str, Any]]:
    """Every item of these cases, with the case it is of; `due` in ms, of urgent relief."""
    known = facts.officers(hall)
    return [
        {
            **item,
            "case": one.case["id"],
            "number": facts.number(one.case["id"]),
            "owner": known.get(one.case["owner"]),
            "due": one.case["items"][item["n"]].get("due", 0),
        }
        for one in listed
        for item in facts.items(hall, one.case, now)
    ]


def _relief(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Urgent items that are not decided, the one with the fewest hours left first."""
    return sorted((one for one in items if one["hours"] is not None), key=lambda one: (one["due"], one["case"]))


def _alarms(hall: Hall, alarms: Sequence[Alarm]) -> list[dict[str, Any]]:
    """What the whole desk must see: visits nobody has heard of, refused actions of doorsteps, cases of nobody."""
    known = facts.officers(hall)
    return [
        {
            "kind": one.kind,
            "words": names.ALARMS[one.kind],
            "since": facts.when(hall, one.since),
            "case": one.facts.get("case") or (one.about if one.kind == "unowned" else ""),
            "who": " · ".join(known.get(one.facts[part], "") for part in ("centre", "near") if part in one.facts),
            "about": one.about,
        }
        for one in alarms
        if one.kind in names.ALARMS
    ]
