"""Every figure beside its yardstick, in one run: make bench. `--quick` only shows that it works."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from bench import desk_year, displays, fanout, flood, planning, report, reports, requests, waiting
from bench.rig import rig


@dataclass(frozen=True, slots=True)
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
    archived_days: int
    lived_days: int
    searched_days: int
    desk_days: int


FULL = Plan(80_000, 15, 0.5, (100, 10_000, 1_000_000), 150, 50, 5, 150, 10_000, 15, 250, 5, 300, desk_year.DAYS)
QUICK = Plan(4_000, 1, 0.15, (100, 1_000), 3, 5, 1, 10, 40, 2, 5, 1, 20, 30)


def measure(plan: Plan) -> list[report.Figure]:
    with rig(windows=max(requests.CLIENTS)) as place:
        requests.prepare(place, plan.tickets)
        figures = displays.measure(place, plan.display_rounds, plan.displays, plan.calls)
        figures = requests.measure(place, plan.rounds, plan.seconds) + figures
        figures += flood.measure(place, plan.script_rounds // 30 or 1, plan.seconds * 4)
    figures += fanout.measure(plan.displays, plan.phones, plan.told)
    figures += waiting.measure(plan.sizes, plan.script_rounds)
    figures += reports.measure(plan.archived_days)
    figures += desk_year.measure(plan.desk_days)
    return figures + planning.measure(plan.lived_days, plan.searched_days)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds; the figures mean nothing")
    parser.add_argument("--out", type=Path, default=report.RESULTS, help="directory of the results")
    options = parser.parse_args()
    facts = report.machine()
    figures = measure(QUICK if options.quick else FULL)
    text = report.json_lines({**facts, "quick": options.quick}, figures)
    print(report.table(figures), "", text, sep="\n")
    print(f"kept in {report.keep(text, facts, options.out)}")


if __name__ == "__main__":
    main()
