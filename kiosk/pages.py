"""The kiosk."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from hall.domain.calendar import Calendar
from hall.domain.errors import UnknownTicket
from hall.domain.texts import Text
from hall.web.access import allow, current, sanban
from hall.web.api.shapes import both

bp = Blueprint("kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/kiosk/static")


@bp.get("/kiosk/")
@allow("issue")
def kiosk() -> str:
    """The touch page of a paired kiosk; staff may open it too."""
    return render_template("kiosk.html", hall=sanban().halls.get(current().hall), kiosk=current().id)


@bp.get("/kiosk/state")
@allow("issue")
def state() -> dict[str, Any]:
    """Whether numbers are given now, and when again; asked every few seconds, so it also says that the
    system is there. `version` changes when the hall's description does."""
    here, hall_id = sanban(), current().hall
    here.store.clock()  # an answer must mean that the store answers
    now = here.tickets.moves.clock()
    version, hall = here.halls.current(hall_id)
    today = hall.on(hall.calendar.date_of(now))
    opening = {line.id: _opening(hall.calendar_of(line), now, today.paused.get(line.id)) for line in hall.lines}
    printer = here.papers.printer_for(hall_id, current().by)
    own = {"printer": printer.id if printer else None, "voice": hall.voice.on, "bound": hall.bound}
    return {"version": version, **_opening(hall.calendar, now, today.closed), "lines": opening, **own}


@bp.get("/kiosk/paper/<token>")
@allow("issue")
def paper(token: str) -> dict[str, Any]:
    """The newest copy of a ticket that came out of a printer; null: none yet."""
    hall_id, ticket_id = sanban().secrets.read_ticket_token(token)
    if hall_id != current().hall:
        raise UnknownTicket()
    return {"copy": sanban().papers.newest(hall_id, ticket_id)}


def _opening(calendar: Calendar, now: int, why: Text | None) -> dict[str, Any]:
    """`why`: stopped by a manager for today, whatever the hours say."""
    if why is not None:
        return {"open": False, "opens": None, "why": both(why)}
    is_open = calendar.is_open(now)
    return {"open": is_open, "opens": None if is_open else calendar.opens_next(now), "why": None}
