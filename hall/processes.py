"""Everything on one machine: starts processes by name, restarts what dies, stops all of it."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from hall import logs, metrics
from hall.settings import SECRETS, Settings
from hall.store.embedded import EmbeddedServer, StoreBusy, StoreMissing, die_with_parent

ROOT = Path(__file__).resolve().parents[1]
#: a process that dies again and again is started ever later, up to this many seconds
_LONGEST_BACK_OFF = 15.0
#: the store, which everything waits for, up to this many
_LONGEST_STORE_BACK_OFF = 3.0
#: one that ran so long was well
_WELL_SECONDS = 30.0
_POLL_SECONDS = 0.1
_STOP_SECONDS = 2.5
#: connections one web worker holds; gunicorn's own 1000 would leave the phones of a large hall waiting at the door
_CONNECTIONS = 15_000
#: every process but the store; the last one only with SANBAN_METRICS_BIND
NAMES = ("web", "worker", "paper", "notices", "planner", "follower", "archiver", "webhooks", "metrics")
_log = structlog.get_logger()


class PortInUse(RuntimeError):
    """Something else listens on the address."""


class Child:
    """One process, kept alive."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], logs_dir: Path) -> None:
        self.name = name
        self._logs_dir = logs_dir
        self._command = command
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._back_off = 0.0
        self._again_at = 0.0

    def keep_alive(self, now: float) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None:
            self._died(now)
        if now >= self._again_at:
            self.start(now)

    def _died(self, now: float) -> None:
        well = now - self._started > _WELL_SECONDS
        self._back_off = _longer(0 if well else self._back_off)
        self._again_at = now + self._back_off
        _tell(self.name, self._process.returncode if self._process else None)
        self._process = None

    def start(self, now: float) -> None:
        self._started = now
        with logs.open_file(self._logs_dir, self.name) as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=dict(self._env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - one prctl call, no Python state is touched
                # its own group: Ctrl-C goes to us, and we stop the children in order
                process_group=0,
            )

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, deadline: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(0.05, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _log.warning("process killed", child=self.name)
            # the whole group: a web server's workers too
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _longer(back_off: float) -> float:
    return min(_LONGEST_BACK_OFF, max(0.1, back_off * 2))


def _tell(name: str, status: int | None) -> None:
    """One line for whoever watches, the same for the log."""
    _log.warning("process ended", child=name, status=status)
    print(f"sanban: {name} ended (status {status}); starting it again", file=sys.stderr, flush=True)  # noqa: T201 - the console is the place


def child_environment(settings: Settings, env: Mapping[str, str], store_url: str | None) -> dict[str, str]:
    """The environment of the children, which work in another directory than we may."""
    child = {**env, "SANBAN_DATA_DIR": str(settings.data_dir)}
    for name in SECRETS:
        if path := env.get(f"{name}_FILE"):
            child[f"{name}_FILE"] = str(Path(path).absolute())
    if store_url:
        child["SANBAN_REDIS_URL"] = store_url
    return child


def commands(settings: Settings) -> dict[str, list[str]]:
    """name → command line of every process but the store."""
    python = [sys.executable, "-m"]
    web = [*python, "gunicorn", "app:create_app()", "--worker-class", "gevent", "--workers", str(settings.web_workers)]
    web += ["--bind", settings.bind, "--graceful-timeout", "2", "--keep-alive", "75", "--log-level", "warning"]
    web += ["--worker-connections", str(_CONNECTIONS), "--config", "python:hall.web.worker"]
    own = {name: [*python, "workers", name] for name in NAMES[1:-1]}
    if settings.metrics_bind is None:
        return {"web": web, **own}
    web += ["--env", f"{metrics.DIRECTORY}={metrics.directory(settings.data_dir)}"]
    metrics.directory(settings.data_dir).mkdir(parents=True, exist_ok=True, mode=0o700)
    return {"web": web, **own, "metrics": [*python, "workers", "metrics"]}


def allow_many_files() -> None:
    """As many open files as the system allows this process and its children: every page is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def check_port(settings: Settings) -> None:
    """Raises `PortInUse` with a text for people."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host.strip("[]"), settings.port))
        except OSError as error:
            raise PortInUse(
                f"cannot listen on {settings.bind}: {error.strerror}. Set SANBAN_BIND to another address."
            ) from None


class Supervisor:
    """Runs the children until asked to stop, the store last."""

    def __init__(self, settings: Settings, store: EmbeddedServer | None, env: Mapping[str, str]) -> None:
        self._settings = settings
        self._store = store
        here = settings.data_dir / "logs"
        self._children = [Child(name, command, env, here) for name, command in commands(settings).items()]
        self._stop = threading.Event()
        self._store_started = time.monotonic()
        self._store_back_off = 0.0
        self._store_again_at = 0.0

    def run(self, when_ready: Callable[[], None]) -> None:
        """Start everything, call `when_ready` once the web answers, and stay until a signal."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: self._stop.set())
        told = False
        while not self._stop.is_set():
            now = time.monotonic()
            self._keep_store(now)
            for child in self._children:
                child.keep_alive(now)
            if not told and self._answers():
                told = True
                when_ready()
            self._stop.wait(_POLL_SECONDS)
        self._end()

    def _keep_store(self, now: float) -> None:
        """Start the store again when it ended: at once when it was killed, ever later when it gave up by itself or did
        not start (its disk is full or read-only)."""
        if self._store is None or self._store.running or now < self._store_again_at:
            return
        status = self._store.poll()
        if status is not None:
            _tell("store", status)
            self._store.stop()
            if status > 0 and now - self._store_started < _WELL_SECONDS:
                self._delay_store(now)
                return
            self._store_back_off = 0.0
        try:
            self._store.start()
            self._store_started = time.monotonic()
        except (StoreMissing, StoreBusy) as error:
            _log.error("store did not start", error=str(error))
            self._delay_store(time.monotonic())

    def _delay_store(self, now: float) -> None:
        self._store_back_off = min(_LONGEST_STORE_BACK_OFF, _longer(self._store_back_off))
        self._store_again_at = now + self._store_back_off

    def _answers(self) -> bool:
        host = "127.0.0.1" if self._settings.host in ("0.0.0.0", "[::]") else self._settings.host  # noqa: S104 - compared, not bound
        try:
            with urllib.request.urlopen(f"http://{host}:{self._settings.port}/readyz", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _end(self) -> None:
        deadline = time.monotonic() + _STOP_SECONDS
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.stop(deadline)
        if self._store is not None:
            self._store.stop()
