"""Events for other programs: which there are, what is told of them, when a try is made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from hall.domain.events import Entry

_STRICT = {"extra": "forbid"}
Image = Mapping[str, Any]

_TICKET: Final = (
    *("issued", "checked_in", "called", "recalled", "started", "finished", "missed", "came_back", "parked"),
    *("returned", "transferred", "sent_back", "delayed", "edited", "cancelled", "expired", "undone"),
)
_CASE: Final = ("opened", "assigned", "items_added", "item_moved", "ticket", "closed")
#: event → kind of the entry that it is; kinds that tell of a claim, a text or somebody who looked are none
EVENTS: Final[dict[str, str]] = {
    **{f"ticket.{kind}": kind for kind in _TICKET},
    **{f"case.{kind}": f"case_{kind}" for kind in _CASE},
}
#: kind of an entry → event
EVENT_OF: Final = {kind: event for event, kind in EVENTS.items()}
#: what is sent by hand, to see whether it arrives
TEST: Final = "webhook.test"

# What is told: nothing that says who somebody is or to which group they belong, nor where that can be read from
# (lane, head start, queue time, rule of the call). docs/webhooks.md has the same lists, and a test compares them.
TICKET_FIELDS: Final = (
    *("id", "number", "date", "line", "services", "state", "window", "appointment", "outcome"),
    *("issued_at", "called_at", "started_at", "missed_at", "ended_at"),
)
CASE_FIELDS: Final = ("id", "state", "opened_at", "closed_at")
ITEM_FIELDS: Final = ("n", "item", "state", "since", "outcome")
#: facts of an entry beside its images
FACTS: Final = ("undid", "number", "n", "item", "move", "from", "to")

#: seconds until the second try; each later wait is so many times the one before, up to the longest
FIRST_WAIT, FACTOR, LONGEST_WAIT = 5, 3, 3600
#: an event that nobody took for so long stops its webhook, ms
GIVE_UP_MS: Final = 24 * 3600 * 1000
#: no other try begins while one may still be under way, ms
TRY_MS: Final = 20_000
#: after a new secret the old one signs too for so long, ms
OLD_SECRET_MS: Final = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Webhook:
    """Who is told of which events. `on`: events wait while it is not."""

    __pydantic_config__ = _STRICT

    id: str
    url: str
    events: tuple[str, ...]
    on: bool = True

    def __post_init__(self) -> None:
        if not _is_address(self.url):
            raise ValueError("url must be like https://platform.example.org/hook, without a name, password or #")
        if not self.events:
            raise ValueError("events must name one event at least")
        for event in self.events:
            if event not in EVENTS:
                raise ValueError(f"events: {event!r} is none of {', '.join(EVENTS)}")
        if len(set(self.events)) < len(self.events):
            raise ValueError("events: one is there twice")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        fine = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url and "#" not in url
    return fine and plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def event_of(entry: Entry) -> str | None:
    """The event that an entry is; None for most entries."""
    event = EVENT_OF.get(entry.kind)
    thing = entry.ticket if event and event.startswith("ticket.") else entry.case
    return event if thing else None


def message_id(hall_id: str, entry_id: str) -> str:
    """The same at every try, and no other event's."""
    return f"{hall_id}-{entry_id}"


def message(hall_id: str, entry: Entry) -> dict[str, Any]:
    """What is told of an entry, made of the entry alone: it is the same at every try. Times are ISO 8601 UTC."""
    event = event_of(entry)
    if event is None:
        raise ValueError(f"{entry.kind} is no event")
    data: dict[str, Any] = {"ticket": _ticket(entry.ticket)} if entry.ticket else {}
    if entry.case and event.startswith("case."):
        data = {"case": _case(entry.case)}
    facts: dict[str, Any] = {name: entry.facts[name] for name in FACTS if name in entry.facts}
    return _envelope(hall_id, message_id(hall_id, entry.id), event, entry.at, {**data, **facts})


def trial(hall_id: str, name: str, at: int) -> dict[str, Any]:
    """A message that means nothing; `name` is its id within the hall."""
    return _envelope(hall_id, message_id(hall_id, name), TEST, at, {})


def about(entry: Entry) -> str:
    """What an event is of, for people: a number, or the number of a case."""
    if entry.case and (event_of(entry) or "").startswith("case."):
        return str(entry.case["id"]).lstrip("0")
    return str(entry.ticket["number"]) if entry.ticket else ""


def next_try(tries: int, first: int, now: int, chance: float) -> int | None:
    """When the next try comes (ms) after so many, the first of them at `first`; None: never. `chance`, from 0 to 1,
    spreads the tries of many halls."""
    seconds = min(LONGEST_WAIT, FIRST_WAIT * FACTOR ** min(tries - 1, 10)) * (0.5 + chance / 2)
    at = now + round(seconds * 1000)
    return at if at <= first + GIVE_UP_MS else None


def _envelope(hall_id: str, name: str, event: str, at: int, data: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "type": event, "timestamp": _iso(at), "hall": hall_id, "data": data}


def _ticket(image: Image) -> dict[str, Any]:
    told = _told(image, TICKET_FIELDS)
    return {**told, "services": str(image["services"]).split(",")} if "services" in told else told


def _case(image: Image) -> dict[str, Any]:
    items = [{"n": n, **item} for n, item in sorted(image["items"].items(), key=lambda pair: int(pair[0]))]
    return {**_told(image, CASE_FIELDS), "items": [_told(item, ITEM_FIELDS) for item in items]}


def _told(image: Image, fields: tuple[str, ...]) -> dict[str, Any]:
    told = {name: image[name] for name in fields if image.get(name) is not None}
    return {name: _iso(one) if name.endswith("_at") or name == "since" else one for name, one in told.items()}


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
