"""Refusals of the case desk and of home visits."""

from __future__ import annotations

from hall.domain.errors import HallError


class UnknownCase(HallError):
    code = "UNKNOWN_CASE"


class UnknownItem(HallError):
    """The hall, or the case, has no such item. Facts: `item`."""

    code = "UNKNOWN_ITEM"


class UnknownBundle(HallError):
    """Facts: `bundle`."""

    code = "UNKNOWN_BUNDLE"


class UnknownRecipient(HallError):
    """No such group of people that cases are for, or not for this kind of case. Facts: `group`."""

    code = "UNKNOWN_RECIPIENT"


class UnknownOfficer(HallError):
    """Facts: `officer`."""

    code = "UNKNOWN_OFFICER"


class UnknownCommunity(HallError):
    """Facts: `community`."""

    code = "UNKNOWN_COMMUNITY"


class UnknownPaper(HallError):
    """The case has no such paper, or it was given back already. Facts: `paper`."""

    code = "UNKNOWN_PAPER"


class CaseClosed(HallError):
    code = "CASE_CLOSED"


class ItemMoveNotLegal(HallError):
    """The item's state does not allow the move. Facts: `move`, `state`, `item`."""

    code = "ITEM_MOVE_NOT_LEGAL"


class AuthorisationMissing(HallError):
    """Nothing is submitted in the name of somebody absent before they authorised it. Facts: `item`."""

    code = "AUTHORISATION_MISSING"


class ItemsMissing(HallError):
    """A case needs at least one item."""

    code = "ITEMS_MISSING"


class ItemsUnfinished(HallError):
    """A case is closed when every item is delivered, refused or withdrawn. Facts: `count`."""

    code = "ITEMS_UNFINISHED"


class PapersHere(HallError):
    """Papers that were handed in are not given back. Facts: `count`."""

    code = "PAPERS_HERE"


class NextStepPast(HallError):
    """The next step of a case lies in the future. Facts: `at` (ms UTC)."""

    code = "NEXT_STEP_PAST"


class SameOfficer(HallError):
    """The case is that officer's already. Facts: `officer`."""

    code = "SAME_OFFICER"


class SamePerson(HallError):
    """Somebody with this identity number is known already, or the two records are one person's already."""

    code = "SAME_PERSON"


class UnknownVisit(HallError):
    code = "UNKNOWN_VISIT"


class OfficerBusy(HallError):
    """The officer has another visit then. Facts: `officer`, `starts` (ms UTC)."""

    code = "OFFICER_BUSY"


class OfficerAway(HallError):
    """The officer is absent, or off duty, then. Facts: `officer`."""

    code = "OFFICER_AWAY"


class PairWrong(HallError):
    """A visit needs one officer of the centre and one of a community."""

    code = "PAIR_WRONG"


class VisitMoveNotLegal(HallError):
    """The visit's state does not allow the move. Facts: `move`, `state`."""

    code = "VISIT_MOVE_NOT_LEGAL"


class VisitElsewhere(HallError):
    """The visit is worked on with another device."""

    code = "VISIT_ELSEWHERE"


class VisitAhead(HallError):
    """The case has a visit that has not ended."""

    code = "VISIT_AHEAD"


class NoVisit(HallError):
    """Only a case of the kind home visit is visited."""

    code = "NO_VISIT"


class OutboxTooFar(HallError):
    """A device's action came far ahead of those that are missing. Facts: `next` (its next sequence)."""

    code = "OUTBOX_TOO_FAR"
