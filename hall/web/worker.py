"""Gunicorn's settings of a web worker that are code: `--config python:hall.web.worker`."""

from __future__ import annotations

import gc

#: (young, middle, old): collections of an object graph of thousands of sockets and packets are what a call to a full
#: hall waited for; `make bench` measures it (docs/bench.md)
_THRESHOLDS = (50_000, 20, 100)


def post_worker_init(_worker: object) -> None:
    """What the application is made of never becomes garbage: no collection looks at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
