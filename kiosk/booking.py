"""Booking by residents: one thing a page, complete without scripts. What was chosen stands in the address, what is
personal never does."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hall.domain.callers import Caller
from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.people import Person
from hall.services.appointments import RESIDENT, Request
from hall.web import booking
from hall.web.access import allow, csrf, sanban
from hall.web.booking import Chosen
from hall.web.texts import short
from kiosk import drafts
from kiosk.drafts import Draft

bp = Blueprint("booking", __name__, template_folder="templates")
Page = str | Response


@bp.get("/book/<hall>")
@allow(None)
def start(hall: str) -> Page:
    """The first step: for what. With `service`, another one of the same line."""
    here = sanban().halls.get(hall)
    response = make_response(_services_page(here))
    if not request.args:
        drafts.forget(response, hall)  # somebody else may sit here now
    return response


def _services_page(hall: Hall) -> str:
    before = booking.chosen(hall, request.args.getlist("service"))
    wanted = request.args.get("q", "").strip()[:40]
    offered = [one for one in booking.bookable(hall) if before is None or one.line == before.line.id]
    offered = [one for one in offered if before is None or one.id not in before.ids]
    return render_template(
        "booking/services.html",
        hall=hall,
        before=before,
        wanted=wanted,
        found=[one for one in offered if _matches(one, wanted)] if wanted else [],
        popular=[one for one in offered if one.popular],
        lines=[(line, [one for one in offered if one.line == line.id]) for line in hall.lines],
        any=bool(offered) or before is not None,
        faults=booking.refusal_at("services"),
    )


def _matches(service: Any, wanted: str) -> bool:
    words = [service.name.zh, service.name.en, *service.search]
    return any(wanted.casefold() in word.casefold() for word in words)


@bp.get("/book/<hall>/papers")
@allow(None)
def papers(hall: str) -> Page:
    """What to bring, before a time is chosen."""
    here = sanban().halls.get(hall)
    wanted = booking.chosen(here, request.args.getlist("service"))
    if wanted is None:
        return _choose_first(hall)
    more = any(one.line == wanted.line.id and one.id not in wanted.ids for one in booking.bookable(here))
    return render_template("booking/papers.html", hall=here, chosen=wanted, more=more and len(wanted.ids) < 10)


@bp.get("/book/<hall>/day")
@allow(None)
def day(hall: str) -> Page:
    here = sanban().halls.get(hall)
    wanted = booking.chosen(here, request.args.getlist("service"))
    if wanted is None:
        return _choose_first(hall)
    links = {"link": lambda d: url_for(".time", hall=hall, service=wanted.ids, date=d.isoformat())}
    back = url_for(".papers", hall=hall, service=wanted.ids)
    return render_template("booking/day.html", hall=here, days=booking.days(here, wanted.line), back=back, **links)


@bp.get("/book/<hall>/time")
@allow(None)
def time(hall: str) -> Page:
    here = sanban().halls.get(hall)
    wanted = booking.chosen(here, request.args.getlist("service"))
    if wanted is None:
        return _choose_first(hall)
    date = booking.read_day(request.args.get("date"))
    if date is None:
        return redirect(url_for(".day", hall=hall, service=wanted.ids))
    return render_template(
        "booking/time.html",
        hall=here,
        day=booking.day_text(date),
        halves=booking.times(here, wanted.line, date),
        back=url_for(".day", hall=hall, service=wanted.ids),
        link=lambda start: url_for(".person", hall=hall, service=wanted.ids, slot=start),
        faults=booking.refusal_at("times"),
    )


@bp.get("/book/<hall>/person")
@allow(None)
def person(hall: str) -> Page:
    """Who comes. What was typed before is there again, and `again` says what is wrong with it."""
    step = _step(hall)
    if not isinstance(step, tuple):
        return step
    here, wanted, slot = step
    draft = drafts.kept(hall)
    who = draft.person if draft else Person()
    return render_template(
        "booking/person.html",
        hall=here,
        when=booking.slot_text(here, slot),
        who=who,
        longest=booking.FIELDS,
        back=url_for(".time", hall=hall, service=wanted.ids, date=here.calendar.date_of(slot).isoformat()),
        faults=booking.faults_of(here, who) if "again" in request.args else [],
    )


@bp.post("/book/<hall>/person")
@allow(None)
def give_person(hall: str) -> Page:
    csrf.protect()
    step = _step(hall)
    if not isinstance(step, tuple):
        return step
    here, wanted, slot = step
    who = booking.typed(request.form)
    again = url_for(".person", hall=hall, service=wanted.ids, slot=slot, again=1)
    response = redirect(again if booking.faults_of(here, who) else url_for(".check", hall=hall))
    drafts.keep(response, hall, Draft(wanted.ids, slot, who))
    return response


def _step(hall_id: str) -> tuple[Hall, Chosen, int] | Response:
    """What the address says was chosen so far; else where that is done."""
    hall = sanban().halls.get(hall_id)
    wanted = booking.chosen(hall, request.args.getlist("service"))
    if wanted is None:
        return _choose_first(hall_id)
    slot = booking.read_slot(hall, request.args.get("slot"))
    return (hall, wanted, slot[0]) if slot else redirect(url_for(".day", hall=hall_id, service=wanted.ids))


@bp.get("/book/<hall>/check")
@allow(None)
def check(hall: str) -> Page:
    """Everything once more, before it is booked."""
    here, draft = sanban().halls.get(hall), drafts.kept(hall)
    wanted = booking.chosen(here, draft.services) if draft else None
    if draft is None or wanted is None:
        return _choose_first(hall)
    return render_template(
        "booking/check.html",
        hall=here,
        chosen=wanted,
        when=booking.slot_text(here, draft.slot),
        slot=draft.slot,
        who=draft.person,
        draft=draft.sealed(hall),
        # A second press of the same button books nothing more.
        key=secrets.token_hex(16),
        faults=booking.refusal_at("when"),
    )


@bp.post("/book/<hall>/check")
@allow(None)
def book(hall: str) -> Page:
    csrf.protect()
    draft = drafts.opened(hall, request.form.get("draft", ""))
    key = request.form.get("key", "")
    if draft is None or not booking.is_key(key):
        return _choose_first(hall)
    wish = Request(tuple(draft.services), draft.slot, draft.person, short())
    try:
        kept = sanban().appointments.book(Caller(by=RESIDENT, key=key), hall, wish)
    except HallError as refusal:
        return redirect(_cure(hall, draft, refusal))
    token = sanban().secrets.appointment_token(hall, kept.image["id"])
    response = redirect(url_for("own_appointment.show", token=token, done="booked"))
    drafts.forget(response, hall)
    return response


def _cure(hall_id: str, draft: Draft, refusal: HallError) -> str:
    """The page where a refusal can be cured: another time, other services, who comes."""
    hall = sanban().halls.get(hall_id)
    why = booking.refused(refusal)
    if booking.chosen(hall, draft.services) is None:
        return url_for(".start", hall=hall_id, **why)
    if refusal.code in booking.OF_THE_SLOT:
        date = hall.calendar.date_of(draft.slot).isoformat()
        return url_for(".time", hall=hall_id, service=draft.services, date=date, **why)
    if booking.faults_of(hall, draft.person):
        return url_for(".person", hall=hall_id, service=draft.services, slot=draft.slot, again=1)
    return url_for(".check", hall=hall_id, **why)


def _choose_first(hall_id: str) -> Response:
    """A step that was reached without the one before it."""
    return redirect(url_for(".start", hall=hall_id))


@bp.get("/book")
@allow(None)
def halls() -> Page:
    """Which hall; at once when there is one."""
    found = [sanban().halls.get(one) for one in sanban().halls.ids()]
    if len(found) == 1:
        return redirect(url_for(".start", hall=found[0].id))
    return render_template("booking/halls.html", halls=found, title=_("Book an appointment"))
