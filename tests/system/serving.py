"""`python -m hall serve` as a user starts it: what it prints, its processes, its end."""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "changshou" / "hall.toml"
PATIENCE = 150.0
#: name → what its command line or its name holds
PROCESSES = {
    "store": "valkey-server",
    "web": "gunicorn",
    "follower": "sanban-follower",
    "worker": "sanban-worker",
    "paper": "sanban-paper",
    "archiver": "sanban-archiver",
    "webhooks": "sanban-webhooks",
    "planner": "sanban-planner",
}


def wait_for(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


class Answer(NamedTuple):
    status: int
    text: str
    address: str
    headers: Mapping[str, str] = {}

    def json(self) -> Any:
        return json.loads(self.text)


class Browser:
    """Follows links and fills in forms, with cookies."""

    def __init__(self, url: str, tls: ssl.SSLContext | None = None) -> None:
        self.url = url
        self.cookies = http.cookiejar.CookieJar()
        self.headers: dict[str, str] = {}
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies),
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPSHandler(context=tls),
        )

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        return self._open(urllib.request.Request(self._address(path), data, headers, method=method))  # noqa: S310 - our own address

    def submit(self, path: str, **form: str) -> Answer:
        page = self.ask("GET", path)
        token = re.search('name="csrf-token" content="([^"]+)"', page.text)
        fields = {**form, "csrf_token": token.group(1) if token else ""}
        data = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._address(path), data))  # noqa: S310 - our own address

    def _address(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path

    def _open(self, request: urllib.request.Request) -> Answer:
        for name, value in self.headers.items():
            request.add_header(name, value)
        try:
            with self._opener.open(request, timeout=15) as answer:
                return Answer(answer.status, answer.read().decode(), answer.url, dict(answer.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode(), request.full_url, dict(error.headers))


def environment(directory: Path, port: int, **settings: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    base = {"SANBAN_DATA_DIR": str(directory), "SANBAN_BIND": f"127.0.0.1:{port}", "SANBAN_WEB_WORKERS": "1"}
    return {**own, **base, **settings}


class Serving:
    def __init__(
        self, directory: Path, settings: Mapping[str, str] | None = None, root: Path = ROOT, **more: str
    ) -> None:
        self.directory, self.root = directory, root
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = environment(directory / "var", self.port, **(settings or {}), **more)
        self.process: subprocess.Popen[bytes] | None = None
        self.links: dict[str, str] = {}

    @property
    def printed(self) -> str:
        return (self.directory / "out").read_text()

    @property
    def complained(self) -> str:
        return (self.directory / "err").read_text()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> Serving:
        command = [sys.executable, "-m", "hall", "serve", "--first-hall", str(EXAMPLE)]
        with (self.directory / "out").open("wb") as out, (self.directory / "err").open("wb") as err:
            self.process = subprocess.Popen(
                command,
                cwd=self.root,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                process_group=0,
            )
        wait_for(lambda: "Ctrl-C" in self.printed or (self.process and self.process.poll() is not None), "the links")
        self.links = dict(re.findall(r"^  (\w+) +(http\S+)$", self.printed, re.MULTILINE))
        return self

    def interrupt(self) -> float:
        """Ctrl-C; how many seconds it took to end."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        return time.monotonic() - began

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)

    def cli(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "hall", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def browser(self) -> Browser:
        return Browser(self.url)

    def pids(self, name: str) -> list[int]:
        """The running processes of a name, the oldest first."""
        return [pid for pid in descendants(self.pid) if PROCESSES[name] in command_line(pid)]


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return found
    for child in children:
        found += [child, *descendants(child)]
    return found


def command_line(pid: int) -> str:
    """Of a process and its name behind it: a fork has the command line of what it was forked from."""
    try:
        line, name = (Path(f"/proc/{pid}/{file}").read_bytes() for file in ("cmdline", "comm"))
    except OSError:
        return ""
    return f"{line.replace(bytes(1), b' ').decode()} {name.decode()}"


def alive(pid: int) -> bool:
    """Running, not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
