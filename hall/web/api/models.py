"""The shapes of requests and answers: what the description at /api/v1/openapi.json says."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(min_length=1, max_length=64)]
Number = Annotated[str, Field(min_length=1, max_length=12)]
Said = Annotated[str, Field(min_length=1, max_length=200)]
Reason = Annotated[str, Field(max_length=200, description="Why; it is kept in the journal.")]
Milliseconds = Annotated[int, Field(description="Milliseconds since 1970, UTC.")]


class Body(BaseModel):
    """Fields nobody knows are an error, not silence."""

    model_config = ConfigDict(extra="forbid", strict=True)


class HallPath(BaseModel):
    hall: Id


class WindowPath(HallPath):
    window: Id


class NumberPath(HallPath):
    number: Number


class TokenPath(BaseModel):
    token: Annotated[str, Field(min_length=1, max_length=200)]


class IssueBody(Body):
    """`services` may be left out by whoever checks an appointment in: by its code (of the link, or of the desk), or
    by the identity number of somebody who has one today."""

    services: Annotated[list[Id], Field(max_length=10, examples=[["senior-card"]])] = []
    id_number: Annotated[str, Field(max_length=40)] | None = None
    claim: Id | None = None
    appointment: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    phone: Annotated[str, Field(max_length=32)] | None = None
    language: Literal["zh", "en"] = "zh"
    override: Reason | None = None
    slip: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def needs_something(self) -> Self:
        if not (self.services or self.appointment or self.id_number):
            raise ValueError("services, an appointment or an identity number is needed")
        return self


class FinishBody(Body):
    outcome: Annotated[str, Field(max_length=64)] = "done"
    services: Annotated[list[Id], Field(max_length=10)] = []


class CallNextBody(Body):
    finish: FinishBody | None = None


class CallBody(Body):
    number: Number
    reason: Reason


class NumberBody(Body):
    number: Number


class TransferBody(Body):
    """Exactly one of line, window, clerk; `number` for a ticket that still waits."""

    line: Id | None = None
    window: Id | None = None
    clerk: Id | None = None
    origin: bool = False
    reason: Reason
    number: Number | None = None


class VerifyBody(Body):
    confirmed: bool
    number: Number | None = None


class OpenBody(Body):
    take_over: bool = False


class OpenForBody(Body):
    clerk: Annotated[str, Field(min_length=1, max_length=40)]
    reason: Reason


class PauseBody(Body):
    reason: Reason = ""


class WindowChangeBody(Body):
    """A field left out stays as it is."""

    kind: Literal["general", "priority"] | None = None
    lines: Annotated[list[Id], Field(min_length=1, max_length=50)] | None = None
    reason: Reason


class EditBody(Body):
    """`known_note`: the note is replaced only while it is this one, else `NOTE_CHANGED`."""

    services: Annotated[list[Id], Field(min_length=1, max_length=10)] | None = None
    language: Literal["zh", "en"] | None = None
    note: Annotated[str, Field(max_length=500)] | None = None
    known_note: Annotated[str, Field(max_length=500)] | None = None
    group: Id | None = None


class ShownBody(Body):
    ticket: Id
    calls: Annotated[int, Field(ge=1, le=1000)]


class Wait(BaseModel):
    """Minutes from now, rounded outward to five."""

    low: int
    high: int


class IssuedTicket(BaseModel):
    """A number, as the one who took it sees it. `ahead`: how many are called before it."""

    number: str
    token: str
    line: str
    services: list[str]
    state: str
    ahead: int | None
    wait: Wait | None = Field(None, description="the range within which it will probably be called; null: unknown")
    issued_at: Milliseconds
    url: str | None = Field(None, description="the resident's page, when the installation has a public address")


class PlaceNumbers(BaseModel):
    """Why a ticket stands where it stands. `came_earlier` and `counts_as_earlier` (by the hall's rule) are called
    before it as things stand; `may_still` are in the hall with a booked time that may put them before it;
    who takes a number after `until` is not called before it at a general window."""

    came_earlier: int
    counts_as_earlier: int
    may_still: int
    until: Milliseconds


class ResidentTicket(IssuedTicket):
    """What a resident sees of a ticket; `window` is the label of the window that called it."""

    window: str | None = None
    direction: dict[str, str] | None = None
    why: list[str] = Field(description="the explanation of the place, or of the call, in the language asked for")
    place: PlaceNumbers | None = Field(description="the same as numbers, while the ticket waits")
    more_time_left: int


class StaffTicket(BaseModel):
    """A ticket's image: every field the journal knows of it, absent when empty."""

    model_config = ConfigDict(extra="allow")

    id: str
    number: str
    state: str
    line: str
    queue: str
    services: list[str]
    arrived: Milliseconds
    queue_time: Milliseconds


class WindowState(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str
    state: Literal["open", "paused", "closed"]
    since: Milliseconds


class Tables(BaseModel):
    """Rows by table and key, waiting tickets by line, and the journal id all of it is true for."""

    as_of: str
    epoch: str
    now: Milliseconds
    tables: dict[str, dict[str, dict[str, Any]]]
    counts: dict[str, int]


class Upcoming(BaseModel):
    """The next tickets this window would call, first one first."""

    numbers: list[str]


class OfferedWindow(BaseModel):
    id: str
    label: str
    kind: Literal["general", "priority"]
    lines: list[str]
    direction: dict[str, str] | None


class Offered(BaseModel):
    """What the hall offers, for everybody: lines, services, groups, windows, outcomes."""

    id: str
    name: dict[str, str]
    zone: str
    lines: list[dict[str, Any]]
    services: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    windows: list[OfferedWindow]
    outcomes: list[str]
    outcome_names: dict[str, dict[str, str]] = Field(description="of those that the hall names itself")


class Problem(BaseModel):
    """RFC 9457. `code` is stable: programs decide by it, people read `detail`."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any] | None = None
    fields: list[dict[str, str]] | None = Field(None, description="for BAD_FIELDS: where and what")
