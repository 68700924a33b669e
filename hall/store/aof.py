"""The embedded server's own file, read without the server: where it is damaged, and what stands behind that place."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

_BODY = re.compile(rb"\r\ne\r\n\$\d+\r\n(\{[^\r\n]*\})\r\n")
_LONGEST_LINE = 64


class Damage(NamedTuple):
    """`at`: the byte where the last whole command before it ends; `behind`: how many bytes follow; `entries`: bodies of
    the journal's entries that stand there."""

    path: Path
    at: int
    behind: int
    entries: list[dict[str, Any]]


class _Unreadable(ValueError):
    """What stands there is no command."""


class _End(Exception):
    """The file ends before the command does."""


def find(directory: Path) -> Damage | None:
    """The damage in the store's file; None when there is none. A command that was cut off at the very end is none: the
    server leaves it out by itself, and it was never answered."""
    paths = sorted((directory / "appendonlydir").glob("*.incr.aof"), key=lambda path: int(path.name.split(".")[-3]))
    for path in paths:
        with path.open("rb") as file:
            at = _first_bad(file)
            if at is not None:
                file.seek(at)
                rest = file.read()
                return Damage(path, at, len(rest), list(_entries(rest)))
    return None


def cut(damage: Damage) -> Path:
    """Keep everything before the damage. Returns where the whole file was copied to before."""
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    copy = damage.path.parents[1] / f"{damage.path.name}.damaged-{moment}"
    shutil.copy2(damage.path, copy)
    with damage.path.open("r+b") as file:
        file.truncate(damage.at)
    return copy


def _first_bad(file: IO[bytes]) -> int | None:
    good = 0
    try:
        while True:
            # What a script did stands between MULTI and EXEC, and counts as a whole.
            if _command(file) == b"MULTI":
                while _command(file) != b"EXEC":
                    continue
            good = file.tell()
    except _End:
        return None
    except _Unreadable:
        return good


def _command(file: IO[bytes]) -> bytes:
    """Read a command; its name, in capitals."""
    parts = [_part(file) for _ in range(_count(file, b"*"))]
    return parts[0].upper() if parts else b""


def _part(file: IO[bytes]) -> bytes:
    length = _count(file, b"$")
    data = file.read(length + 2)
    if len(data) < length + 2:
        raise _End
    if not data.endswith(b"\r\n"):
        raise _Unreadable
    return data[:-2]


def _count(file: IO[bytes], sign: bytes) -> int:
    line = file.readline(_LONGEST_LINE)
    while line.startswith(b"#"):  # a note of the server's, such as the time
        line = file.readline(_LONGEST_LINE)
    if len(line) < _LONGEST_LINE and not line.endswith(b"\n"):
        raise _End
    if not (line.startswith(sign) and line.endswith(b"\r\n") and line[1:-2].isdigit() and int(line[1:-2]) < 1 << 30):
        raise _Unreadable
    return int(line[1:-2])


def _entries(data: bytes) -> Iterator[dict[str, Any]]:
    for body in _BODY.findall(data):
        try:
            yield json.loads(body)
        except ValueError:
            continue  # the damage itself
