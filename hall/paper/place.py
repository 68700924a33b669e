"""Where a printer of kind `file` may write. Whoever describes the hall names the path, and a print empties the file
first: so only a device, or a file of the directory that is there for it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

_DEVICES: Final = Path("/dev")


def place(path: str, folder: Path | None) -> Path | None:
    """Where a path leads, links followed: a character device under /dev/, or a file in `folder`, whose names need no
    directory before them. None: anywhere else. What is not there yet is judged by where it would be."""
    try:
        where = Path(folder or _DEVICES, path).resolve()
        mode = where.stat().st_mode if where.exists() else None
        own = folder is not None and where != folder.resolve() and where.is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, a name no file can have
        return None
    kind = stat.S_ISREG if own else stat.S_ISCHR
    inside = own or where.is_relative_to(_DEVICES)
    return where if inside and (mode is None or kind(mode)) else None


def ready(path: str, folder: Path | None) -> Path:
    """The place, with the directory made when it is the first print. Raises `PermissionError`."""
    where = place(path, folder)
    if where is None:
        raise PermissionError(f"{path} is no device under /dev/ and no file in {folder}")
    if folder is not None and where.is_relative_to(folder.resolve()):
        folder.mkdir(mode=0o700, exist_ok=True)
    return where


def opened(path: str, folder: Path | None) -> BinaryIO:
    """The place, open and empty. It is looked at once more when it is open: it may have changed since."""
    where = ready(path, folder)
    device = where.is_relative_to(_DEVICES) and not (folder is not None and where.is_relative_to(folder.resolve()))
    flags = os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC | (os.O_NOCTTY if device else os.O_CREAT)
    handle = os.open(where, flags, 0o600)
    mode = os.fstat(handle).st_mode
    if not (stat.S_ISCHR(mode) if device else stat.S_ISREG(mode)):
        os.close(handle)
        raise PermissionError(f"{path} is no device and no file")
    if not device:
        os.ftruncate(handle, 0)
    return os.fdopen(handle, "wb")
