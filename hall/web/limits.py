"""Who asks too often waits. What is counted, and how much: hall/domain/limits.py.

A right is looked for first and its holder is counted; only who has none is counted by address. So a flood at one screen
is that screen's, and who guesses tokens makes nobody else wait behind the same address.
"""

from __future__ import annotations

import math
import time
from typing import Any, cast

import gevent
from flask import Flask, Response, current_app, g
from flask.globals import request_ctx
from redis.exceptions import RedisError

from hall.bootstrap import Sanban
from hall.domain.errors import SignInNeeded, TooManyRequests
from hall.domain.limits import Buckets
from hall.store.limits import SharedLimits
from hall.web.access import NOBODY, Identity, current, sanban

#: of those who asked last, by process; a bucket takes about 200 bytes
_BUCKETS = 50_000
#: A refusal is told so late, so that who asks again at once asks once a second and not a thousand times.
_HELD_SECONDS = 0.9
#: so many refusals wait at once; more are told at once, and their connection ends
_MOST_HELD = 400
_FREE = ("static", "healthz", "readyz", "worker")
_TAKES = ("tickets.issue", "appointments.today")
_BOOKS = ("appointments.book", "booking.book")


class Limiter:
    """The limits of one web process."""

    def __init__(self, services: Sanban, held_seconds: float = _HELD_SECONDS) -> None:
        self._limits = services.settings.limits
        self._buckets = Buckets(_BUCKETS)
        self._shared = SharedLimits(services.store.moves)
        self._hide = services.secrets.hidden
        self._held = 0
        self.held_seconds = held_seconds

    def take(self, name: str, who: str) -> float:
        """0, or how many seconds `who` has to wait. What the store refused is refused without it until then."""
        limit, now = self._limits[name], time.monotonic()
        if limit.rate == math.inf:
            return 0.0
        wait = self._buckets.take(name, who, limit, now)
        if wait or not limit.shared:
            return wait
        wait = self._shared.take(name, self._hide("limit", name, who), limit)
        if wait:
            self._buckets.empty(name, who, limit, now, wait)
        return wait

    def spend(self, name: str, who: str) -> None:
        """Raises `TooManyRequests`, a little later, when there is nothing left."""
        wait = self.take(name, who)
        if not wait:
            return
        if not self.held_seconds:
            pass  # in a test, whose one thread must not go to the pump
        elif self._held < _MOST_HELD:
            self._held += 1
            try:
                gevent.sleep(min(wait, self.held_seconds))
            finally:
                self._held -= 1
        else:
            g.close = True
        raise TooManyRequests(seconds=math.ceil(wait))


def limiter() -> Limiter:
    """The limits of this process."""
    return cast(Limiter, current_app.extensions["limits"])


def address() -> str:
    return request_ctx.request.remote_addr or ""


def guessed() -> None:
    """Somebody showed a right that is nobody's. Raises `TooManyRequests` when they did so often."""
    limiter().spend("guess", address())


def _check() -> None:
    """Before every request, and before anything is looked up for it."""
    request = request_ctx.request  # flask's own `request` looks for it at every use
    endpoint = request.endpoint or ""
    if endpoint.rpartition(".")[2] in _FREE:
        return None
    view = cast(Any, current_app.view_functions.get(endpoint))
    token = (request.view_args or {}).get("token")
    if token is not None and view.permission is None:
        return limiter().spend("track", token) if sanban().secrets.made(token) else guessed()
    try:
        identity = current() if view is not None else NOBODY
    except SignInNeeded:
        return guessed()  # who may not, is told when the permission is checked
    except RedisError:
        return None  # without the store nobody is known, and what needs the store says so
    _charge(identity, endpoint)
    return None


def _charge(identity: Identity, endpoint: str) -> None:
    here = limiter()
    if identity is NOBODY:
        here.spend("address", address())
        if endpoint in _BOOKS:
            here.spend("book", address())
        return
    who = f"{identity.hall}/{identity.id}"
    here.spend(identity.kind, who)
    if identity.kind == "device" and endpoint in _TAKES:
        here.spend("take", who)


def register(app: Flask, services: Sanban) -> None:
    """Call before the permissions are registered: a flood is stopped before anything of it is checked."""
    app.extensions["limits"] = Limiter(services)
    app.before_request(_check)

    @app.after_request
    def close(response: Response) -> Response:
        if "close" in g:
            response.headers["Connection"] = "close"
        return response
