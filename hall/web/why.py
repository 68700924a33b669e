"""A place explained, in plain words that say nothing of anybody else's group."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from hall.domain import explain
from hall.domain.halls import Hall
from hall.services.tickets import Place


def numbers(hall: Hall, place: Place) -> dict[str, Any] | None:
    """The explanation as numbers, while the ticket waits; see `explain.Ahead`. `until` in ms UTC."""
    if place.ahead is None:
        return None
    return {
        "came_earlier": place.ahead["general"],
        "counts_as_earlier": place.ahead["priority"],
        "may_still": place.may_still,
        "until": explain.until(hall, place.ticket),
    }


def texts(hall: Hall, place: Place, now: int) -> list[str]:
    """The explanation as sentences: of the place while waiting, of the call afterwards."""
    if place.ahead is not None:
        return _waiting(hall, place, now)
    if place.ticket["state"] in ("called", "serving"):
        return [str(_CALLED[place.ticket["rule"]]())]
    return []


def _waiting(hall: Hall, place: Place, now: int) -> list[str]:
    earlier, forward = (place.ahead or {})["general"], (place.ahead or {})["priority"]
    if earlier + forward == 0:
        said = [_("As things stand, your number is called next in its line.")]
    else:
        said = [
            _(
                "Before you are %(n)s: %(earlier)s came earlier, %(forward)s count as earlier by the hall's rule.",
                n=earlier + forward,
                earlier=earlier,
                forward=forward,
            )
        ]
    if place.may_still:
        said.append(_("%(n)s more are in the hall with a booked time that may put them before you.", n=place.may_still))
    return [*map(str, said), _bound(hall, place, now)]


def _bound(hall: Hall, place: Place, now: int) -> str:
    until = explain.until(hall, place.ticket)
    if until <= now:
        return str(_("Nobody who takes a number from now on is called before you at a general window."))
    time = hall.calendar.local(until).strftime("%H:%M")
    return str(_("Nobody who takes a number after %(time)s is called before you at a general window.", time=time))


_CALLED = {
    "next": lambda: _("Of all who waited for this window, your number counted as the earliest."),
    "priority": lambda: _("This window calls appointments and the green channel first; your number was the earliest."),
    "chosen": lambda: _("The staff called your number out of turn and wrote down why."),
    "unparked": lambda: _("Your number was set aside and has been called again."),
}
