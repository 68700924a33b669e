"""Who asks for a move."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: `by` goes into the journal ("staff:ann", "device:kiosk-1", "program:7f3a",
    "resident", "timer"); `key` is the caller's own request key for safe repeats; `now` sets
    the hall's clock (ms UTC) in tests and the simulator, None means the store's clock; `clerk` is
    the member of staff who sits at a window, None for programs and the office."""

    by: str
    key: str | None = None
    now: int | None = None
    clerk: str | None = None
