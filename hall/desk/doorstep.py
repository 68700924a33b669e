"""The page for two officers at a door: it works without a network. It holds nobody's data itself; a device takes visits
along over the API."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory

from hall.desk import names
from hall.desk.pages import here, me
from hall.web.access import allow, current

bp = Blueprint("desk_doorstep", __name__, url_prefix="/desk/doorstep")
_SHARED = Path(__file__).resolve().parents[1] / "web" / "static" / "js"


@bp.get("/worker.js")
@allow(None)
def worker() -> Response:
    """Keeps the page for when there is no network."""
    return send_from_directory(_SHARED, "worker.js", mimetype="text/javascript")


@bp.get("/")
@allow("cases")
def page() -> str:
    """The visits of whoever asks; a program or somebody who is no officer sees all of the day."""
    words = {
        "states": names.STATES,
        "ends": names.ENDS,
        "authorised": names.AUTHORISED,
        "moves": {**names.DOORSTEP, **names.MOVES},
    }
    return render_template("doorstep.html", hall=here(), officer=me(), name=current().name, words=_plain(words))


def _plain(words: dict[str, dict[str, object]]) -> dict[str, dict[str, str]]:
    return {kind: {key: str(text) for key, text in some.items()} for kind, some in words.items()}
