"""What a flood of one kiosk does to the windows: clerks call as they do, beside themselves without a flood.

For comparison the same flood comes from a program that no limit stops.
"""

from __future__ import annotations

import json
import time

import requests as http

from bench import due, load
from bench.load import Answered, Spec
from bench.report import Figure, median, percentile
from bench.requests import CALL_NEXT, turn_of
from bench.rig import HALL, Rig

GOAL = "≤ 1.25"
#: connections of the flood, each asking again as soon as it was answered; windows that call
_FLOOD, _WINDOWS = 32, 4
#: seconds from one call of a window to its next: clerks of a very busy hall
_EVERY = 0.2
_CALM, _KIOSK, _PROGRAM = "no flood", "a flood of one kiosk", "the same flood without a limit"


def measure(rig: Rig, rounds: int, seconds: float) -> list[Figure]:
    headers = _paired(rig)
    found: dict[str, list[list[float]]] = {}
    asked: dict[str, list[float]] = {}
    for _ in range(rounds):
        for kind in (_CALM, _KIOSK, _PROGRAM):
            times, flood = _round(rig, kind, headers, seconds)
            found.setdefault(kind, []).append(times)
            if flood is not None:
                asked.setdefault(kind, []).append(flood.count / flood.seconds)
    figures = [_figure(kind, found) for kind in found]
    return [*figures, *(Figure(f"requests of {kind}", median(rates), "/s") for kind, rates in asked.items())]


def _figure(kind: str, found: dict[str, list[list[float]]]) -> Figure:
    runs, calm = found[kind], found[_CALM]
    ratio = median(median(one) / median(other) for one, other in zip(runs, calm, strict=True))
    return Figure(
        name=f"call-next during {kind}",
        value=median(median(one) for one in runs),
        unit="ms",
        yardstick="" if kind == _CALM else f"call-next during {_CALM}",
        ratio=None if kind == _CALM else ratio,
        goal=GOAL if kind == _KIOSK else "",
        p50_ms=median(percentile(one, 0.5) for one in runs),
        p99_ms=median(percentile(one, 0.99) for one in runs),
    )


def _round(rig: Rig, kind: str, headers: dict[str, str], seconds: float) -> tuple[list[float], Answered | None]:
    """Times of the windows' calls in ms, and what the flood was answered."""
    issue = (f"/api/v1/halls/{HALL}/tickets", json.dumps({"services": ["s0"]}))
    who = headers if kind == _KIOSK else {}
    spec = Spec(rig.host, rig.port, rig.token, [[issue]] * _FLOOD, seconds=seconds + 1, headers=who)
    flood = load.start(spec) if kind != _CALM else None
    time.sleep(0.5)  # its connections are open by then
    lines = [due.Line(rig.token, [(at, *call) for at in _moments(n, seconds)]) for n, call in enumerate(_calls())]
    windows = due.run(due.Spec(rig.host, rig.port, lines))
    answered = load.read(flood) if flood is not None else None
    return [(end - begin) * 1000 for line in windows.spans for begin, end in line], answered


def _calls() -> list[tuple[str, str]]:
    return [turn_of(CALL_NEXT, n)[0] for n in range(_WINDOWS)]


def _moments(window: int, seconds: float) -> list[float]:
    """One window after the other, evenly."""
    return [(n + window / _WINDOWS) * _EVERY for n in range(max(1, int(seconds / _EVERY)))]


def _paired(rig: Rig) -> dict[str, str]:
    """What the scripts of a kiosk that was just paired send."""
    url, browser = f"http://{rig.host}:{rig.port}", http.Session()
    page = f"{url}/pair/{rig.sanban.access.pairing_code(HALL, 'kiosk')}"
    browser.post(page, data={"csrf_token": _csrf(browser.get(page, timeout=10).text)}, timeout=10)
    token = _csrf(browser.get(f"{url}/kiosk/", timeout=10).text)
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return {"Cookie": cookies, "X-Device": "kiosk", "X-CSRFToken": token}


def _csrf(page: str) -> str:
    return page.split('name="csrf-token" content="')[1].split('"')[0]
