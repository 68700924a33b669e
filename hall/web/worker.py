"""Gunicorn's settings of a web worker that are code: `--config python:hall.web.worker`."""

from __future__ import annotations

import gc
import importlib
import os
import warnings
from pathlib import Path
from typing import Any

from gevent import monkey
from gunicorn.http import wsgi

#: as hall.metrics says; importing that would be too early
DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"

#: (young, middle, old): collections of an object graph of thousands of sockets and packets are what a call to a full
#: hall waited for; `make bench` measures it (docs/bench.md)
_THRESHOLDS = (10_000, 100, 100)


def on_starting(server: Any) -> None:
    """Figures of an earlier start are of processes that are gone. No answer names the program that gave it."""
    wsgi.SERVER = "sanban"
    for old in Path(os.environ.get(DIRECTORY, "/nowhere")).glob("*.db"):
        old.unlink()
    _load(server.app.app_uri.partition(":")[0])


def _load(module: str) -> None:
    """Load the application's code once, before the workers are forked: half the memory, half the time to start. Each
    makes an application of its own of it. Code that is loaded must find gevent's sockets and locks, so they come first;
    forks and signals stay as this process, which only watches over workers, has them."""
    monkey.patch_all(os=False, signal=False)
    # A worker takes over the rest, as gunicorn has it do, and would say in its log that this is the second time.
    warnings.filterwarnings("ignore", message="Patching more than once", category=monkey.MonkeyPatchWarning)
    importlib.import_module(module)
    gc.collect()
    gc.freeze()


def child_exit(_server: object, worker: Any) -> None:
    """Its sockets are not open any more."""
    if DIRECTORY in os.environ:
        from prometheus_client.multiprocess import mark_process_dead  # it reads the environment when it is loaded

        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # untyped in prometheus-client


def post_worker_init(_worker: object) -> None:
    """What the application is made of never becomes garbage: no collection looks at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
