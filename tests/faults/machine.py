"""A machine that is unwell: its disk full, read-only or slow, its clock wrong. A library of ours (shim.c) stands
between the processes and the system, so that nobody needs to be root and nothing but these processes is touched."""

from __future__ import annotations

import errno
import mmap
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SOURCE = Path(__file__).with_name("shim.c")
_CONTROL = struct.Struct("qqq")


class Machine:
    """What `env` is given to runs on it. `disk`: the directory whose disk is meant."""

    def __init__(self, home: Path, disk: Path) -> None:
        library, control = home / "shim.so", home / "control"
        command = ["cc", "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        control.write_bytes(bytes(_CONTROL.size))
        with control.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), _CONTROL.size)
        #: seconds the clock is ahead of the true one
        self.ahead = 0
        self._fsync_ms = self._refusal = 0
        self.env = {"LD_PRELOAD": str(library), "FAULTS_CONTROL": str(control), "FAULTS_DISK": str(disk.resolve())}

    def step_clock(self, seconds: int) -> None:
        """The wall clock is set ahead, or back, by so much more."""
        self.ahead += seconds
        self._turn()

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """Another program took the last byte, until it gives it back."""
        yield from self._refusing(errno.ENOSPC)

    @contextmanager
    def read_only_disk(self) -> Iterator[None]:
        """The kernel took the disk away after an error, until somebody mounts it again."""
        yield from self._refusing(errno.EROFS)

    @contextmanager
    def slow_disk(self, milliseconds: int) -> Iterator[None]:
        """Every write that is to be on the disk takes longer."""
        self._fsync_ms = milliseconds
        self._turn()
        try:
            yield
        finally:
            self._fsync_ms = 0
            self._turn()

    def _refusing(self, number: int) -> Iterator[None]:
        self._refusal = number
        self._turn()
        try:
            yield
        finally:
            self._refusal = 0
            self._turn()

    def _turn(self) -> None:
        self._page[:] = _CONTROL.pack(self.ahead, self._fsync_ms, self._refusal)
