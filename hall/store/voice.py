"""Who speaks in a sound zone, and what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from hall.domain.callers import Caller
from hall.store.store import Store


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring to be announced; `id` is its journal id, `language` the ticket's."""

    id: str
    ticket: str
    calls: int
    number: str
    window: str
    language: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What a display that asks is told: a ring, or nothing; `wait` (ms) is until another one's lease ends."""

    ring: Ring | None
    waiting: int
    speaker: str | None = None
    wait: int = 0


class VoiceStore:
    def __init__(self, store: Store) -> None:
        self._store = store

    def hold(self, hall_id: str, caller: Caller, zone: str, speaker: str, ring: str, hold_ms: int) -> bool:
        """Prolong a lease for the time an announcement takes. False: the zone is another one's by now."""
        args = {"zone": zone, "speaker": speaker, "ring": ring, "hold_ms": hold_ms}
        return bool(self._store.run(hall_id, "voice_hold", caller, args)["held"])

    def done(self, hall_id: str, caller: Caller, zone: str, speaker: str, ring: str, lease_ms: int) -> bool:
        """A ring was announced. False when that was known."""
        args = {"zone": zone, "speaker": speaker, "ring": ring, "lease_ms": lease_ms}
        return bool(self._store.run(hall_id, "voice_done", caller, args)["news"])

    def blocked(
        self, hall_id: str, caller: Caller, zone: str, speaker: str, display: dict[str, str], *, blocked: bool
    ) -> bool:
        """A display may not sound, or may again. False when that was known."""
        args = {"zone": zone, "speaker": speaker, "display": display["id"], "name": display["name"], "blocked": blocked}
        return bool(self._store.run(hall_id, "voice_blocked", caller, args)["news"])

    def state(self, hall_id: str, zones: dict[str, list[str]], now: int | None) -> dict[str, Any]:
        """{zones: {zone: {speaker?, waiting}}, silent: {device: {since}}}."""
        answer = self._store.read(hall_id, "voice_state", {"zones": zones}, now)
        flat = list(answer["silent"] or [])
        silent = {name: json.loads(text) for name, text in zip(flat[::2], flat[1::2], strict=True)}
        return {"zones": answer["zones"] or {}, "silent": silent}


def turn_of(answer: dict[str, Any]) -> Turn:
    """What the script `voice_next` answered."""
    ring = answer.get("ring")
    return Turn(
        ring=Ring(
            ring["id"], ring["ticket"], ring["calls"], ring["number"], ring["window"], ring.get("language") or "zh"
        )
        if ring
        else None,
        waiting=answer["waiting"],
        speaker=answer.get("speaker"),
        wait=answer.get("wait", 0),
    )
