"""Identity numbers: 18 characters by GB 11643, check digit by ISO 7064 MOD 11-2."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from hall.domain.errors import BadIdentityNumber

_CHECKS = "10X98765432"
_WIDE = {ord("０") + i: ord("0") + i for i in range(10)} | {ord("Ｘ"): ord("X"), ord("ｘ"): ord("X")}


class Identity(NamedTuple):
    """A valid number in its plain form, and the birth date in it."""

    number: str
    born: date


def check_character(first_17: str) -> str:
    """The last character that belongs to seventeen digits."""
    return _CHECKS[sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first_17)) % 11]


def read(text: str, today: date, *, by_hand: bool = False) -> Identity:
    """Check an identity number as typed or read from a card.

    The area code is not checked: lists of area codes refuse many numbers that were given out
    decades ago. Residence permits (81, 82, 83) and permanent-residence cards (9…) follow the same
    rule. The old form of 15 digits is taken only when typed `by_hand`.
    Raises `BadIdentityNumber(why=length | characters | date | future | check)`.
    """
    number = "".join(text.split()).translate(_WIDE).upper()
    if by_hand and len(number) == 15 and number.isascii() and number.isdigit():
        number = number[:6] + "19" + number[6:]
        number += check_character(number)
    if len(number) != 18:
        raise BadIdentityNumber(why="length")
    if not (number.isascii() and number[:17].isdigit() and (number[17].isdigit() or number[17] == "X")):
        raise BadIdentityNumber(why="characters")
    born = _birth_date(number, today)
    if check_character(number[:17]) != number[17]:
        raise BadIdentityNumber(why="check")
    return Identity(number, born)


def _birth_date(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadIdentityNumber(why="date") from None
    if born > today:
        raise BadIdentityNumber(why="future")
    if born.year < 1850:
        raise BadIdentityNumber(why="date")
    return born


def age(born: date, today: date) -> int:
    """Complete years. Who was born on 29 February has the birthday on 1 March in common years
    (Civil Code art. 200: the year is complete when the day is over that has no counterpart)."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def mask(number: str) -> str:
    """What staff may see of a number: the first three and the last four characters."""
    return f"{number[:3]}***********{number[-4:]}"
