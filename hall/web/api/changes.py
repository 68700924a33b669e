"""What a manager changes while the hall runs."""

from flask_openapi import APIBlueprint, Tag

from hall.web.access import allow, request_caller, sanban
from hall.web.api.models import OfferedWindow, WindowChangeBody, WindowPath
from hall.web.api.shapes import window_offered
from hall.web.api.tickets import PROBLEMS, Answer

bp = APIBlueprint(
    "changes",
    __name__,
    url_prefix="/api/v1/halls/<hall>",
    abp_tags=[Tag(name="changes")],
    abp_responses=PROBLEMS,
    abp_security=[{"token": []}],
)


@bp.patch("/windows/<window>", responses={200: OfferedWindow})
@allow("configure")
def change_window(path: WindowPath, body: WindowChangeBody) -> Answer:
    """Change a window's kind or lines; its very next call follows. The journal keeps who and why."""
    lines = None if body.lines is None else tuple(body.lines)
    hall = sanban().windows.change(
        request_caller(), path.hall, path.window, kind=body.kind, lines=lines, reason=body.reason
    )
    return window_offered(hall.window(path.window)), 200
