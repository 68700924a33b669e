"""Signing in by the organisation's own service: OpenID Connect, code flow with PKCE, state and nonce.

Who somebody is, is said there; whether they may come in and what they may do is ours, and so is the session. Nothing
the service sent is kept: its tokens are dropped as soon as the identity was read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.errors import MismatchingStateError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, abort, current_app, redirect, request, session
from flask_babel import gettext as _
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from hall.bootstrap import Sanban
from hall.domain.openid import OpenId
from hall.services.openid import NotLetIn
from hall.web.access import allow, sanban
from hall.web.limits import address, limiter
from hall.web.sign_in import enter, page

bp = Blueprint("openid", __name__, url_prefix="/sign-in/openid")
#: seconds that one request to the service may take
_PATIENCE = 8
#: seconds that its clock may differ from ours
_LEEWAY = 60
#: signatures that only the service can make
_SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_HALL = "openid_hall"
_CODE = re.compile(r"[a-z_]{1,40}")
_log = structlog.get_logger()
Page = Response | tuple[str, int]
Found = TypeVar("Found")


class Away(Exception):
    """The service does not answer, or not as one."""


class NotTrusted(Exception):
    """What it sent is not signed by it, not for us, not of this sign-in, or too old."""


def register(app: Flask, services: Sanban) -> None:
    """The service is asked what it is at the first sign-in, not at the start."""
    given = services.settings.openid
    if given is None:
        return
    app.extensions["openid"] = OAuth(app).register(
        "openid",
        client_id=given.client,
        client_secret=given.secret,
        server_metadata_url=given.metadata,
        client_kwargs={"scope": given.scope, "code_challenge_method": "S256", "default_timeout": _PATIENCE},
    )


def _openid() -> OpenId:
    """The service of the settings; 404 when there is none."""
    return sanban().settings.openid or abort(404)


def _client() -> Any:
    """Authlib's client, which knows what the service says of itself; nobody else may speak for it."""
    client, given = current_app.extensions["openid"], _openid()
    metadata = _asked(client.load_server_metadata)
    if metadata.get("issuer") != given.issuer:
        client.server_metadata.clear()
        raise NotTrusted("issuer")
    said = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [one for one in said if one in _SIGNED]
    return client


def _asked(ask: Callable[[], Found]) -> Found:
    """Raises `Away` when nobody answers, or somebody who is no such service."""
    try:
        return ask()
    except (RequestException, ValueError, RuntimeError) as error:
        _log.warning("sign-in service away", error=type(error).__name__)
        raise Away from error


def _ours(path: str) -> str:
    return f"{sanban().settings.url}{path}"


@bp.get("/to/<hall>")
@allow(None)
def start(hall: str) -> Page:
    """To the service, with what its answer is held against in this browser's session."""
    _openid()
    sanban().halls.get(hall)
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return page(), 200  # another site would sign somebody in without their wish: the button is theirs to press
    for name in [name for name in session if name.startswith("_state_")]:
        session.pop(name)  # one sign-in at a time: a cookie holds 4 KB
    session[_HALL] = hall
    try:
        client = _client()
        return cast(Response, _asked(lambda: client.authorize_redirect(_ours("/sign-in/openid/back"))))
    except (Away, NotTrusted) as error:
        return _told(error)


@bp.get("/back")
@allow(None)
def back() -> Page:
    """The service sent somebody back: who they are, and whether they may come in."""
    _openid()
    limiter().spend("sign_in", address())
    hall_id, kept = str(session.get(_HALL, "")), current_app.extensions["openid"].framework
    # An answer to nothing this browser asked is anybody's, also when it tells of an error.
    if kept.get_state_data(session, request.args.get("state")) is None or hall_id not in sanban().halls.ids():
        return _told(MismatchingStateError())
    try:
        claims = _claims()
        return enter(hall_id, sanban().identities.staff_of(hall_id, claims), "openid")
    except NotTrusted as error:
        sanban().doors.tell_failed(hall_id, "", "openid", f"not trusted: {error}")
        return _told(error)
    except (Away, NotLetIn, _Denied) as error:
        return _told(error)


class _Denied(Exception):
    """Somebody said no there, or the service did."""


def _claims() -> Mapping[str, Any]:
    """The verified claims of the identity. Raises `Away`, `NotTrusted`."""
    if "error" in request.args:
        raise _Denied
    client, given = _client(), _openid()
    expected = {
        "iss": {"essential": True, "values": [given.issuer]},
        "aud": {"essential": True, "values": [given.client]},
    }
    try:
        token = client.authorize_access_token(claims_options=expected, leeway=_LEEWAY)
    except (AuthlibBaseError, JoseError) as error:
        _log.warning("sign-in service not trusted", error=type(error).__name__)
        raise NotTrusted(_code(error.error)) from error
    except (RequestException, ValueError, RuntimeError) as error:
        _log.warning("sign-in service away", error=type(error).__name__)
        raise Away from error
    claims: Mapping[str, Any] | None = token.get("userinfo")
    if claims is None:
        raise NotTrusted("no identity")
    return claims


def _code(text: object) -> str:
    """What was wrong, for the journal: a code, and nothing that somebody else wrote."""
    return text if isinstance(text, str) and _CODE.fullmatch(text) else "other"


@bp.get("/leave")
@allow(None)
def leave() -> Page:
    """Out of the service too, for who shares a computer."""
    given = _openid()
    try:
        end = _client().server_metadata.get("end_session_endpoint")
    except (Away, NotTrusted) as error:
        return _told(error)
    if not end:
        return page(_("%(host)s cannot be signed out of from here. Please close the browser.", host=given.host)), 404
    asked = urlencode({"client_id": given.client, "post_logout_redirect_uri": _ours("/sign-in")})
    return redirect(f"{end}{'&' if '?' in end else '?'}{asked}")


def _told(error: Exception) -> tuple[str, int]:
    """The page to sign in again, which says what was wrong and what to do."""
    host = _openid().host
    if isinstance(error, Away):
        return page(_("%(host)s does not answer. Please try again in a minute.", host=host)), 503
    if isinstance(error, MismatchingStateError):
        return page(_("This sign-in was begun elsewhere or too long ago. Please begin again.")), 400
    if isinstance(error, _Denied):
        return page(_("%(host)s did not let you in. Please try again, or ask there.", host=host)), 403
    if isinstance(error, NotTrusted):
        text = _("%(host)s gave an answer that cannot be trusted. Please tell your administrator.", host=host)
        return page(text), 403
    why = error.why if isinstance(error, NotLetIn) else ""
    if why == "other identity":
        text = _("The account of this name belongs to somebody else there. An administrator can let go of it.")
    elif why == "no claim":
        text = _("%(host)s does not say who you are here. Please tell your administrator.", host=host)
    else:
        text = _("You are not one of the staff of this hall. An administrator has to add you first.")
    return page(text), 403
