"""A case for the person, or a relative they chose: what is done, what is next. The address is the key; no script."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from hall.desk import facts, names
from hall.web import following
from hall.web.access import allow, sanban

bp = Blueprint("desk_tracking", __name__)
#: the way of an item, as far as it goes well
WAY = ("opened", "accepted", "in_hand", "submitted", "decided", "delivered")


@bp.get("/c/<token>")
@allow(None)
def follow(token: str) -> str:
    """No name, no group, nobody's reasons: whoever finds the address learns nothing of the person."""
    hall_id, case = sanban().cases.follow(token)
    hall, told = sanban().halls.get(hall_id), following.facts(hall_id, case)
    items: list[dict[str, Any]] = [
        {
            **one,
            "words": names.STATES[one["state"]],
            "since": facts.when(hall, one["since"]),
            "result": names.OUTCOMES.get(one["outcome"] or "", "") if one["state"] in ("decided", "delivered") else "",
            "step": WAY.index(one["state"]) + 1 if one["state"] in WAY else 0,
        }
        for one in told["items"]
    ]
    visit = told["visit"]
    return render_template(
        "cases_tracking.html",
        hall=hall,
        zone=hall.zone,
        number=facts.number(case["id"]),
        told=told,
        items=items,
        steps=len(WAY),
        step=names.NEXT.get(told["next_step"] or "", ""),
        next_at=facts.when(hall, told["next_at"]),
        visit=visit and {**visit, "words": names.VISITS[visit["state"]], "starts": facts.when(hall, visit["starts"])},
        officer=facts.officers(hall).get(case["owner"], ""),
    )
