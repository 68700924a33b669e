"""The shapes of booking."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from hall.web.api.models import Body, Id, Milliseconds, TokenPath

Services = Annotated[list[Id], Field(min_length=1, max_length=10, examples=[["senior-card"]])]
Slot = Annotated[int, Field(ge=0, le=4_102_444_800_000, description="A slot's `start`, ms since 1970, UTC.")]
Language = Literal["zh", "en"]
State = Literal["booked", "arrived", "cancelled", "no_show"]


class AppointmentPath(TokenPath):
    """The code of an appointment's link."""


class LineQuery(BaseModel):
    """A line, or services of one line."""

    line: Id | None = None
    service: Annotated[list[Id], Field(max_length=10)] = []


class SlotsQuery(LineQuery):
    date: datetime.date


class DateQuery(BaseModel):
    date: datetime.date


class BookBody(Body):
    """A phone or an identity number is needed, and a name."""

    services: Services
    slot: Slot
    name: Annotated[str, Field(max_length=60, examples=["王小明"])] = ""
    phone: Annotated[str, Field(max_length=32)] = ""
    id_number: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=254, description="For messages, where the hall sends mail.")] = ""
    language: Language = "zh"


class ChangeBody(Body):
    """A field left out stays as it is."""

    services: Services | None = None
    slot: Slot | None = None
    language: Language | None = None


class CardBody(Body):
    id_number: Annotated[str, Field(min_length=1, max_length=40)]


class OfferedSlot(BaseModel):
    """`refusal`: the code that booking it now would get; null when it can be booked."""

    start: Milliseconds
    time: str = Field(examples=["09:15"])
    left: int
    refusal: str | None


class OfferedSlots(BaseModel):
    line: str
    date: datetime.date
    slots: list[OfferedSlot]


class OfferedDay(BaseModel):
    """`slots`: how many the day has at all; `left`: places that can be booked now; `why` of a special day."""

    date: datetime.date
    slots: int
    left: int
    why: str
    told: dict[str, str] | None = Field(description="what a manager says who closed the hall for this day")


class OfferedDays(BaseModel):
    line: str
    days: list[OfferedDay]


class Masked(BaseModel):
    name: str = Field(examples=["王**"])
    phone: str = Field(examples=["138****5678"])
    id_number: str


class BookedAppointment(BaseModel):
    """An appointment as its holder sees it. `code` opens it again, `desk_code` is typed at the kiosk or told at
    the desk; `number` is what it got when it checked in."""

    code: str
    desk_code: str
    url: str | None
    hall: str
    line: str
    services: list[str]
    slot: Milliseconds
    date: datetime.date
    time: str = Field(examples=["09:15"])
    check_in_from: Milliseconds
    check_in_until: Milliseconds = Field(description="later it is an ordinary number")
    state: State
    language: Language
    number: str | None
    changes_left: int
    person: Masked | None = Field(description="for staff; whoever types a number must not learn whose it is")


class LastNotice(BaseModel):
    """What the person was told last, and what became of it: `waiting` for a try, `sent` (a gateway took it), `failed`
    (given up), `dropped` (no longer true, or no address)."""

    what: Literal["booked", "moved", "cancelled", "reminder", "soon", "called"]
    state: Literal["waiting", "sent", "failed", "dropped"]
    tries: int
    at: Milliseconds
    channel: str | None
    why: str | None


class ListedAppointment(BaseModel):
    """An appointment as staff see it."""

    code: str
    line: str
    services: list[str]
    slot: Milliseconds
    time: str
    state: State
    language: Language
    number: str | None
    imported: bool
    person: Masked
    told: LastNotice | None


class ListedAppointments(BaseModel):
    date: datetime.date
    appointments: list[ListedAppointment]


class FoundAppointment(BaseModel):
    line: str
    services: list[str]
    slot: Milliseconds
    time: str
    check_in_from: Milliseconds
    state: State
    number: str | None


class FoundAppointments(BaseModel):
    """Today's appointments of one person, the next one first."""

    appointments: list[FoundAppointment]


class ImportedRow(BaseModel):
    """What became of a row; for a refused one why."""

    row: int
    external_id: str
    result: Literal["accepted", "changed", "unchanged", "refused"]
    code: str | None = None
    detail: str | None = None
    facts: dict[str, Any] | None = None


class ImportReport(BaseModel):
    accepted: int
    changed: int
    unchanged: int
    refused: int
    rows: list[ImportedRow]


_TEXTS = {name: {"type": "string"} for name in ("services", "name", "phone", "id_number", "language", "state")}
#: a file is no model: its rows are judged one by one
IMPORT_BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["external_id", "services", "slot", "name"],
                    "properties": {
                        **_TEXTS,
                        "external_id": {"type": "string", "minLength": 1, "maxLength": 200},
                        "slot": {"type": "string", "examples": ["2026-11-30 09:15"]},
                    },
                },
            }
        },
        "text/csv": {"schema": {"type": "string"}},
    },
}
