"""deploy/ as it is used: nginx before the running system, the units as systemd reads them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websocket import WebSocket, WebSocketBadStatusException, create_connection

from hall import processes
from hall.domain.setting_names import NAMES
from hall.settings import Settings
from hall.store.embedded import EmbeddedServer
from tests.ports import free_port
from tests.system.serving import ROOT, Browser, Serving, environment, wait_for

DEPLOY = ROOT / "deploy"
PASSWORD = "a long enough password"
_MAIN = """
daemon off; worker_processes 1; pid {home}/pid; error_log {home}/error.log;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f;
    uwsgi_temp_path {home}/u; scgi_temp_path {home}/s; access_log off;
    include {home}/sanban.conf;
}}
"""


class Nginx:
    """deploy/nginx/sanban.conf with this test's ports, paths and certificate in the lines it calls yours."""

    def __init__(self, home: Path, *machines: int) -> None:
        self.home, self.port, self.plain = home, free_port(), free_port()
        _certificate(home)
        config = (DEPLOY / "nginx" / "sanban.conf").read_text("utf-8")
        for old, new in {
            "    server 127.0.0.1:8000;": "".join(f"    server 127.0.0.1:{machine};" for machine in machines),
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "server_name hall.example.org;": "server_name localhost;",
            "/etc/ssl/sanban/": f"{home}/",
            "/var/log/nginx/": f"{home}/",
        }.items():
            assert old in config, old
            config = config.replace(old, new)
        (home / "sanban.conf").write_text(config, "utf-8")
        (home / "nginx.conf").write_text(_MAIN.format(home=home), "utf-8")
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "tests/install_system.sh installs it"
        self._command = [program, "-c", str(home / "nginx.conf"), "-p", str(home), "-e", str(home / "error.log")]
        self._process: subprocess.Popen[bytes] | None = None

    def test(self) -> str:
        done = subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
        wait_for(lambda: (self.home / "pid").exists() and (self.home / "pid").read_text().strip(), "nginx")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)


def _certificate(home: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = serialization.Encoding.PEM
    (home / "fullchain.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    (home / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, Nginx]]:
    """A running system, and nginx before it and before a second machine that is away."""
    home = tmp_path_factory.mktemp("behind")
    serving = Serving(home)
    nginx = Nginx(home, serving.port, free_port())
    serving.env |= {"SANBAN_METRICS_BIND": f"127.0.0.1:{free_port()}"}
    serving.env |= {"SANBAN_TRUSTED_PROXIES": "127.0.0.1", "SANBAN_PUBLIC_URL": f"https://localhost:{nginx.port}"}
    serving.start()
    nginx.test()
    nginx.start()
    yield serving, nginx
    nginx.stop()
    serving.stop()


def trusting(nginx: Nginx) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(nginx.home / "fullchain.pem"))


def live(nginx: Nginx, cookie: str, origin: str) -> WebSocket:
    """A page's socket through nginx."""
    return create_connection(
        f"wss://localhost:{nginx.port}/socket.io/?EIO=4&transport=websocket",
        timeout=20,
        sslopt={"context": trusting(nginx)},
        cookie=cookie,
        origin=origin,
    )


def heard(socket: WebSocket, start: str, holds: str = "") -> str:
    while True:
        frame = str(socket.recv())
        if frame == "2":
            socket.send("3")
        elif frame.startswith(start) and holds in frame:
            return frame


@pytest.mark.long
def test_staff_sign_in_and_a_page_is_live_through_nginx(behind: tuple[Serving, Nginx]) -> None:
    serving, nginx = behind
    browser = Browser(f"https://localhost:{nginx.port}", trusting(nginx))
    form = {"name": "boss", "password": PASSWORD, "again": PASSWORD}
    there = browser.submit(serving.links["console"], **form)
    assert (there.status, there.address) == (200, f"{browser.url}/console/"), there.text[:500]
    assert all(cookie.secure for cookie in browser.cookies)

    sent = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    page = live(nginx, sent, browser.url)
    try:
        heard(page, "0")
        page.send("40/live,{}")
        heard(page, "40/live")
        page.send("42/live,1" + json.dumps(["join", {"room": "changshou/floor"}]))
        assert "problem" not in heard(page, "43/live,1")
        token = serving.cli("token", "add", "--hall", "changshou", "--role", "clerk")
        asked = {"services": ["senior-card"]}
        answer = browser.ask("POST", "/api/v1/halls/changshou/tickets", asked, Authorization=f"Bearer {token}")
        assert answer.status == 201, answer.text
        assert answer.json()["url"].startswith(browser.url)
        assert answer.json()["number"] in heard(page, "42/live,", answer.json()["number"])
    finally:
        page.close()


@pytest.mark.long
def test_a_page_of_elsewhere_gets_no_socket(behind: tuple[Serving, Nginx]) -> None:
    with pytest.raises(WebSocketBadStatusException):
        live(behind[1], "", "https://elsewhere.example.org")


@pytest.mark.long
def test_logs_hold_no_address_of_a_ticket(behind: tuple[Serving, Nginx]) -> None:
    serving, nginx = behind
    browser = Browser(f"https://localhost:{nginx.port}", trusting(nginx))
    token = serving.cli("token", "add", "--hall", "changshou", "--role", "clerk")
    asked = {"services": ["senior-card"]}
    made = browser.ask("POST", "/api/v1/halls/changshou/tickets", asked, Authorization=f"Bearer {token}").json()
    name = browser.ask("GET", f"/t/{made['token']}").headers["X-Request-ID"]
    log = wait_for(lambda: name in (text := (nginx.home / "sanban.log").read_text()) and text, "the line in the log")
    assert made["token"] not in log
    assert made["token"].split(".")[-1] not in log
    assert "/t/" not in (nginx.home / "sanban.error.log").read_text()


def figures(serving: Serving) -> dict[str, float]:
    """What Prometheus would read, by series."""
    text = Browser(f"http://{serving.env['SANBAN_METRICS_BIND']}").ask("GET", "/metrics").text
    rows = (line.rpartition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return {series: float(value) for series, _, value in rows}


@pytest.mark.long
def test_prometheus_reads_every_web_process_and_no_address(behind: tuple[Serving, Nginx]) -> None:
    serving, nginx = behind
    token = serving.cli("token", "add", "--hall", "changshou", "--role", "clerk")
    asked = {"services": ["senior-card"]}
    browser = serving.browser()
    made = browser.ask("POST", "/api/v1/halls/changshou/tickets", asked, Authorization=f"Bearer {token}").json()
    assert browser.ask("GET", f"/api/v1/tickets/{made['token']}").status == 200
    issued = 'sanban_request_seconds_count{method="POST",route="/api/v1/halls/<hall>/tickets",status="201"}'
    found = wait_for(lambda: (seen := figures(serving)).get(issued) and seen, "the figures")
    assert found['sanban_request_seconds_count{method="GET",route="/api/v1/tickets/<token>",status="200"}'] >= 1
    assert found['sanban_move_seconds_count{move="issue"}'] >= 1
    assert found["sanban_store_up"] == 1
    assert "sanban_sockets" in found
    wait_for(lambda: figures(serving)["sanban_pump_lag_seconds_count"] >= 1, "the pump's figures")
    assert not [series for series in found if made["token"].split(".")[-1] in series]
    refused = Browser(f"https://localhost:{nginx.port}", trusting(nginx)).ask("GET", "/metrics")
    assert refused.status == 404


# systemd -------------------------------------------------------------------------------------


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/sanban/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    started = sorted(re.findall(r"sanban@\w+\.service", (DEPLOY / "systemd" / "sanban.target").read_text("utf-8")))
    assert started == sorted(f"sanban@{name}.service" for name in ("store", *processes.NAMES) if name != "metrics")
    (tmp_path / "sanban@.service").rename(tmp_path / "sanban@web.service")
    shutil.copy(tmp_path / "sanban@web.service", tmp_path / "sanban@store.service")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
    files = [str(tmp_path / name) for name in ("sanban@web.service", "sanban@store.service")]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_settings_are_settings(tmp_path: Path) -> None:
    lines = (DEPLOY / "systemd" / "sanban.env").read_text("utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= set(NAMES)
    moved = {name: value.replace("/var/lib/sanban", str(tmp_path)) for name, value in given.items()}
    here = Settings.load(moved)
    assert here.redis_url == EmbeddedServer(here.data_dir / "store").url
    assert [str(network) for network in here.trusted_proxies] == ["127.0.0.1/32"]


@pytest.fixture
def one_by_one(tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Starts processes as the units do."""
    port, started = free_port(), []
    url = EmbeddedServer(tmp_path / "store").url
    env = environment(tmp_path, port, SANBAN_REDIS_URL=url)

    def start(name: str) -> subprocess.Popen[bytes]:
        """The process takes the place of the one that systemd started."""
        command = [sys.executable, "-m", "hall", "process", name]
        started.append(subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL))
        return started[-1]

    yield start
    for one in reversed(started):
        if one.poll() is None:
            one.send_signal(signal.SIGTERM)
            one.wait(30)


@pytest.mark.long
def test_processes_start_one_by_one_and_end_when_asked(
    one_by_one: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    store = one_by_one("store")
    wait_for((tmp_path / "store" / "store.sock").exists, "the store")
    archiver = one_by_one("archiver")
    wait_for((tmp_path / "archive.sqlite").exists, "the archive")
    archiver.terminate()
    archiver.wait(30)
    store.terminate()
    assert store.wait(30) == 0
