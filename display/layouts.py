"""Which part of a hall a screen shows, and what it says besides the calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.web.access import sanban

#: a screen stays lit so long after closing and before opening, minutes
_LIT_AFTER: Final = 30
_LIT_BEFORE: Final = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """`windows`, `letters`: whose calls are shown; `lines`: whose counts. Empty: all."""

    layout: Literal["hall", "zone", "window"] = "hall"
    windows: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    letters: str = ""


def shown(hall: Hall, wanted: Mapping[str, str], place: str) -> Shown:
    """By the address (`window`, `windows`, `lines`), else by the place of the device: a window's id, or a zone of
    windows. Raises `UnknownWindow`, `UnknownLine`."""
    if wanted.get("window"):
        return _windows(hall, [wanted["window"]], "window")
    if wanted.get("windows"):
        return _windows(hall, wanted["windows"].split(","), "zone")
    if wanted.get("lines"):
        lines = [hall.line(one.strip()) for one in wanted["lines"].split(",")]
        return Shown("zone", (), tuple(line.id for line in lines), "".join(line.letter for line in lines))
    if place in {window.id for window in hall.windows}:
        return _windows(hall, [place], "window")
    of_zone = [window.id for window in hall.windows if window.zone == place]
    return _windows(hall, of_zone, "zone") if of_zone and len(of_zone) < len(hall.windows) else Shown()


def _windows(hall: Hall, ids: list[str], layout: Literal["zone", "window"]) -> Shown:
    windows = [hall.window(one.strip()) for one in ids]
    served = {line for window in windows for line in window.lines}
    lines = tuple(line.id for line in hall.lines if line.id in served)
    return Shown(layout, tuple(window.id for window in windows), lines)


def is_night(hall: Hall, now: int) -> bool:
    """Nobody looks: well after closing, and well before opening."""
    moments = (now, now - _LIT_AFTER * MINUTE, now + _LIT_BEFORE * MINUTE)
    return not any(hall.calendar.is_open(one) for one in moments)


def waits(hall: Hall, now: int) -> dict[str, Any]:
    """line → minutes that somebody who comes now will probably wait; lines of which that is unknown are left
    out, and those that give no numbers because a manager said so."""
    found = {}
    today = hall.on(hall.calendar.date_of(now))
    for line in hall.lines if today.closed is None else ():
        if line.id in today.paused:
            continue
        wait = sanban().waits.for_new(hall.id, {"line": line.id}, now)
        if wait is not None:
            found[line.id] = {"low": wait.low, "high": wait.high}
    return found
