"""The clerk's page: one page, no reload."""

from __future__ import annotations

from flask import Blueprint, render_template

from hall.web.access import allow, current, sanban

bp = Blueprint(
    "console", __name__, template_folder="templates", static_folder="static", static_url_path="/console/static"
)


@bp.get("/console/")
@allow("serve")
def console() -> str:
    """Choose a window, then work at it."""
    identity = current()
    hall = sanban().halls.get(identity.hall)
    return render_template(
        "console.html",
        hall=hall,
        clerk=identity.id if identity.kind == "staff" else "",
        name=identity.name,
        may_choose=identity.may("call_any"),
        may_configure=identity.may("configure"),
        may_issue=identity.may("issue"),
        may_override=identity.may("override"),
        prints=bool(hall.printers) and identity.may("issue"),
    )
