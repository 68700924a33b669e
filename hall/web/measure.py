"""Times every request by its route, never by its address, and tells the log of slow ones, faults and refused rights."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g
from flask.globals import request_ctx

from hall.metrics import REQUESTS

_SLOW_SECONDS = 1.0
#: who is refused the same again and again is told of once in so many seconds
_REFUSED_SECONDS = 60.0
_MOST_REFUSED = 10_000
_log = structlog.get_logger()
#: (hall, who, route) → when it was told
_refused: dict[tuple[str, str, str], float] = {}


def register(app: Flask) -> None:
    """First of all hooks: what others refuse is timed too."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    request = request_ctx.request  # flask's own `request` looks for it at every use
    seconds = time.perf_counter() - g.get("began", time.perf_counter())  # a strange host is refused before all hooks
    route = request.url_rule.rule if request.url_rule else "none"
    REQUESTS.labels(route, request.method, str(response.status_code)).observe(seconds)
    slow = seconds > _SLOW_SECONDS and response.status_code != 429  # a refusal waits on purpose (limits.py)
    if slow or response.status_code >= 500:
        log = _log.warning if response.status_code < 500 else _log.error
        log("request", route=route, method=request.method, status=response.status_code, ms=round(seconds * 1000))
    if response.status_code in (401, 403):
        _tell_refused(route, request.method, response.status_code)
    return response


def _tell_refused(route: str, method: str, status: int) -> None:
    """Somebody tried what they have no right to."""
    identity, now = g.get("identity"), time.monotonic()
    hall, who = (identity.hall, identity.by) if identity and identity.id else ("", "nobody")
    if now - _refused.get((hall, who, route), -_REFUSED_SECONDS) < _REFUSED_SECONDS:
        return
    if len(_refused) >= _MOST_REFUSED:
        _refused.clear()
    _refused[hall, who, route] = now
    _log.warning("refused", hall=hall, who=who, route=route, method=method, status=status)
