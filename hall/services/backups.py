"""Backups of an installation: made while it works, checked, put back into an empty one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from sqlalchemy import create_engine

from hall.archive import dump
from hall.archive.archive import driver, engine_of
from hall.services.backup_file import BadBackup, Reader, Writer
from hall.settings import Settings
from hall.store import layout, snapshots
from hall.store.connect import connect
from hall.store.keys import BACKUP, HALLS
from hall.store.store import Store

_HOUR = 3600 * 1000
_CHUNK = 1024 * 1024
#: directories of the data directory that a backup holds; never the keys, the logs, or what is exported otherwise
_FOLDERS = ("voice", "voices", "audit")
_NAME = re.compile(r"sanban-\d{8}T\d{6}Z\.backup")
_ARCHIVE, _STORE, _FILE = "archive.jsonl", "store.rdb", "file/"


class Made(NamedTuple):
    """A backup: its file, its size in bytes, and the moment it is of (ms UTC)."""

    path: Path
    size: int
    at: int


class Restored(NamedTuple):
    """When the backup was made (UTC), and how many keys, rows of the archive and files were put back."""

    made: str
    keys: int
    rows: int
    files: int


@dataclass(frozen=True, slots=True)
class Backups:
    settings: Settings
    store: Store

    def make(self, directory: Path) -> Made:
        """Write a backup into a directory, and beside it its checksum (`sha256sum -c`). It is whole or not there.
        Raises `SnapshotRefused`, a store's or database's error, or `OSError`."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        at = self.store.clock()
        name = datetime.fromtimestamp(at / 1000, UTC).strftime("sanban-%Y%m%dT%H%M%SZ.backup")
        handle, draft = tempfile.mkstemp(prefix=".", suffix=".part", dir=directory)
        try:
            with os.fdopen(handle, "wb") as file:
                self._write(file, at)
                file.flush()
                os.fsync(file.fileno())
            self._verify(Path(draft))
            _sum_beside(directory / name, Path(draft))
            Path(draft).replace(directory / name)
        finally:
            Path(draft).unlink(missing_ok=True)
        return Made(directory / name, (directory / name).stat().st_size, at)

    def _write(self, file: IO[bytes], at: int) -> None:
        writer = Writer(
            file, self.settings.secret_key, datetime.fromtimestamp(at / 1000, UTC).isoformat("T", "seconds")
        )
        # The archive first: what it has, the store's journal has too, or had before. The other way round a restored
        # archive would know entries that the restored hall never had.
        archive = engine_of(self.settings.archive)  # of whatever version: a backup comes before its migration
        try:
            writer.part(_ARCHIVE, dump.lines(archive))
        finally:
            archive.dispose()
        for number, server in enumerate(snapshots.servers(self.store.moves)):
            writer.part(f"{_STORE}/{number}", snapshots.image(server))
        for path in self._files():
            with path.open("rb") as content:
                writer.part(_FILE + str(path.relative_to(self.settings.data_dir)), _chunks(content))
        writer.close()

    def _files(self) -> Iterator[Path]:
        for folder in _FOLDERS:
            yield from sorted(path for path in (self.settings.data_dir / folder).rglob("*") if path.is_file())

    def _verify(self, path: Path) -> None:
        """Read it as a restore would: a disk that swallows is found today."""
        check(path, self.settings.secret_key)

    # By the timer ----------------------------------------------------------------------------

    def due(self) -> bool:
        """It is time for the next one of those that make themselves."""
        if self.settings.backup_dir is None:
            return False
        last = self.last()
        tried = max(int(last.get("at", 0)), int(last.get("tried", 0)) - (self.settings.backup_hours - 1) * _HOUR)
        return self.store.clock() - tried >= self.settings.backup_hours * _HOUR

    def last(self) -> dict[str, Any]:
        """`at`, `path`, `size` of the last good one; `tried` and `error` when a later one failed. {}: none yet."""
        text = cast(str | None, self.store.reads.get(BACKUP))
        return json.loads(text) if text else {}

    def make_scheduled(self) -> Made:
        """One by the timer: noted in the store, and old ones removed. What fails is tried again after an hour."""
        directory = self.settings.backup_dir
        if directory is None:
            raise BadBackup("SANBAN_BACKUP_DIR is not set")
        try:
            made = self.make(directory)
        except Exception as error:
            failed = {**self.last(), "tried": self.store.clock(), "error": type(error).__name__}
            self.store.moves.set(BACKUP, json.dumps(failed))
            raise
        self.note(made)
        prune(directory, made.at - self.settings.backup_days * 24 * _HOUR)
        return made

    def note(self, made: Made) -> None:
        self.store.moves.set(BACKUP, json.dumps({"at": made.at, "path": str(made.path), "size": made.size}))


def prune(directory: Path, older_than: int) -> list[str]:
    """Remove those made before a moment (ms UTC), the newest never. Returns what went: only what looks like ours."""
    oldest = datetime.fromtimestamp(older_than / 1000, UTC).strftime("sanban-%Y%m%dT%H%M%SZ.backup")
    found = sorted(path.name for path in directory.iterdir() if _NAME.fullmatch(path.name))
    gone = [name for name in found[:-1] if name < oldest]
    for name in gone:
        (directory / name).unlink()
        (directory / f"{name}.sha256").unlink(missing_ok=True)
    return gone


def check(path: Path, key: bytes) -> str:
    """Read a backup to its end. Returns when it was made. Raises `BadBackup`."""
    with path.open("rb") as file:
        reader = Reader(file, key)
        for _, data in reader.parts():
            for _ in data:
                continue
        return reader.made


def restore(path: Path, settings: Settings, store_url: str, skip: int) -> Restored:
    """Put a backup into an empty installation; `skip`: see `snapshots.begin_anew`. It is read to its end before
    anything is written. Raises `BadBackup`, `NotEmpty`, `ArchiveNotEmpty`; `UnknownLayout` of
    one that a newer Sanban made."""
    check(path, settings.secret_key)
    files, images = 0, []
    # In the data directory: there is room, and it is as private as what will be there.
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.data_dir) as name, path.open("rb") as file:
        scratch, reader = Path(name), Reader(file, settings.secret_key)
        for part, data in reader.parts():
            if part.startswith(_FILE):
                files += _file(settings.data_dir, part.removeprefix(_FILE), data)
                continue
            target = scratch / part.replace("/", ".")
            with target.open("wb") as out:
                out.writelines(data)
            images += [target] if part.startswith(_STORE) else []
        with snapshots.reading(images, scratch) as sources:
            rows = _fill(settings, scratch / _ARCHIVE)
            keys = snapshots.put_back(sources, store_url)
    store = connect(store_url, retries=False)
    for hall_id in sorted(cast(set[str], store.smembers(HALLS))):
        layout.move(store, hall_id, layout.NEWEST)
    snapshots.begin_anew(store, skip)
    return Restored(reader.made, keys, rows, files)


def _fill(settings: Settings, path: Path) -> int:
    engine = create_engine(driver(settings.archive))
    try:
        with path.open("rb") as lines:
            return dump.fill(engine, lines)
    finally:
        engine.dispose()


def _file(home: Path, name: str, data: Iterator[bytes]) -> int:
    path = (home / name).resolve()
    if not path.is_relative_to(home.resolve()) or name.split("/")[0] not in _FOLDERS:
        raise BadBackup(f"it holds a file of an unknown place: {name}")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as out:
        out.writelines(data)
    return 1


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _sum_beside(path: Path, content: Path) -> None:
    """As sha256sum writes it."""
    with content.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n", "utf-8")
