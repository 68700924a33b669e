"""What somebody has typed and nobody has accepted yet. It stays with the browser, sealed, for as long as it takes:
never in an address, and nothing of it is kept here. So a page that is gone back to has it still."""

from __future__ import annotations

import json
from typing import Any

from hall.services.sealing import CannotOpen, Sealed, Sealer
from hall.web.access import sanban

LIFE_SECONDS = 30 * 60


def seal(purpose: str, data: dict[str, Any]) -> str:
    """`purpose` names what it is for and in which hall; sealed for one it opens for no other."""
    text = json.dumps({**data, "at": sanban().appointments.moves.clock()}, ensure_ascii=False)
    blob, key = _sealer().seal(purpose, text.encode())
    return f"{blob}.{key}"


def unseal(purpose: str, text: str) -> dict[str, Any] | None:
    """None: not one of ours, for something else, or too old."""
    blob, _, key = text.partition(".")
    try:
        data: dict[str, Any] = json.loads(_sealer().open(purpose, Sealed(blob, key)))
    except (CannotOpen, ValueError):
        return None
    fresh = sanban().appointments.moves.clock() - data.pop("at") <= LIFE_SECONDS * 1000
    return data if fresh else None


def _sealer() -> Sealer:
    return Sealer(sanban().secrets.key)
