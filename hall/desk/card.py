"""Whoever's card is read at a window: their open cases, for staff alone. Nothing of the card is kept."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from hall.desk import facts
from hall.desk.pages import frame, here, refusal
from hall.domain.errors import HallError
from hall.domain.people import Person
from hall.services.people import checked
from hall.web.access import allow, sanban

bp = Blueprint("desk_card", __name__, url_prefix="/desk/card")


@bp.get("")
@allow("serve")
def card() -> str:
    """A reader types the number like a keyboard; so may a clerk."""
    return render_template("cases_card.html", **frame("reader"), rows=None)


@bp.post("")
@allow("serve")
def read() -> str | tuple[str, int]:
    hall, now = here(), sanban().cases.moves.clock()
    try:
        number = checked(Person(id_number=request.form.get("id_number", "")[:40]), hall.calendar.date_of(now)).id_number
    except HallError as refused:
        text, status = refusal(refused)
        return render_template("cases_card.html", **frame("reader"), rows=None, fault=text), status
    found = sanban().case_lists.of_card(hall.id, number, now) if number else []
    rows = [facts.row(hall, one.case, one.person, now) for one in found]
    return render_template("cases_card.html", **frame("reader"), rows=rows)
