"""Issue and call-next through HTTP, beside a bare Flask route and one with a single script call."""

from __future__ import annotations

import json

from bench.load import Answered, Spec, run
from bench.report import Figure, median, percentile
from bench.rig import CALLER, HALL, LINES, Rig
from hall.services.tickets import Wish

CLIENTS = (1, 16)
GOAL = "≥ 0.6"
_FINE = {"200", "201"}
_TICKETS = f"/api/v1/halls/{HALL}/tickets"
_FINISH = json.dumps({"finish": {"outcome": "done"}})


def requests_of(kind: str, clients: int) -> list[tuple[str, str]]:
    match kind:
        case "bare JSON" | "bare script":
            return [(f"/yardstick/{kind.removeprefix('bare ').lower()}", "{}")] * clients
        case "issue":
            return [(_TICKETS, json.dumps({"services": [f"s{n % LINES}"]})) for n in range(clients)]
        case _:
            return [(f"/api/v1/halls/{HALL}/windows/w{n}/call-next", _FINISH) for n in range(clients)]


KINDS = ("bare JSON", "bare script", "issue", "call-next with finish")


def prepare(rig: Rig, tickets: int) -> None:
    """Enough people waiting, and somebody at every window: `call-next` finishes the present one."""
    for n in range(tickets):
        rig.sanban.tickets.issue(CALLER, HALL, Wish(services=(f"s{n % LINES}",)))
    for n in range(max(CLIENTS)):
        rig.sanban.calls.call_next(CALLER, HALL, f"w{n}")


def measure(rig: Rig, rounds: int, seconds: float) -> list[Figure]:
    """Kinds take turns, so that what else the machine does falls on all of them."""
    found: dict[tuple[str, int], list[Answered]] = {}
    for turn in range(rounds):
        for clients in CLIENTS:
            order = KINDS[turn % len(KINDS) :] + KINDS[: turn % len(KINDS)]
            for kind in order:
                answered = run(Spec(rig.host, rig.port, rig.token, requests_of(kind, clients), seconds=seconds))
                if not answered.statuses.keys() <= _FINE:
                    raise RuntimeError(f"{kind}: answers {answered.statuses}")
                found.setdefault((kind, clients), []).append(answered)
    return [_figure(kind, clients, found) for clients in CLIENTS for kind in KINDS]


def _rate(answered: Answered) -> float:
    return len(answered.spans) / answered.seconds


def _figure(kind: str, clients: int, found: dict[tuple[str, int], list[Answered]]) -> Figure:
    runs = found[kind, clients]
    times = [[(end - start) * 1000 for start, end in one.spans] for one in runs]
    bare = kind.startswith("bare")
    # Round by round: neighbours in time share the machine's mood.
    pairs = zip(runs, found["bare script", clients], strict=True)
    return Figure(
        name=f"{kind}, {clients} client{'s' if clients > 1 else ''}",
        value=median(map(_rate, runs)),
        unit="/s",
        yardstick="" if bare else "bare script",
        ratio=None if bare else median(_rate(one) / _rate(other) for one, other in pairs),
        goal="" if bare else GOAL,
        p50_ms=median(percentile(one, 0.5) for one in times),
        p99_ms=median(percentile(one, 0.99) for one in times),
    )
