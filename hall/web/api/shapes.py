"""Images into answers."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from hall.domain.halls import Hall, Window
from hall.domain.texts import Text
from hall.services.tickets import Place
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
        "wait": None,
        "issued_at": ticket["issued_at"],
        "url": f"{public}/t/{token}" if public else None,
    }


def resident(hall: Hall, place: Place) -> Json:
    """A resident's own ticket: no group, no clerk."""
    ticket = place.ticket
    at_window = ticket["state"] in ("called", "serving") and ticket.get("window")
    window = hall.window(ticket["window"]) if at_window else None
    return {
        **issued(hall.id, place),
        "window": window.label if window else None,
        "direction": both(window.direction) if window else None,
        "why": why(hall, place),
        "more_time_left": max(0, hall.policy.more_time_times - ticket.get("more_times", 0)),
    }


def why(hall: Hall, place: Place) -> list[str]:
    """Why a ticket stands where it stands, in words that reveal nothing of anybody."""
    if place.ticket["state"] != "waiting":
        return []
    ahead = place.ahead_in_all or 0
    first = (
        _("You are the next one to be called in your line.")
        if ahead == 0
        else _(
            "%(n)s numbers are called before yours. They came earlier, or are moved forward by the hall's rule.",
            n=ahead,
        )
    )
    bound = _("Nobody who comes more than %(n)s minutes after you is called before you.", n=hall.policy.bound)
    return [first, bound]
