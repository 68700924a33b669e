"""The settings of the case desk that have a form: matters, whom they are for, communities, officers."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _

from hall.domain.calendar import DAYS
from hall.office.fields import Field, Part
from hall.office.names import HOURS_HINT, WEEKDAYS

_ID = Field("id", _("Id"), hint=_("Small letters, digits, - and _. It never changes."))
_NAME = Field("name", _("Name shown"), "both")
_KIND_NAMES = (("assisted", _("Assisted handling")), ("home_visit", _("Home visit")))
_KINDS = Field("kinds", _("Kinds of cases"), "several", _KIND_NAMES)
_TEXTS = _("One a row: Chinese | English")
_USUAL = _("Empty: the usual.")
_DUTY = _("On duty (all empty: the hours of the hall)")
_ON_DUTY = tuple(
    Field(f"hours.{day}", words, "words", hint=HOURS_HINT, section=_DUTY)
    for day, words in zip(DAYS, WEEKDAYS, strict=True)
)

CASES: Final[dict[str, Part]] = {
    "items": Part(
        _("Matters of cases"),
        (
            *(_ID, _NAME, _KINDS),
            Field("service", _("What a window serves it as"), hint=_("The id of a service.")),
            Field("skill", _("What an officer must be able to do")),
            Field("hours", _("Urgent: decided within so many hours"), "whole"),
            Field("papers", _("Papers"), "papers", hint=_("One a row: id | Chinese | English")),
            Field("app", _("App on the officer's device")),
            Field("guide", _("What to tap there, step by step"), "texts", hint=_TEXTS),
        ),
    ),
    "bundles": Part(
        _("Bundles of matters"),
        (_ID, _NAME, Field("items", _("Matters"), "words", hint=_("Ids, parted by spaces."))),
    ),
    "recipients": Part(
        _("Whom cases are for"),
        (
            *(_ID, _NAME, _KINDS),
            Field("checks", _("What to look at"), "texts", hint=_TEXTS),
            Field("basis", _("Legal basis")),
            Field("instead", _("What is open to everybody else"), "both"),
            Field("group", _("Group of their number in the hall"), hint=_("The id of a group.")),
        ),
    ),
    "communities": Part(
        _("Communities"),
        (
            *(_ID, _NAME),
            Field("at", _("Metres east and north of the centre"), "numbers", hint=_("Like -1050 -400.")),
            Field("travel", _("Minutes to others, where they are known"), "counts", hint=_("One a row, like r02 | 6")),
        ),
    ),
    "officers": Part(
        _("Case officers"),
        (
            *(_ID, Field("name", _("Name"))),
            Field("of", _("Of"), "choice", (("centre", _("the centre")), ("community", _("a community")))),
            Field("community", _("Community"), hint=_("The id of a community.")),
            Field("skills", _("What they can do"), "words", hint=_("Parted by spaces.")),
            Field("capacity", _("Cases one can look after"), "whole", hint=_USUAL),
            *_ON_DUTY,
        ),
    ),
    "cases": Part(
        _("Rules of cases"),
        (
            Field("visit", _("Minutes of a visit"), "whole", hint=_USUAL),
            Field("overrun", _("Minutes after its end until the alarm"), "whole", hint=_USUAL),
            Field("first_step", _("Days until the first step"), "whole", hint=_USUAL),
            Field("keep", _("Days a closed case is kept"), "whole", hint=_USUAL),
        ),
        many=False,
    ),
}
