"""Why a value of the hall's description cannot be used, in the reader's language. The description says it in English,
for whoever writes the hall's file; a form says it at its field, by the field's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from flask_babel import lazy_gettext as _

_ID = _("Small letters, digits, - and _ alone.")
#: what the description says → what people read; groups are the facts
_SAID: Final[tuple[tuple[str, Any], ...]] = (
    (r"(?P<name>\w+) must be more than 0", _("%(name)s must be more than 0.")),
    (r"(?P<name>\w+) must not be negative", _("%(name)s must not be negative.")),
    (r"(?P<name>\w+) must be at least (?P<least>\d+)", _("%(name)s must be at least %(least)s.")),
    (
        r"(?P<name>\w+) must be (?:from )?(?P<least>\d+) to (?P<most>\d+)(?: \w+)?(?:, not .*)?",
        _("%(name)s must be from %(least)s to %(most)s."),
    ),
    (r"(?P<name>letter) must be one of A to Z", _("%(name)s must be one capital letter from A to Z.")),
    (r"letter (?P<what>.*) is taken by another line", _("Another line has %(what)s.")),
    (r"(?P<name>from_age|community) is missing: .*", _("%(name)s is missing.")),
    (r"(?P<name>lat) is -90 to 90, lon -180 to 180", _("Latitude is -90 to 90, longitude -180 to 180.")),
    (
        r"(?P<name>release) must be two numbers of minutes, the smaller one first",
        _("%(name)s: two numbers of minutes, the smaller one first."),
    ),
    (r"a penalty needs no_shows, within and days, each at least 1", _("All three of the penalty, each at least 1.")),
    (r"(?P<name>kinds) must name assisted, home_visit or both", _("%(name)s: choose one at least.")),
    (
        r"visit, overrun, first_step and keep must be at least 1",
        _("The times of a visit, of a first step, and how long cases are kept are at least 1."),
    ),
    (r"(?P<name>languages) needs at least one", _("%(name)s: one at least.")),
    (r".* is not a language: two or three small letters", _("A language is two or three small letters, like zh.")),
    (r"(?P<name>voice) is small letters, digits, - and _", _ID),
    (
        r"(?P<name>url) must be like https://platform\.example\.org/hook, without a name, password or #",
        _("%(name)s must be like https://platform.example.org/hook, without a name, password or #."),
    ),
    (r"(?P<name>events) must name one event at least", _("%(name)s: choose one at least.")),
    (r"(?P<name>events): (?P<what>.+) is none of .*", _("%(name)s: there is no %(what)s.")),
    (r"(?P<name>events): one is there twice", _("%(name)s: one is there twice.")),
    (r"a (?P<kind>\w+) printer needs (?P<name>\w+)", _("For this kind of printer %(name)s is needed.")),
    (r"a printer has a kiosk or a place, not both", _("A printer has a kiosk or a place, not both.")),
    (
        r"(?P<name>url) must be http or ws on localhost: .*",
        _("%(name)s must be http or ws on localhost: a card's number never leaves the machine it is read on."),
    ),
    (
        r"a reader needs card or code, the field its answer holds",
        _("A reader needs the field of the card's number or that of a code."),
    ),
    (r"(?P<what>\{.*\}) is none of .*", _("%(what)s: only the places that are told of may stand in braces.")),
    (r"'(?P<what>.*)': (?:Single|expected|unmatched|unexpected|end) .*", _("%(what)s: the braces do not match.")),
    (
        r"method GET needs body = \"query\"",
        _("With the method GET the request is sent as query."),
    ),
    (r"templates: (?P<what>.+) is not like booked\.zh", _("%(what)s is not like booked.zh.")),
    (
        r"(?P<name>sender) must be one address, like hall@example\.org",
        _("%(name)s must be one address, like hall@example.org."),
    ),
    (
        r"(?P<name>called) needs called_soon: .*",
        _("Messages at the call need those when the call is near: only for them a phone is kept."),
    ),
    (r"the channel mail needs \[notices\.mail\] sender", _("The way mail needs the address that mails come from.")),
    (
        r"(?:(?P<name>\w{3}): )?not a span of hours like 08:30-16:30: '(?P<what>.*)'",
        _("%(what)s is not a span of hours like 08:30-16:30."),
    ),
    (r"(?:(?P<name>\w{3}): )?not a time like 08:30: '(?P<what>.*)'", _("%(what)s is not a time like 08:30.")),
    (r"an id is lower-case letters, digits, - and _", _ID),
    (r"unknown time zone '(?P<what>.*)'", _("There is no time zone %(what)s.")),
    (r"'done' is missing: .*", _("done must be among them: it is how a service ends when nothing else is said.")),
    (r"'(?P<what>.*)' is there twice", _("%(what)s is there twice.")),
    (r"there is no \w+ '(?P<what>.*)'", _("There is no %(what)s.")),
    (r"\[hall\] is one table", _("[hall] is one table.")),
    # pydantic's own
    (r"Field required|Missing required argument", _("It is missing.")),
    (r"Extra inputs are not permitted|Unexpected keyword argument", _("Nobody knows this key.")),
    (r"Input should be a valid boolean.*", _("yes or no is needed.")),
    (r"Input should be a valid integer.*", _("A whole number is needed.")),
    (r"Input should be a (?:valid|finite) number.*", _("A number is needed.")),
    (r"Input should be a valid string.*", _("A text is needed.")),
    (r"Input should be a valid date.*", _("A date like 2026-10-01 is needed.")),
    (r"Input should be (?P<choices>'.*')", _("It is one of %(choices)s.")),
)
_OTHER = _("It does not fit here.")


def known(why: str) -> tuple[Any, dict[str, str]] | None:
    """The text for what the description says, and its facts; None: nobody thought of it."""
    for pattern, text in _SAID:
        found = re.fullmatch(pattern, why.removeprefix("Value error, "), re.S)
        if found:
            return text, {name: value or "" for name, value in found.groupdict().items()}
    return None


def named(why: str) -> str:
    """The field that a refusal speaks of; empty when it does not say."""
    found = known(why)
    return found[1].get("name", "") if found else ""


def said(why: str, label: Callable[[str], str] = str) -> str:
    """What the description says, for people; `label` gives the name of a field that they know."""
    found = known(why)
    if found is None:
        return str(_OTHER)
    text, facts = found
    if "choices" in facts:  # "'a', 'b' or 'c'" is English
        facts["choices"] = ", ".join(re.findall(r"'([^']*)'", facts["choices"]))
    return str(text) % {**facts, "name": label(facts.get("name", ""))}
