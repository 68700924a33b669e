"""The office: what is changed for today; ratings and what is done about them."""

from typing import Annotated, Any, Literal

from flask import Response, make_response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from hall.domain.halls import Hall
from hall.domain.texts import Text
from hall.web.access import allow, request_caller, sanban
from hall.web.api.models import Body, HallPath, Id, Milliseconds, NumberPath, Reason, Said, TokenPath, WindowPath
from hall.web.api.shapes import both
from hall.web.api.tickets import PROBLEMS, Answer

_SECURITY: list[dict[str, list[Any]]] = [{"token": []}]
bp = APIBlueprint("office", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="office")], abp_responses=PROBLEMS)


class LinePath(HallPath):
    line: Id


class RatingPath(HallPath):
    rating: Annotated[int, Field(ge=1)]


class ReasonBody(Body):
    reason: Reason


class ToldBody(ReasonBody):
    """What people are told, in both languages."""

    zh: Said
    en: Annotated[str, Field(max_length=200)] = ""

    @property
    def told(self) -> Text:
        return Text(self.zh, self.en)


class ContingentBody(ReasonBody):
    """`count` left out: the usual again."""

    count: Annotated[int, Field(ge=0, le=100_000)] | None = None


class RatingBody(Body):
    """`level` 5 is the best; `items` are of the hall's list."""

    level: Literal[1, 2, 3, 4, 5]
    items: Annotated[list[Id], Field(max_length=20)] = []


class AnswerBody(Body):
    answer: Annotated[str, Field(min_length=1, max_length=500)]


class TodayState(BaseModel):
    """What is changed for today alone; texts in both languages."""

    date: str
    closed: dict[str, str] | None
    paused: dict[str, dict[str, str] | None]
    contingents: dict[str, int]


class RatingOffer(BaseModel):
    enabled: bool
    levels: list[int]
    items: list[dict[str, Any]]


class GivenRating(BaseModel):
    level: int
    items: list[str]
    source: str


class FollowUp(BaseModel):
    """A bad rating that waits for an answer. It names no person, no number, no clerk."""

    id: int
    level: int
    items: list[str]
    source: str
    date: str
    line: str
    services: str
    due_at: Milliseconds
    overdue: bool = False


class FollowUps(BaseModel):
    follow_ups: list[FollowUp]


def _today(hall: Hall) -> Answer:
    day = hall.calendar.date_of(sanban().tickets.moves.clock())
    today = hall.on(day)
    paused = {line: both(text) for line, text in today.paused.items()}
    return {
        "date": day.isoformat(),
        "closed": both(today.closed),
        "paused": paused,
        "contingents": dict(today.contingents),
    }, 200


# Today ---------------------------------------------------------------------------------------


@bp.get("/halls/<hall>/today", responses={200: TodayState})
@allow(None)
def today(path: HallPath) -> Answer:
    """What is changed for today alone, for everybody."""
    return _today(sanban().halls.get(path.hall))


@bp.post("/halls/<hall>/today/close", responses={200: TodayState}, security=_SECURITY)
@allow("configure")
def close(path: HallPath, body: ToldBody) -> Answer:
    """No more numbers today, and everybody is told why."""
    return _today(sanban().office.close(request_caller(), path.hall, body.told, body.reason))


@bp.post("/halls/<hall>/today/open", responses={200: TodayState}, security=_SECURITY)
@allow("configure")
def open_(path: HallPath, body: ReasonBody) -> Answer:
    """Numbers again."""
    return _today(sanban().office.open(request_caller(), path.hall, body.reason))


@bp.post("/halls/<hall>/lines/<line>/pause", responses={200: TodayState}, security=_SECURITY)
@allow("configure")
def pause_line(path: LinePath, body: ToldBody) -> Answer:
    """A line gives no numbers until it goes on, or until tomorrow."""
    return _today(sanban().office.pause_line(request_caller(), path.hall, path.line, body.told, body.reason))


@bp.post("/halls/<hall>/lines/<line>/resume", responses={200: TodayState}, security=_SECURITY)
@allow("configure")
def resume_line(path: LinePath, body: ReasonBody) -> Answer:
    """The line goes on."""
    return _today(sanban().office.resume_line(request_caller(), path.hall, path.line, body.reason))


@bp.post("/halls/<hall>/lines/<line>/contingent", responses={200: TodayState}, security=_SECURITY)
@allow("configure")
def contingent(path: LinePath, body: ContingentBody) -> Answer:
    """How many numbers a line gives today."""
    return _today(sanban().office.set_contingent(request_caller(), path.hall, path.line, body.count, body.reason))


# Ratings -------------------------------------------------------------------------------------


def _given(rating: dict[str, Any]) -> Answer:
    """Nothing of the number goes back: a pad shows it to whoever stands there."""
    return {"level": rating["level"], "items": rating.get("items") or [], "source": rating["source"]}, 201


@bp.get("/halls/<hall>/rating", responses={200: RatingOffer})
@allow(None)
def offer(path: HallPath) -> Answer:
    """What may be said of a service."""
    rating = sanban().halls.get(path.hall).rating
    items = [{"id": item.id, "name": both(item.name)} for item in rating.items]
    return {"enabled": rating.enabled, "levels": [5, 4, 3, 2, 1], "items": items}, 200


@bp.post("/tickets/<token>/rating", responses={201: GivenRating})
@allow(None)
def rate(path: TokenPath, body: RatingBody) -> Answer:
    """The holder of a number says how the service was, once."""
    return _given(sanban().ratings.by_token(request_caller(), path.token, body.level, body.items))


@bp.post("/halls/<hall>/windows/<window>/rating", responses={201: GivenRating}, security=_SECURITY)
@allow("rate")
def rate_at_window(path: WindowPath, body: RatingBody) -> Answer:
    """At a rating pad: for the service that ended there last, within ten minutes, once."""
    return _given(sanban().ratings.by_pad(request_caller(), path.hall, path.window, body.level, body.items))


@bp.post("/halls/<hall>/tickets/<number>/rating", responses={201: GivenRating}, security=_SECURITY)
@allow("serve")
def rate_by_staff(path: NumberPath, body: RatingBody) -> Answer:
    """Entered by staff for somebody who asks them to; marked so."""
    return _given(sanban().ratings.by_staff(request_caller(), path.hall, path.number, body.level, body.items))


@bp.get("/halls/<hall>/ratings/follow-ups", responses={200: FollowUps}, security=_SECURITY)
@allow("reports")
def follow_ups(path: HallPath) -> Answer:
    """Bad ratings that wait for an answer, the most urgent first."""
    found = sanban().ratings.follow_ups(path.hall, sanban().tickets.moves.clock())
    return {"follow_ups": [_follow_up(one) for one in found]}, 200


@bp.post("/halls/<hall>/ratings/<rating>/answer", responses={204: None}, security=_SECURITY)
@allow("reports")
def answer_rating(path: RatingPath, body: AnswerBody) -> Response:
    """Say what was done about a bad rating."""
    sanban().ratings.answer(request_caller(), path.hall, path.rating, body.answer)
    return make_response("", 204)


def _follow_up(rating: dict[str, Any]) -> dict[str, Any]:
    told = {name: rating.get(name) for name in FollowUp.model_fields}
    return {**told, "items": rating.get("items") or []}
