"""What refusing a guessed address costs, and how many guesses of one address are answered: docs/security.md does the
arithmetic of success with them."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

import requests as http

from bench.cpu import await_quiet, used
from bench.report import Figure
from bench.rig import HALL, Rig
from hall.domain.limits import LIMITS

#: guesses that are refused at once; the rest of the burst is the next kind's
_AT_ONCE = LIMITS["guess"].burst // 3
_TOO_MANY = 429
_KINDS: dict[str, Callable[[], str]] = {
    "ticket": lambda: f"/t/{HALL}.{secrets.token_hex(4)}.{secrets.token_urlsafe(16)}",
    "pairing code": lambda: f"/pair/{secrets.token_urlsafe(16)}",
}


def measure(rig: Rig, seconds: float) -> list[Figure]:
    """`seconds`: how long somebody goes on when the first ones at once are used up."""
    figures = [_cost(rig, name, made) for name, made in _KINDS.items()]
    return [*figures, _pace(rig, seconds)]


def _cost(rig: Rig, name: str, made: Callable[[], str]) -> Figure:
    await_quiet(rig.server, rig.sanban.store.reads)
    before = used(rig.server, rig.sanban.store.reads)
    with http.Session() as session:
        answers = {_guess(rig, session, made) for _ in range(_AT_ONCE)}
    cpu = used(rig.server, rig.sanban.store.reads).since(before)
    if not answers <= {404, 410}:
        raise RuntimeError(f"guesses of a {name}: {answers}")
    web, store = (cpu.web or 0.0) / _AT_ONCE * 1e6, cpu.store / _AT_ONCE * 1e6
    return Figure(f"a guessed {name}, refused", (web + store) / 1000, "ms", web_us=web, store_us=store)


def _pace(rig: Rig, seconds: float) -> Figure:
    """The whole burst is spent first."""
    with http.Session() as session:
        while _guess(rig, session, _KINDS["ticket"]) != _TOO_MANY:
            continue
        began, answered = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            answered += _guess(rig, session, _KINDS["ticket"]) != _TOO_MANY
        pace = answered / (time.monotonic() - began) * 60
    promised = LIMITS["guess"].rate * 60
    name = "guesses of one address that are answered, a minute"
    return Figure(name, pace, "/min", f"{promised:.0f}", pace / promised, "≤ 1.1", fixed=True)


def _guess(rig: Rig, session: http.Session, made: Callable[[], str]) -> int:
    return session.get(f"http://{rig.host}:{rig.port}{made()}", timeout=30).status_code
