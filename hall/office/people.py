"""Who and what may come in: staff, screens, tokens of programs. What is told once is on the page once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from hall.domain.errors import Forbidden, HallError, ReasonMissing, TextNotPlain
from hall.domain.office_errors import UnknownAccess
from hall.domain.permissions import DEVICES, ROLES
from hall.office.pages import frame
from hall.web.access import allow, current, request_caller, sanban
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS
from hall.web.sign_in import passwords_off

bp = Blueprint("office_people", __name__, template_folder="templates", url_prefix="/office/people")
ROLE_NAMES = {
    "clerk": lazy_gettext("Clerk"),
    "officer": lazy_gettext("Case officer"),
    "manager": lazy_gettext("Manager"),
    "admin": lazy_gettext("Administrator"),
    "portal": lazy_gettext("City portal"),
    "auditor": lazy_gettext("Auditor"),
}
DEVICE_NAMES = {
    "kiosk": lazy_gettext("Kiosk"),
    "display": lazy_gettext("Hall screen"),
    "pad": lazy_gettext("Rating pad"),
}
#: ten years
_MOST_DAYS = 3650
Told = tuple[str, str]
Answer = str | tuple[str, int]


@bp.get("")
@allow("staff")
def people() -> str:
    return _page()


@bp.post("/staff")
@allow("staff")
def staff() -> Answer:
    """Add somebody, give another role, make a link to sign in by, or let in no more."""
    form, here, hall = request.form, sanban().access, current().hall
    staff_id, by = form.get("id", "").strip().lower(), current().by

    def add() -> Told:
        if staff_id in here.staff(hall):
            raise TextNotPlain(field="id")
        # Nobody knows this password: the link is the way in, until they are given one.
        here.set_staff(hall, staff_id, form.get("name", ""), form.get("role", ""), secrets.token_urlsafe(24), by)
        if passwords_off():
            return _("%(name)s signs in with your organisation's account.", name=staff_id), ""
        return link()

    def role() -> Told:
        here.set_role(hall, staff_id, form.get("role", ""), by, _reason())
        return _("%(name)s has another role now.", name=staff_id), ""

    def link() -> Told:
        if passwords_off():
            raise Forbidden()  # only who has a shell on the server lets somebody in past the organisation's service
        code = here.sign_in_code(hall, staff_id, by)
        return _("%(name)s signs in with this link, once, within an hour:", name=staff_id), _address("link", code)

    def out() -> Told:
        here.sign_out_everywhere(hall, staff_id, by)
        return _("All sessions of %(name)s have ended.", name=staff_id), ""

    def unbind() -> Told:
        sanban().identities.let_go(hall, staff_id, by)
        return _("The next account named %(name)s of your organisation comes in as this person.", name=staff_id), ""

    def second_off() -> Told:
        sanban().second.remove(hall, staff_id, by)
        return _("%(name)s signs in without a second factor until there is a new one.", name=staff_id), ""

    def remove() -> Told:
        here.remove_staff(hall, staff_id, by, _reason())
        return _("%(name)s cannot come in any more.", name=staff_id), ""

    return _do(
        {
            "add": add,
            "role": role,
            "link": link,
            "out": out,
            "unbind": unbind,
            "second_off": second_off,
            "remove": remove,
        }
    )


@bp.post("/devices")
@allow("devices")
def devices() -> Answer:
    """Make a link that pairs a screen, let one load its page again, or let it in no more."""
    form, here, hall = request.form, sanban().access, current().hall

    def add() -> Told:
        kind, name, place = (form.get(field, "") for field in ("kind", "name", "place"))
        code = here.pairing_code(hall, kind, name, place, current().by)
        return _("Open this link on the screen, once, within a day:"), _address("pair", code)

    def replace() -> Told:
        code = here.replacing_code(hall, form.get("id", ""), current().by)
        return _("Open this link on the new machine, once, within a day. It takes the place of the old:"), _address(
            "pair", code
        )

    def reload() -> Told:
        if not current().may("configure"):
            raise Forbidden()
        record = here.devices(hall).get(form.get("id", ""))
        if record is None:
            raise UnknownAccess(id=form.get("id", ""))
        sanban().screens.reload(request_caller(), hall, form["id"])
        return _("%(name)s loads its page again, if it is connected.", name=record["name"]), ""

    def remove() -> Told:
        here.remove_device(hall, form.get("id", ""), current().by, _reason())
        return _("The screen cannot come in any more."), ""

    return _do({"add": add, "replace": replace, "reload": reload, "remove": remove})


@bp.post("/tokens")
@allow("tokens")
def tokens() -> Answer:
    """Make a token of a program, or make one worthless."""
    form, here, hall = request.form, sanban().access, current().hall

    def add() -> Told:
        # One that has gone meanwhile is refused: without it, a token of one window would be one of all.
        windows = tuple(sanban().halls.get(hall).window(one).id for one in form.getlist("windows"))
        token = here.add_token(hall, form.get("role", ""), windows, form.get("label", ""), current().by, _days())
        return _("The token is shown this once:"), token

    def rotate() -> Told:
        token = here.rotate_token(hall, form.get("id", ""), current().by)
        return _("The new token is shown this once. The old one is good for a day more:"), token

    def remove() -> Told:
        here.revoke_token(hall, form.get("id", ""), current().by, _reason())
        return _("The token is worthless now."), ""

    return _do({"add": add, "rotate": rotate, "remove": remove})


def _days() -> int | None:
    """After how many days a new token ends; None: never."""
    text = request.form.get("days", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:5]) <= _MOST_DAYS):
        raise TextNotPlain(field="days")
    return int(text)


def _reason() -> str:
    """Why somebody gets another role or comes in no more. Raises `ReasonMissing`."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise ReasonMissing(move=request.form.get("do", ""))
    return reason


def _do(actions: dict[str, Callable[[], Told]]) -> Answer:
    action = actions.get(request.form.get("do", ""))
    if action is None:
        return _page(), 422
    try:
        return _page(told=action())
    except HallError as refusal:
        status, text = PROBLEMS[refusal.code]
        return _page(fault=said_with(text, refusal.facts)), status


def _address(kind: str, code: str) -> str:
    return f"{sanban().settings.public_url or request.host_url.rstrip('/')}/{kind}/{code}"


def _page(told: Told | None = None, fault: str | None = None) -> str:
    hall, access = current().hall, sanban().access
    heard: dict[str, Any] = sanban().office.heard(hall)
    zone = sanban().halls.get(hall).calendar
    seen = {name: f"{zone.local(at):%Y-%m-%d %H:%M}" for name, at in heard.items()}
    tokens = access.list_tokens(hall)
    ends = {name: f"{zone.local(one['expires'] * 1000):%Y-%m-%d}" for name, one in tokens.items() if "expires" in one}
    return render_template(
        "office_people.html",
        **frame(),
        ends=ends,
        staff=sorted(access.staff(hall).items()),
        devices=sorted(access.devices(hall).items(), key=lambda one: (one[1]["kind"], one[1]["name"])),
        tokens=sorted(tokens.items(), key=lambda one: str(one[1]["label"])),
        seen=seen,
        roles={role: words for role, words in ROLE_NAMES.items() if role in ROLES},
        kinds={kind: words for kind, words in DEVICE_NAMES.items() if kind in DEVICES},
        passwords_off=passwords_off(),
        labels={window.id: window.label for window in sanban().halls.get(hall).windows},
        told=told,
        fault=fault,
    )
