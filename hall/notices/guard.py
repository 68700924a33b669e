"""Connections that go only where they may: to public addresses encrypted, and to networks somebody allowed. What was
looked up is what is connected to, so that no name can change between the check and the connection."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from hall.notices.message import NotDelivered
from hall.settings import Network

Address = IPv4Address | IPv6Address
#: they lead on to other addresses: NAT64, Teredo, 6to4
_GATES: Final = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")))


def is_public(address: Address) -> bool:
    """Whether an address is one of the Internet's, for one machine, and leads nowhere else."""
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        return is_public(inner)
    local = getattr(address, "is_site_local", False) or address.is_multicast or address.is_reserved
    return address.is_global and not local and not any(address in gate for gate in _GATES)


def refusal(address: Address, encrypted: bool, networks: Sequence[Network]) -> str | None:
    """Why an address is not connected to: `not_allowed`, `not_encrypted`; None: it may be."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in network for network in networks):
        return None
    if not is_public(plain):
        return "not_allowed"
    return None if encrypted else "not_encrypted"


def session(networks: Sequence[Network], seconds: float) -> requests.Session:
    """Asks without proxies. A connection is cut after so many seconds, whatever the other side does."""
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter(networks, seconds))
    return made


class _Adapter(HTTPAdapter):
    def __init__(self, networks: Sequence[Network], seconds: float) -> None:
        self._pools = _pools(networks, seconds)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = self._pools

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """A proxy would connect in our place, to wherever it likes."""
        return super().send(*args, **{**kwargs, "proxies": {}})


def _pools(networks: Sequence[Network], seconds: float) -> dict[str, Any]:
    """The pools by scheme."""

    class Plain(HTTPConnection):
        _cut: threading.Timer | None = None

        def _new_conn(self) -> socket.socket:
            made, self._cut = _connect(self._dns_host, self.port, networks, seconds, encrypted=False)
            return made

        def close(self) -> None:
            if self._cut:
                self._cut.cancel()
            super().close()

    class Encrypted(HTTPSConnection):
        _cut: threading.Timer | None = None

        def _new_conn(self) -> socket.socket:
            made, self._cut = _connect(self._dns_host, self.port, networks, seconds, encrypted=True)
            return made

        def close(self) -> None:
            if self._cut:
                self._cut.cancel()
            super().close()

    plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    encrypted = type("EncryptedPool", (HTTPSConnectionPool,), {"ConnectionCls": Encrypted})
    return {"http": plain, "https": encrypted}


def _connect(
    host: str, port: int, networks: Sequence[Network], seconds: float, *, encrypted: bool
) -> tuple[socket.socket, threading.Timer]:
    """A socket to the first address of a name that may be reached and answers. Raises `NotDelivered`."""
    until = time.monotonic() + seconds
    why = "unreachable"
    for family, kind, protocol, _, where in _look_up(host, port):
        refused = refusal(ip_address(str(where[0]).partition("%")[0]), encrypted, networks)
        if refused:
            why = refused
            continue
        left = until - time.monotonic()
        if left <= 0:  # the look-up, or other addresses, took all of it
            raise NotDelivered("timeout")
        made = socket.socket(family, kind, protocol)
        try:
            made.settimeout(min(seconds / 2, left))
            made.connect(where)
        except OSError as error:
            made.close()
            why = "timeout" if isinstance(error, TimeoutError) else "unreachable"
            continue
        return made, _cut_at(made, until)
    raise NotDelivered(why)


def _look_up(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotDelivered("unreachable") from None


def _cut_at(made: socket.socket, until: float) -> threading.Timer:
    """End a connection of which a byte comes now and then, for ever."""
    # A copy: the first descriptor becomes the encrypted socket's own.
    copy = made.dup()

    def cut() -> None:
        with contextlib.suppress(OSError):  # the other side was faster
            copy.shutdown(socket.SHUT_RDWR)
        copy.close()

    timer = _Timer(max(0.0, until - time.monotonic()), cut, copy)
    timer.daemon = True
    timer.start()
    return timer


class _Timer(threading.Timer):
    def __init__(self, seconds: float, function: Any, copy: socket.socket) -> None:
        super().__init__(seconds, function)
        self._copy = copy

    def cancel(self) -> None:
        super().cancel()
        self._copy.close()
