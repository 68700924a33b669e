"""Windows: a clerk sits down, leaves for a moment, comes back, goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from hall.domain.callers import Caller
from hall.domain.errors import ReasonMissing
from hall.domain.halls import Hall
from hall.domain.texts import plain
from hall.services.moves import Args, Moves

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Windows:
    moves: Moves

    def open(self, caller: Caller, hall_id: str, window: str, *, take_over: bool = False) -> Image:
        """Sit down. Raises WINDOW_TAKEN or CLERK_ELSEWHERE unless `take_over` gives up the old seat."""
        return self._run("open", caller, hall_id, window, {"take_over": take_over})

    def open_for(self, caller: Caller, hall_id: str, window: str, clerk: str, reason: str) -> Image:
        """The office opens a window for a clerk, who need not press anything there. Raises ReasonMissing, WINDOW_TAKEN,
        CLERK_ELSEWHERE: whoever sits is never sent away from afar."""
        said = plain(reason, "reason", 200)
        if not said:
            raise ReasonMissing(move="open")
        return self._run("open", caller, hall_id, window, {"clerk": clerk, "take_over": False, "reason": said})

    def close(self, caller: Caller, hall_id: str, window: str, reason: str = "", *, office: bool = False) -> Image:
        """Leave for good. `office`: somebody else does it from afar. Raises WINDOW_BUSY, WINDOW_TAKEN."""
        return self._run("close", caller, hall_id, window, _why(reason, office))

    def pause(self, caller: Caller, hall_id: str, window: str, reason: str = "", *, office: bool = False) -> Image:
        """Leave for a moment. Raises WINDOW_CLOSED."""
        return self._run("pause", caller, hall_id, window, _why(reason, office))

    def resume(self, caller: Caller, hall_id: str, window: str, reason: str = "", *, office: bool = False) -> Image:
        """Come back. Raises WINDOW_CLOSED."""
        return self._run("resume", caller, hall_id, window, _why(reason, office))

    def change(
        self,
        caller: Caller,
        hall_id: str,
        window: str,
        *,
        kind: Literal["general", "priority"] | None = None,
        lines: tuple[str, ...] | None = None,
        reason: str,
    ) -> Hall:
        """Change a window's kind or lines while it runs (潮汐窗口); its very next call follows, a ticket at it
        stays. None leaves a field as it is. Raises `UnknownWindow`, `UnknownLine`, `ReasonMissing`."""

        def changed(hall: Hall) -> Hall:
            old = hall.window(window)
            kept = tuple(dict.fromkeys(hall.line(line).id for line in lines)) if lines else old.lines
            new = replace(old, kind=kind or old.kind, lines=kept)
            return replace(hall, windows=tuple(new if one is old else one for one in hall.windows))

        return self.moves.halls.change(hall_id, caller, changed, f"window {window}", reason)

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


def _why(reason: str, office: bool) -> Args:
    """From the office the window need not be the caller's own."""
    return {"reason": plain(reason, "reason", 200) or None, **({"clerk": None} if office else {})}
