"""Images into answers."""

from __future__ import annotations

from typing import Any

from hall.domain.halls import Hall, Window
from hall.domain.texts import Text
from hall.services.tickets import Place
from hall.web import why
from hall.web.access import sanban

Json = dict[str, Any]


def both(text: Text | None) -> dict[str, str] | None:
    """A data text in both languages."""
    return {"zh": text.zh, "en": text.en} if text else None


def window_offered(window: Window) -> Json:
    """A window as the hall's description has it."""
    return {
        "id": window.id,
        "label": window.label,
        "kind": window.kind,
        "lines": list(window.lines),
        "direction": both(window.direction),
    }


def issued(hall_id: str, place: Place) -> Json:
    ticket, here = place.ticket, sanban()
    token = here.secrets.ticket_token(hall_id, ticket["id"])
    public = here.settings.public_url
    return {
        "number": ticket["number"],
        "token": token,
        "line": ticket["line"],
        "services": ticket["services"].split(","),
        "state": ticket["state"],
        "ahead": place.ahead_in_all,
        "wait": _shown(ticket),
        "issued_at": ticket["issued_at"],
        "url": f"{public}/t/{token}" if public else None,
    }


def _shown(ticket: Json) -> Json | None:
    """The range that was shown when the ticket was issued, minutes; None: unknown."""
    return {"low": ticket["wait_low"], "high": ticket["wait_high"]} if "wait_high" in ticket else None


def _wait(hall_id: str, ticket: Json) -> Json | None:
    """The range from now on, minutes; None: unknown."""
    wait = sanban().waits.for_ticket(hall_id, ticket)
    return wait and wait._asdict()


def resident(hall: Hall, place: Place) -> Json:
    """A resident's own ticket: no group, no clerk."""
    ticket = place.ticket
    at_window = ticket["state"] in ("called", "serving") and ticket.get("window")
    window = hall.window(ticket["window"]) if at_window else None
    return {
        **issued(hall.id, place),
        "wait": _wait(hall.id, ticket),
        "window": window.label if window else None,
        "direction": both(window.direction) if window else None,
        "why": why.texts(hall, place, sanban().tickets.moves.clock()),
        "place": why.numbers(hall, place),
        "more_time_left": max(0, hall.policy.more_time_times - ticket.get("more_times", 0)),
    }
