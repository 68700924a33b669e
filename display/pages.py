"""The hall screen."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from hall.domain.errors import HallError
from hall.web import promise
from hall.web.access import allow, current, sanban

bp = Blueprint(
    "display", __name__, template_folder="templates", static_folder="static", static_url_path="/display/static"
)


class BadScreen(HallError):
    """A screen size or distance that cannot be. Facts: `field`."""

    code = "BAD_SCREEN"


def _measure(name: str, usual: float, least: float, most: float) -> float:
    try:
        value = float(request.args.get(name) or usual)
    except ValueError:
        raise BadScreen(field=name) from None
    if not least <= value <= most:
        raise BadScreen(field=name)
    return value


@bp.get("/display/")
@allow("board")
def screen() -> str:
    """`?inches=55&metres=10`: the screen's diagonal and how far away people stand; rows follow."""
    identity = current()
    hall = sanban().halls.get(identity.hall)
    # "": it rings its chime and never speaks
    sound_zone = (sanban().voices.zone_of(hall.id, identity.id) or "") if identity.may("show") else None
    return render_template(
        "display.html",
        hall=hall,
        promise=" ".join(promise.sentences(hall)),
        inches=_measure("inches", 55, 5, 300),
        metres=_measure("metres", 10, 0.5, 60),
        acknowledges=identity.may("show"),
        sound_zone=sound_zone,
        name=identity.name or _("Hall display"),
    )
