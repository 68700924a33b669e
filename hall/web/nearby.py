"""就近能办 as a page: every hall, open lines and waits, the nearest first if the phone says where it is."""

from __future__ import annotations

from flask import Blueprint, render_template

from hall.web.access import allow, sanban

bp = Blueprint("nearby_page", __name__)


@bp.get("/halls")
@allow(None)
def halls() -> str:
    """Works without scripts; where somebody is stays in their phone."""
    rows = sanban().nearby.all()
    for row in rows:
        calendar = sanban().halls.get(row["id"]).calendar
        row["opens_text"] = calendar.local(row["opens"]).strftime("%m-%d %H:%M") if row["opens"] else ""
    return render_template("halls.html", halls=rows)
