"""Commands that run one process each, as systemd starts them."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import click

from hall import processes
from hall.bootstrap import build
from hall.doctor import examine
from hall.settings import Settings, SettingsError
from hall.store.connect import BadStoreURL
from hall.store.embedded import EmbeddedServer, StoreBusy, StoreMissing

_LOOK_SECONDS = 0.5


def register(cli: click.Group, links: Callable[[], None]) -> None:
    """Add the commands; `links` prints the links of a start."""

    @cli.command()
    def doctor() -> None:
        """Look at everything, say what is wrong and what to do; status 1 when something is."""
        try:
            here = Settings.load()
            if here.redis_url is None:
                here = replace(here, redis_url=EmbeddedServer(here.data_dir / "store").url)
            found = examine(build(here))
        except (SettingsError, BadStoreURL) as error:
            raise click.ClickException(str(error)) from error
        for finding in found:
            click.echo(f"{finding.code}: {finding.what}\n    do: {finding.do}")
        click.echo("Nothing is wrong." if not found else f"{len(found)} findings.")
        sys.exit(bool(found))

    @cli.command()
    @click.argument("name", type=click.Choice(["store", *processes.NAMES]))
    def process(name: str) -> None:
        """Run one process in the foreground: what `serve` runs all of."""
        try:
            here = Settings.load()
        except SettingsError as error:
            raise click.ClickException(str(error)) from error
        if name == "store":
            _store(here)
            return
        command = processes.commands(here).get(name)
        if command is None:
            raise click.ClickException("SANBAN_METRICS_BIND says where it listens: set it first")
        os.chdir(processes.ROOT)
        os.execv(command[0], command)  # noqa: S606 - our own command line; signals reach it, not a shell

    @cli.command("links")
    def links_() -> None:
        """Print the links of a start: to set up or sign in, and to pair screens. Each works once."""
        links()


def _store(here: Settings) -> None:
    """The embedded server until a signal. Ends with an error when the server does, so that it is started again."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    try:
        server = EmbeddedServer(here.data_dir / "store").start()
    except (StoreBusy, StoreMissing) as error:
        raise click.ClickException(str(error)) from error
    while server.running and not stop.is_set():
        stop.wait(_LOOK_SECONDS)
    ended = not server.running
    server.stop()
    if ended:
        raise click.ClickException("the store ended by itself; store/store.log says why")
