"""帮办服务: somebody at a kiosk asks for a person, and a member of staff goes there."""

from __future__ import annotations

from dataclasses import dataclass

from hall.domain.callers import Caller
from hall.services.access import Access
from hall.services.moves import Moves


@dataclass(frozen=True, slots=True)
class Helping:
    moves: Moves
    access: Access

    def call(self, caller: Caller, hall_id: str, kiosk: str) -> int:
        """Call staff to a kiosk; asking twice is one call. Returns since when somebody waits there (ms UTC)."""
        record = self.access.devices(hall_id).get(kiosk)
        name = str(record["name"] or record["place"]) if record else ""
        answer = self.moves.run(hall_id, "call_help", caller, lambda _: {"kiosk": kiosk, "name": name or kiosk})
        return int(answer["since"])

    def answer(self, caller: Caller, hall_id: str, kiosk: str) -> bool:
        """Somebody goes. False when somebody else was faster."""
        args = {"kiosk": kiosk, "who": caller.by}
        return bool(self.moves.run(hall_id, "answer_help", caller, lambda _: args)["news"])

    def cancel(self, caller: Caller, hall_id: str, kiosk: str) -> None:
        """The person at the kiosk wants nobody any more."""
        self.moves.run(hall_id, "answer_help", caller, lambda _: {"kiosk": kiosk})
