"""A network between two programs that a test can break: `context.set_offline` leaves open sockets alone."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum


class Lost(Enum):
    """What a network that still seems to be there swallows."""

    REQUESTS = "what the near side says"
    ANSWERS = "what the far side says"
    BOTH = "everything"


class Proxy:
    """Passes bytes on to a port of this machine, or to a unix socket. `cut` ends every connection and refuses new ones;
    `swallow` leaves them open and lets nothing through; `heal` opens the way for new connections, and those that were
    swallowed from stay half open for ever, as after a switch that was without power."""

    def __init__(self, target: int | str) -> None:
        self._target = target
        self._open = True
        self._lost: Lost | None = None
        self._links: list[_Link] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def turn_to(self, target: int | str) -> None:
        """Lead to another place from now on, also those who are connected."""
        self._target = target
        self._drop()

    def cut(self) -> None:
        self._open = False
        self._drop()

    def swallow(self, lost: Lost) -> None:
        self._lost = lost
        for link in list(self._links):
            link.lost = lost

    def heal(self) -> None:
        self._open, self._lost = True, None

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _drop(self) -> None:
        links, self._links = self._links, []
        for link in links:
            link.end()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._open:
                    self._join(near)
                else:
                    near.close()

    def _join(self, near: socket.socket) -> None:
        try:
            far = self._reach()
        except OSError:
            near.close()
            return
        link = _Link(near, far, self._lost)
        self._links = [one for one in self._links if not one.over] + [link]
        link.start()

    def _reach(self) -> socket.socket:
        if isinstance(self._target, int):
            return socket.create_connection(("127.0.0.1", self._target))
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self._target)
        except OSError:
            far.close()
            raise
        return far


class _Link:
    """One connection. What is swallowed is nobody's end: the other side never hears that a side went away."""

    def __init__(self, near: socket.socket, far: socket.socket, lost: Lost | None) -> None:
        self._near, self._far = near, far
        self._flowing = 2
        self._ending = threading.Lock()
        self.lost = lost

    @property
    def over(self) -> bool:
        """Both sides have said good-bye, and the sockets are given back."""
        return not self._flowing

    def start(self) -> None:
        for source, target, heard in (
            (self._near, self._far, (Lost.REQUESTS, Lost.BOTH)),
            (self._far, self._near, (Lost.ANSWERS, Lost.BOTH)),
        ):
            threading.Thread(target=self._pass, args=(source, target, heard), daemon=True).start()

    def end(self) -> None:
        for one in (self._near, self._far):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _pass(self, source: socket.socket, target: socket.socket, lost: tuple[Lost, Lost]) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self.lost not in lost:
                    target.sendall(data)
            if self.lost is None:
                target.shutdown(socket.SHUT_WR)
        with self._ending:
            self._flowing -= 1
            if self.over and self.lost is None:
                self.end()
