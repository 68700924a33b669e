"""Opening a case in two steps: for whom and what; then who looks after it. What was typed stays sealed in the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from hall.desk import facts, names
from hall.desk.case import suggested
from hall.desk.pages import frame, here, refusal
from hall.domain import cases as rules
from hall.domain.callers import Caller
from hall.domain.case_catalogue import Recipients
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.people import Person, read_phone
from hall.services import case_parts as parts
from hall.services.case_parts import Wanted
from hall.services.cases import Opening
from hall.services.people import checked
from hall.web.access import allow, current, request_caller, sanban
from hall.web.sealed import seal, unseal
from hall.web.texts import said

bp = Blueprint("desk_open", __name__, url_prefix="/desk")
Answer = str | tuple[str, int] | Response
Json = dict[str, Any]
_DAY = 86_400_000
_TEXTS = ("found", "address", "relative", "note", "shown", "relative_phone")
_TYPED = tuple(name for name in _TEXTS if name != "relative_phone")
#: what the person of a form consists of
_PERSON = ("name", "phone", "id_number", "description")


@bp.get("/open")
@allow("cases")
def start() -> str:
    """Step one: kind, source, group with what was looked at, person, items. Nothing about the person is required."""
    return _first(here(), None, request.args)


@bp.post("/open")
@allow("cases")
def second() -> Answer:
    return _second(here(), None)


@bp.post("/open/done")
@allow("cases")
def done() -> Answer:
    return _done(here(), None)


@bp.get("/from/<number>")
@allow("serve")
def from_ticket(number: str) -> str:
    """A clerk turns one of today's numbers into a case: what it came for is chosen already."""
    hall = here()
    ticket = sanban().tickets.find(request_caller(), hall.id, number).ticket
    services = ticket["services"].split(",")
    typed: MultiDict[str, str] = MultiDict(request.args)
    typed.setlistdefault("items", [one.id for one in hall.items if one.service and one.service in services])
    return _first(hall, ticket["number"], typed)


@bp.post("/from/<number>")
@allow("serve")
def from_ticket_second(number: str) -> Answer:
    return _second(here(), number)


@bp.post("/from/<number>/done")
@allow("serve")
def from_ticket_done(number: str) -> Answer:
    return _done(here(), number)


def _first(hall: Hall, ticket: str | None, typed: MultiDict[str, str], **more: Any) -> str:
    kind = typed.get("kind", "")
    if kind not in names.KINDS:
        kind = "assisted"
    chosen = typed.getlist("items")
    return render_template(
        "cases_open.html",
        **frame("open"),
        ticket=ticket,
        kind=kind,
        kinds=names.KINDS,
        sources={name: words for name, words in names.SOURCES.items() if name != "hall_ticket"},
        groups=[one for one in hall.recipients if kind in one.kinds],
        items=[one for one in hall.items if kind in one.kinds],
        bundles=_bundles(hall, kind),
        typed=typed,
        chosen=chosen,
        chosen_bundles=typed.getlist("bundles"),
        ticked=typed.getlist("checks"),
        **more,
    )


def _bundles(hall: Hall, kind: str) -> list[Any]:
    able = {one.id for one in hall.items if kind in one.kinds}
    return [one for one in hall.bundles if set(one.items) <= able]


def _second(hall: Hall, ticket: str | None) -> Answer:
    """What was typed is looked at before anybody is asked whom to give it to."""
    form = request.form
    try:
        group = parts.recipients(hall, form.get("group", ""), form.get("kind", ""))
        wanted = Wanted(tuple(form.getlist("items")), tuple(form.getlist("bundles")))
        items = parts.wanted_items(hall, form.get("kind", ""), wanted)
        parts.community(hall, form.get("community", ""))
        checked(facts.typed(form), hall.calendar.date_of(sanban().cases.moves.clock()))
        relative = _phone(form)
    except HallError as refused:
        text, status = refusal(refused)
        return _first(hall, ticket, form, fault=text), status
    missing = _unticked(group, form)
    if missing:
        return _first(hall, ticket, form, refused=group, missing=missing), 422
    data = {"relative_phone": relative} | {
        name: form.get(name, "")[:1000] for name in ("kind", "source", "group", "community", *_PERSON, *_TYPED)
    }
    whole = {**data, "items": list(wanted.items), "bundles": list(wanted.bundles), "key": request_key()}
    whole["shown"] = " · ".join([*(said(one) for one in group.checks), *([data["shown"]] if data["shown"] else [])])
    return _ask_owner(hall, ticket, whole, [one["item"] for one in items])


def _phone(form: Mapping[str, str]) -> str:
    """Where a relative is told of news. Raises `BadPhone`."""
    text = form.get("relative_phone", "")[:40]
    return read_phone(text) if text.strip() else ""


def _unticked(group: Recipients, form: MultiDict[str, str]) -> list[str]:
    """What of the group's checklist nobody has seen."""
    ticked = form.getlist("checks")
    return [said(one) for n, one in enumerate(group.checks) if f"{group.id}/{n}" not in ticked]


def request_key() -> str:
    """So that a form that is sent twice opens one case."""
    return sanban().secrets.hidden("open", current().by, str(sanban().cases.moves.clock()), *request.form.values())[:32]


def _ask_owner(hall: Hall, ticket: str | None, data: Json, items: list[str], **more: Any) -> str:
    now = sanban().cases.moves.clock()
    urgent = min((one.hours for one in hall.items if one.id in items and one.hours), default=None)
    first = now + (urgent * 3_600_000 if urgent else hall.cases.first_step * _DAY)
    return render_template(
        "cases_assign.html",
        **frame("open"),
        ticket=ticket,
        sealed=seal(_purpose(hall), data),
        group=facts.named(hall.recipients, data["group"]),
        kind=names.KINDS[data["kind"]],
        items=[facts.named(hall.items, one) for one in items],
        urgent=urgent,
        suggested=suggested(hall, data["community"], items),
        steps=names.STEPS,
        next_at=facts.field_moment(hall, first),
        known=_known(hall, data),
        **more,
    )


def _known(hall: Hall, data: Mapping[str, Any]) -> list[str]:
    """The open cases of whoever has this identity number already."""
    if not data["id_number"].strip():
        return []
    today = hall.calendar.date_of(sanban().cases.moves.clock())
    number = checked(Person(id_number=data["id_number"]), today).id_number
    return [facts.number(one.case["id"]) for one in sanban().case_lists.of_card(hall.id, number)]


def _purpose(hall: Hall) -> str:
    return f"case/{hall.id}/{current().by}"


def _done(hall: Hall, ticket: str | None) -> Answer:
    form = request.form
    data = unseal(_purpose(hall), form.get("sealed", ""))
    if data is None:
        return _first(hall, ticket, form, fault=_("This page was open for too long. Please enter it once more.")), 422
    caller = request_caller()
    caller = Caller(by=caller.by, key=data["key"], clerk=caller.clerk)
    try:
        opening = _opening(hall, data, form)
        if ticket is not None:
            case = sanban().case_tickets.open_from(caller, hall.id, ticket, opening)
        else:
            case = sanban().cases.open(caller, hall.id, opening)
    except HallError as refused:
        text, status = refusal(refused)
        data.pop("at", None)
        wanted = parts.wanted_items(hall, data["kind"], Wanted(tuple(data["items"]), tuple(data["bundles"])))
        return _ask_owner(hall, ticket, data, [one["item"] for one in wanted], fault=text), status
    if current().may("cases"):
        return redirect(url_for("desk_case.show", case=case["id"], done="open"))
    return render_template("cases_opened.html", **frame("open"), number=facts.number(case["id"]), ticket=ticket)


def _opening(hall: Hall, data: Json, form: Mapping[str, str]) -> Opening:
    return Opening(
        kind=data["kind"],
        source=data["source"] if data["source"] in rules.SOURCES else "window",
        group=data["group"],
        owner=form.get("owner", ""),
        wanted=Wanted(tuple(data["items"]), tuple(data["bundles"])),
        person=facts.typed(data),
        community=data["community"],
        texts={name: data[name] for name in _TEXTS if data[name].strip()},
        next_at=facts.read_moment(hall, form.get("next_at", "")) or 1,  # unreadable: a moment that is past
        next_step=form.get("next_step", "") if form.get("next_step") in rules.STEPS else "other",
        language=form.get("language", "zh") if form.get("language") in ("zh", "en") else "zh",
    )
