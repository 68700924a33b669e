"""Clients that send a byte a second."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Slow:
    """Connections that were opened, sent the beginning of a request, and go on with one byte a second."""

    def __init__(self, port: int, beginning: bytes, count: int) -> None:
        self.sockets = [socket.create_connection(("127.0.0.1", port), timeout=15) for _ in range(count)]
        for one in self.sockets:
            one.sendall(beginning)
        self.ticks = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._send, daemon=True)
        self._thread.start()

    def _send(self) -> None:
        while not self._end.wait(1.0):
            for one in self.sockets:
                with suppress(OSError):  # ended by the other side
                    one.sendall(b"a")
            self.ticks += 1

    def __enter__(self) -> Slow:
        return self

    def stop(self) -> None:
        self._end.set()
        self._thread.join(15)

    def __exit__(self, *_: object) -> None:
        self.stop()
        for one in self.sockets:
            one.close()


def received(one: socket.socket) -> bytes:
    """Everything until the other side ends the connection."""
    return b"".join(iter(lambda: one.recv(65536), b""))


def ended(one: socket.socket) -> bool:
    try:
        one.setblocking(False)
        return one.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        one.settimeout(15)
