"""When the office must be told something, by the hall's own thresholds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from hall.domain.halls import Hall
from hall.domain.policy import MINUTE
from hall.domain.tickets import State

Image = Mapping[str, Any]
_HOUR: Final = 60 * MINUTE
KINDS: Final = (
    *("longest_wait", "waiting", "idle_window", "device_gone", "printer", "archiver_behind", "calendar", "privacy"),
    *("webhook_stopped", "webhook_behind"),
    *("case_unowned", "case_overdue", "case_relief", "case_overrun", "case_conflict"),
)


class Alarm(NamedTuple):
    """`subject` is a line, window, printer, device, webhook or year; `facts` are numbers for the text."""

    kind: str
    subject: str
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return f"alarm/{self.kind}/{self.subject}"


class Behind(NamedTuple):
    """A webhook: whether it has stopped, and when the oldest entry was written that it is not done with (ms)."""

    stopped: bool
    oldest: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A hall at one moment. `idle`: since when each window of `idle_now` is one; `devices`: id → {name, kind, seen
    (ms)}; `unarchived`: when the oldest entry was written that is not archived; `year_missing`: whose special days are
    not known; `swept`: when people's data were last swept; `cases`: what alarms the case desk, by kind;
    `webhooks`: those that are on, by id.
    None: nothing to tell."""

    hall: Hall
    now: int
    tickets: Mapping[str, Image] = field(default_factory=dict)
    idle: Mapping[str, int] = field(default_factory=dict)
    printers: Mapping[str, Image] = field(default_factory=dict)
    devices: Mapping[str, Image] = field(default_factory=dict)
    unarchived: int | None = None
    year_missing: int | None = None
    swept: int | None = None
    cases: frozenset[str] = frozenset()
    webhooks: Mapping[str, Behind] = field(default_factory=dict)


def alarms(seen: Seen) -> dict[str, Alarm]:
    """Every alarm that should be on, by name."""
    found = [*_lines(seen), *_idle(seen), *_machines(seen), *_webhooks(seen), *_chores(seen)]
    return {alarm.name: alarm for alarm in found}


def _lines(seen: Seen) -> Iterator[Alarm]:
    limits = seen.hall.alarms
    for line in seen.hall.lines:
        waits = [seen.now - t["arrived"] for t in seen.tickets.values() if _waits(t) and t["line"] == line.id]
        if limits.longest_wait and max(waits, default=0) >= limits.longest_wait * MINUTE:
            yield Alarm("longest_wait", line.id, {"limit": limits.longest_wait})
        if limits.waiting and len(waits) >= limits.waiting:
            yield Alarm("waiting", line.id, {"limit": limits.waiting})


def _waits(ticket: Image) -> bool:
    return bool(ticket["state"] == State.WAITING)


def idle_now(hall: Hall, tickets: Mapping[str, Image], windows: Mapping[str, Image]) -> set[str]:
    """Open windows without a ticket while somebody whom they serve waits."""
    waited = {ticket["queue"] for ticket in tickets.values() if _waits(ticket)}
    free = {name for name, image in windows.items() if image["state"] == "open" and not image.get("ticket")}
    return {w.id for w in hall.windows if w.id in free and waited & {*w.lines, f"@window/{w.id}"}}


def _idle(seen: Seen) -> Iterator[Alarm]:
    limit = seen.hall.alarms.idle_window
    for window, since in seen.idle.items():
        if limit and seen.now - since >= limit * MINUTE:
            yield Alarm("idle_window", window, {"limit": limit})


def _machines(seen: Seen) -> Iterator[Alarm]:
    limits = seen.hall.alarms
    for name, device in seen.devices.items():
        if limits.device_gone and device["seen"] and seen.now - device["seen"] >= limits.device_gone * MINUTE:
            yield Alarm("device_gone", name, {"name": device["name"], "kind": device["kind"]})
    known = {printer.id for printer in seen.hall.printers}
    for name, printer in seen.printers.items():
        troubled = name in known and printer["state"] != "ok"
        if limits.printer and troubled and seen.now - printer["since"] >= limits.printer * MINUTE:
            yield Alarm("printer", name, {"state": printer["state"]})


def _webhooks(seen: Seen) -> Iterator[Alarm]:
    limit = seen.hall.alarms.webhook_behind
    for name, (stopped, oldest) in seen.webhooks.items():
        if limit and stopped:
            yield Alarm("webhook_stopped", name, {})
        elif limit and oldest is not None and seen.now - oldest >= limit * MINUTE:
            yield Alarm("webhook_behind", name, {"limit": limit})


def _chores(seen: Seen) -> Iterator[Alarm]:
    limits = seen.hall.alarms
    behind = limits.archiver_behind
    if behind and seen.unarchived is not None and seen.now - seen.unarchived >= behind * MINUTE:
        yield Alarm("archiver_behind", "archive", {"limit": behind})
    if limits.calendar and seen.year_missing is not None:
        yield Alarm("calendar", str(seen.year_missing), {})
    hours = limits.privacy_hours
    if hours and seen.swept is not None and seen.now - seen.swept >= hours * _HOUR:
        yield Alarm("privacy", "sweep", {"limit": hours})
    for kind in sorted(seen.cases) if limits.cases else ():
        yield Alarm(f"case_{kind}", "desk", {})
