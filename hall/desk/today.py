"""An officer's first page: what has to be done today."""

from __future__ import annotations

from flask import Blueprint, render_template

from hall.desk.pages import frame
from hall.web.access import allow

bp = Blueprint("desk_today", __name__)


@bp.get("/desk/")
@allow("cases")
def today() -> str:
    return render_template("cases_today.html", **frame("today"))
