"""Is the process there, and can it work?"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify
from redis.exceptions import RedisError

from hall.domain.errors import HallError
from hall.web.access import allow, sanban
from hall.web.errors import problem

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@allow(None)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@allow(None)
def readyz() -> Response:
    """The store can be reached and written, and the pump is alive; 503 otherwise."""
    try:
        sanban().store.check_writable()
    except (RedisError, HallError):
        return problem("STORE_AWAY")
    live = current_app.extensions.get("live")
    if live is None or not live.pump.alive():
        return problem("STORE_AWAY")
    return jsonify(status="ready")
