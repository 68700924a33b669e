"""Ports for servers that tests start."""

from __future__ import annotations

import secrets
import socket
from contextlib import suppress

#: below those that the kernel gives to outgoing connections (ip_local_port_range): a port stays free until its server
#: has it, and while that is down
_FIRST, _COUNT = 20_000, 12_000


def free_port() -> int:
    while True:
        port = _FIRST + secrets.randbelow(_COUNT)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
