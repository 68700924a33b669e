"""The shapes of visits, and of what is done on a doorstep."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from hall.web.api.case_models import Device, Moment, Note
from hall.web.api.models import Body, HallPath, Id, Milliseconds, Reason


class Visit(BaseModel):
    id: str
    case: str
    state: Literal["planned", "under_way", "done", "not_met", "cancelled"]
    centre: str
    near: str
    community: str
    starts: Milliseconds
    ends: Milliseconds
    arrived_at: Milliseconds | None
    left_at: Milliseconds | None
    outcome: str | None


class VisitPath(HallPath):
    visit: Id


class DevicePath(HallPath):
    device: Device


class ConflictPath(DevicePath):
    sequence: int


class DayQuery(BaseModel):
    date: datetime.date
    officer: Annotated[str, Field(max_length=64)] = ""


class PlanBody(Body):
    centre: Id
    near: Id
    starts: Moment
    minutes: Annotated[int, Field(ge=15, le=480)] | None = None


class ReplanBody(PlanBody):
    reason: Reason


class CancelBody(Body):
    next_at: Moment
    reason: Reason


class CarryBody(Body):
    device: Device


class SlotsQuery(BaseModel):
    centre: Id
    near: Id
    date: datetime.date
    minutes: Annotated[int, Field(ge=15, le=480)] | None = None


class DateQuery(BaseModel):
    date: datetime.date


class InsteadQuery(BaseModel):
    officer: Id


class ActionBody(Body):
    """`move` and its `facts`: arrive; leave {met, outcome}; item {item, do, outcome, present}; add {items, bundles};
    paper_in {paper, original}; paper_back {n}; authorise {how}; note; photo."""

    device: Device
    sequence: Annotated[int, Field(ge=1, le=1_000_000_000)]
    visit: Id
    move: Annotated[str, Field(max_length=20)]
    at: Moment
    facts: Annotated[dict[str, Any], Field(max_length=8)] = {}
    text: Note = ""
    photo: Annotated[str, Field(max_length=420_000, description="move photo: a JPEG, base64; kept encrypted")] = ""


class ListedVisits(BaseModel):
    visits: list[Visit]


class Taken(BaseModel):
    """`next`: the sequence that is missing; everything before it is done, or kept as a conflict."""

    next: int
    known: bool
    waiting: int


class Conflict(BaseModel):
    """A refused action of a doorstep: what it asked for and why it was not done; never what was said."""

    device: str
    sequence: int
    visit: str
    case: str
    move: str
    code: str
    at: Milliseconds


class Outbox(BaseModel):
    """What became of a device's actions: `next` as in Taken, and the refused ones that nobody has settled."""

    next: int
    conflicts: list[Conflict]


class Conflicts(BaseModel):
    conflicts: list[Conflict]


class Slots(BaseModel):
    slots: list[Milliseconds]


class Substitutes(BaseModel):
    """Officers of the same kind who are free then, nearest first."""

    officers: list[str]


class Leg(BaseModel):
    """`travel`: minutes to get there; `fits`: the plan leaves that long."""

    visit: str
    travel: int
    fits: bool


class Round(BaseModel):
    centre: str
    near: str
    legs: list[Leg]


class Rounds(BaseModel):
    rounds: list[Round]


class PackItem(BaseModel):
    n: str
    name: str
    state: str
    app: str
    guide: list[str]
    papers: list[dict[str, str]]


class Pack(BaseModel):
    """What a device takes along: no more of the person than finding them needs."""

    visit: Visit
    number: str
    community: str
    pair: list[str]
    name: str
    phone: str
    address: str
    authorised: bool
    items: list[PackItem]
