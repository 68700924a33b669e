"""What somebody in the office, or at the command line, does with a webhook."""

from __future__ import annotations

import click
from click.testing import CliRunner

from hall import cli_webhooks
from tests.notices.gateway import Gateway
from tests.webhooks.stage import BOSS, WebhookHall, check


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
