"""What the journal says a call did to those who stayed waiting."""

from __future__ import annotations

import pytest

from hall.domain.fold import CallFact, Folded, fold
from hall.domain.policy import MINUTE
from tests.driver import Driver


def facts(hall: Driver) -> list[CallFact]:
    state = Folded()
    for entry in hall.journal():
        fold(state, entry)
    return state.calls


def test_a_call_by_the_rule_tells_whom_it_overtook_and_by_how_much(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:20").issue()
    hall.at("09:50").issue(claim="veteran")
    hall.next("w1")
    fact = facts(hall)[-1]
    assert (fact.number, fact.window, fact.rule) == ("A003", "w1", "next")
    assert (fact.over, fact.passed, fact.lead) == (0, 2, 50 * MINUTE)


def test_who_asked_for_more_time_agreed_to_be_overtaken_by_that_much_more(hall: Driver) -> None:
    hall.at("09:00").issue()
    for _ in range(2):
        hall.tickets.more_time(hall.caller(), hall.token("A001"))
    hall.at("10:15").issue(claim="veteran")
    assert hall.next("w1") == "A002"
    fact = facts(hall)[-1]
    assert (fact.over, fact.passed, fact.lead) == (0, 1, 55 * MINUTE), "75 minutes later, but within the bound"


def test_a_chosen_call_tells_how_many_were_first_by_the_rule(hall: Driver) -> None:
    for time in ("09:00", "09:01", "09:02"):
        hall.at(time).issue()
    hall.calls.call(hall.caller(), hall.id, "w1", "A003", "a child is ill")
    fact = facts(hall)[-1]
    assert (fact.rule, fact.over, fact.passed, fact.lead) == ("chosen", 2, 2, 2 * MINUTE)
    assert hall.journal()[-1].facts["reason"] == "a child is ill"


def test_a_ticket_the_window_passed_over_itself_is_not_counted(hall: Driver) -> None:
    hall.at("09:00").issue()
    hall.at("09:01").issue()
    hall.next("w1")
    hall.calls.return_(hall.caller(), hall.id, "w1")
    hall.next("w1")
    assert [(fact.number, fact.over, fact.passed) for fact in facts(hall)] == [("A001", 0, 0), ("A002", 0, 0)]


@pytest.mark.parametrize("finish", [None, "done"])
def test_entries_say_who_asked(hall: Driver, finish: str | None) -> None:
    hall.issue()
    hall.issue()
    hall.next("w1")
    if finish:
        hall.next("w1", finish=finish)
    assert {entry.by for entry in hall.journal()} == {"setup", "device:kiosk", "staff:ann"}
