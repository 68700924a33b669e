"""Clients for any kind of store a URL may name."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from redis import BlockingConnectionPool, Redis, RedisCluster
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from redis.sentinel import Sentinel

#: seconds; blocking reads must stay well below
SOCKET_TIMEOUT = 5.0


class _Pool(BlockingConnectionPool):
    """Connections that wait beside one that died are probably as dead, and each would cost a request its patience."""

    def release(self, connection: Any) -> None:
        died = not connection.is_connected
        super().release(connection)  # type: ignore[no-untyped-call]  # untyped in redis-py
        if died:
            self.disconnect(inuse_connections=False)


class BadStoreURL(ValueError):
    """The text says what is wrong."""


def connect(url: str, *, retries: bool, patience: float = SOCKET_TIMEOUT, raw: bool = False) -> Redis:
    """A client for `redis://`, `rediss://`, `unix://`, `redis+sentinel://host:port,host:port/master` or
    `redis+cluster://host:port`.

    `retries=False` is for moves. The library repeats a command on a time-out by itself: a store
    that stalled would then run one call twice, and two residents would be called. `patience` is how
    many seconds an answer may take; `raw`: bytes, not texts.
    """
    options = {**_options(retries, patience), "decode_responses": not raw}
    scheme = urlsplit(url).scheme
    if scheme in ("redis", "rediss", "unix"):
        # The default pool raises when it is empty; this one waits for a connection.
        return Redis(connection_pool=_Pool.from_url(url, max_connections=64, timeout=5, **options))
    if scheme == "redis+cluster":
        # One interface above the store; the cluster's client has the same commands.
        return cast(Redis, RedisCluster.from_url(url.replace("redis+cluster", "redis", 1), **options))
    if scheme == "redis+sentinel":
        return _sentinel(url, options)
    raise BadStoreURL(f"not a store URL: {url.split('@')[-1]!r}")


def _options(retries: bool, patience: float) -> dict[str, Any]:
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 3) if retries else Retry(NoBackoff(), 0)
    return {
        "decode_responses": True,
        # The shape of answers differs between protocols: choose one, do not inherit a default.
        "protocol": 2,
        "socket_timeout": patience,
        "socket_connect_timeout": patience,
        "retry": retry,
        "retry_on_error": [RedisConnectionError, RedisTimeoutError] if retries else [],
    }


def _sentinel(url: str, options: dict[str, Any]) -> Redis:
    parts = urlsplit(url)
    hosts = [host.rpartition(":") for host in parts.netloc.rpartition("@")[2].split(",")]
    master = parts.path.strip("/")
    if not master or not all(port.isdigit() for _, _, port in hosts):
        raise BadStoreURL("a Sentinel URL is like redis+sentinel://host:26379,host:26379/mymaster")
    sentinel: Any = Sentinel([(host, int(port)) for host, _, port in hosts], socket_timeout=SOCKET_TIMEOUT)  # type: ignore[no-untyped-call]  # untyped in redis-py
    return cast(Redis, sentinel.master_for(master, password=parts.password, **options))
