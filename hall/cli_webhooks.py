"""Commands of webhooks: python -m hall webhooks …"""

from __future__ import annotations

from collections.abc import Callable

import click

from hall.bootstrap import Sanban
from hall.domain.callers import Caller
from hall.domain.errors import ReasonMissing, TextNotPlain
from hall.domain.halls import Hall
from hall.domain.webhooks import Webhook
from hall.services.webhooks import Webhooks

_CLI = Caller(by="cli")


def register(cli: click.Group, sanban: Callable[[], Sanban], one_hall: Callable[[Sanban, str | None], str]) -> None:
    """Add the commands to the command line; `sanban` and `one_hall` find the services and the hall."""

    def find(hall_id: str | None, webhook: str) -> tuple[Webhooks, str]:
        built = sanban()
        return built.webhooks, _checked(built, one_hall(built, hall_id), webhook)

    @cli.group()
    def webhooks() -> None:
        """Events for other programs."""

    @webhooks.command("list")
    @click.option("--hall", "hall_id")
    def list_(hall_id: str | None) -> None:
        """Print how far each is, and its last event. The exit status is 1 when one has stopped."""
        built = sanban()
        hall = built.halls.get(one_hall(built, hall_id))
        stopped = [_print(built, hall, webhook) for webhook in hall.webhooks]
        if any(stopped):
            raise click.exceptions.Exit(1)

    @webhooks.command()
    @click.argument("webhook")
    @click.option("--hall", "hall_id")
    def test(webhook: str, hall_id: str | None) -> None:
        """Send a message that means nothing; `list` says what became of it."""
        here, hall = find(hall_id, webhook)
        if not here.test(hall, _CLI, webhook):
            raise click.ClickException("too much waits to be sent: is the process `webhooks` running?")

    @webhooks.command()
    @click.argument("webhook")
    @click.option("--leave-out", "reason", help="go on after the event at which it stopped, and why")
    @click.option("--hall", "hall_id")
    def resume(webhook: str, reason: str | None, hall_id: str | None) -> None:
        """Go on with the event at which it stopped."""
        here, hall = find(hall_id, webhook)
        try:
            done = here.resume(hall, _CLI, webhook) if reason is None else here.leave_out(hall, _CLI, webhook, reason)
        except (ReasonMissing, TextNotPlain):
            raise click.ClickException("--leave-out says why, in up to 200 plain letters") from None
        if not done:
            raise click.ClickException(f"{webhook} has not stopped")

    @webhooks.command()
    @click.argument("webhook")
    @click.option("--new", is_flag=True, help="make a new one; the old one signs too for a day")
    @click.option("--hall", "hall_id")
    def secret(webhook: str, new: bool, hall_id: str | None) -> None:
        """Print the secret that signs."""
        here, hall = find(hall_id, webhook)
        click.echo(here.secret(hall, _CLI, webhook, new=new))


def _checked(built: Sanban, hall_id: str, webhook: str) -> str:
    """The hall's id, when it has such a webhook."""
    if webhook not in {one.id for one in built.halls.get(hall_id).webhooks}:
        raise click.ClickException(f"{hall_id} has no webhook {webhook!r}")
    return hall_id


def _print(built: Sanban, hall: Hall, webhook: Webhook) -> bool:
    """One line; whether it has stopped."""
    kept = built.webhooks.kept
    progress, oldest = kept.progress(hall.id, webhook.id), kept.oldest_unsent(hall.id, webhook.id)
    stopped = progress is not None and progress.stopped is not None
    state = "stopped" if stopped else "on" if webhook.on else "off"
    behind = 0 if oldest is None else (built.store.clock() - oldest) // 1000
    last = next(iter(kept.log(hall.id, webhook.id)), {"state": "nothing sent yet"})
    told = " ".join(str(last[name]) for name in ("event", "about", "state", "why") if last.get(name))
    click.echo(f"{webhook.id:16} {state:8} {behind} s behind  last: {told}")
    return stopped
