"""The promise on the wall, with the hall's own numbers in it."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from hall.domain.halls import Hall
from hall.web.texts import CHINESE, ENGLISH


def spoken(hall: Hall) -> dict[str, str]:
    """The promise in both languages, for pages that cannot ask again in another one."""
    found = {}
    for locale, language in ((CHINESE, "zh"), (ENGLISH, "en")):
        with force_locale(locale):
            found[language] = ("" if language == "zh" else " ").join(sentences(hall))
    return found


def sentences(hall: Hall) -> list[str]:
    """What every resident may hold the hall to; short enough for a wall."""
    head_start = hall.policy.head_start
    return [
        _(
            "A green-channel number counts as if taken %(green)s minutes earlier, an appointment, once its time has"
            " come, as if taken %(appointment)s minutes before it.",
            green=head_start.green,
            appointment=head_start.appointment,
        ),
        _(
            "At a general window, nobody who comes more than %(bound)s minutes after you is called before you.",
            bound=hall.bound,
        ),
        _("People who were here before may come back."),
    ]
