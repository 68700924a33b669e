"""Which passwords are taken: long ones that nobody tries first."""

from __future__ import annotations

import gzip
import string
from functools import cache
from pathlib import Path
from typing import Literal

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
Weakness = Literal["", "short", "long", "guessed", "common"]

_COMMON = Path(__file__).with_name("vendor") / "common_passwords.txt.gz"
_ROWS = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
#: what people make longer ones of, and what this is
_WORDS = ("password", "123456", "qwerty", "abc123", "111111", "sanban", "admin", "woaini", "a1b2c3", "iloveyou")
_EDGES = string.digits + string.punctuation + string.whitespace


def weakness(password: str, staff_id: str) -> Weakness:
    """Why a password is not taken; empty: it is. `guessed`: a few characters again and again, a row of keys, mostly the
    account's name or such a word. `common`: in the list of those tried first, also with digits or signs around it, or
    two of the list in a row."""
    if len(password) < SHORTEST_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    low = password.lower()
    if _patterned(low, staff_id):
        return "guessed"
    return "common" if _listed(low) else ""


def _patterned(low: str, staff_id: str) -> bool:
    if len(set(low)) < 5 or any(low in row for row in _ROWS):
        return True
    for word in (*_WORDS, staff_id.lower()):
        low = low.replace(word, "") if len(word) > 2 else low
    return len(low) < 6


def _listed(low: str) -> bool:
    common, core = _common(), low.strip(_EDGES)
    if low in common or core in common:
        return True
    return any(core[:cut] in common and core[cut:] in common for cut in range(4, len(core) - 3))


@cache
def _common() -> frozenset[str]:
    """Read when the first password is set, once a process; where it is from: docs/licences.md."""
    return frozenset(gzip.decompress(_COMMON.read_bytes()).decode("utf-8").split("\n"))
