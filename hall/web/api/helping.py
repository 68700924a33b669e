"""帮办服务: calling a person to a kiosk, and going there."""

from typing import Annotated

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from hall.domain.errors import Forbidden
from hall.web.access import allow, current, request_caller, sanban
from hall.web.api.models import HallPath, Id, Milliseconds
from hall.web.api.tickets import PROBLEMS, Answer

bp = APIBlueprint(
    "helping",
    __name__,
    url_prefix="/api/v1/halls/<hall>/help",
    abp_tags=[Tag(name="help")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


class KioskPath(HallPath):
    kiosk: Id


class HelpCall(BaseModel):
    """Somebody waits for a person at a kiosk."""

    kiosk: str
    since: Milliseconds


class HelpAnswer(BaseModel):
    """Who answers a call that somebody else has answered already need not go."""

    mine: Annotated[bool, Field(description="whether this was the first answer")]


@bp.post("", responses={201: HelpCall})
@allow("issue")
def call(path: HallPath) -> Answer:
    """Call a member of staff to this kiosk. Asking again is the same call."""
    kiosk = _own_kiosk()
    return {"kiosk": kiosk, "since": sanban().helping.call(request_caller(), path.hall, kiosk)}, 201


@bp.delete("", responses={204: None})
@allow("issue")
def cancel(path: HallPath) -> Response:
    """The person at this kiosk wants nobody any more."""
    sanban().helping.cancel(request_caller(), path.hall, _own_kiosk())
    return make_response("", 204)


@bp.post("/<kiosk>/answer", responses={200: HelpAnswer})
@allow("serve")
def answer(path: KioskPath) -> Answer:
    """Go there: the kiosk says that somebody comes."""
    return {"mine": sanban().helping.answer(request_caller(), path.hall, path.kiosk)}, 200


def _own_kiosk() -> str:
    identity = current()
    if not identity.id:
        raise Forbidden()
    return identity.id
