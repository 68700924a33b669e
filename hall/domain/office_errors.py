"""Refusals of the office and of ratings."""

from __future__ import annotations

from hall.domain.errors import HallError


class ClosedToday(HallError):
    """The hall gives no more numbers today. Facts: `zh`, `en`, what people are told."""

    code = "CLOSED_TODAY"


class LinePaused(HallError):
    """The line gives no numbers for the moment. Facts: `line`, `zh`, `en`."""

    code = "LINE_PAUSED"


class TooLateToday(HallError):
    """Who took a number now would be called after closing time. Facts: `line`."""

    code = "TOO_LATE_TODAY"


class NotFinished(HallError):
    """Only a finished service is rated. Facts: `number` or `window`."""

    code = "NOT_FINISHED"


class AlreadyRated(HallError):
    """Facts: `number`."""

    code = "ALREADY_RATED"


class RatingOff(HallError):
    """The hall asks for no ratings."""

    code = "RATING_OFF"


class BadRating(HallError):
    """Facts: `level` that there is not, or `item` that is none of the hall's."""

    code = "BAD_RATING"


class UnknownRating(HallError):
    """There is no such rating that waits for an answer. Facts: `rating`."""

    code = "UNKNOWN_RATING"


class UnknownAccess(HallError):
    """There is no such member of staff, device or token. Facts: `id`."""

    code = "UNKNOWN_ACCESS"


class LastAdmin(HallError):
    """Nobody would be left who lets people in."""

    code = "LAST_ADMIN"


class PlanningBusy(HallError):
    """A question of planning is being answered already: one a hall at a time."""

    code = "PLANNING_BUSY"
