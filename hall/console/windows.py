"""Windows at a glance, for who may change them while the hall runs."""

from __future__ import annotations

from flask import Blueprint, render_template

from hall.web.access import allow, current, sanban

bp = Blueprint("desk_windows", __name__, template_folder="templates")


@bp.get("/console/windows")
@allow("configure")
def windows() -> str:
    """Every window with kind, lines, state and who; the page is live."""
    who = current()
    may = {permission: who.may(permission) for permission in ("configure", "import")}
    return render_template("windows.html", hall=sanban().halls.get(who.hall), name=who.name, may=may)
