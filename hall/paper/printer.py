"""Printers: how each kind is reached, what it says of itself, and when a picture counts as printed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from PIL import Image

from hall.domain.printers import Printer, PrinterState
from hall.paper import place

#: for a connection, an answer, and each strip of a picture
SECONDS: Final = 3
#: what the slowest printers manage, 50 mm; so long a picture may take to come out, and SECONDS more
ROWS_A_SECOND: Final = 400
#: rows a strip: a slow printer must take one within SECONDS
_STRIP: Final = 240
_ONLINE, _PAPER = b"\x10\x04\x01", b"\x10\x04\x04"  # DLE EOT n, answered at once, even between two strips
_DONE = b"\x1d\x72\x01"  # GS r 1, answered in its turn, so after the picture
_OFFLINE_BIT, _NO_PAPER, _LOW_PAPER = 0x08, 0x60, 0x0C


class PrinterFault(Exception):
    """Nothing can be taken as printed. `state` is what the printer is in."""

    def __init__(self, state: PrinterState, why: str) -> None:
        super().__init__(why)
        self.state = state


def load_driver() -> Any:
    """python-escpos, loaded late: web processes draw previews and never print. A worker calls this once before it
    forks, so that no job pays for it."""
    from escpos import capabilities, printer

    # It leaves a directory in /tmp at every start.
    shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return printer


class Seen(NamedTuple):
    """A printer's state, and what it said or did not say."""

    state: PrinterState
    why: str = ""


def look(printer: Printer, folder: Path | None = None) -> Seen:
    """How a printer is, within a few seconds. `folder`: where printers of kind `file` may have files; None: nowhere."""
    if printer.kind == "cups":
        return Seen(_ask_cups(printer.queue), f"lpstat -p {printer.queue}")
    if printer.kind == "file":
        return _ask_file(printer.path, folder)
    try:
        with _opened(printer, folder) as device:
            return Seen(_ask_device(device) if printer.answers else PrinterState.OK)
    except PrinterFault as fault:
        return Seen(fault.state, str(fault))


def ask(printer: Printer, folder: Path | None = None) -> PrinterState:
    """What state a printer is in, within a few seconds."""
    return look(printer, folder).state


def send(printer: Printer, image: Image.Image, folder: Path | None = None) -> PrinterState:
    """Print a picture and cut. Returns the state after it. Raises `PrinterFault` when it did not come out, or
    nobody can know that it did."""
    before = ask(printer, folder) if printer.kind in ("cups", "file") else PrinterState.OK
    if not before.prints:
        raise PrinterFault(before, f"{printer.id} is {before}")
    with _opened(printer, folder) as device:
        asked = printer.answers and printer.kind in ("network", "usb")
        if asked:
            _check(_ask_device(device))
        device.image(image, impl="bitImageRaster", fragment_height=_STRIP)
        device.cut()
        if not asked:
            return PrinterState.OK
        if printer.confirms:
            _await_paper(device, SECONDS + image.height / ROWS_A_SECOND)
        return _check(_ask_device(device))


def _check(state: PrinterState) -> PrinterState:
    if state in (PrinterState.OK, PrinterState.PAPER_LOW):
        return state
    raise PrinterFault(state, f"the printer says {state}")


def _await_paper(device: Any, seconds: float) -> None:
    """Wait until the printer has printed what it was sent."""
    _patience(device, seconds)
    try:
        answer = _query(device, _DONE)
    finally:
        _patience(device, SECONDS)
    if answer & 0x0C == 0x0C:
        raise PrinterFault(PrinterState.PAPER_OUT, "the paper ended")


def _patience(device: Any, seconds: float) -> None:
    """How long a read may last. USB devices have a limit of their own, one second until told otherwise."""
    line = device.device
    if hasattr(line, "settimeout"):
        line.settimeout(seconds)
    elif hasattr(line, "default_timeout"):
        line.default_timeout = round(seconds * 1000)


@contextmanager
def _opened(printer: Printer, folder: Path | None) -> Iterator[Any]:
    """A device that is open. Whatever goes wrong with it is a `PrinterFault`."""
    drivers = load_driver()
    from escpos.exceptions import Error as DriverError
    from usb.core import NoBackendError

    device = _device(drivers, printer, folder)
    try:
        device.open()
        _patience(device, SECONDS)
        yield device
    except (OSError, DriverError, NoBackendError, subprocess.SubprocessError) as error:
        raise PrinterFault(PrinterState.OFFLINE, f"{printer.id}: {error}") from error
    finally:
        _close(device)


def _close(device: Any) -> None:
    try:
        device.close()
    except OSError:
        return  # it is gone: nothing is left to close


def _device(drivers: Any, printer: Printer, folder: Path | None) -> Any:
    if printer.kind == "network":
        return drivers.Network(printer.host, printer.port, timeout=SECONDS)
    if printer.kind == "usb":
        return _usb(drivers, printer)
    if printer.kind == "cups":
        return drivers.LP(printer.queue)
    return _file(drivers, printer.path, folder)


def _file(drivers: Any, path: str, folder: Path | None) -> Any:
    device = drivers.File(path)
    # python-escpos would open, and empty, whatever the path leads to.
    device.open = lambda: setattr(device, "device", place.opened(path, folder))
    return device


def _usb(drivers: Any, printer: Printer) -> Any:
    ends = {"in_ep": printer.usb_in, "out_ep": printer.usb_out}
    device = drivers.Usb(printer.vendor, printer.product, timeout=SECONDS * 1000, **ends)
    # python-escpos resets the device at every opening; asked every five seconds, a printer would do little else.
    device._configure_usb = lambda: None
    return device


def _ask_device(device: Any) -> PrinterState:
    """Ask for the line before the paper: a printer that does not answer must not be taken for one with paper."""
    online = not _query(device, _ONLINE) & _OFFLINE_BIT
    paper = _query(device, _PAPER)
    if paper & _NO_PAPER:  # a printer without paper calls itself offline, too
        return PrinterState.PAPER_OUT
    if not online:
        return PrinterState.OFFLINE
    return PrinterState.PAPER_LOW if paper & _LOW_PAPER else PrinterState.OK


def _query(device: Any, question: bytes) -> int:
    answer = device.query_status(question)
    if not answer:
        raise PrinterFault(PrinterState.OFFLINE, "the printer hung up")
    byte = int(answer[-1])
    # Bits 0, 1, 4, 7 of a status are fixed: anything else is noise or another device.
    if question != _DONE and byte & 0x93 != 0x12:
        raise PrinterFault(PrinterState.UNKNOWN, f"answer {byte:#04x} is not a printer's")
    return byte


def _ask_cups(queue: str) -> PrinterState:
    try:
        english = {**os.environ, "LC_ALL": "C"}
        said = subprocess.run(
            ["lpstat", "-p", queue], capture_output=True, text=True, timeout=SECONDS, check=False, env=english
        )
    except (OSError, subprocess.TimeoutExpired):
        return PrinterState.OFFLINE
    text = said.stdout.lower()
    if said.returncode != 0 or "disabled" in text or "unplugged" in text or "turned off" in text:
        return PrinterState.OFFLINE
    return PrinterState.PAPER_OUT if "media-empty" in text or "out of paper" in text else PrinterState.OK


def _ask_file(path: str, folder: Path | None) -> Seen:
    """A device file that is there, or a directory in which the file can be written."""
    try:
        where = place.ready(path, folder)
        there = where.exists() or where.parent.is_dir()
    except OSError as error:
        return Seen(PrinterState.OFFLINE, str(error))
    return Seen(PrinterState.OK if there else PrinterState.OFFLINE, str(where))
