"""Numbers: taking one, and what its holder or staff does with it."""

from typing import Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag

from hall.domain.errors import Forbidden
from hall.services.calls import Edit
from hall.services.floor import ticket_row
from hall.services.tickets import Wish
from hall.web import why
from hall.web.access import allow, current, request_caller, sanban
from hall.web.api import shapes
from hall.web.api.models import (
    EditBody,
    HallPath,
    IssueBody,
    IssuedTicket,
    NumberPath,
    Problem,
    ResidentTicket,
    ShownBody,
    StaffTicket,
    TokenPath,
)

Answer = tuple[dict[str, Any], int]
_SECURITY: list[dict[str, list[Any]]] = [{"token": []}]
PROBLEMS: dict[Any, Any] = {str(status): Problem for status in (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)}
bp = APIBlueprint("tickets", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="tickets")], abp_responses=PROBLEMS)


@bp.post("/halls/<hall>/tickets", responses={201: IssuedTicket}, security=_SECURITY)
@allow("issue")
def issue(path: HallPath, body: IssueBody) -> Answer:
    """Take a number."""
    if body.override is not None and not current().may("override"):
        raise Forbidden()
    wish = Wish(services=tuple(body.services), **body.model_dump(exclude={"services"}))
    place = sanban().tickets.issue(request_caller(), path.hall, wish)
    return shapes.issued(path.hall, place), 201


@bp.get("/halls/<hall>/tickets/<number>", responses={200: StaffTicket}, security=_SECURITY)
@allow("serve")
def find(path: NumberPath) -> Answer:
    """Today's ticket with this number, with its note and how many are before it."""
    place = sanban().tickets.find(request_caller(), path.hall, path.number)
    hall, about = sanban().halls.get(path.hall), f"ticket/{place.ticket['id']}"
    return {
        **ticket_row(place.ticket),
        "note": place.note,
        "told": sanban().notices.newest(hall.id, [about]).get(about),
        "ahead": place.ahead_in_all,
        "place": why.numbers(hall, place),
        "why": why.texts(hall, place, sanban().tickets.moves.clock()),
    }, 200


@bp.post("/halls/<hall>/tickets/<number>/come-back", responses={200: StaffTicket}, security=_SECURITY)
@allow("serve")
def come_back_by_staff(path: NumberPath) -> Answer:
    """A missed person stands here again."""
    return _staff_move(path, "come_back")


@bp.post("/halls/<hall>/tickets/<number>/more-time", responses={200: StaffTicket}, security=_SECURITY)
@allow("serve")
def more_time_by_staff(path: NumberPath) -> Answer:
    """The person needs more time: a few places back."""
    return _staff_move(path, "more_time")


@bp.post("/halls/<hall>/tickets/<number>/cancel", responses={200: StaffTicket}, security=_SECURITY)
@allow("serve")
def cancel_by_staff(path: NumberPath) -> Answer:
    """The person has left."""
    return _staff_move(path, "cancel")


def _staff_move(path: NumberPath, move: str) -> Answer:
    place = sanban().tickets.staff_move(request_caller(), path.hall, path.number, move)
    return ticket_row(place.ticket), 200


@bp.post("/halls/<hall>/tickets/<number>/edit", responses={200: StaffTicket}, security=_SECURITY)
@allow("serve")
def edit(path: NumberPath, body: EditBody) -> Answer:
    """Change what is said of a ticket; its place stays."""
    fields = body.model_dump()
    change = Edit(**{**fields, "services": tuple(body.services) if body.services else None})
    return ticket_row(sanban().calls.edit(request_caller(), path.hall, path.number, change)), 200


@bp.post("/halls/<hall>/shown", responses={204: None}, security=_SECURITY)
@allow("show")
def shown(path: HallPath, body: ShownBody) -> Response:
    """A screen says that it showed a call."""
    sanban().tickets.shown(request_caller(), path.hall, body.ticket, body.calls)
    return make_response("", 204)


@bp.get("/tickets/<token>", responses={200: ResidentTicket})
@allow(None)
def look(path: TokenPath) -> Answer:
    """The holder's view of a ticket."""
    hall_id, place = sanban().tickets.look(path.token)
    return shapes.resident(sanban().halls.get(hall_id), place), 200


@bp.delete("/tickets/<token>", responses={204: None})
@allow(None)
def give_up(path: TokenPath) -> Response:
    """Give up the place."""
    sanban().tickets.cancel(request_caller(), path.token)
    return make_response("", 204)


@bp.post("/tickets/<token>/more-time", responses={200: ResidentTicket})
@allow(None)
def more_time(path: TokenPath) -> Answer:
    """The holder needs more time: a few places back."""
    return _resident(path.token, sanban().tickets.more_time(request_caller(), path.token))


@bp.post("/tickets/<token>/come-back", responses={200: ResidentTicket})
@allow(None)
def come_back(path: TokenPath) -> Answer:
    """The holder missed the call and is here again."""
    return _resident(path.token, sanban().tickets.come_back(request_caller(), path.token))


def _resident(token: str, place: Any) -> Answer:
    hall_id = sanban().secrets.read_ticket_token(token)[0]
    return shapes.resident(sanban().halls.get(hall_id), place), 200
