"""Case officers: what they have to do, what they know, when they are absent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hall.desk import facts, names
from hall.desk.pages import frame, here, refusal
from hall.domain.case_catalogue import Officer
from hall.domain.case_errors import NextStepPast
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.visits import on_duty
from hall.store.cases import Image
from hall.web.access import allow, request_caller, sanban
from hall.web.texts import said

bp = Blueprint("desk_officers", __name__, url_prefix="/desk/officers")


@bp.get("")
@allow("cases")
def officers() -> str:
    return _page()


@bp.post("")
@allow("cases")
def absent() -> str | tuple[str, int] | Response:
    """Somebody will be absent, or is here after all. Visits in that time are listed: they need a substitute."""
    form, hall, visits = request.form, here(), sanban().visits
    try:
        if form.get("do") == "back":
            visits.back(request_caller(), hall.id, form.get("absence", "")[:64])
        else:
            start, end = (facts.read_moment(hall, form.get(name, "")) for name in ("from", "till"))
            if end <= max(start, sanban().cases.moves.clock()):
                raise NextStepPast(at=end)
            left = visits.away(request_caller(), hall.id, form.get("officer", "")[:64], start, end)
            if left:
                return _page(left=left)
    except HallError as refused:
        text, status = refusal(refused)
        return _page(fault=text), status
    return redirect(url_for(".officers"))


def _page(fault: str | None = None, left: list[Image] | None = None) -> str:
    hall, now = here(), sanban().cases.moves.clock()
    loads, absences = sanban().cases.loads(hall.id), sanban().cases.kept.absences(hall.id)
    away = [{"id": key, **one} for key, one in absences.items() if one["till"] > now]
    known = facts.officers(hall)
    return render_template(
        "cases_officers.html",
        **frame("officers"),
        rows=[_row(hall, one, loads.get(one.id, 0), away, now) for one in hall.officers],
        away=[
            {
                "id": one["id"],
                "name": known.get(one["officer"], one["officer"]),
                "from": facts.when(hall, one["from"]),
                "till": facts.when(hall, one["till"]),
            }
            for one in sorted(away, key=lambda one: one["from"])
        ],
        known=known,
        now=facts.field_moment(hall, now),
        left=[
            {"case": one["case"], "number": facts.number(one["case"]), "starts": facts.when(hall, one["starts"])}
            for one in left or []
        ],
        fault=fault,
    )


def _row(hall: Hall, one: Officer, load: int, away: list[dict[str, Any]], now: int) -> dict[str, Any]:
    duty = on_duty(hall.calendar, one, hall.calendar.date_of(now))
    return {
        "id": one.id,
        "name": one.name,
        "of": facts.named(hall.communities, one.community) if one.community else names.CENTRE,
        "skills": [said(it.name) for it in hall.items if it.skill and it.skill in one.skills],
        "duty": [f"{facts.when(hall, start)[11:]}–{facts.when(hall, end)[11:]}" for start, end in duty],
        "load": load,
        "capacity": one.capacity,
        "full": load >= one.capacity,
        "away": any(it["officer"] == one.id and it["from"] <= now for it in away),
    }
