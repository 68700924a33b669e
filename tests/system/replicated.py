"""Stores of several servers, started from deploy/valkey as it is, and a load that remembers what it was answered."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.domain.errors import StoreAway
from hall.services.tickets import Wish
from hall.settings import Settings
from hall.store.copies import server_of
from hall.store.embedded import find_server
from hall.store.keys import Keys
from tests.driver import KEY, live_hall
from tests.ports import free_port
from tests.system.serving import ROOT, wait_for

CONFIGS = ROOT / "deploy" / "valkey"


class Server:
    """One server or Sentinel with a file of deploy/, its own port and directory in it."""

    def __init__(self, home: Path, config: str, changes: Mapping[str, str], *more: str, sentinel: bool = False) -> None:
        self.port, self.bus = free_port(), free_port()
        self.home = home
        home.mkdir(parents=True)
        text = (CONFIGS / config).read_text("utf-8")
        own = {"port 6379": f"port {self.port}", "port 26379": f"port {self.port}"}
        own |= {"cluster-enabled yes": f"cluster-enabled yes\ncluster-port {self.bus}"}  # the usual one may be no port
        own |= {"/var/lib/valkey-sentinel": str(home), "/var/lib/valkey": str(home), **changes}
        for old, new in own.items():
            text = text.replace(old, new)
        self._path = home / "server.conf"
        self._path.write_text("\n".join([text, *more, ""]), "utf-8")
        self._more = ["--sentinel"] if sentinel else []
        self._process: subprocess.Popen[bytes] | None = None
        self.client = Redis(port=self.port, decode_responses=True, protocol=2)

    def start(self) -> Server:
        with (self.home / "log").open("ab") as log:
            command = [find_server(), str(self._path), *self._more]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home)
        wait_for(self.answers, f"the server at {self.port}")
        return self

    def answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False

    def cluster(self, *words: object) -> str:
        """A command about the cluster, as text."""
        return str(self.client.execute_command("CLUSTER", *words))  # type: ignore[no-untyped-call]  # untyped in redis-py

    def kill(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def pause(self) -> None:
        """It hangs, and its connections stay open."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(30)


def _in_step(replica: Server) -> bool:
    return bool(replica.client.info("replication").get("master_link_status") == "up")


class Watched:
    """A master, two replicas and three Sentinels, as deploy/ has them."""

    def __init__(self, home: Path) -> None:
        self.servers = [Server(home / f"store{at}", "store.conf", {}) for at in range(3)]
        first = self.servers[0].port
        self.servers[1:] = [
            Server(home / f"replica{at}", "store.conf", {"# replicaof 10.0.0.11 6379": f"replicaof 127.0.0.1 {first}"})
            for at in (1, 2)
        ]
        monitor = {"monitor sanban 10.0.0.11 6379 2": f"monitor sanban 127.0.0.1 {first} 2"}
        self.sentinels = [Server(home / f"sentinel{at}", "sentinel.conf", monitor, sentinel=True) for at in range(3)]

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(f'127.0.0.1:{one.port}' for one in self.sentinels)}/sanban"

    def start(self) -> Watched:
        for one in self.servers:
            one.start()
        # A replica that has not been given everything once may be chosen empty.
        wait_for(lambda: all(map(_in_step, self.servers[1:])), "replicas that have everything")
        for one in self.sentinels:
            one.start()
        wait_for(self._settled, "Sentinels that know each other and the replicas")
        return self

    def _settled(self) -> bool:
        states: list[Any] = [one.client.sentinel_master("sanban") for one in self.sentinels]
        return all((int(state["num-slaves"]), int(state["num-other-sentinels"])) == (2, 2) for state in states)

    def master(self) -> Server:
        """Whom the Sentinels call the master."""
        rows: Any = self.sentinels[0].client.sentinel_get_master_addr_by_name("sanban")
        return next(one for one in self.servers if one.port == int(rows[1]))

    def stop(self) -> None:
        for one in (*self.sentinels, *self.servers):
            one.stop()


@dataclass
class Load:
    """Kiosks that ask until they are answered, with one request key a number, and remember the answers."""

    settings: Settings
    halls: list[str]
    kiosks: int = 4
    #: by hall: number → ticket id, as answered
    answered: dict[str, dict[str, str]] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    refused: int = 0
    retried: int = 0
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._kiosk, args=(at,)) for at in range(self.kiosks)]

    def start(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(120)

    def _kiosk(self, at: int) -> None:
        sanban, count = build(self.settings), 0
        while not self._stop.is_set():
            hall = self.halls[(at + count) % len(self.halls)]
            count += 1
            self._number(sanban, hall, f"{at}-{count}-{uuid.uuid4().hex[:8]}")

    def _number(self, sanban: Sanban, hall: str, key: str) -> None:
        tries = 0
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                ticket = sanban.tickets.issue(Caller(by="kiosk", key=key), hall, Wish(services=("a1",))).ticket
            except (StoreAway, RedisError):
                tries += 1
                with self._lock:
                    self.refused += 1
                time.sleep(0.1)  # as a kiosk waits before it asks again
                continue
            with self._lock:
                self.retried += tries > 0
                self.times.append(time.monotonic())
                numbers = self.answered.setdefault(hall, {})
                if ticket["number"] in numbers:
                    self.twice.append(ticket["number"])
                numbers[ticket["number"]] = ticket["id"]
            return

    def await_answers(self, count: int, hall: str | None = None) -> None:
        """Wait until so many more have been answered (of a hall)."""
        wanted = self._count(hall) + count
        wait_for(lambda: self._count(hall) >= wanted, f"{count} more answers", 120)

    def _count(self, hall: str | None) -> int:
        return sum(len(numbers) for name, numbers in self.answered.items() if hall in (None, name))

    def longest_silence(self) -> float:
        """Seconds between two answers at most: how long it took to recover."""
        ordered = sorted(self.times)
        return max((later - earlier for earlier, later in pairwise(ordered)), default=0.0)

    def figures(self, lost: int) -> dict[str, float]:
        """What is kept of a run."""
        return {
            "numbers answered": len(self.times),
            "tries refused": self.refused,
            "numbers that needed another try": self.retried,
            "numbers lost": lost,
            "seconds without an answer, longest": round(self.longest_silence(), 1),
        }

    def lost(self) -> list[str]:
        """Numbers that were answered and are not in the store now."""
        sanban = build(self.settings)
        gone = []
        for hall, numbers in self.answered.items():
            there = sanban.store.snapshot(hall).tickets
            gone += [number for number, ticket in numbers.items() if there.get(ticket, {}).get("number") != number]
        return gone


def open_halls(settings: Settings, *halls: str) -> None:
    sanban = build(settings)
    for hall in halls:
        sanban.halls.save(live_hall(hall), Caller(by="setup"))


def settings_of(home: Path, url: str, copies: int) -> Settings:
    return Settings(data_dir=home, secret_key=KEY, redis_url=url, store_copies=copies)


class Shards:
    """Three shards, each with a replica, as deploy/ has them, and a server for jobs."""

    def __init__(self, home: Path) -> None:
        self.servers = [Server(home / f"node{at}", "cluster.conf", {}) for at in range(6)]

    @property
    def url(self) -> str:
        return f"redis+cluster://127.0.0.1:{self.servers[0].port}"

    def start(self) -> Shards:
        for one in self.servers:
            one.start()
        masters, replicas = self.servers[:3], self.servers[3:]
        bounds = [0, 5461, 10923, 16384]
        for at, one in enumerate(masters):
            one.cluster("ADDSLOTSRANGE", bounds[at], bounds[at + 1] - 1)
            one.cluster("SET-CONFIG-EPOCH", at + 1)
        for one in self.servers[1:]:
            one.cluster("MEET", "127.0.0.1", masters[0].port, masters[0].bus)
        wait_for(lambda: all(len(self.nodes(one)) == 6 for one in self.servers), "nodes that know each other")
        for master, replica in zip(masters, replicas, strict=True):
            name = master.cluster("MYID")
            replica.cluster("REPLICATE", name)
        wait_for(lambda: all(map(_in_step, replicas)), "replicas that have everything")
        wait_for(lambda: all(self._whole(one) for one in self.servers), "the cluster")
        return self

    @staticmethod
    def nodes(server: Server) -> list[str]:
        return server.cluster("NODES").splitlines()

    @staticmethod
    def _whole(server: Server) -> bool:
        return "cluster_state:ok" in server.cluster("INFO")

    def master_of(self, settings: Settings, hall: str) -> Server:
        """The server that has a hall."""
        store = build(settings).store
        port = int(str(server_of(store.moves, Keys(hall).hall).connection_pool.connection_kwargs["port"]))
        return next(one for one in self.servers if one.port == port)

    def stop(self) -> None:
        for one in self.servers:
            one.stop()
