"""What is kept of a person: shown to whoever has the right to know, handed out, erased. Whom it is about is typed into
a form, never part of an address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from hall.domain.errors import HallError
from hall.domain.people import masked
from hall.office.pages import frame
from hall.web.access import allow, current, request_caller, sanban
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS

bp = Blueprint("office_privacy", __name__, template_folder="templates", url_prefix="/office/privacy")
STATES = {
    "booked": lazy_gettext("booked"),
    "arrived": lazy_gettext("checked in"),
    "cancelled": lazy_gettext("cancelled"),
    "no_show": lazy_gettext("missed"),
    "open": lazy_gettext("open case"),
    "closed": lazy_gettext("closed case"),
}
Answer = str | tuple[str, int] | Response


@bp.get("")
@allow("privacy")
def privacy() -> str:
    return _page()


@bp.post("")
@allow("privacy")
def ask() -> Answer:
    """Find somebody by number; show, hand out, erase what is kept."""
    actions: dict[str, Callable[[], Answer]] = {"find": _find, "show": _show, "file": _file, "erase": _erase}
    action = actions.get(request.form.get("do", ""))
    if action is None:
        return _page(), 422
    try:
        return action()
    except HallError as refusal:
        status, text = PROBLEMS[refusal.code]
        return _page(fault=said_with(text, refusal.facts)), status


def _find() -> str:
    found = sanban().privacy.find(current().hall, request.form.get("number", ""))
    people = {person_id: masked(person) for person_id, person in found.items()}
    return _page(people=people, told="" if people else _("Nothing is kept of anybody with this number."))


def _show() -> str:
    return _page(about=sanban().privacy.about(request_caller(), current().hall, _person(), "clear"))


def _file() -> Response:
    about = sanban().privacy.about(request_caller(), current().hall, _person(), "file")
    text = json.dumps(about, ensure_ascii=False, indent=2)
    name = f"attachment; filename=person-{_person()}.json"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": name})


def _erase() -> Answer:
    if not request.form.get("sure"):
        return _page(fault=_("Tick the box first: what is erased cannot be brought back.")), 422
    sanban().privacy.erase(request_caller(), current().hall, _person())
    return _page(told=_("Erased. What is left belongs to nobody anybody knows."))


def _person() -> str:
    person = request.form.get("person", "")
    return person if person.isascii() and person.isalnum() else ""


def _page(**shown: Any) -> str:
    nothing: dict[str, Any] = {"people": None, "about": None, "told": None, "fault": None}
    return render_template("office_privacy.html", **frame(), states=STATES, **{**nothing, **shown})
