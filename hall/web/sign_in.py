"""Coming in: sign-in, one-time links, the first administrator, pairing a screen."""

from __future__ import annotations

import time
from typing import Any, cast

from flask import Blueprint, current_app, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from hall.domain.errors import CodeUsed, TextNotPlain
from hall.domain.permissions import ROLES
from hall.services.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD, weakness
from hall.web import known
from hall.web.access import Staff, allow, csrf, keep_device, sanban
from hall.web.limits import address, guessed, limiter

bp = Blueprint("sign_in", __name__)


def come_in(hall_id: str, staff_id: str, how: str = "password", link_by: str = "", where: str = "") -> Response:
    """Who has a second factor is asked for it first. A link made on the server breaks the glass: it needs none."""
    if link_by == "cli" or not sanban().second.has(hall_id, staff_id):
        return enter(hall_id, staff_id, how, link_by, where)
    session["second"] = {"at": time.time(), "who": (hall_id, staff_id, how, link_by, where)}
    return make_response(redirect(url_for("second.ask")))


def enter(
    hall_id: str, staff_id: str, how: str = "password", link_by: str = "", where: str = "", second: str = ""
) -> Response:
    """A new session for a member of staff; whatever the old one held is gone. `how`: see `Doors.open_session`."""
    record = sanban().access.staff(hall_id).get(staff_id)
    if record is None:
        raise CodeUsed()  # they were removed since the link was made
    set_down()
    if how == "link":
        session["by_link"] = time.time()
    session["how"] = how
    login_user(Staff(hall_id, staff_id, record, sanban().doors.open_session(hall_id, staff_id, how, link_by, second)))
    if how != "openid" and sanban().second.missing(record):
        where = url_for("second.own")
    may = ROLES.get(record["role"], frozenset())
    first = "/desk/" if "cases" in may else "/office/audit" if "audit" in may else "/console/"
    response = make_response(redirect(where or first))
    known.remember(response, hall_id, staff_id)
    return response


def set_down() -> Response:
    """The end of this browser's session, on the store too: a copy of its cookie is worth nothing then."""
    identity = cast(Staff, current_user).identity if current_user.is_authenticated else None
    if identity is not None:
        sanban().doors.end_session(identity.hall, identity.id, identity.session)
    logout_user()
    left = "openid" if session.get("how") == "openid" else None
    session.clear()
    return make_response(redirect(url_for("sign_in.sign_in_page", left=left)))


def page(error: str | None = None, name: str = "") -> str:
    """The page to sign in; `left`: of whom it says that they are still signed in at the organisation's service."""
    openid = sanban().settings.openid
    left = openid.host if openid and request.args.get("left") == "openid" else None
    return render_template("sign_in.html", halls=_halls(), error=error, values={"name": name}, openid=openid, left=left)


@bp.get("/sign-in")
@allow(None)
def sign_in_page() -> str:
    return page()


@bp.post("/sign-in")
@allow(None)
def sign_in() -> Response | str | tuple[str, int]:
    csrf.protect()
    if passwords_off():
        return page(_("Nobody signs in with a password here. Please use your organisation's account.")), 403
    hall_id, name = request.form.get("hall", ""), request.form.get("name", "").strip().lower()
    if hall_id in sanban().halls.ids():
        browser, given = known.browser_of(hall_id, name), request.form.get("password", "")[:LONGEST_PASSWORD]
        if not browser:
            limiter().spend("sign_in", address())
        if sanban().doors.check_password(hall_id, name, given, address(), browser):
            return come_in(hall_id, name)
    return page(_("Name or password is wrong. Please check both."), name), 401


def passwords_off() -> bool:
    """Whether staff come in by the organisation's service alone, or by a link of whoever has a shell on the server."""
    openid = sanban().settings.openid
    return openid is not None and openid.only


@bp.post("/sign-out")
@allow(None)
def sign_out() -> Response:
    csrf.protect()
    return set_down()


@bp.get("/set-up/<code>")
@allow(None)
def set_up_page(code: str) -> str:
    _look(code, "set-up")
    return render_template("set_up.html", error=None, values={}, shortest=SHORTEST_PASSWORD)


@bp.post("/set-up/<code>")
@allow(None)
def set_up(code: str) -> Response | tuple[str, int]:
    csrf.protect()
    access, form = sanban().access, request.form
    facts = _look(code, "set-up")
    staff_id = form.get("name", "").strip().lower()
    error = password_error(form.get("password", ""), form.get("again", ""), staff_id)
    if error is None:
        try:
            access.check_staff(staff_id, "admin", form["password"])
        except TextNotPlain:
            error = _("A name is up to 40 small letters, digits, dots and dashes.")
    if error is not None:
        page = render_template("set_up.html", error=error, values={"name": staff_id}, shortest=SHORTEST_PASSWORD)
        return page, 422
    access.take_code(code, "set-up")  # of two at once, one makes an administrator
    access.set_staff(facts["hall"], staff_id, staff_id, "admin", form["password"], "set-up")
    return enter(facts["hall"], staff_id, "set-up", str(facts.get("by", "")))


def password_error(password: str, again: str, staff_id: str) -> str | None:
    weak = weakness(password, staff_id)
    if weak == "short":
        return str(_("The password is too short: at least %(n)s characters.", n=SHORTEST_PASSWORD))
    if weak == "long":
        return str(_("The password is too long: at most %(n)s characters.", n=LONGEST_PASSWORD))
    if weak == "common":
        return str(_("This password is one of the most used. Choose another one, a few words for example."))
    if weak:
        return str(_("This password is easily guessed. Choose another one, a few words for example."))
    if password != again:
        return str(_("The two passwords are not the same."))
    return None


@bp.get("/link/<code>")
@allow(None)
def link_page(code: str) -> str:
    facts = _look(code, "sign-in")
    other = None if passwords_off() else ("account", _("Sign in and set a new password"))
    return render_template(
        "one_button.html", title=_("Sign in"), text=_("Sign in as %(name)s.", name=facts["staff"]), other=other
    )


@bp.post("/link/<code>")
@allow(None)
def link(code: str) -> Response:
    csrf.protect()
    _look(code, "sign-in")
    facts = sanban().access.take_code(code, "sign-in")
    to_account = "account" in request.form
    where = "/account" if to_account else ""
    return come_in(facts["hall"], facts["staff"], "link", str(facts.get("by", "")), where)


@bp.get("/pair/<code>")
@allow(None)
def pair_page(code: str) -> str:
    facts = _look(code, "pair")
    titles = {"kiosk": _("Pair this screen as a kiosk"), "pad": _("Pair this screen as a rating pad")}
    title = titles.get(facts["kind"], _("Pair this screen as a hall display"))
    text = _("From now on this browser shows only this page of the hall. A paired screen can be removed by staff.")
    return render_template("one_button.html", title=title, text=text)


@bp.post("/pair/<code>")
@allow(None)
def pair(code: str) -> Response:
    csrf.protect()
    hall_id = _look(code, "pair")["hall"]
    holder, secret = sanban().access.pair(hall_id, code)
    response = make_response(redirect(f"/{holder.role}/"))
    keep_device(response, holder, secret)
    return response


def _look(code: str, purpose: str) -> dict[str, Any]:
    """What a code is good for. A wrong one is a guess."""
    try:
        return sanban().access.look_at_code(code, purpose)
    except CodeUsed:
        guessed()
        raise


def _halls() -> list[tuple[str, object]]:
    halls = sanban().halls
    return [(hall_id, halls.get(hall_id).name) for hall_id in halls.ids()]


@bp.get("/")
@allow(None)
def home() -> str:
    return render_template("home.html", docs="openapi" in current_app.blueprints)
