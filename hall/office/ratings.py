"""好差评: the pad at a window, the page for a phone, and bad ratings that wait for an answer."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hall.domain.callers import Caller
from hall.domain.errors import Forbidden, HallError
from hall.domain.halls import Hall
from hall.office import names
from hall.office.pages import frame
from hall.web.access import allow, csrf, current, request_caller, sanban
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS

bp = Blueprint("office_ratings", __name__, template_folder="templates")
_LEVELS = (5, 4, 3, 2, 1)


def level_names() -> list[tuple[int, str]]:
    return [(level, str(names.COLUMNS[f"level_{level}"])) for level in _LEVELS]


# For managers --------------------------------------------------------------------------------


@bp.get("/office/ratings")
@allow("reports")
def follow_ups() -> str:
    """Bad ratings that wait for an answer, the most urgent first. They name no person and no clerk."""
    return _follow_ups()


@bp.post("/office/ratings")
@allow("reports")
def answer() -> Response | tuple[str, int]:
    """Say what was done about one."""
    named = request.form.get("rating", "")
    rating = int(named) if named.isascii() and named.isdigit() and len(named) < 13 else 0
    try:
        sanban().ratings.answer(request_caller(), current().hall, rating, request.form.get("answer", ""))
    except HallError as refusal:
        return _follow_ups(_said(refusal)), PROBLEMS[refusal.code][0]
    return redirect(url_for(".follow_ups", done=1))


@bp.post("/office/ratings/by-staff")
@allow("reports")
def by_staff() -> Response | tuple[str, int]:
    """Enter one for somebody who asks for it; it is marked so in every report."""
    if not current().may("serve"):
        raise Forbidden()
    form = request.form
    level = next((one for one in _LEVELS if str(one) == form.get("level")), None)
    if level is None:
        return _follow_ups(_("Choose one of the five.")), 422
    number = form.get("number", "").strip().upper()
    try:
        sanban().ratings.by_staff(request_caller(), current().hall, number, level, form.getlist("item"))
    except HallError as refusal:
        return _follow_ups(_said(refusal)), PROBLEMS[refusal.code][0]
    return redirect(url_for(".follow_ups", entered=1))


def _follow_ups(fault: str | None = None) -> str:
    hall = sanban().halls.get(current().hall)
    rows = sanban().ratings.follow_ups(hall.id, sanban().tickets.moves.clock())
    return render_template(
        "office_ratings.html",
        **frame(),
        rows=[_row(hall, row) for row in rows],
        fault=fault,
        done=request.args.get("done"),
        entered=request.args.get("entered"),
        levels=level_names(),
        typed=request.form if fault else {},
        chosen=request.form.getlist("item") if fault else [],
    )


def _row(hall: Hall, row: dict[str, Any]) -> dict[str, Any]:
    items = {item.id: item.name for item in hall.rating.items}
    return {
        "id": row["id"],
        "level": str(names.COLUMNS[f"level_{row['level']}"]),
        "items": [items[item] for item in row.get("items") or [] if item in items],
        "date": row["date"],
        "line": names.key_name(hall, "ratings", "line", row["line"]),
        "services": [names.key_name(hall, "ratings", "service", one) for one in row["services"].split(",")],
        "due": hall.calendar.date_of(row["due_at"]),
        "overdue": row["overdue"],
        "by_staff": row["source"] == "staff",
    }


# For residents -------------------------------------------------------------------------------


@bp.get("/t/<token>/rate")
@allow(None)
def phone(token: str) -> str:
    """Whoever holds a ticket says how it was; works without scripts."""
    return _phone(token)


@bp.post("/t/<token>/rate")
@allow(None)
def rate(token: str) -> str | tuple[str, int]:
    csrf.protect()
    level, items = request.form.get("level", ""), request.form.getlist("item")
    key = request.form.get("key", "")
    caller = Caller(by="resident", key=key if key.isascii() and key.isalnum() and len(key) <= 64 else None)
    if not (level.isascii() and level.isdigit()):
        return _phone(token, missing=True), 422
    try:
        sanban().ratings.by_token(caller, token, int(level), items)
    except HallError as refusal:
        return _phone(token, fault=_said(refusal)), PROBLEMS[refusal.code][0]
    return _phone(token, done=True)


def _phone(token: str, *, fault: str | None = None, missing: bool = False, done: bool = False) -> str:
    hall_id, place = sanban().tickets.look(token)
    return render_template(
        "office_rate.html",
        hall=sanban().halls.get(hall_id),
        token=token,
        number=place.ticket["number"],
        levels=level_names(),
        fault=fault,
        missing=missing,
        done=done,
        key=secrets.token_hex(16),
    )


# At a window ---------------------------------------------------------------------------------


@bp.get("/pad/")
@allow("rate")
def pad() -> str:
    """The page of a paired rating pad; its place is the window it stands at."""
    hall = sanban().halls.get(current().hall)
    place = sanban().access.devices(hall.id).get(current().id, {}).get("place", "")
    window = next((one for one in hall.windows if place and place in (one.id, one.label)), None)
    return render_template("office_pad.html", hall=hall, window=window, levels=level_names())


def _said(refusal: HallError) -> str:
    return said_with(PROBLEMS[refusal.code][1], refusal.facts)
