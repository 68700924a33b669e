"""Texts without what tells of a person: identity numbers, phones, mail addresses, tokens, passwords in addresses."""

from __future__ import annotations

import re
from typing import Any, Final

HIDDEN: Final = "***"
#: fields whose whole value is hidden, whatever it looks like
FIELDS: Final = frozenset(
    {
        *("name", "full_name", "person_name", "phone", "id_number", "email", "description", "address", "note", "text"),
        *(
            "known_note",
            "password",
            "secret",
            "token",
            "code",
            "authorization",
            "cookie",
            "csrf_token",
            "body",
            "query",
        ),
    }
)
_PATTERNS: Final = tuple(
    (re.compile(pattern), with_)
    for pattern, with_ in (
        # identity numbers, however they are grouped
        (r"(?<![0-9A-Za-z])\d{6}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[0-9Xx](?![0-9A-Za-z])", HIDDEN),
        (r"(?<![0-9A-Za-z-])\d{17}[0-9Xx](?![0-9A-Za-z])", HIDDEN),
        (r"(?<![0-9A-Za-z-])\d{15}(?![0-9A-Za-z-])", HIDDEN),
        # mobile phones, landlines with a dash, numbers abroad
        (r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])", HIDDEN),
        (r"(?<![0-9A-Za-z])0\d{2,3}-\d{7,8}(?![0-9A-Za-z])", HIDDEN),
        (r"(?<![0-9A-Za-z])\+\d{7,15}(?![0-9])", HIDDEN),
        (r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}", HIDDEN),
        # tokens of programs, of tickets, appointments and cases, one-time codes
        (r"\bsanban\.([a-z0-9_-]+)\.([0-9a-f]+)\.[A-Za-z0-9_-]+", rf"sanban.\1.\2.{HIDDEN}"),
        (r"\b([a-z0-9][a-z0-9_-]*)\.([0-9]{10,16})\.[A-Za-z0-9_-]{22}", rf"\1.\2.{HIDDEN}"),
        (r"\b([a-z0-9][a-z0-9_-]*)\.[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])", rf"\1.{HIDDEN}"),
        (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+", rf"\1 {HIDDEN}"),
        # an address that is somebody's key, what was asked for behind a question mark, passwords in addresses
        (r"(/(?:t|a|tickets|appointments|cases|paper|pair|link|set-up)/)[^\s/?\"']+", rf"\1{HIDDEN}"),
        (r"(/[\w./-]*\?)[^\s\"']+", rf"\1{HIDDEN}"),
        (r"(://)[^/\s@:]*:[^/\s@]+@", rf"\1{HIDDEN}@"),
    )
)
_CHINESE: Final = re.compile(r"[㐀-鿿·]+")
_QUOTED: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")


def mask_text(text: str) -> str:
    """A line without numbers, addresses and keys of anybody."""
    for pattern, with_ in _PATTERNS:
        text = pattern.sub(with_, text)
    return text


def mask_fault(text: str) -> str:
    """What an exception says, which may quote what was typed: without quoted parts and without Chinese, because our own
    texts for logs are English."""
    return _CHINESE.sub(HIDDEN, mask_text(_QUOTED.sub(f"'{HIDDEN}'", text)))


def mask(value: Any, field: str = "") -> Any:
    """A value of a log event, whatever it holds."""
    if field.lower() in FIELDS and value is not None:
        return HIDDEN
    match value:
        case str():
            return mask_text(value)
        case dict():
            return {name: mask(one, str(name)) for name, one in value.items()}
        case list() | tuple() | set() | frozenset():
            return [mask(one) for one in value]
        case int() | float() | bool() | None:
            return value
    return mask_fault(repr(value))
