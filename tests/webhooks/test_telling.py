"""Events reach a receiver once it takes them: signed, in order, the same at every try."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import click
import pytest
from click.testing import CliRunner

from hall import cli_webhooks
from hall.domain.webhooks import EVENTS, GIVE_UP_MS, next_try
from hall.notices import events
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
    hall: WebhookHall, receiver: Gateway, answer: Any, why: str
) -> None:
    receiver.answers = [answer, answer, 200]
    hall.open()
    hall.take()
    hall.call()
    for _ in range(2):
        wait = hall.pass_wait()
        assert 0 < wait <= 15
    (row,) = hall.log()
    assert (row["event"], row["state"], row["tries"], row["why"]) == ("ticket.issued", "waiting", 2, why)
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


# By hand ------------------------------------------------------------------------------------------


def test_a_test_and_an_event_once_more_are_sent_even_when_it_has_stopped(hall: WebhookHall, receiver: Gateway) -> None:
    hall.take()
    hall.work()
    receiver.answers = [410]
    hall.take()
    hall.work()
    assert hall.progress.stopped
    here, (sent, _) = hall.sanban.webhooks, hall.log()
    receiver.answers = [200, 503]
    assert here.test(hall.id, BOSS, "city")
    assert here.send_again(hall.id, BOSS, "city", sent["id"])
    assert not here.send_again(hall.id, BOSS, "city", "1-1"), "only what its log has"
    before = hall.progress.cursor
    hall.work()
    test, again = receiver.taken[-2:]
    assert (test.json["type"], test.json["data"]) == ("webhook.test", {})
    check(test, here.secret(hall.id, BOSS, "city"))
    assert (again.json["id"], again.body) == (receiver.taken[0].json["id"], receiver.taken[0].body)
    assert [(row["event"], row["state"]) for row in hall.log()[2:]] == [
        ("webhook.test", "sent"),
        ("ticket.issued", "failed"),
    ]
    assert (hall.progress.cursor, hall.progress.stopped is not None) == (before, True)
    for _ in range(30):
        here.test(hall.id, BOSS, "city")
    assert len(here.kept.wanted(hall.id, "city")) == 20


def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day_more(hall: WebhookHall, receiver: Gateway) -> None:
    here = hall.sanban.webhooks
    old = here.secret(hall.id, BOSS, "city")
    new = here.secret(hall.id, BOSS, "city", new=True)
    assert old != new
    hall.take()
    hall.work()
    check(receiver.taken[-1], new, old)
    hall.pass_time(24 * 3600 + 1)
    hall.take()
    hall.work()
    check(receiver.taken[-1], new)
    told = [one.facts["what"] for one in hall.journal() if one.kind == "webhook_steered"]
    assert told == ["secret_shown", "secret_new"]
    rows = str(hall.sanban.store.journal.raw_after(hall.id, "0-0")) + str(hall.sanban.halls.export(hall.id))
    assert old not in rows and new not in rows


def test_every_event_is_a_kind_of_the_journal(hall: WebhookHall) -> None:
    assert len(set(EVENTS.values())) == len(EVENTS) == 23


def test_the_command_line_does_what_the_office_does(hall: WebhookHall, receiver: Gateway) -> None:
    runner = CliRunner()

    def run(*arguments: str) -> tuple[int, str]:
        made = click.Group()
        cli_webhooks.register(made, lambda: hall.sanban, lambda _, name: name or hall.id)
        told = runner.invoke(made, ["webhooks", *arguments])
        return told.exit_code, told.output

    assert run("list") == (0, f"{'city':16} on       0 s behind  last: nothing sent yet\n")
    assert run("test", "city")[0] == 0
    hall.work()
    assert receiver.taken[-1].json["type"] == "webhook.test"
    assert run("secret", "city")[1].strip() == hall.sanban.webhooks.secret(hall.id, BOSS, "city")
    assert run("resume", "city")[0] == 1, "it has not stopped"
    receiver.answers = [410]
    number = hall.take()
    hall.work()
    status, told = run("list")
    assert (status, "stopped" in told, f"last: ticket.issued {number} failed status 410" in told) == (1, True, True)
    receiver.answers = [200]
    assert run("resume", "city", "--leave-out", " ")[0] == 1
    assert run("resume", "city", "--leave-out", "broken")[0] == 0
    assert run("test", "nobody")[0] == 1
    assert run("list")[0] == 0
