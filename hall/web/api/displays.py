"""Screens from afar."""

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag
from pydantic import Field

from hall.web.access import allow, current, request_caller, sanban
from hall.web.api.models import Body, HallPath, Id, Milliseconds
from hall.web.api.tickets import PROBLEMS

bp = APIBlueprint(
    "displays",
    __name__,
    url_prefix="/api/v1/halls/<hall>/displays",
    abp_tags=[Tag(name="displays")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


class ReloadBody(Body):
    """`display` left out: all displays."""

    display: Id | None = Field(None, description="the id of a paired display or kiosk")


class StaleBody(Body):
    """Moments of the hall's clock, ms UTC."""

    from_: Milliseconds = Field(alias="from")
    till: Milliseconds


@bp.post("/stale", responses={204: None})
@allow("show")
def stale(path: HallPath, body: StaleBody) -> Response:
    """This display is back and showed an old state for a while, a day at most; the office is told its name and when."""
    sanban().screens.was_stale(request_caller(), path.hall, current().id, body.from_, body.till)
    return make_response("", 204)


@bp.post("/reload", responses={204: None})
@allow("configure")
def reload(path: HallPath, body: ReloadBody) -> Response:
    """Let a display or kiosk load its page again, for instance after an update; one that is not connected does not hear
    it, and a kiosk waits until nobody stands there."""
    sanban().screens.reload(request_caller(), path.hall, body.display)
    return make_response("", 204)
