"""Every trouble a printer has ends in the right state, and nothing counts as printed that did not come out."""

from __future__ import annotations

import os
import socket
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from hall.domain.printers import Printer, PrinterState
from hall.paper import printer as printers
from hall.paper.place import opened, place
from hall.paper.printer import PrinterFault, ask, send
from hall.paper.sheet import draw
from hall.paper.ticket import layout
from tests.paper.printer import LoopbackPrinter
from tests.paper.test_ticket import FULL

PICTURE = draw(layout(FULL))


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer that answers is waited for, however slow this machine is."""
    monkeypatch.setattr(printers, "SECONDS", 20)
    monkeypatch.setattr(printers, "ROWS_A_SECOND", 2000)


@pytest.fixture
def hasty(patience: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "SECONDS", 0.3)


@pytest.fixture
def printer() -> Iterator[LoopbackPrinter]:
    with LoopbackPrinter() as here:
        yield here


def at(printer: LoopbackPrinter, *, answers: bool = True, confirms: bool = True) -> Printer:
    return Printer("p1", "network", host="127.0.0.1", port=printer.port, answers=answers, confirms=confirms)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.size == other.size and ImageChops.difference(one.convert("L"), other.convert("L")).getbbox() is None


def fault(printer: LoopbackPrinter, **how: bool) -> PrinterState:
    with pytest.raises(PrinterFault) as caught:
        send(at(printer, **how), PICTURE)
    return caught.value.state


def test_what_comes_out_is_the_picture_dot_by_dot(printer: LoopbackPrinter) -> None:
    assert send(at(printer), PICTURE) == PrinterState.OK
    assert len(printer.printed) == 1
    assert same(printer.printed[0], PICTURE)


def test_one_dot_more_would_be_seen(printer: LoopbackPrinter) -> None:
    send(at(printer), PICTURE)
    other = PICTURE.copy()
    other.putpixel((100, 10), 0 if other.getpixel((100, 10)) else 255)
    assert not same(printer.printed[0], other)


def test_a_well_printer_says_so(printer: LoopbackPrinter) -> None:
    assert ask(at(printer)) == PrinterState.OK


def test_paper_that_is_low_still_prints_and_is_told(printer: LoopbackPrinter) -> None:
    printer.trouble.paper = "low"
    assert ask(at(printer)) == PrinterState.PAPER_LOW
    assert send(at(printer), PICTURE) == PrinterState.PAPER_LOW
    assert len(printer.printed) == 1


def test_a_printer_without_paper_gets_no_picture(printer: LoopbackPrinter) -> None:
    printer.trouble.paper, printer.trouble.offline = "out", True  # such a printer calls itself offline, too
    assert ask(at(printer)) == PrinterState.PAPER_OUT
    assert fault(printer) == PrinterState.PAPER_OUT
    assert not printer.began.is_set()


def test_paper_that_ends_in_the_middle_is_not_a_print(printer: LoopbackPrinter) -> None:
    printer.trouble.ends_in_print = True
    assert fault(printer) == PrinterState.PAPER_OUT
    assert not printer.printed


def test_an_open_cover_is_offline(printer: LoopbackPrinter) -> None:
    printer.trouble.offline = True
    assert ask(at(printer)) == PrinterState.OFFLINE
    assert fault(printer) == PrinterState.OFFLINE
    assert not printer.began.is_set()


@pytest.mark.usefixtures("hasty")
def test_a_printer_that_says_nothing_is_offline_and_not_one_with_plenty_of_paper(printer: LoopbackPrinter) -> None:
    printer.trouble.silent = True
    assert ask(at(printer)) == PrinterState.OFFLINE
    assert fault(printer) == PrinterState.OFFLINE
    assert not printer.began.is_set()


def test_a_printer_that_refuses_is_offline(printer: LoopbackPrinter) -> None:
    printer.unplug()
    assert ask(at(printer)) == PrinterState.OFFLINE
    assert fault(printer) == PrinterState.OFFLINE
    printer.plug_in()
    assert ask(at(printer)) == PrinterState.OK


def test_a_printer_that_hangs_up_at_once_is_offline_and_not_one_with_plenty_of_paper(printer: LoopbackPrinter) -> None:
    printer.trouble.hangs_up = True
    assert ask(at(printer)) == PrinterState.OFFLINE
    assert fault(printer) == PrinterState.OFFLINE


def test_a_printer_that_does_not_confirm_may_be_believed_without(printer: LoopbackPrinter) -> None:
    printer.trouble.ends_in_print = True  # only the confirmation would tell
    assert send(at(printer, confirms=False), PICTURE) == PrinterState.OK


def test_a_printer_that_drops_the_line_in_the_middle_is_offline(printer: LoopbackPrinter) -> None:
    printer.trouble.drops_after = 5000
    assert fault(printer) == PrinterState.OFFLINE
    assert printer.began.is_set() and not printer.printed


def test_a_printer_that_hangs_in_the_middle_is_offline(
    printer: LoopbackPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer.trouble.hangs = True
    monkeypatch.setattr(printers, "SECONDS", 1.5)  # it must get as far as the picture
    assert fault(printer) == PrinterState.OFFLINE
    assert printer.began.is_set() and not printer.printed


def test_a_slow_printer_is_waited_for(printer: LoopbackPrinter) -> None:
    printer.trouble.slow_by = 0.1
    assert send(at(printer), PICTURE) == PrinterState.OK
    assert same(printer.printed[0], PICTURE)


@pytest.mark.usefixtures("hasty")
def test_a_printer_that_never_gets_done_is_not_waited_for(printer: LoopbackPrinter) -> None:
    printer.trouble.slow_by = 20
    assert fault(printer) == PrinterState.OFFLINE


def test_an_answer_that_no_printer_gives_is_not_believed(printer: LoopbackPrinter) -> None:
    printer.trouble.noise = True
    assert ask(at(printer)) == PrinterState.UNKNOWN
    assert fault(printer) == PrinterState.UNKNOWN


def test_a_printer_that_never_answers_may_be_used_without_asking(printer: LoopbackPrinter) -> None:
    printer.trouble.silent = True
    assert ask(at(printer, answers=False)) == PrinterState.OK
    assert send(at(printer, answers=False), PICTURE) == PrinterState.OK
    assert printer.cut.wait(20)
    assert same(printer.printed[0], PICTURE)


def test_a_name_that_nobody_has_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    assert ask(Printer("p1", "network", host="127.0.0.1", port=free)) == PrinterState.OFFLINE


def test_a_file_gets_the_bytes_of_the_printer(tmp_path: Path) -> None:
    folder = tmp_path / "print"
    for path in ("ticket.bin", str(folder / "ticket.bin")):
        there = Printer("p1", "file", path=path)
        assert ask(there, folder) == PrinterState.OK
        assert send(there, PICTURE, folder) == PrinterState.OK
        assert (folder / "ticket.bin").read_bytes().startswith(b"\x1dv0\x00")
        (folder / "ticket.bin").unlink()


def test_a_device_gets_the_bytes_of_the_printer() -> None:
    master, end = os.openpty()
    try:
        tty.setraw(end)
        device = Printer("p1", "file", path=os.ttyname(end))
        assert ask(device) == PrinterState.OK
        assert send(device, Image.new("1", (8, 1))) == PrinterState.OK
        assert os.read(master, 64).startswith(b"\x1dv0\x00")
    finally:
        os.close(master)
        os.close(end)


@pytest.mark.parametrize(
    "path", ["{data}/key_ring", "../key_ring", "link", "{data}/print/link", "/dev/../{data}/key_ring"]
)
def test_a_print_never_empties_what_is_no_place_for_prints(tmp_path: Path, path: str) -> None:
    """Whoever describes the hall names the path, and it may be of a file that matters."""
    ring, folder = tmp_path / "key_ring", tmp_path / "print"
    ring.write_text("the keys")
    folder.mkdir()
    (folder / "link").symlink_to(ring)
    there = Printer("p1", "file", path=path.format(data=tmp_path))
    assert ask(there, folder) == PrinterState.OFFLINE
    with pytest.raises(PrinterFault):
        send(there, PICTURE, folder)
    with pytest.raises(PermissionError):
        opened(there.path, folder)
    assert ring.read_text() == "the keys"


@pytest.mark.parametrize("path", ["/dev", "/dev/../etc/passwd", ".", "", "a\0b", "/proc/self/mem", "/etc/passwd"])
def test_a_place_is_a_device_or_a_file_of_its_directory(tmp_path: Path, path: str) -> None:
    assert place(path, tmp_path / "print") is None
    assert place("/dev/usb/lp0", tmp_path) == Path("/dev/usb/lp0")
    assert place("/dev/usb/lp0", None) == Path("/dev/usb/lp0")


def test_a_pipe_in_the_directory_is_no_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert place("pipe", tmp_path) is None


def test_a_file_in_a_folder_that_is_not_there_is_offline(tmp_path: Path) -> None:
    away = Printer("p1", "file", path="nowhere/ticket.bin")
    assert ask(away, tmp_path) == PrinterState.OFFLINE
    with pytest.raises(PrinterFault):
        send(away, PICTURE, tmp_path)


_LPSTAT = """#!/bin/sh
case "$1" in
  -e) echo front ;;
  -v) echo "device for front: socket://192.0.2.1" ;;
  -p) echo "printer front {says}.  enabled since Wed 25 Nov 2026" ;;
esac
"""


@pytest.fixture
def cups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """CUPS' two programs, as far as they are used: `lpstat` says what the test says, `lp` keeps what it is given."""

    def says(text: str) -> Path:
        for name, script in {"lpstat": _LPSTAT.format(says=text), "lp": f"#!/bin/sh\ncat > {tmp_path}/spool\n"}.items():
            (tmp_path / name).write_text(script, "utf-8")
            (tmp_path / name).chmod(0o755)
        return tmp_path / "spool"

    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return says


def test_a_queue_of_cups_gets_the_bytes_of_the_printer(cups: Callable[[str], Path]) -> None:
    spool, queue = cups("is idle"), Printer("p1", "cups", queue="front")
    assert send(queue, PICTURE) == PrinterState.OK
    assert spool.read_bytes().startswith(b"\x1dv0\x00")


@pytest.mark.parametrize(
    ("says", "state"),
    [
        ("is idle", PrinterState.OK),
        ("now printing front-7", PrinterState.OK),
        ("disabled since Wed -\n\tUnplugged or turned off", PrinterState.OFFLINE),
        ("is idle\n\tmedia-empty-error", PrinterState.PAPER_OUT),
    ],
)
def test_what_cups_says_of_a_queue_is_understood(cups: Callable[[str], Path], says: str, state: PrinterState) -> None:
    cups(says)
    assert ask(Printer("p1", "cups", queue="front")) == state


@pytest.mark.parametrize("kind", ["usb", "cups"])
def test_a_printer_that_is_not_connected_is_offline(kind: str) -> None:
    away = Printer("p1", "usb", vendor=0xDEAD, product=1) if kind == "usb" else Printer("p1", "cups", queue="none")
    assert ask(away) == PrinterState.OFFLINE
    with pytest.raises(PrinterFault) as caught:
        send(away, PICTURE)
    assert caught.value.state == PrinterState.OFFLINE


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "network"}, "needs host"),
        ({"kind": "usb"}, "needs vendor"),
        ({"kind": "cups"}, "needs queue"),
        ({"kind": "file"}, "needs path"),
        ({"kind": "network", "host": "x", "port": 0}, "port"),
        ({"kind": "network", "host": "x", "kiosk": "k", "place": "p"}, "not both"),
    ],
)
def test_a_printer_that_cannot_work_is_refused_with_the_reason(fields: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Printer("p1", **fields)  # type: ignore[arg-type]
