"""The server that comes with the installation."""

from __future__ import annotations

import importlib.util
import os
import stat
from pathlib import Path

import pytest

from hall.store.connect import BadStoreURL, connect
from hall.store.embedded import BALLAST_BYTES, EmbeddedServer, StoreBusy, StoreMissing, find_server


def test_a_second_server_on_one_directory_is_refused(durable_server: EmbeddedServer) -> None:
    with pytest.raises(StoreBusy, match=str(durable_server.directory)):
        EmbeddedServer(durable_server.directory).start()
    assert connect(durable_server.url, retries=False).ping(), "the first one lives on"


def test_after_a_stop_the_directory_is_free_again_and_everything_is_there(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path).start()
    connect(server.url, retries=False).set("told", "yes")
    server.stop()
    again = EmbeddedServer(tmp_path).start()
    assert connect(again.url, retries=False).get("told") == "yes"
    again.stop()


def test_a_data_directory_too_deep_for_a_socket_still_works(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-rather-long-directory-name"] * 5)
    server = EmbeddedServer(deep, durable=False).start()
    try:
        assert len(server.url) < 120
        assert connect(server.url, retries=False).ping()
        assert EmbeddedServer(deep).url == server.url, "found again by the same directory"
    finally:
        server.stop()


def test_only_the_owner_can_reach_socket_and_data(durable_server: EmbeddedServer) -> None:
    directory, socket = durable_server.directory, Path(durable_server.url.removeprefix("unix://"))
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(socket.stat().st_mode) == 0o700


def test_a_durable_server_writes_before_it_answers(durable_server: EmbeddedServer) -> None:
    config = connect(durable_server.url, retries=False).config_get("*")
    wanted = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction", "save": "", "port": "0"}
    assert {name: config[name] for name in wanted} == wanted


def test_a_ballast_file_keeps_room_for_a_restart(durable_server: EmbeddedServer) -> None:
    ballast = durable_server.directory / "ballast"
    assert ballast.stat().st_size == BALLAST_BYTES
    assert ballast.stat().st_blocks * 512 >= BALLAST_BYTES, "a sparse file would keep nothing"


def test_the_ballast_is_let_go_when_the_disk_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ballast").write_bytes(b"0")
    free = os.statvfs(tmp_path)
    monkeypatch.setattr("hall.store.embedded.BALLAST_BYTES", free.f_bavail * free.f_frsize * 2)
    server = EmbeddedServer(tmp_path).start()
    server.stop()
    assert not (tmp_path / "ballast").exists()


def test_without_any_server_the_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreMissing, match="SANBAN_REDIS_URL"):
        find_server()


def test_a_server_of_the_system_is_used_when_the_wheel_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    system = tmp_path / "redis-server"
    system.write_text("#!/bin/sh\n")
    system.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_server() == str(system)


def test_a_server_that_does_not_start_is_told_with_its_log(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("a file where the server wants a directory")
    with pytest.raises(StoreMissing, match=r"store\.log"):
        EmbeddedServer(tmp_path).start()
    assert EmbeddedServer(tmp_path).poll() is None


@pytest.mark.parametrize("url", ["http://localhost", "localhost:6379", "redis+sentinel://host:26379"])
def test_a_url_of_no_store_is_refused(url: str) -> None:
    with pytest.raises(BadStoreURL):
        connect(url, retries=False)


def test_a_refused_url_does_not_tell_its_password() -> None:
    with pytest.raises(BadStoreURL) as refusal:
        connect("http://user:secret@host", retries=False)
    assert "secret" not in str(refusal.value)
