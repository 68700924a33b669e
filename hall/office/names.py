"""What reports, their columns and their rows are called."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from hall.domain.halls import Hall
from hall.web.texts import said

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
HOURS_HINT = _("Like 08:30-11:30 13:00-16:30; empty: closed.")

REPORTS: Final[dict[str, Any]] = {
    "waiting": _("Waiting times"),
    "walking": _("Walking to the window"),
    "service": _("Service time"),
    "overtaking": _("Overtaking suffered by ordinary visitors"),
    "promise": _("The promise on the wall"),
    "hits": _("Told waits that came true"),
    "lateness": _("Appointments: how early or late people came"),
    "no-shows": _("Appointments: who did not come"),
    "trips": _("Trips a matter"),
    "outcomes": _("Outcomes"),
    "ratings": _("Ratings"),
    "cases": _("Cases: help and home visits"),
    "decisions": _("Decisions of staff, with reasons"),
}
BY: Final[dict[str, Any]] = {
    "all": _("the whole period"),
    "day": _("day"),
    "week": _("week"),
    "month": _("month"),
    "hour": _("hour"),
    "line": _("line"),
    "service": _("service"),
    "window": _("window"),
    "lane": _("kind of visitor"),
    "group": _("group"),
    "kind": _("kind of case"),
    "community": _("community"),
    "item": _("item"),
}
CASE_KINDS: Final[dict[str, Any]] = {"assisted": _("Assisted handling"), "home_visit": _("Home visit")}
LANES: Final[dict[str, Any]] = {
    "ordinary": _("Ordinary"),
    "green": _("Green channel"),
    "appointment": _("With an appointment"),
}
UNITS: Final[dict[str, Any]] = {
    "minutes": _("minutes"),
    "days": _("days"),
    "share": _("share"),
    "count": _("count"),
    "number": _("number"),
}
COLUMNS: Final[dict[str, Any]] = {
    "numbers": _("Numbers"),
    "called": _("Numbers called"),
    "mean": _("Mean"),
    "p50": _("Half within"),
    "p90": _("90 % within"),
    "p95": _("95 % within"),
    "in_time": _("In time"),
    "share_in_time": _("Share in time"),
    "visits": _("Visits"),
    "stays": _("Services given"),
    "timed": _("Timed"),
    "ordinary": _("Ordinary visitors"),
    "overtaken": _("Overtaken"),
    "share_overtaken": _("Share overtaken"),
    "max": _("Most"),
    "calls": _("Calls"),
    "next": _("By the order"),
    "priority": _("At priority windows"),
    "chosen": _("Chosen by staff"),
    "unparked": _("Called again"),
    "violated": _("Promise broken"),
    "shown": _("Told a wait"),
    "inside": _("Came true"),
    "hit_rate": _("Share that came true"),
    "unknown": _("Told nothing"),
    "arrived": _("Came in"),
    "late": _("Came late"),
    "share_late": _("Share late"),
    "booked": _("Booked"),
    "no_show": _("No-shows"),
    "cancelled": _("Given up"),
    "share_no_show": _("Share that did not come"),
    "trips": _("Trips"),
    "matters": _("Matters"),
    "trips_per_matter": _("Trips a matter"),
    "closed": _("Settled"),
    "once": _("Settled in one trip"),
    "share_once": _("Share in one trip"),
    "share_known": _("Share of known people"),
    "finished": _("Served to the end"),
    "outcome_done": _("Settled as done"),
    "outcome_papers_missing": _("Papers missing"),
    "outcome_not_possible": _("Not possible"),
    "outcome_unclosed": _("Not closed by the clerk"),
    "outcome_other": _("Other"),
    "expired": _("Expired"),
    "share_finished": _("Share served"),
    "rated": _("Rated"),
    "share_rated": _("Share rated"),
    "level_1": _("Very dissatisfied"),
    "level_2": _("Dissatisfied"),
    "level_3": _("Fair"),
    "level_4": _("Satisfied"),
    "level_5": _("Very satisfied"),
    "share_satisfied": _("Share satisfied"),
    "by_staff": _("Entered by staff"),
    "bad": _("Bad"),
    "answered": _("Answered"),
    "answered_in_time": _("Answered in time"),
    "cases": _("Cases"),
    "people": _("People"),
    "cases_closed": _("Cases closed"),
    "items": _("Matters"),
    "delivered": _("Delivered"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "share_delivered": _("Share delivered"),
    "helped": _("People helped"),
    "granted": _("Granted"),
    "partly": _("Granted in part"),
    "declined": _("Declined"),
    "informed": _("Informed"),
    "home_visits": _("Home visits"),
    "not_met": _("Nobody met at home"),
    "date": _("Date"),
    "time": _("Time"),
    "kind": _("Kind"),
    "line": _("Line"),
    "window": _("Which window"),
    "detail": _("Detail"),
    "reason": _("Reason"),
}


#: what an entry is of
ABOUT: Final[dict[str, Any]] = {
    "ticket": _("ticket %(id)s"),
    "window": _("window %(id)s"),
    "appointment": _("appointment %(id)s"),
    "case": _("case %(id)s"),
    "visit": _("visit %(id)s"),
}
#: what an event of a webhook is
EVENT_NAMES: Final[dict[str, Any]] = {
    "ticket.issued": _("A number was taken"),
    "ticket.checked_in": _("An appointment checked in with a number"),
    "ticket.called": _("A number was called"),
    "ticket.recalled": _("A number was called once more"),
    "ticket.started": _("A service began"),
    "ticket.finished": _("A service ended"),
    "ticket.missed": _("Nobody came to a call"),
    "ticket.came_back": _("Somebody came back after a missed call"),
    "ticket.parked": _("A number was put aside"),
    "ticket.returned": _("A number was returned to its line"),
    "ticket.transferred": _("A number was passed on"),
    "ticket.sent_back": _("A number was sent back to its window"),
    "ticket.delayed": _("Somebody was given more time"),
    "ticket.edited": _("A number was changed"),
    "ticket.cancelled": _("A number was given up"),
    "ticket.expired": _("A number expired with its day"),
    "ticket.undone": _("A move was taken back"),
    "case.opened": _("A case was opened"),
    "case.assigned": _("A case was given to an officer"),
    "case.items_added": _("Items were added to a case"),
    "case.item_moved": _("An item of a case went on"),
    "case.ticket": _("A number was taken for a case"),
    "case.closed": _("A case was closed"),
}


def key_name(hall: Hall, report: str, by: str, key: str) -> str:
    """What a row of a report is called; a part that the hall has no more keeps its id."""
    if by == "all":
        return str(gettext("All"))
    if by == "hour":
        return f"{key}:00"
    told: dict[str, Any] = {"lane": LANES, "kind": CASE_KINDS}.get(by, {})
    if key in told:
        return str(told[key])
    if by == "window":
        labels = {window.id: str(gettext("Window %(label)s", label=window.label)) for window in hall.windows}
        return labels.get(key, key) or str(gettext("none"))
    groups: Any = hall.recipients if report == "cases" else hall.groups
    parts: Any = {"line": hall.lines, "service": hall.services, "group": groups}
    parts |= {"community": hall.communities, "item": hall.items}
    return {part.id: said(part.name) for part in parts.get(by, ())}.get(key, key) or str(gettext("none"))


def cell(value: Any, unit: str) -> str:
    """A figure as people read it."""
    if value is None:
        return "–"
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
