"""The background processes beside a web server, as `serve` has them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from bench.rig import Rig
from hall import processes


@contextmanager
def crew(place: Rig) -> Iterator[list[int]]:
    """Their process ids, while they run."""
    settings = place.sanban.settings
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    here = {"SANBAN_DATA_DIR": str(settings.data_dir), "SANBAN_REDIS_URL": str(settings.redis_url)}
    commands = {name: command for name, command in processes.commands(settings).items() if name != "web"}
    started = []
    try:
        for name, command in commands.items():
            with (settings.data_dir / f"{name}.log").open("wb") as log:
                started.append(
                    subprocess.Popen(
                        command,
                        cwd=processes.ROOT,
                        env={**clean, **here},
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                    )
                )
        yield [process.pid for process in started]
        if ended := [name for name, process in zip(commands, started, strict=True) if process.poll() is not None]:
            raise RuntimeError(f"ended: {', '.join(ended)}")
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)
