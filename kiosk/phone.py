"""A ticket in its holder's hands: the address is the key. Works without scripts, lives with them."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from hall.domain.callers import Caller
from hall.domain.errors import UnknownService
from hall.domain.halls import Hall, Service
from hall.domain.texts import Text
from hall.domain.tickets import OPEN
from hall.services.tickets import Place
from hall.web.access import allow, csrf, sanban
from hall.web.api import shapes
from hall.web.booking import picture
from hall.web.texts import said

bp = Blueprint("phone", __name__, template_folder="templates")
_SHARED = Path(__file__).resolve().parents[1] / "hall" / "web" / "static" / "js"
_YEAR = 365 * 24 * 3600
#: with so many before it, a number is near
NEAR = 2


@bp.get("/t/worker.js")
@allow(None)
def worker() -> Response:
    """Keeps the last state for when there is no connection."""
    return send_from_directory(_SHARED, "worker.js", mimetype="text/javascript")


@bp.get("/t/<token>")
@allow(None)
def ticket(token: str) -> Response:
    """A resident's ticket; without scripts, it loads itself again."""
    hall_id, place = sanban().tickets.look(token)
    hall = sanban().halls.get(hall_id)
    facts = shapes.resident(hall, place)
    near = facts["state"] == "waiting" and facts["ahead"] <= NEAR
    page = render_template(
        "ticket.html",
        hall=hall,
        token=token,
        ticket=facts,
        calls=place.ticket.get("calls", 0),
        state=_near() if near else _state(place),
        near=near,
        title=_title(facts, near),
        services=_services(hall, facts["services"]),
        told=_told(hall, place),
        elder=_elder(),
        now=sanban().tickets.moves.clock(),
        # A second press of the same button changes nothing more.
        key=secrets.token_hex(16),
    )
    response = make_response(page)
    if "elder" in request.args:
        response.set_cookie("elder", request.args["elder"][:1], max_age=_YEAR, samesite="Lax")
    return response


@bp.get("/t/<token>/code.svg")
@allow(None)
def code(token: str) -> Response:
    """The page's own address for a phone's camera: the kiosk shows it, with paper or without."""
    sanban().tickets.look(token)
    public = sanban().settings.public_url or request.url_root.rstrip("/")
    drawn = picture(f"{public}{url_for('.ticket', token=token)}")
    return Response(render_template("code.svg", code=drawn), mimetype="image/svg+xml")


@bp.post("/t/<token>/more-time")
@allow(None)
def more_time(token: str) -> AnyResponse:
    csrf.protect()
    sanban().tickets.more_time(_holder(), token)
    return redirect(url_for(".ticket", token=token))


@bp.post("/t/<token>/come-back")
@allow(None)
def come_back(token: str) -> AnyResponse:
    csrf.protect()
    sanban().tickets.come_back(_holder(), token)
    return redirect(url_for(".ticket", token=token))


@bp.get("/t/<token>/give-up")
@allow(None)
def ask_give_up(token: str) -> str:
    """Asked once: a place that was given up does not come back."""
    hall_id, place = sanban().tickets.look(token)
    return render_template(
        "give_up.html",
        hall=sanban().halls.get(hall_id),
        token=token,
        number=place.ticket["number"],
        elder=_elder(),
        key=secrets.token_hex(16),
    )


@bp.post("/t/<token>/give-up")
@allow(None)
def give_up(token: str) -> AnyResponse:
    csrf.protect()
    sanban().tickets.cancel(_holder(), token)
    return redirect(url_for(".ticket", token=token))


@bp.get("/t/<token>/app.webmanifest")
@allow(None)
def manifest(token: str) -> Response:
    """The ticket as an app on the phone's first screen."""
    hall_id, place = sanban().tickets.look(token)
    name = said(sanban().halls.get(hall_id).name)
    icons = [
        {"src": f"/static/icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": "any maskable"}
        for size in (192, 512)
    ]
    response = jsonify(
        name=f"{place.ticket['number']} · {name}",
        short_name=place.ticket["number"],
        start_url=url_for(".ticket", token=token),
        scope="/t/",
        display="standalone",
        background_color="#f2f5f4",
        theme_color="#0b5345",
        icons=icons,
    )
    response.content_type = "application/manifest+json"
    return response


def _holder() -> Caller:
    key = request.form.get("key", "")
    return Caller(by="resident", key=key if key.isascii() and key.isalnum() and len(key) <= 64 else None)


def _elder() -> bool:
    return request.args.get("elder", request.cookies.get("elder", "")) == "1"


def _services(hall: Hall, ids: list[str]) -> list[Service]:
    found = []
    for service_id in ids:
        try:
            found.append(hall.service(service_id))
        except UnknownService:
            continue  # the hall no longer offers it
    return found


def _told(hall: Hall, place: Place) -> Text | None:
    """What a manager says who closed the hall for today or paused the line, to whoever has not been served yet."""
    today = hall.on(hall.calendar.date_of(sanban().tickets.moves.clock()))
    if place.ticket["state"] not in OPEN:
        return None
    return today.closed or today.paused.get(place.ticket["line"])


def _title(facts: dict[str, Any], near: bool) -> str:
    """What a tab or a locked phone shows of the page."""
    number = facts["number"]
    if facts["window"]:
        return f"▶ {number} → {_('Window %(label)s', label=facts['window'])}"
    if facts["state"] == "waiting":
        return f"● {number} · {_near()}" if near else f"{number} · {_('Before you: %(n)s', n=facts['ahead'])}"
    return str(number)


def _near() -> str:
    return str(_("It is nearly your turn. Please be in the hall."))


def _state(place: Place) -> str:
    texts = {
        "waiting": _("Please wait. You will be called."),
        "called": _("It is your turn. Please go to the window."),
        "serving": _("You are being served."),
        "parked": _("Your number is set aside. The clerk will call you again."),
        "missed": _("You were called and did not come. Are you here? Then you are called again."),
        "done": _("Your service has ended. Thank you."),
        "cancelled": _("This number was given up."),
        "expired": _("This number was of an earlier day."),
    }
    return str(texts[place.ticket["state"]])
