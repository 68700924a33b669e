"""Questions of planning through the follower, the queue and a job: one at a time, stopped, interrupted, answered."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import pytest
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from hall.bootstrap import Sanban
from hall.domain.halls import Hall
from hall.domain.office_errors import PlanningBusy
from hall.domain.policy import MINUTE, HeadStart
from hall.simulator import planner
from hall.simulator.day import fast, lane
from hall.simulator.learned import learn, lived
from hall.simulator.questions import STAFFING, TRIAL, Question
from hall.simulator.rosters import HALF_HOUR
from hall.simulator.staffing import FEWEST
from hall.store.planning import Planning
from tests.recorded import recorded_hall
from workers.follower import Follower
from workers.planning import SILENT_MS, TURNS, PlanReader

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def past(sanban: Sanban) -> Hall:
    return recorded_hall(sanban, 15, 40)


@pytest.fixture
def planning(jobs: Queue) -> Queue:
    return Queue("planning", connection=jobs.connection, serializer=JSONSerializer)


def ask(sanban: Sanban, hall: Hall, kind: str = TRIAL, days: int = 5, **more: Any) -> str:
    question = Question(**{**Question.of(hall, "0", (), days).as_data(), "targets": (), **more})
    return sanban.store.planning.ask(hall.id, kind, question.as_data(), sanban.store.clock())


def work(planning: Queue) -> list[Any]:
    """Run what is enqueued; the arguments of the jobs."""
    said = [list(job.args) for job in planning.jobs]
    SimpleWorker([planning], connection=planning.connection, serializer=JSONSerializer).work(
        burst=True, logging_level="WARNING"
    )
    return said


def test_a_question_goes_through_the_follower_to_a_job_and_its_answer_is_kept(
    sanban: Sanban, past: Hall, jobs: Queue, planning: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(sanban, monkeypatch)
    name = ask(sanban, past)
    follower = Follower(sanban, jobs, planning=planning)
    follower.serve(past.id)
    follower.serve(past.id)  # it is there already
    assert work(planning) == [[past.id, name, 1]]
    assert sanban.store.planning.asked(past.id) is None
    answer = sanban.store.planning.answer(past.id, TRIAL)
    assert answer is not None and answer["question"]["days"] == 5
    assert answer["was"]["lanes"] == answer["plan"]["lanes"]
    assert answer["was"]["windows"] == [6] * 15
    assert len(answer["days"]) == 3
    follower.serve(past.id)
    assert work(planning) == []


def environment(sanban: Sanban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANBAN_REDIS_URL", str(sanban.settings.redis_url))
    monkeypatch.setenv("SANBAN_DATA_DIR", str(sanban.settings.data_dir))
    monkeypatch.setenv("SANBAN_SECRET_KEY", sanban.settings.secret_key.decode())


def test_a_hall_asks_one_question_at_a_time(sanban: Sanban, past: Hall) -> None:
    ask(sanban, past)
    with pytest.raises(PlanningBusy):
        ask(sanban, past, STAFFING)
    other = recorded_hall(sanban, 1, 5)
    ask(sanban, other)


def test_a_job_whose_question_was_stopped_finds_out_and_keeps_nothing(
    sanban: Sanban, past: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "_EVERY", 0.0)
    name, kept = ask(sanban, past), sanban.store.planning
    beat, said = kept.beat, list[float]()

    def stopped_meanwhile(hall_id: str, asked: str, turn: int, now: int, share: float) -> bool:
        said.append(share)
        if len(said) == 4:
            assert kept.stop(hall_id, asked)
        return beat(hall_id, asked, turn, now, share)

    monkeypatch.setattr(kept, "beat", stopped_meanwhile)
    assert planner.answer(sanban, past.id, name, 1) == "stopped"
    assert said == sorted(said) and len(said) == 4
    assert kept.answer(past.id, TRIAL) is None
    assert not kept.stop(past.id, name)
    assert planner.answer(sanban, past.id, name, 1) == "stopped"  # it came late


def test_a_question_whose_planner_is_gone_is_begun_anew_and_the_first_one_is_heard_no_more(
    sanban: Sanban, past: Hall, planning: Queue
) -> None:
    name, kept = ask(sanban, past), sanban.store.planning
    reader = PlanReader(sanban, planning)
    assert kept.beat(past.id, name, 1, sanban.store.clock(), 0.3)  # begun, and killed
    reader.turn(past.id)
    assert jobs_of(planning) == [[past.id, name, 1]]
    kept.beat(past.id, name, 1, sanban.store.clock() - SILENT_MS - 1, 0.3)
    reader.turn(past.id)
    assert jobs_of(planning) == [[past.id, name, 1], [past.id, name, 2]]
    asked = kept.asked(past.id)
    assert asked is not None and (asked.turn, asked.beat, asked.share) == (2, None, 0)
    assert not kept.beat(past.id, name, 1, sanban.store.clock(), 0.4)
    assert planner.answer(sanban, past.id, name, 1) == "stopped"
    assert planner.answer(sanban, past.id, name, 2) == "answered"
    first = kept.answer(past.id, TRIAL)
    again = ask(sanban, past)
    assert planner.answer(sanban, past.id, again, 1) == "answered"
    second = kept.answer(past.id, TRIAL)
    assert first is not None and second is not None
    assert {**first, "at": 0} == {**second, "at": 0}


def jobs_of(planning: Queue) -> list[Any]:
    return [list(job.args) for job in planning.jobs]


def test_a_question_that_is_interrupted_again_and_again_is_given_up_with_a_word(
    sanban: Sanban, past: Hall, planning: Queue
) -> None:
    name, kept = ask(sanban, past), sanban.store.planning
    for turn in range(1, TURNS + 1):
        assert kept.beat(past.id, name, turn, sanban.store.clock() - SILENT_MS - 1, 0.1)
        PlanReader(sanban, planning).turn(past.id)
    assert kept.asked(past.id) is None
    answer = kept.answer(past.id, TRIAL)
    assert answer is not None and answer["code"] == "PLANNING_BROKEN"


def plan_of(sanban: Sanban, hall: Hall, **more: Any) -> Any:
    """What a plan of two windows does, under rules of its own."""
    name = ask(sanban, hall, days=20, counts=[2] * 15, **more)
    assert planner.answer(sanban, hall.id, name, 1) == "answered"
    answer = sanban.store.planning.answer(hall.id, TRIAL)
    assert answer is not None
    return answer["plan"]


def typical(plan: Any, lane: str, figure: str = "mean") -> float:
    return float(plan["lanes"][lane][figure][1])


def test_a_plan_is_tried_under_its_own_rules(sanban: Sanban) -> None:
    hall = recorded_hall(sanban, 15, 90)
    usual = plan_of(sanban, hall)
    assert typical(plan_of(sanban, hall, green=0), "green") > typical(usual, "green") + 2
    assert typical(plan_of(sanban, hall, appointment=0), "appointment") > typical(usual, "appointment") + 0.3
    strict = plan_of(sanban, hall, grace=0)
    assert typical(strict, "appointment", "people") < typical(usual, "appointment", "people")
    assert list(plan_of(sanban, hall, booked=0)["lanes"]) == ["ordinary", "green"]
    even = plan_of(sanban, hall, booked=60, even=True)
    assert typical(even, "appointment", "people") > 2 * typical(usual, "appointment", "people")
    assert even["halves"] != plan_of(sanban, hall, booked=60)["halves"]


def test_the_shares_of_a_search_are_what_the_other_engine_says(sanban: Sanban) -> None:
    hall = recorded_hall(sanban, 15, 90)
    targets = [{"lane": "ordinary", "minutes": 10, "share": 0.8}]
    name = ask(sanban, hall, STAFFING, days=20, targets=targets, green=30)
    assert planner.answer(sanban, hall.id, name, 1) == "answered"
    answer = sanban.store.planning.answer(hall.id, STAFFING)
    assert answer is not None
    archive, today = sanban.reports.archive, hall.calendar.date_of(sanban.store.clock())
    days = lived(archive, hall, "0", today)
    pattern, house = learn(archive, hall, "0", days, today), planner.house_of(hall, "0", days)
    policy = replace(hall.policy, head_start=HeadStart(30, hall.policy.head_start.appointment))
    seats = house.seats({slot["start"] // HALF_HOUR: slot["windows"] for slot in answer["slots"]})
    assert {seat.kind for seat in seats} == {"general", "priority"}
    came: dict[int, list[bool]] = {}
    for number in range(20):
        guests = pattern.day(Random(f"1 {number}"), policy)
        there = pattern.paused(seats, Random(f"clerks {number}"))
        at = {call.number: call.at for call in fast(guests, there, policy)}
        for guest in (one for one in guests if lane(one, policy) == "ordinary"):
            came.setdefault(guest.arrived // HALF_HOUR, []).append(at[guest.number] - guest.arrived <= 10 * MINUTE)
    told = [came.get(half, []) for half in house.halves]
    expected = [fmean(values) if len(values) >= FEWEST else None for values in told]
    assert [slot["shares"]["ordinary"] for slot in answer["slots"]] == pytest.approx(expected)


def planner_process(sanban: Sanban) -> subprocess.Popen[bytes]:
    """As the supervisor starts it."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    settings = sanban.settings
    env = {
        **own,
        "SANBAN_REDIS_URL": str(settings.redis_url),
        "SANBAN_DATA_DIR": str(settings.data_dir),
        "SANBAN_SECRET_KEY": settings.secret_key.decode(),
    }
    command = [sys.executable, "-m", "workers", "planner"]
    return subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL)


def kill(planner: subprocess.Popen[bytes]) -> None:
    """The process and the one in which it does a job: RQ gives that a group of its own, so it would go on."""
    children = Path(f"/proc/{planner.pid}/task/{planner.pid}/children").read_text("ascii").split()
    for pid in (planner.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    planner.wait()


def turn_until(reader: PlanReader, hall: Hall, done: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not done():
        assert time.monotonic() < deadline
        reader.turn(hall.id)
        time.sleep(0.05)


def test_a_question_whose_planner_is_killed_half_way_waits_for_the_next_one(
    sanban: Sanban, past: Hall, planning: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = sanban.store.planning
    ask(sanban, past, days=2_000_000)  # longer than any test
    reader, first = PlanReader(sanban, planning), planner_process(sanban)
    try:
        turn_until(reader, past, lambda: (asked := kept.asked(past.id)) and asked.share > 0)
    finally:
        kill(first)
    before = kept.asked(past.id)
    assert before is not None and (before.turn, before.kind) == (1, TRIAL)
    monkeypatch.setattr("workers.planning.SILENT_MS", 1_000)
    turn_until(reader, past, lambda: (asked := kept.asked(past.id)) and asked.turn == 2)
    assert jobs_of(planning) == [[past.id, before.id, 2]]
    assert kept.stop(past.id, before.id)


def test_too_little_history_is_an_answer_too(sanban: Sanban, planning: Queue) -> None:
    hall = recorded_hall(sanban, 2, 5)
    name = ask(sanban, hall)
    assert planner.answer(sanban, hall.id, name, 1) == "refused"
    answer = sanban.store.planning.answer(hall.id, TRIAL)
    assert answer is not None
    assert (answer["code"], answer["facts"]) == ("TOO_LITTLE_HISTORY", {"days": 1, "needed": 3})


def test_a_search_finds_windows_that_reach_the_targets(
    sanban: Sanban, past: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "_EVERY", 0.0)
    targets = [{"lane": "ordinary", "minutes": 10, "share": 0.9}]
    name, kept = ask(sanban, past, STAFFING, days=30, targets=targets), sanban.store.planning
    shares, beat = list[float](), Planning.beat

    def heard(self: Planning, hall_id: str, asked: str, turn: int, now: int, share: float) -> bool:
        shares.append(share)
        return beat(self, hall_id, asked, turn, now, share)

    monkeypatch.setattr(Planning, "beat", heard)
    assert planner.answer(sanban, past.id, name, 1) == "answered"
    answer = kept.answer(past.id, STAFFING)
    assert answer is not None and answer["met"]
    assert len(answer["slots"]) == 15
    assert all(slot["shares"]["ordinary"] is None or slot["shares"]["ordinary"] >= 0.9 for slot in answer["slots"])
    assert answer["hours"] == sum(slot["windows"] for slot in answer["slots"]) / 2 < answer["usual_hours"] == 45
    assert shares[0] == 0 and shares[-1] > 0.8
    assert all(later >= earlier - 1e-9 for earlier, later in itertools.pairwise(shares))
