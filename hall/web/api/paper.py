"""Paper: what is printed, once more on paper, and how the printers are."""

from typing import Annotated, Any, Literal

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from hall.web.access import allow, current, request_caller, sanban
from hall.web.api.models import Body, HallPath, Id, Milliseconds, Number, NumberPath
from hall.web.api.tickets import PROBLEMS, Answer

_PNG: dict[Any, Any] = {
    200: {"description": "the picture", "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
}
bp = APIBlueprint(
    "paper",
    __name__,
    url_prefix="/api/v1/halls/<hall>",
    abp_tags=[Tag(name="paper")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


class ReprintBody(Body):
    """`printer` left out: the one the number came from."""

    printer: Id | None = None


class Reprint(BaseModel):
    """A copy that will be printed; `copy` counts the reprints of this ticket."""

    number: Number
    copy_: Annotated[int, Field(alias="copy")]
    printer: str


class SlipItem(BaseModel):
    """A service, and the materials that are there; the others are printed as missing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    service: Id
    have: Annotated[list[Id], Field(max_length=50)] = []


class SlipBody(Body):
    """`printer` left out: the kiosk's own, or the hall's first."""

    items: Annotated[list[SlipItem], Field(min_length=1, max_length=10)]
    language: Literal["zh", "en"] = "zh"
    printer: Id | None = None


class TicketSlipBody(Body):
    """Services left out are the ticket's."""

    items: Annotated[list[SlipItem], Field(max_length=10)] = []
    printer: Id | None = None


class SlipAnswer(BaseModel):
    """Where the slip comes out."""

    printer: str


class PrinterRow(BaseModel):
    """One printer. `since` is null before it was asked; `unprinted`: tickets that wait for it; `dropped`: how many got
    no paper today, `dropped_papers` the newest of them (numbers, or `slip`)."""

    name: str
    kiosk: str
    place: str
    state: Annotated[str, Field(description="ok, paper_low, paper_out, offline or unknown")]
    since: Milliseconds | None
    unprinted: int
    dropped: int
    dropped_papers: list[str]


class Printers(BaseModel):
    printers: dict[str, PrinterRow]


@bp.post("/tickets/<number>/reprint", responses={202: Reprint})
@allow("issue")
def reprint(path: NumberPath, body: ReprintBody) -> Answer:
    """Print a ticket once more: staff any of today, a kiosk its own within two minutes."""
    wanted = sanban().papers.reprint(
        request_caller(), path.hall, path.number, staff=current().may("serve"), printer_id=body.printer
    )
    return {"number": wanted.number, "copy": wanted.copy, "printer": wanted.printer}, 202


@bp.post("/slips", responses={202: SlipAnswer})
@allow("issue")
def slip(path: HallPath, body: SlipBody) -> Answer:
    """Print which papers services need and which are missing (一次性告知); its code skips the menus next time."""
    have = {item.service: item.have for item in body.items}
    return {"printer": sanban().slips.want(request_caller(), path.hall, have, body.language, body.printer)}, 202


@bp.post("/tickets/<number>/slip", responses={202: SlipAnswer})
@allow("serve")
def slip_for(path: NumberPath, body: TicketSlipBody) -> Answer:
    """The same for a ticket that ended because papers are missing; its code keeps the place."""
    have = {item.service: item.have for item in body.items}
    return {"printer": sanban().slips.want_for(request_caller(), path.hall, path.number, have, body.printer)}, 202


@bp.get("/tickets/<number>/preview.png", responses=_PNG)
@allow("serve")
def preview(path: NumberPath) -> Response:
    """The newest print of a ticket, dot by dot; before there is one, what would be printed now."""
    response = make_response(sanban().papers.preview(request_caller(), path.hall, path.number))
    response.content_type = "image/png"
    return response


@bp.get("/printers", responses={200: Printers})
@allow("serve")
def printers(path: HallPath) -> Answer:
    """Every printer: where it stands, its state, since when."""
    return {"printers": sanban().papers.states(path.hall)}, 200
