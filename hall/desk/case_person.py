"""Who the person of a case is, when it becomes known later: written down, merged with a record that exists, parted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from hall.desk import case as case_page
from hall.desk import facts
from hall.desk.pages import here, refusal
from hall.domain.case_errors import SamePerson
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.people import Person, masked
from hall.services.people import checked
from hall.web.access import allow, request_caller, sanban

bp = Blueprint("desk_person", __name__, url_prefix="/desk/cases")


@bp.post("/<case>/person")
@allow("cases")
def person(case: str) -> str | tuple[str, int] | Response:
    """An identity number that is known already changes nothing: an officer compares, and decides."""
    form, hall, desk, caller = request.form, here(), sanban().cases, request_caller()
    what, reason = form.get("do", ""), form.get("reason", "")[:1000]
    try:
        if what == "merge":
            desk.merge(caller, hall.id, case, form.get("into", "")[:64], reason)
        elif what == "part":
            desk.part(caller, hall.id, case, reason)
        else:
            what = "identify"
            desk.identify(caller, hall.id, case, facts.typed(form))
    except SamePerson as known:
        text, status = refusal(known)
        return case_page.page(case, fault=text, found=_found(hall, facts.typed(form)), typed=form), status
    except HallError as refused:
        text, status = refusal(refused)
        return case_page.page(case, fault=text, typed=form), status
    return redirect(url_for("desk_case.show", case=case, done=what))


def _found(hall: Hall, typed: Person) -> Mapping[str, Any]:
    """Whom the typed identity number finds, masked."""
    if not typed.id_number.strip():
        return {}
    number = checked(Person(id_number=typed.id_number), hall.calendar.date_of(sanban().cases.moves.clock())).id_number
    return {one: masked(who) for one, who in sanban().people.find(hall.id, id_number=number).items()}
