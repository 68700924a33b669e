"""Home visits at the desk: who asks for one, a pair's free slots of a week, substitutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from hall.desk import facts, names
from hall.desk.pages import frame, here, refusal
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.visits import AHEAD
from hall.services.visits import Pair, Plan, bounds
from hall.store.cases import Image
from hall.web.access import allow, request_caller, sanban

bp = Blueprint("desk_visits", __name__, url_prefix="/desk/visits")
Answer = str | tuple[str, int] | Response
_DAYS_AHEAD: Final = 60
_WEEK: Final = 7
LENGTHS: Final = (30, 45, 60, 90, 120)
#: what the list says after a form was done
DONE: dict[str, Any] = {
    "plan": _("The visit is planned. Both officers have it in their round."),
    "replan": _("The visit is changed."),
    "cancel": _("The visit is cancelled. The case has another next step."),
}


@bp.get("")
@allow("cases")
def visits() -> str:
    """Visits that need a substitute, cases that ask for a visit, and what is planned."""
    return _list(told=DONE.get(request.args.get("done", "")))


@bp.post("")
@allow("cases")
def substitute() -> Answer:
    """Somebody goes instead of one of the two."""
    form, hall = request.form, here()
    try:
        visit = sanban().cases.kept.visit(hall.id, form.get("visit", "")[:20])
        gone, other = form.get("gone", ""), form.get("instead", "")[:64]
        pair = Pair(*(other if visit[part] == gone else visit[part] for part in ("centre", "near")))
        plan = Plan(pair, visit["starts"], (visit["ends"] - visit["starts"]) // 60_000)
        sanban().visits.replan(request_caller(), hall.id, visit["id"], plan, form.get("reason", "")[:500])
    except HallError as refused:
        text, status = refusal(refused)
        return _list(fault=text), status
    return redirect(url_for(".visits", done="replan"))


@bp.get("/plan")
@allow("cases")
def week() -> str:
    """The free slots of a pair, for a case or for a visit that is moved."""
    return _week(request.args)


@bp.post("/plan")
@allow("cases")
def plan() -> Answer:
    """A visit in a slot, the same visit at another time, or none at all."""
    form, hall, desk = request.form, here(), sanban().visits
    visit, reason, what = form.get("visit", "")[:20], form.get("reason", "")[:500], "plan"
    try:
        if form.get("do") == "cancel":
            what = "cancel"
            desk.cancel(request_caller(), hall.id, visit, facts.read_moment(hall, form.get("next_at", "")), reason)
        else:
            pair = Pair(form.get("centre", "")[:64], form.get("near", "")[:64])
            wanted = Plan(pair, _number(form.get("starts", "")), _length(hall, form))
            if visit:
                what = "replan"
                desk.replan(request_caller(), hall.id, visit, wanted, reason)
            else:
                desk.plan(request_caller(), hall.id, form.get("case", "")[:20], wanted)
    except HallError as refused:
        text, status = refusal(refused)
        return _week(form, fault=text), status
    return redirect(url_for(".visits", done=what))


def _list(told: Any = None, fault: str | None = None) -> str:
    hall, now, lists = here(), sanban().cases.moves.clock(), sanban().case_lists
    start, end = bounds(hall, hall.calendar.date_of(now))[0], now + _DAYS_AHEAD * 86_400_000
    planned = [one for one in sanban().cases.kept.visits(hall.id, start, end) if one["state"] != "cancelled"]
    ahead = {one["case"] for one in planned if one["state"] in AHEAD}
    wanting = [one for one in lists.listed(hall.id, now=now) if one.case["kind"] == "home_visit"]
    known = facts.officers(hall)
    return render_template(
        "visits_list.html",
        **frame("visits"),
        gaps=[
            {**row(hall, one.visit), "gone": one.gone, "gone_name": known.get(one.gone, one.gone), "others": one.others}
            for one in sanban().doorstep.gaps(hall.id, now, end)
        ],
        requests=[facts.row(hall, one.case, one.person, now) for one in wanting if one.case["id"] not in ahead],
        planned=[row(hall, one) for one in planned],
        known=known,
        conflicts=len(sanban().doorstep.conflicts(hall.id)),
        told=told,
        fault=fault,
    )


def row(hall: Hall, visit: Image) -> dict[str, Any]:
    """A visit in a list."""
    known = facts.officers(hall)
    return {
        "id": visit["id"],
        "case": visit["case"],
        "number": facts.number(visit["case"]),
        "day": facts.when(hall, visit["starts"])[:10],
        "starts": facts.when(hall, visit["starts"])[11:],
        "ends": facts.when(hall, visit["ends"])[11:],
        "pair": [known.get(visit[part], visit[part]) for part in ("centre", "near")],
        "community": facts.named(hall.communities, visit["community"]) if visit["community"] else "",
        "state": visit["state"],
        "state_name": names.VISITS[visit["state"]],
    }


def _week(asked: Mapping[str, str], fault: str | None = None) -> str:
    hall, desk = here(), sanban().cases
    now = desk.moves.clock()
    visit = desk.kept.visit(hall.id, asked["visit"][:20]) if asked.get("visit") else None
    case = desk.kept.get(hall.id, visit["case"] if visit else asked.get("case", "")[:20])
    pair = _pair(hall, case, visit, asked)
    today = hall.calendar.date_of(now)
    first = max(_date(asked.get("from", "")) or today, today)
    length = {"minutes": str((visit["ends"] - visit["starts"]) // 60_000)} if visit else {}
    minutes = _length(hall, {**length, **asked})
    days = [first + timedelta(days=n) for n in range(_WEEK)]
    return render_template(
        "visits_week.html",
        **frame("visits"),
        case=facts.row(hall, case, facts.person_of(hall, case), now),
        visit=row(hall, visit) if visit else None,
        pair=pair,
        centre=[one for one in hall.officers if one.of == "centre"],
        near=_near(hall, case["community"]),
        minutes=minutes,
        lengths=sorted({*LENGTHS, hall.cases.visit, minutes}),
        days=[_day(hall, pair, day, minutes, now) for day in days],
        first=first.isoformat(),
        earlier=max(first - timedelta(days=_WEEK), today).isoformat(),
        later=(first + timedelta(days=_WEEK)).isoformat(),
        names=names,
        reason=asked.get("reason", ""),
        next_at=facts.field_moment(hall, now + 86_400_000),
        fault=fault,
    )


def _day(hall: Hall, pair: Pair, day: date, minutes: int, now: int) -> dict[str, Any]:
    """A column of the week: what is free for both, and what the two do then."""
    slots = [one for one in sanban().visits.slots(hall.id, pair, day, minutes) if one > now] if all(pair) else []
    taken = {one["id"]: one for officer in pair if officer for one in sanban().visits.on(hall.id, day, officer)}
    return {
        "day": day.isoformat(),
        "weekday": day.weekday(),
        "slots": [{"ms": one, "time": facts.when(hall, one)[11:]} for one in slots],
        "taken": [row(hall, one) for one in sorted(taken.values(), key=lambda one: one["starts"])],
    }


def _pair(hall: Hall, case: Image, visit: Image | None, asked: Mapping[str, str]) -> Pair:
    """Whose slots are shown: those that were chosen, else the visit's, else whose case or community it is."""
    kinds = {one.id: one.of for one in hall.officers}
    wanted = {part: asked.get(part, "") or (visit[part] if visit else "") for part in ("centre", "near")}
    if kinds.get(wanted["centre"]) != "centre":
        mine = case["owner"] if kinds.get(case["owner"]) == "centre" else ""
        wanted["centre"] = mine or next((one.id for one in hall.officers if one.of == "centre"), "")
    if kinds.get(wanted["near"]) != "community":
        mine = case["owner"] if kinds.get(case["owner"]) == "community" else ""
        wanted["near"] = mine or next((one.id for one in _near(hall, case["community"])), "")
    return Pair(wanted["centre"], wanted["near"])


def _near(hall: Hall, community: str) -> list[Any]:
    """Officers of communities, those of this one first."""
    return sorted((one for one in hall.officers if one.of == "community"), key=lambda one: one.community != community)


def _length(hall: Hall, asked: Mapping[str, str]) -> int:
    minutes = _number(asked.get("minutes", ""))
    return minutes if 15 <= minutes <= 480 else hall.cases.visit


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 < found.year < 2100 else None
