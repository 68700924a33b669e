"""A printer on a socket: turns what it is sent back into a picture, answers what it is asked, and has every
trouble printers have. Nothing of it shares code with what prints."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from PIL import Image

_ONLINE, _OFFLINE = 0x12, 0x1A
_PAPER = {"plenty": 0x12, "low": 0x1E, "out": 0x72}


class HungUp(Exception):
    """The other side has gone."""


@dataclass
class Trouble:
    """What is wrong with the printer; may be changed while it runs."""

    #: takes everything and says nothing
    silent: bool = False
    #: hangs up after so many bytes of a picture
    drops_after: int | None = None
    #: stops reading in the middle of a picture, until `let_go` is set
    hangs: bool = False
    #: takes so many seconds for each strip of a picture, and then as many until it is printed
    slow_by: float = 0.0
    offline: bool = False
    paper: str = "plenty"
    #: hangs up at once
    hangs_up: bool = False
    #: the paper ends while the picture is printed, after the printer has taken all of it
    ends_in_print: bool = False
    #: says bytes that no printer says
    noise: bool = False


@dataclass
class LoopbackPrinter:
    """`with LoopbackPrinter() as printer: printer.port …`; `printed` holds whole pictures that were cut."""

    trouble: Trouble = field(default_factory=Trouble)
    printed: list[Image.Image] = field(default_factory=list)
    #: set at every picture that was cut off the roll
    cut: threading.Event = field(default_factory=threading.Event)
    #: set when a picture began to arrive
    began: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)
    #: how often somebody connected
    visits: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()

    def unplug(self) -> None:
        """From now on connections are refused, and open ones end."""
        self.let_go.set()
        if self._listener.fileno() == -1:
            return  # it is unplugged already
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            connection.close()
        self._thread.join(10)

    def plug_in(self) -> None:
        """At the same address as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(connection)
            self.visits += 1
            with connection, contextlib.suppress(HungUp, OSError):  # clients come and go
                _Job(self, connection).run()
            self._open.discard(connection)


class _Job:
    """One connection: the bytes of ESC/POS, one command after another."""

    def __init__(self, printer: LoopbackPrinter, connection: socket.socket) -> None:
        self._printer, self._connection = printer, connection
        self._rows: list[bytes] = []
        self._width = 0

    def run(self) -> None:
        while not self._printer.trouble.hangs_up:
            first = self._read(1)
            if first == b"\x10":
                self._status(self._read(2))
            elif first == b"\x1d":
                self._group(self._read(1))
            elif first == b"\x1b":
                self._read(2)  # feed, reset and the like: one parameter
            else:
                assert first == b"\n", first

    def _status(self, question: bytes) -> None:
        trouble = self._printer.trouble
        if trouble.silent:
            return
        assert question in (b"\x04\x01", b"\x04\x04"), question
        answer = (_OFFLINE if trouble.offline else _ONLINE) if question == b"\x04\x01" else _PAPER[trouble.paper]
        self._connection.sendall(bytes([0xFF if trouble.noise else answer]))

    def _group(self, command: bytes) -> None:
        trouble = self._printer.trouble
        if command == b"v":
            self._raster(self._read(6))
        elif command == b"V":
            self._read(1)
            self._printed()
        else:
            assert command + self._read(1) == b"r\x01", command
            self._printer.let_go.wait(trouble.slow_by)
            if trouble.ends_in_print:  # answered in its turn: the picture before it is on the paper, or is not
                trouble.paper = "out"
            if not trouble.silent:
                self._connection.sendall(b"\x0c" if trouble.paper == "out" else b"\x00")

    def _raster(self, head: bytes) -> None:
        self._printer.began.set()
        trouble = self._printer.trouble
        assert head[:2] == b"0\x00", head
        self._width = int.from_bytes(head[2:4], "little") * 8
        size = self._width // 8 * int.from_bytes(head[4:6], "little")
        if trouble.drops_after is not None:
            self._read(min(trouble.drops_after, size))
            raise HungUp
        if trouble.hangs:
            self._printer.let_go.wait(30)
            raise HungUp
        self._rows.append(self._read(size))
        self._printer.let_go.wait(trouble.slow_by)

    def _printed(self) -> None:
        trouble = self._printer.trouble
        if trouble.ends_in_print:
            return
        data = bytes(255 - byte for byte in b"".join(self._rows))  # a set bit is a burnt dot
        self._printer.printed.append(Image.frombytes("1", (self._width, len(data) * 8 // self._width), data))
        self._rows.clear()
        self._printer.cut.set()

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._connection.recv(count - len(data))
            if not part:
                raise HungUp
            data += part
        return data
