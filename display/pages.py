"""Hall screens: the hall, a part of it, or one window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request, send_from_directory
from flask_babel import gettext as _

from display.layouts import Shown, is_night, shown, waits
from hall.domain.errors import HallError
from hall.services.nearby import hours_text
from hall.web import booking, promise
from hall.web.access import allow, current, sanban
from hall.web.api.shapes import both

bp = Blueprint(
    "display", __name__, template_folder="templates", static_folder="static", static_url_path="/display/static"
)
_SHARED = Path(__file__).resolve().parents[1] / "hall" / "web" / "static" / "js"


class BadScreen(HallError):
    """A screen size or distance that cannot be. Facts: `field`."""

    code = "BAD_SCREEN"


def _measure(name: str, usual: float, least: float, most: float) -> float:
    try:
        value = float(request.args.get(name) or usual)
    except ValueError:
        raise BadScreen(field=name) from None
    if not least <= value <= most:
        raise BadScreen(field=name)
    return value


@bp.get("/display/")
@allow("board")
def screen() -> str:
    """`?inches=55&metres=10`: the screen's diagonal and how far away people stand; rows follow. `?window=w3`,
    `?windows=w1,w2`, `?lines=social`: a part of the hall; else what the place of the device says."""
    identity = current()
    hall = sanban().halls.get(identity.hall)
    # "": it rings its chime and never speaks
    sound_zone = (sanban().voices.zone_of(hall.id, identity.id) or "") if identity.may("show") else None
    part = _part()
    mirror = f"{sanban().settings.public_url}/mirror/{hall.id}" if sanban().settings.public_url else None
    return render_template(
        "display.html",
        hall=hall,
        part=part,
        window=hall.window(part.windows[0]) if part.layout == "window" else None,
        inches=_measure("inches", 55, 5, 300),
        metres=_measure("metres", 10, 0.5, 60),
        acknowledges=identity.may("show"),
        sound_zone=sound_zone,
        device=identity.id,
        name=identity.name or _("Hall display"),
        mirror=mirror and booking.picture(mirror),
    )


@bp.get("/display/state")
@allow("board")
def state() -> dict[str, Any]:
    """What changes slowly: whether numbers are given, today's hours, waits of newcomers, the hall's notice and its
    promise. A page asks every few seconds, and at once when the hall's description has changed."""
    hall = sanban().halls.get(current().hall)
    now = sanban().tickets.moves.clock()
    return {
        "open": hall.calendar.is_open(now) and hall.on(hall.calendar.date_of(now)).closed is None,
        "hours": hours_text(hall, now),
        "night": is_night(hall, now),
        "waits": waits(hall, now),
        "notice": both(hall.notice),
        "promise": promise.spoken(hall),
    }


@bp.get("/display/worker.js")
@allow(None)
def worker() -> Response:
    """Keeps the page for a reload while the server is away."""
    return send_from_directory(_SHARED, "worker.js", mimetype="text/javascript")


def _part() -> Shown:
    identity = current()
    hall = sanban().halls.get(identity.hall)
    record = sanban().access.devices(hall.id).get(identity.id) if identity.kind == "device" else None
    return shown(hall, request.args, str(record["place"]) if record else "")
