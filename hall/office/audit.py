"""The audit: every entry of a day with who made it, and whether the chain of all is whole. The auditor's alone."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Final

from flask import Blueprint, render_template, request

from hall.archive.chain import Broken
from hall.domain.halls import Hall
from hall.domain.webhooks import EVENT_OF
from hall.office import names
from hall.office.pages import frame
from hall.services.audit_log import Line
from hall.web.access import allow, current, sanban

bp = Blueprint("office_audit", __name__, template_folder="templates", url_prefix="/office/audit")
_ENTRY = re.compile(r"[0-9]{1,15}-[0-9]{1,15}")
#: milliseconds since 1970 of the years 2001 to 2286; nothing else that an entry tells is as large
_MOMENTS: Final = range(10**12, 10**13)


@bp.get("")
@allow("audit")
def entries() -> str:
    """A day's entries, newest first, by who and kind; the chain is walked when asked for."""
    hall, asked = sanban().halls.get(current().hall), request.args
    day = _date(asked.get("date", "")) or hall.calendar.date_of(sanban().tickets.moves.clock())
    by, kind, before = asked.get("by", "").strip(), asked.get("kind", "").strip(), asked.get("before", "")
    page = sanban().audit.page(hall.id, day, by=by, kind=kind, before=before if _ENTRY.fullmatch(before) else None)
    found = sanban().audit.verify(hall.id) if asked.get("verify") else None
    return render_template(
        "office_audit.html",
        **frame(),
        day=day,
        by=by,
        kind=kind,
        rows=[
            (
                line,
                f"{hall.calendar.local(line.at):%H:%M:%S}",
                [str(names.ABOUT[what]) % {"id": one} for what, one in line.about],
                names.EVENT_NAMES.get(EVENT_OF.get(line.kind, ""), ""),
                _facts(hall, line),
            )
            for line in page.lines
        ],
        older=page.older,
        broken=found if isinstance(found, Broken) else None,
        whole=None if isinstance(found, Broken) else found,
    )


def _facts(hall: Hall, line: Line) -> dict[str, str]:
    return {name: _said(hall, value) for name, value in line.facts.items()}


def _said(hall: Hall, value: object) -> str:
    """A fact as the auditor reads it."""
    told = _timed(hall, value)
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def _timed(hall: Hall, value: object) -> object:
    """The same with every moment by the hall's clock, however deep."""
    if type(value) is int and value in _MOMENTS:
        return f"{hall.calendar.local(value):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, dict):
        return {name: _timed(hall, one) for name, one in value.items()}
    return [_timed(hall, one) for one in value] if isinstance(value, list) else value


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None
