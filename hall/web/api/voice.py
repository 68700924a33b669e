"""The hall's voice: what a display announces, and the clips for it."""

from pathlib import Path
from typing import Annotated, Any

from flask import Response, make_response, request, send_file, url_for
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field
from werkzeug.exceptions import NotFound

from hall.domain.callers import Caller
from hall.services.voice import ASK_MS, GAP_MS, LEASE_MS, PAUSE_MS, Speaker, Spoken
from hall.voice.announcement import CHIME
from hall.voice.clips import TYPES, version
from hall.web.access import allow, current, sanban
from hall.web.api.models import Body, HallPath, Id, Milliseconds, Number
from hall.web.api.tickets import PROBLEMS, Answer

_AUDIO: dict[Any, Any] = {
    200: {
        "description": "the clip",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES.values()},
    }
}
#: A page whose voice is off asks again so late.
_OFF_MS = 30_000
_YEAR = 365 * 24 * 3600
bp = APIBlueprint(
    "voice",
    __name__,
    url_prefix="/api/v1/halls/<hall>/voice",
    abp_tags=[Tag(name="voice")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


class SpeakerBody(Body):
    """`page` tells two tabs of one display apart; a reload keeps it."""

    zone: Id
    page: Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,20}$")]


class BlockedBody(SpeakerBody):
    """`zone` is empty for a display in none."""

    zone: Annotated[str, Field(max_length=64)] = ""
    blocked: bool


class RingPath(HallPath):
    ring: Annotated[str, Field(pattern=r"^\d{1,16}-\d{1,10}$")]


class ClipPath(HallPath):
    language: Annotated[str, Field(max_length=8)]
    clip: Annotated[str, Field(max_length=64)]


class SentenceOut(BaseModel):
    language: str
    clips: list[str]


class AnnouncementOut(BaseModel):
    """The chime, then the sentences one after the other, all of them `repeat` times; to be over within `hold_ms`."""

    id: str
    ticket: str
    calls: int
    number: Number
    window: str
    chime: str | None
    sentences: list[SentenceOut]
    repeat: int
    hold_ms: int
    gap_ms: int
    pause_ms: int


class NextOut(BaseModel):
    """`announcement` is null when there is nothing, or another display speaks: ask again after `wait_ms`."""

    on: bool
    speaks: Annotated[bool, Field(description="whether this display speaks for the zone")]
    waiting: Annotated[int, Field(description="calls that wait behind this one")]
    wait_ms: int
    announcement: AnnouncementOut | None


class ZoneOut(BaseModel):
    speaker: str | None = None
    waiting: int


class SilentOut(BaseModel):
    name: str
    since: Milliseconds


class VoiceState(BaseModel):
    """By zone who speaks and how much waits; by device whose sound is blocked."""

    zones: dict[str, ZoneOut]
    silent: dict[str, SilentOut]


def _caller() -> Caller:
    # Displays ask every other second: a remembered answer for each would fill the store, and asking twice is safe.
    return Caller(by=current().by)


def _speaker(body: SpeakerBody) -> Speaker:
    return Speaker(current().id, body.page)


@bp.post("/next", responses={200: NextOut})
@allow("show")
def next_(path: HallPath, body: SpeakerBody) -> Answer:
    """What this display may announce now. It speaks for its zone as long as it goes on asking."""
    turn, spoken = sanban().voices.next(_caller(), path.hall, body.zone, _speaker(body))
    on = sanban().voices.on(path.hall)
    wait = min(turn.wait, LEASE_MS) if turn.speaker else ASK_MS if on else _OFF_MS
    return {
        "on": on,
        "speaks": turn.speaker is None,
        "waiting": turn.waiting,
        "wait_ms": wait,
        "announcement": _announcement(path.hall, spoken) if spoken else None,
    }, 200


def _announcement(hall_id: str, spoken: Spoken) -> dict[str, Any]:
    ring, words = spoken.ring, spoken.words
    sentences = [
        {"language": said.language, "clips": [_address(hall_id, said.language, clip, file) for clip, file in files]}
        for said, files in zip(words.sentences, spoken.files, strict=True)
    ]
    first = words.sentences[0].language
    return {
        "id": ring.id,
        "ticket": ring.ticket,
        "calls": ring.calls,
        "number": ring.number,
        "window": sanban().halls.get(hall_id).window(ring.window).label,
        "chime": _address(hall_id, first, CHIME, spoken.chime) if spoken.chime else None,
        "sentences": sentences,
        "repeat": words.repeat,
        "hold_ms": spoken.hold_ms,
        "gap_ms": GAP_MS,
        "pause_ms": PAUSE_MS,
    }


def _address(hall_id: str, language: str, clip: str, file: Path) -> str:
    return url_for("voice.clip", hall=hall_id, language=language, clip=clip, v=version(file))


@bp.post("/<ring>/done", responses={204: None})
@allow("show")
def done(path: RingPath, body: SpeakerBody) -> Response:
    """This display announced a call, which now counts as shown. Saying so twice is no harm."""
    sanban().voices.done(_caller(), path.hall, body.zone, _speaker(body), path.ring)
    return make_response("", 204)


@bp.post("/blocked", responses={204: None})
@allow("show")
def blocked(path: HallPath, body: BlockedBody) -> Response:
    """The browser of this display does not let it sound, or does again; the office is told its name."""
    sanban().voices.blocked(_caller(), path.hall, body.zone, _speaker(body), blocked=body.blocked)
    return make_response("", 204)


@bp.get("", responses={200: VoiceState})
@allow("serve")
def state(path: HallPath) -> Answer:
    """Who speaks in each sound zone, how many calls wait there, and whose sound is blocked."""
    return sanban().voices.state(path.hall), 200


@bp.get("/<language>/<clip>", responses=_AUDIO)
@allow("board")
def clip(path: ClipPath) -> Response:
    """One clip; an address with `v` is of this very file and may be kept."""
    file = sanban().voices.clip(path.hall, path.language, path.clip)
    if file is None:
        raise NotFound()
    response = send_file(file, mimetype=TYPES[file.suffix], conditional=True)
    if request.args.get("v") == version(file):
        response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response
