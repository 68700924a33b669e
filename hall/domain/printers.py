"""Printers and card readers of a hall, as its file describes them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

_STRICT = {"extra": "forbid"}
_HERE = ("localhost", "127.0.0.1", "::1")


class PrinterState(StrEnum):
    """`UNKNOWN`: it was never asked, or cannot be asked, or its answer makes no sense."""

    OK = "ok"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    OFFLINE = "offline"
    UNKNOWN = "unknown"

    @property
    def prints(self) -> bool:
        """Whether it is worth trying."""
        return self not in (PrinterState.PAPER_OUT, PrinterState.OFFLINE)


@dataclass(frozen=True, slots=True)
class Printer:
    """One printer. `kiosk` (a device's id or name) or `place` (where devices stand) says whose numbers it prints;
    with neither, those of every kiosk that has no printer of its own."""

    __pydantic_config__ = _STRICT

    id: str
    kind: Literal["network", "usb", "cups", "file"]
    name: str = ""
    host: str = ""
    port: int = 9100
    #: of the USB device, as lsusb shows them (0x04b8)
    vendor: int = 0
    product: int = 0
    #: its end points, "bEndpointAddress" of `lsusb -v`
    usb_in: int = 0x82
    usb_out: int = 0x01
    #: the queue of CUPS
    queue: str = ""
    path: str = ""
    kiosk: str = ""
    place: str = ""
    #: False for a printer that is never heard of: it cannot be asked for paper
    answers: bool = True
    #: False for one that cannot say when it has printed (GS r)
    confirms: bool = True

    def __post_init__(self) -> None:
        needed = {"network": "host", "usb": "vendor", "cups": "queue", "file": "path"}[self.kind]
        if not getattr(self, needed):
            raise ValueError(f"a {self.kind} printer needs {needed}")
        if not 0 < self.port < 65536:
            raise ValueError("port must be 1 to 65535")
        if self.kiosk and self.place:
            raise ValueError("a printer has a kiosk or a place, not both")


@dataclass(frozen=True, slots=True)
class Paper:
    """What becomes of tickets that could not be printed, when the printer is back: those not older than `max_age`
    minutes are printed, or none. Both is told to the staff."""

    __pydantic_config__ = _STRICT

    when_back: Literal["print", "drop"] = "print"
    max_age: int = 5

    def __post_init__(self) -> None:
        if self.max_age < 0:
            raise ValueError("max_age must not be negative")


@dataclass(frozen=True, slots=True)
class Reader:
    """A card reader that a program on the kiosk's own machine serves. `card` and `code` are paths of fields in what
    it answers ("data.idNumber"). Keyboard readers need no entry."""

    __pydantic_config__ = _STRICT

    id: str
    url: str
    card: str = ""
    code: str = ""
    every_ms: int = 500
    #: sent once a websocket is open, for services that wait for a command
    hello: str = ""
    kiosk: str = ""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https", "ws", "wss") or parts.hostname not in _HERE:
            raise ValueError(
                "url must be http or ws on localhost: a card's number never leaves the machine it is read on"
            )
        if not (self.card or self.code):
            raise ValueError("a reader needs card or code, the field its answer holds")
        if self.every_ms < 100:
            raise ValueError("every_ms must be at least 100")


def printer_of(printers: tuple[Printer, ...], device_id: str, name: str, place: str) -> Printer | None:
    """The printer of a kiosk: its own, else the one of its place, else one that is everybody's."""
    own = (printer for printer in printers if printer.kiosk and printer.kiosk in (device_id, name))
    near = (printer for printer in printers if printer.place and printer.place == place)
    shared = (printer for printer in printers if not printer.kiosk and not printer.place)
    return next(own, None) or next(near, None) or next(shared, None)
