"""From `serve` on a new machine to its first page, and what the whole installation holds when nothing happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.cpu import proportional
from bench.report import Figure, median
from bench.rig import free_port
from hall.processes import ROOT

START, MEMORY = 5, 400
_EXAMPLE = ROOT / "examples" / "changshou" / "hall.toml"
#: seconds after the first page until everything has done what a start brings
_REST = 20
_PATIENCE = 60


def measure(rounds: int, rest: float = _REST) -> list[Figure]:
    took, held = zip(*(_once(rest) for _ in range(rounds)), strict=True)
    return [
        Figure(
            "from the start to the first page", median(took), "s", f"{START} s", median(took) / START, "≤ 1", fixed=True
        ),
        Figure(
            "memory of the installation at rest",
            median(held),
            "MiB",
            f"{MEMORY} MiB",
            median(held) / MEMORY,
            "≤ 1",
            fixed=True,
        ),
    ]


def _once(rest: float) -> tuple[float, float]:
    """Seconds, MiB."""
    with tempfile.TemporaryDirectory(prefix="sanban-bench-") as directory:
        bind = f"127.0.0.1:{free_port()}"
        env = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
        env |= {"SANBAN_DATA_DIR": directory, "SANBAN_BIND": bind}
        command = [sys.executable, "-m", "hall", "serve", "--first-hall", str(_EXAMPLE)]
        began = time.monotonic()
        with (Path(directory) / "out").open("wb") as out:
            serve = subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        try:
            _await_page(f"http://{bind}/halls", serve)
            took = time.monotonic() - began
            time.sleep(rest)
            held = proportional(serve.pid)
        finally:
            serve.send_signal(signal.SIGINT)
            serve.wait(_PATIENCE)
    return took, sum(held.values()) / 1024


def _await_page(url: str, serve: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and serve.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as page:  # noqa: S310 - our own server
                if page.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError("bench: no page came")


if __name__ == "__main__":
    from bench.report import table

    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
