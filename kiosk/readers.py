"""Card readers of a kiosk: what its page needs to know of them, and a page that plays one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, g, render_template, request

from hall.domain.halls import Hall
from hall.domain.printers import Reader
from hall.web.access import allow, current, sanban

bp = Blueprint("readers", __name__, template_folder="templates")
#: the page that asks readers on its own machine
_ASKS = "kiosk.kiosk"


@bp.get("/kiosk/readers")
@allow("issue")
def readers() -> dict[str, Any]:
    """The readers of this kiosk, for `start` of readers.js."""
    hall = sanban().halls.get(current().hall)
    return {"fake": _may_play(hall), "services": [_service(reader) for reader in _of_this_kiosk(hall)]}


@bp.get("/kiosk/fake-reader")
@allow("issue")
def fake_reader() -> str:
    """Plays a card to the kiosk page in the same browser; only in a hall that allows it."""
    hall = sanban().halls.get(current().hall)
    if not _may_play(hall):
        abort(404)
    return render_template("fake_reader.html", hall=hall)


@bp.before_app_request
def let_the_kiosk_ask() -> None:
    """The kiosk page may connect to the readers of its hall's file, and to nothing else outside."""
    identity = current() if request.endpoint == _ASKS else None
    if identity is not None and identity.hall:
        hall = sanban().halls.get(identity.hall)
        g.connect_to = sorted({_origin(reader.url) for reader in _of_this_kiosk(hall)})


def _may_play(hall: Hall) -> bool:
    return hall.test or hall.fake_reader


def _of_this_kiosk(hall: Hall) -> list[Reader]:
    identity = current()
    return [one for one in hall.readers if one.kiosk in ("", identity.id, identity.name)]


def _service(reader: Reader) -> dict[str, Any]:
    return {name: getattr(reader, name) for name in ("url", "card", "code", "every_ms", "hello")}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
