"""The moves alone: the very scripts and arguments that our services would run, made once and run by a bare route."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bench.rig import CALLER, HALL, LINES
from hall.domain.callers import Caller
from hall.services.calls import Calls, Finish
from hall.services.halls import Halls
from hall.services.moves import Moves
from hall.services.secrets import Secrets
from hall.services.tickets import Tickets, Wish
from hall.settings import Settings
from hall.store.connect import connect
from hall.store.scripts import Scripts
from hall.store.store import Store


@dataclass(frozen=True, slots=True)
class Asked:
    move: str
    args: dict[str, Any]
    config: int


class _Listener(Store):
    """Keeps what it is asked to run, and runs nothing."""

    asked: Asked

    def run(self, *given: Any, **options: Any) -> dict[str, Any]:
        _, move, _, args = given
        self.asked = Asked(move, args, options["config"])
        return {"ticket": {}}


@dataclass(slots=True)
class BareMoves:
    """One a process."""

    settings: Settings
    _prepared: dict[tuple[str, int], Asked] = field(default_factory=dict)
    _scripts: Scripts = field(init=False)

    def __post_init__(self) -> None:
        self._scripts = Scripts(connect(self.settings.redis_url or "", retries=False))

    def run(self, name: str, place: int, key: str | None) -> dict[str, Any]:
        """Run a move for a window or a service with the request's key, as the real route would."""
        asked = self._prepared.get((name, place))
        if asked is None:
            asked = self._prepared[name, place] = self._prepare(name, place)
        caller = Caller(by=CALLER.by, key=key)
        answer = self._scripts.run(HALL, asked.move, caller, asked.args, config=asked.config, asked=place)
        return answer.get("ticket") or {}

    def _prepare(self, name: str, place: int) -> Asked:
        client = connect(self.settings.redis_url or "", retries=False)
        store = _Listener(client, client)
        moves = Moves(store, Halls(store, {}))
        calls, window = Calls(moves), f"w{place}"
        match name:
            case "issue":
                wish = Wish(services=(f"s{place % LINES}",))
                Tickets(moves, Secrets(self.settings.secret_key)).issue(CALLER, HALL, wish)
            case "finish":
                calls.finish(CALLER, HALL, window, Finish())
            case "call-next":
                calls.call_next(CALLER, HALL, window)
            case _:
                calls.call_next(CALLER, HALL, window, Finish())
        return store.asked
