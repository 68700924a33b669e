"""A booking that is not made yet: what was chosen and who comes, sealed in a cookie of the booking pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from flask import request
from werkzeug.wrappers import Response

from hall.domain.people import Person
from hall.web.access import sanban
from hall.web.sealed import LIFE_SECONDS, seal, unseal

_COOKIE = "booking"


@dataclass(frozen=True, slots=True)
class Draft:
    services: list[str]
    slot: int
    person: Person

    def sealed(self, hall_id: str) -> str:
        return seal(_purpose(hall_id), {"services": self.services, "slot": self.slot, "person": asdict(self.person)})


def opened(hall_id: str, text: str) -> Draft | None:
    data = unseal(_purpose(hall_id), text)
    return Draft(data["services"], data["slot"], Person(**data["person"])) if data else None


def kept(hall_id: str) -> Draft | None:
    return opened(hall_id, request.cookies.get(_COOKIE, ""))


def keep(response: Response, hall_id: str, draft: Draft) -> None:
    response.set_cookie(
        _COOKIE,
        draft.sealed(hall_id),
        path=_path(hall_id),
        max_age=LIFE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=(sanban().settings.public_url or "").startswith("https://"),
    )


def forget(response: Response, hall_id: str) -> None:
    response.delete_cookie(_COOKIE, path=_path(hall_id))


def _purpose(hall_id: str) -> str:
    return f"{hall_id}/booking"


def _path(hall_id: str) -> str:
    return f"/book/{hall_id}"
