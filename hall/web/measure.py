"""Times every request by its route, never by its address, and tells the log of slow ones and faults."""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g
from flask.globals import request_ctx

from hall.metrics import REQUESTS

_SLOW_SECONDS = 1.0
_log = structlog.get_logger()


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
    return response
