"""People: what is kept of one, how a phone number is written, and what staff see of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hall.domain import identity
from hall.domain.booking_errors import BadEmail, BadPhone

_WIDE = {ord("０") + i: ord("0") + i for i in range(10)} | {ord("＋"): ord("+"), ord("－"): ord("-")}
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(10|2\d|[3-9]\d{2})\d{7,8}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class Person:
    """Every field may be empty: some people have no papers, no phone, no address."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    #: whatever helps to know somebody again who has no papers
    description: str = ""
    #: for messages, where a hall sends mail
    email: str = ""


def read_phone(text: str) -> str:
    """A phone number as E.164. Without a country it is one of the mainland: mobile, or with area code.
    Raises `BadPhone`."""
    number = re.sub(r"[\s()./-]", "", text.translate(_WIDE))
    number = re.sub(r"^00", "+", number)
    if _ABROAD.fullmatch(number):
        return number
    number = re.sub(r"^\+?86(?=[01])", "", number)
    if _MOBILE.fullmatch(number):
        return f"+86{number}"
    if _LANDLINE.fullmatch(number):
        return f"+86{number[1:]}"
    raise BadPhone()


def read_email(text: str) -> str:
    """A plain address. Raises `BadEmail`."""
    address = text.strip()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise BadEmail()
    return address


def mask_phone(number: str) -> str:
    """138****5678."""
    if not number:
        return ""
    local = number.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if len(local) >= 9 else f"***{local[-2:]}"


def mask_name(name: str) -> str:
    """The first character of each word: 王**, J*** S****."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def masked(person: Person) -> dict[str, str]:
    """What staff may see of a person in a list; no description."""
    return {
        "name": mask_name(person.name),
        "phone": mask_phone(person.phone),
        "id_number": identity.mask(person.id_number) if person.id_number else "",
    }


def same_name(one: str, other: str) -> bool:
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()
