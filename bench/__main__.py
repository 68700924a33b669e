"""Every figure beside its yardstick, in one run: make bench. `--quick` only shows that it works."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import (
    city,
    desk_year,
    displays,
    fanout,
    flood,
    gate,
    guesses,
    pages,
    planning,
    report,
    reports,
    requests,
    start,
    waiting,
)
from bench.rig import rig


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    tickets: int
    rounds: int
    seconds: float
    sizes: tuple[int, ...]
    script_rounds: int
    displays: int
    display_rounds: int
    calls: int
    phones: int
    told: int
    halls: int
    speeds: tuple[int, ...]
    visitors: int
    starts: int
    rest: float
    loads: int
    archived_days: int
    lived_days: int
    searched_days: int
    desk_days: int


FULL = Plan(
    tickets=80_000,
    rounds=15,
    seconds=0.5,
    sizes=(100, 10_000, 1_000_000),
    script_rounds=150,
    displays=50,
    display_rounds=5,
    calls=150,
    phones=10_000,
    told=15,
    halls=220,
    speeds=(10, 30, 60, 120),
    visitors=8,
    starts=3,
    rest=20,
    loads=5,
    archived_days=250,
    lived_days=5,
    searched_days=300,
    desk_days=desk_year.DAYS,
)
QUICK = Plan(
    tickets=4_000,
    rounds=1,
    seconds=0.15,
    sizes=(100, 1_000),
    script_rounds=3,
    displays=5,
    display_rounds=1,
    calls=10,
    phones=40,
    told=2,
    halls=3,
    speeds=(1_000,),
    visitors=2,
    starts=1,
    rest=0,
    loads=1,
    archived_days=5,
    lived_days=1,
    searched_days=20,
    desk_days=30,
)


def measure(plan: Plan) -> Iterator[list[report.Figure]]:
    """The figures of one part after the other."""
    yield start.measure(plan.starts, plan.rest)
    yield pages.measure(plan.loads)
    with rig(windows=max(requests.CLIENTS)) as place:
        requests.prepare(place, plan.tickets)
        shown = displays.measure(place, plan.display_rounds, plan.displays, plan.calls)
        yield [*requests.measure(place, plan.rounds, plan.seconds), *shown]
        yield flood.measure(place, plan.script_rounds // 30 or 1, plan.seconds * 4)
        yield guesses.measure(place, plan.seconds * 40)
    yield fanout.measure(plan.displays, plan.phones, plan.told)
    yield waiting.measure(plan.sizes, plan.script_rounds)
    yield reports.measure(plan.archived_days)
    yield desk_year.measure(plan.desk_days)
    yield planning.measure(plan.lived_days, plan.searched_days)
    # The last: the machine is then given more than it holds.
    yield city.measure(plan.halls, plan.speeds, plan.visitors)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; the figures mean nothing")
    parser.add_argument("--out", type=Path, default=report.RESULTS, help="directory of the results")
    parser.add_argument("--accept", action="store_true", help="keep figures that are worse than the last")
    options = parser.parse_args()
    facts = report.machine()
    last = gate.last(options.out, facts["machine"])
    figures: list[report.Figure] = []
    for part in measure(QUICK if options.quick else FULL):
        print(report.table(part), flush=True)  # at once: a later part may fail
        figures += part
    text = report.json_lines({**facts, "quick": options.quick}, figures)
    print("", text, sep="\n")
    worse = [] if options.quick else gate.worse(figures, last)
    if worse and not options.accept:
        print("Worse than the last figures kept, so these are not (--accept keeps them):", *worse, sep="\n  ")
        return 1
    print(f"kept in {report.keep(text, facts, options.out)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
