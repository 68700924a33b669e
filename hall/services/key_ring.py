"""The wrapping keys, which wrap the keys of people: which one is new, which are retired, and the file they are in. A
wrapping key is made of the installation's key *and* what the file says, so that neither alone opens anything."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


class RotationBusy(RuntimeError):
    """Somebody rotates the keys at this moment."""


class BadKeyRing(ValueError):
    """The file of the wrapping keys cannot be read, or is damaged."""


@dataclass(frozen=True, slots=True)
class Wrapping:
    """One generation, from 1 on; 0 is made of the installation's key alone and is in no file. Times in ms UTC.
    `finished`: every person's key is wrapped with it; `retired`: a later one was finished."""

    generation: int
    salt: bytes
    made: int
    finished: int | None = None
    retired: int | None = None

    def as_data(self) -> dict[str, Any]:
        times = {"made": self.made, "finished": self.finished, "retired": self.retired}
        return {"generation": self.generation, "salt": base64.b64encode(self.salt).decode(), **times}


class KeyRing:
    """`path` None: there is no file, and generation 0 wraps everything (tests)."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._kept: tuple[Wrapping, ...] = ()

    def all(self) -> tuple[Wrapping, ...]:
        """Oldest first. Read anew when the file changed: a rotation happens while we run. Raises `BadKeyRing`."""
        if self._path is None:
            return ()
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return ()
        now = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if now != self._seen:
            self._kept, self._seen = _read(self._path), now
        return self._kept

    @property
    def newest(self) -> int:
        kept = self.all()
        return kept[-1].generation if kept else 0

    def salt(self, generation: int) -> bytes | None:
        """None: for generation 0, which needs none. Raises `KeyError` for one that was destroyed or never was."""
        return None if generation == 0 else {one.generation: one.salt for one in self.all()}[generation]

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Only one process changes the ring. Raises `RotationBusy`."""
        path = self._file()
        with path.with_name(f"{path.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise RotationBusy() from None
            yield

    def begin(self, now: int) -> int:
        """The generation everything is to be wrapped with: the one an interrupted rotation began, else a new one."""
        kept = self.all()
        if kept and kept[-1].finished is None:
            return kept[-1].generation
        made = Wrapping(self.newest + 1, os.urandom(32), now)
        self._write((*kept, made))
        return made.generation

    def finish(self, now: int) -> None:
        """Nothing is wrapped with an older one any more."""
        *older, newest = self.all()
        retired = [one if one.retired else replace(one, retired=now) for one in older]
        self._write((*retired, replace(newest, finished=now)))

    def destroy(self, retired_before: int) -> list[int]:
        """Destroy keys that were retired so long ago that no backup is read any more that needs them. Returns their
        generations."""
        old = [one for one in self.all() if one.retired is not None and one.retired < retired_before]
        if old:
            self._write(tuple(one for one in self.all() if one not in old))
        return [one.generation for one in old]

    def _file(self) -> Path:
        if self._path is None:
            raise BadKeyRing("this installation has no file of wrapping keys")
        return self._path

    def _write(self, kept: tuple[Wrapping, ...]) -> None:
        """Whole or not at all, and on the disk before anything is wrapped with it."""
        path = self._file()
        handle, name = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # readable by its owner alone
        with os.fdopen(handle, "w") as file:
            json.dump([one.as_data() for one in kept], file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _read(path: Path) -> tuple[Wrapping, ...]:
    try:
        rows = json.loads(path.read_text("utf-8"))
        return tuple(Wrapping(**{**row, "salt": base64.b64decode(row["salt"], validate=True)}) for row in rows)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadKeyRing(f"{path}: {type(error).__name__}") from error
