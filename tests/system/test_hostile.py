"""Nothing that is sent makes the running system fail, stops anybody else, or is told how we are made: what Schemathesis
thinks of, clients that send a byte a second, and what no HTTP is."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import pytest

from tests.leaks import told
from tests.ports import free_port
from tests.system.serving import ROOT, Serving, wait_for
from tests.system.slow import Slow, ended, received
from tests.system.test_deploy import Nginx

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "tells_nothing_of_us"  # ours: schemathesis_hooks.py
)
#: places that are there: others would be refused at the door, as tests/web shows
CONFIG = """
[parameters]
"path.hall" = "changshou"
"path.window" = "{window}"
"path.line" = "{line}"
"path.number" = "{number}"
"path.token" = "{token}"
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    here = Serving(tmp_path_factory.mktemp("running"), SANBAN_LIMITS="off").start()
    yield here
    here.stop()


@pytest.mark.parametrize("who", ["manager", "nobody"])
def test_no_request_makes_the_server_fail(running: Serving, tmp_path: Path, who: str) -> None:
    manager = {"Authorization": f"Bearer {running.cli('token', 'add', '--role', 'manager')}"}
    browser, hall = running.browser(), "/api/v1/halls/changshou"
    services = browser.ask("GET", f"{hall}/services").json()
    # Whatever was asked before may have closed the hall for today.
    wish = {"services": [services["services"][0]["id"]], "override": "test"}
    ticket = browser.ask("POST", f"{hall}/tickets", wish, **manager).json()
    config = tmp_path / "schemathesis.toml"
    window = services["windows"][0]["id"]
    config.write_text(CONFIG.format(window=window, line=ticket["line"], token=ticket["token"], number=ticket["number"]))
    tool = str(Path(sys.executable).with_name("schemathesis"))
    command = [tool, "--config-file", str(config), "run"]
    command += [f"{running.url}/api/v1/openapi.json", "--checks", CHECKS, "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "10", "--seed", "1", "--generation-database", "none", "--no-color"]
    command += ["--suppress-health-check", "all", "--request-timeout", "20", "--warnings", "off"]
    if who == "manager":
        command += ["-H", f"Authorization: {manager['Authorization']}"]
    env = {
        **os.environ,
        "COLUMNS": "120",
        "SCHEMATHESIS_HOOKS": "tests.system.schemathesis_hooks",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
    assert browser.ask("GET", "/readyz").status == 200
    log = (running.directory / "var" / "logs" / "web.log").read_text()
    assert '"level": "error"' not in log
    assert ticket["token"] not in log


# Slow, too much, no HTTP ---------------------------------------------------------------------

#: slow connections at once: a worker that served one a time, or one a thread, would be full many times over
SLOW = 200
TICKS = 2
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Slow: "
POST = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
BODY = POST + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n"


def test_hundreds_of_slow_clients_stop_nobody(running: Serving) -> None:
    browser, token = running.browser(), running.cli("token", "add", "--role", "clerk")
    services = browser.ask("GET", "/api/v1/halls/changshou/services").json()
    wish = {"services": [services["services"][0]["id"]]}
    with ExitStack() as open_:
        heads, bodies = (open_.enter_context(Slow(running.port, begun, SLOW)) for begun in (HEAD, BODY))
        answered = 0
        while min(heads.ticks, bodies.ticks) < TICKS:
            assert browser.ask("GET", "/readyz").status == 200
            answered += 1
        assert answered >= TICKS
        made = browser.ask("POST", "/api/v1/halls/changshou/tickets", wish, Authorization=f"Bearer {token}")
        assert made.status in (201, 409), made.text  # 409: the hall is closed at this hour
        heads.stop()
        # They were not refused either: who is slow but honest is served in the end.
        for one in islice(heads.sockets, 5):
            one.sendall(b"\r\n\r\n")
            assert received(one).startswith(b"HTTP/1.1 200")


WRONG = {
    "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no version": b"GET /\r\n\r\n",
    "a line too long": b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a field too long": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 70_000 + b"\r\n\r\n",
    "too many fields": b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: a\r\n" * 300 + b"\r\n",
    "a length below nothing": b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks of no length": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_request_is_refused_and_told_nothing(running: Serving, what: str) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=15) as one:
        try:
            one.sendall(WRONG[what])
            one.shutdown(socket.SHUT_WR)
            answer = received(one).decode("latin-1")
        except OSError:
            answer = ""  # refused before it was read to its end
    head, _, body = answer.partition("\r\n\r\n")
    assert answer == "" or head.split()[1][0] == "4", answer[:300]
    fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    assert told(body, fields) == []
    assert running.browser().ask("GET", "/healthz").status == 200


def test_a_body_without_an_end_is_cut_off(running: Serving) -> None:
    """Chunks for ever: 64 KB are the most that any request may hold."""
    head = b"POST /api/v1/halls/changshou/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with socket.create_connection(("127.0.0.1", running.port), timeout=15) as one:
        one.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        answer = b""
        try:
            for _ in range(400):
                one.sendall(b"4000\r\n" + b"a" * 0x4000 + b"\r\n")
            answer = one.recv(65536)
        except OSError:
            pass  # cut off
    assert answer == b"" or answer.split()[1] in (b"401", b"413"), answer[:200]
    assert running.browser().ask("GET", "/healthz").status == 200


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    """The proxy as deploy/ has it, before a machine that is away."""
    here = Nginx(tmp_path, free_port())
    here.start()
    yield here
    here.stop()


def offered(nginx: Nginx, oldest: ssl.TLSVersion, newest: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> str:
    """What the proxy agrees to when a client offers this; empty: nothing."""
    context = ssl.create_default_context(cafile=str(nginx.home / "fullchain.pem"))
    context.minimum_version, context.maximum_version = oldest, newest
    context.set_ciphers(ciphers)
    try:
        with (
            socket.create_connection(("127.0.0.1", nginx.port), timeout=15) as raw,
            context.wrap_socket(raw, server_hostname="localhost") as safe,
        ):
            return str((safe.cipher() or ("",))[0])
    except (ssl.SSLError, ConnectionResetError):
        return ""


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_the_proxy_speaks_no_old_tls_and_no_weak_cipher(nginx: Nginx) -> None:
    old, usual, new = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
    assert offered(nginx, new, new).startswith("TLS_")
    assert "GCM" in offered(nginx, usual, usual)
    assert offered(nginx, old, ssl.TLSVersion.TLSv1_1) == ""
    for weak in ("AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES256-SHA384"):
        assert offered(nginx, usual, usual, f"{weak}:@SECLEVEL=0") == "", weak


def test_only_pages_are_led_from_http_to_https(nginx: Nginx) -> None:
    def asked(path: str) -> bytes:
        with socket.create_connection(("127.0.0.1", nginx.plain), timeout=15) as one:
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            return received(one)

    page, program = asked("/sign-in"), asked("/api/v1/halls/changshou/tickets")
    assert page.startswith(b"HTTP/1.1 301")
    assert b"\r\nLocation: https://localhost/sign-in\r\n" in page
    assert program.startswith(b"HTTP/1.1 403")
    assert b"Location" not in program
    assert b"nginx/" not in page + program


def test_nginx_cuts_slow_clients_off(tmp_path: Path) -> None:
    """The proxy's own limits, with a second for the header that is fifteen in the file."""
    nginx = Nginx(tmp_path, 9)
    config = tmp_path / "sanban.conf"
    text = config.read_text("utf-8")
    assert "client_header_timeout 15s;" in text
    config.write_text(text.replace("client_header_timeout 15s;", "client_header_timeout 1s;"), "utf-8")
    nginx.start()
    try:
        with Slow(nginx.plain, HEAD, 5) as slow:
            # nginx ends them; a byte that is sent after that is answered by a reset
            wait_for(lambda: all(ended(one) for one in slow.sockets), "their end")
    finally:
        nginx.stop()
