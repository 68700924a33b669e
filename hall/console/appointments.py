"""Appointments at the desk: who comes today, checking in, booking for a caller."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hall.domain.callers import Caller
from hall.domain.errors import HallError, UnknownAppointment
from hall.domain.halls import Hall
from hall.domain.people import masked
from hall.services.agenda import Agenda
from hall.services.appointments import Change, Request
from hall.services.tickets import Wish
from hall.store.appointments import Kept
from hall.web import booking
from hall.web.access import allow, current, request_caller, sanban
from hall.web.booking import Fault
from hall.web.sealed import seal, unseal

bp = Blueprint("desk", __name__, template_folder="templates", url_prefix="/console/appointments")


@bp.get("/")
@allow("serve")
def today() -> str:
    """The appointments of a day, people masked; found by code, end of the phone, beginning of the name."""
    hall = _hall()
    now = hall.calendar.date_of(sanban().appointments.moves.clock())
    day = booking.read_day(request.args.get("date")) or now
    wanted = str(_kept().get("q", "")) if "found" in request.args else ""
    rows = [
        {
            **booking.booked_facts(hall, one.image),
            "person": one.person,
            "token": sanban().secrets.appointment_token(hall.id, one.image["id"]),
        }
        for one in Agenda(sanban().appointments).find(hall.id, day, wanted)
    ]
    return render_template(
        "appointments.html",
        **_frame(hall),
        day=day,
        today=now,
        rows=rows,
        wanted=wanted,
        fault=booking.refusal_text(),
        done=request.args.get("done"),
        number=request.args.get("number", "")[:8],
    )


@bp.post("/")
@allow("serve")
def find() -> Response:
    """Look for somebody. What is looked for may be personal, so it is not in the address."""
    _keep({"q": request.form.get("q", "")[:60]})
    return redirect(url_for(".today", date=request.args.get("date"), found=1))


@bp.post("/check-in")
@allow("serve")
def check_in() -> Response:
    """Somebody stands at the desk: their appointment gets its number."""
    token = request.form.get("token", "")
    hall, kept = _own(token)
    wish = Wish(services=(), appointment=token, language=kept.image["language"])
    try:
        place = sanban().tickets.issue(_caller(), hall.id, wish)
    except HallError as refusal:
        return redirect(url_for(".today", **booking.refused(refusal)))
    return redirect(url_for(".today", done="arrived", number=place.ticket["number"]))


@bp.get("/book")
@allow("serve")
def book() -> str:
    """For a caller: service and day first, then one of its times and who comes."""
    hall = _hall()
    wanted = booking.chosen(hall, request.args.getlist("service"))
    day = booking.read_day(request.args.get("date"))
    days = [one for one in booking.days(hall, wanted.line) if one.slots] if wanted else []
    if day not in [one.date for one in days]:
        day = next((one.date for one in days if one.left), None)
    form = _kept() if "again" in request.args else {}
    faults = booking.refusal_at("times")
    return render_template(
        "appointment_book.html",
        **_frame(hall),
        services=booking.bookable(hall),
        lines=hall.lines,
        chosen=wanted,
        days=days,
        day=day,
        halves=booking.times(hall, wanted.line, day) if wanted and day else [],
        form=form,
        longest=booking.FIELDS,
        key=secrets.token_hex(16),
        faults=faults + (_faults(hall, form) if form and not faults else []),
    )


@bp.post("/book")
@allow("serve")
def book_it() -> Response:
    hall, form = _hall(), request.form
    slot = booking.read_slot(hall, form.get("slot"))
    wanted = booking.chosen(hall, request.args.getlist("service"))
    typed = {name: form.get(name, "")[:80] for name in (*booking.FIELDS, "slot", "language")}
    again: dict[str, Any] = {"service": request.args.getlist("service"), "date": request.args.get("date"), "again": 1}
    if wanted is None or slot is None or _faults(hall, typed):
        _keep(typed)
        return redirect(url_for(".book", **again))
    language = "en" if typed["language"] == "en" else "zh"
    wish = Request(tuple(wanted.ids), slot[0], booking.typed(form), language)
    try:
        kept = sanban().appointments.book(_caller(), hall.id, wish)
    except HallError as refusal:
        _keep(typed)
        return redirect(url_for(".book", **again, **booking.refused(refusal)))
    token = sanban().secrets.appointment_token(hall.id, kept.image["id"])
    return redirect(url_for(".show", token=token, done="booked"))


def _faults(hall: Hall, form: dict[str, Any]) -> list[Fault]:
    none = [] if booking.read_slot(hall, form.get("slot")) else [Fault("times", _("Choose a time."))]
    return none + booking.faults_of(hall, booking.typed(form))


@bp.get("/<token>")
@allow("serve")
def show(token: str) -> str:
    """One appointment: the code to tell a caller, another time, give up."""
    hall, kept = _own(token)
    day = booking.read_day(request.args.get("date")) or date.fromisoformat(kept.image["date"])
    line = next((one for one in hall.lines if one.id == kept.image["line"]), None)
    people = sanban().people.many(hall.id, [kept.image["person"]])
    days = [one for one in booking.days(hall, line) if one.slots] if line else []
    return render_template(
        "appointment.html",
        **_frame(hall),
        own=booking.booked_facts(hall, kept.image),
        token=token,
        code=f"{kept.desk_code[:4]} {kept.desk_code[4:]}",
        person=masked(people[kept.image["person"]]) if people else {},
        before=kept.image["state"] == "booked" and sanban().appointments.moves.clock() < kept.image["slot"],
        days=days,
        day=day,
        halves=booking.times(hall, line, day) if line else [],
        done=request.args.get("done"),
        fault=booking.refusal_text(),
        key=secrets.token_hex(16),
    )


@bp.post("/<token>/move")
@allow("serve")
def move(token: str) -> Response:
    hall, _image = _own(token)
    slot = booking.read_slot(hall, request.form.get("slot"))
    if slot is None:
        return redirect(url_for(".show", token=token, date=request.args.get("date"), refused="SLOT_UNKNOWN"))
    try:
        sanban().appointments.change(_caller(), token, Change(slot=slot[0]))
    except HallError as refusal:
        return redirect(url_for(".show", token=token, date=request.args.get("date"), **booking.refused(refusal)))
    return redirect(url_for(".show", token=token, done="moved"))


@bp.post("/<token>/cancel")
@allow("serve")
def cancel(token: str) -> Response:
    _own(token)
    try:
        sanban().appointments.cancel(_caller(), token)
    except HallError as refusal:
        return redirect(url_for(".show", token=token, **booking.refused(refusal)))
    return redirect(url_for(".show", token=token, done="cancelled"))


@bp.get("/import")
@allow("import")
def bring() -> str:
    """A portal's file, read by the page and sent to the API; the report row by row."""
    return render_template("appointment_import.html", **_frame(_hall()))


def _hall() -> Hall:
    return sanban().halls.get(current().hall)


def _frame(hall: Hall) -> dict[str, Any]:
    who = current()
    may = {permission: who.may(permission) for permission in ("configure", "import", "issue")}
    return {"hall": hall, "name": who.name, "may": may}


def _own(token: str) -> tuple[Hall, Kept]:
    """An appointment of the hall of whoever asks."""
    hall_id, kept = sanban().appointments.look(token)
    if hall_id != current().hall:
        raise UnknownAppointment()
    return _hall(), kept


def _keep(typed: dict[str, str]) -> None:
    session["desk"] = seal(f"{current().hall}/desk", typed)


def _kept() -> dict[str, Any]:
    """What was typed last at these pages."""
    return unseal(f"{current().hall}/desk", str(session.get("desk", ""))) or {}


def _caller() -> Caller:
    """A second press of the same button does nothing more."""
    key = request.form.get("key", "")
    caller = request_caller()
    return replace(caller, key=key) if booking.is_key(key) else caller
