"""From `make run` to its first page, and what the whole installation holds when nothing happens.

A copy of the project is set up first as on a new machine, with the packages of requirements.lock alone: libraries take
what linters and tests bring where they find it (structlog: rich), and it would be weighed too."""

from __future__ import annotations

import os
import shutil
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
_NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", "results")
#: MB are 10**6 bytes
_MIB = MEMORY * 1e6 / 2**20
#: seconds after the first page until everything has done what a start brings
_REST = 20
_PATIENCE = 60


def measure(rounds: int, rest: float = _REST) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="sanban-bench-") as directory:
        copy = Path(directory) / "sanban"
        shutil.copytree(ROOT, copy, ignore=_NOT_COPIED)
        with (Path(directory) / "setup.out").open("wb") as out:
            setup = ["make", "--silent", "setup", f"PYTHON={sys.executable}"]
            subprocess.run(setup, cwd=copy, check=True, stdout=out, stderr=out)
        took, held = zip(*(_once(copy, Path(directory) / f"var{n}", rest) for n in range(rounds)), strict=True)
    first, memory = median(took), median(held)
    return [
        Figure("from make run to the first page", first, "s", f"{START} s", first / START, "≤ 1", fixed=True),
        Figure("memory of the installation at rest", memory, "MiB", f"{MEMORY} MB", memory / _MIB, "≤ 1", fixed=True),
    ]


def _once(project: Path, data: Path, rest: float) -> tuple[float, float]:
    """Seconds, MiB."""
    bind = f"127.0.0.1:{free_port()}"
    env = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    env |= {"SANBAN_DATA_DIR": str(data), "SANBAN_BIND": bind}
    began = time.monotonic()
    with data.with_suffix(".out").open("wb") as out:
        run = subprocess.Popen(
            ["make", "--silent", "run"], cwd=project, env=env, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _await_page(f"http://{bind}/halls", run)
        took = time.monotonic() - began
        time.sleep(rest)  # memory at rest is what is measured
        held = proportional(run.pid)
    finally:
        os.killpg(run.pid, signal.SIGINT)  # Ctrl-C
        run.wait(_PATIENCE)
    return took, sum(held.values()) / 1024


def _await_page(url: str, run: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and run.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as page:  # noqa: S310 - our own server
                if page.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)  # asked again until it answers: a start tells nobody when it is done
    raise RuntimeError("bench: no page came")


if __name__ == "__main__":
    from bench.report import table

    print(table(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
