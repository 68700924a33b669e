"""The pure order obeys queueing theory: Erlang C, strict priority, conservation, the cost of a head start."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from hall.domain.policy import MINUTE
from hall.domain.virtual import Desk, Start, Visitor, run
from tests.simulator.days import Played, random_day
from tests.simulator.laws import (
    FOR_EVER,
    MEAN,
    Estimate,
    General,
    Kind,
    OwnTimes,
    Path,
    erlang_c,
    estimate,
    fifo_wait,
    strict_waits,
)

GREEN = 0.3
#: customers by windows and load: what brings the 95 % intervals below 2 %
CUSTOMERS = {(1, 0.7): 300_000, (1, 0.9): 400_000, (6, 0.7): 700_000, (6, 0.9): 500_000}
HALLS = pytest.mark.parametrize(("windows", "load"), list(CUSTOMERS))
#: long enough a head start to matter, short enough to be made up for
HEAD_START = {1: 60 * MINUTE, 6: 10 * MINUTE}


@cache
def path(windows: int, load: float) -> Path:
    return Path.sample(Random(windows * 10 + int(load * 10)), windows, load, GREEN, CUSTOMERS[windows, load])


@cache
def waits(windows: int, load: float, head_start: int | None) -> list[int]:
    return path(windows, load).waits(head_start)


def check(found: Estimate, theory: float) -> None:
    assert found.precision < 0.02
    assert found.agrees(theory), (found, theory)


def check_inside(found: Estimate, theory: float) -> None:
    """Within the 95 % interval itself."""
    check(found, theory)
    assert abs(found.mean - theory) < found.half, (found, theory)


def test_erlang_c_has_its_known_values() -> None:
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 0.5) == pytest.approx(1 / 3)
    assert erlang_c(6, 0.9) == pytest.approx(0.7401, abs=1e-4)


def check_first_come_first_served(windows: int, load: float, customers: int) -> None:
    long_path = Path.sample(Random(windows), windows, load, GREEN, customers)
    means = long_path.batch_means(long_path.waits(None))
    check(estimate(means, long_path.drift()), fifo_wait(windows, load))


@pytest.mark.parametrize(("windows", "customers"), [(1, 600_000), (6, 1_500_000)])
def test_without_head_starts_people_wait_as_erlang_says(windows: int, customers: int) -> None:
    check_first_come_first_served(windows, 0.7, customers)


@pytest.mark.long
@pytest.mark.parametrize(("windows", "customers"), [(1, 4_000_000), (6, 6_000_000)])
def test_without_head_starts_people_wait_as_erlang_says_in_a_full_hall(windows: int, customers: int) -> None:
    check_first_come_first_served(windows, 0.9, customers)


@HALLS
def test_an_endless_head_start_is_strict_priority(windows: int, load: float) -> None:
    ours, first_come = path(windows, load), waits(windows, load, None)
    theory = strict_waits(windows, load, GREEN)
    for green, expected in zip((True, False), theory, strict=True):
        means = ours.batch_means(waits(windows, load, FOR_EVER), green)
        check(estimate(means, ours.batch_means(first_come), fifo_wait(windows, load)), expected)


@pytest.mark.long
@pytest.mark.parametrize("windows", [1, 6])
def test_the_intervals_miss_what_theory_says_as_seldom_as_they_claim(windows: int) -> None:
    """Sixty paths, none chosen: of sixty 95 % intervals three miss on average, more than eight once in 300 times."""
    theory = (fifo_wait(windows, 0.7), *strict_waits(windows, 0.7, GREEN))
    misses = [0, 0, 0]
    for seed in range(100, 160):
        ours = Path.sample(Random(seed), windows, 0.7, GREEN, 100_000)
        first_come, strict = ours.batch_means(ours.waits(None)), ours.waits(FOR_EVER)
        found = [estimate(first_come, ours.drift())]
        found += [estimate(ours.batch_means(strict, green), first_come, theory[0]) for green in (True, False)]
        for n, (one, expected) in enumerate(zip(found, theory, strict=True)):
            misses[n] += abs(one.mean - expected) > one.half
    assert max(misses) <= 8, misses


@HALLS
def test_a_head_start_costs_the_others_load_times_what_it_overtakes(windows: int, load: float) -> None:
    """W_ordinary − W_green = ρ·E[min(W_ordinary, H)]: an ordinary visitor is overtaken by those green ones who come
    while it waits, at most a head start later, and overtakes none of those who came as much earlier."""
    ours, head_start = path(windows, load), HEAD_START[windows]
    played = waits(windows, load, head_start)
    ordinary, green = ours.batch_means(played, False), ours.batch_means(played, True)
    overtaken = ours.batch_means([min(wait, head_start) for wait in played], False)
    left = [o - g for o, g in zip(ordinary, green, strict=True)]
    gap = estimate([one - load * other for one, other in zip(left, overtaken, strict=True)])
    assert gap.half / estimate(left).mean < 0.02
    assert gap.agrees(0)


@HALLS
def test_head_starts_move_waits_about_and_never_change_their_sum(windows: int, load: float) -> None:
    """Conservation, exactly, in integer ms: the same sorted start times and the same total wait."""
    ours = path(windows, load)
    first_come = waits(windows, load, None)
    for head_start in (FOR_EVER, HEAD_START[windows]):
        played = waits(windows, load, head_start)
        assert played != first_come
        assert sum(played) == sum(first_come)
        moments = [[at + wait for at, wait in zip(ours.arrivals, some, strict=True)] for some in (played, first_come)]
        assert sorted(moments[0]) == sorted(moments[1])


# One window, any service times: M/G/1, lognormal ------------------------------------------------

#: green visitors take longer, and nobody's time is exponential
KINDS = (Kind(GREEN, 1.5 * MEAN, 0.5), Kind(1 - GREEN, 0.8 * MEAN, 1.2))
ORDERS = (None, HEAD_START[1], FOR_EVER)


@cache
def own_times() -> OwnTimes:
    return OwnTimes.draw(Random(1), 0.7, *KINDS, 400_000)


@cache
def own_waits(head_start: int | None) -> list[int]:
    return own_times().waits(head_start)


GENERAL = General.of(0.7, *KINDS)


def test_the_formulas_of_m_g_1_are_those_of_m_m_1_when_times_are_exponential() -> None:
    plain = General.of(0.7, Kind(GREEN, MEAN, 1), Kind(1 - GREEN, MEAN, 1))
    assert plain.fifo == pytest.approx(fifo_wait(1, 0.7))
    assert plain.strict == pytest.approx(strict_waits(1, 0.7, GREEN))
    assert plain.conserved(*plain.strict) == pytest.approx(plain.fifo)
    assert GENERAL.conserved(*GENERAL.strict) == pytest.approx(GENERAL.fifo)


def test_without_head_starts_people_wait_as_pollaczek_and_khinchine_say() -> None:
    ours = own_times()
    check_inside(estimate(ours.batch_means(own_waits(None)), ours.drift()), GENERAL.fifo)


def test_an_endless_head_start_is_strict_priority_with_any_service_times() -> None:
    ours = own_times()
    control = ours.batch_means(own_waits(None))
    for green, expected in zip((True, False), GENERAL.strict, strict=True):
        check_inside(estimate(ours.batch_means(own_waits(FOR_EVER), green), control, GENERAL.fifo), expected)


@pytest.mark.parametrize("head_start", ORDERS[1:])
def test_what_head_starts_give_to_some_they_take_from_others_by_the_work_these_bring(head_start: int) -> None:
    """Kleinrock's law in the mean."""
    ours, played = own_times(), own_waits(head_start)
    kinds = zip(ours.batch_means(played, True), ours.batch_means(played, False), strict=True)
    weighed = [GENERAL.conserved(*means) for means in kinds]
    check_inside(estimate(weighed, ours.batch_means(own_waits(None)), GENERAL.fifo), GENERAL.fifo)


def test_the_work_that_waits_is_the_same_in_every_order() -> None:
    """Kleinrock's law on the path itself, exactly: Σ service·wait, in integer ms²."""
    services = own_times().services
    sums = {sum(took * wait for took, wait in zip(services, own_waits(order), strict=True)) for order in ORDERS}
    assert len({tuple(own_waits(order)) for order in ORDERS}) == len(ORDERS)
    assert len(sums) == 1


def test_in_one_line_slots_and_head_starts_never_change_when_somebody_is_called() -> None:
    """Service times in order of start: every order of calling gives the same sorted start times, whoever they are."""
    for seed in range(200):
        day = random_day(Random(seed))
        by_rule = [visitor._replace(queue="a") for visitor in day.visitors]
        as_they_came = [visitor._replace(slot=None, green=None) for visitor in by_rule]
        desks = [desk._replace(queues=("a",)) for desk in day.desks]

        def calls(visitors: list[Visitor], desks: list[Desk] = desks, day: Played = day) -> list[Start]:
            times = iter(day.takes.values())
            return list(run(visitors, desks, lambda *_: next(times)))

        ours, plain = calls(by_rule), calls(as_they_came)
        assert [start.at for start in ours] == [start.at for start in plain]
        assert sum(s.at - s.visitor.arrived for s in ours) == sum(s.at - s.visitor.arrived for s in plain)
