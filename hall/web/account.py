"""What a member of staff does with their own account: a new password, the end of all their sessions."""

from __future__ import annotations

import time

from flask import Blueprint, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from hall.domain.errors import Forbidden, SignInNeeded
from hall.services.passwords import SHORTEST_PASSWORD
from hall.web.access import Identity, allow, csrf, current, sanban
from hall.web.sign_in import enter, password_error, passwords_off, set_down

bp = Blueprint("account", __name__)
#: who came by a link need not know the old password, for so many seconds
_BY_LINK_SECONDS = 15 * 60


def own_identity() -> Identity:
    identity = current()
    if identity.kind != "staff":
        raise SignInNeeded()
    return identity


def by_link() -> bool:
    return time.time() - float(session.get("by_link", 0)) < _BY_LINK_SECONDS


@bp.get("/account")
@allow(None)
def account() -> str:
    return _page()


@bp.post("/account/password")
@allow(None)
def password() -> Response | tuple[str, int]:
    """A new password ends every session but a new one in this browser."""
    identity, form = own_identity(), request.form
    csrf.protect()
    if passwords_off():
        raise Forbidden()
    new = form.get("password", "")
    error = password_error(new, form.get("again", ""), identity.id)
    if error is None and not by_link() and not knows_old(identity, form.get("old", "")):
        error = _("The old password is wrong.")
    if error is not None:
        return _page(error), 422
    sanban().access.set_password(identity.hall, identity.id, new, identity.by)
    return enter(identity.hall, identity.id)


def knows_old(identity: Identity, old: str) -> bool:
    """Counted as at the door: a session that was stolen must not be a place to guess at."""
    browser = f"session {identity.session}"
    return sanban().doors.check_password(identity.hall, identity.id, old, "", browser) is not None


@bp.post("/account/sign-out-everywhere")
@allow(None)
def everywhere() -> Response:
    identity = own_identity()
    csrf.protect()
    sanban().access.sign_out_everywhere(identity.hall, identity.id, identity.by)
    return set_down()


def _page(error: str | None = None) -> str:
    identity = own_identity()
    return render_template(
        "account.html",
        name=identity.name,
        staff_id=identity.id,
        error=error,
        ask_old=not by_link(),
        passwords=not passwords_off(),
        shortest=SHORTEST_PASSWORD,
        back=url_for("sign_in.home"),
    )
