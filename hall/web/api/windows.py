"""Windows: what a clerk does, one call a move."""

from typing import Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag

from hall.domain.office_errors import UnknownAccess
from hall.domain.permissions import ROLES
from hall.services.calls import Finish, Target
from hall.services.floor import ticket_row, window_row
from hall.web.access import allow, current, request_caller, sanban
from hall.web.api.models import (
    CallBody,
    CallNextBody,
    FinishBody,
    NumberBody,
    OpenBody,
    OpenForBody,
    PauseBody,
    StaffTicket,
    TransferBody,
    Upcoming,
    VerifyBody,
    WindowPath,
    WindowState,
)
from hall.web.api.tickets import PROBLEMS, Answer

_TICKET: dict[Any, Any] = {200: StaffTicket}
_WINDOW: dict[Any, Any] = {200: WindowState}
bp = APIBlueprint(
    "windows",
    __name__,
    url_prefix="/api/v1/halls/<hall>/windows/<window>",
    abp_tags=[Tag(name="windows")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


def _ticket(image: dict[str, Any]) -> Answer:
    return ticket_row(image), 200


def _how(body: FinishBody) -> Finish:
    return Finish(body.outcome, tuple(body.services))


@bp.post("/call-next", responses={200: StaffTicket, 204: None})
@allow("serve")
def call_next(path: WindowPath, body: CallNextBody) -> Answer | Response:
    """Call the first by the rule; with `finish`, end the present one in the same step. 204: nobody waits."""
    how = _how(body.finish) if body.finish else None
    image = sanban().calls.call_next(request_caller(), path.hall, path.window, how)
    return _ticket(image) if image else make_response("", 204)


@bp.get("/upcoming", responses={200: Upcoming})
@allow("serve")
def upcoming(path: WindowPath) -> Answer:
    """The next three numbers for this window, as things stand."""
    return {"numbers": sanban().calls.upcoming(request_caller(), path.hall, path.window, 3)}, 200


@bp.post("/call", responses=_TICKET)
@allow("call_any")
def call(path: WindowPath, body: CallBody) -> Answer:
    """Call a chosen number, out of order, with a reason."""
    return _ticket(sanban().calls.call(request_caller(), path.hall, path.window, body.number, body.reason))


@bp.post("/unpark", responses=_TICKET)
@allow("serve")
def unpark(path: WindowPath, body: NumberBody) -> Answer:
    """Call a parked number again."""
    return _ticket(sanban().calls.unpark(request_caller(), path.hall, path.window, body.number))


@bp.post("/recall", responses=_TICKET)
@allow("serve")
def recall(path: WindowPath) -> Answer:
    """Ring again."""
    return _ticket(sanban().calls.recall(request_caller(), path.hall, path.window))


@bp.post("/start", responses=_TICKET)
@allow("serve")
def start(path: WindowPath) -> Answer:
    """The person has come."""
    return _ticket(sanban().calls.start(request_caller(), path.hall, path.window))


@bp.post("/finish", responses=_TICKET)
@allow("serve")
def finish(path: WindowPath, body: FinishBody) -> Answer:
    """The service has ended."""
    return _ticket(sanban().calls.finish(request_caller(), path.hall, path.window, _how(body)))


@bp.post("/miss", responses=_TICKET)
@allow("serve")
def miss(path: WindowPath) -> Answer:
    """The person did not come."""
    return _ticket(sanban().calls.miss(request_caller(), path.hall, path.window))


@bp.post("/park", responses=_TICKET)
@allow("serve")
def park(path: WindowPath) -> Answer:
    """Set the number aside."""
    return _ticket(sanban().calls.park(request_caller(), path.hall, path.window))


@bp.post("/return", responses=_TICKET)
@allow("serve")
def return_(path: WindowPath) -> Answer:
    """Put the number back to its place."""
    return _ticket(sanban().calls.return_(request_caller(), path.hall, path.window))


@bp.post("/transfer", responses=_TICKET)
@allow("serve")
def transfer(path: WindowPath, body: TransferBody) -> Answer:
    """Send the number to a line, a window or a clerk."""
    target = Target(body.line, body.window, body.clerk, body.origin)
    return _ticket(sanban().calls.transfer(request_caller(), path.hall, path.window, target, body.reason, body.number))


@bp.post("/undo", responses=_TICKET)
@allow("serve")
def undo(path: WindowPath) -> Answer:
    """Take back the last move here."""
    return _ticket(sanban().calls.undo(request_caller(), path.hall, path.window))


@bp.post("/verify", responses=_TICKET)
@allow("serve")
def verify(path: WindowPath, body: VerifyBody) -> Answer:
    """Confirm or refuse a claim after seeing the document."""
    image = sanban().calls.verify(
        request_caller(), path.hall, path.window, confirmed=body.confirmed, number=body.number
    )
    return _ticket(image)


@bp.post("/open", responses=_WINDOW)
@allow("serve")
def open_(path: WindowPath, body: OpenBody) -> Answer:
    """Sit down at a window."""
    return window_row(sanban().windows.open(request_caller(), path.hall, path.window, take_over=body.take_over)), 200


def _from_office(path: WindowPath, body: PauseBody) -> bool:
    """A manager who says why may do it to a window where somebody else sits."""
    return bool(body.reason.strip()) and current().may("configure", path.hall)


@bp.post("/close", responses=_WINDOW)
@allow("serve")
def close(path: WindowPath, body: PauseBody) -> Answer:
    """Leave for good."""
    return window_row(
        sanban().windows.close(request_caller(), path.hall, path.window, body.reason, office=_from_office(path, body))
    ), 200


@bp.post("/pause", responses=_WINDOW)
@allow("serve")
def pause(path: WindowPath, body: PauseBody) -> Answer:
    """Leave for a moment."""
    return window_row(
        sanban().windows.pause(request_caller(), path.hall, path.window, body.reason, office=_from_office(path, body))
    ), 200


@bp.post("/resume", responses=_WINDOW)
@allow("serve")
def resume(path: WindowPath, body: PauseBody) -> Answer:
    """Come back."""
    return window_row(
        sanban().windows.resume(request_caller(), path.hall, path.window, body.reason, office=_from_office(path, body))
    ), 200


@bp.post("/open-for", responses=_WINDOW)
@allow("configure")
def open_for(path: WindowPath, body: OpenForBody) -> Answer:
    """The office opens a window for a member of staff who may serve there."""
    record = sanban().access.staff(path.hall).get(body.clerk)
    if record is None or "serve" not in ROLES[record["role"]]:
        raise UnknownAccess(id=body.clerk)
    image = sanban().windows.open_for(request_caller(), path.hall, path.window, body.clerk, body.reason)
    return window_row(image), 200
