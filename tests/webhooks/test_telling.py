"""Events reach a receiver once it takes them: signed, in order, the same at every try."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hall.domain.webhooks import EVENTS, GIVE_UP_MS, next_try
from hall.notices import events, http
from tests.notices.gateway import Gateway
from tests.webhooks.stage import BOSS, WebhookHall, check


def test_everything_is_told_in_the_order_of_the_journal_and_signed(hall: WebhookHall, receiver: Gateway) -> None:
    hall.open()
    for _ in range(3):
        hall.take()
        hall.call()
    assert hall.work() is None
    assert [event for _, event in hall.events()] == [
        *("ticket.issued", "ticket.called"),
        *("ticket.issued", "ticket.finished", "ticket.called") * 2,
    ]
    assert hall.told() == hall.events()
    secret = hall.sanban.webhooks.secret(hall.id, BOSS, "city")
    for taken in receiver.taken:
        check(taken, secret)
        assert set(taken.json) == {"id", "type", "timestamp", "hall", "data"}
        assert (taken.method, taken.headers["Content-Type"]) == ("POST", "application/json")
    called = receiver.taken[1].json
    assert called["data"]["ticket"]["number"] == "A001"
    assert (called["data"]["ticket"]["window"], called["data"]["ticket"]["services"]) == ("w1", ["a1"])
    assert [row["state"] for row in hall.log()] == ["sent"] * 8
    assert [row["about"] for row in hall.log()] == ["A001", "A001", "A002", "A001", "A002", "A003", "A002", "A003"]


def test_the_signature_is_that_of_the_published_example() -> None:
    """Of the libraries of Standard Webhooks."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = events.signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert events.secret(key) == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (500, "status 500"),
        (429, "status 429"),
        (404, "status 404"),
        (302, "status 302"),
        ("hang", "timeout"),
        ("trickle", "timeout"),
        ("drop", "unreachable"),
        ("noise", "unreachable"),
    ],
    ids=str,
)
def test_what_is_not_taken_holds_up_what_comes_after_and_comes_again_unchanged(
    hall: WebhookHall, receiver: Gateway, answer: Any, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if why == "timeout":  # else nobody is asked to be quick: the machine may be slow
        monkeypatch.setattr(http, "SECONDS", 0.3)
    receiver.answers = [answer, answer, 200]
    hall.open()
    hall.take()
    hall.call()
    for _ in range(2):
        wait = hall.pass_wait()
        assert 0 < wait <= 15
    (row,) = hall.log()
    assert (row["event"], row["state"], row["tries"], row["why"]) == ("ticket.issued", "waiting", 2, why)
    monkeypatch.setattr(http, "SECONDS", 5.0)
    hall.work()
    first, second = hall.events()
    assert hall.told() == [first, first, first, second]
    assert len({one.body for one in receiver.taken[:3]}) == 1
    assert [(row["state"], row["tries"]) for row in hall.log()] == [("sent", 3), ("sent", 1)]
    assert {"again", "why"} & {name for name, value in hall.log()[0].items() if value is not None} == set()


def test_an_answer_without_end_is_taken_for_its_status(hall: WebhookHall, receiver: Gateway) -> None:
    receiver.answers = ["drip", (200, b"x" * 1_000_000), 204]
    for _ in range(3):
        hall.take()
    assert hall.work() is None
    assert hall.told() == hall.events()


def test_waits_grow_are_spread_and_come_to_an_end() -> None:
    def waits(chance: float) -> list[float]:
        now, tries, found = 1_000_000, 1, []
        while (at := next_try(tries, 1_000_000, now, chance)) is not None:
            found.append((at - now) / 1000)
            now, tries = at, tries + 1
        return found

    longest, shortest = waits(1.0), waits(0.0)
    assert longest[:8] == [5, 15, 45, 135, 405, 1215, 3600, 3600]
    assert shortest[:3] == [2.5, 7.5, 22.5]
    assert GIVE_UP_MS / 1000 - 3600 < sum(longest) <= GIVE_UP_MS / 1000
    assert waits(0.37)[:1] == [pytest.approx(3.425)]


def test_what_is_not_taken_for_a_day_stops_the_webhook_until_somebody_goes_on(
    hall: WebhookHall, receiver: Gateway
) -> None:
    receiver.answers = [500]
    hall.take()
    hall.take()
    seconds = 0.0
    while hall.progress.stopped is None:
        seconds += hall.pass_wait()
        hall.work()
    assert 22 * 3600 < seconds <= 24 * 3600
    tries = len(receiver.taken)
    assert [(row["state"], row["tries"], row["why"]) for row in hall.log()] == [("failed", tries, "status 500")]
    entry = hall.journal()[-1]
    assert (entry.kind, entry.facts["webhook"], entry.facts["why"]) == ("webhook_stopped", "city", "status 500")
    assert "alarm/webhook_stopped/city" in hall.sanban.alarms.watch(hall.id)
    hall.pass_time(7 * 24 * 3600)
    assert hall.work() is None
    assert len(receiver.taken) == tries

    receiver.answers = [200]
    assert hall.sanban.webhooks.resume(hall.id, BOSS, "city")
    assert not hall.sanban.webhooks.resume(hall.id, BOSS, "city"), "it goes on already"
    hall.work()
    assert hall.told()[tries:] == hall.events()
    assert len({one.body for one in receiver.taken[: tries + 1]}) == 1
    assert "alarm/webhook_stopped/city" not in hall.sanban.alarms.watch(hall.id)


def test_a_receiver_that_is_gone_is_asked_no_more_and_an_event_can_be_left_out(
    hall: WebhookHall, receiver: Gateway
) -> None:
    receiver.answers = [410]
    hall.take()
    hall.take()
    assert hall.work() is None
    assert (len(receiver.taken), hall.progress.why) == (1, "status 410")
    receiver.answers = [200]
    assert hall.sanban.webhooks.leave_out(hall.id, BOSS, "city", "their program breaks at it")
    hall.work()
    first, second = hall.events()
    assert hall.told() == [first, second]
    assert [row["state"] for row in hall.log()] == ["left_out", "sent"]
    entry = next(one for one in hall.journal() if one.kind == "webhook_steered")
    assert (entry.by, entry.facts["what"], entry.facts["reason"]) == (
        *("staff:boss", "left_out"),
        "their program breaks at it",
    )
    assert f"{hall.id}-{entry.facts['event']}" == first[0]


def test_a_webhook_hears_of_what_comes_after_it_was_saved_and_of_its_own_events_alone(
    hall: WebhookHall, receiver: Gateway
) -> None:
    hall.open()
    hall.take()
    hall.tell("other", events=("ticket.called",))
    hall.call()
    hall.take()
    hall.work("other")
    assert [event for _, event in hall.told()] == ["ticket.called"]
    hall.tell("city")
    hall.take()
    hall.work()
    assert [event for _, event in hall.told()[1:]] == ["ticket.issued"], "a new one, though it has an old name"


def test_one_that_is_off_waits_and_misses_nothing(hall: WebhookHall, receiver: Gateway) -> None:
    hall.tell(on=False)
    hall.take()
    assert hall.work() is None
    assert receiver.taken == []
    hall.tell(on=True)
    hall.work()
    assert hall.told() == hall.events() != []


def test_of_many_processes_at_once_one_tells_of_an_event(hall: WebhookHall, receiver: Gateway) -> None:
    for _ in range(12):
        hall.take()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: hall.work(), range(6)))
    deadline = 200
    while hall.work() is not None and deadline:  # whoever lost the last try waits for nobody
        hall.pass_time(20)
        deadline -= 1
    assert hall.told() == hall.events()


def test_a_try_that_nobody_settled_is_made_again_but_not_at_once(hall: WebhookHall, receiver: Gateway) -> None:
    hall.take()
    (entry,) = (one for one in hall.journal() if one.kind == "issued")
    now = hall.sanban.webhooks.moves.clock()
    kept, before = hall.sanban.webhooks.kept, hall.progress.cursor
    assert kept.claim(hall.id, "city", before, entry.id, now, now + 20_000) == (1, now)
    assert kept.claim(hall.id, "city", before, entry.id, now + 19_999, now + 40_000) is None
    assert (hall.work() or 0) > 0
    hall.pass_time(20)
    hall.work()
    assert hall.told() == hall.events()
    late = {"id": entry.id, "state": "failed"}
    assert not kept.settle(hall.id, "city", before, 1, late, why="late")

    hall.take()
    entry, now = hall.journal()[-1], hall.sanban.webhooks.moves.clock()
    cursor = hall.progress.cursor
    assert kept.claim(hall.id, "city", cursor, entry.id, now, now) == (1, now)
    assert not kept.settle(hall.id, "city", before, 1, late, why="late"), "of the event before"
    assert kept.claim(hall.id, "city", cursor, entry.id, now, now) == (2, now)
    assert not kept.settle(hall.id, "city", cursor, 1, late, cursor=entry.id), "of the try before"
    assert (hall.progress.cursor, hall.progress.stopped) == (cursor, None)
    assert [row["state"] for row in hall.log()] == ["sent"]


def test_who_took_nothing_for_longer_than_the_journal_is_kept_is_told_so(hall: WebhookHall, receiver: Gateway) -> None:
    hall.tell(on=False)
    hall.take()
    hall.take()
    cursor = hall.progress.cursor
    with hall.sanban.store.moves.pipeline() as pipe:
        # Days later nobody can wait for: the cursor is put back instead.
        pipe.hset(f"hall:{{{hall.id}}}:webhook:city", "cursor", f"{int(cursor.split('-')[0]) - 2 * 86_400_000}-0")
        pipe.execute()
    hall.sanban.store.journal.trim(hall.id, hall.journal()[-1].id, 2**52)
    hall.tell(on=True)
    hall.work()
    assert [row["state"] for row in hall.log()] == ["lost", "sent"]
    assert hall.told() == hall.events()


def test_every_event_is_a_kind_of_the_journal(hall: WebhookHall) -> None:
    assert len(set(EVENTS.values())) == len(EVENTS) == 23
