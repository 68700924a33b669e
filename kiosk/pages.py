"""The kiosk, and the page of one ticket."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from hall.domain.calendar import Calendar
from hall.services.tickets import Place
from hall.web.access import allow, current, sanban
from hall.web.api import shapes

bp = Blueprint("kiosk", __name__, template_folder="templates", static_folder="static", static_url_path="/kiosk/static")


@bp.get("/kiosk/")
@allow("issue")
def kiosk() -> str:
    """The touch page of a paired kiosk; staff may open it too."""
    return render_template("kiosk.html", hall=sanban().halls.get(current().hall))


@bp.get("/kiosk/state")
@allow("issue")
def state() -> dict[str, Any]:
    """Whether numbers are given now, and when again; asked every few seconds, so it also says that the
    system is there. `version` changes when the hall's description does."""
    here, hall_id = sanban(), current().hall
    here.store.clock()  # an answer must mean that the store answers
    now = here.tickets.moves.clock()
    version, hall = here.halls.current(hall_id)
    opening = {line.id: _opening(hall.calendar_of(line), now) for line in hall.lines}
    return {"version": version, **_opening(hall.calendar, now), "lines": opening}


def _opening(calendar: Calendar, now: int) -> dict[str, Any]:
    is_open = calendar.is_open(now)
    return {"open": is_open, "opens": None if is_open else calendar.opens_next(now)}


@bp.get("/t/<token>")
@allow(None)
def ticket(token: str) -> str:
    """A resident's ticket; without scripts, it loads itself again."""
    hall_id, place = sanban().tickets.look(token)
    hall = sanban().halls.get(hall_id)
    return render_template("ticket.html", hall=hall, ticket=shapes.resident(hall, place), state=_state(place))


def _state(place: Place) -> str:
    texts = {
        "waiting": _("Please wait. You will be called."),
        "called": _("It is your turn. Please go to the window."),
        "serving": _("You are being served."),
        "parked": _("Your number is set aside. The clerk will call you again."),
        "missed": _("You were called and did not come. Please tell the staff that you are here."),
        "done": _("Your service has ended. Thank you."),
        "cancelled": _("This number was given up."),
        "expired": _("This number was of an earlier day."),
    }
    return str(texts[place.ticket["state"]])
