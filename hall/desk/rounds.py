"""A day's rounds to take along on paper; and what was refused on a doorstep, for an officer to settle."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from hall.desk import facts, names, visits
from hall.desk.pages import frame, here, me, refusal
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.services.doorstep import Round
from hall.store.cases import Image
from hall.web.access import allow, request_caller, sanban
from hall.web.errors import said
from hall.web.problems import PROBLEMS

bp = Blueprint("desk_rounds", __name__, url_prefix="/desk")


@bp.get("/rounds")
@allow("cases")
def rounds() -> str:
    """Every pair's way through a date, or that of whoever asks."""
    hall, now = here(), sanban().cases.moves.clock()
    day = _day(request.args.get("date", "")) or hall.calendar.date_of(now)
    mine = me() if "mine" in request.args else ""
    found = [one for one in sanban().doorstep.rounds(hall.id, day) if not mine or mine in one.pair]
    return render_template(
        "visits_rounds.html",
        **frame("visits"),
        day=day.isoformat(),
        rounds=[_round(hall, one) for one in found],
        officer=bool(me()),
        mine=mine,
    )


@bp.get("/conflicts")
@allow("cases")
def conflicts() -> str:
    return _conflicts()


@bp.post("/conflicts")
@allow("cases")
def settle() -> str | tuple[str, int] | Response:
    """Somebody has seen to a refused action, or wants to know what it said."""
    hall, name = here(), request.form.get("conflict", "")[:64]
    if request.form.get("do") == "reveal":
        return _conflicts(shown=name)
    try:
        sanban().visits.settle(request_caller(), hall.id, name)
    except HallError as refused:
        text, status = refusal(refused)
        return _conflicts(fault=text), status
    return redirect(url_for(".conflicts", done=1))


def _conflicts(shown: str = "", fault: str | None = None) -> str:
    hall, rows = here(), []
    for one in sanban().doorstep.conflicts(hall.id):
        texts = sanban().doorstep.said(request_caller(), hall.id, one) if one["id"] == shown else {}
        rows.append({**_conflict(hall, one), "shown": one["id"] == shown, "texts": texts})
    told = _("It is settled.") if "done" in request.args else None
    return render_template("visits_conflicts.html", **frame("visits"), rows=rows, fault=fault, told=told)


def _conflict(hall: Hall, one: Image) -> dict[str, Any]:
    action = one["action"]
    _status, why = PROBLEMS[one["code"]]
    parts = [str(names.DOORSTEP[one["move"]])]
    parts += [str(names.MOVES[move]) for move in action.get("moves", ()) if move in names.MOVES]
    if action.get("outcome") in names.OUTCOMES:
        parts.append(str(names.OUTCOMES[action["outcome"]]))
    return {
        "id": one["id"],
        "case": one["case"],
        "number": facts.number(one["case"]) if one["case"] else "",
        "what": " · ".join(parts),
        "at": facts.when(hall, action["at"]),
        "why": said(why, dict.fromkeys(("count",), "")),
        "said": bool(action.get("texts")),
    }


def _round(hall: Hall, one: Round) -> dict[str, Any]:
    known = facts.officers(hall)
    legs = [{**visits.row(hall, one.visits[leg.visit]), "travel": leg.travel, "fits": leg.fits} for leg in one.legs]
    ahead = {leg.visit for leg in one.legs}
    over = [visits.row(hall, visit) for name, visit in one.visits.items() if name not in ahead]
    for row in legs:
        case = sanban().cases.kept.get(hall.id, row["case"])
        row["items"] = [item["name"] for item in facts.items(hall, case, 0) if not item["ended"]]
    return {"pair": [known.get(name, name) for name in one.pair], "legs": legs, "over": over}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
