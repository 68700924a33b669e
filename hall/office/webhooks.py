"""Webhooks: how far each is, its last events, and what somebody does when one has stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from hall.domain.errors import HallError
from hall.domain.halls import Hall
from hall.domain.webhooks import TEST, Webhook
from hall.office.names import EVENT_NAMES
from hall.office.pages import frame
from hall.store.webhooks import Progress, Row
from hall.web.access import allow, current, request_caller, sanban
from hall.web.errors import said as said_with
from hall.web.problems import PROBLEMS

bp = Blueprint("office_webhooks", __name__, template_folder="templates", url_prefix="/office/webhooks")
Answer = str | tuple[str, int] | Response
_WHY: Final[dict[str, Any]] = {
    "timeout": lazy_gettext("no answer in time"),
    "unreachable": lazy_gettext("cannot be reached"),
    "not_allowed": lazy_gettext("the address is not a public one, and SANBAN_WEBHOOK_NETWORKS does not name it"),
    "not_encrypted": lazy_gettext("http:// goes only where SANBAN_WEBHOOK_NETWORKS allows it"),
}
_STATES: Final[dict[str, Any]] = {
    "sent": lazy_gettext("taken"),
    "waiting": lazy_gettext("not taken yet"),
    "failed": lazy_gettext("not taken"),
    "left_out": lazy_gettext("left out"),
    "lost": lazy_gettext("no longer in the journal"),
}
#: what was done, by what the form asked for
_DONE: Final[dict[str, Any]] = {
    "test": lazy_gettext("A test is on its way."),
    "again": lazy_gettext("The event is on its way again."),
    "resume": lazy_gettext("It goes on with the event at which it stopped."),
    "leave_out": lazy_gettext("It goes on after the event at which it stopped."),
}


@bp.get("")
@allow("configure")
def webhooks() -> str:
    return _page(request.args.get("id", ""), told=str(_DONE.get(request.args.get("done", ""), "")))


@bp.post("")
@allow("configure")
def steer() -> Answer:
    """Send a test or an event again; go on after a stop."""
    form, here, hall, caller = request.form, sanban().webhooks, current().hall, request_caller()
    name, do = form.get("id", ""), form.get("do", "")
    actions: dict[str, Callable[[], bool]] = {
        "test": lambda: here.test(hall, caller, name),
        "again": lambda: here.send_again(hall, caller, name, form.get("event", "")),
        "resume": lambda: here.resume(hall, caller, name),
        "leave_out": lambda: here.leave_out(hall, caller, name, form.get("reason", "")),
    }
    if do not in actions or _chosen(name) is None:
        return _page(name), 422
    try:
        done = actions[do]()
    except HallError as refusal:
        status, text = PROBLEMS[refusal.code]
        return _page(name, fault=said_with(text, refusal.facts)), status
    if not done:
        return _page(name, fault=_("Nothing was done: it goes on already, or too much waits to be sent.")), 409
    return redirect(url_for(".webhooks", id=name, done=do))


@bp.post("/secret")
@allow("tokens")
def secret() -> Answer:
    """Show the secret that signs, or make a new one. Whoever has it can pass for this hall."""
    name, new = request.form.get("id", ""), request.form.get("do") == "new"
    if _chosen(name) is None or request.form.get("do") not in ("show", "new"):
        return _page(name), 422
    shown = sanban().webhooks.secret(current().hall, request_caller(), name, new=new)
    told = _("The new secret. The old one signs too for a day more:") if new else _("The secret of this webhook:")
    return _page(name, told=told, secret=shown)


def _chosen(name: str) -> Webhook | None:
    return next((one for one in sanban().halls.get(current().hall).webhooks if one.id == name), None)


def _page(name: str, told: str = "", fault: str = "", secret: str = "") -> str:
    hall = sanban().halls.get(current().hall)
    chosen = _chosen(name) or (hall.webhooks[0] if hall.webhooks else None)
    kept = sanban().webhooks.kept
    # Before the log is read: what is sent meanwhile is in one of the two.
    pending = len(kept.wanted(hall.id, chosen.id)) if chosen else 0
    progress = {one.id: kept.progress(hall.id, one.id) for one in hall.webhooks}
    logs = {one.id: kept.log(hall.id, one.id) for one in hall.webhooks}
    return render_template(
        "office_webhooks.html",
        **frame(),
        rows=[(one, _state(one, progress[one.id], logs[one.id])) for one in hall.webhooks],
        chosen=chosen,
        shown=_shown(hall, chosen, progress[chosen.id], logs[chosen.id]) if chosen else {},
        pending=pending,
        events=EVENT_NAMES,
        kept_days=hall.retention.journal_days,
        told=told,
        fault=fault,
        secret=secret,
    )


def _state(webhook: Webhook, progress: Progress | None, log: list[Row]) -> str:
    """`stopped`, `off`, `waiting` (for another try), `on`."""
    if progress is not None and progress.stopped is not None:
        return "stopped"
    if not webhook.on:
        return "off"
    return "waiting" if any(row["state"] == "waiting" for row in log) else "on"


def _shown(hall: Hall, webhook: Webhook, progress: Progress | None, log: list[Row]) -> dict[str, Any]:
    kept, now = sanban().webhooks.kept, sanban().tickets.moves.clock()
    oldest = kept.oldest_unsent(hall.id, webhook.id)
    return {
        "state": _state(webhook, progress, log),
        "since": _time(hall, progress.stopped) if progress else "",
        "why": _why(progress.why) if progress else "",
        "behind": None if oldest is None else max(0, now - oldest) // 60_000,
        "log": [_row(hall, row) for row in log],
    }


def _row(hall: Hall, row: Row) -> dict[str, Any]:
    event = row.get("event") or ""
    words = _("Test") if event == TEST else EVENT_NAMES.get(event, "")
    since = _time(hall, row.get("since"))
    return {
        "id": row["id"],
        "event": event,
        "words": _("Events since %(time)s may be missing", time=since) if since else words,
        "about": row.get("about") or "",
        "time": _time(hall, row.get("at")),
        "state": row["state"],
        "result": _STATES[row["state"]],
        "why": _why(row.get("why")),
        "tries": row.get("tries") or "",
        "took": row.get("took"),
        "again": _time(hall, row.get("again")) if row["state"] == "waiting" else "",
        "by_hand": bool(row.get("by_hand")),
        "can_go_again": event in EVENT_NAMES,
    }


def _time(hall: Hall, at: int | None) -> str:
    return f"{hall.calendar.local(at):%m-%d %H:%M:%S}" if at else ""


def _why(why: str | None) -> str:
    if not why:
        return ""
    kind, _space, status = why.partition(" ")
    return _("answer %(status)s", status=status) if kind == "status" else str(_WHY.get(why, why))
