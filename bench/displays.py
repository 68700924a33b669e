"""From a clerk's POST to the event on every display, beside the POST itself."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from bench import load
from bench.listen import BOARD_RING, Pages, Spec
from bench.report import Figure, median, percentile
from bench.requests import CALL_NEXT, turn_of
from bench.rig import HALL, Rig

GOAL = "≤ 1.5"
#: seconds between an answer and the next POST: a hall is never busier
_PAUSE = 0.02


class Times(NamedTuple):
    """Milliseconds of each POST, until each display had each call, and until all had it."""

    posts: list[float]
    displays: list[float]
    all_displays: list[float]


def _round(rig: Rig, displays: int, calls: int) -> Times:
    asks = ("join", {"room": f"{HALL}/board"})
    pages = Pages(Spec(rig.host, rig.port, rig.token, asks, BOARD_RING, displays, calls))
    pages.await_joined()
    clerk = load.Spec(rig.host, rig.port, rig.token, [turn_of(CALL_NEXT, 0)], count=calls, pause=_PAUSE)
    posts = load.run(clerk).spans
    heard = pages.heard()
    pages.stop()
    if any(len(times) != len(posts) for times in heard):
        raise RuntimeError(f"{len(posts)} calls; calls heard → displays: {dict(Counter(map(len, heard)))}")
    # One clerk calls one after the other, so the n-th ring belongs to the n-th POST.
    after = [[(times[n] - start) * 1000 for times in heard] for n, (start, _) in enumerate(posts)]
    return Times(
        posts=[(end - start) * 1000 for start, end in posts],
        displays=[one for row in after for one in row],
        all_displays=[max(row) for row in after],
    )


def measure(rig: Rig, rounds: int, displays: int, calls: int) -> list[Figure]:
    results = [_round(rig, displays, calls) for _ in range(rounds)]
    names = ("POST of the clerk", "event on a display", "event on all displays")
    return [_figure(f"{name}, {displays} connected", place, results) for place, name in enumerate(names)]


def _figure(name: str, place: int, results: list[Times]) -> Figure:
    p99s = [percentile(one[place], 0.99) for one in results]
    ratios = [p99 / percentile(one.posts, 0.99) for p99, one in zip(p99s, results, strict=True)]
    return Figure(
        name=name,
        value=median(p99s),
        unit="ms p99",
        yardstick="the POST" if place else "",
        ratio=median(ratios) if place else None,
        goal=GOAL if place else "",
        p50_ms=median(percentile(one[place], 0.5) for one in results),
        p99_ms=median(p99s),
    )
