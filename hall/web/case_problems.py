"""What people are told when the case desk refuses something."""

from __future__ import annotations

from typing import Any, Final

from flask_babel import lazy_gettext as _

#: code → (HTTP status, what to do)
CASE_PROBLEMS: Final[dict[str, tuple[int, Any]]] = {
    "UNKNOWN_CASE": (404, _("There is no such case here. Check the address.")),
    "UNKNOWN_ITEM": (422, _("There is no such item for this case. Choose one of the list.")),
    "UNKNOWN_BUNDLE": (422, _("There is no such bundle. Choose one of the list.")),
    "UNKNOWN_RECIPIENT": (422, _("This kind of case is not for this group. See what is open to them instead.")),
    "UNKNOWN_OFFICER": (422, _("There is no such officer, or no such absence. Choose one of the list.")),
    "UNKNOWN_COMMUNITY": (422, _("There is no such community. Choose one of the list.")),
    "UNKNOWN_PAPER": (409, _("The case has no such paper here. It may have been given back already.")),
    "CASE_CLOSED": (409, _("This case is closed. Open a new one.")),
    "ITEM_MOVE_NOT_LEGAL": (409, _("This cannot be done with the item now. Look at its state again.")),
    "AUTHORISATION_MISSING": (
        409,
        _("Record first that the person lets us act for them. Whoever is present needs no authorisation."),
    ),
    "ITEMS_MISSING": (422, _("Choose at least one item or a bundle.")),
    "ITEMS_UNFINISHED": (409, _("%(count)s items are not finished. Finish, refuse or withdraw them first.")),
    "PAPERS_HERE": (409, _("%(count)s papers are still here. Give them back first.")),
    "NEXT_STEP_PAST": (422, _("The next step must lie in the future. Choose a later time.")),
    "SAME_OFFICER": (409, _("The case is this officer's already.")),
    "SAME_PERSON": (409, _("This person is known here already. Compare the two and decide whether they are one.")),
    "UNKNOWN_VISIT": (404, _("There is no such visit here. Look at the day again.")),
    "OFFICER_BUSY": (409, _("One of the two has another visit then. Choose another time or officer.")),
    "OFFICER_AWAY": (409, _("One of the two is absent or off duty then. Choose another time or officer.")),
    "PAIR_WRONG": (422, _("A visit needs one officer of the centre and one of a community.")),
    "VISIT_MOVE_NOT_LEGAL": (409, _("This cannot be done with the visit now. Look at its state again.")),
    "VISIT_ELSEWHERE": (409, _("Another device carries this visit. Use that one.")),
    "VISIT_AHEAD": (409, _("The case has a visit that is not over. End or cancel it first.")),
    "NO_VISIT": (409, _("Only a case of the kind home visit is visited.")),
    "OUTBOX_TOO_FAR": (409, _("Earlier actions of this device are missing. Send them first.")),
}
