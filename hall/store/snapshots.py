"""A server's whole content at one moment, read while it works, and put back into another server."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, cast

from redis import Redis, RedisCluster

from hall.store import layout
from hall.store.connect import connect
from hall.store.embedded import EmbeddedServer
from hall.store.keys import HALLS, Keys

#: what a server may take until its image is ready
_PATIENCE = 300.0
_CHUNK = 1024 * 1024
_KEYS = 500
#: a hall's own hash
_HALL = re.compile(r"hall:\{([^{}]+)\}")
#: jobs are made anew from timers; the mark of the readiness check means nothing elsewhere
_LEFT_OUT = (b"rq:", b"sanban:writable")


class SnapshotRefused(RuntimeError):
    """The server gives no image of itself; the text says what it answered."""


class NotEmpty(RuntimeError):
    """There are halls where a backup was to be put."""


def servers(client: Redis) -> list[Redis]:
    """The servers that hold the data: one, or every shard of a cluster."""
    if isinstance(client, RedisCluster):
        return [cast(Redis, client.get_redis_connection(node)) for node in client.get_primaries()]
    return [client]


def image(server: Redis) -> Iterator[bytes]:
    """The server's content as it was at one moment, in its own format (RDB): what a new replica is given. It forks
    for that and goes on working. Raises `SnapshotRefused`."""
    connection: Any = cast(Any, server.connection_pool).get_connection()
    try:
        connection.send_command("SYNC")
        socket = connection._sock  # the answer is no reply of the protocol: it is read as bytes
        socket.settimeout(_PATIENCE)
        with socket.makefile("rb") as answer:
            yield from _body(answer)
    except OSError as error:
        raise SnapshotRefused(f"it broke off ({type(error).__name__})") from error
    finally:
        # It would be sent every later change.
        connection.disconnect()
        server.connection_pool.release(connection)


def _body(answer: Any) -> Iterator[bytes]:
    line = b"\n"
    while line == b"\n":  # a sign of life while the image is made
        line = answer.readline()
    if not line.startswith(b"$") or not line[1:].strip().isdigit():
        raise SnapshotRefused(line.decode("utf-8", "replace").strip().lstrip("-") or "it hung up")
    left = int(line[1:])
    while left:
        chunk = answer.read(min(left, _CHUNK))
        if not chunk:
            raise SnapshotRefused("it broke off")
        left -= len(chunk)
        yield chunk


@contextmanager
def reading(images: list[Path], directory: Path) -> Iterator[list[str]]:
    """The addresses of servers that hold the images. `directory`: room for them. Raises `UnknownLayout` when a newer
    Sanban made one."""
    with ExitStack() as stack:
        urls = []
        for at, path in enumerate(images):
            home = directory / f"image{at}"
            home.mkdir()
            path.rename(home / "dump.rdb")
            server = EmbeddedServer(home, durable=False).start()
            stack.callback(server.stop)
            urls.append(server.url)
        for url in urls:
            _check_layouts(connect(url, retries=False))
        yield urls


def _check_layouts(store: Redis) -> None:
    # By the halls' own keys: the set of all halls is in one image of a cluster's.
    for name in store.scan_iter(match="hall:{*}", count=_KEYS):
        if found := _HALL.fullmatch(name):
            layout.check(store, found[1], layout.NEWEST)


def put_back(sources: list[str], target_url: str) -> int:
    """Copy every key of the servers with the images into an empty store. Returns how many keys. Raises `NotEmpty`."""
    target = connect(target_url, retries=False, raw=True)
    if target.exists(HALLS):
        raise NotEmpty()
    return sum(_copy(connect(url, retries=False, raw=True), target) for url in sources)


def _copy(source: Redis, target: Redis) -> int:
    cursor: Any = 0
    count = 0
    while True:
        cursor, names = cast(Any, source.scan(cursor, count=_KEYS))
        names = [name for name in names if not name.startswith(_LEFT_OUT)]
        with source.pipeline(transaction=False) as read:
            for name in names:
                read.dump(name)
                read.pexpiretime(name)
            rows = read.execute()
        with target.pipeline(transaction=False) as write:
            for name, dumped, ends in zip(names, rows[::2], rows[1::2], strict=True):
                if dumped is not None:  # its time to live may have ended meanwhile
                    write.restore(name, max(0, ends), dumped, replace=True, absttl=ends > 0)
            count += len(write.execute())
        if not cursor:
            return count


def begin_anew(client: Redis, skip: int) -> None:
    """After a restore: screens start afresh, and what was given out after the backup is given to nobody else. Papers
    with its numbers and links may be in people's hands, so every id moves on, and today's numbers by `skip`."""
    for hall_id in sorted(cast(set[str], client.smembers(HALLS))):
        keys = Keys(hall_id)
        client.hset(keys.hall, "epoch", os.urandom(8).hex())
        for name in ("sequence", "appointments", "ratings", "cases", "visits"):
            if client.hexists(keys.hall, name):
                client.hincrby(keys.hall, name, 100_000)
        for counters in client.scan_iter(match=keys.of("counters", "*"), count=1000):
            for line in cast(Any, client.hkeys(counters)):
                client.hincrby(counters, line, skip)
