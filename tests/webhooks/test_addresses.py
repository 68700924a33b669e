"""Where a webhook may lead: what is connected to is what was checked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hall.domain.errors import BadHallFile
from hall.notices import guard, http
from hall.services import hall_file
from hall.store.embedded import EmbeddedServer
from tests.notices.gateway import Gateway
from tests.webhooks.stage import WebhookHall, settings

NOT_PUBLIC = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),  # noqa: S104
    *("224.0.1.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fc00::1"),
    *("fec0::1", "ff0e::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1"),
)


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_only_public_addresses_are_public(text: str) -> None:
    assert not guard.is_public(ip_address(text))
    assert guard.refusal(ip_address(text), True, ()) == "not_allowed"


def test_public_addresses_need_encryption_and_own_networks_do_not() -> None:
    for text in ("114.114.114.114", "2400:3200::1", "::ffff:114.114.114.114"):
        assert guard.refusal(ip_address(text), True, ()) is None
        assert guard.refusal(ip_address(text), False, ()) == "not_encrypted"
    own = (ip_network("10.20.0.0/16"),)
    assert guard.refusal(ip_address("10.20.3.4"), False, own) is None
    assert guard.refusal(ip_address("::ffff:10.20.3.4"), False, own) is None
    assert guard.refusal(ip_address("10.21.3.4"), True, own) == "not_allowed"


@pytest.fixture
def strict(server: EmbeddedServer, receiver: Gateway, tmp_path: Path) -> WebhookHall:
    """Of a machine whose settings allow nothing more."""
    return WebhookHall.new(settings(tmp_path, server.url, webhook_networks=()), receiver)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "[::ffff:127.0.0.1]"])
def test_this_machine_is_not_reached_however_it_is_written(strict: WebhookHall, receiver: Gateway, host: str) -> None:
    strict.tell(url=receiver.url.replace("127.0.0.1", host))
    strict.take()
    strict.work()
    assert [row["why"] for row in strict.log()] == ["not_allowed"]
    assert receiver.taken == []


def test_a_name_that_leads_to_this_machine_is_looked_up_and_refused_at_every_try(
    strict: WebhookHall, receiver: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is public when it is written down, and private when it is asked for."""
    asked = []

    def look_up(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    strict.tell(url=receiver.url.replace("127.0.0.1", "platform.example.org"))
    strict.take()
    strict.pass_wait()
    strict.work()
    assert strict.log()[0]["why"] == "not_allowed"
    assert asked == ["platform.example.org"] * 2, "once a try: what was looked up is connected to"
    assert receiver.taken == []


def test_a_look_up_that_takes_too_long_is_the_end_of_the_try(
    hall: WebhookHall, receiver: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be sent when another process has begun the next try."""
    monkeypatch.setattr(http, "SECONDS", 0.3)
    found = socket.getaddrinfo("127.0.0.1", receiver._server.server_port, type=socket.SOCK_STREAM)

    def look_up(*args: Any, **more: Any) -> list[Any]:
        time.sleep(2 * http.SECONDS)
        return found

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    hall.take()
    hall.work()
    assert (hall.log()[0]["why"], receiver.taken) == ("timeout", [])


def test_a_redirect_leads_nowhere(hall: WebhookHall, receiver: Gateway) -> None:
    receiver.answers = [307, 200]
    hall.take()
    hall.work()
    assert [one.path for one in receiver.taken] == ["/send"]
    assert hall.log()[0]["why"] == "status 307"


def test_a_proxy_of_the_environment_does_not_connect_instead(
    hall: WebhookHall, receiver: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    hall.take()
    hall.work()
    assert hall.told() == hall.events()


# Encrypted ----------------------------------------------------------------------------------------


def certificate(directory: Path, name: str) -> Path:
    """A self-signed certificate with its key, in one file."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    no = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no)
    path = directory / f"{name}.pem"
    path.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def encrypted(receiver: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """A receiver that calls itself localhost, whose certificate this machine trusts."""
    path = certificate(tmp_path, "localhost")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with Gateway() as here:
        here._server.socket = context.wrap_socket(here._server.socket, server_side=True)
        yield here


def test_an_encrypted_receiver_must_be_who_it_says(hall: WebhookHall, encrypted: Gateway) -> None:
    hall.receiver = encrypted
    address = encrypted.url.replace("http://", "https://")
    hall.tell(url=address)
    hall.take()
    hall.work()
    assert hall.log()[0]["why"] == "unreachable", "the certificate is of another name"
    hall.tell(url=address.replace("127.0.0.1", "localhost"))
    hall.pass_wait()
    hall.work()
    assert hall.told() == hall.events()


def test_a_connection_leaves_nothing_behind(hall: WebhookHall, receiver: Gateway) -> None:
    hall.take()
    hall.work()
    before = threading.active_count()
    for _ in range(5):
        hall.take()
    hall.work()

    def timers() -> list[threading.Thread]:
        return [one for one in threading.enumerate() if isinstance(one, threading.Timer)]

    # One that was cancelled ends at once, another one after ten seconds; the receiver ends a connection by itself.
    until = time.monotonic() + 8
    while (timers() or threading.active_count() > before + 1) and time.monotonic() < until:
        time.sleep(0.01)
    assert timers() == []
    assert threading.active_count() <= before + 1


# Written down -------------------------------------------------------------------------------------

FILE = """
lines = []
services = []
windows = []
[hall]
id = "h"
name = { zh = "厅" }
zone = "Asia/Shanghai"
[hall.hours]
mon = ["09:00-17:00"]
"""
HOOK = 'id = "city"\nurl = "https://p.example.org/h"\nevents = ["ticket.called"]'


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        (HOOK.replace("https:", "ftp:"), "webhooks.1"),
        (HOOK.replace("https://", "https://me:secret@"), "webhooks.1"),
        (HOOK.replace("p.example.org", ""), "webhooks.1"),
        (HOOK.replace("/h", "/#h"), "webhooks.1"),
        (HOOK.replace("org/h", "org:99999/h"), "webhooks.1"),
        (HOOK.replace("ticket.called", "ticket.rated"), "webhooks.1"),
        (HOOK.replace('"ticket.called"', ""), "webhooks.1"),
        (HOOK.replace('"ticket.called"', '"ticket.called", "ticket.called"'), "webhooks.1"),
        (HOOK.replace("city", "The City"), "webhooks.1.id"),
        (HOOK + '\nsecret = "whsec_x"', "webhooks.1.secret"),
        (f"{HOOK}\n[[webhooks]]\n{HOOK}", "webhooks.2.id"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(wrong: str, key: str) -> None:
    with pytest.raises(BadHallFile) as refused:
        hall_file.parse(f"{FILE}\n[[webhooks]]\n{wrong}\n")
    assert str(refused.value.facts["key"]).startswith(key)


def test_webhooks_survive_the_store_and_the_file() -> None:
    hall = hall_file.parse(f"{FILE}\n[[webhooks]]\n{HOOK}\non = false\n")
    assert hall_file.from_data(hall_file.as_data(hall)) == hall
    assert hall_file.parse(hall_file.as_toml(hall_file.as_data(hall))) == hall
