"""Structured logs, one JSON object a line, on standard error or in a file."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TextIO

import structlog

#: a log larger than this makes room when its process starts; the one before is kept
_LARGEST_BYTES = 10 * 1024 * 1024


def configure(process: str, target: TextIO | None = None) -> None:
    """Call once a process. Log events never hold request paths, bodies, names or numbers of people."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(target or sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def open_file(directory: Path, process: str) -> TextIO:
    """A process's log below the data directory."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / f"{process}.log"
    if path.exists() and path.stat().st_size > _LARGEST_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("a", encoding="utf-8", buffering=1)
