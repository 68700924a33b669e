"""The hall's voice: which display speaks in a sound zone, what it says, and the clips for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from hall.domain.callers import Caller
from hall.domain.errors import UnknownZone
from hall.domain.halls import Hall
from hall.services.access import Access
from hall.services.moves import Args, Moves
from hall.store.voice import Ring, Turn, VoiceStore, turn_of
from hall.voice.announcement import CHIME, Announcement, announcement, is_text, own_clip, own_words
from hall.voice.clips import Clips, length_ms
from hall.voice.clips import words as words_of
from hall.voice.espeak import EspeakFault
from hall.voice.render import NothingSaid, render

#: how long a display speaks for its zone without a word; it asks again before
LEASE_MS = 6000
#: beside the length of an announcement: the way of the answer, loading the clips, pauses
_SLACK_MS = 6000
#: between words and between sentences; the pages play the same ones
GAP_MS, PAUSE_MS = 40, 600
#: how soon a display that speaks asks again when nothing was said
ASK_MS = 2000
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Speaker:
    """A page of a display: a reload is the same one, another tab is not."""

    device: str
    page: str

    @property
    def id(self) -> str:
        return f"{self.device}/{self.page}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """An announcement to be played: files per sentence, the chime's, and how long (ms) the display may take."""

    ring: Ring
    words: Announcement
    chime: Path | None
    files: tuple[tuple[tuple[str, Path], ...], ...]
    hold_ms: int


@dataclass(frozen=True, slots=True)
class Voices:
    moves: Moves
    access: Access
    clips: Clips

    @property
    def _store(self) -> VoiceStore:
        return VoiceStore(self.moves.store)

    # Displays ----------------------------------------------------------------------------------

    def zone_of(self, hall_id: str, device_id: str) -> str | None:
        """The sound zone a display is in: its place, when that is one; the hall's only one. None: it is silent."""
        zones = _zones(self.moves.halls.get(hall_id))
        record = self.access.devices(hall_id).get(device_id)
        if record and record["place"] in zones:
            return str(record["place"])
        return next(iter(zones)) if len(zones) == 1 else None

    def on(self, hall_id: str) -> bool:
        return self.moves.halls.get(hall_id).voice.on

    def next(self, caller: Caller, hall_id: str, zone: str, speaker: Speaker) -> tuple[Turn, Spoken | None]:
        """What a display may announce now: it speaks for its zone until it is silent for `LEASE_MS`, and what it is
        given is its own until its time is up. Raises `UnknownZone`."""

        if not self.on(hall_id):
            _windows(self.moves.halls.get(hall_id), zone)
            return Turn(None, 0), None

        def prepare(hall: Hall) -> Args:
            return {"zone": zone, "windows": _windows(hall, zone), "speaker": speaker.id, "lease_ms": LEASE_MS}

        turn = turn_of(self.moves.run(hall_id, "voice_next", caller, prepare))
        if turn.ring is None:
            return turn, None
        spoken = self._spoken(self.moves.halls.get(hall_id), turn.ring, turn.waiting)
        self._store.hold(hall_id, caller, zone, speaker.id, turn.ring.id, spoken.hold_ms)
        return turn, spoken

    def done(self, caller: Caller, hall_id: str, zone: str, speaker: Speaker, ring: str) -> bool:
        """A display announced a ring, which now counts as shown. False when that was known."""
        _windows(self.moves.halls.get(hall_id), zone)
        return self._store.done(hall_id, caller, zone, speaker.id, ring, LEASE_MS)

    def blocked(self, caller: Caller, hall_id: str, zone: str, speaker: Speaker, *, blocked: bool) -> bool:
        """A display's browser does not let it sound, or does again; the journal says so once, with its name. A display
        in no zone has ""."""
        if zone:
            _windows(self.moves.halls.get(hall_id), zone)
        record = self.access.devices(hall_id).get(speaker.device)
        display = {"id": speaker.device, "name": str(record["name"]) if record else speaker.device}
        return self._store.blocked(hall_id, caller, zone, speaker.id, display, blocked=blocked)

    def state(self, hall_id: str, now: int | None = None) -> dict[str, Any]:
        """For the office: who speaks in each zone, how much waits there, whose sound is blocked since when."""
        hall = self.moves.halls.get(hall_id)
        zones = {zone: list(_windows(hall, zone)) for zone in _zones(hall)}
        state = self._store.state(hall_id, zones, now)
        devices = self.access.devices(hall_id)
        state["silent"] = {
            device: {"name": devices[device]["name"], **facts}
            for device, facts in state["silent"].items()
            if device in devices
        }
        return state

    def _spoken(self, hall: Hall, ring: Ring, waiting: int) -> Spoken:
        words = announcement(ring.number, hall.window(ring.window), ring.language, waiting, hall.voice)
        files = tuple(
            tuple((clip, file) for clip in said.clips if (file := self.clips.find(hall, said.language, clip)))
            for said in words.sentences
        )
        chime = self.clips.find(hall, words.sentences[0].language, CHIME)
        once = sum(sum(length_ms(file) + GAP_MS for _, file in said) + PAUSE_MS for said in files)
        long = words.repeat * once + (length_ms(chime) if chime else 0)
        return Spoken(ring, words, chime, files, long + _SLACK_MS)

    # Clips -------------------------------------------------------------------------------------

    def clip(self, hall_id: str, language: str, clip: str) -> Path | None:
        return self.clips.find(self.moves.halls.get(hall_id), language, clip)

    def all_clips(self, hall_id: str) -> list[tuple[str, str, str, Path | None]]:
        """(language, clip, what it says, file) of every clip the hall may play."""
        hall = self.moves.halls.get(hall_id)
        rows = []
        for language in hall.voice.every_language:
            texts = {own_clip(window): own_words(window, language) for window in hall.windows if is_text(window)}
            for clip, said in {CHIME: "", **words_of(language), **texts}.items():
                rows.append((language, clip, said, self.clips.find(hall, language, clip)))
        return rows

    def to_render(self, hall_id: str) -> int:
        """How many labels have no clip yet."""
        return len(self.clips.unrendered(self.moves.halls.get(hall_id)))

    def render(self, hall_id: str) -> int:
        """Render the clips of labels that have none; a job's work. Returns how many."""
        hall, made = self.moves.halls.get(hall_id), 0
        for window, language in self.clips.unrendered(hall):
            try:
                render(own_words(window, language), language, self.clips.rendered(hall, window, language))
                made += 1
            except (NothingSaid, EspeakFault, OSError) as error:
                _log.error("label not rendered", hall=hall_id, window=window.id, language=language, why=repr(error))
        return made


def _zones(hall: Hall) -> dict[str, None]:
    return dict.fromkeys(window.zone for window in hall.windows)


def _windows(hall: Hall, zone: str) -> tuple[str, ...]:
    """Windows whose calls are heard in a zone. Raises `UnknownZone`."""
    windows = tuple(window.id for window in hall.windows if window.zone == zone)
    if not windows:
        raise UnknownZone(zone=zone)
    return windows
