"""The second factor of staff: asked for after the password, set up and taken off at one's own account."""

from __future__ import annotations

import time

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hall.domain.errors import Forbidden
from hall.web.access import Identity, allow, csrf, sanban
from hall.web.account import by_link, knows_old, own_identity
from hall.web.booking import picture
from hall.web.sealed import seal, unseal
from hall.web.sign_in import enter, passwords_off, set_down

bp = Blueprint("second", __name__)
#: between the password and the code
_PATIENCE_SECONDS = 5 * 60
Page = str | Response | tuple[str, int]


# At the door -------------------------------------------------------------------------------------


def _waiting() -> tuple[str, str, str, str, str] | None:
    """Who gave the right password a moment ago: hall, staff, how, who made the link, where they want to go."""
    kept = session.get("second") or {}
    if time.time() - float(kept.get("at", 0)) > _PATIENCE_SECONDS:
        return None
    hall_id, staff_id, how, link_by, where = kept["who"]
    return hall_id, staff_id, how, link_by, where


@bp.get("/sign-in/second")
@allow(None)
def ask() -> Page:
    return render_template("second_code.html", error=None) if _waiting() else redirect(url_for("sign_in.sign_in_page"))


@bp.post("/sign-in/second")
@allow(None)
def answer() -> Page:
    csrf.protect()
    who = _waiting()
    if who is None:
        return redirect(url_for("sign_in.sign_in_page"))
    factor = sanban().second.verify(who[0], who[1], request.form.get("code", "")[:40])
    if factor is None:
        return render_template("second_code.html", error=_("This code is wrong or was used already.")), 401
    return enter(*who, second=factor)


# At one's own account ----------------------------------------------------------------------------


@bp.get("/account/second")
@allow(None)
def own() -> Page:
    return _own_page(own_identity())


@bp.post("/account/second")
@allow(None)
def change() -> Page:
    """Set one up with what the phone shows, or take it off; with the password, unless somebody just came by link."""
    identity, form = own_identity(), request.form
    csrf.protect()
    if passwords_off():
        raise Forbidden()  # the organisation's service asks for what it wants
    if not by_link() and not knows_old(identity, form.get("old", "")):
        return _own_page(identity, _("The password is wrong."), form.get("kept")), 422
    if form.get("do") == "off":
        sanban().second.remove(identity.hall, identity.id, identity.by)
        return set_down()
    kept = unseal(_purpose(identity), form.get("kept", "")) or {}
    codes = None
    if kept:
        code = form.get("code", "")[:40].replace(" ", "")
        codes = sanban().second.set_up(identity.hall, identity.id, str(kept["secret"]), code, identity.by)
    if codes is None:
        return _own_page(identity, _("This is not what the phone shows now. Please try again."), form.get("kept")), 422
    return render_template("second_codes.html", codes=codes)


def _purpose(identity: Identity) -> str:
    return f"second {identity.hall} {identity.id}"


def _own_page(identity: Identity, error: str | None = None, kept: str | None = None) -> str:
    """The secret stays with the browser, sealed, until the phone has shown that it counts with it."""
    second = sanban().second
    there = second.has(identity.hall, identity.id)
    secret = str((unseal(_purpose(identity), kept or "") or {}).get("secret") or second.new_secret())
    return render_template(
        "second.html",
        there=there,
        needed=identity.role in second.roles,
        error=error,
        ask_old=not by_link(),
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        kept=seal(_purpose(identity), {"secret": secret}),
        code=None if there else picture(second.address(secret, identity.id, f"Sanban {identity.hall}")),
    )
