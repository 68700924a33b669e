"""What every page of the case desk shares: its frame, and how a refusal is said."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.web.access import current, sanban
from hall.web.errors import said
from hall.web.problems import PROBLEMS

#: holds the templates and files of every page here; the others have blueprints of their own beside it
bp = Blueprint(
    "casedesk", __name__, template_folder="templates", static_folder="static", static_url_path="/desk/static"
)


def here() -> Hall:
    """The hall of whoever asks."""
    return sanban().halls.get(current().hall)


def frame(page: str) -> dict[str, Any]:
    """What the frame around every page needs; `page` is its place in the navigation."""
    who = current()
    may = {permission: who.may(permission) for permission in ("serve", "cases", "reports")}
    return {"hall": here(), "name": who.name, "may": may, "page": page}


def refusal(error: HallError) -> tuple[str, int]:
    """A refusal in the user's language, and its status."""
    status, text = PROBLEMS[error.code]
    return said(text, error.facts), status


def me() -> str:
    """The id of the officer who asks; empty for a program or somebody who is none of the hall's."""
    return current().id if any(one.id == current().id for one in here().officers) else ""
