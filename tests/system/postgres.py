"""A real PostgreSQL of the test's own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from hall.archive.archive import Archive

_OWNER = "postgres"
#: a database with the archive's tables, of which the others are copies
_MADE = "made"


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(str(on_path)).parent


class Postgres:
    """A server on a socket in a directory of its own; it refuses to run as root."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="sanban-pg-"))
        self._as_owner: list[str] = []
        self._made = False
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_OWNER)
            os.chown(self.home, owner.pw_uid, owner.pw_gid)
            self._as_owner = ["runuser", "-u", _OWNER, "--"]
        self._run("initdb", "-D", self._data, "-U", _OWNER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {self.home} -c listen_addresses='' -c fsync=off -c max_connections=60"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-l", str(self.home / "log"), "-w", "start")

    @property
    def _data(self) -> str:
        return str(self.home / "data")

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_owner, str(_binaries() / program), *arguments]
        subprocess.run(command, check=True, cwd=self.home, stdout=subprocess.DEVNULL, timeout=120)

    def url(self, database: str) -> str:
        return f"postgresql://{_OWNER}@/{database}?host={self.home}"

    def new(self, like: str = "template1") -> str:
        """The address of a new, empty database."""
        return self._create(f"t{uuid.uuid4().hex[:12]}", like)

    def new_archive(self) -> str:
        """The address of a new, empty archive."""
        if not self._made:
            Archive(self._create(_MADE, "template1"), migrate=True).close()
            self._made = True
        return self.new(_MADE)

    def _create(self, name: str, like: str) -> str:
        engine = create_engine(self.url("postgres").replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as sql:
            sql.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        engine.dispose()
        return self.url(name)

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.home)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for all tests of this process; each test uses a database of its own on it."""
    running = Postgres()
    yield running
    running.stop()
