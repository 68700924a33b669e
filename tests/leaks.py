"""What no answer may tell: how we are made, where we are, which versions we use."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_WORDS = (
    "Traceback (most recent",
    "site-packages",
    "/usr/lib",
    "/hall/web/",
    "werkzeug",
    "gunicorn",
    "Jinja",
    "redis.exc",
)
_PATTERNS = (r'File "[^"]+", line \d+', r"\b[\w/]+\.py\b", r"\b[\w/]+\.lua\b", r"\bPython/\d", r"0x[0-9a-f]{8,}")
_VERSIONS = tuple(f"{name}/{version(name)}" for name in ("flask", "gunicorn", "werkzeug", "gevent"))
_MARKS = (*_WORDS, *_VERSIONS, str(ROOT), sys.prefix, sys.version.split()[0])
#: a form's token is base64 of chance: one in some four thousand spells "jinja"
_CHANCE = re.compile(r'(?<=name="csrf.token" )(?:content|value)="[^"]*"')
#: headers that name a program
_HEADERS = ("server", "x-powered-by", "x-aspnet-version", "via")


def told(body: str, headers: Mapping[str, str] | None = None) -> list[str]:
    """What an answer tells of us that it should not; empty when it is well."""
    body = _CHANCE.sub("", body)
    low = body.lower()
    found = [mark for mark in _MARKS if mark.lower() in low]
    found += [match.group() for pattern in _PATTERNS for match in [re.search(pattern, body)] if match]
    named = {name.lower(): value for name, value in (headers or {}).items()}
    return found + [f"{name}: {named[name]}" for name in _HEADERS if named.get(name, "sanban") != "sanban"]
