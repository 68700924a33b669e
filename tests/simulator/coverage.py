"""Forecasts beside what came true."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from statistics import fmean

from hall.domain.forecast import Range, forecast
from hall.domain.history import History
from hall.domain.policy import MINUTE
from tests.simulator.world import PlayedDay, World

#: a shown forecast is at most so old
STALE = 45_000


@dataclass
class Score:
    """What was shown (minutes) and what came true; `naive` is people ahead × mean time ÷ windows."""

    shown: list[tuple[Range, float]] = field(default_factory=list)
    naive: list[tuple[float, float]] = field(default_factory=list)
    unknown: int = 0

    @property
    def coverage(self) -> float:
        return fmean(low <= wait <= high for (low, high), wait in self.shown)

    @property
    def width(self) -> float:
        return fmean(high - low for (low, high), _ in self.shown)

    @property
    def error(self) -> float:
        return fmean(abs((low + high) / 2 - wait) for (low, high), wait in self.shown)

    @property
    def naive_error(self) -> float:
        return fmean(abs(guess - wait) for guess, wait in self.naive)

    @property
    def naive_coverage(self) -> float:
        return fmean(0.8 * guess <= wait <= 1.3 * guess for guess, wait in self.naive)

    def __str__(self) -> str:
        return (
            f"{len(self.shown)} tickets, {self.unknown} unknown: {self.coverage:.1%} inside, "
            f"mean width {self.width:.1f} min, MAE {self.error:.1f} min; "
            f"position formula: MAE {self.naive_error:.1f} min, {self.naive_coverage:.1%} within −20 %/+30 %"
        )


def score_days(halls: int, days: int, warm_up: int, tickets: int, seed: int = 1) -> Score:
    """Score some tickets a day, each forecast as when it was issued; the first days of a hall only teach."""
    score = Score()
    for number in range(halls):
        world = World.make(seed + number)
        history = History(world.hall)
        for day_number in range(warm_up + days):
            day = world.day(day_number)
            if day_number >= warm_up:
                score_day(score, day, history, tickets, Random(f"{seed} {number} {day_number}"))
            for entry in day.journal():
                history.follow(entry)
    return score


def score_day(score: Score, day: PlayedDay, history: History, tickets: int, chance: Random) -> None:
    for number in sorted(chance.sample(sorted(day.visits), min(tickets, len(day.visits)))):
        visitor = day.visits[number].visitor
        picture = day.picture(visitor.arrived - chance.randrange(1, STALE))
        shown = forecast(picture, history, chance.random).for_new(day.image(number, visitor.arrived))
        if shown is None:
            score.unknown += 1
            continue
        wait = day.wait(number) / MINUTE
        score.shown.append((shown, wait))
        ahead = sum(t["state"] == "waiting" and t["queue"] == visitor.queue for t in picture.tickets.values())
        serving = sum(visitor.queue in w.lines for w in day.hall.windows if picture.windows[w.id]["state"] == "open")
        mean = history.durations.mean(day.visits[number].services) / MINUTE
        score.naive.append((ahead * mean / max(1, serving), wait))
