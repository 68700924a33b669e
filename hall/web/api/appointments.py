"""Booking: slots, appointments of residents, what staff and kiosks look up, a portal's import."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, request
from flask_openapi import APIBlueprint, Tag

from hall.domain.callers import Caller
from hall.domain.errors import ServicesMixed
from hall.domain.halls import Hall
from hall.domain.people import Person, masked
from hall.domain.policy import MINUTE
from hall.services.appointments import RESIDENT, Change, Request
from hall.services.portal_import import RESULTS, Done, PortalImport
from hall.store.appointments import Kept
from hall.web.access import allow, csrf, current, request_caller, sanban
from hall.web.api.appointment_models import (
    IMPORT_BODY,
    AppointmentPath,
    BookBody,
    BookedAppointment,
    CardBody,
    ChangeBody,
    DateQuery,
    FoundAppointments,
    ImportReport,
    LineQuery,
    ListedAppointments,
    OfferedDays,
    OfferedSlots,
    SlotsQuery,
)
from hall.web.api.models import HallPath
from hall.web.api.shapes import both
from hall.web.api.tickets import PROBLEMS, Answer
from hall.web.errors import said
from hall.web.problems import PROBLEMS as TEXTS

_SECURITY: list[dict[str, list[Any]]] = [{"token": []}]
bp = APIBlueprint(
    "appointments", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="appointments")], abp_responses=PROBLEMS
)
Json = dict[str, Any]


@bp.get("/halls/<hall>/slots", responses={200: OfferedSlots})
@allow(None)
def slots(path: HallPath, query: SlotsQuery) -> Answer:
    """The slots of a date, with the places left and why one cannot be booked."""
    hall = sanban().halls.get(path.hall)
    line = _line(hall, query)
    found = sanban().slots.on(hall.id, line, query.date)
    return {
        "line": line,
        "date": query.date.isoformat(),
        "slots": [
            {"start": slot.start, "time": _time(hall, slot.start), "left": slot.left, "refusal": slot.refusal}
            for slot in found
        ],
    }, 200


@bp.get("/halls/<hall>/slots/days", responses={200: OfferedDays})
@allow(None)
def days(path: HallPath, query: LineQuery) -> Answer:
    """Every date that can be booked, with the places left."""
    hall = sanban().halls.get(path.hall)
    line = _line(hall, query)
    return {
        "line": line,
        "days": [
            {**day._asdict(), "date": day.date.isoformat(), "told": both(day.told)}
            for day in sanban().slots.days(hall.id, line)
        ],
    }, 200


@bp.post("/halls/<hall>/appointments", responses={201: BookedAppointment}, security=[{}, *_SECURITY])
@allow(None)
def book(path: HallPath, body: BookBody) -> Answer:
    """Book a slot. Staff who do it for a caller are written down; residents need no account."""
    person = Person(body.name, body.phone, body.id_number, email=body.email)
    wanted = Request(tuple(body.services), body.slot, person, body.language)
    kept = sanban().appointments.book(_caller(path.hall), path.hall, wanted)
    return _booked(path.hall, kept), 201


@bp.get("/appointments/<token>", responses={200: BookedAppointment})
@allow(None)
def look(path: AppointmentPath) -> Answer:
    """The holder's view of an appointment."""
    hall_id, kept = sanban().appointments.look(path.token)
    return _booked(hall_id, kept), 200


@bp.patch("/appointments/<token>", responses={200: BookedAppointment}, security=[{}, *_SECURITY])
@allow(None)
def change(path: AppointmentPath, body: ChangeBody) -> Answer:
    """Move an appointment, or change its services."""
    hall_id, _ = sanban().secrets.read_appointment_token(path.token)
    wanted = Change(body.slot, tuple(body.services) if body.services else None, body.language)
    return _booked(hall_id, sanban().appointments.change(_caller(hall_id), path.token, wanted)), 200


@bp.delete("/appointments/<token>", responses={204: None}, security=[{}, *_SECURITY])
@allow(None)
def cancel(path: AppointmentPath) -> Response:
    """Give the appointment up. Its place is free a little later."""
    hall_id, _ = sanban().secrets.read_appointment_token(path.token)
    sanban().appointments.cancel(_caller(hall_id), path.token)
    return make_response("", 204)


@bp.get("/halls/<hall>/appointments", responses={200: ListedAppointments}, security=_SECURITY)
@allow("serve")
def on_date(path: HallPath, query: DateQuery) -> Answer:
    """Every appointment of a date in order of slot, people masked."""
    hall = sanban().halls.get(path.hall)
    listed = sanban().appointments.on_date(hall.id, query.date)
    told = sanban().notices.newest(hall.id, [f"appointment/{one.image['id']}" for one in listed])
    return {
        "date": query.date.isoformat(),
        "appointments": [
            {
                **_facts(hall, one.image),
                "code": sanban().secrets.appointment_token(hall.id, one.image["id"]),
                "language": one.image["language"],
                "imported": one.image.get("imported", False),
                "person": one.person,
                "told": told.get(f"appointment/{one.image['id']}"),
            }
            for one in listed
        ],
    }, 200


@bp.post("/halls/<hall>/appointments/today", responses={200: FoundAppointments}, security=_SECURITY)
@allow("issue")
def today(path: HallPath, body: CardBody) -> Answer:
    """What an identity card finds. A number with `id_number` and no services checks the first one in."""
    hall = sanban().halls.get(path.hall)
    images = sanban().appointments.today_for(hall.id, body.id_number)
    early = hall.policy.early * MINUTE
    return {"appointments": [{**_facts(hall, i), "check_in_from": i["slot"] - early} for i in images]}, 200


@bp.post(
    "/halls/<hall>/appointments/import",
    responses={200: ImportReport},
    security=_SECURITY,
    request_body=IMPORT_BODY,
)
@allow("import")
def import_(path: HallPath) -> Answer:
    """Import a portal's appointments: a JSON list, or CSV (`text/csv`). A row is known by its `external_id`: the same
    row again changes nothing. Fields: external_id, services, slot, name, phone, id_number, language, state."""
    is_json = request.mimetype != "text/csv"
    brought = PortalImport(sanban().appointments)
    report = brought.run(request_caller(), path.hall, request.get_data(), is_json=is_json)
    counts: Json = {str(result): report.count(result) for result in RESULTS}
    return {**counts, "rows": [_row(done) for done in report.rows]}, 200


def _row(done: Done) -> Json:
    row: Json = {"row": done.row, "external_id": done.external_id, "result": done.result}
    if done.code is None:
        return row
    return {**row, "code": done.code, "detail": said(TEXTS[done.code][1], done.facts), "facts": done.facts}


def _caller(hall_id: str) -> Caller:
    """Staff and programs that may give numbers book in their own name; everybody else as a resident."""
    identity, caller = current(), request_caller()
    own_name = identity.kind == "program" or (identity.kind == "staff" and "X-CSRFToken" in request.headers)
    if not (own_name and identity.may("issue", hall_id)):
        return Caller(by=RESIDENT, key=caller.key)
    if identity.kind == "staff":
        csrf.protect()
    return caller


def _line(hall: Hall, query: LineQuery) -> str:
    if query.line is not None:
        return hall.line(query.line).id
    if not query.service:
        raise ServicesMixed()
    return hall.line_of(query.service).id


def _time(hall: Hall, ms: int) -> str:
    return f"{hall.calendar.local(ms):%H:%M}"


def _facts(hall: Hall, image: Json) -> Json:
    return {
        "line": image["line"],
        "services": image["services"].split(","),
        "slot": image["slot"],
        "time": _time(hall, image["slot"]),
        "state": image["state"],
        "number": image.get("number"),
    }


def _booked(hall_id: str, kept: Kept) -> Json:
    here, image = sanban(), kept.image
    hall, policy = here.halls.get(hall_id), here.halls.get(hall_id).policy
    code, public = here.secrets.appointment_token(hall_id, image["id"]), here.settings.public_url
    return {
        **_facts(hall, image),
        "code": code,
        "desk_code": kept.desk_code,
        "url": f"{public}/a/{code}" if public else None,
        "hall": hall_id,
        "date": image["date"],
        "language": image["language"],
        "check_in_from": image["slot"] - policy.early * MINUTE,
        "check_in_until": image["slot"] + policy.grace * MINUTE,
        "changes_left": max(0, hall.booking.changes - image.get("changes", 0)) if image["state"] == "booked" else 0,
        "person": _person(hall_id, image["person"]) if current().may("serve", hall_id) else None,
    }


def _person(hall_id: str, person_id: str) -> dict[str, str]:
    return masked(sanban().people.many(hall_id, [person_id]).get(person_id, Person()))
