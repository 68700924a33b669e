"""Sentences about a hall that speaks: `floor.call(0)`, `floor.ask("left")`, `floor.done("left")`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hall.services.voice import Speaker, Spoken, Voices
from hall.voice.clips import Clips
from tests.driver import Driver


class Floor:
    def __init__(self, hall: Driver, home: Path) -> None:
        self.hall = hall
        self.voices = Voices(hall.moves, hall.access, Clips(home))
        #: display → what it was given last
        self.given: dict[str, Spoken] = {}

    def call(self, window: int = 0, **wish: Any) -> str:
        """Somebody new is called to a window, which has finished with the one before."""
        if self.hall.snapshot().windows.get(f"w{window}", {}).get("ticket"):
            self.hall.calls.finish(self.hall.caller(), self.hall.id, f"w{window}")
        self.hall.issue(**wish)
        number = self.hall.next(f"w{window}")
        assert number
        return number

    def recall(self, window: int = 0) -> None:
        self.hall.calls.recall(self.hall.caller(), self.hall.id, f"w{window}")

    def ask(self, display: str = "left", zone: str = "hall") -> str | None:
        """The number a display is given to announce."""
        spoken = self.given_to(display, zone)
        return spoken.ring.number if spoken else None

    def given_to(self, display: str = "left", zone: str = "hall") -> Spoken | None:
        caller = self.hall.caller(f"device:{display}")
        turn, spoken = self.voices.next(caller, self.hall.id, zone, Speaker(display, "1"))
        self.speaks = turn.speaker is None
        if spoken:
            self.given[display] = spoken
        return spoken

    def done(self, display: str = "left", zone: str = "hall", ring: str | None = None) -> bool:
        name = ring or self.given[display].ring.id
        caller = self.hall.caller(f"device:{display}")
        return self.voices.done(caller, self.hall.id, zone, Speaker(display, "1"), name)

    def say(self, display: str = "left", zone: str = "hall") -> str | None:
        """A display announces what it is given, to the end."""
        number = self.ask(display, zone)
        if number:
            self.done(display, zone)
        return number

    def say_all(self, display: str = "left", zone: str = "hall") -> list[str]:
        said = []
        while number := self.say(display, zone):
            said.append(number)
            assert len(said) < 500, "it does not drain"
        return said

    def later(self, seconds: float) -> None:
        self.hall.now += int(seconds * 1000)

    def kinds(self, kind: str) -> list[Any]:
        return [entry for entry in self.hall.journal() if entry.kind == kind]
