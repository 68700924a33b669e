"""What processes count and time for Prometheus. Labels are names of routes, moves, halls, lines: never of people.

The processes of the web server write to one directory (`DIRECTORY` in the environment), which
`python -m workers metrics` reads; without it each keeps its own figures, which nobody reads.
"""

from __future__ import annotations

from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

#: what the library looks for, before it is imported
DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
_FAST = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)

REQUESTS = Histogram(
    "sanban_request_seconds", "Time to answer a request", ("route", "method", "status"), buckets=_FAST[3:]
)
MOVES = Histogram("sanban_move_seconds", "Round trip of a script to the store", ("move",), buckets=_FAST)
REFUSED = Counter("sanban_moves_refused", "Moves that a script refused, or that got no answer", ("move", "code"))
PUMP_LAG = Histogram("sanban_pump_lag_seconds", "From an entry of the journal until pages were told", buckets=_FAST[3:])
SOCKETS = Gauge("sanban_sockets", "Open sockets of pages", multiprocess_mode="livesum")
PUMP_TURNED = Gauge("sanban_pump_turned_seconds", "When the slowest pump went round", multiprocess_mode="livemin")


def directory(data_dir: Path) -> Path:
    """Where the web processes of this machine write."""
    return data_dir / "metrics"
