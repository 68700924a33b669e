"""Browsers at which somebody signed in before. Their wrong passwords are counted apart from everybody else's."""

from __future__ import annotations

import hashlib
import secrets
from typing import cast

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from hall.web.access import cookie_name

_YEAR = 365 * 24 * 3600


def browser_of(hall_id: str, staff_id: str) -> str:
    """The name of this browser if this account signed in here before, else empty."""
    try:
        named = _signer().loads(request.cookies.get(_name(hall_id, staff_id), ""))
    except (BadSignature, ValueError):
        return ""
    known, name = named if isinstance(named, list) and len(named) == 2 else ("", "")
    return str(name) if known == f"{hall_id}/{staff_id}" else ""


def remember(response: Response, hall_id: str, staff_id: str) -> None:
    """Kept when it is there already: what was tried at it still counts."""
    if browser_of(hall_id, staff_id):
        return
    value = _signer().dumps([f"{hall_id}/{staff_id}", secrets.token_hex(8)])
    secure = cast(bool, current_app.config["SESSION_COOKIE_SECURE"])
    name = _name(hall_id, staff_id)
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)


def _name(hall_id: str, staff_id: str) -> str:
    """One a member of staff: several share the computer of a window."""
    mark = hashlib.sha256(f"{hall_id}/{staff_id}".encode()).hexdigest()[:12]
    return cookie_name(f"sanban_known_{mark}", cast(bool, current_app.config["SESSION_COOKIE_SECURE"]))


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(cast(str, current_app.config["SECRET_KEY"]), salt="known browser")
