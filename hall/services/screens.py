"""What the office does to hall screens from afar."""

from __future__ import annotations

from dataclasses import dataclass

from hall.domain.callers import Caller
from hall.services.moves import Moves

#: every display of the hall
ALL = "*"


@dataclass(frozen=True, slots=True)
class Screens:
    moves: Moves

    def reload(self, caller: Caller, hall_id: str, display: str | None = None) -> None:
        """Let a display, or all of them, load its page again."""
        facts = {"display": display or ALL}
        self.moves.run(hall_id, "announce", caller, lambda _: {"kind": "reload_wanted", "facts": facts}, facts)
