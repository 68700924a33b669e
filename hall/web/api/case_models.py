"""The shapes of cases and visits."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from hall.web.api.models import Body, HallPath, Id, Milliseconds, Reason, TokenPath

Kind = Literal["assisted", "home_visit"]
Source = Literal["hall_ticket", "phone", "patrol", "relative", "kiosk_help", "window"]
Step = Literal["visit", "ask_papers", "submit", "ask_office", "deliver", "call", "other"]
Outcome = Literal["granted", "partly", "declined", "informed"]
Move = Literal["accept", "take", "submit", "decide", "deliver", "refuse", "withdraw"]
Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000, description="ms since 1970, UTC")]
Note = Annotated[str, Field(max_length=1000, description="Kept encrypted; it may name people.")]
Ids = Annotated[list[Id], Field(max_length=60)]
Device = Annotated[str, Field(pattern="^[a-z0-9]{8,40}$")]


class CasePath(HallPath):
    case: Id


class ItemPath(CasePath):
    item: Annotated[str, Field(min_length=1, max_length=6)]


class PaperPath(CasePath):
    paper: Annotated[str, Field(min_length=1, max_length=6)]


class OfficerPath(HallPath):
    officer: Id


class FollowPath(TokenPath):
    """The token of a case's tracking link."""


class ListQuery(BaseModel):
    mine: bool = False
    overdue: bool = False
    community: Annotated[str, Field(max_length=64)] = ""


class ResultsQuery(BaseModel):
    start: datetime.date
    end: datetime.date
    by: Literal["group", "item", "month"] = "group"


class SuggestBody(Body):
    community: Annotated[str, Field(max_length=64)] = ""
    items: Ids = []


class CardBody(Body):
    id_number: Annotated[str, Field(min_length=1, max_length=40)]


class WantedBody(Body):
    items: Ids = []
    bundles: Ids = []


class OpenBody(WantedBody):
    """Nothing about the person is required: some have no papers, no phone, no address."""

    kind: Kind
    group: Id
    owner: Id
    source: Source = "window"
    community: Annotated[str, Field(max_length=64)] = ""
    name: Annotated[str, Field(max_length=60)] = ""
    phone: Annotated[str, Field(max_length=32)] = ""
    id_number: Annotated[str, Field(max_length=40)] = ""
    description: Note = ""
    found: Note = ""
    address: Note = ""
    relative: Note = ""
    note: Note = ""
    next_at: Moment | None = None
    next_step: Step = "other"
    language: Literal["zh", "en"] = "zh"


class HandOverBody(Body):
    owner: Id
    reason: Reason


class MoveBody(Body):
    """`present`: the person is there (帮办). `decide` needs an outcome, `refuse` and `withdraw` a reason."""

    move: Move
    reason: Note = ""
    outcome: Outcome | None = None
    present: bool = False


class PaperBody(Body):
    paper: Annotated[str, Field(min_length=1, max_length=40)]
    original: bool = True
    note: Note = ""


class AuthoriseBody(Body):
    how: Literal["signed", "spoken", "fingerprint", "guardian"]
    note: Note = ""


class NoteBody(Body):
    note: Annotated[str, Field(min_length=1, max_length=1000)]


class NextBody(Body):
    at: Moment
    step: Step
    note: Note = ""


class CloseBody(Body):
    note: Note = ""


class NumberBody(Body):
    items: Annotated[list[Annotated[str, Field(max_length=6)]], Field(min_length=1, max_length=10)]


class AwayBody(Body):
    start: Moment
    end: Moment


class Case(BaseModel):
    """Ids, kinds, states and dates alone. `items` and `papers` by their number in the case."""

    id: str
    kind: Kind
    state: Literal["open", "closed"]
    source: Source
    group: str
    community: str
    owner: str
    opened_at: Milliseconds
    next_at: Milliseconds | None
    next_step: str | None
    closed_at: Milliseconds | None
    authorised: dict[str, Any] | None
    items: dict[str, dict[str, Any]]
    papers: dict[str, dict[str, Any]]
    visit: str | None
    person: dict[str, str] = Field(description="masked")


class CaseWithStory(Case):
    token: str
    story: list[dict[str, Any]]


class ListedCases(BaseModel):
    cases: list[Case]


class Revealed(BaseModel):
    """The person in clear, and every text by <place in the story>/<name>; that it was read is in the journal."""

    person: dict[str, str]
    texts: dict[str, str]


class Counts(BaseModel):
    open: int
    waiting_for_papers: int
    alarms: dict[str, int]
    loads: dict[str, int]


class Result(BaseModel):
    people: int
    cases: int
    delivered: int
    refused: int
    withdrawn: int
    days: float | None


class Results(BaseModel):
    results: dict[str, Result]


class AlarmList(BaseModel):
    alarms: list[dict[str, Any]]


class Suggestion(BaseModel):
    """An officer, and why."""

    officer: str
    community: bool
    skills: list[str]
    load: int
    capacity: int
    away: bool


class Suggestions(BaseModel):
    officers: list[Suggestion]


class Followed(BaseModel):
    """What a person, or a relative they named, sees of a case: no name, no group."""

    state: Literal["open", "closed"]
    kind: Kind
    next_at: Milliseconds | None
    next_step: str | None
    items: list[dict[str, Any]]
    papers_here: int
    visit: dict[str, Any] | None
