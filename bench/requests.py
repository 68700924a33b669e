"""Issue and call-next through HTTP, beside bare Flask routes of the same server with one script call or none.

The goal speaks of "a bare Flask route with one script call". Both readings are measured: the *smallest* script
that could be a move (a counter and a journal line), and the *same* script that the real route runs, with the same
arguments. The first asks what the whole hall costs, the second what services and web layer cost beside the move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from bench.cpu import Used, await_quiet, used
from bench.load import Answered, Spec, Turn, run
from bench.report import Figure, median, percentile
from bench.rig import CALLER, HALL, LINES, Rig
from hall.services.tickets import Wish

CLIENTS = (1, 16)
GOAL = "≥ 0.6"
CALL_NEXT = "call-next with finish"
SMALLEST = "bare route, smallest script"
_FINE = {"200", "201"}
_WINDOWS = f"/api/v1/halls/{HALL}/windows/w"
_MOVE = "/yardstick/move"
_FINISH = json.dumps({"finish": {"outcome": "done"}})
#: what is measured → the bare route that runs the same script
_SAME = {
    "issue": "bare route, script of issue",
    CALL_NEXT: f"bare route, script of {CALL_NEXT}",
    # A window must be free for a plain call-next, so a finish comes before each.
    "finish, then call-next": "bare route, scripts of finish, then call-next",
}
KINDS = ("bare route", SMALLEST, *_SAME.values(), *_SAME)


def turn_of(kind: str, client: int) -> Turn:
    """What one client sends again and again; spans are kept of a turn's last request."""
    if kind not in _SAME:
        return _bare_turn(kind, client)
    call_next = f"{_WINDOWS}{client}/call-next"
    match kind:
        case "issue":
            return [(f"/api/v1/halls/{HALL}/tickets", json.dumps({"services": [f"s{client % LINES}"]}))]
        case "call-next with finish":
            return [(call_next, _FINISH)]
    return [(f"{_WINDOWS}{client}/finish", json.dumps({"outcome": "done"})), (call_next, "{}")]


def _bare_turn(kind: str, client: int) -> Turn:
    if kind == _SAME["issue"]:
        return [(f"{_MOVE}/issue/{client}", "{}")]
    if kind == _SAME[CALL_NEXT]:
        return [(f"{_MOVE}/finish-and-next/{client}", "{}")]
    if kind == SMALLEST:
        return [("/yardstick/script", "{}")]
    if kind == "bare route":
        return [("/yardstick/json", "{}")]
    return [(f"{_MOVE}/finish/{client}", "{}"), (f"{_MOVE}/call-next/{client}", "{}")]


@dataclass(frozen=True, slots=True)
class Round:
    answered: Answered
    cpu: Used

    @property
    def rate(self) -> float:
        return self.answered.count / self.answered.seconds


def prepare(rig: Rig, tickets: int) -> None:
    """Enough people waiting, and somebody at every window: `call-next` finishes the present one."""
    for n in range(tickets):
        rig.sanban.tickets.issue(CALLER, HALL, Wish(services=(f"s{n % LINES}",)))
    for n in range(max(CLIENTS)):
        rig.sanban.calls.call_next(CALLER, HALL, f"w{n}")
    await_quiet(rig.server, rig.sanban.store.reads)


def measure(rig: Rig, rounds: int, seconds: float) -> list[Figure]:
    """Kinds take turns in short rounds, so that what else the machine does falls on all of them."""
    found: dict[tuple[str, int], list[Round]] = {}
    for turn in range(rounds):
        order = KINDS[turn % len(KINDS) :] + KINDS[: turn % len(KINDS)]
        for clients in CLIENTS:
            for kind in order:
                found.setdefault((kind, clients), []).append(_round(rig, kind, clients, seconds))
    return [
        figure for clients in CLIENTS for kind in KINDS for figure in _figures(kind, clients, found, kind not in _SAME)
    ]


def _round(rig: Rig, kind: str, clients: int, seconds: float) -> Round:
    turns = [turn_of(kind, n) for n in range(clients)]
    before = used(rig.server, rig.sanban.store.reads)
    answered = run(Spec(rig.host, rig.port, rig.token, turns, seconds=seconds))
    cpu = used(rig.server, rig.sanban.store.reads).since(before)
    if not answered.statuses.keys() <= _FINE:
        raise RuntimeError(f"{kind}: answers {answered.statuses}")
    return Round(answered, cpu)


def _figures(kind: str, clients: int, found: dict[tuple[str, int], list[Round]], bare: bool) -> list[Figure]:
    runs = found[kind, clients]
    rate = median(one.rate for one in runs)
    name = f"{kind}, {clients} client{'s' if clients > 1 else ''}"
    plain = Figure(
        name=name,
        value=rate,
        unit="/s",
        yardstick="" if bare else SMALLEST,
        ratio=None if bare else _ratio(runs, found[SMALLEST, clients]),
        goal="" if bare else GOAL,
        p50_ms=median(percentile(_times(one), 0.5) for one in runs),
        p99_ms=median(percentile(_times(one), 0.99) for one in runs),
        web_us=_micros([one.cpu.web for one in runs], runs),
        store_us=_micros([one.cpu.store for one in runs], runs),
    )
    if bare:
        return [plain]
    same = _SAME[kind]
    return [plain, Figure(f"{name}, to the same script", rate, "/s", same, _ratio(runs, found[same, clients]), GOAL)]


def _ratio(runs: list[Round], others: list[Round]) -> float:
    """Round by round: neighbours in time share the machine's mood."""
    return median(one.rate / other.rate for one, other in zip(runs, others, strict=True))


def _times(one: Round) -> list[float]:
    return [(end - start) * 1000 for start, end in one.answered.spans]


def _micros(seconds: list[float | None] | list[float], runs: list[Round]) -> float | None:
    """Processor time of a request over all rounds, µs."""
    told = [one for one in seconds if one is not None]
    return sum(told) / sum(one.answered.count for one in runs) * 1e6 if len(told) == len(runs) else None
