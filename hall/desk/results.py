"""成效: whom the desk has helped, what came of it, how long it took. Managers see numbers and no case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from hall.desk import facts, names
from hall.desk.pages import frame, here
from hall.domain.halls import Hall
from hall.web.access import allow, sanban
from hall.web.booking import read_day

bp = Blueprint("desk_results", __name__, url_prefix="/desk")


@bp.get("/results")
@allow("cases")
def results() -> str:
    return _page("desk_results.results")


@bp.get("/overview")
@allow("reports")
def overview() -> str:
    """The same for managers, with what is open, late and with whom."""
    hall = here()
    counts = sanban().case_lists.counts(hall.id)
    known = facts.officers(hall)
    loads = sorted(counts["loads"].items(), key=lambda pair: (-pair[1], pair[0]))
    limits = {one.id: one.capacity for one in hall.officers}
    return _page(
        "desk_results.overview",
        counts=counts,
        alarms=[(names.ALARM_COUNTS[kind], count) for kind, count in sorted(counts["alarms"].items())],
        loads=[(known.get(one, one), load, limits.get(one)) for one, load in loads],
    )


def _page(endpoint: str, **more: Any) -> str:
    hall, args = here(), request.args
    today = hall.calendar.date_of(sanban().cases.moves.clock())
    first = read_day(args.get("from")) or date(today.year, 1, 1)
    last = read_day(args.get("to")) or today
    by = args.get("by") if args.get("by") in names.RESULTS_BY else "group"
    start, end = hall.calendar.ms(first, 0), hall.calendar.ms(last + timedelta(days=1), 0)
    found = sanban().case_lists.results(hall.id, start, end, str(by))
    whole = found.pop("")
    return render_template(
        "cases_results.html",
        **frame("results"),
        endpoint=endpoint,
        first=first,
        last=last,
        by=by,
        choices=names.RESULTS_BY,
        whole=whole,
        rows=[(_named(hall, str(by), name), one) for name, one in found.items()],
        **more,
    )


def _named(hall: Hall, by: str, name: str) -> str:
    parts: dict[str, Any] = {"group": hall.recipients, "item": hall.items}
    return facts.named(parts[by], name) if by in parts else name
