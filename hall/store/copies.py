"""Answers that outlive a machine: a move is answered when so many replicas have it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from redis import Redis, RedisCluster
from redis.commands.core import Script
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import MovedError, NoScriptError

from hall.domain.errors import StoreAway
from hall.store.keys import TEMPLATES

#: ms; below the socket's time-out, so that the answer to WAIT comes
_PATIENCE_MS = 2000


def server_of(client: Redis, key: str) -> Redis:
    """The server that has a key: the one there is, or its shard's."""
    if isinstance(client, RedisCluster):
        return cast(Redis, client.get_redis_connection(client.get_node_from_key(key)))
    return client


@dataclass(frozen=True, slots=True)
class Copies:
    """`count` replicas must have a move before it is answered."""

    client: Redis
    count: int

    def run(self, script: Script, hall: str, request: str) -> str:
        """Run a script whose key is a hall. Raises `StoreAway` when too few replicas had it in time: it may have
        happened, and asking again with the same request key is safe."""
        try:
            reply, copies = self._ask(script, hall, request)
            if isinstance(reply, NoScriptError):  # a new master
                server_of(self.client, hall).script_load(script.script)
                reply, copies = self._ask(script, hall, request)
        except (MovedError, RedisConnectionError):
            self._look_again()
            raise
        if isinstance(reply, MovedError):
            self._look_again()
            raise StoreAway()
        if isinstance(reply, Exception):
            raise reply
        if isinstance(copies, Exception) or copies < self.count:
            raise StoreAway()
        return cast(str, reply)

    def _ask(self, script: Script, hall: str, request: str) -> tuple[Any, Any]:
        # On one connection: WAIT is about what its own connection wrote. A repeated request writes nothing, so
        # something is written beside it: then WAIT is about everything before.
        with server_of(self.client, hall).pipeline(transaction=False) as pipe:
            pipe.evalsha(script.sha, 1, hall, request)
            pipe.set(f"{hall}:{TEMPLATES['copied']}", "1")
            pipe.execute_command("WAIT", self.count, _PATIENCE_MS)  # type: ignore[no-untyped-call]  # untyped in redis-py
            reply, _, copies = pipe.execute(raise_on_error=False)
        return reply, copies

    def _look_again(self) -> None:
        """Which server has what has changed."""
        if isinstance(self.client, RedisCluster):
            self.client.nodes_manager.initialize()
