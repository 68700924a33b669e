"""What states, moves, steps and alarms of cases are called, for staff and for those who follow a case."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _

KINDS: Final[dict[str, Any]] = {"assisted": _("Assisted handling"), "home_visit": _("Home visit")}
SOURCES: Final[dict[str, Any]] = {
    "patrol": _("Found by an adviser on patrol"),
    "phone": _("Telephone"),
    "relative": _("A relative"),
    "window": _("At the window"),
    "hall_ticket": _("A number in the hall"),
    "kiosk_help": _("Helped at a kiosk"),
}
STEPS: Final[dict[str, Any]] = {
    "visit": _("Visit"),
    "ask_papers": _("Wait for papers"),
    "submit": _("Hand in"),
    "ask_office": _("Ask the office in charge"),
    "deliver": _("Bring the result"),
    "call": _("Telephone call"),
    "other": _("Something else"),
}
STATES: Final[dict[str, Any]] = {
    "opened": _("Opened"),
    "accepted": _("Accepted"),
    "in_hand": _("In hand"),
    "submitted": _("Submitted"),
    "decided": _("Decided"),
    "delivered": _("Delivered"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
}
MOVES: Final[dict[str, Any]] = {
    "accept": _("Accept"),
    "take": _("Take in hand"),
    "submit": _("Submit"),
    "decide": _("Enter the decision"),
    "deliver": _("Delivered"),
    "refuse": _("Refuse"),
    "withdraw": _("Withdraw"),
}
OUTCOMES: Final[dict[str, Any]] = {
    "granted": _("Granted"),
    "partly": _("Granted in part"),
    "declined": _("Declined"),
    "informed": _("Information given"),
}
AUTHORISED: Final[dict[str, Any]] = {
    "signed": _("Signed on paper"),
    "fingerprint": _("Fingerprint on paper"),
    "spoken": _("Said before two officers"),
    "guardian": _("By the guardian"),
}
VISITS: Final[dict[str, Any]] = {
    "planned": _("Planned"),
    "under_way": _("Under way"),
    "done": _("Done"),
    "not_met": _("Nobody met"),
    "cancelled": _("Cancelled"),
}
