"""The promise, to be printed and put on the wall: both languages on one sheet."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import force_locale

from hall.web.access import allow, sanban
from hall.web.promise import sentences
from hall.web.texts import CHINESE, ENGLISH

bp = Blueprint("wall", __name__, template_folder="templates")


@bp.get("/wall/<hall>")
@allow(None)
def wall(hall: str) -> str:
    """What every resident may hold the hall to, with the numbers of the hall's settings."""
    described = sanban().halls.get(hall)
    parts = []
    for locale, language, name in ((CHINESE, "zh-CN", described.name.zh), (ENGLISH, "en", described.name.said("en"))):
        with force_locale(locale):
            parts.append((language, name, sentences(described)))
    return render_template("wall.html", hall=described, parts=parts)
