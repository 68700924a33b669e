"""The wait as the API tells it: a range in minutes, or null."""

from __future__ import annotations

from random import Random

from hall.domain.callers import Caller
from hall.domain.history import History
from tests.web.conftest import Asker, Site, json_of


def forecast(site: Site) -> None:
    site.sanban.waits.refresh(site.id, History(site.sanban.halls.get(site.id)), Random(1).random)


def test_a_number_and_its_page_tell_the_same_wait(site: Site, clerk: Asker) -> None:
    site.sanban.windows.open(Caller(by="test"), site.id, "w1")
    for _ in range(8):
        clerk.issue("a1")
    forecast(site)
    issued = clerk.issue("a1")
    wait = issued["wait"]
    assert set(wait) == {"low", "high"}
    assert 20 <= wait["low"] < wait["high"]
    assert wait["low"] % 5 == wait["high"] % 5 == 0
    seen = json_of(site.nobody().get(f"/api/v1/tickets/{issued['token']}"))
    assert seen["wait"] == wait
    # Kept with the ticket, where the day's report finds it.
    ticket = site.sanban.tickets.look(issued["token"])[1].ticket
    assert (ticket["wait_low"], ticket["wait_high"]) == (wait["low"], wait["high"])


def test_a_number_that_is_called_has_no_wait_any_more(site: Site, clerk: Asker) -> None:
    site.sanban.windows.open(Caller(by="test"), site.id, "w1")
    forecast(site)
    issued = clerk.issue("a1")
    assert issued["wait"] == {"low": 0, "high": 5}
    clerk.post("windows/w1/call-next")
    assert json_of(site.nobody().get(f"/api/v1/tickets/{issued['token']}"))["wait"] is None


def test_nothing_is_made_up_while_no_window_is_open(site: Site, clerk: Asker) -> None:
    forecast(site)
    assert clerk.issue("a1")["wait"] is None
