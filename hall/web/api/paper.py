"""Paper: what is printed, once more on paper, and how the printers are."""

from typing import Annotated, Any

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

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


class PrinterRow(BaseModel):
    """One printer. `since` is null before it was asked; `unprinted`: tickets that wait for it."""

    name: str
    kiosk: str
    place: str
    state: Annotated[str, Field(description="ok, paper_low, paper_out, offline or unknown")]
    since: Milliseconds | None
    unprinted: int


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
