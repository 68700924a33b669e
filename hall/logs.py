"""Structured logs, one JSON object a line, on standard error or in a file; without anything that tells of a person."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, cast

import gevent
import structlog

from hall.domain.masking import mask, mask_fault, mask_text

#: a log larger than this makes room when its process starts; the one before is kept
_LARGEST_BYTES = 10 * 1024 * 1024
Event = MutableMapping[str, Any]


def masked(_logger: object, _method: str, event: Event) -> Event:
    """A structlog processor: whatever somebody hands to a log by mistake stays out of it."""
    for name, value in event.items():
        event[name] = value if name in ("timestamp", "level", "process", "exception") else mask(value, name)
    return event


def masked_fault(_logger: object, _method: str, event: Event) -> Event:
    """A structlog processor: `exc_info` becomes `exception`, the places in our code and what went wrong, without what
    it quotes."""
    fault = event.pop("exc_info", None)
    if fault is True:
        fault = sys.exc_info()[1]
    elif isinstance(fault, tuple):
        fault = fault[1]
    if isinstance(fault, BaseException):
        event["exception"] = told(fault)
    return event


def told(fault: BaseException) -> str:
    """A traceback as a log may hold it: the lines of code as they are, what each exception says masked."""
    lines = []
    for line in traceback.TracebackException.from_exception(fault, lookup_lines=True).format():
        place = line.startswith(("  File ", "Traceback ", "\nDuring ", "\nThe above "))
        lines.append(line if place else mask_fault(line))
    return "".join(lines).rstrip()


def processors() -> list[Any]:
    """What every log event goes through."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        masked_fault,
        masked,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


class _Patient:
    """A log whose disk is full must not fail what it tells of; what it could not hold is not told."""

    def __init__(self, target: TextIO) -> None:
        self._target = target

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._target.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._target.flush()


def configure(process: str, target: TextIO | None = None) -> None:
    """Call once a process. Log events never hold request paths, bodies, names or numbers of people; should one try, it
    is masked, and so is what libraries log and what ends a process."""
    structlog.configure(
        processors=processors(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, _Patient(target or sys.stderr))),
        # Not kept by who logs: a fork of a process logs as the process that it becomes.
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.setLogRecordFactory(_Record)
    sys.excepthook = _end


class _Record(logging.LogRecord):
    """What a library logs, masked before any handler sees it."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.exc_info and self.exc_info[1] is not None:
            self.exc_text = told(self.exc_info[1])

    def getMessage(self) -> str:  # noqa: N802 - the library's name
        return mask_text(super().getMessage())


def _end(_kind: type[BaseException], fault: BaseException, _place: TracebackType | None) -> None:
    """A process ends by an exception."""
    sys.stderr.write(f"{told(fault)}\n")


def mask_greenlets() -> None:
    """What ends a greenlet of the web server goes to the log, too, instead of standard error as it is."""

    def tell(_context: object, _kind: object, fault: BaseException | None, _place: object) -> None:
        structlog.get_logger().error("greenlet failed", exc_info=fault)

    gevent.get_hub().print_exception = tell


def open_file(directory: Path, process: str) -> TextIO:
    """A process's log below the data directory."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / f"{process}.log"
    if path.exists() and path.stat().st_size > _LARGEST_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("a", encoding="utf-8", buffering=1)
