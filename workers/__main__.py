"""One background process: python -m workers worker|paper|notices|planner|follower|archiver|webhooks|metrics.
`python -m hall serve` starts them all."""

from __future__ import annotations

import os

import click

from hall import logs
from hall.archive.archive import Archive
from hall.archive.chain import key_of
from hall.bootstrap import build
from hall.paper.printer import load_driver
from hall.settings import Settings
from workers import (
    jobs,  # noqa: F401 - loaded once here: each job runs in a fork of this process
    loop,
    queues,
)
from workers import metrics as figures
from workers.archiver import Archiver
from workers.follower import Follower
from workers.webhooks import Courier

#: whoever calls a number goes before whoever forecasts, archives, tells others or plans tomorrow
_NICE = 5


@click.group()
def cli() -> None:
    """Sanban's background processes."""


@cli.command()
def worker() -> None:
    """Run jobs."""
    logs.configure("worker")
    queues.work(Settings.load())


@cli.command()
def paper() -> None:
    """Print, and watch the printers."""
    logs.configure("paper")
    load_driver()
    queues.work(Settings.load(), queues.PAPER)


@cli.command()
def notices() -> None:
    """Send messages to people."""
    logs.configure("notices")
    queues.work(Settings.load(), queues.NOTICES)


@cli.command()
def planner() -> None:
    """Answer questions of planning."""
    logs.configure("planner")
    os.nice(_NICE)
    queues.work(Settings.load(), queues.PLANNING)


@cli.command()
def follower() -> None:
    """Watch timers and enqueue jobs."""
    logs.configure("follower")
    os.nice(_NICE)
    here = Settings.load()
    redis = queues.connection(here)
    every = (queues.queue(redis, name) for name in (queues.NAME, queues.PAPER, queues.NOTICES, queues.PLANNING))
    leader = Follower(build(here), *every)
    loop.run(leader.turn, leader.give_back)


@cli.command()
def archiver() -> None:
    """Copy the journals into the archive."""
    logs.configure("archiver")
    os.nice(_NICE)
    here = Settings.load()
    loop.run(Archiver(build(here), Archive(here.archive, key_of(here.secret_key), migrate=True)).turn)


@cli.command()
def webhooks() -> None:
    """Tell other programs of events."""
    logs.configure("webhooks")
    os.nice(_NICE)
    courier = Courier(build(Settings.load()))
    loop.run(courier.turn, courier.end)


@cli.command()
def metrics() -> None:
    """Answer Prometheus at SANBAN_METRICS_BIND."""
    logs.configure("metrics")
    here = Settings.load()
    if here.metrics_bind is None:
        raise click.ClickException("SANBAN_METRICS_BIND says where it listens: set it first")
    figures.serve(build(here), queues.connection(here), here.metrics_bind)


if __name__ == "__main__":
    cli(prog_name="python -m workers")
