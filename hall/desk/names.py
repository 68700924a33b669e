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
OTHER_PAPER: Final[Any] = _("Another paper")
#: entries of a case's story
STORY: Final[dict[str, Any]] = {
    "case_opened": _("Case opened"),
    "case_assigned": _("Handed over"),
    "case_items_added": _("Items added"),
    "case_item_moved": _("Item"),
    "case_ticket": _("Number taken in the hall"),
    "case_paper_in": _("Paper handed in"),
    "case_paper_back": _("Paper given back"),
    "case_authorised": _("Authorised"),
    "case_noted": _("Note"),
    "case_next": _("Next step"),
    "case_closed": _("Case closed"),
    "case_revealed": _("Looked at who it is"),
    "case_merged": _("Same person as one who is known"),
    "case_parted": _("Not the same person after all"),
    "visit_planned": _("Visit planned"),
    "visit_changed": _("Visit changed"),
    "visit_cancelled": _("Visit cancelled"),
    "visit_carried": _("Visit taken along on a device"),
    "visit_arrived": _("Arrived"),
    "visit_left": _("Left"),
    "doorstep_refused": _("An action at the door was refused"),
    "doorstep_settled": _("Refused action settled"),
}
#: alarms that the whole desk sees; late steps and relief stand in lists of their own
ALARMS: Final[dict[str, Any]] = {
    "unowned": _("A case whose officer is none of the hall's any more"),
    "overrun": _("Two officers on a visit have not been heard of"),
    "conflict": _("An action at the door was refused"),
}
#: how many of each alarm, for managers
ALARM_COUNTS: Final[dict[str, Any]] = {
    "unowned": _("Cases without an officer"),
    "overdue": _("Next steps overdue"),
    "relief": _("Urgent relief too late"),
    "overrun": _("Visits not heard of"),
    "conflict": _("Refused actions at the door"),
}
RESULTS_BY: Final[dict[str, Any]] = {"group": _("Group"), "item": _("Item"), "month": _("Month")}
CENTRE: Final[Any] = _("The centre")
#: what is next, as those read it who follow a case
NEXT: Final[dict[str, Any]] = {
    "visit": _("We come to you"),
    "ask_papers": _("We wait for your papers"),
    "submit": _("We hand it in"),
    "ask_office": _("We ask the office in charge"),
    "deliver": _("We bring you the result"),
    "call": _("We call you"),
    "other": _("We are working on it"),
}
#: what is done on a doorstep, as a refused action names it
DOORSTEP: Final[dict[str, Any]] = {
    "arrive": _("Arrived"),
    "leave": _("Left"),
    "item": _("Item"),
    "add": _("Items added"),
    "paper_in": _("Paper handed in"),
    "paper_back": _("Paper given back"),
    "authorise": _("Authorised"),
    "note": _("Note"),
    "photo": _("Photograph of a form"),
    "unknown": _("An action that this version does not know"),
}
#: how a visit ended
ENDS: Final[dict[str, Any]] = {
    "done": _("Everything is done"),
    "in_part": _("Done in part, we come again"),
    "nobody_home": _("Nobody at home"),
    "not_wanted": _("The person does not want it"),
    "other": _("Something else"),
}
WEEKDAYS: Final[tuple[Any, ...]] = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
