"""An appointment in its holder's hands: the address is the key. To be seen, moved, given up."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hall.domain.callers import Caller
from hall.domain.errors import HallError, ServicesMixed
from hall.domain.halls import Hall
from hall.services.appointments import RESIDENT, Change
from hall.store.appointments import Kept
from hall.web import booking
from hall.web.access import allow, csrf, sanban

bp = Blueprint("own_appointment", __name__, template_folder="templates")
Page = str | Response


@bp.get("/a/<token>")
@allow(None)
def show(token: str) -> Page:
    hall, kept = _own(token)
    image = kept.image
    booked, now = image["state"] == "booked", sanban().appointments.moves.clock()
    came = sanban().secrets.ticket_token(hall.id, image["ticket"]) if image.get("ticket") else None
    return render_template(
        "booking/appointment.html",
        hall=hall,
        token=token,
        code=f"{kept.desk_code[:4]} {kept.desk_code[4:]}",
        picture=booking.picture(booking.holder_url(token)),
        url=booking.holder_url(token),
        own=booking.booked_facts(hall, image),
        ticket=came,
        before=booked and now < image["slot"],
        changes=max(0, hall.booking.changes - image.get("changes", 0)),
        done=request.args.get("done"),
        faults=booking.refusal_at("state"),
    )


@bp.get("/a/<token>/day")
@allow(None)
def day(token: str) -> Page:
    hall, kept = _own(token)
    return render_template(
        "booking/day.html",
        hall=hall,
        now=booking.slot_text(hall, kept.image["slot"]),
        days=booking.days(hall, hall.line(kept.image["line"])),
        back=url_for(".show", token=token),
        link=lambda d: url_for(".time", token=token, date=d.isoformat()),
    )


@bp.get("/a/<token>/time")
@allow(None)
def time(token: str) -> Page:
    hall, kept = _own(token)
    date = booking.read_day(request.args.get("date"))
    if date is None:
        return redirect(url_for(".day", token=token))
    return render_template(
        "booking/time.html",
        hall=hall,
        day=booking.day_text(date),
        halves=booking.times(hall, hall.line(kept.image["line"]), date),
        now=booking.slot_text(hall, kept.image["slot"]),
        back=url_for(".day", token=token),
        link=lambda start: url_for(".move", token=token, slot=start),
        faults=booking.refusal_at("times"),
    )


@bp.get("/a/<token>/move")
@allow(None)
def move(token: str) -> Page:
    """The new time beside the old one, before it counts."""
    hall, kept = _own(token)
    slot = booking.read_slot(hall, request.args.get("slot"))
    if slot is None:
        return redirect(url_for(".day", token=token))
    return render_template(
        "booking/move.html",
        hall=hall,
        old=booking.slot_text(hall, kept.image["slot"]),
        new=booking.slot_text(hall, slot[0]),
        left=max(0, hall.booking.changes - kept.image.get("changes", 0)),
        key=secrets.token_hex(16),
        back=url_for(".time", token=token, date=slot[1].isoformat()),
    )


@bp.post("/a/<token>/move")
@allow(None)
def move_it(token: str) -> Page:
    csrf.protect()
    hall, _ = _own(token)
    slot = booking.read_slot(hall, request.args.get("slot"))
    if slot is None:
        return redirect(url_for(".day", token=token))
    try:
        sanban().appointments.change(_resident(), token, Change(slot=slot[0]))
    except HallError as refusal:
        why = booking.refused(refusal)
        if refusal.code in booking.OF_THE_SLOT:
            return redirect(url_for(".time", token=token, date=slot[1].isoformat(), **why))
        return redirect(url_for(".show", token=token, **why))
    return redirect(url_for(".show", token=token, done="moved"))


@bp.get("/a/<token>/services")
@allow(None)
def services(token: str) -> Page:
    """What somebody comes for, changed without a new time: services of the same line."""
    hall, kept = _own(token)
    own = booking.booked_facts(hall, kept.image)
    return render_template(
        "booking/change_services.html",
        hall=hall,
        own=own,
        line=hall.line(own["line"]),
        offered=[one for one in booking.bookable(hall) if one.line == own["line"]],
        ids=kept.image["services"].split(","),
        key=secrets.token_hex(16),
        back=url_for(".show", token=token),
        faults=booking.refusal_at("services"),
    )


@bp.post("/a/<token>/services")
@allow(None)
def change_services(token: str) -> Page:
    csrf.protect()
    hall, kept = _own(token)
    wanted = booking.chosen(hall, request.form.getlist("service"))
    try:
        if wanted is None or wanted.line.id != kept.image["line"]:
            raise ServicesMixed
        sanban().appointments.change(_resident(), token, Change(services=tuple(wanted.ids)))
    except HallError as refusal:
        where = ".services" if isinstance(refusal, ServicesMixed) else ".show"
        return redirect(url_for(where, token=token, **booking.refused(refusal)))
    return redirect(url_for(".show", token=token, done="changed"))


@bp.get("/a/<token>/cancel")
@allow(None)
def cancel(token: str) -> Page:
    hall, kept = _own(token)
    own, back = booking.booked_facts(hall, kept.image), url_for(".show", token=token)
    return render_template("booking/cancel.html", hall=hall, own=own, back=back, key=secrets.token_hex(16))


@bp.post("/a/<token>/cancel")
@allow(None)
def cancel_it(token: str) -> Page:
    csrf.protect()
    try:
        sanban().appointments.cancel(_resident(), token)
    except HallError as refusal:
        return redirect(url_for(".show", token=token, **booking.refused(refusal)))
    return redirect(url_for(".show", token=token, done="cancelled"))


def _resident() -> Caller:
    """A second press of the same button does nothing more."""
    key = request.form.get("key", "")
    return Caller(by=RESIDENT, key=key if booking.is_key(key) else None)


def _own(token: str) -> tuple[Hall, Kept]:
    hall_id, kept = sanban().appointments.look(token)
    return sanban().halls.get(hall_id), kept
