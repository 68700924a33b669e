"""Alarms, calls for help between windows, and what the office tells a window."""

from typing import Annotated, Any, Literal

from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from hall.web.access import allow, current, request_caller, sanban
from hall.web.api.models import Body, HallPath, Milliseconds, Said, WindowPath
from hall.web.api.tickets import PROBLEMS, Answer

_SECURITY: list[dict[str, list[Any]]] = [{"token": []}]
bp = APIBlueprint("notes", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="office")], abp_responses=PROBLEMS)


class TextBody(Body):
    text: Said


class ReadBody(Body):
    """`since` of what was read: a newer one that came meanwhile stays."""

    since: Milliseconds


class SeenBody(Body):
    name: Annotated[str, Field(min_length=1, max_length=200, description="alarm/<kind>/<subject>")]


class Note(BaseModel):
    """`name` is alarm/<kind>/<subject>, help/<window>, answer/<window> or message/<window>."""

    name: str
    since: Milliseconds
    by: str | None = None
    text: str | None = None
    alarm: str | None = None
    subject: str | None = None
    facts: dict[str, Any] | None = None
    seen_by: str | None = None
    raised: Milliseconds | None = Field(None, description="when an alarm began that somebody has seen")


class Notes(BaseModel):
    notes: list[Note]


class Told(BaseModel):
    """`kind`: `help` the window called for, `answer` who comes, `message`. `who`: a colleague's name."""

    kind: Literal["help", "answer", "message"]
    since: Milliseconds
    who: str
    text: str | None = None


class Tellings(BaseModel):
    told: list[Told]


class Changed(BaseModel):
    """False: it was so already."""

    changed: bool


@bp.get("/halls/<hall>/alarms", responses={200: Notes}, security=_SECURITY)
@allow("serve")
def alarms(path: HallPath) -> Answer:
    """Alarms, calls for help and messages that are not over, oldest first. The words of messages are for the office."""
    notes, reads = sanban().office.notes(path.hall), current().may("reports", path.hall)
    rows = [{"name": name, **note, **({} if reads else {"text": None})} for name, note in notes.items()]
    return {"notes": sorted(rows, key=lambda row: row["since"])}, 200


@bp.post("/halls/<hall>/alarms/seen", responses={200: Changed}, security=_SECURITY)
@allow("configure")
def see_alarm(path: HallPath, body: SeenBody) -> Answer:
    """Somebody knows of an alarm; it stays until its cause is gone."""
    return {"changed": sanban().office.see_alarm(request_caller(), path.hall, body.name)}, 200


@bp.post("/halls/<hall>/windows/<window>/help", responses={200: Changed}, security=_SECURITY)
@allow("serve")
def help_(path: WindowPath) -> Answer:
    """Call for help at a window, until somebody answers."""
    return {"changed": sanban().office.help(request_caller(), path.hall, path.window)}, 200


@bp.post("/halls/<hall>/windows/<window>/help/answer", responses={200: Changed}, security=_SECURITY)
@allow("serve")
def answer_help(path: WindowPath) -> Answer:
    """Somebody comes, or it was nothing."""
    return {"changed": sanban().office.answer_help(request_caller(), path.hall, path.window)}, 200


@bp.post("/halls/<hall>/windows/<window>/help/answer/read", responses={200: Changed}, security=_SECURITY)
@allow("serve")
def read_answer(path: WindowPath, body: ReadBody) -> Answer:
    """The window knows who comes."""
    return _read(path, "answer", body), 200


@bp.get("/halls/<hall>/windows/<window>/told", responses={200: Tellings}, security=_SECURITY)
@allow("serve")
def told(path: WindowPath) -> Answer:
    """What a window is told, and the help it called for; nothing for a clerk who does not sit there."""
    staff = sanban().access.staff(path.hall)
    rows = []
    for kind, note in sanban().office.told(request_caller(), path.hall, path.window).items():
        by = note["by"].removeprefix("staff:")
        who = str(staff[by]["name"] or by) if by in staff else by
        rows.append({"kind": kind, "since": note["since"], "who": who, "text": note.get("text")})
    return {"told": rows}, 200


@bp.post("/halls/<hall>/windows/<window>/message", responses={200: Changed}, security=_SECURITY)
@allow("configure")
def message(path: WindowPath, body: TextBody) -> Answer:
    """Tell a window something."""
    return {"changed": sanban().office.message(request_caller(), path.hall, path.window, body.text)}, 200


@bp.post("/halls/<hall>/windows/<window>/message/read", responses={200: Changed}, security=_SECURITY)
@allow("serve")
def read_message(path: WindowPath, body: ReadBody) -> Answer:
    """The window has read its message."""
    return _read(path, "message", body), 200


def _read(path: WindowPath, kind: str, body: ReadBody) -> dict[str, bool]:
    return {"changed": sanban().office.read(request_caller(), path.hall, path.window, kind, body.since)}
