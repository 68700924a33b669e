"""Windows: a clerk sits down, leaves for a moment, comes back, goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hall.domain.callers import Caller
from hall.domain.texts import plain
from hall.services.moves import Args, Moves

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Windows:
    moves: Moves

    def open(self, caller: Caller, hall_id: str, window: str, *, take_over: bool = False) -> Image:
        """Sit down. Raises WINDOW_TAKEN or CLERK_ELSEWHERE unless `take_over` gives up the old seat."""
        return self._run("open", caller, hall_id, window, {"take_over": take_over})

    def close(self, caller: Caller, hall_id: str, window: str) -> Image:
        """Leave for good. Raises WINDOW_BUSY."""
        return self._run("close", caller, hall_id, window, {})

    def pause(self, caller: Caller, hall_id: str, window: str, reason: str = "") -> Image:
        """Leave for a moment. Raises WINDOW_CLOSED."""
        return self._run("pause", caller, hall_id, window, {"reason": plain(reason, "reason", 200) or None})

    def resume(self, caller: Caller, hall_id: str, window: str) -> Image:
        """Come back. Raises WINDOW_CLOSED."""
        return self._run("resume", caller, hall_id, window, {})

    def _run(self, move: str, caller: Caller, hall_id: str, window: str, args: Args) -> Image:
        answer = self.moves.run(
            hall_id,
            move,
            caller,
            lambda hall: {"window": hall.window(window).id, "clerk": caller.clerk, **args},
            [window, args],
        )
        image: Image = answer["window"]
        return image
