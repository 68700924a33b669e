"""Everything on one machine: starts processes by name, restarts what dies, stops all of it."""

from __future__ import annotations

import resource
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from hall import metrics
from hall.children import WELL_SECONDS, Child, fork, longer, program, tell
from hall.domain.setting_names import SECRETS
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer, StoreBusy, StoreMissing

ROOT = Path(__file__).resolve().parents[1]
#: the store, which everything waits for, is started ever later too, up to so many seconds
_LONGEST_STORE_BACK_OFF = 3.0
_POLL_SECONDS = 0.1
_STOP_SECONDS = 2.5
#: connections one web worker holds; gunicorn's own 1000 would leave the phones of a large hall waiting at the door
_CONNECTIONS = 15_000
#: every process but the store; the last one only with SANBAN_METRICS_BIND
NAMES = ("web", "worker", "paper", "notices", "planner", "follower", "archiver", "webhooks", "metrics")
_log = structlog.get_logger()


class PortInUse(RuntimeError):
    """Something else listens on the address."""


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
        self._children = [
            Child(name, program(command, env, ROOT) if name == "web" else fork(name, env, ROOT, self._let_go), here)
            for name, command in commands(settings).items()
        ]
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

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.let_go()

    def _keep_store(self, now: float) -> None:
        """Start the store again when it ended: at once when it was killed, ever later when it gave up by itself or did
        not start (its disk is full or read-only)."""
        if self._store is None or self._store.running or now < self._store_again_at:
            return
        status = self._store.poll()
        if status is not None:
            tell("store", status)
            self._store.stop()
            if status > 0 and now - self._store_started < WELL_SECONDS:
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
        self._store_back_off = min(_LONGEST_STORE_BACK_OFF, longer(self._store_back_off))
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
