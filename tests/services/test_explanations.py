"""What a resident is told about a place is true, on random halls and in the cases a manager would ask about."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from hall.domain import explain
from hall.domain.policy import MINUTE
from tests.driver import Driver
from tests.services.random_base import BOUND
from tests.services.random_hall import RandomHall


class ExplainedHall(RandomHall):
    """A random hall in which everybody who waits asks after every move."""

    def __init__(self) -> None:
        self.told: dict[str, int] = {}
        self.read = 0
        super().__init__()

    def step(self) -> None:
        super().step()
        self.check_calls()
        state = self.driver.snapshot()
        tickets = list(state.tickets.values())
        self.told = {}
        for ticket in tickets:
            if ticket["state"] != "waiting":
                continue
            token = self.driver.secrets.ticket_token(self.driver.id, ticket["id"])
            _, place = self.driver.tickets.look(token, self.driver.now)
            true = explain.ahead(tickets, ticket, self.driver.now)
            assert place.ahead is not None
            said = explain.Ahead(place.ahead["general"], place.ahead["priority"], place.may_still)
            assert said == true, ticket
            # The policy may change between explanation and call: the largest of this test's policies is promised.
            self.told[ticket["id"]] = ticket["queue_time"] + BOUND

    def check_calls(self) -> None:
        """Nobody who took a number after the moment named is called before the one who was told."""
        entries, self.read = self.audit.entries[self.read :], len(self.audit.entries)
        for entry in entries:
            if entry.kind != "called" or entry.facts["rule"] != "next" or entry.ticket is None:
                continue
            skipped = entry.facts.get("skipped") or []
            for ticket_id, until in self.told.items():
                left = self.audit.folded.tickets.get(ticket_id)
                waits = left and left["state"] == "waiting" and left["queue"] in entry.facts["queues"]
                if waits and ticket_id not in skipped:
                    assert entry.facts["arrived"] <= until


def test_every_count_told_is_the_true_one_and_no_later_arrival_passes_the_bound(store_url: str) -> None:
    ExplainedHall.url = store_url
    run_state_machine_as_test(
        ExplainedHall,
        settings=settings(
            max_examples=40,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def told(hall: Driver, number: str) -> explain.Ahead:
    _, place = hall.tickets.look(hall.token(number), hall.now)
    assert place.ahead is not None
    return explain.Ahead(place.ahead["general"], place.ahead["priority"], place.may_still)


def test_who_came_earlier_and_who_counts_as_earlier_are_told_apart(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.at("09:10").issue("a1")
    hall.at("09:20").issue("a1", claim="veteran")
    assert told(hall, "A002") == explain.Ahead(came_earlier=1, counts_as_earlier=1, may_still=0)


def test_a_booked_time_that_comes_soon_enough_is_told_before_it_comes(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    hall.at("09:05").issue("a1", slot="09:40")
    hall.at("09:06").issue("a1", slot="09:55")
    assert told(hall, "A001") == explain.Ahead(0, 0, may_still=1)
    hall.at("09:40")
    assert told(hall, "A001") == explain.Ahead(0, 1, may_still=0)


def test_the_moment_named_is_the_queue_time_and_the_bound(hall: Driver) -> None:
    hall.at("09:00").issue("a1")
    ticket = hall.ticket("A001")
    assert explain.until(hall.hall, ticket) == ticket["arrived"] + 60 * MINUTE


def test_a_group_with_a_larger_head_start_of_its_own_moves_the_bound(hall: Driver) -> None:
    groups = (*hall.hall.groups, replace(hall.hall.groups[1], id="own", head_start=90))
    hall.change(groups=groups)
    assert hall.hall.bound == 90
